"""Articles that are added together come to what they do one after the other, on each store."""

import pytest
import sqlalchemy as sa
from alembic import command

from making import HERALD, Claim, july, reading
from migrating import config
from whipcount.article import Reading, Sourcing, Stand
from whipcount.errors import LedgerError
from whipcount.ledger import Ledger, engine
from whipcount.ledger.bulk import insert_all
from whipcount.ledger.check import problems
from whipcount.ledger.models import IdentityRow, StoryKeyRow
from whipcount.ledger.opened import utc_now
from whipcount.ledger.stream_models import NoteRow

FERRY = "The ferry has not sailed since the storm in March, and nobody on the islands is surprised by it. "
HARBOUR = "In Marrow Bay the harbour council met until midnight over the price of berths for small boats. "
PAGE = "https://courier.example/ferry"


def articles() -> list[Reading]:
    """Copies of two reports, one that joins them, a page in two versions, and the first of all once more."""
    brook = Claim("Ada Brook", Stand.ENDORSED, sourcing=Sourcing.OWN_WORDS)
    quill = Claim("Bo Quill", Stand.WITHHOLDING, asks=("a plan for the ferry",))
    leads = (FERRY * 3, HARBOUR * 3, FERRY * 3 + "More. ", FERRY * 3 + HARBOUR * 3, HARBOUR * 3 + "More. ")
    found = [
        reading(
            brook, quill, id=f"n{number}", lead=lead, outlet=f"Courier {number}", published=july(1 + number)
        )
        for number, lead in enumerate(leads)
    ]
    page = reading(brook, id="page", lead="A page.", url=PAGE)
    return [*found, page, reading(quill, id="page", lead="The page, changed.", url=PAGE), found[0]]


def kept(ledger: Ledger) -> list[tuple[object, ...]]:
    return [(one.id, one.article.story, one.until, one.held, one.conditions) for one in ledger.evidence()]


def test_together_or_one_after_the_other(store: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    with Ledger.open(store) as ledger, Ledger.open(str(tmp_path_factory.mktemp("other") / "l.db")) as other:
        together = ledger.add_all(articles())
        assert together == [other.add(one) for one in articles()]
        assert kept(ledger) == kept(other)
        assert len({one.article.story for one in ledger.evidence()}) < 4
        assert not [one for one in problems(ledger.engine) if one.wrong]


def test_copies_are_found_in_the_ledger_and_beside(store: str) -> None:
    with Ledger.open(store) as ledger:
        first, second, third, *_ = articles()
        ledger.add(first)
        ledger.add_all(
            [second, third, reading(Claim("Cy Fenn", Stand.REFUSED), lead=HARBOUR * 3, outlet=HERALD)]
        )
        stories = {one.article.outlet: one.article.story for one in ledger.evidence()}
        assert stories["Courier 0"] == stories["Courier 2"] != stories["Courier 1"] == stories[HERALD]


def test_what_is_too_long_is_refused_and_not_cut(store: str) -> None:
    now = utc_now()
    rows = [
        {"id": f"p_{n}" * (1 + 30 * n), "normal_name": "x", "name": "x", "provisional": True, "added_at": now}
        for n in range(9)
    ]
    with Ledger.open(store) as ledger:
        if ledger.engine.dialect.name == "sqlite":
            pytest.skip("SQLite knows no lengths")
        with pytest.raises(LedgerError, match="too long"), ledger._writing() as connection:
            insert_all(connection, IdentityRow, rows)


def test_notes_come_in_the_order_of_the_rows_before_and_after_revision_0012(store: str) -> None:
    def noted(ledger: Ledger) -> list[str]:
        query = sa.select(NoteRow.subject).where(NoteRow.what == "evidence").order_by(NoteRow.number)
        with ledger.engine.connect() as connection:
            return list(connection.scalars(query))

    def added(ledger: Ledger, day: int) -> list[str]:
        names = [f"Ada Brook{n}" for n in range(12)]
        made = [
            reading(*(Claim(name, Stand.ENDORSED) for name in names), id=f"d{day}{n}", outlet=f"O {day} {n}")
            for n in range(3)
        ]
        ids = [one.article_id for one in ledger.add_all(made) if not isinstance(one, Exception)]
        return [f"{one}.e{n}" for one in ids for n in range(len(names))]

    with Ledger.open(store) as ledger:
        expected = added(ledger, 1)
        assert noted(ledger) == expected
        with ledger.engine.connect().execution_options(writes=True) as connection, connection.begin():
            command.downgrade(config(connection), "0011")
        expected += added(ledger, 2)
        assert noted(ledger) == expected
        engine.migrate(ledger.engine)
        expected += added(ledger, 3)
        assert noted(ledger) == expected


def test_a_key_without_its_text_is_found(store: str) -> None:
    with Ledger.open(store) as ledger:
        with ledger._writing() as connection:
            if connection.dialect.name == "sqlite":
                pytest.skip("SQLite itself refuses it")
            connection.execute(sa.insert(StoryKeyRow).values(key=1, text=99))
        assert [(one.table, one.id) for one in problems(ledger.engine) if one.wrong] == [("story_keys", "99")]
