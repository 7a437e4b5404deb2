"""Judge and rules where they differ."""

from dataclasses import replace

from whipcount.article import Contest, Kind, Position, Sourcing, Span, Stand
from whipcount.read.settle import settle


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
    (got,) = settle([report(Stand.ENDORSED, 0.6)], [report(Stand.EXPECTED, 0.8)])
    assert (got.position, got.confidence) == (Stand.EXPECTED, 0.6)


def test_the_judge_is_believed_on_refusal() -> None:
    (got,) = settle([report(Stand.REFUSED, 0.6)], [report(Stand.SUPPORTS, 0.8)])
    assert got.position is Stand.REFUSED


def test_one_sentence_tells_of_one_race() -> None:
    current = report(Stand.ENDORSED, 0.6)
    assert settle([current, replace(current, contest=Contest.PAST)], []) == (current,)


def test_a_holdout_that_a_sure_rule_finds_is_kept_for_review() -> None:
    (got,) = settle([], [report(Stand.WITHHOLDING, 0.8)])
    assert got.position is Stand.WITHHOLDING
    assert got.confidence < 0.5
    assert settle([], [report(Stand.WITHHOLDING, 0.5)]) == ()
    assert settle([], [report(Stand.SUPPORTS, 0.9)]) == ()
