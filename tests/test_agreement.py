"""Agreement, precision, calibration."""

import datetime as dt
import random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whipcount.agreement import agreement, calibration, pattern_of, precision, wilson
from whipcount.ledger.calibration import Curve, Judged, fit, judged
from whipcount.ledger.events import Action, Event, decisions


def row(number: int, confidence: float = 0.7, **given_: Any) -> SimpleNamespace:
    values: dict[str, Any] = {
        "endorser_id": "p_brook",
        "endorsee_id": "p_dunmore",
        "contest": "current",
        "position": "endorsed",
        "sourcing": "narration",
        "via": None,
        "start_at": 0,
        "end_at": 9,
        "conditions": [],
        "because": "endorse: plain (endorsed)",
        "outlet": "Larkfield Courier",
        "unclear": False,
    }
    return SimpleNamespace(id=f"e{number}", confidence=confidence, **(values | given_))


def event(number: int, subject: str, action: Action, by: str = "Ines", **data: Any) -> Event:
    return Event(number, dt.datetime(2031, 7, 1, tzinfo=dt.UTC), by, action, subject, data)


def test_agreement_by_field() -> None:
    rows = {f"e{n}": row(n) for n in range(4)}
    events = [
        event(1, "e0", Action.ACCEPT),
        event(2, "e0", Action.ACCEPT, "Jo"),
        event(3, "e1", Action.REJECT),
        event(4, "e1", Action.REJECT, "Jo"),
        event(5, "e2", Action.CORRECT, position="refused"),
        event(6, "e2", Action.CORRECT, "Jo", position="withholding", via="Harbour Times"),
        event(7, "e3", Action.ACCEPT),
    ]
    found = {one.field: one for one in agreement(rows, events)}
    assert (found["counts"].evidence, found["counts"].equal, found["counts"].alpha) == (3, 1.0, 1.0)
    assert (found["position"].evidence, found["position"].equal) == (2, 0.5)
    assert found["endorser"].equal == 1.0
    assert found["endorser"].alpha is None
    assert found["via"].equal == 0.5


def test_alpha_is_one_less_disagreement_by_that_of_chance() -> None:
    first = "a a b b d c c c e d d a".split()
    second = "b a b b b c c c e d d a".split()
    names = dict(zip("abcde", ("endorsed", "supports", "expected", "withholding", "refused"), strict=True))
    rows = {f"e{n}": row(n) for n in range(12)}
    events: list[Event] = []
    for n, pair in enumerate(zip(first, second, strict=True)):
        for by, value in zip(("Ines", "Jo"), pair, strict=True):
            events.append(event(len(events) + 1, f"e{n}", Action.CORRECT, by, position=names[value]))
    found = {one.field: one for one in agreement(rows, events)}
    # Two of twelve differ: 4 of 24 values stand in pairs that do. By chance 5 a, 6 b, 6 c, 5 d and 2 e make
    # equal pairs in 20 + 30 + 30 + 20 + 2 of 24 * 23 cases.
    assert found["position"].alpha == pytest.approx(1 - (4 / 24) / (1 - 102 / (24 * 23)))


def test_whoever_accepts_takes_earlier_corrections_with_it() -> None:
    events = [event(1, "e0", Action.CORRECT, position="refused"), event(2, "e0", Action.ACCEPT, "Jo")]
    found = {one.field: one for one in agreement({"e0": row(0)}, events)}
    assert found["position"].equal == 1.0


def test_precision_by_kind() -> None:
    rows = {"e0": row(0), "e1": row(1, 0.95), "e2": row(2, because="judge: 0.8", outlet=None), "e3": row(3)}
    events = [
        event(1, "e0", Action.ACCEPT),
        event(2, "e1", Action.CORRECT, span={"start": 1, "end": 4, "exact": "abc"}),
        event(3, "e2", Action.REJECT),
        event(4, "e3", Action.CORRECT, position="refused"),
    ]
    found = {(one.by, one.value): (one.reviewed, one.right) for one in precision(rows, decisions(events))}
    assert found["all", ""] == (4, 2)
    assert found["outlet", "Larkfield Courier"] == (3, 2)
    assert found["outlet", "unknown"] == (1, 0)
    assert found["pattern", "judge"] == (1, 0)
    assert found["confidence", "0.7 to 0.8"] == (3, 1)
    assert found["confidence", "0.9 to 1.0"] == (1, 1)
    [first, second] = calibration(rows, decisions(events), None)
    assert (first.band, first.shown, second.share) == ("0.7 to 0.8", None, 1)
    assert first.share == pytest.approx(1 / 3)


def test_a_correction_to_what_was_read_anyway_is_none() -> None:
    rows = {"e0": row(0)}
    decided = decisions([event(1, "e0", Action.CORRECT, position="endorsed", endorser="p_brook")])
    assert judged(rows.values(), decided) == [Judged(0.7, right=True)]


def test_wilsons_interval() -> None:
    # Newcombe 1998, Statistics in Medicine 17, table I: 81 of 263, and 0 of 20.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share(counts: tuple[int, int]) -> None:
    low, high = wilson(*counts)
    assert 0 <= low <= counts[0] / counts[1] <= high <= 1


def test_patterns() -> None:
    assert pattern_of("endorse: plain (backed)") == "endorse"
    assert pattern_of("") == "not given"


def simulated(number: int, seed: int) -> list[Judged]:
    """Readings of a program that is far too sure of itself: right as often as the square of its confidence."""
    chance = random.Random(seed)
    confidences = [chance.random() for _ in range(number)]
    return [Judged(c, right=chance.random() < c * c) for c in confidences]


@pytest.mark.parametrize("seed", range(5))
def test_the_confidence_shown_is_honest_on_simulated_reviews(seed: int) -> None:
    curve = fit(simulated(400, seed), 200)
    assert curve is not None
    at = [n / 200 for n in range(201)]
    off_by = sum(abs(curve(c) - c * c) for c in at) / len(at)
    assert off_by < 0.06
    assert off_by < sum(abs(c - c * c) for c in at) / len(at) / 2
    # Of what is shown as 70 to 100 % sure, so many are right.
    later = [(curve(one.confidence), one.right) for one in simulated(20_000, seed + 100)]
    high = [(shown, right) for shown, right in later if shown >= 0.7]
    assert abs(sum(s for s, _ in high) / len(high) - sum(r for _, r in high) / len(high)) < 0.08


def test_too_few_reviews_say_nothing() -> None:
    assert fit(simulated(199, 1), 200) is None
    assert fit([], 0) is None


def test_twenty_right_ones_are_not_certain() -> None:
    curve = fit([Judged(0.9, right=True)] * 20, 20)
    assert curve is not None
    assert curve(0.9) == pytest.approx(21 / 22)


@given(st.lists(st.builds(Judged, st.floats(0, 1), st.booleans()), min_size=1, max_size=150), st.randoms())
def test_a_curve_never_falls_and_does_not_depend_on_the_order(found: list[Judged], chance: Any) -> None:
    curve = fit(found, 1)
    assert isinstance(curve, Curve)
    shown = [curve(n / 50) for n in range(51)]
    assert shown == sorted(shown)
    assert all(0 < value < 1 for value in shown)
    mixed = list(found)
    chance.shuffle(mixed)
    again = fit(mixed, 1)
    assert again is not None
    assert again.shares == curve.shares
