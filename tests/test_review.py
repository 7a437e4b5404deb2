"""The queue: what is in it, why, and in which order."""

import datetime as dt
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from making import HERALD, Claim, july, reading, the
from whipcount.article import Contest, Sourcing, Span, Stand
from whipcount.errors import ReviewError
from whipcount.ledger import Ledger
from whipcount.ledger.events import Action
from whipcount.ledger.resolutions import Choice, Unsure
from whipcount.ledger.reviews import Reviews
from whipcount.review import Desk, Item, Why, queue, quoted, read_desk

NOW = dt.datetime(2031, 7, 4, tzinfo=dt.UTC)
BROOK = Claim("Ada Brook", Stand.WITHHOLDING, confidence=0.6)
QUILL = Claim("Bo Quill", Stand.ENDORSED, confidence=0.6)


def asked(ledger: Ledger, reader: str | None = None, share: float = 0.0) -> list[Item]:
    return queue(read_desk(ledger), reader=reader, second_share=share)


def test_what_decides_comes_before_what_bears_out_and_what_is_gone_by(ledger: Ledger) -> None:
    ledger.add(reading(Claim("Bo Quill", Stand.EXPECTED, confidence=0.6), published=july(1)))
    ledger.add(reading(QUILL, published=july(3), id="b", lead="More of it."))
    ledger.add(reading(QUILL, published=july(4), id="c", lead="And still more.", outlet=HERALD))
    ledger.add(reading(Claim("Eve Marsh", Stand.REFUSED, confidence=0.6), published=july(5), lead="Other."))
    ledger.add(reading(BROOK, published=july(5), lead="Another day."))
    found = asked(ledger)
    assert [(i.title, i.why[1:]) for i in found] == [
        (
            "Ada Brook withholding from Cy Dunmore",
            ("the only report on the two", "a holdout of a current contest"),
        ),
        ("Eve Marsh refused Cy Dunmore", ("the only report on the two",)),
        ("Bo Quill endorsed Cy Dunmore", ("one of 2 reports that bear the standing out",)),
        ("Bo Quill endorsed Cy Dunmore", ("one of 2 reports that bear the standing out",)),
        ("Bo Quill expected for Cy Dunmore", ("the standing does not rest on it",)),
    ]
    assert found[0].why[0] == "60% sure"
    assert all(item.kind is Why.EVIDENCE for item in found)


def test_without_it_the_standing_would_be_another(ledger: Ledger) -> None:
    ledger.add(reading(Claim("Bo Quill", Stand.EXPECTED, confidence=0.99), published=july(1)))
    ledger.add(reading(QUILL, published=july(3), id="b", lead="More of it."))
    [item] = asked(ledger)
    assert "without it the standing would be expected, not endorsed" in item.why


def test_the_unsure_the_current_and_the_weighty_come_first(ledger: Ledger) -> None:
    ledger.add(
        reading(
            Claim("Ada Brook", Stand.ENDORSED, confidence=0.9),
            Claim("Bo Quill", Stand.ENDORSED, confidence=0.3),
            Claim("Eve Marsh", Stand.ENDORSED, confidence=0.3, contest=Contest.PAST),
            Claim("Sol Reed", Stand.ENDORSED, confidence=0.97),
        )
    )
    assert [i.title.split()[0] for i in asked(ledger)] == ["Bo", "Eve", "Ada"]
    desk = Desk(ledger.evidence(), weights={the(ledger, "Ada Brook").endorser.id: 10})
    assert [i.title.split()[0] for i in queue(desk)] == ["Ada", "Bo", "Eve"]
    assert "the endorser weighs 10" in queue(desk)[0].why


def test_copies_are_one_question_and_one_decision_on_any_settles_it(store: str) -> None:
    with Ledger.open(store) as ledger:
        for outlet in ("A", "B", "C"):
            ledger.add(reading(QUILL, published=july(3), outlet=outlet))
        [item] = asked(ledger)
        assert len(item.others) == 2
        Reviews(ledger.engine).record(Action.ACCEPT, item.others[1].id, "Ines")
        assert asked(ledger) == []


def test_a_rejected_sentence_brings_up_its_copies(ledger: Ledger) -> None:
    for outlet in ("A", "B"):
        ledger.add(reading(QUILL, published=july(3), outlet=outlet))
    [item] = asked(ledger)
    Reviews(ledger.engine).record(Action.REJECT, item.subject, "Ines")
    [again] = asked(ledger)
    assert again.subject == item.others[0].id
    assert again.weight > item.weight
    assert again.why[-1] == "a reader has rejected or corrected the same sentence elsewhere"


