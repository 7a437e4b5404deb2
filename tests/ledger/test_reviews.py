import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from making import Claim, july, reading, the
from whipcount.article import Fact, Sourcing, Span, Stand
from whipcount.errors import Decided, ReviewError
from whipcount.ledger import Ledger
from whipcount.ledger.events import Action, Event, decisions, in_force
from whipcount.ledger.reviews import Reviews
from whipcount.people import by_name
from whipcount.standing import standings

BROOK = Claim("Ada Brook", Stand.WITHHOLDING, asks=("a plan for the ferry",))
QUILL = Claim("Bo Quill", Stand.ENDORSED)


def stands(ledger: Ledger) -> dict[str, str]:
    return {s.endorser.name: s.position.value for s in standings(ledger.evidence())}


def test_a_rejected_reading_no_longer_counts_and_an_undoing_brings_it_back(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(BROOK, QUILL, published=july(3)))
        reviews = Reviews(ledger.engine)
        event = reviews.record(Action.REJECT, the(ledger, "Bo Quill").id, "Ines", {"reason": "a rival"})
        assert stands(ledger) == {"Ada Brook": "withholding"}
        assert the(ledger, "Bo Quill").excluded == "rejected by Ines: a rival"
        back = reviews.undo(event.number, "Ines")
        assert stands(ledger) == {"Ada Brook": "withholding", "Bo Quill": "endorsed"}
        reviews.undo(back.number, "Jo")
        assert stands(ledger) == {"Ada Brook": "withholding"}
        assert [e.action for e in reviews.events()] == [Action.REJECT, Action.UNDO, Action.UNDO]


def test_a_correction_stands_beside_what_was_read(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(BROOK, published=july(3)))
        reviews = Reviews(ledger.engine)
        one = the(ledger, "Ada Brook")
        start, end = one.quote.span
        other = reviews.identity("Ada Brooke-Lane")
        reviews.record(
            Action.CORRECT,
            one.id,
            "Ines",
            {
                "position": "refused",
                "sourcing": "own_words",
                "span": [start, end - 1],
                "endorser": other,
                "conditions": [],
                "said_on": "2031-07-02",
            },
        )
        now = the(ledger, "Ada Brooke-Lane")
        assert (now.position, now.sourcing, now.said_on) == (Stand.REFUSED, Sourcing.OWN_WORDS, july(2))
        assert now.quote.exact == one.quote.exact[:-1]
        assert now.conditions == ()
        assert now.confidence == one.confidence
        assert now.sure == 1
        assert now.corrected == {"position", "sourcing", "span", "endorser", "conditions", "said_on"}
        assert now.as_read is not None
        assert (now.as_read.endorser, now.as_read.position) == (one.endorser, Stand.WITHHOLDING)
        assert now.as_read.quote == one.quote
        assert ledger.evidence(about=[other]) == [now]
        assert ledger.evidence(about=[one.endorser.id]) == []


def test_merged_identities_are_one_and_can_be_told_apart_again(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(Claim("Ada Brook", Stand.WITHHOLDING), published=july(3)))
        ledger.add(
            reading(Claim("A. Brook", Stand.ENDORSED), published=july(5), id="larkfield-2", lead="More.")
        )
        reviews = Reviews(ledger.engine)
        long, short = by_name("Ada Brook").id, by_name("A. Brook").id
        merged = reviews.record(Action.MERGE, short, "Ines", {"into": long})
        assert [s.position for s in standings(ledger.evidence())] == [Stand.ENDORSED]
        assert len(ledger.evidence(about=[long])) == 2
        reviews.record(Action.MERGE, long, "Jo", {"into": short})  # a circle is not followed
        assert len(standings(ledger.evidence())) == 1
        reviews.undo(merged.number, "Ines")
        reviews.undo(merged.number + 1, "Ines")
        assert len(standings(ledger.evidence())) == 2


def test_evidence_is_split_off_a_merged_identity_as_it_is_shown(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(Claim("A. Brook", Stand.ENDORSED), published=july(3)))
        reviews = Reviews(ledger.engine)
        long, short = reviews.identity("Ada Brook"), by_name("A. Brook").id
        reviews.record(Action.MERGE, short, "Ines", {"into": long})
        [one], other = ledger.evidence(about=[long]), reviews.identity("Al Brook")
        reviews.record(Action.SPLIT, long, "Ines", {"evidence": [one.id], "to": other})
        assert stands(ledger) == {"Al Brook": "endorsed"}
        with pytest.raises(ReviewError, match="not about"):
            reviews.record(Action.SPLIT, long, "Jo", {"evidence": [one.id], "to": other})
        reviews.record(Action.CORRECT, one.id, "Jo", {"endorser": short})
        assert [e.endorser.id for e in ledger.evidence()] == [long]


