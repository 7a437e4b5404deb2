import dataclasses
import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from making import july
from whipcount.article import Article, Contest, Kind, Sourcing, Span, Stand
from whipcount.ledger.evidence import ArticleRef, Evidence, Quote
from whipcount.people import by_name
from whipcount.standing import Standing, holdouts, reports, standings

ENDORSED, SUPPORTS, EXPECTED = Stand.ENDORSED, Stand.SUPPORTS, Stand.EXPECTED
WITHHOLDING, REFUSED, WITHDRAWN = Stand.WITHHOLDING, Stand.REFUSED, Stand.WITHDRAWN
OWN, NARRATION = Sourcing.OWN_WORDS, Sourcing.NARRATION


def evidence(
    position: Stand,
    published: int | None = None,
    *,
    endorser: str = "Ada Brook",
    endorsee: str = "Cy Dunmore",
    said: int | None = None,
    sourcing: Sourcing = NARRATION,
    story: str | None = None,
    contest: Contest = Contest.CURRENT,
    kind: Kind = Kind.PERSON,
    asks: tuple[str, ...] = (),
    confidence: float = 0.9,
    number: int = 0,
) -> Evidence:
    """Published on and said on days of July."""
    anything = Article("x", "text")
    key = f"{position}.{published}.{said}.{sourcing}.{endorser}.{endorsee}.{story}.{number}"
    return Evidence(
        id=f"{key}.e0",
        endorser=by_name(endorser, kind, anything),
        endorser_kind=kind,
        endorsee=by_name(endorsee, None, anything),
        contest=contest,
        position=position,
        sourcing=sourcing,
        quote=Quote(Span(0, 4), "text"),
        article=ArticleRef(
            f"a_{key}", published=None if published is None else july(published), story=story or key
        ),
        conditions=tuple(Quote(Span(0, len(ask)), ask) for ask in asks),
        said_on=None if said is None else july(said),
        confidence=confidence,
    )


def only(found: list[Standing]) -> Standing:
    assert len(found) == 1
    return found[0]


def stand(*given: Evidence, as_of: int | None = None) -> tuple[Stand, dt.date | None, dt.date | None]:
    standing = only(standings(given, None if as_of is None else july(as_of)))
    return standing.position, standing.since, standing.last_said


def test_the_latest_wins() -> None:
    assert stand(evidence(WITHHOLDING, 3), evidence(ENDORSED, 5)) == (ENDORSED, july(5), july(5))
    assert stand(evidence(WITHHOLDING, 5), evidence(ENDORSED, 3)) == (WITHHOLDING, july(5), july(5))


def test_the_day_it_was_said_goes_before_the_day_it_was_published() -> None:
    old_words_printed_late = evidence(WITHHOLDING, 9, said=2)
    assert stand(evidence(ENDORSED, 5), old_words_printed_late)[0] is ENDORSED


def test_nothing_is_said_after_it_is_published() -> None:
    misread = evidence(WITHHOLDING, 2, said=9)
    assert stand(misread, evidence(ENDORSED, 5))[0] is ENDORSED
    assert stand(misread)[1] == july(2)


def test_on_one_day_the_nearest_to_the_endorser_wins() -> None:
    assert stand(evidence(ENDORSED, 5), evidence(WITHHOLDING, 5, sourcing=OWN))[0] is WITHHOLDING
    assert stand(evidence(ENDORSED, 6), evidence(WITHHOLDING, 5, sourcing=OWN))[0] is ENDORSED
    nearest_last = [evidence(p, 5, sourcing=s) for p, s in zip(Stand, reversed(Sourcing), strict=True)]
    assert stand(*nearest_last)[0] is list(Stand)[-1]


def test_on_one_day_an_act_wins_over_its_announcement() -> None:
    assert stand(evidence(EXPECTED, 5), evidence(ENDORSED, 5))[0] is ENDORSED


def test_since_is_the_first_day_of_the_unbroken_stand() -> None:
    history = [
        evidence(WITHHOLDING, 1),
        evidence(ENDORSED, 3),
        evidence(WITHHOLDING, 5),
        evidence(WITHHOLDING, 7),
        evidence(WITHHOLDING, 6, said=4),
    ]
    assert stand(*history) == (WITHHOLDING, july(4), july(7))
    assert only(standings(history)).independent_reports == 3


