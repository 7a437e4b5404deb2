"""Sources that are followed, and the pages that they named.

These rows are operational and may be updated; no trigger guards them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "sources",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("parent", sa.Text, sa.ForeignKey("sources.url"), index=True),
        sa.Column("kind", sa.String(12)),
        sa.Column("outlet", sa.Text),
        sa.Column("every", sa.Float),
        sa.Column("listed", sa.Boolean, nullable=False),
        sa.Column("interval", sa.Float),
        sa.Column("next_at", _MOMENT, nullable=False, index=True),
        sa.Column("digest", sa.String(64)),
        sa.Column("broken", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.Column("last_success", _MOMENT),
        sa.Column("last_new", _MOMENT),
        sa.Column("last_error_at", _MOMENT),
        sa.Column("last_error", sa.Text),
        sa.Column("added_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "pages",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("source", sa.Text, sa.ForeignKey("sources.url"), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("found_at", _MOMENT, nullable=False),
        sa.Column("next_at", _MOMENT, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("fed_day", sa.Date),
        sa.Column("fed_precision", sa.String(12)),
        sa.Column("fed_at", _MOMENT),
        sa.Column("updated", _MOMENT),
        sa.Column("again", sa.Integer, nullable=False),
        sa.Column("final", sa.Text, index=True),
        sa.Column("headers", sa.JSON),
        sa.Column("body", sa.LargeBinary),
        sa.Column("digest", sa.String(64)),
        sa.Column("article_id", sa.String(40), sa.ForeignKey("articles.id")),
        sa.Column("dated", sa.Boolean),
        sa.Column("cut_off", sa.Boolean),
        sa.Column("error", sa.Text),
    )
    op.create_index(None, "pages", ["state", "next_at"])
    op.create_index(None, "pages", ["source", "found_at"])


def downgrade() -> None:
    """Drop them: what was followed is followed anew, and found to be known."""
    for table in ("pages", "sources"):
        op.drop_table(table)
