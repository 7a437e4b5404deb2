import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from making import Claim, july, reading
from whipcount.article import Contest, Sourcing, Span, Stand
from whipcount.contest_file import Planned, contest_file, planned
from whipcount.contests import ContestKind, Stage
from whipcount.errors import ContestError
from whipcount.ledger import Ledger
from whipcount.ledger.contests import Contests, Entered
from whipcount.ledger.events import Action
from whipcount.ledger.registry import People
from whipcount.ledger.reviews import Reviews
from whipcount.people import by_name
from whipcount.people.registry import Entry

CY = Claim("Ada Brook", Stand.ENDORSED)
MEASURE = Claim("Bo Quill", Stand.SUPPORTS, "Measure 7")
GOVERNOR = planned(
    None, office="governor", jurisdiction="Ossawa", stage=Stage.GENERAL, opens=july(1), election_day=july(20),
    candidates=(Planned("Cy Dunmore", "Harbor"), Planned("Dee Fell")),
)  # fmt: skip
PRIMARY = planned(
    None, office="governor", jurisdiction="Ossawa", stage=Stage.PRIMARY, election_day=july(5),
    candidates=(Planned("Cy Dunmore"),),
)  # fmt: skip


@pytest.fixture
def opened(store: str) -> Iterator[Ledger]:
    with Ledger.open(store) as ledger:
        yield ledger


def assigned(ledger: Ledger) -> dict[str, str | None]:
    return {one.endorser.name: one.contest_id for one in ledger.evidence()}


def rows(ledger: Ledger) -> int:
    with ledger.engine.connect() as connection:
        return connection.scalar(sa.text("SELECT count(*) FROM assignments")) or 0


def test_evidence_of_before_and_after_is_assigned(opened: Ledger) -> None:
    opened.add(reading(CY, MEASURE, published=july(3)))
    contests = Contests(opened.engine)
    governor = GOVERNOR.race.id
    assert contests.add(GOVERNOR) == Entered(new=1, assigned=1)
    assert assigned(opened) == {"Ada Brook": governor, "Bo Quill": None}
    opened.add(
        reading(
            Claim("Eve Marsh", Stand.WITHHOLDING, "any candidate"),
            Claim("Gil Roe", Stand.ENDORSED, "Dee Fell"),
            id="2",
            published=july(4),
            lead="More.",
        )
    )
    opened.add(reading(Claim("Hal Tine", Stand.ENDORSED, contest=Contest.PAST), id="3", published=july(4)))
    opened.add(reading(Claim("Ivo Sand", Stand.ENDORSED), id="4", published=july(21), lead="Later."))
    assert assigned(opened) == {
        "Ada Brook": governor,
        "Bo Quill": None,
        "Eve Marsh": governor,
        "Gil Roe": governor,
        "Hal Tine": None,
        "Ivo Sand": None,
    }
    assert {one.endorser.name for one in opened.evidence(contest_id=governor)} == {
        "Ada Brook",
        "Eve Marsh",
        "Gil Roe",
    }
    assert contests.assign() == 0


def test_rows_are_added_only_where_something_changes(opened: Ledger) -> None:
    opened.add(reading(CY, published=july(3)))
    contests = Contests(opened.engine)
    contests.add(GOVERNOR)
    assert rows(opened) == 1
    assert contests.imported([GOVERNOR]) == Entered(same=1)
    assert contests.imported([PRIMARY, GOVERNOR]) == Entered(new=1, same=1, assigned=1)
    assert assigned(opened) == {"Ada Brook": PRIMARY.race.id}
    assert rows(opened) == 2
    assert contests.change(PRIMARY.race.id, election_day=july(2)) == Entered(changed=1, assigned=1)
    assert assigned(opened) == {"Ada Brook": GOVERNOR.race.id}
    assert rows(opened) == 3
    assert contests.find(PRIMARY.race.id).election_day == july(2)


