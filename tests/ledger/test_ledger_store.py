import dataclasses
import datetime as dt
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from making import COURIER, HERALD, Claim, july, reading
from whipcount.article import (
    Article,
    Basis,
    Contest,
    Dating,
    Fact,
    Kind,
    Position,
    Precision,
    Reading,
    Sourcing,
    Span,
    Stand,
)
from whipcount.errors import ArticleError, LedgerError
from whipcount.ledger import Ledger, Totals
from whipcount.ledger.models import TABLES
from whipcount.standing import standings

BROOK = Claim(
    "Ada Brook",
    Stand.WITHHOLDING,
    sourcing=Sourcing.OWN_WORDS,
    via="Harbour Times",
    said_on=july(2),
    asks=("a plan for the ferry", "three debates"),
)
QUILL = Claim("Bo Quill", Stand.ENDORSED)


def test_what_goes_in_comes_out(store: str) -> None:
    given_reading = reading(
        BROOK, QUILL, published=july(3), url="https://example.org/a", original_outlet="Harbour Times"
    )
    given_reading = dataclasses.replace(
        given_reading,
        article=dataclasses.replace(
            given_reading.article,
            dated=Dating(
                july(3), Basis.JSON_LD, Precision.MINUTE, dt.datetime(2031, 7, 4, 2, 30, tzinfo=dt.UTC)
            ),
            modified=Dating(july(5), Basis.HTTP),
            facts=frozenset({Fact.OPINION, Fact.CUT_OFF}),
            asides=(Span(0, 4),),
        ),
    )
    with Ledger.open(store) as ledger:
        added = ledger.add(given_reading)
        assert added.new
        assert added.evidence == 2
        brook = next(one for one in ledger.evidence() if one.endorser.name == "Ada Brook")
        assert ledger.article(added.article_id) == given_reading.article
    position = given_reading.positions[0]
    text = given_reading.article.text
    assert brook.quote.exact == text[brook.quote.span.start : brook.quote.span.end]
    assert brook.quote.span == position.evidence
    assert [quote.exact for quote in brook.conditions] == ["a plan for the ferry", "three debates"]
    assert (brook.endorsee.name, brook.contest, brook.position) == (
        "Cy Dunmore",
        Contest.CURRENT,
        Stand.WITHHOLDING,
    )
    assert (brook.sourcing, brook.via, brook.said_on) == (Sourcing.OWN_WORDS, "Harbour Times", july(2))
    assert (brook.article.outlet, brook.article.source, brook.article.published) == (
        COURIER,
        "Harbour Times",
        july(3),
    )
    assert brook.endorser.provisional


def test_evidence_is_tied_to_its_attribution(ledger: Ledger, db: str) -> None:
    ledger.add(reading(QUILL, BROOK))
    with sa.create_engine(f"sqlite:///{db}").connect() as connection:
        found = connection.execute(
            sa.text(
                "SELECT endorser_name, speaker FROM evidence LEFT JOIN attributions a ON a.id = attribution_id"
            )
        )
        assert {tuple(row) for row in found} == {("Ada Brook", "Ada Brook"), ("Bo Quill", None)}
    connection.engine.dispose()


def test_adding_again_changes_nothing(store: str) -> None:
    given_reading = reading(BROOK, QUILL)
    with Ledger.open(store) as ledger:
        first = ledger.add(given_reading)
        assert ledger.knows(given_reading.article)
        before = ledger.evidence(), ledger.totals()
        again = ledger.add(dataclasses.replace(given_reading, positions=()))
        assert again == dataclasses.replace(first, new=False, evidence=0)
        assert (ledger.evidence(), ledger.totals()) == before


@pytest.mark.parametrize(
    "change",
    [
        {"text": "News from  Larkfield.\n\nNothing."},
        {"id": "another-file"},
        {"title": "Another title"},
    ],
)
def test_the_same_article_under_another_guise(ledger: Ledger, change: dict[str, Any]) -> None:
    article = Article("x", "News from Larkfield.\nNothing.", outlet=COURIER)
    ledger.add(Reading(article))
    assert not ledger.add(Reading(dataclasses.replace(article, **change))).new


