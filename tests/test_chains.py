"""Which reports are one: copies, and what only relays another outlet."""

import dataclasses
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from making import COURIER, HERALD, july
from test_standing import ENDORSED, WITHHOLDING, evidence
from whipcount.article import Sourcing, Stand
from whipcount.chains import credited
from whipcount.ledger.evidence import ArticleRef, Evidence, Story, earliest_first
from whipcount.standing import reports, standings

TIMES = "Harbour Times"


def told(
    outlet: str | None,
    day: int | None,
    *,
    via: str | None = None,
    story: str | None = None,
    first: str | None = None,
    position: Stand = WITHHOLDING,
    number: int = 0,
) -> Evidence:
    one = evidence(position, day, story=story or f"{outlet}.{day}.{via}.{number}", number=number)
    article = dataclasses.replace(
        one.article,
        id=f"a_{outlet}.{day}.{via}.{story}.{number}",
        outlet=outlet,
        original_outlet=first,
    )
    return dataclasses.replace(
        one,
        id=f"{article.id}.e0",
        article=article,
        via=via,
        sourcing=Sourcing.OUTLET if via else Sourcing.NARRATION,
    )


def counted(*given_evidence: Evidence) -> tuple[int, int, int]:
    [standing] = standings(given_evidence)
    return standing.independent_reports, standing.relays, standing.copies


def test_a_relay_counts_as_the_report_that_it_relays() -> None:
    assert counted(told(TIMES, 2), told(HERALD, 3, via="The Harbour Times")) == (1, 1, 0)
    assert counted(told(TIMES, 2), told(HERALD, 3)) == (2, 0, 0)
    assert counted(told(TIMES, 2), told(HERALD, 3, via="Marrow Bay Radio")) == (2, 0, 0)


def test_relays_of_one_outlet_whose_report_nobody_saw_are_one() -> None:
    assert counted(told(COURIER, 3, via=TIMES), told(HERALD, 4, via=TIMES)) == (1, 1, 0)
    assert counted(told(COURIER, 3, via=TIMES), told(HERALD, 30, via=TIMES)) == (2, 0, 0)


def test_what_was_told_to_the_outlet_itself_is_its_own_report() -> None:
    own = told(TIMES, 2, via=TIMES)
    assert credited(own) is None
    assert credited(told(HERALD, 2, via=TIMES, first=TIMES)) is None
    assert counted(own, told(HERALD, 3, via=TIMES)) == (1, 1, 0)


def test_a_relay_belongs_to_the_latest_report_before_it() -> None:
    found = reports(
        [told(TIMES, 1), told(TIMES, 10), told(HERALD, 11, via=TIMES), told(COURIER, 4, via=TIMES)]
    )
    assert [[one.day for one in report.all] for report in found] == [
        [july(1), july(4)],
        [july(10), july(11)],
    ]


def test_a_relay_is_no_later_word() -> None:
    [standing] = standings([told(TIMES, 2), told(COURIER, 5, position=ENDORSED), told(HERALD, 9, via=TIMES)])
    assert standing.position is ENDORSED


def test_copies_of_relays_are_copies() -> None:
    reprints = [told(f"Reprint {n}", 4, story="r", via=TIMES, number=n) for n in range(3)]
    copies = [told(f"Copy {n}", 2, story="s", first=TIMES, number=n) for n in range(12)]
    assert counted(told(TIMES, 2, story="s"), *copies, *reprints) == (1, 1, 14)


def ref(number: int, outlet: str | None, day: int | None, first: str | None = None) -> ArticleRef:
    return ArticleRef(
        f"a_{number}",
        outlet=outlet,
        original_outlet=first,
        published=None if day is None else july(day),
        story="s",
    )


@pytest.mark.parametrize(
    ("copies", "earliest", "origin"),
    [
        ([ref(1, HERALD, 3), ref(2, COURIER, 2)], "a_2", COURIER),
        ([ref(1, HERALD, 3, TIMES), ref(2, COURIER, 2)], "a_2", TIMES),
        ([ref(1, HERALD, 3, TIMES), ref(2, TIMES, 3)], "a_2", TIMES),
        ([ref(1, HERALD, 3, TIMES), ref(2, TIMES, 3, "Coast Wire"), ref(3, COURIER, 3, TIMES)], "a_1", "Coast Wire"),
        ([ref(1, HERALD, 3, COURIER), ref(2, COURIER, 3, HERALD)], "a_1", None),
        ([ref(1, HERALD, None), ref(2, COURIER, 9)], "a_2", COURIER),
        ([ref(1, None, None)], "a_1", None),
    ],
)  # fmt: skip
def test_earliest_copy_and_origin(copies: list[ArticleRef], earliest: str, origin: str | None) -> None:
    story = Story("s", tuple(sorted(copies, key=earliest_first)))
    assert story.earliest.id == earliest
    if origin is not None or len(copies) == 1:
        assert story.origin == origin


def test_an_outlet_is_one_under_all_its_names() -> None:
    assert counted(told("Politico", 2), told(HERALD, 3, via="politico.com")) == (1, 1, 0)


tales = st.builds(
    told,
    st.sampled_from([COURIER, HERALD, TIMES, None]),
    st.none() | st.integers(1, 30),
    via=st.sampled_from([None, TIMES, HERALD]),
    story=st.sampled_from(["s1", "s2", "s3", None]),
    first=st.sampled_from([None, TIMES]),
    number=st.integers(0, 10_000),
)


@given(st.lists(tales, max_size=12, unique_by=lambda one: one.id), st.randoms(use_true_random=False))
def test_order_makes_no_difference_and_nothing_is_lost(tales: list[Evidence], chance: random.Random) -> None:
    shuffled = tales[:]
    chance.shuffle(shuffled)
    found = reports(tales)
    assert reports(shuffled) == found
    assert sorted(one.id for report in found for one in report.all) == sorted(one.id for one in tales)
    if tales:
        reports_, relays, copies = counted(*tales)
        assert reports_ + relays + copies == len({one.article.id for one in standings(tales)[0].evidence})
