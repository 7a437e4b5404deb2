import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa

from making import Claim, july, reading
from registering import FERRYMEN, MARLOW, OTHER_MARLOW, QUILL, term
from whipcount.article import Article, Kind, Mention, Reading, Span, Stand
from whipcount.ledger import Ledger
from whipcount.ledger.events import Action
from whipcount.ledger.registry import Imported, People, resolver
from whipcount.ledger.registry_models import REGISTRY_TABLES
from whipcount.ledger.reresolve import Again, Applied
from whipcount.ledger.resolutions import Resolutions
from whipcount.ledger.reviews import Reviews
from whipcount.people import by_name, names_alone
from whipcount.people.registry import ExternalId, Registry

ALL = [MARLOW, OTHER_MARLOW, QUILL, FERRYMEN]
SENATOR = "Sen. Teodora Marlow of Ohio"


def named(read: Reading, *names: str) -> Reading:
    """The reading with mentions of these names wherever they stand."""
    found = []
    for name in names:
        at = read.article.text.find(name)
        while at >= 0:
            found.append(Mention(Span(at, at + len(name)), name, Kind.PERSON, "name"))
            at = read.article.text.find(name, at + 1)
    return replace(read, mentions=tuple(sorted(found, key=lambda m: m.span)))


def about(name: str, lead: str, article: str = "a") -> Reading:
    return named(reading(Claim(name, Stand.ENDORSED), lead=lead, published=july(3), id=article), name)


def name_all(articles: Iterable[Article]) -> Iterator[Reading]:
    """In place of the language model: names of the registry, found by their letters."""
    for article in articles:
        yield named(Reading(article), "Teodora Marlow", "Marlow")


def test_what_was_imported_comes_back(store: str) -> None:
    with Ledger.open(store) as ledger:
        people = People(ledger.engine)
        assert people.is_empty()
        assert people.imported(ALL, "members") == Imported(4, 0, 0)
        assert people.load() == Registry.of(ALL)
        assert people.imported(ALL, "members") == Imported(0, 0, 4)
        assert not people.is_empty()


def test_a_newer_import_takes_the_place_of_the_same_sources_and_history_stays(store: str) -> None:
    moments = iter([dt.datetime(2031, 7, n, tzinfo=dt.UTC) for n in (1, 5)])
    with Ledger.open(store) as ledger:
        people = People(ledger.engine, clock=lambda: next(moments))
        people.imported([MARLOW, QUILL], "members")
        newer = replace(MARLOW, name="Tea Marlow", terms=(term("senator", "OH", "Democrat", 2027, 2031),))
        assert people.imported([newer], "members") == Imported(0, 1, 0)
        now = people.load().entries
        assert now[MARLOW.id] == newer
        assert now[QUILL.id] == QUILL
        then = people.load(known_by=dt.datetime(2031, 7, 3, tzinfo=dt.UTC)).entries
        assert then[MARLOW.id] == MARLOW
        assert not people.load(known_by=dt.datetime(2031, 6, 1, tzinfo=dt.UTC)).entries


def test_what_two_sources_say_stands_side_by_side(store: str) -> None:
    governor = term("governor", "OH", "Democrat", 2019, 2027)
    mine = replace(
        MARLOW, id="r_mine", names=(), terms=(governor,), ids=(*MARLOW.ids, ExternalId("local", "7"))
    )
    with Ledger.open(store) as ledger:
        people = People(ledger.engine)
        people.imported([MARLOW], "members")
        assert people.imported([mine], "governors.csv") == Imported(0, 1, 0)
        (one,) = people.load()
        assert one.id == MARLOW.id
        assert [t.office for t in one.terms] == ["governor", "senator"]
        assert ExternalId("local", "7") in one.ids


def test_evidence_goes_to_whom_the_registry_knows(store: str) -> None:
    with Ledger.open(store) as ledger:
        assert resolver(ledger.engine) is names_alone
        People(ledger.engine).imported(ALL, "members")
        ledger.add(about("Teodora Marlow", f"{SENATOR} spoke."), resolve=resolver(ledger.engine))
        (one,) = ledger.evidence()
        assert (one.endorser.id, one.endorser.provisional) == (MARLOW.id, False)
        assert one.endorsee == by_name("Cy Dunmore")
        assert Resolutions(ledger.engine).waiting(ledger.decided()) == []


