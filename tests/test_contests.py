import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whipcount.contests import (
    About,
    Candidacy,
    ContestKind,
    Race,
    Stage,
    assign,
    earlier_stages,
    race_id,
    speaks_of_none,
)
from whipcount.people import by_name

CY, DEE, EVE = "Cy Dunmore", "Dee Fell", "Eve Marsh"


def day(month: int, of: int = 1, year: int = 2031) -> dt.date:
    return dt.date(year, month, of)


def standing(name: str, party: str | None = None, **days: dt.date) -> Candidacy:
    return Candidacy(by_name(name).id, name, party, **days)


PRIMARY = Race(
    "c_primary", "Primary", office="governor", jurisdiction="Ossawa", stage=Stage.PRIMARY, opens=day(1),
    election_day=day(6), candidacies=(standing(CY, "Harbor"), standing(DEE, "Harbor", left=day(4)), standing(EVE, "Ridge")),
)  # fmt: skip
GENERAL = Race(
    "c_general", "General", office="Governor", jurisdiction="Ossawa", stage=Stage.GENERAL, opens=day(1),
    election_day=day(11), candidacies=(standing(CY, "Harbor"), standing("Fay Oke")),
)  # fmt: skip
MEASURE = Race(
    "c_measure", "Measure 7", ContestKind.MEASURE, stage=Stage.VOTE, opens=day(8), election_day=day(11),
    candidacies=(standing("Measure 7"),),
)  # fmt: skip
OLD = Race(
    "c_old", "Governor of Ossawa 2027", office="governor", jurisdiction="Ossawa", stage=Stage.GENERAL,
    election_day=day(11, year=2027), candidacies=(standing(CY),),
)  # fmt: skip
ALL = (PRIMARY, GENERAL, MEASURE, OLD)


def about(endorsee: str, on: dt.date | None, *, past: bool = False, at: str = "a", id: str = "e") -> About:  # noqa: A002
    return About(id, at, by_name(endorsee).id, endorsee, on, past)


def contest(*evidence: About, text: str = "") -> str | None:
    numbered = [replace(one, evidence_id=str(n)) for n, one in enumerate(evidence)]
    return assign(numbered, ALL, lambda _: text)["0"]


@pytest.mark.parametrize(
    ("endorsee", "on", "past", "found"),
    [
        (CY, day(3), False, "c_primary"),
        (CY, day(6), False, "c_primary"),
        (CY, day(6, 2), False, "c_general"),
        (CY, day(11), False, "c_general"),
        (CY, day(11, 2), False, None),
        (CY, day(12, 31, 2030), False, None),
        (CY, None, False, None),
        (DEE, day(4), False, "c_primary"),
        (DEE, day(4, 2), False, None),
        ("Fay Oke", day(3), False, "c_general"),
        ("Gil Roe", day(3), False, None),
        ("Measure 7", day(9), False, "c_measure"),
        (CY, day(3), True, "c_old"),
        (CY, day(9), True, None),
        (DEE, day(9), True, "c_primary"),
        (DEE, day(3), True, None),
    ],
)
def test_a_report_is_about_the_contest_in_which_the_endorsee_stood_that_day(
    endorsee: str, on: dt.date | None, past: bool, found: str | None
) -> None:
    assert contest(about(endorsee, on, past=past)) == found


def test_two_races_at_once_stay_unknown() -> None:
    senate = Race("c_senate", "Senate", office="senator", election_day=day(11), candidacies=(standing(CY),))
    assert assign([about(CY, day(9))], [GENERAL, senate]) == {"e": None}
    anyone = about("any candidate", day(9))
    both = assign([anyone], [GENERAL, senate], lambda _: CY)
    assert both == {"e": None}
    twin = replace(GENERAL, id="c_twin")
    assert assign([about(CY, day(9))], [GENERAL, twin]) == {"e": None}


