"""Support that stood at an earlier stage counts at the later one."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from making import Claim, july, reading
from test_rules import said
from whipcount.article import Contest, Stand
from whipcount.contest_file import Planned, planned
from whipcount.contests import Candidacy, Race, Stage
from whipcount.counting import carried, contest_evidence
from whipcount.ledger import Evidence, Ledger
from whipcount.ledger.contests import Contests
from whipcount.people import by_name
from whipcount.standing import standings

PRIMARY = planned(
    "Primary", office="governor", stage=Stage.PRIMARY, opens=july(1), election_day=july(10),
    candidates=(Planned("Cy Dunmore"), Planned("Dee Fell")),
)  # fmt: skip
GENERAL = planned(
    "General", office="governor", stage=Stage.GENERAL, opens=july(11), election_day=july(30),
    candidates=(Planned("Cy Dunmore"), Planned("Eve Marsh")),
)  # fmt: skip


def stands(ledger: Ledger, race: Race, as_of: dt.date | None = None) -> dict[tuple[str, str], str]:
    found = standings(contest_evidence(ledger, race, as_of), as_of)
    return {(s.endorser.name, s.endorsee.name): s.position.value for s in found}


def test_primary_support_is_carried_on_until_somebody_says_otherwise(store: str) -> None:
    with Ledger.open(store) as ledger:
        contests = Contests(ledger.engine)
        contests.imported([PRIMARY, GENERAL])
        primary, general = contests.find("primary"), contests.find("general")
        ledger.add(
            reading(
                Claim("Ada Brook", Stand.ENDORSED),
                Claim("Bo Quill", Stand.WITHHOLDING),
                Claim("Gil Roe", Stand.ENDORSED, "Dee Fell"),
                Claim("Hal Tine", Stand.SUPPORTS),
                Claim("Ivo Sand", Stand.REFUSED),
                Claim("Jo Teal", Stand.WITHHOLDING, "any candidate"),
                published=july(5),
            )
        )
        ledger.add(reading(Claim("Hal Tine", Stand.WITHDRAWN), id="2", published=july(20), lead="Later."))
        ledger.add(
            reading(
                Claim("Kit Low", Stand.ENDORSED, contest=Contest.PAST), id="3", published=dt.date(2031, 8, 2)
            )
        )
        assert len(stands(ledger, primary)) == 6
        assert stands(ledger, general, july(15)) == {
            ("Ada Brook", "Cy Dunmore"): "endorsed",
            ("Hal Tine", "Cy Dunmore"): "supports",
        }
        assert stands(ledger, general) == {
            ("Ada Brook", "Cy Dunmore"): "endorsed",
            ("Hal Tine", "Cy Dunmore"): "withdrawn",
        }
        [ada] = [s for s in standings(contest_evidence(ledger, general)) if s.endorser.name == "Ada Brook"]
        assert (ada.since, ada.contest_id) == (july(5), general.id)


def test_what_looks_back_on_a_contest_counts_in_it(ledger: Ledger) -> None:
    contests = Contests(ledger.engine)
    contests.add(GENERAL)
    ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED), published=july(20)))
    ledger.add(
        reading(
            Claim("Ada Brook", Stand.ENDORSED, contest=Contest.PAST),
            id="2",
            published=dt.date(2031, 8, 2),
            lead="Then.",
        )
    )
    [one] = standings(contest_evidence(ledger, contests.find("general")))
    assert (one.independent_reports, one.contest) == (2, Contest.CURRENT)


CY = Race("c_g", "General", candidacies=(Candidacy(by_name("Cy Dunmore").id, "Cy Dunmore"),))
BEFORE = st.lists(
    st.builds(
        said,
        endorser=st.sampled_from(["Ada Brook", "Bo Quill"]),
        position=st.sampled_from(list(Stand)),
        on=st.integers(1, 9),
        id=st.uuids().map(str),
        endorsee=st.sampled_from(["Cy Dunmore", "Dee Fell", "any candidate"]),
        contest_id=st.just("c_p"),
    ),
    max_size=8,
)


@given(BEFORE)
def test_only_standing_support_for_who_stands_is_carried(before: list[Evidence]) -> None:
    found = carried(before, CY)
    assert {one.id for one in found} <= {one.id for one in before}
    assert {one.endorsee.name for one in found} <= {"Cy Dunmore"}
    stood = {
        (s.endorser.id, s.endorsee.id): s.position
        for s in standings(before)
        if s.position in {Stand.ENDORSED, Stand.SUPPORTS} and s.endorsee.name == "Cy Dunmore"
    }
    assert {(s.endorser.id, s.endorsee.id): s.position for s in standings(found)} == stood