def test_the_unsure_wait_until_somebody_decides(store: str) -> None:
    with Ledger.open(store) as ledger:
        People(ledger.engine).imported(ALL, "members")
        answer = resolver(ledger.engine)
        ledger.add(about("Marlow", "The senator, Sen. Marlow, spoke."), resolve=answer)
        ledger.add(about("Marlow", "Today Sen. Marlow spoke elsewhere.", article="b"), resolve=answer)
        waiting = Resolutions(ledger.engine)
        open_ = waiting.waiting(ledger.decided())
        assert {one.evidence_id for one in open_} == {one.id for one in ledger.evidence()}
        first, second = open_
        assert (first.role, first.name, first.identity_id) == ("endorser", "Marlow", by_name("Marlow").id)
        assert {c.id for c in first.choices} == {MARLOW.id, OTHER_MARLOW.id}
        assert all(c.score and c.why for c in first.choices)
        reviews = Reviews(ledger.engine)
        reviews.record(Action.REJECT, first.evidence_id, "Ines")
        assert waiting.waiting(ledger.decided()) == [second]
        event = reviews.record(
            Action.CORRECT, second.evidence_id, "Ines", {"endorser": reviews.identity("Ray Marlow")}
        )
        assert waiting.waiting(ledger.decided()) == []
        reviews.undo(event.number, "Ines")
        assert waiting.waiting(ledger.decided()) == [second]


def test_what_was_added_before_the_registry_is_asked_again(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(about("Teodora Marlow", f"{SENATOR} spoke."))
        ledger.add(about("Teodora Marlow", "Teodora Marlow, 19, of Texas danced.", article="b"))
        ledger.add(about("Marlow", "Today Sen. Marlow spoke.", article="c"))
        People(ledger.engine).imported(ALL, "members")
        again = Again(ledger.engine)
        steps: list[int] = []

        def ask() -> list[tuple[str, bool]]:
            found = again.proposals(
                ledger.decided(), resolver(ledger.engine), name_all, lambda: steps.append(1)
            )
            return sorted((one.asked.name, one.sure) for one in found)

        assert ask() == [("Marlow", False), ("Teodora Marlow", True)]
        assert len(steps) == again.articles(ledger.decided()) == 3
        assert all(one.endorser.provisional for one in ledger.evidence())  # a proposal changes nothing

        def apply() -> Applied:
            found = list(again.proposals(ledger.decided(), resolver(ledger.engine), name_all))
            return again.apply(ledger.decided(), found, "Ines")

        assert apply() == Applied(moved=1, waiting=1)
        # The dancer of the same name stays who she was.
        endorsers = sorted(one.endorser.id for one in ledger.evidence())
        assert endorsers == sorted([MARLOW.id, by_name("Teodora Marlow").id, by_name("Marlow").id])
        assert apply() == Applied(moved=0, waiting=1)
        assert len(Resolutions(ledger.engine).waiting(ledger.decided())) == 1
        (event,) = Reviews(ledger.engine).events()
        assert (event.action, event.by) == (Action.SPLIT, "Ines")
        Reviews(ledger.engine).undo(event.number, "Ines")
        assert all(one.endorser.provisional for one in ledger.evidence())


@pytest.mark.parametrize("table", REGISTRY_TABLES)
def test_the_registry_is_only_added_to(store: str, table: str) -> None:
    with Ledger.open(store) as ledger:
        People(ledger.engine).imported(ALL, "members")
        ledger.add(about("Marlow", "Today Sen. Marlow spoke."), resolve=resolver(ledger.engine))
        for act in (f"DELETE FROM {table}", f"UPDATE {table} SET {_column(table)} = {_column(table)}"):
            with (
                pytest.raises(sa.exc.DBAPIError, match="only ever added to"),
                ledger.engine.begin() as connection,
            ):
                connection.exec_driver_sql(act)


def _column(table: str) -> str:
    return {"registry_entries": "kind", "registry_versions": "name", "resolutions": "name"}.get(
        table, "ordinal"
    )


def test_many_entries_are_imported_at_once(store: str) -> None:
    many = [
        replace(QUILL, id=f"r_{n}", ids=(ExternalId("bioguide", f"Q{n}"),), terms=QUILL.terms * 3)
        for n in range(3000)
    ]
    with Ledger.open(store) as ledger:
        people = People(ledger.engine)
        assert people.imported(many, "members").new == 3000
        assert len(people.load()) == 3000


def test_an_article_without_names_of_the_registry_is_as_before(store: str) -> None:
    with Ledger.open(store) as ledger:
        People(ledger.engine).imported(ALL, "members")
        ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED)), resolve=resolver(ledger.engine))
        (one,) = ledger.evidence()
        assert one.endorser == by_name("Ada Brook")
        assert isinstance(ledger.article(one.article.id), Article)
