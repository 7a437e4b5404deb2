"""Decisions of reviewers, contests with their candidates, and which evidence is about which."""

import sqlalchemy as sa
from alembic import op

from whipcount.ledger.migrations.guards import only_added

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

GUARDED = ("events", "contests", "candidacies", "assignments")
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables, and guard them."""
    op.create_table(
        "events",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(96), nullable=False, index=True),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("undoes", _NUMBER, sa.ForeignKey("events.number"), index=True),
        sa.Column("key", sa.String(64), unique=True),
    )
    op.create_table(
        "contests",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("contest_id", sa.String(40), nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("office", sa.Text),
        sa.Column("jurisdiction", sa.Text),
        sa.Column("stage", sa.String(20)),
        sa.Column("opens", sa.Date),
        sa.Column("election_day", sa.Date),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "candidacies",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("contest_id", sa.String(40), nullable=False),
        sa.Column("identity_id", sa.String(40), sa.ForeignKey("identities.id"), nullable=False, index=True),
        sa.Column("party", sa.Text),
        sa.Column("entered", sa.Date),
        sa.Column("left", sa.Date),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_candidacies_contest_id_identity_id", "candidacies", ["contest_id", "identity_id"])
    op.create_table(
        "assignments",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("evidence_id", sa.String(48), sa.ForeignKey("evidence.id"), nullable=False, index=True),
        sa.Column("contest_id", sa.String(40)),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_assignments_contest_id_evidence_id", "assignments", ["contest_id", "evidence_id"])
    only_added(*GUARDED)


def downgrade() -> None:
    """Drop them: what the programs read stays, what people decided goes."""
    for table in reversed(GUARDED):
        op.drop_table(table)