def test_whoever_is_the_same_as_one_of_a_group_is_the_same_as_all(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(Claim("A. Brook", Stand.ENDORSED), published=july(3)))
        reviews = Reviews(ledger.engine)
        one, two, three = (
            by_name("A. Brook").id,
            reviews.identity("Ada Brook"),
            reviews.identity("A. L. Brook"),
        )
        reviews.record(Action.MERGE, one, "Ines", {"into": two})
        reviews.record(Action.MERGE, one, "Ines", {"into": three})
        assert set(ledger.decided().joined) == {one, two}
        for key in (one, two, three):
            assert len(ledger.evidence(about=[key])) == 1
        assert [found.id for found in ledger.find("Ada Brook")] == [three]


def test_a_report_counts_again_when_the_one_that_prevailed_over_it_is_rejected(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(Claim("Ada Brook", Stand.WITHHOLDING), published=july(5)))
        ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED), published=july(3), id="b", lead="More."))
        reviews = Reviews(ledger.engine)
        ids = {one.position: one.id for one in ledger.evidence()}
        over = {"over": [ids[Stand.WITHHOLDING]]}
        reviews.record(Action.PREVAIL, ids[Stand.ENDORSED], "Ines", over)
        assert stands(ledger) == {"Ada Brook": "endorsed"}
        reviews.record(Action.REJECT, ids[Stand.ENDORSED], "Ines")
        assert stands(ledger) == {"Ada Brook": "withholding"}


def test_what_an_outlet_retracts_does_not_count_and_stays(store: str) -> None:
    page = "https://courier.example/ferry"
    with Ledger.open(store) as ledger:
        ledger.add(reading(BROOK, published=july(3), url=page))
        one = reading(QUILL, published=july(3), url=page, lead="This story has been retracted.")
        ledger.add(replace(one, article=replace(one.article, facts=frozenset({Fact.RETRACTED}))))
        assert stands(ledger) == {}
        assert standings(ledger.evidence(), july(4)) == []
        assert {e.excluded for e in ledger.evidence()} == {"the outlet has retracted the article"}


def test_an_event_is_undone_once(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(BROOK))
        reviews = Reviews(ledger.engine)
        event = reviews.record(Action.REJECT, the(ledger, "Ada Brook").id, "Ines")
        back = reviews.undo(event.number, "Jo")
        with pytest.raises(ReviewError, match=f"Jo has undone event {event.number} already"):
            reviews.undo(event.number, "Ines")
        reviews.undo(back.number, "Ines")
        reviews.undo(event.number, "Ines")
        assert stands(ledger) == {"Ada Brook": "withholding"}


def test_a_reader_asks_for_a_correction_and_is_answered(ledger: Ledger) -> None:
    ledger.add(reading(BROOK))
    reviews, one = Reviews(ledger.engine), the(ledger, "Ada Brook").id
    asked = reviews.record(Action.NOTE, one, "a reader", {"text": " She never said so. ", "request": True})
    assert asked.data == {"text": "She never said so.", "request": True}
    reviews.record(Action.NOTE, one, "Ines", {"text": "She did.", "answers": asked.number})
    with pytest.raises(ReviewError, match="no request"):
        reviews.record(Action.NOTE, one, "Ines", {"text": "She did.", "answers": asked.number + 1})


def test_times_of_events_grow_though_a_clock_is_set_back(ledger: Ledger) -> None:
    ledger.add(reading(BROOK))
    now = dt.datetime(2031, 7, 10, 12, tzinfo=dt.UTC)
    reviews = Reviews(ledger.engine, lambda: now)
    one = the(ledger, "Ada Brook").id
    first = reviews.record(Action.REJECT, one, "Ines")
    now -= dt.timedelta(days=1)
    assert reviews.undo(first.number, "Ines").at == first.at


def test_evidence_of_one_identity_can_be_given_to_another(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(Claim("Brook", Stand.WITHHOLDING), published=july(3)))
        ledger.add(reading(Claim("Brook", Stand.ENDORSED), published=july(5), id="larkfield-2", lead="More."))
        reviews = Reviews(ledger.engine)
        brook, son = by_name("Brook").id, reviews.identity("Cal Brook")
        last = max(ledger.evidence(), key=lambda one: one.article.published or dt.date.min)
        reviews.record(Action.SPLIT, brook, "Ines", {"evidence": [last.id], "to": son})
        assert stands(ledger) == {"Brook": "withholding", "Cal Brook": "endorsed"}


def test_evidence_is_entered_by_hand_and_taken_back(store: str) -> None:
    with Ledger.open(store) as ledger:
        added = ledger.add(reading(BROOK, published=july(3)))
        reviews = Reviews(ledger.engine)
        event = reviews.add(
            added.article_id,
            "Ines",
            endorser="Bo Quill",
            endorsee="Cy Dunmore",
            position=Stand.ENDORSED,
            sourcing=Sourcing.NARRATION,
            span=Span(0, 20),
        )
        assert the(ledger, "Bo Quill").quote.exact == "News from Larkfield."
        assert the(ledger, "Bo Quill").by_hand == "Ines"
        reviews.undo(event.number, "Ines")
        assert stands(ledger) == {"Ada Brook": "withholding"}
        assert the(ledger, "Bo Quill").excluded == "entered by hand and taken back by Ines"
        with pytest.raises(ReviewError, match="not in the text"):
            reviews.add(
                added.article_id,
                "Ines",
                endorser="Bo Quill",
                endorsee="Cy Dunmore",
                position=Stand.ENDORSED,
                sourcing=Sourcing.NARRATION,
                span=Span(0, 9_999),
            )


