"""Articles, identities, attributions and evidence, each only ever added to."""

import sqlalchemy as sa
from alembic import op

from whipcount.ledger.migrations.guards import REFUSAL, only_added

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = ("articles", "identities", "attributions", "evidence")


def upgrade() -> None:
    """Make the tables and the triggers that guard them."""
    op.create_table(
        "articles",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("content_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("record_id", sa.Text, nullable=False),
        sa.Column("story", sa.String(40), nullable=False, index=True),
        sa.Column("outlet", sa.Text),
        sa.Column("original_outlet", sa.Text),
        sa.Column("published", sa.Date, index=True),
        sa.Column("url", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("authors", sa.JSON, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("debris", sa.JSON, nullable=False),
        sa.Column("key_points", sa.JSON, nullable=False),
        sa.Column("reader", sa.String(40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "identities",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("normal_name", sa.Text, nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("provisional", sa.Boolean, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "attributions",
        sa.Column("id", sa.String(48), primary_key=True),
        sa.Column("article_id", sa.String(40), sa.ForeignKey("articles.id"), nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("source", sa.JSON, nullable=False),
        sa.Column("cue", sa.JSON, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("speaker", sa.Text),
        sa.Column("sourcing", sa.String(20), nullable=False),
        sa.Column("via", sa.Text),
        sa.UniqueConstraint("article_id", "ordinal"),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(48), primary_key=True),
        sa.Column("article_id", sa.String(40), sa.ForeignKey("articles.id"), nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("attribution_id", sa.String(48), sa.ForeignKey("attributions.id")),
        sa.Column("endorser_id", sa.String(40), sa.ForeignKey("identities.id"), nullable=False),
        sa.Column("endorser_name", sa.Text, nullable=False),
        sa.Column("endorser_kind", sa.String(20), nullable=False),
        sa.Column("endorsee_id", sa.String(40), sa.ForeignKey("identities.id"), nullable=False, index=True),
        sa.Column("endorsee_name", sa.Text, nullable=False),
        sa.Column("contest", sa.String(20), nullable=False),
        sa.Column("position", sa.String(20), nullable=False),
        sa.Column("sourcing", sa.String(20), nullable=False),
        sa.Column("via", sa.Text),
        sa.Column("start_at", sa.Integer, nullable=False),
        sa.Column("end_at", sa.Integer, nullable=False),
        sa.Column("exact", sa.Text, nullable=False),
        sa.Column("conditions", sa.JSON, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("said_on", sa.Date),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("reader", sa.String(40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("article_id", "ordinal"),
        sa.CheckConstraint("0 <= start_at AND start_at < end_at", name="span"),
        sa.CheckConstraint("0 <= confidence AND confidence <= 1", name="confidence"),
    )
    op.create_index(None, "evidence", ["endorser_id", "endorsee_id", "contest"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION whipcount_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
    only_added(*TABLES)


def downgrade() -> None:
    """Drop it all."""
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION whipcount_refuse()")
