import datetime as dt
from pathlib import Path

import pytest

from making import july
from test_rules import said
from whipcount.article import Kind, Sourcing, Stand
from whipcount.errors import ContestError
from whipcount.people import by_name
from whipcount.people.registry import Entry, Registry, Term
from whipcount.rosters import STATES, Member, Query, Roster, by_endorsee, load_roster, members, totals, watch
from whipcount.rules import apply, load_rules


def senator(id: str, name: str, party: str, state: str, start: dt.date | None = None) -> Entry:  # noqa: A002
    return Entry(id, name, terms=(Term("senator", start, None, "senate", state, party=party),))


REGISTRY = Registry.of(
    [
        senator("r_ada", "Ada Brook", "Harbor", "OH"),
        senator("r_bo", "Bo Quill", "Harbor", "PA", july(5)),
        senator("r_eve", "Eve Marsh", "Ridge", "OH"),
        Entry("r_gil", "Gil Roe", terms=(Term("mayor", city="Larkfield"),)),
        Entry("r_t1", "Hal Tine"),
        Entry("r_t2", "Hal Tine"),
        Entry("r_union", "Ferrymen of Larkfield", Kind.ORGANIZATION),
    ]
)


def named(roster: Roster, on: dt.date) -> list[str]:
    return [one.name for one in members(roster, REGISTRY, on)]


def test_a_query_is_answered_as_of_a_day() -> None:
    harbor = Roster("Harbor", Query(chamber=("senate",), party=("harbor",)))
    assert named(harbor, july(4)) == ["Ada Brook"]
    assert named(harbor, july(5)) == ["Ada Brook", "Bo Quill"]
    fixed = Roster("Harbor", Query(chamber=("senate",), party=("harborite",), on=july(1)))
    assert named(fixed, july(9)) == ["Ada Brook"]
    assert named(Roster("Ohio", Query(state=("oh", "pa")), without=("Eve Marsh",)), july(9)) == [
        "Ada Brook",
        "Bo Quill",
    ]
    assert named(Roster("Unions", Query(kind=(Kind.ORGANIZATION,))), july(9)) == ["Ferrymen of Larkfield"]
    [ada] = members(harbor, REGISTRY, july(4))
    assert ada.office is not None
    assert (ada.office.state, ada.office.party) == ("OH", "Harbor")


def test_names_on_a_list_are_those_of_the_registry_or_new() -> None:
    found = members(
        Roster("Council", members=("Gil Roe", "Ivo Sand", "p_0123")), REGISTRY, july(1), {"p_0123": "r_x"}
    )
    assert found[0] == Member(
        "r_gil", "Gil Roe", frozenset({"r_gil", by_name("Gil Roe").id}), found[0].office
    )
    assert [one.ids for one in found[1:]] == [
        frozenset({by_name("Ivo Sand").id}),
        frozenset({"p_0123", "r_x"}),
    ]
    with pytest.raises(ContestError, match=r"Council: Hal Tine may be Hal Tine \(r_t1\), Hal Tine \(r_t2\)"):
        members(Roster("Council", members=("Hal Tine",)), REGISTRY, july(1))


def test_everybody_stands_somewhere_and_the_silent_are_apart() -> None:
    evidence = [
        said("Gil Roe", on=3, id="1"),
        said("Gil Roe", Stand.REFUSED, 5, id="2", endorsee="Dee Fell"),
        said("Ivo Sand", Stand.WITHHOLDING, 4, id="3"),
        said("Jo Teal", sourcing=Sourcing.UNNAMED_SOURCE, id="4"),
        said("Kit Low", on=20, id="5"),
        said("Lou Marr", id="6"),
    ]
    council = Roster("Council", members=("Gil Roe", "Ivo Sand", "Jo Teal", "Kit Low", "Max Orr"))
    counted = apply([load_rules("house")], evidence, REGISTRY, july(10))
    found = {w.member.name: w for w in watch(members(council, REGISTRY, july(10)), counted, july(10))}
    assert {name: one.state for name, one in found.items()} == {
        "Gil Roe": "endorsed", "Jo Teal": "endorsed", "Ivo Sand": "withholding", "Kit Low": "silent", "Max Orr": "silent",
    }  # fmt: skip
    assert list(found)[-2:] == ["Kit Low", "Max Orr"]
    gil = found["Gil Roe"]
    assert gil.standing is not None
    assert (gil.standing.since, gil.last_said, gil.days) == (july(3), july(5), 5)
    assert [one.position for one in gil.others] == [Stand.REFUSED]
    assert (found["Max Orr"].standing, found["Max Orr"].days) == (None, None)
    assert totals(found.values()) == {
        **dict.fromkeys(STATES, 0),
        "endorsed": 2,
        "withholding": 1,
        "silent": 2,
    }
    assert by_endorsee(found.values()) == {
        "Cy Dunmore": {"endorsed": 2, "withholding": 1},
        "Dee Fell": {"refused": 1},
    }
    strict = apply([load_rules("first-choice")], evidence, REGISTRY, july(10))
    again = {w.member.name: w for w in watch(members(council, REGISTRY, july(10)), strict, july(10))}
    assert again["Jo Teal"].state == "not counted"
    assert again["Jo Teal"].reasons == ("its source does not count: unnamed source",)
    assert again["Ivo Sand"].reasons == ("withholding does not count",)
    assert again["Max Orr"].state == "silent"


def test_rosters_are_found_by_path_by_file_and_by_name(tmp_path: Path) -> None:
    (tmp_path / "council.toml").write_text(
        "name = 'The city council'\nfile = 'names.txt'\nmembers = ['Ada Brook']\ncontest = 'governor'",
        encoding="utf-8",
    )
    (tmp_path / "names.txt").write_text("# the council\nGil  Roe\n\nIvo Sand # since May\n", encoding="utf-8")
    council = Roster("The city council", None, ("Ada Brook", "Gil Roe", "Ivo Sand"), contest="governor")
    for name in ("council", "the city council", str(tmp_path / "council.toml")):
        assert load_roster(name, tmp_path) == council
    assert load_roster(str(tmp_path / "names.txt"), tmp_path) == Roster(
        "names", None, ("Gil Roe", "Ivo Sand")
    )
    with pytest.raises(ContestError, match=r"there is no roster 'senate'; in .* there are: The city council"):
        load_roster("senate", tmp_path)


def test_a_query_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "senate.toml"
    path.write_text(
        "[query]\nchamber = 'Senate'\nstate = ['Ohio', 'pa']\nkind = 'person'\non = 2031-07-01",
        encoding="utf-8",
    )
    query = Query(chamber=("senate",), state=("oh", "pa"), kind=(Kind.PERSON,), on=july(1))
    assert load_roster(str(path), tmp_path).query == query


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "lists nobody"),
        ("members = []", "lists nobody"),
        ("members = [3]", "members must be a text or a list of texts"),
        ("[query]\nstates = 'OH'", "unknown 'states'"),
        ("[query]\non = 2031-07-01T10:00:00", "on must be a day"),
        ("query = 3", "is no table"),
        ("file = 'none.txt'", "can't read"),
    ],
)
def test_a_roster_that_makes_no_sense(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "r.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContestError, match=why):
        load_roster(str(path), tmp_path)
