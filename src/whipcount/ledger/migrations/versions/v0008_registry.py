"""The registry of people and organizations, each import beside the earlier ones, and names left unsure."""

import sqlalchemy as sa
from alembic import op

from whipcount.ledger.migrations.guards import only_added

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

GUARDED = (
    "registry_entries",
    "registry_versions",
    "registry_names",
    "registry_ids",
    "registry_terms",
    "resolutions",
)
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables, and guard them."""
    op.create_table(
        "registry_entries",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "registry_versions",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("entry_id", sa.String(40), sa.ForeignKey("registry_entries.id"), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("born", sa.Date),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_registry_versions_entry_id_source", "registry_versions", ["entry_id", "source"])
    op.create_table(
        "registry_names",
        *_of_version(),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("normal_name", sa.Text, nullable=False, index=True),
        sa.Column("called", sa.String(20), nullable=False),
        sa.Column("given", sa.Text, nullable=False),
        sa.Column("surname", sa.Text, nullable=False),
        sa.Column("suffix", sa.String(20), nullable=False),
    )
    op.create_table(
        "registry_ids",
        *_of_version(),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_index("ix_registry_ids_scheme_value", "registry_ids", ["scheme", "value"])
    op.create_table(
        "registry_terms",
        *_of_version(),
        sa.Column("office", sa.Text, nullable=False),
        sa.Column("start", sa.Date),
        sa.Column("end", sa.Date),
        sa.Column("chamber", sa.Text),
        sa.Column("state", sa.String(10)),
        sa.Column("city", sa.Text),
        sa.Column("district", sa.Text),
        sa.Column("party", sa.Text),
    )
    op.create_table(
        "resolutions",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("evidence_id", sa.String(48), sa.ForeignKey("evidence.id"), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("identity_id", sa.String(40), sa.ForeignKey("identities.id"), nullable=False, index=True),
        sa.Column("alternatives", sa.JSON, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_resolutions_evidence_id_role", "resolutions", ["evidence_id", "role"])
    only_added(*GUARDED)


def _of_version() -> tuple[sa.Column[int], sa.Column[int]]:
    return (
        sa.Column("version", _NUMBER, sa.ForeignKey("registry_versions.number"), primary_key=True),
        sa.Column("ordinal", sa.Integer, primary_key=True),
    )


def downgrade() -> None:
    """Drop them: who was resolved keeps his id."""
    for table in reversed(GUARDED):
        op.drop_table(table)
