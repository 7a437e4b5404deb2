"""Judge and rules where they differ."""

from dataclasses import replace

import pytest

from whipcount.article import Contest, Kind, Position, Sourcing, Span, Stand
from whipcount.read.settle import held_back, settle

TEXT = "Finch has backed Castell."


def report(stand: Stand, confidence: float, *, endorser: str = "Odell Finch", because: str = "") -> Position:
    return Position(
        endorser,
        Kind.PERSON,
        "Rina Castell",
        stand,
        Sourcing.NARRATION,
        Span(0, 9),
        confidence=confidence,
        because=because,
    )


def test_a_rules_own_words_stand_against_a_bare_endorsed() -> None:
    (got,) = settle([report(Stand.ENDORSED, 0.6)], [report(Stand.EXPECTED, 0.8)], TEXT)
    assert (got.position, got.confidence) == (Stand.EXPECTED, 0.6)


def test_the_judge_is_believed_on_refusal() -> None:
    (got,) = settle([report(Stand.REFUSED, 0.6)], [report(Stand.SUPPORTS, 0.8)], TEXT)
    assert got.position is Stand.REFUSED


def test_one_sentence_tells_of_one_race() -> None:
    current = report(Stand.ENDORSED, 0.6)
    assert settle([current, replace(current, contest=Contest.PAST)], [], TEXT) == (current,)


def test_a_holdout_that_a_sure_rule_finds_is_kept_for_review() -> None:
    (got,) = held_back([], [report(Stand.WITHHOLDING, 0.8)])
    assert got.position is Stand.WITHHOLDING
    assert got.confidence < 0.5
    assert held_back([], [report(Stand.WITHHOLDING, 0.5)]) == ()
    assert settle([], [report(Stand.SUPPORTS, 0.9)], TEXT) == ()


@pytest.mark.parametrize(
    ("said", "stand"),
    [
        ("Finch cannot currently support Castell.", Stand.WITHHOLDING),
        ("Finch said he could not yet back Castell.", Stand.WITHHOLDING),
        ("Finch is not ready to support Castell.", Stand.WITHHOLDING),
        ("Finch does not support Castell at this point.", Stand.WITHHOLDING),
        ("Finch declined to endorse Castell.", Stand.WITHHOLDING),
        ("Finch will not support Castell.", Stand.REFUSED),
        ("Finch has not endorsed Castell and will not vote for her.", Stand.REFUSED),
    ],
)
def test_a_door_left_open_is_no_refusal(said: str, stand: Stand) -> None:
    judged = replace(report(Stand.REFUSED, 0.6), evidence=Span(0, len(said)))
    (got,) = settle([judged], [], said)
    assert got.position is stand
