"""Copies found through the index, stories joined, pages that changed."""

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa

from making import COURIER, HERALD, Claim, july, reading
from test_stories import report
from whipcount.article import Basis, Dating, Fact, Reading, Sourcing, Stand
from whipcount.ledger import Ledger
from whipcount.standing import reports, standings

BROOK = Claim("Ada Brook", Stand.WITHHOLDING, sourcing=Sourcing.OWN_WORDS)
QUILL = Claim("Bo Quill", Stand.ENDORSED)
TEXT = report(1)
HALVES = TEXT[: len(TEXT) // 2], TEXT[len(TEXT) // 2 :]
PAGE = "https://courier.example/ferry"
NOON = dt.datetime(2031, 7, 5, 12, tzinfo=dt.UTC)


def opened(store: str) -> Ledger:
    ledger = Ledger.open(store)
    ledger._clock = lambda: NOON
    return ledger


def stories(ledger: Ledger) -> list[str]:
    return [one.article.story for one in ledger.evidence()]


def test_copies_are_found_whomever_they_are_about(store: str) -> None:
    with opened(store) as ledger:
        first = ledger.add(reading(lead=TEXT))
        copy = ledger.add(reading(QUILL, lead=TEXT.replace("Ba", "The ba"), outlet=HERALD, published=july(3)))
        ledger.add(reading(BROOK, lead=report(2)))
        story = ledger.story(first.article_id)
        assert [one.id for one in story.copies] == [copy.article_id, first.article_id]
        assert (story.earliest.outlet, story.origin) == (HERALD, HERALD)
        assert len(set(stories(ledger))) == 2


def test_a_bridge_joins_stories_and_leaves_the_rows_as_they_were(store: str) -> None:
    with opened(store) as ledger:
        ledger.add(reading(QUILL, lead=HALVES[0]))
        ledger.add(reading(QUILL, lead=HALVES[1], outlet=HERALD))
        before = stories(ledger)
        assert len(set(before)) == 2
        assert standings(ledger.evidence())[0].independent_reports == 2
        bridge = ledger.add(reading(QUILL, lead=TEXT, outlet="Harbour Times"))
        assert len(set(stories(ledger))) == 1
        assert stories(ledger)[0] in before
        [standing] = standings(ledger.evidence())
        assert (standing.independent_reports, standing.copies) == (1, 2)
        assert len(ledger.story(bridge.article_id).copies) == 3
    with Ledger.open(store, create=False) as again:
        again.add(reading(QUILL, lead=HALVES[1], outlet="Marrow Bay Radio"))
        assert len(set(stories(again))) == 1


def test_opening_reads_no_articles(db: str) -> None:
    with opened(db) as ledger:
        for number in range(3):
            ledger.add(reading(QUILL, lead=report(number)))
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        with Ledger.open(db):
            pass
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert not [statement for statement in asked if "articles" in statement or "story" in statement]


def page(*claims: Claim, lead: str = "News.", changed: int | None = None, published: int = 1) -> Reading:
    made = reading(*claims, lead=lead, url=PAGE, published=july(published))
    modified = Dating(july(changed), Basis.META) if changed else None
    return dataclasses.replace(made, article=dataclasses.replace(made.article, modified=modified))


def held(ledger: Ledger) -> dict[str, tuple[str | None, dt.date | None]]:
    return {one.endorser.name: (one.held, one.until) for one in ledger.evidence() if one.until}


def test_a_page_that_changed_is_a_new_version(store: str) -> None:
    with opened(store) as ledger:
        first = ledger.add(page(BROOK, QUILL))
        second = ledger.add(page(QUILL, lead="News, with more of it."))
        assert (first.version_of, second.version_of) == (None, first.article_id)
        assert ledger.totals().articles == 2
        [standing] = standings(ledger.evidence())
        assert standing.endorser.name == "Bo Quill"
        assert (standing.independent_reports, standing.copies) == (1, 0)
        assert standing.since == july(1)
        assert held(ledger) == {"Ada Brook": ("gone", july(5)), "Bo Quill": ("exact", dt.date.min)}
        # What it said until then was there to read until then.
        assert len(standings(ledger.evidence(), july(4))) == 2
        assert len(standings(ledger.evidence(), july(5))) == 1


def test_what_a_change_brought_is_of_the_day_of_the_change(store: str) -> None:
    with opened(store) as ledger:
        ledger.add(page(BROOK))
        ledger.add(page(Claim("Ada Brook", Stand.ENDORSED), changed=3))
        assert [(s.position, s.since) for s in standings(ledger.evidence())] == [(Stand.ENDORSED, july(3))]
        assert [s.position for s in standings(ledger.evidence(), july(2))] == [Stand.WITHHOLDING]
        assert len(reports(ledger.evidence())) == 2


def test_evidence_is_anchored_in_the_newer_text(store: str) -> None:
    with opened(store) as ledger:
        ledger.add(page(BROOK))
        newer = page(lead="A longer opening. Ada Brook stands at withholding on Cy Dunmore.")
        ledger.add(newer)
        [one] = ledger.evidence()
        assert one.held == "exact"
        assert one.held_at
        assert one.held_at.of(newer.article.text) == one.quote.exact
        assert standings([one]) == []
        ledger.add(page(lead="Ada Brook today stands at withholding on Cy Dunmore, she says."))
        assert [one.held for one in ledger.evidence()] == ["edited"]
        ledger.add(page(lead="Nothing of it."))
        ledger.add(page(lead="A longer opening. Ada Brook stands at withholding on Cy Dunmore, they say."))
        assert [one.held for one in ledger.evidence()] == ["gone"]


def test_an_older_version_that_comes_later_does_not_count(store: str) -> None:
    with opened(store) as ledger:
        ledger.add(page(QUILL, lead="As it is.", changed=9))
        ledger.add(page(BROOK, lead="As it was.", changed=2))
        assert [s.endorser.name for s in standings(ledger.evidence())] == ["Bo Quill"]


def test_the_same_page_under_another_spelling_of_its_address(store: str) -> None:
    with opened(store) as ledger:
        first = page(QUILL)
        again = dataclasses.replace(
            first, article=dataclasses.replace(first.article, url=f"{PAGE}?utm_source=mail#top")
        )
        assert ledger.add(first).new
        assert not ledger.add(again).new


def test_entries_of_a_live_blog_are_no_versions_of_one_another(store: str) -> None:
    def entry(*claims: Claim, lead: str) -> Reading:
        made = page(*claims, lead=lead)
        return dataclasses.replace(
            made, article=dataclasses.replace(made.article, facts=frozenset({Fact.LIVE_BLOG}))
        )

    with opened(store) as ledger:
        ledger.add(entry(QUILL, lead="At nine."))
        ledger.add(entry(BROOK, lead="At ten."))
        assert len(standings(ledger.evidence())) == 2


def test_a_date_that_is_found_later_takes_the_place_of_none(store: str) -> None:
    dated = page(QUILL)
    undated = dataclasses.replace(dated, article=dataclasses.replace(dated.article, published=None))
    for order in ([dated, undated], [undated, dated]):
        with Ledger.open("sqlite://") as ledger:
            for one in order:
                ledger.add(one)
            assert [(s.since, s.copies) for s in standings(ledger.evidence())] == [(july(1), 0)]
    del store


@pytest.mark.parametrize("table", ["story_joins", "addresses", "supersessions", "anchors"])
def test_what_became_of_stories_and_pages_is_only_added_to(store: str, table: str) -> None:
    with opened(store) as ledger:
        ledger.add(page(QUILL, lead=HALVES[0]))
        ledger.add(reading(QUILL, lead=HALVES[1], outlet=HERALD))
        ledger.add(page(QUILL, lead=TEXT))
        made = sa.create_engine(store if "://" in store else f"sqlite:///{store}")
        for act in (f"UPDATE {table} SET id = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(sa.exc.DBAPIError, match="only ever added to"), made.begin() as connection:
                connection.execute(sa.text(act))
        made.dispose()


def test_an_add_that_breaks_off_leaves_no_index(store: str) -> None:
    def break_off(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO supersessions"):
            raise MemoryError

    with opened(store) as ledger:
        ledger.add(page(QUILL))
        sa.event.listen(sa.Engine, "after_cursor_execute", break_off)
        try:
            with pytest.raises(MemoryError):
                ledger.add(page(BROOK, lead=TEXT))
        finally:
            sa.event.remove(sa.Engine, "after_cursor_execute", break_off)
        assert ledger.totals().articles == 1
        assert ledger.add(page(BROOK, lead=TEXT)).version_of


def test_the_outlet_of_a_copy_stays(store: str) -> None:
    with opened(store) as ledger:
        ledger.add(reading(QUILL, lead=TEXT, outlet=COURIER))
        ledger.add(reading(QUILL, lead=TEXT, outlet=HERALD, original_outlet=COURIER))
        [standing] = standings(ledger.evidence())
        assert standing.origins == (COURIER,)
        assert {one.article.outlet for one in standing.evidence} == {COURIER, HERALD}
