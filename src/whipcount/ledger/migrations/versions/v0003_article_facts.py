"""How an article's dates are known, what else is known of it, and its asides."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = (
    ("published_basis", sa.String(20)),
    ("published_precision", sa.String(20)),
    ("published_at", sa.DateTime(timezone=True)),
    ("modified", sa.Date),
    ("modified_basis", sa.String(20)),
    ("modified_precision", sa.String(20)),
    ("modified_at", sa.DateTime(timezone=True)),
    ("facts", sa.JSON),
    ("asides", sa.JSON),
)


def upgrade() -> None:
    """Add the columns; of articles that are there already nothing of it is known."""
    for name, kind in COLUMNS:
        op.add_column("articles", sa.Column(name, kind))


def downgrade() -> None:
    """Drop them."""
    for name, _ in reversed(COLUMNS):
        op.drop_column("articles", name)
