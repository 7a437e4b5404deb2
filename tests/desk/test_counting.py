import datetime as dt

import pytest

from making import COURIER, HERALD, Claim, july, reading
from whipcount import desk
from whipcount.article import Kind, Sourcing, Stand
from whipcount.contest_file import Planned, planned
from whipcount.errors import ContestError
from whipcount.ledger import Ledger
from whipcount.ledger.contests import Contests
from whipcount.ledger.events import Action
from whipcount.ledger.registry import People
from whipcount.ledger.reviews import Reviews
from whipcount.people.registry import Entry, Term
from whipcount.rosters import Roster
from whipcount.standing import standings

BROOK = Claim("Ada Brook", Stand.WITHHOLDING, sourcing=Sourcing.OWN_WORDS, asks=("a plan for the ferry",))
QUILL = Claim("Bo Quill", Stand.ENDORSED)
GUILD = Claim("Lamplighters' Guild", Stand.ENDORSED, endorsee="Dell Harrow", kind=Kind.ORGANIZATION)


def governor(ledger: Ledger) -> str:
    race = planned(
        "Governor of Marrow",
        office="governor",
        jurisdiction="Marrow",
        opens=july(1),
        election_day=dt.date(2031, 11, 4),
        candidates=(Planned("Cy Dunmore"), Planned("Dell Harrow")),
    )
    Contests(ledger.engine).add(race)
    return race.race.id


def names(found: desk.Count) -> list[str]:
    return [row.standing.endorser.name for row in found.rows]


def test_a_count_is_grouped_by_endorsee_with_its_totals(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(BROOK, QUILL, GUILD, published=july(3)))
        found = desk.count(ledger, today=july(9))
        assert [(g.name, dict(g.totals)) for g in found.groups] == [
            ("Cy Dunmore", {Stand.ENDORSED: 1, Stand.WITHHOLDING: 1}),
            ("Dell Harrow", {Stand.ENDORSED: 1}),
        ]
        assert sorted(one.endorser.name for one in found.standings) == sorted(
            one.endorser.name for one in standings(ledger.evidence())
        )
        assert found.last_move == july(3)
        assert found.recent == ()
        assert {c.endorser.name for c in desk.count(ledger, today=july(4)).recent} == {
            "Ada Brook",
            "Bo Quill",
            "Lamplighters' Guild",
        }


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        (desk.Filters(positions=frozenset({Stand.WITHHOLDING})), ["Ada Brook"]),
        (desk.Filters(sourcings=frozenset({Sourcing.NARRATION})), ["Bo Quill", "Lamplighters' Guild"]),
        (desk.Filters(kinds=frozenset({Kind.ORGANIZATION})), ["Lamplighters' Guild"]),
        (desk.Filters(text="FERRY brook"), ["Ada Brook"]),
        (desk.Filters(text="nobody"), []),
        (desk.Filters(office="senator"), []),
    ],
)
def test_filters_leave_what_fits(ledger: Ledger, filters: desk.Filters, left: list[str]) -> None:
    ledger.add(reading(BROOK, QUILL, GUILD, published=july(3)))
    found = desk.count(ledger, filters=filters)
    assert names(found) == left
    assert (found.shown, found.total) == (len(left), 3)


def test_rows_are_sorted_either_way_and_what_is_unknown_comes_last(ledger: Ledger) -> None:
    ledger.add(reading(BROOK, published=july(3)))
    ledger.add(reading(QUILL, published=july(5), id="larkfield-2", lead="More."))
    ledger.add(reading(Claim("Ed Moss", Stand.SUPPORTS), id="larkfield-3", lead="Undated."))
    up = desk.count(ledger, sort=desk.Sort.SINCE)
    down = desk.count(ledger, sort=desk.Sort.SINCE, backwards=True)
    assert names(up) == ["Ada Brook", "Bo Quill", "Ed Moss"]
    assert names(down) == ["Bo Quill", "Ada Brook", "Ed Moss"]