@pytest.mark.parametrize(
    "change", [{"outlet": HERALD}, {"url": "https://example.net/b"}, {"published": july(4)}]
)
def test_a_copy_elsewhere_is_kept_in_the_same_story(ledger: Ledger, change: dict[str, Any]) -> None:
    original = reading(QUILL)
    copy = dataclasses.replace(original, article=dataclasses.replace(original.article, **change))
    assert ledger.add(original).new
    assert ledger.add(copy).new
    assert len({one.article.story for one in ledger.evidence()}) == 1


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("act", ["UPDATE {} SET id = 'x'", "DELETE FROM {}"])
def test_nothing_can_be_changed_or_deleted(store: str, table: str, act: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(BROOK))
        url = store if "://" in store else f"sqlite:///{store}"
        engine = sa.create_engine(url)
        with pytest.raises(sa.exc.DBAPIError, match="only ever added to"), engine.begin() as connection:
            connection.execute(sa.text(act.format(table)))
        engine.dispose()
        assert ledger.totals() == Totals(1, 1, 2)


@pytest.mark.parametrize("table", TABLES)
def test_an_add_that_breaks_off_leaves_nothing(store: str, table: str) -> None:
    def break_off(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(f"INSERT INTO {table}"):
            raise MemoryError

    with Ledger.open(store) as ledger:
        sa.event.listen(sa.Engine, "after_cursor_execute", break_off)
        try:
            with pytest.raises(MemoryError):
                ledger.add(reading(BROOK, QUILL))
        finally:
            sa.event.remove(sa.Engine, "after_cursor_execute", break_off)
        assert ledger.totals() == Totals(0, 0, 0)
        assert ledger.add(reading(BROOK, QUILL)).new
        assert ledger.totals() == Totals(1, 2, 3)


@pytest.mark.parametrize(
    ("text", "evidence", "names", "why"),
    [
        (" \n", Span(0, 1), ("Ada Brook", "Cy Dunmore"), "no text"),
        ("News\0 from Larkfield.", Span(0, 4), ("Ada Brook", "Cy Dunmore"), "NUL"),
        ("News \ud800 from Larkfield.", Span(0, 4), ("Ada Brook", "Cy Dunmore"), "Unicode"),
        ("News.", Span(0, 9), ("Ada Brook", "Cy Dunmore"), "outside"),
        ("News.", Span(2, 2), ("Ada Brook", "Cy Dunmore"), "outside"),
        ("News.", Span(0, 5), (" ", "Cy Dunmore"), "name"),
    ],
)
def test_what_could_not_be_shown_is_refused(
    ledger: Ledger, text: str, evidence: Span, names: tuple[str, str], why: str
) -> None:
    position = Position(names[0], Kind.PERSON, names[1], Stand.ENDORSED, Sourcing.NARRATION, evidence)
    with pytest.raises(ArticleError, match=why):
        ledger.add(Reading(Article("x", text), positions=(position,)))
    assert ledger.totals() == Totals(0, 0, 0)


def test_finding_by_name(ledger: Ledger) -> None:
    ledger.add(
        reading(BROOK, QUILL, Claim("Eve Brook", Stand.SUPPORTS), Claim("Brooke Fell", Stand.SUPPORTS))
    )
    names = [one.name for one in ledger.find("brook")]
    assert names == ["Ada Brook", "Eve Brook"]
    assert [one.name for one in ledger.find("ADA BROOK")] == ["Ada Brook"]
    assert [one.name for one in ledger.find(ledger.find("Quill")[0].id)] == ["Bo Quill"]
    assert ledger.find("Zoe") == []
    assert ledger.find("") == []
    assert ledger.find("100%") == []


def test_evidence_about_one(ledger: Ledger) -> None:
    ledger.add(reading(BROOK, QUILL, Claim("Cy Dunmore", Stand.SUPPORTS, "Measure 7", contest=Contest.PAST)))
    [dunmore] = ledger.find("Cy Dunmore")
    [quill] = ledger.find("Bo Quill")
    assert len(ledger.evidence(about=[dunmore.id])) == 3
    assert [one.endorser.name for one in ledger.evidence(about=[quill.id])] == ["Bo Quill"]
    assert [one.endorsee.name for one in ledger.evidence(contest=Contest.PAST)] == ["Measure 7"]


def test_an_article_that_is_not_there(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="no article"):
        ledger.article("a_nothing")


claims = st.builds(
    Claim,
    st.sampled_from(["Ada Brook", "ADA BROOK", "Bo Quill", "Zoë Fell", "Zoe Fell"]),
    st.sampled_from(Stand),
    st.sampled_from(["Cy Dunmore", "Measure 7", "any candidate"]),
    sourcing=st.sampled_from(Sourcing),
    said_on=st.none() | st.integers(1, 9).map(july),
    contest=st.sampled_from(Contest),
)
readings = st.builds(
    lambda claims, published, outlet, lead: reading(*claims, published=published, outlet=outlet, lead=lead),
    # Longer texts may be near copies, and which story a near copy joins depends on the order.
    st.lists(claims, max_size=1),
    st.none() | st.integers(1, 9).map(july),
    st.sampled_from([COURIER, HERALD, None]),
    st.sampled_from(["One.", "Two.", "Three."]),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(readings, max_size=5), st.randoms(use_true_random=False))
def test_order_and_repetition_of_adding_leave_the_same_ledger(
    given_readings: list[Reading], random: object
) -> None:
    once, again = Ledger.open("sqlite://"), Ledger.open("sqlite://")
    for one in given_readings:
        once.add(one)
    # The first of two readings of one article is kept, so only whole articles change places.
    firsts = {
        (one.article.text, one.article.outlet, one.article.published): one for one in given_readings[::-1]
    }
    shuffled = list(firsts.values())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for one in shuffled + shuffled:
        again.add(one)
    assert once.evidence() == again.evidence()
    assert once.totals() == again.totals()
    once.close()
    again.close()


def test_a_ledger_that_is_locked_for_too_long(db: str) -> None:
    with Ledger.open(db, lock_wait=0.1) as ledger:
        other = sqlite3.connect(db, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="locked"):
            ledger.add(reading(BROOK))
        assert ledger.evidence() == []
        other.execute("ROLLBACK")
        other.close()
        assert ledger.add(reading(BROOK)).new


def test_a_ledger_that_breaks(db: str) -> None:
    with Ledger.open(db) as ledger:
        for number in range(50):
            ledger.add(reading(BROOK, lead=f"Number {number}. " + "Much more to say. " * 50))
    with Path(db).open("r+b") as file:
        file.seek(40_000)
        file.write(b"\xff" * 60_000)
    with pytest.raises(LedgerError, match="malformed"), Ledger.open(db) as ledger:
        ledger.evidence()


REPORT = """The ferry has not sailed since the storm in March, and the islands are losing patience. Shops
on the quay have shut, the school boat comes twice a week, and the harbour master says that the pier
will not bear another winter. Whoever is governor next year will have to find eleven million for it.
"""


def test_a_light_rewrite_is_of_the_same_story(ledger: Ledger) -> None:
    ledger.add(reading(QUILL, lead=REPORT))
    ledger.add(
        reading(QUILL, outlet=HERALD, lead=f"By our own reporter. {REPORT.replace('Shops', 'Some shops')}")
    )
    ledger.add(reading(QUILL, outlet=HERALD, lead="Something else happened in Marrow Bay on that day. " * 3))
    stories = [one.article.story for one in ledger.evidence()]
    assert sorted(stories.count(story) for story in stories) == [1, 2, 2]
    assert standings(ledger.evidence())[0].independent_reports == 2


def test_stories_are_found_again_after_opening(db: str) -> None:
    with Ledger.open(db) as ledger:
        ledger.add(reading(QUILL, lead=REPORT))
    with Ledger.open(db) as ledger:
        ledger.add(reading(QUILL, outlet=HERALD, lead=REPORT.replace("patience", "all patience")))
        assert len({one.article.story for one in ledger.evidence()}) == 1