def test_a_report_that_is_outranked_does_not_break_the_stand() -> None:
    history = [
        evidence(WITHHOLDING, 1),
        evidence(WITHHOLDING, 2, sourcing=OWN),
        evidence(ENDORSED, 2),
        evidence(WITHHOLDING, 4),
    ]
    assert stand(*history) == (WITHHOLDING, july(1), july(4))


def test_support_after_an_endorsement_bears_it_out() -> None:
    found = only(standings([evidence(ENDORSED, 1), evidence(SUPPORTS, 4, sourcing=OWN)]))
    assert (found.position, found.since, found.last_said) == (ENDORSED, july(1), july(4))
    assert found.best.position is ENDORSED
    assert stand(evidence(SUPPORTS, 1), evidence(ENDORSED, 4)) == (ENDORSED, july(4), july(4))
    assert stand(evidence(ENDORSED, 1), evidence(WITHDRAWN, 2), evidence(SUPPORTS, 4))[0] is SUPPORTS


def test_evidence_without_a_day_comes_first_and_its_day_stays_unknown() -> None:
    undated = evidence(REFUSED)
    assert stand(undated) == (REFUSED, None, None)
    assert stand(undated, evidence(ENDORSED, 2))[0] is ENDORSED
    assert standings([undated], july(30)) == []


def test_as_of_a_day() -> None:
    history = [evidence(WITHHOLDING, 2), evidence(ENDORSED, 6, said=5), evidence(WITHDRAWN, 8)]
    assert stand(*history, as_of=4)[0] is WITHHOLDING
    assert stand(*history, as_of=5)[0] is WITHHOLDING  # said on the 5th, but nobody could read it yet
    assert stand(*history, as_of=6)[0] is ENDORSED
    assert stand(*history, as_of=30)[0] is WITHDRAWN
    assert standings(history, july(1)) == []


def test_copies_are_counted_once() -> None:
    first = evidence(WITHHOLDING, 2, story="s")
    reprints = [evidence(WITHHOLDING, day, story="s", number=day) for day in (3, 9)]
    found = only(standings([*reprints, first, evidence(WITHHOLDING, 4)]))
    assert (found.independent_reports, found.copies) == (2, 2)
    assert found.since == july(2)


def test_a_reprint_is_no_later_word() -> None:
    reprint = evidence(WITHHOLDING, 9, story="s")
    assert stand(evidence(WITHHOLDING, 2, story="s"), evidence(ENDORSED, 5), reprint)[0] is ENDORSED


def test_a_copy_that_was_brought_up_to_date_is_a_report_of_its_own() -> None:
    assert stand(evidence(EXPECTED, 2, story="s"), evidence(ENDORSED, 3, story="s"))[0] is ENDORSED


def test_voters_are_not_counted() -> None:
    assert standings([evidence(SUPPORTS, 1, kind=Kind.VOTER)]) == []


def test_past_contests_are_kept_apart() -> None:
    found = standings([evidence(ENDORSED, 1, contest=Contest.PAST), evidence(REFUSED, 1)])
    assert {(one.contest, one.position) for one in found} == {
        (Contest.PAST, ENDORSED),
        (Contest.CURRENT, REFUSED),
    }
    assert holdouts([only(standings([evidence(WITHHOLDING, 1, contest=Contest.PAST)]))], july(9)) == []


def test_has_not_endorsed_anyone_ends_with_an_endorsement() -> None:
    nobody = evidence(WITHHOLDING, 2, endorsee="any candidate")
    assert only(standings([nobody])).endorsee.name == "any candidate"
    assert only(standings([nobody, evidence(SUPPORTS, 3)])).endorsee.name == "Cy Dunmore"
    assert len(standings([nobody, evidence(SUPPORTS, 3)], july(2))) == 1
    assert len(standings([nobody, evidence(ENDORSED, 1)])) == 2
    assert len(standings([nobody, evidence(EXPECTED, 3)])) == 2
    assert len(standings([nobody, evidence(ENDORSED, 3, endorser="Bo Quill")])) == 2
    assert len(standings([nobody, evidence(ENDORSED, 3, contest=Contest.PAST)])) == 2


def test_the_best_evidence_is_the_nearest_to_the_endorser_and_of_several_the_latest() -> None:
    found = only(
        standings(
            [
                evidence(WITHHOLDING, 1, sourcing=OWN, asks=("a plan",)),
                evidence(WITHHOLDING, 2, sourcing=OWN, asks=("a plan", "a debate")),
                evidence(WITHHOLDING, 9, asks=("a  bridge",)),
            ]
        )
    )
    assert (found.best.sourcing, found.best.day) == (OWN, july(2))
    assert found.last_said == july(9)
    assert found.conditions == ("a plan", "a debate", "a bridge")


