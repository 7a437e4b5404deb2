"""Reports that can't both hold."""

import datetime as dt

import pytest

from making import HERALD, Claim, july, reading
from whipcount.article import Contest, Sourcing, Stand
from whipcount.conflicts import Clash, Conflict, conflicts, disputed, in_question
from whipcount.ledger import Ledger
from whipcount.ledger.desk_models import AssignmentRow, CandidacyRow, ContestRow
from whipcount.ledger.events import Action
from whipcount.ledger.reviews import Reviews
from whipcount.review import read_conflicts
from whipcount.standing import standings


def add(
    ledger: Ledger, day: int, position: Stand, sourcing: Sourcing = Sourcing.NARRATION, endorsee: str = "Cy Dunmore",
    lead: str = "", contest: Contest = Contest.CURRENT,
) -> None:  # fmt: skip
    claim = Claim("Ada Brook", position, endorsee, sourcing=sourcing, contest=contest)
    lead = lead or f"Said on day {day} of {position.value} and of {endorsee}."
    ledger.add(reading(claim, published=july(day), lead=lead))


def found(ledger: Ledger, as_of: dt.date | None = None) -> list[Conflict]:
    return conflicts(ledger.evidence(), as_of)


def test_opposite_reports_of_near_days(ledger: Ledger) -> None:
    add(ledger, 3, Stand.ENDORSED)
    add(ledger, 5, Stand.WITHHOLDING)
    [conflict] = found(ledger)
    assert conflict.kind is Clash.OPPOSED
    assert conflict.winner.position is Stand.WITHHOLDING
    assert conflict.rule == "the report of 2031-07-05 is later than that of 2031-07-03"
    assert "opposite reports of near days: Ada Brook withholding from Cy Dunmore" in conflict.text
    assert found(ledger, july(4)) == []
    [standing] = disputed(standings(ledger.evidence()), [conflict])
    assert standing.disputed == conflict.text


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        (Stand.WITHHOLDING, Stand.ENDORSED, 1),
        (Stand.ENDORSED, Stand.WITHDRAWN, 1),
        (Stand.ENDORSED, Stand.WITHHOLDING, 9),
        (Stand.EXPECTED, Stand.ENDORSED, 0),
        (Stand.EXPECTED, Stand.WITHHOLDING, 0),
        (Stand.SUPPORTS, Stand.ENDORSED, 0),
    ],
)
def test_what_follows_or_lies_far_apart_is_no_conflict(
    ledger: Ledger, first: Stand, second: Stand, days: int
) -> None:
    add(ledger, 3, first)
    add(ledger, 3 + days, second)
    assert found(ledger) == []


def test_changing_ones_own_mind_is_no_conflict(ledger: Ledger) -> None:
    add(ledger, 3, Stand.ENDORSED, Sourcing.OWN_WORDS)
    add(ledger, 4, Stand.REFUSED, Sourcing.OWN_WORDS)
    assert found(ledger) == []


def test_an_own_word_after_a_report(ledger: Ledger) -> None:
    add(ledger, 3, Stand.ENDORSED, Sourcing.UNNAMED_SOURCE)
    add(ledger, 12, Stand.WITHHOLDING, Sourcing.OWN_WORDS)
    [conflict] = found(ledger)
    assert conflict.kind is Clash.OWN_WORD
    assert conflict.winner.sourcing is Sourcing.OWN_WORDS
    assert "own word after a report" in conflict.text


def test_on_one_day_the_own_word_counts(ledger: Ledger) -> None:
    add(ledger, 3, Stand.ENDORSED)
    add(ledger, 3, Stand.REFUSED, Sourcing.OWN_WORDS)
    [conflict] = found(ledger)
    assert (conflict.kind, conflict.winner.position) == (Clash.OWN_WORD, Stand.REFUSED)
    assert conflict.rule == "of one day's reports the one nearest to the endorser counts"


@pytest.mark.parametrize("claim_day", [3, 8])
def test_a_candidates_claim_against_the_endorsers_denial(ledger: Ledger, claim_day: int) -> None:
    add(ledger, 5, Stand.WITHHOLDING, Sourcing.OWN_WORDS)
    add(ledger, claim_day, Stand.EXPECTED, Sourcing.NAMED_SOURCE)
    add(ledger, claim_day, Stand.ENDORSED, Sourcing.NAMED_SOURCE)
    asked = in_question(ledger.evidence())
    assert len(asked) == 2
    words = dict.fromkeys(asked, "Mia Holt, a spokeswoman for Dunmore")
    [conflict] = conflicts(ledger.evidence(), said_by=words)
    assert conflict.kind is Clash.CLAIM
    assert conflict.text.startswith("the side of Cy Dunmore claims Ada Brook endorsed Cy Dunmore")
    others = conflicts(ledger.evidence(), said_by=dict.fromkeys(asked, "Sol Reed, a neighbour"))
    assert Clash.CLAIM not in {one.kind for one in others}