def test_a_second_reader_is_asked_about_a_share_and_not_told(ledger: Ledger) -> None:
    claims = [Claim(f"Mayor {name} Dale", Stand.ENDORSED) for name in "ABCDEFGHIJKLMNOPQRST"]
    ledger.add(reading(*claims))
    reviews = Reviews(ledger.engine)
    for one in ledger.evidence():
        reviews.record(Action.ACCEPT, one.id, "Ines")
    assert asked(ledger, "Jo") == []
    some = asked(ledger, "Jo", 0.4)
    assert 2 < len(some) < 15
    assert {i.why for i in some} == {("one reader has decided; it is drawn for a second reading",)}
    assert len(asked(ledger, "Jo", 1.0)) == 20
    assert asked(ledger, "Ines", 1.0) == []
    reviews.record(Action.ACCEPT, some[0].subject, "Jo", seen=some[0].seen)
    assert some[0].subject not in {i.subject for i in asked(ledger, "Cal", 1.0)}


def test_a_third_reader_is_asked_where_two_disagree(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(QUILL))
        reviews, one = Reviews(ledger.engine), the(ledger, "Bo Quill").id
        reviews.record(Action.ACCEPT, one, "Ines")
        reviews.record(Action.REJECT, one, "Jo")
        [item] = asked(ledger, "Cal")
        assert (item.kind, item.why, item.seen) == (Why.SECOND, ("two readers disagree on it",), 2)
        assert asked(ledger, "Jo") == []
        reviews.record(Action.REJECT, one, "Cal", seen=item.seen)
        assert asked(ledger) == []


def test_a_request_waits_until_it_is_answered_or_decided(store: str) -> None:
    with Ledger.open(store) as ledger:
        added = ledger.add(reading(Claim("Ada Brook", Stand.WITHHOLDING, confidence=0.99), QUILL))
        reviews, one = Reviews(ledger.engine), the(ledger, "Ada Brook").id
        first = reviews.record(
            Action.NOTE, one, "a reader", {"text": "She  never\nsaid so.", "request": True}
        )
        second = reviews.record(
            Action.NOTE, added.article_id, "a reader", {"text": "Wrong day.", "request": True}
        )
        found = asked(ledger)
        assert [i.kind for i in found] == [Why.REQUEST, Why.REQUEST, Why.EVIDENCE]
        asks = {i.subject: i for i in found}
        assert asks[one].why == ("a reader asks for a correction: “She never said so.”",)
        assert asks[one].event == first
        reviews.record(Action.NOTE, added.article_id, "Ines", {"text": "No.", "answers": second.number})
        assert [i.subject for i in asked(ledger) if i.kind is Why.REQUEST] == [one]
        done = reviews.record(Action.REJECT, one, "Ines")
        assert [i for i in asked(ledger) if i.kind is Why.REQUEST] == []
        reviews.undo(done.number, "Ines")
        assert [i.subject for i in asked(ledger) if i.kind is Why.REQUEST] == [one]


def test_conflicts_and_unsure_names_wait_too(ledger: Ledger) -> None:
    ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED, confidence=0.99), published=july(3)))
    denial = Claim("Ada Brook", Stand.WITHHOLDING, sourcing=Sourcing.OWN_WORDS, confidence=0.99)
    ledger.add(reading(denial, published=july(4), lead="More."))
    desk = read_desk(ledger)
    choices = (Choice("r_1", "Ada Brook", 0.8, "a mayor"), Choice("r_2", "Cal Brook", 0.7, "her son"))
    unsure = [
        Unsure(one.id, one.article.id, "endorser", "Brook", "p_1", choices, "two of the name", NOW)
        for one in desk.evidence
    ]
    found = queue(Desk(desk.evidence, desk.events, desk.conflicts, unsure))
    assert [i.kind for i in found] == [Why.CONFLICT, Why.IDENTITY]
    assert found[0].title.startswith("own word after a report")
    assert found[1].title == "Who is Brook?"
    assert found[1].why == (
        "may be Ada Brook or Cal Brook: two of the name",
        "2 pieces of evidence rest on it",
    )
    assert found[1].choices == choices
    assert queue(desk, kinds=[Why.IDENTITY]) == []


def test_a_desk_is_read_again_only_where_something_has_come(ledger: Ledger) -> None:
    ledger.add(reading(QUILL))
    desk = read_desk(ledger)
    assert read_desk(ledger, desk) is desk
    Reviews(ledger.engine).record(Action.ACCEPT, the(ledger, "Bo Quill").id, "Ines")
    again = read_desk(ledger, desk)
    assert again is not desk
    ledger.add(reading(BROOK, lead="More."))
    assert len(read_desk(ledger, again).evidence) == 2