def test_unsure_is_marked_and_never_dropped() -> None:
    unsure = evidence(ENDORSED, 1, confidence=0.3)
    assert only(standings([unsure], review_below=0.5)).to_review
    assert not only(standings([unsure, evidence(ENDORSED, 2)], review_below=0.5)).to_review
    assert only(
        standings([evidence(WITHHOLDING, 1), evidence(ENDORSED, 2, confidence=0.3)], review_below=0.5)
    ).to_review


def test_holdouts_longest_first() -> None:
    found = holdouts(
        standings(
            [
                evidence(WITHHOLDING, 3, endorser="Ada Brook"),
                evidence(EXPECTED, 1, endorser="Bo Quill"),
                evidence(WITHHOLDING, endorser="Eve Marsh"),
                evidence(ENDORSED, 1, endorser="Dee Fell"),
                evidence(WITHHOLDING, 9, endorser="Zoe Tarn"),
            ]
        ),
        july(8),
    )
    assert [(one.standing.endorser.name, one.days) for one in found] == [
        ("Bo Quill", 7),
        ("Ada Brook", 5),
        ("Zoe Tarn", 0),
        ("Eve Marsh", None),
    ]


def test_reports_come_oldest_first() -> None:
    found = reports([evidence(ENDORSED, 5), evidence(WITHHOLDING), evidence(EXPECTED, 9, said=3)])
    assert [one.day for one in found] == [None, july(3), july(5)]


days = st.none() | st.integers(1, 6)
pieces = st.builds(
    evidence,
    st.sampled_from(Stand),
    days,
    endorser=st.sampled_from(["Ada Brook", "Bo Quill"]),
    endorsee=st.sampled_from(["Cy Dunmore", "Measure 7", "any candidate"]),
    said=days,
    sourcing=st.sampled_from([Sourcing.OWN_WORDS, Sourcing.OUTLET, Sourcing.NARRATION]),
    story=st.sampled_from(["s1", "s2", None]),
    contest=st.sampled_from(Contest),
    kind=st.sampled_from([Kind.PERSON, Kind.VOTER]),
    confidence=st.sampled_from([0.2, 0.9]),
    number=st.integers(0, 10_000),
)
histories = st.lists(pieces, max_size=12, unique_by=lambda one: one.id)


@given(histories, st.randoms(use_true_random=False))
def test_the_order_of_adding_makes_no_difference(history: list[Evidence], shuffler: random.Random) -> None:
    shuffled = history[:]
    shuffler.shuffle(shuffled)
    assert standings(shuffled) == standings(history)


@given(histories, st.integers(0, 7))
def test_as_of_never_sees_later_evidence(history: list[Evidence], day: int) -> None:
    now = standings(history, july(day + 1))
    earlier = [one for one in history if one.day and (one.last_day or one.day) <= july(day + 1)]
    assert now == standings(earlier)
    for standing in now:
        for one in standing.evidence:
            assert all(d is None or d <= july(day + 1) for d in (one.said_on, one.article.published))


@given(histories, pieces)
def test_what_comes_later_leaves_an_earlier_count_as_it_was(history: list[Evidence], later: Evidence) -> None:
    later = dataclasses.replace(later, said_on=july(20))
    assert standings([*history, later], july(6)) == standings(history, july(6))


@given(histories)
def test_each_standing_rests_on_evidence_that_holds_it(history: list[Evidence]) -> None:
    found = standings(history)
    pairs = {(one.endorser.id, one.endorsee.id, one.contest) for one in found}
    assert len(pairs) == len(found)
    for standing in found:
        assert standing.best in standing.evidence
        assert standing.best.position is standing.position
        assert standing.independent_reports >= 1
        assert standing.copies >= 0
        if standing.since:
            assert standing.last_said
            assert standing.since <= standing.last_said


@pytest.mark.parametrize("later", [2, 6])
def test_a_reprint_never_changes_a_count(later: int) -> None:
    history = [
        evidence(WITHHOLDING, 1, story="s"),
        evidence(ENDORSED, 4),
        evidence(REFUSED, 5, endorsee="Measure 7"),
    ]
    reprint = evidence(WITHHOLDING, later, story="s", number=1)
    before = [(s.endorsee.id, s.position, s.since, s.independent_reports) for s in standings(history)]
    after = [
        (s.endorsee.id, s.position, s.since, s.independent_reports) for s in standings([*history, reprint])
    ]
    assert before == after