def test_any_candidate_goes_by_the_rest_of_the_article() -> None:
    anyone = about("any candidate", day(3))
    assert contest(anyone) is None
    assert contest(anyone, about(DEE, day(3))) == "c_primary"
    assert contest(anyone, about(DEE, day(3), at="another")) is None
    assert contest(anyone, about(DEE, day(3)), about("Fay Oke", day(3))) == "c_primary"
    nine = about("any candidate", day(9))
    assert contest(nine, about(CY, day(9)), about("Measure 7", day(9))) == "c_general"
    assert contest(nine, about("Measure 7", day(9))) is None
    assert contest(nine, text="What Cy Dunmore wants") == "c_general"
    assert contest(nine, text="What Cy Dunmore and Measure 7 want") == "c_general"
    assert contest(nine, about("Gil Roe", day(9)), text="What Measure 7 wants") is None
    assert contest(nine, text="What Gil Roe wants") is None
    assert contest(nine, about(CY, day(9), past=True)) is None


def test_a_partys_nominee_stands_in_the_general_election() -> None:
    assert contest(about("the Harbor nominee", day(3)), about(DEE, day(3))) == "c_general"
    assert contest(about("the party's nominee", day(3)), about(DEE, day(3))) == "c_general"
    assert contest(about("Cove nominee", day(3)), about(DEE, day(3))) is None
    assert contest(about("the Harbor nominee", day(11, 2)), about(DEE, day(3))) is None


@pytest.mark.parametrize(
    ("endorsee", "nobody"),
    [
        ("any candidate", True), ("the Republican nominee", True), ("the Democratic presidential nominee", True),
        ("the nominee", True), ("Nominee Jones", False), ("Cy Dunmore", False), ("Measure 7", False),
    ],
)  # fmt: skip
def test_endorsees_that_are_no_particular_candidate(endorsee: str, nobody: bool) -> None:
    assert speaks_of_none(endorsee) is nobody


def test_merged_identities_stand_as_one() -> None:
    said = about("C. Dunmore", day(9))
    assert assign([said], ALL) == {"e": None}
    assert assign([said], ALL, joined={said.endorsee_id: by_name(CY).id}) == {"e": "c_general"}
    assert assign([about(CY, day(9))], ALL, joined={by_name(CY).id: "r_1"}) == {"e": "c_general"}


def test_the_stages_by_which_a_race_came() -> None:
    assert earlier_stages(GENERAL, ALL) == [PRIMARY]
    assert earlier_stages(PRIMARY, ALL) == []
    runoff = replace(GENERAL, id="c_runoff", stage=Stage.RUNOFF, election_day=day(12))
    assert earlier_stages(runoff, ALL) == [PRIMARY, GENERAL]


def test_ids_are_made_of_what_a_contest_is() -> None:
    one = race_id(ContestKind.OFFICE, "Governor", "Ossawa", Stage.GENERAL, day(11))
    assert one == race_id(ContestKind.OFFICE, "governor", "ossawa", Stage.GENERAL, day(11))
    assert one != race_id(ContestKind.OFFICE, "governor", "ossawa", Stage.PRIMARY, day(11))
    assert one.startswith("c_")


SAID = st.lists(
    st.builds(
        About,
        evidence_id=st.uuids().map(str),
        article_id=st.sampled_from("ab"),
        endorsee_id=st.just(""),
        endorsee=st.sampled_from(
            [CY, DEE, EVE, "Measure 7", "any candidate", "the Ridge nominee", "Gil Roe"]
        ),
        day=st.none() | st.dates(day(1, year=2027), day(12, 31)),
        past=st.booleans(),
    ).map(lambda one: replace(one, endorsee_id=by_name(one.endorsee).id)),
    max_size=8,
    unique_by=lambda one: one.evidence_id,
)


@given(SAID, st.permutations(ALL), st.randoms())
def test_each_piece_gets_one_answer_whatever_the_order(
    said: list[About], races: list[Race], chance: object
) -> None:
    found = assign(said, races)
    mixed = list(said)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert assign(mixed, ALL) == found
    assert found.keys() == {one.evidence_id for one in said}
    by_id = {race.id: race for race in ALL}
    for one in said:
        answer = found[one.evidence_id]
        if answer is None:
            continue
        assert one.day is not None
        if one.past:
            assert by_id[answer].over_by(one.day)
        elif not speaks_of_none(one.endorsee):
            assert by_id[answer].open_on(one.day)
            names = {c.name for c in by_id[answer].candidacies if c.stood(one.day)}
            assert one.endorsee in names
