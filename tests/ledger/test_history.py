"""Two times on everything: when it held, and when the ledger learned it."""

import datetime as dt
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from making import Claim, july, reading
from whipcount.article import Sourcing, Span, Stand
from whipcount.ledger import Ledger
from whipcount.ledger.events import Action
from whipcount.ledger.reviews import Reviews
from whipcount.people import by_name
from whipcount.standing import standings

BEGIN = dt.datetime(2031, 7, 10, 12, tzinfo=dt.UTC)


class Clock:
    """A day later each time that it is told so."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> dt.datetime:
        return self.now

    def next_day(self) -> None:
        self.now += dt.timedelta(days=1)


def end_of(day: int) -> dt.datetime:
    return dt.datetime(2031, 7, day, 23, 59, 59, 999_999, tzinfo=dt.UTC)


def stands(ledger: Ledger, known: int | None = None, as_of: int | None = None) -> dict[str, str]:
    evidence = ledger.evidence(known_by=None if known is None else end_of(known))
    return {
        s.endorser.name: s.position.value for s in standings(evidence, None if as_of is None else july(as_of))
    }


def test_what_was_so_and_what_was_known_are_two_things(store: str) -> None:
    clock = Clock()
    with Ledger.open(store) as opened:
        ledger, reviews = Ledger(opened.engine, clock), Reviews(opened.engine, clock)
        ledger.add(reading(Claim("Ada Brook", Stand.WITHHOLDING), published=july(9)))
        clock.next_day()  # the 11th: an article of the 5th is found
        ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED), published=july(5), lead="More."))
        clock.next_day()  # the 12th: the later one turns out to be misread
        one = next(e for e in ledger.evidence() if e.position is Stand.WITHHOLDING)
        rejected = reviews.record(Action.REJECT, one.id, "Ines")
        clock.next_day()  # the 13th: after all it was not
        reviews.undo(rejected.number, "Jo")
        assert [stands(ledger, known) for known in (9, 10, 11, 12, 13)] == [
            {},
            {"Ada Brook": "withholding"},
            {"Ada Brook": "withholding"},
            {"Ada Brook": "endorsed"},
            {"Ada Brook": "withholding"},
        ]
        assert [stands(ledger, known, 6) for known in (10, 11, 12)] == [
            {},
            {"Ada Brook": "endorsed"},
            {"Ada Brook": "endorsed"},
        ]


def test_all_kinds_of_decisions_have_their_day(store: str) -> None:
    clock = Clock()
    with Ledger.open(store) as opened:
        ledger, reviews = Ledger(opened.engine, clock), Reviews(opened.engine, clock)
        page = "https://courier.example/ferry"
        added = ledger.add(
            reading(Claim("Ada Brook", Stand.WITHHOLDING), Claim("A. Brook", Stand.EXPECTED), url=page)
        )
        one = next(e for e in ledger.evidence() if e.endorser.name == "Ada Brook")
        clock.next_day()
        reviews.record(Action.CORRECT, one.id, "Ines", {"position": "refused"})
        clock.next_day()
        reviews.record(Action.MERGE, by_name("A. Brook").id, "Ines", {"into": by_name("Ada Brook").id})
        clock.next_day()
        entered = reviews.add(
            added.article_id, "Ines", endorser="Bo Quill", endorsee="Cy Dunmore", position=Stand.ENDORSED,
            sourcing=Sourcing.NARRATION, span=Span(0, 4),
        )  # fmt: skip
        clock.next_day()
        reviews.undo(entered.number, "Jo")
        clock.next_day()
        ledger.add(reading(Claim("Eve Marsh", Stand.ENDORSED), url=page, lead="Changed."))
        assert [stands(ledger, known) for known in range(10, 16)] == [
            {"Ada Brook": "withholding", "A. Brook": "expected"},
            {"Ada Brook": "refused", "A. Brook": "expected"},
            {"Ada Brook": "refused"},
            {"Ada Brook": "refused", "Bo Quill": "endorsed"},
            {"Ada Brook": "refused"},
            {"Eve Marsh": "endorsed"},
        ]


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "reject", "correct", "undo", "merge", "enter"]), st.integers(0, 5)),
    max_size=8,
)


@settings(max_examples=30, deadline=None)
@given(STEPS)
def test_known_now_is_now_and_knowing_only_grows(steps: list[tuple[str, int]]) -> None:
    clock = Clock()
    with Ledger.open(":memory:") as opened:
        ledger, reviews = Ledger(opened.engine, clock), Reviews(opened.engine, clock)
        was: list[Any] = []
        for what, number in [("add", 0), *steps]:
            take(ledger, reviews, what, number)
            assert ledger.evidence(known_by=clock.now) == ledger.evidence()
            was.append((clock.now, ledger.evidence()))
            clock.next_day()
        # What the ledger said on a day it says of that day for ever.
        for moment, evidence in was:
            assert Ledger(opened.engine).evidence(known_by=moment) == evidence
        known = [
            ({e.id for e in ledger.evidence(known_by=at)}, ledger.decided(at).seen.keys()) for at, _ in was
        ]
        for (ids, subjects), (later_ids, later_subjects) in pairwise(known):
            assert ids <= later_ids
            assert subjects <= later_subjects


def take(ledger: Ledger, reviews: Reviews, what: str, number: int) -> None:
    evidence = ledger.evidence()
    one = evidence[number % len(evidence)] if evidence else None
    if what == "add" or one is None:
        names = ("Ada Brook", "Bo Quill", "Eve Marsh")
        claim = Claim(names[number % 3], list(Stand)[number])
        url = f"https://courier.example/{number % 2}"
        ledger.add(reading(claim, published=july(1 + number), lead=f"Part {number}.", url=url))
    elif what == "undo":
        force = [e for e in reviews.events() if e.action is not Action.UNDO]
        done = {e.undoes for e in reviews.events()}
        if force and force[-1].number not in done:
            reviews.undo(force[-1].number, "Jo")
    elif what == "merge":
        other = evidence[(number + 1) % len(evidence)]
        if other.endorser.id != one.endorser.id:
            reviews.record(Action.MERGE, one.endorser.id, "Ines", {"into": other.endorser.id})
    elif what == "enter":
        reviews.add(
            one.article.id, "Ines", endorser="Sol Reed", endorsee="Cy Dunmore", position=Stand.ENDORSED,
            sourcing=Sourcing.NARRATION, span=Span(0, 4),
        )  # fmt: skip
    else:
        data = {"position": list(Stand)[number].value} if what == "correct" else {}
        reviews.record(Action(what), one.id, "Ines", data)
