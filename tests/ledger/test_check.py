import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from making import Claim, july, reading
from whipcount.article import Stand
from whipcount.cli import main
from whipcount.ledger import Ledger
from whipcount.ledger.check import problems
from whipcount.ledger.events import Action
from whipcount.ledger.reviews import Reviews

BROOK = Claim("Ada Brook", Stand.WITHHOLDING, asks=("a plan for the ferry",))


CIRCLE = """INSERT INTO story_joins SELECT 's_1', 's_2', id, added_at FROM articles
    UNION ALL SELECT 's_2', 's_1', id, added_at FROM articles"""


def wrong(ledger: Ledger) -> list[tuple[str, str]]:
    return [(p.table, p.wrong) for p in problems(ledger.engine) if p.wrong is not None]


def test_a_sound_ledger_has_no_problems(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(BROOK, published=july(3), url="https://example.org/a"))
        ledger.add(reading(BROOK, published=july(3), url="https://example.org/a", lead="Changed."))
        reviews = Reviews(ledger.engine)
        one = ledger.evidence()[0]
        event = reviews.record(Action.CORRECT, one.id, "Ines", {"position": "refused"})
        reviews.undo(event.number, "Ines")
        assert wrong(ledger) == []
        assert sum(p.rows for p in problems(ledger.engine)) >= 8


@pytest.mark.parametrize(
    ("damage", "table", "why"),
    [
        ("UPDATE articles SET text = 'Other words than those. ' || text", "evidence", "not those at its place"),
        ("UPDATE articles SET text = 'Other words than those. ' || text", "articles", "hash"),
        ("UPDATE evidence SET exact = 'She never said so'", "evidence", "not those at its place"),
        ("UPDATE evidence SET attribution_id = NULL, id = 'x'", "evidence", "id is not made"),
        ("UPDATE identities SET normal_name = 'other'", "identities", "do not belong together"),
        ("UPDATE articles SET debris = '[[5, 9999]]'", "articles", "debris points outside"),
        (CIRCLE, "story_joins", "leads back"),
        ("UPDATE events SET action = 'dance'", "events", "nothing that can be decided"),
        ("UPDATE events SET subject = 'x'", "events", "not there"),
        ("UPDATE events SET undoes = number, action = 'undo'", "events", "undoes nothing"),
    ],
)  # fmt: skip
def test_damage_is_found(db: str, damage: str, table: str, why: str) -> None:
    with Ledger.open(db) as ledger:
        ledger.add(reading(BROOK, published=july(3)))
        Reviews(ledger.engine).record(Action.ACCEPT, ledger.evidence()[0].id, "Ines")
        with ledger.engine.connect().execution_options(writes=True) as connection, connection.begin():
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            for name in sa.inspect(connection).get_table_names():
                for act in ("update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}_no_{act}")
            connection.exec_driver_sql(damage)
        assert any(t == table and why in w for t, w in wrong(ledger)), wrong(ledger)
    done = CliRunner().invoke(main, ["check", "--db", db])
    assert done.exit_code == 1
    assert f"{table} " in done.stdout
    assert "problems" in done.stderr


def test_the_command_says_that_all_is_well(db: str) -> None:
    with Ledger.open(db) as ledger:
        ledger.add(reading(BROOK))
    done = CliRunner().invoke(main, ["check", "--db", db, "--format", "jsonl"])
    assert (done.exit_code, done.stdout) == (0, "")
    assert "0 problems" in done.stderr
