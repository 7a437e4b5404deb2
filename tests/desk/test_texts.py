import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from making import COURIER, HERALD, Claim, july, reading
from whipcount import desk
from whipcount.article import Article, Attribution, Sourcing, Span, Stand
from whipcount.desk.texts import Diff, Mark, paragraphs, word_diff
from whipcount.errors import LedgerError
from whipcount.ledger import Ledger
from whipcount.ledger.events import Action
from whipcount.ledger.reviews import Reviews

QUILL = Claim("Bo Quill", Stand.ENDORSED, sourcing=Sourcing.OWN_WORDS)
WORDS = st.lists(st.sampled_from("the ferry must run on time or not at all".split()), max_size=40).map(
    " ".join
)


@given(st.data())
def test_segments_follow_one_another_and_lose_nothing(data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet="ab \n🦆é", min_size=1, max_size=80))
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(
        lambda p: Span(min(p), max(p))
    )
    some = st.lists(spans.filter(lambda s: s.start < s.end), max_size=4).map(tuple)
    said = tuple(data.draw(st.lists(st.builds(Attribution, some, some, some), max_size=3)))
    found = paragraphs(Article("a", text, debris=data.draw(some)), said, ())
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    assert ["".join(one.text for one in p.segments) for p in found] == lines
    marked = sum(len(one.text) for p in found for one in p.segments if Mark.CUE in one.marks)
    cues = {at for one in said for span in one.cue for at in range(*span)}
    at, shown = 0, set()
    for line in text.splitlines(keepends=True):
        kept = line.strip()
        if kept:
            start = at + line.index(kept)
            shown |= set(range(start, start + len(kept)))
        at += len(line)
    assert marked == len(cues & shown)


@given(WORDS, WORDS)
def test_a_diff_gives_both_texts_back(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert " ".join(p.words for p in pieces if p.diff is not Diff.ADDED) == old
    assert " ".join(p.words for p in pieces if p.diff is not Diff.GONE) == new
    assert all(p.count == len(p.words.split()) for p in pieces)


def test_an_article_shows_its_positions_in_place(store: str) -> None:
    with Ledger.open(store) as ledger:
        added = ledger.add(reading(QUILL, Claim("Ada Brook", Stand.REFUSED), published=july(3)))
        view = desk.article(ledger, added.article_id)
        assert [(one.number, one.evidence.endorser.name) for one in view.found] == [
            (1, "Bo Quill"),
            (2, "Ada Brook"),
        ]
        for one in view.found:
            marked = "".join(
                segment.text
                for p in view.paragraphs
                for segment in p.segments
                if one.number in segment.evidence
            )
            assert marked == one.evidence.quote.exact
        assert view.found[0].told == f"own words, in {COURIER}"
        assert [(step.role, step.name) for step in view.found[0].chain] == [
            ("said by", "Bo Quill"),
            ("printed by", COURIER),
        ]
        with pytest.raises(LedgerError, match="no article"):
            desk.article(ledger, "a_none")


def test_a_corrected_span_is_where_the_reader_put_it(ledger: Ledger) -> None:
    added = ledger.add(reading(QUILL, published=july(3)))
    (one,) = ledger.evidence()
    start, end = one.quote.span
    reviews = Reviews(ledger.engine)
    somebody = reviews.identity("Zed Vane")
    reviews.record(Action.CORRECT, one.id, "Ines", {"span": [start, end - 1], "endorser": somebody})
    (found,) = desk.article(ledger, added.article_id).found
    assert (found.evidence.endorser.name, found.evidence.quote.span.end) == ("Zed Vane", end - 1)


def test_a_story_has_its_copies_the_earliest_first_and_what_differs(store: str) -> None:
    lead = " ".join(f"The lamp on quay {n} was lit at dusk and put out at dawn." for n in range(40))
    with Ledger.open(store) as ledger:
        ledger.add(
            reading(QUILL, published=july(5), outlet=HERALD, id="marrow", lead=f"{lead} So it went on.")
        )
        first = ledger.add(reading(QUILL, published=july(3), lead=lead))
        view = desk.story(ledger, ledger.story(first.article_id).id)
        assert [one.outlet for one in view.story.copies] == [COURIER, HERALD]
        assert [p.words for p in view.pieces if p.diff is Diff.ADDED] == ["So it went on."]
        assert 0.98 < view.alike < 1
        assert len(view.positions) == 1
        with pytest.raises(LedgerError, match="no story"):
            desk.story(ledger, "s_none")


def test_a_history_tells_what_moved_what_was_copied_and_who_reviewed(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(QUILL, published=july(3)))
        ledger.add(
            reading(Claim("Bo Quill", Stand.WITHDRAWN), published=july(8), id="larkfield-2", lead="More.")
        )
        last = max(ledger.evidence(), key=lambda one: one.day or dt.date.min)
        Reviews(ledger.engine).record(Action.ACCEPT, last.id, "Ines")
        history = desk.endorser(ledger, last.endorser.id)
        assert [(t.evidence.day, t.moved and (t.moved.old, t.moved.new)) for t in history.timeline] == [
            (july(8), (Stand.ENDORSED, Stand.WITHDRAWN)),
            (july(3), (None, Stand.ENDORSED)),
        ]
        assert [event.by for event in history.timeline[0].reviews] == ["Ines"]
        before = desk.endorser(ledger, last.endorser.id, as_of=july(4))
        assert [s.position for s in before.stands] == [Stand.ENDORSED]
        assert len(before.timeline) == 1
        assert [s.endorser.name for s in desk.endorser(ledger, last.endorsee.id).backed_by] == ["Bo Quill"]
        with pytest.raises(LedgerError, match="nobody"):
            desk.endorser(ledger, "p_none")


def test_changes_come_day_by_day_and_say_where_earlier_ones_are(store: str) -> None:
    with Ledger.open(store) as ledger:
        for number in (2, 4, 6):
            one = Claim(f"Member {number}", Stand.ENDORSED)
            ledger.add(reading(one, published=july(number), id=f"l-{number}", lead=f"Day {number}."))
        found = desk.changes(ledger, days=2, until=july(9))
        assert ([one.day for one in found.days], found.earlier, found.total) == (
            [july(6), july(4)],
            july(2),
            3,
        )
        assert [one.day for one in desk.changes(ledger, until=found.earlier).days] == [july(2)]


def test_outlets_are_one_under_their_names_with_precision_by_review(store: str) -> None:
    unnamed = Claim("Ada Brook", Stand.EXPECTED, sourcing=Sourcing.UNNAMED_SOURCE)
    with Ledger.open(store) as ledger:
        ledger.add(reading(QUILL, published=july(3), outlet=COURIER))
        ledger.add(reading(unnamed, published=july(5), outlet=f"The {COURIER}", id="l-2", lead="More."))
        reviews = Reviews(ledger.engine)
        accepted, rejected = sorted(one.id for one in ledger.evidence())
        reviews.record(Action.ACCEPT, accepted, "Ines")
        reviews.record(Action.REJECT, rejected, "Ines")
        (one,) = desk.sources(ledger)
        assert (one.articles, one.positions, one.unnamed, one.latest) == (2, 2, 0.5, july(5))
        assert (one.precision, one.reviewed) == (0.5, 2)