def test_offices_points_and_rosters_come_from_the_registry(store: str) -> None:
    with Ledger.open(store) as ledger:
        contest = governor(ledger)
        ledger.add(reading(BROOK, QUILL, published=july(3)))
        brook = next(one.endorser for one in ledger.evidence() if one.endorser.name == "Ada Brook")
        quill = next(one.endorser for one in ledger.evidence() if one.endorser.name == "Bo Quill")
        senator = Term("senator", dt.date(2029, 1, 3), state="ME", party="Harbour")
        mayor = Term("mayor", dt.date(2030, 1, 1), city="Larkfield", party="Quay")
        People(ledger.engine).imported(
            [Entry(brook.id, "Ada Brook", terms=(senator,)), Entry(quill.id, "Bo Quill", terms=(mayor,))],
            "csv",
        )
        found = desk.count(ledger, contest, rules=("points",), today=july(9), by=desk.By.OFFICE)
        assert {g.name: g.points for g in found.groups} == {"senator": 0, "mayor": 2}
        assert names(desk.count(ledger, contest, filters=desk.Filters(party="Quay"), today=july(9))) == [
            "Bo Quill"
        ]
        watched = desk.count(ledger, contest, roster=Roster("all", members=("Bo Quill", "Zed Vane"))).watched
        assert [(one.member.name, one.state) for one in watched] == [
            ("Bo Quill", "endorsed"),
            ("Zed Vane", "silent"),
        ]
        held = desk.holdouts(ledger, contest, today=july(9)).rows
        assert [(row.standing.endorser.name, row.weight, row.days) for row in held] == [("Ada Brook", 6, 6)]


def test_rules_leave_out_with_reasons_and_a_path_is_no_rule(ledger: Ledger) -> None:
    ledger.add(reading(BROOK, QUILL, published=july(3)))
    found = desk.count(ledger, rules=("encyclopedia",))
    assert found.rows == ()
    assert {out.what.endorser.name for out in found.excluded} == {"Ada Brook", "Bo Quill"}
    with pytest.raises(ContestError, match="no rules"):
        desk.count(ledger, rules=("/etc/passwd",))
    with pytest.raises(ContestError, match="no contest"):
        desk.count(ledger, "c_nowhere")


def test_holdouts_say_what_they_ask_for_and_who_moved_meanwhile(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(BROOK, published=july(3)))
        ledger.add(reading(QUILL, published=july(5), id="larkfield-2", lead="More."))
        found = desk.holdouts(ledger, today=july(13))
        (row,) = found.rows
        assert row.days == 10
        assert [(ask.words, ask.told) for ask in row.asks] == [
            ("a plan for the ferry", f"own words, in {COURIER}")
        ]
        assert [one.endorser.name for one in row.moved] == ["Bo Quill"]
        assert row.last_move is None
        # Who had come out before the holding out began has not moved meanwhile.
        ledger.add(reading(Claim("Old Friend", Stand.ENDORSED), published=july(1), id="l-3", lead="Before."))
        assert [one.endorser.name for one in desk.holdouts(ledger, today=july(13)).rows[0].moved] == [
            "Bo Quill"
        ]


def test_the_series_end_at_the_counts_and_follow_every_change(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(QUILL, published=july(3)))
        ledger.add(
            reading(Claim("Bo Quill", Stand.WITHDRAWN), published=july(8), id="larkfield-2", lead="More.")
        )
        (series,) = desk.over_time(ledger, today=july(12))
        assert (series.name, series.points) == ("Cy Dunmore", ((july(3), 1), (july(8), 0), (july(12), 0)))
        endorsee = desk.count(ledger).groups[0].key
        by_stand = {
            one.key: one.points[-1][1] for one in desk.over_time(ledger, endorsee=endorsee, today=july(12))
        }
        assert by_stand == {"endorsed": 0, "withdrawn": 1}


def test_what_was_derived_is_derived_anew_after_every_addition_and_decision(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(QUILL, published=july(3)))
        assert names(desk.count(ledger)) == ["Bo Quill"]
        ledger.add(reading(BROOK, published=july(5), outlet=HERALD, id="marrow-1", lead="More."))
        assert names(desk.count(ledger)) == ["Bo Quill", "Ada Brook"]
        event = Reviews(ledger.engine).record(Action.REJECT, desk.count(ledger).rows[0].best.id, "Ines")
        assert names(desk.count(ledger)) == ["Ada Brook"]
        Reviews(ledger.engine).undo(event.number, "Ines")
        assert names(desk.count(ledger)) == ["Bo Quill", "Ada Brook"]
        contest = governor(ledger)
        assert desk.foremost(desk.contests(ledger)) == contest
        assert names(desk.count(ledger, contest)) == ["Bo Quill", "Ada Brook"]