def test_candidates_enter_and_leave(opened: Ledger) -> None:
    opened.add(reading(CY, published=july(3)))
    contests = Contests(opened.engine)
    contests.add(GOVERNOR)
    governor = GOVERNOR.race.id
    assert contests.stand(governor, Planned("Cy Dunmore", "Harbor", left=july(2))).assigned == 1
    assert assigned(opened) == {"Ada Brook": None}
    assert contests.stand(governor, Planned("Cy Dunmore", "Harbor", left=july(9))).assigned == 1
    assert contests.remove(governor, "Cy Dunmore").assigned == 1
    assert [one.name for one in contests.find(governor).candidacies] == ["Dee Fell"]
    with pytest.raises(ContestError, match="does not stand in governor of Ossawa 2031"):
        contests.remove(governor, "Cy Dunmore")
    with pytest.raises(ContestError, match="before entering"):
        contests.stand(governor, Planned("Cy Dunmore", entered=july(3), left=july(2)))


def test_what_readers_decide_moves_evidence_at_once(opened: Ledger) -> None:
    added = opened.add(
        reading(CY, Claim("Bo Quill", Stand.ENDORSED, "C. Dunmore"), MEASURE, published=july(3))
    )
    contests, reviews = Contests(opened.engine), Reviews(opened.engine)
    contests.add(GOVERNOR)
    governor = GOVERNOR.race.id
    merged = reviews.record(
        Action.MERGE, by_name("C. Dunmore").id, "Ines", {"into": by_name("Cy Dunmore").id}
    )
    assert contest_of(opened, "Ada Brook") == contest_of(opened, "Bo Quill") == governor
    first = next(one for one in opened.evidence() if one.endorser.name == "Ada Brook")
    moved = reviews.record(Action.CORRECT, first.id, "Ines", {"said_on": "2031-06-30"})
    assert (contest_of(opened, "Ada Brook"), contest_of(opened, "Bo Quill")) == (None, governor)
    reviews.undo(moved.number, "Jo")
    assert contest_of(opened, "Ada Brook") == governor
    reviews.undo(merged.number, "Jo")
    assert contest_of(opened, "Bo Quill") is None
    reviews.add(
        added.article_id, "Ines", endorser="Eve Marsh", endorsee="Dee Fell", position=Stand.ENDORSED,
        sourcing=Sourcing.NARRATION, span=Span(0, 4),
    )  # fmt: skip
    assert contest_of(opened, "Eve Marsh") == governor
    assert contests.assign() == 0


def contest_of(ledger: Ledger, endorser: str) -> str | None:
    return next(one.contest_id for one in ledger.evidence() if one.endorser.name == endorser)


def test_a_contest_given_by_a_reader_prevails(opened: Ledger) -> None:
    opened.add(reading(CY, published=july(3)))
    contests = Contests(opened.engine)
    contests.imported([GOVERNOR, planned("Measure 7", kind=ContestKind.MEASURE)])
    [one] = opened.evidence()
    Reviews(opened.engine).record(
        Action.CORRECT, one.id, "Ines", {"contest_id": contests.find("measure 7").id}
    )
    contests.assign()
    assert assigned(opened) == {"Ada Brook": contests.find("measure 7").id}


def test_what_a_change_brought_onto_a_page_is_of_its_day(opened: Ledger) -> None:
    contests = Contests(opened.engine)
    contests.imported([PRIMARY, GOVERNOR])
    url = "https://courier.example/a"
    opened.add(reading(CY, published=july(3), url=url))
    newer = reading(CY, Claim("Bo Quill", Stand.ENDORSED), published=july(3), url=url, lead="News again.")
    clock = dt.datetime(2031, 7, 9, tzinfo=dt.UTC)
    Ledger(opened.engine, lambda: clock).add(newer)
    found = {(one.endorser.name, one.appeared, one.contest_id) for one in opened.evidence()}
    assert found == {
        ("Ada Brook", None, PRIMARY.race.id),
        ("Bo Quill", july(9), GOVERNOR.race.id),
    }
    third = reading(CY, Claim("Eve Marsh", Stand.ENDORSED), published=july(3), url=url, lead="And again.")
    Ledger(opened.engine, lambda: clock + dt.timedelta(days=1)).add(third)
    assert assigned(opened)["Ada Brook"] == PRIMARY.race.id
    assert assigned(opened)["Eve Marsh"] == GOVERNOR.race.id
    assert contests.assign() == 0


