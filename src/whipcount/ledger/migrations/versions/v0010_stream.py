"""The stream of changes: notes of what was added, what moved, and webhooks with their deliveries."""

import sqlalchemy as sa
from alembic import op

from whipcount.ledger.migrations.guards import only_added

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

GUARDED = ("notes", "changes", "change_passes")
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")

NOTED = {
    "evidence": ("NEW.id", "NEW.article_id", "NEW.added_at"),
    "supersessions": ("NEW.id", "NULL", "NEW.added_at"),
    "story_joins": ("NEW.id", "NEW.article_id", "NEW.added_at"),
    "events": ("CAST(NEW.number AS TEXT)", "NULL", "NEW.at"),
    "assignments": ("CAST(NEW.number AS TEXT)", "NULL", "NEW.added_at"),
}
"""What standings rest on: of each new row its subject, its article and its moment."""


def upgrade() -> None:
    """Make the tables, guard them, note what is there already, and note what comes."""
    op.create_table(
        "notes",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(96), nullable=False),
        sa.Column("article_id", sa.String(40)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_notes_what_subject", "notes", ["what", "subject"])
    op.create_table(
        "changes",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("endorser_id", sa.String(40), nullable=False, index=True),
        sa.Column("endorser_name", sa.Text, nullable=False),
        sa.Column("endorser_kind", sa.String(20), nullable=False),
        sa.Column("endorsee_id", sa.String(40), nullable=False, index=True),
        sa.Column("endorsee_name", sa.Text, nullable=False),
        sa.Column("contest", sa.String(20), nullable=False),
        sa.Column("contest_id", sa.String(40)),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("old", sa.JSON(none_as_null=True)),
        sa.Column("new", sa.JSON(none_as_null=True)),
        sa.Column("cause", sa.JSON, nullable=False),
    )
    op.create_table(
        "change_passes",
        sa.Column("note", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("filters", sa.JSON, nullable=False),
        sa.Column("key_check", sa.String(16), nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        sa.Column("why_removed", sa.Text),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("webhook_id", sa.String(40), sa.ForeignKey("webhooks.id"), nullable=False),
        sa.Column("change", _NUMBER, sa.ForeignKey("changes.number"), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True)),
        sa.Column("status", sa.Integer),
        sa.Column("error", sa.Text),
        sa.UniqueConstraint("webhook_id", "change", name="uq_webhook_deliveries_webhook_id_change"),
    )
    op.create_index("ix_webhook_deliveries_state_due_at", "webhook_deliveries", ["state", "due_at"])
    # Of an older ledger the stream begins with all that is known: each article in its turn.
    op.execute(
        "INSERT INTO notes (what, subject, article_id, at) "
        "SELECT 'evidence', id, article_id, added_at FROM evidence ORDER BY added_at, id"
    )
    dialect = op.get_bind().dialect.name
    for table, (subject, article, at) in NOTED.items():
        # A dump that is loaded brings its notes along.
        known = f"SELECT 1 FROM notes WHERE what = '{table}' AND subject = {subject}"  # noqa: S608
        values = f"(what, subject, article_id, at) VALUES ('{table}', {subject}, {article}, {at})"
        if dialect == "postgresql":
            # A function a table, as the columns have other names in each.
            op.execute(
                f"CREATE FUNCTION whipcount_note_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF NOT EXISTS ({known}) THEN INSERT INTO notes {values}; END IF; RETURN NULL; END $$"
            )
            op.execute(
                f"CREATE TRIGGER {table}_noted AFTER INSERT ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION whipcount_note_{table}()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_noted AFTER INSERT ON {table} WHEN NOT EXISTS ({known}) "
                f"BEGIN INSERT INTO notes {values}; END"
            )
    only_added(*GUARDED)


def downgrade() -> None:
    """Drop them: the stream can be recorded again, though not when it was learned; webhooks go."""
    dialect = op.get_bind().dialect.name
    for table in NOTED:
        op.execute(f"DROP TRIGGER {table}_noted" + (f" ON {table}" if dialect == "postgresql" else ""))
        if dialect == "postgresql":
            op.execute(f"DROP FUNCTION whipcount_note_{table}()")
    for table in ("webhook_deliveries", "webhooks", "change_passes", "changes", "notes"):
        op.drop_table(table)
