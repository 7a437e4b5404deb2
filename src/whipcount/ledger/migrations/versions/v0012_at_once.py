"""PostgreSQL looks at what one statement adds at once, and not at each row by itself: half of what adding took.

SQLite does so fast enough, and nothing changes there.
"""

from collections.abc import Iterator

from alembic import op

from whipcount.ledger.migrations.versions.v0010_stream import NOTED

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_KEYS = "fk_story_keys_text"


def upgrade() -> None:
    """Note the rows of a statement together; let `check` tell whether keys have their texts."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, values in _without_triggers():
        # In the order of the rows: a note's number says what came before what.
        op.execute(
            f"CREATE OR REPLACE FUNCTION whipcount_note_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "  # noqa: S608
            "INSERT INTO notes (what, subject, article_id, at) SELECT what, subject, article_id, at FROM ("
            f"SELECT row_number() OVER () AS place, {', '.join(values)} FROM added) AS noted "
            "WHERE NOT EXISTS (SELECT 1 FROM notes WHERE notes.what = noted.what AND notes.subject = noted.subject) "
            "ORDER BY place; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_noted AFTER INSERT ON {table} REFERENCING NEW TABLE AS added "
            f"FOR EACH STATEMENT EXECUTE FUNCTION whipcount_note_{table}()"
        )
    op.drop_constraint(_KEYS, "story_keys", type_="foreignkey")


def downgrade() -> None:
    """Each row by itself again."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.create_foreign_key(_KEYS, "story_keys", "story_texts", ["text"], ["number"])
    for table, _ in _without_triggers():
        subject, article, at = NOTED[table]
        known = f"SELECT 1 FROM notes WHERE what = '{table}' AND subject = {subject}"  # noqa: S608
        op.execute(
            f"CREATE OR REPLACE FUNCTION whipcount_note_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "  # noqa: S608
            f"IF NOT EXISTS ({known}) THEN INSERT INTO notes (what, subject, article_id, at) "
            f"VALUES ('{table}', {subject}, {article}, {at}); END IF; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_noted AFTER INSERT ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION whipcount_note_{table}()"
        )


def _without_triggers() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The tables that are noted, their triggers dropped, with what is noted of a row of `added`."""
    for table, (subject, article, at) in NOTED.items():
        op.execute(f"DROP TRIGGER {table}_noted ON {table}")
        own = (f"'{table}' AS what", f"{subject} AS subject", f"{article} AS article_id", f"{at} AS at")
        yield table, tuple(one.replace("NEW.", "added.") for one in own)