CLAIMS = st.lists(
    st.builds(
        Claim,
        st.sampled_from(["Ada Brook", "Bo Quill", "Eve Marsh"]),
        st.sampled_from(list(Stand)),
        st.sampled_from(["Cy Dunmore", "Dee Fell"]),
        sourcing=st.sampled_from([Sourcing.OWN_WORDS, Sourcing.NARRATION]),
        confidence=st.sampled_from([0.2, 0.5, 0.9, 1.0]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, deadline=None)
@given(
    CLAIMS, st.lists(st.tuples(st.integers(0, 7), st.booleans()), max_size=4), st.randoms(), st.integers(1, 6)
)
def test_the_order_does_not_depend_on_that_of_the_evidence(
    claims: list[Claim], decided: list[tuple[int, bool]], chance: random.Random, limit: int
) -> None:
    with Ledger.open(":memory:") as ledger:
        for number, claim in enumerate(claims):
            ledger.add(reading(claim, published=july(1 + number % 4), lead=f"Part {number} of the news."))
        ids = [one.id for one in ledger.evidence()]
        for number, right in decided:
            action = Action.ACCEPT if right else Action.REJECT
            Reviews(ledger.engine).record(action, ids[number % len(ids)], "Ines")
        desk = read_desk(ledger)
    evidence, events = list(desk.evidence), list(desk.events)
    chance.shuffle(evidence)
    chance.shuffle(events)
    mixed = Desk(evidence, events, desk.conflicts)
    whole = queue(desk, second_share=0.5)
    assert queue(mixed, second_share=0.5) == whole
    # A limit leaves out the rest, and nothing else.
    assert queue(mixed, limit, second_share=0.5) == whole[:limit]


def test_a_quote_is_found_once_however_it_is_spaced() -> None:
    text = "Quill is with\nDunmore. Quill is not with Fell."
    assert quoted(text, "is  with Dunmore") == Span(6, 21)
    with pytest.raises(ReviewError, match="2 times"):
        quoted(text, "Quill is")
    for words in ("Brook", " "):
        with pytest.raises(ReviewError, match="has no"):
            quoted(text, words)


DECISIONS = st.lists(
    st.tuples(
        st.sampled_from(["accept", "reject", "correct", "merge", "prevail", "undo"]), st.integers(0, 9)
    ),
    max_size=10,
)


def rows(ledger: Ledger) -> list[Any]:
    from whipcount.ledger.models import ArticleRow, AttributionRow, EvidenceRow  # noqa: PLC0415

    with ledger.engine.connect() as connection:
        return [
            connection.execute(row.__table__.select().order_by(row.id)).all()
            for row in (ArticleRow, AttributionRow, EvidenceRow)
        ]


def decide(ledger: Ledger, steps: list[tuple[str, int]]) -> None:
    reviews, ids = Reviews(ledger.engine), sorted(one.id for one in ledger.evidence())
    people = sorted({one.endorser.id for one in ledger.evidence()})
    for what, number in steps:
        one, other = ids[number % len(ids)], ids[(number + 1) % len(ids)]
        data: dict[str, Any] = {}
        subject = one
        if what == "correct":
            data = {"position": list(Stand)[number % 6].value, "conditions": []}
        elif what == "prevail":
            data = {"over": [other]}
        elif what == "merge":
            subject, data = people[number % len(people)], {"into": people[(number + 1) % len(people)]}
        try:
            if what == "undo":
                reviews.undo(number + 1, "Jo")
            else:
                reviews.record(Action(what), subject, ("Ines", "Jo")[number % 2], data)
        except ReviewError:
            continue


def filled(db: str) -> Ledger:
    ledger = Ledger.open(db)
    ledger.add(reading(BROOK, QUILL, Claim("Eve Marsh", Stand.REFUSED), published=july(3)))
    ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED), QUILL, published=july(4), lead="More."))
    return ledger


@settings(max_examples=40, deadline=None)
@given(DECISIONS)
def test_a_review_changes_no_row_and_undoing_all_gives_back_what_was_read(
    steps: list[tuple[str, int]],
) -> None:
    with filled(":memory:") as ledger:
        before, read = rows(ledger), ledger.evidence()
        decide(ledger, steps)
        assert rows(ledger) == before
        reviews = Reviews(ledger.engine)
        for event in reversed(reviews.events()):
            try:
                reviews.undo(event.number, "Cal")
            except ReviewError:
                continue
        # The last undoings may have brought back what an earlier one took away.
        while left := [e for e in reviews.events() if counts(reviews, e.number)]:
            reviews.undo(left[0].number, "Cal")
        assert rows(ledger) == before
        assert ledger.evidence() == read


def counts(reviews: Reviews, number: int) -> bool:
    from whipcount.ledger.events import in_force  # noqa: PLC0415

    return number in {e.number for e in in_force(reviews.events())}


def test_reviews_change_no_row_on_either_store(store: str) -> None:
    with filled(store) as ledger:
        before, read = rows(ledger), ledger.evidence()
        decide(ledger, [("reject", 0), ("correct", 1), ("merge", 0), ("prevail", 3), ("accept", 2)])
        assert ledger.evidence() != read
        reviews = Reviews(ledger.engine)
        for event in reviews.events():
            reviews.undo(event.number, "Cal")
        assert rows(ledger) == before
        assert ledger.evidence() == read