def test_who_the_source_is_comes_from_the_ledger(store: str) -> None:
    with Ledger.open(store) as ledger:
        add(ledger, 5, Stand.WITHHOLDING, Sourcing.OWN_WORDS)
        # The source of a statement made by hand is called by the endorser's name: nobody claims anything.
        add(ledger, 6, Stand.ENDORSED, Sourcing.NAMED_SOURCE)
        assert [one.kind for one in read_conflicts(ledger, ledger.evidence())] == []


def test_copies_are_one_report_in_a_conflict(ledger: Ledger) -> None:
    add(ledger, 5, Stand.WITHHOLDING)
    for outlet in ("A", "B", "C"):
        ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED), published=july(4), outlet=outlet))
    [conflict] = found(ledger)
    assert len(conflict.losers) == 1
    assert len(conflict.against) == 3
    prevail = {"over": [one.id for one in conflict.against]}
    Reviews(ledger.engine).record(Action.PREVAIL, conflict.winner.id, "Ines", prevail)
    assert found(ledger) == []


def test_a_reader_overrules_the_rules(store: str) -> None:
    with Ledger.open(store) as ledger:
        add(ledger, 3, Stand.ENDORSED)
        add(ledger, 5, Stand.WITHHOLDING)
        [conflict] = found(ledger)
        over = {"over": [conflict.winner.id]}
        event = Reviews(ledger.engine).record(Action.PREVAIL, conflict.losers[0].id, "Ines", over)
        assert [s.position for s in standings(ledger.evidence())] == [Stand.ENDORSED]
        assert found(ledger) == []
        Reviews(ledger.engine).undo(event.number, "Jo")
        assert found(ledger) == [conflict]


def test_two_first_choices_in_one_contest(store: str) -> None:
    with Ledger.open(store) as ledger:
        add(ledger, 3, Stand.ENDORSED)
        add(ledger, 5, Stand.ENDORSED, endorsee="Dee Fell")
        # Nobody said which contest: they may be two.
        assert read_conflicts(ledger, ledger.evidence()) == []
        now = dt.datetime(2031, 7, 6, tzinfo=dt.UTC)
        with ledger.engine.connect().execution_options(writes=True) as connection, connection.begin():
            rows = [
                {"evidence_id": one.id, "contest_id": "c_mayor", "added_at": now} for one in ledger.evidence()
            ]
            connection.execute(AssignmentRow.__table__.insert(), rows)  # type: ignore[attr-defined]
        [conflict] = read_conflicts(ledger, ledger.evidence())
        assert conflict.kind is Clash.TWO_FIRST
        assert conflict.winner.endorsee.name == "Dee Fell"
        assert "in one contest" in conflict.text
        gone = {("c_mayor", conflict.losers[0].endorsee.id): july(4)}
        assert conflicts(ledger.evidence(), left=gone) == []
        assert conflicts(ledger.evidence(), july(3), left=gone) == []
        with ledger.engine.connect().execution_options(writes=True) as connection, connection.begin():
            contest = {"contest_id": "c_mayor", "name": "Mayor", "kind": "office", "added_at": now}
            connection.execute(ContestRow.__table__.insert(), [contest])  # type: ignore[attr-defined]
            left = {
                "contest_id": "c_mayor",
                "identity_id": conflict.losers[0].endorsee.id,
                "left": july(4),
                "withdrawn": False,
                "added_at": now,
            }
            connection.execute(CandidacyRow.__table__.insert(), [left])  # type: ignore[attr-defined]
        assert read_conflicts(ledger, ledger.evidence()) == []


def test_conflicts_do_not_depend_on_the_order(ledger: Ledger) -> None:
    add(ledger, 3, Stand.ENDORSED)
    add(ledger, 4, Stand.WITHHOLDING)
    add(ledger, 5, Stand.REFUSED, Sourcing.OWN_WORDS)
    ledger.add(reading(Claim("Bo Quill", Stand.ENDORSED), published=july(5), outlet=HERALD, lead="More."))
    evidence = ledger.evidence()
    assert conflicts(evidence) == conflicts(reversed(evidence))
    assert len(conflicts(evidence)) == 1