def test_contests_as_they_were_known(db: str) -> None:
    now = dt.datetime(2031, 7, 1, tzinfo=dt.UTC)
    with Ledger.open(db) as ledger:
        contests = Contests(ledger.engine, lambda: now)
        contests.add(GOVERNOR)
        now += dt.timedelta(days=1)
        contests.change(GOVERNOR.race.id, name="The race")
        assert [race.name for race in contests.all(now - dt.timedelta(hours=1))] == [
            "governor of Ossawa 2031, general"
        ]
        assert [race.name for race in contests.all()] == ["The race"]
        assert contests.all(now - dt.timedelta(days=2)) == []


def test_candidates_of_the_registry_are_its_people(ledger: Ledger) -> None:
    twins = [Entry("r_1", "Dee Fell"), Entry("r_2", "Gil Roe"), Entry("r_3", "Gil Roe")]
    People(ledger.engine).imported(twins, "a list")
    contests = Contests(ledger.engine)
    contests.add(GOVERNOR)
    assert contests.find("governor").candidacies[1].identity_id == "r_1"
    with pytest.raises(ContestError, match=r"Gil Roe may be Gil Roe \(r_2\), Gil Roe \(r_3\); give the id"):
        contests.stand(GOVERNOR.race.id, Planned("Gil Roe"))
    contests.stand(GOVERNOR.race.id, Planned("r_3"))
    ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED, "Dee Fell"), published=july(3)))
    assert assigned(ledger) == {"Ada Brook": GOVERNOR.race.id}


def test_contests_are_found_by_id_and_words(ledger: Ledger) -> None:
    contests = Contests(ledger.engine)
    contests.imported([PRIMARY, GOVERNOR])
    assert contests.find("primary governor").id == PRIMARY.race.id
    with pytest.raises(ContestError, match="give the id"):
        contests.find("governor")
    with pytest.raises(ContestError, match="no contest 'mayor'"):
        contests.find("mayor")
    with pytest.raises(ContestError, match="there already"):
        contests.add(GOVERNOR)
    with pytest.raises(ContestError, match="after its election day"):
        contests.change(PRIMARY.race.id, opens=july(9))


EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "contests.toml"


def test_the_example_can_be_imported(ledger: Ledger) -> None:
    assert Contests(ledger.engine).imported(contest_file(EXAMPLE)).new == 3
    assert Contests(ledger.engine).imported(contest_file(EXAMPLE)).same == 3
    measure = Contests(ledger.engine).find("measure 12")
    assert [one.name for one in measure.candidacies] == ["Measure 12"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "lists no contests"),
        ("contests = 1", "contests must be tables"),
        ("[[contest]]", "unknown 'contest'"),
        ("[[contests]]\nname = 'A'", "contest 1 needs an office"),
        ("[[contests]]\nkind = 'measure'", "contest 1 needs a name"),
        ("[[contests]]\noffice = 'a'\nstage = 'final'", "stage must be of primary, runoff"),
        ("[[contests]]\noffice = 'a'\nopens = 'soon'", "opens must be a day, like 2024-07-24, not 'soon'"),
        ("[[contests]]\noffice = 'a'\nid = 'x'", "an id is c_"),
        (
            "[[contests]]\noffice = 'a'\nopens = 2031-07-02\nelection_day = 2031-07-01",
            "after its election day",
        ),
        ("[[contests]]\noffice = 'a'\n[[contests]]\noffice = 'A'", "contest 2 is the same as 'a'"),
        ("[[contests]]\noffice = 'a'\ncandidates = [{party = 'x'}]", "candidate 1 needs a name"),
        ("[[contests]]\noffice = 'a'\ncandidates = [{name = 'x', age = 1}]", "unknown 'age'"),
        ("[[contests]", "is no TOML"),
    ],
)
def test_a_file_that_makes_no_sense(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "contests.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContestError, match=why) as error:
        contest_file(path)
    assert "\n" not in str(error.value)