def test_the_same_decision_sent_twice_is_kept_once_and_one_on_old_knowledge_not_at_all(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(BROOK))
        reviews = Reviews(ledger.engine)
        one = the(ledger, "Ada Brook").id
        first = reviews.record(Action.ACCEPT, one, "Ines", seen=0, key="k1")
        assert reviews.record(Action.ACCEPT, one, "Ines", seen=0, key="k1") == first
        with pytest.raises(Decided, match="Ines has decided"):
            reviews.record(Action.REJECT, one, "Jo", seen=0)
        reviews.record(Action.REJECT, one, "Jo", seen=first.number)
        assert len(reviews.events(one)) == 2


@pytest.mark.parametrize(
    ("action", "data", "why"),
    [
        (Action.CORRECT, {"position": "maybe"}, "no position"),
        (Action.CORRECT, {"colour": "red"}, "can't be corrected"),
        (Action.CORRECT, {}, "at least one"),
        (Action.CORRECT, {"span": [5, 3]}, "not in the text"),
        (Action.CORRECT, {"span": "all"}, "no span"),
        (Action.CORRECT, {"span": "12"}, "no span"),
        (Action.CORRECT, {"span": {"start": 0, "end": 4, "exact": "Newt"}}, "other words"),
        (Action.CORRECT, {"conditions": 7}, "list of spans"),
        (Action.CORRECT, {"via": "a\0b"}, "can't be kept"),
        (Action.CORRECT, {"endorser": "p_0"}, "no identity"),
        (Action.CORRECT, {"contest_id": "c_0"}, "no contest"),
        (Action.CORRECT, {"said_on": "Tuesday"}, "no day"),
        (Action.PREVAIL, {"over": []}, "which reports"),
        (Action.PREVAIL, {"over": ["x"]}, "no evidence"),
        (Action.NOTE, {}, "needs a text"),
        (Action.UNDO, {}, "its number"),
    ],
)
def test_decisions_that_make_no_sense_are_refused(
    ledger: Ledger, action: Action, data: dict[str, object], why: str
) -> None:
    ledger.add(reading(BROOK))
    reviews = Reviews(ledger.engine)
    with pytest.raises(ReviewError, match=why):
        reviews.record(action, the(ledger, "Ada Brook").id, "Ines", data)
    assert reviews.events() == []


def test_what_the_ledger_knew_on_a_day(db: str) -> None:
    now = dt.datetime(2031, 7, 10, 12, tzinfo=dt.UTC)
    with Ledger.open(db) as opened:
        ledger = Ledger(opened.engine, lambda: now)
        ledger.add(reading(BROOK, published=july(3)))
        reviews = Reviews(opened.engine, lambda: now)
        now += dt.timedelta(days=1)
        reviews.record(Action.REJECT, the(ledger, "Ada Brook").id, "Ines")
        ledger.add(reading(QUILL, published=july(1), id="larkfield-2"))
        now += dt.timedelta(days=1)

        def knew(days: int) -> list[str]:
            found = ledger.evidence(known_by=dt.datetime(2031, 7, days, 23, tzinfo=dt.UTC))
            return [s.endorser.name for s in standings(found)]

        assert (knew(9), knew(10), knew(11)) == ([], ["Ada Brook"], ["Bo Quill"])


EVENTS = st.lists(st.tuples(st.booleans(), st.integers(1, 12), st.sampled_from("abc")), max_size=12).map(
    lambda made: [
        Event(
            n,
            dt.datetime(2031, 7, 1, tzinfo=dt.UTC),
            "Ines",
            Action.UNDO if undo and to < n else Action.ACCEPT,
            subject,
            undoes=to if undo and to < n else None,
        )
        for n, (undo, to, subject) in enumerate(made, start=1)
    ]
)


@given(EVENTS)
def test_undoing_takes_back_just_one_event(events: list[Event]) -> None:
    before = {e.number for e in in_force(events)}
    for event in events:
        undone = [*events, Event(99, event.at, "Jo", Action.UNDO, event.subject, undoes=event.number)]
        after = {e.number for e in in_force(undone)}
        if event.action is not Action.UNDO:
            assert after == before - {event.number}
        redone = [*undone, Event(100, event.at, "Jo", Action.UNDO, event.subject, undoes=99)]
        assert {e.number for e in in_force(redone)} == before


@given(EVENTS, st.randoms())
def test_the_order_in_which_events_are_given_makes_no_difference(events: list[Event], chance: object) -> None:
    mixed = list(events)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert decisions(mixed) == decisions(events)
