"""`contest`, `roster`, and the counts by contest and rules, as a user meets them."""

import json
from pathlib import Path

import pytest

from commands import rows, run
from making import Claim, july, reading
from whipcount.article import Sourcing, Stand
from whipcount.ledger import Ledger
from whipcount.ledger.registry import People
from whipcount.people.registry import Entry, Term
from whipcount.people.resolve import Resolver

FILE = """
[[contests]]
name = "Governor, general"
office = "governor"
jurisdiction = "Ossawa"
stage = "general"
opens = 2031-07-01
election_day = 2031-07-30
candidates = ["Cy Dunmore", { name = "Dee Fell", party = "Harbor" }]

[[contests]]
name = "Measure 7"
kind = "measure"
election_day = 2031-07-30
"""
ADA = Entry("r_ada", "Ada Brook", terms=(Term("senator", july(1), None, "senate", "OH", party="Harbor"),))
BO = Entry("r_bo", "Bo Quill", terms=(Term("mayor", july(1), july(4), city="Larkfield"),))


@pytest.fixture
def desk(store: str, tmp_path: Path) -> str:
    """A ledger with a registry, two contests and a few reports."""
    (tmp_path / "contests.toml").write_text(FILE, encoding="utf-8")
    with Ledger.open(store) as ledger:
        people = People(ledger.engine)
        people.imported([ADA, BO], "a list")
        ledger.add(
            reading(
                Claim("Ada Brook", Stand.ENDORSED),
                Claim("Bo Quill", Stand.ENDORSED, "Measure 7", Sourcing.UNNAMED_SOURCE),
                Claim("Eve Marsh", Stand.WITHHOLDING, "any candidate"),
                Claim("Gil Roe", Stand.ENDORSED, "Dee Fell"),
                published=july(3),
            ),
            resolve=Resolver(people.load()),
        )
    assert run("contest", "import", str(tmp_path / "contests.toml"), "--db", store).exit_code == 0
    return store


def test_contests_are_entered_changed_and_listed(desk: str, tmp_path: Path) -> None:
    again = run("contest", "import", str(tmp_path / "contests.toml"), "--db", desk)
    assert again.stdout == "0 new, 0 changed, 2 as they were; 0 pieces of evidence assigned anew\n"
    added = run("contest", "add", "The mayor", "--office", "mayor", "--candidate", "Bo Quill", "--db", desk)
    assert added.stdout.startswith("The mayor is c_")
    assert "there already" in run("contest", "add", "--office", "mayor", "--db", desk).stderr
    assert [row["name"] for row in rows(run("contest", "list", "--db", desk, "--format", "csv"))] == [
        "Governor, general",
        "Measure 7",
        "The mayor",
    ]
    moved = run("contest", "change", "governor", "--election-day", "2031-07-02", "--db", desk)
    assert moved.stdout == "0 new, 1 changed, 0 as they were; 3 pieces of evidence assigned anew\n"
    assert "say what to change" in run("contest", "change", "governor", "--db", desk).stderr
    [first, *_] = run("contest", "list", "--db", desk, "--format", "jsonl").stdout.splitlines()
    assert json.loads(first)["election_day"] == "2031-07-02"
    shown = run("contest", "list", "--db", desk).stdout
    assert "office, governor, Ossawa, general, 2031-07-01 to 2031-07-02" in shown
    assert "Dee Fell, Harbor" in shown


def test_candidates_come_and_go(desk: str) -> None:
    def standing() -> list[tuple[str, str, str]]:
        found = rows(run("contest", "show", "governor", "--db", desk, "--format", "csv"))
        return [(row["name"], row["party"], row["left"]) for row in found]

    left = run("contest", "candidate", "governor", "Dee", "Fell", "--left", "2031-07-02", "--db", desk)
    assert left.stdout.endswith("1 piece of evidence assigned anew\n")
    assert standing() == [("Cy Dunmore", "", ""), ("Dee Fell", "Harbor", "2031-07-02")]
    run("contest", "candidate", "governor", "Ivo Sand", "--party", "Ridge", "--db", desk)
    run("contest", "candidate", "governor", "Dee Fell", "--remove", "--db", desk)
    assert standing() == [("Cy Dunmore", "", ""), ("Ivo Sand", "Ridge", "")]
    assert run("contest", "assign", "--db", desk).stdout == "0 pieces of evidence assigned anew\n"


def test_a_count_by_contest(desk: str) -> None:
    def counted(*args: str) -> list[tuple[str, str]]:
        return [
            (row["endorser"], row["endorsee"])
            for row in rows(run("count", "--db", desk, "--format", "csv", *args))
        ]

    governor = [("Ada Brook", "Cy Dunmore"), ("Gil Roe", "Dee Fell"), ("Eve Marsh", "any candidate")]
    assert counted("--contest", "governor") == governor
    [row] = [
        r for r in rows(run("contest", "list", "--db", desk, "--format", "csv")) if r["kind"] == "office"
    ]
    assert counted("--contest", row["id"]) == governor
    assert counted("--contest", "measure 7") == [("Bo Quill", "Measure 7")]
    assert len(counted()) == 4
    assert "no contest 'mayor'" in run("count", "--db", desk, "--contest", "mayor").stderr
    assert "Cy Dunmore, Governor, general: 1 endorsed" in run("count", "--db", desk).stdout
    [holdout] = rows(run("holdouts", "--db", desk, "--contest", "governor", "--format", "csv"))
    assert holdout["endorser"] == "Eve Marsh"
    assert rows(run("holdouts", "--db", desk, "--contest", "measure 7", "--format", "csv")) == []
    assert run("holdouts", "--db", desk, "--contest", "all").exit_code == 2


def test_rules_leave_out_and_explain(desk: str) -> None:
    by = run("count", "--db", desk, "--rules", "first-choice", "--format", "csv")
    assert [row["endorser"] for row in rows(by)] == ["Ada Brook", "Gil Roe"]
    why = run("count", "--db", desk, "--rules", "first-choice", "--explain", "--format", "csv")
    assert [(row["endorser"], row["what"], row["reason"]) for row in rows(why)] == [
        ("Bo Quill", "report", "its source does not count: unnamed source"),
        ("Eve Marsh", "standing", "withholding does not count"),
    ]
    line = json.loads(
        run(
            "count", "--db", desk, "--rules", "first-choice", "--explain", "--format", "jsonl"
        ).stdout.splitlines()[0]
    )
    assert (line["rules"], line["date"]) == ("first-choice", "2031-07-03")
    shown = " ".join(run("count", "--db", desk, "--rules", "encyclopedia", "--explain").stdout.split())
    assert "Gil Roe is not known to be notable" in shown
    assert "Not counted: 2" in shown
    none = run("count", "--db", desk, "--rules", "encyclopedia", "--endorsee", "Dee Fell")
    assert "the rules leave out all of it" in none.stderr
    [holdout] = rows(run("holdouts", "--db", desk, "--rules", "first-choice", "--format", "csv"))
    assert holdout["endorser"] == "Eve Marsh"
    assert run("count", "--db", desk, "--rules", "hearsay").exit_code == 1


def test_points_are_counted(desk: str) -> None:
    weighed = run("count", "--db", desk, "--rules", "points", "--format", "csv")
    assert {row["endorser"]: row["points"] for row in rows(weighed)} == {
        "Ada Brook": "6.0", "Bo Quill": "2.0", "Eve Marsh": "0.0", "Gil Roe": "0.0",
    }  # fmt: skip
    lines = run("count", "--db", desk, "--rules", "points", "--format", "jsonl").stdout.splitlines()
    assert sorted(json.loads(line)["points"] for line in lines) == [0, 0, 2, 6]
    assert (
        "Cy Dunmore, Governor, general: 1 endorsed, 6 points"
        in run("count", "--db", desk, "--rules", "points").stdout
    )


def test_the_trackers_columns_are_what_somebody_was_that_day(desk: str) -> None:
    found = {row["endorser"]: row for row in rows(run("export", "csv", "--db", desk))}
    columns = ("position", "city", "state", "endorser party")
    assert [found["Ada Brook"][name] for name in columns] == ["senator", "", "OH", "Harbor"]
    assert [found["Bo Quill"][name] for name in columns] == ["mayor", "Larkfield", "", ""]
    assert [found["Gil Roe"][name] for name in columns] == ["", "", "", ""]
    only = rows(run("export", "csv", "--db", desk, "--contest", "governor", "--rules", "first-choice"))
    assert [row["endorser"] for row in only] == ["Ada Brook", "Gil Roe"]


def test_a_roster_shows_everybody(desk: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "rosters"
    folder.mkdir()
    (folder / "council.toml").write_text(
        "name = 'The council'\ncontest = 'governor'\nmembers = ['Eve Marsh', 'Max Orr', 'Bo Quill']\n[query]\nstate = 'Ohio'",
        encoding="utf-8",
    )
    monkeypatch.setenv("WHIPCOUNT_ROSTERS", str(folder))
    found = rows(run("roster", "the council", "--db", desk, "--as-of", "2031-07-09", "--format", "csv"))
    assert [(row["name"], row["standing"], row["days"]) for row in found] == [
        ("Ada Brook", "endorsed", "6"),
        ("Eve Marsh", "withholding", "6"),
        ("Bo Quill", "silent", ""),
        ("Max Orr", "silent", ""),
    ]
    assert (found[0]["office"], found[0]["state"], found[0]["party"]) == ("senator", "OH", "Harbor")
    shown = " ".join(run("roster", "council", "--db", desk, "--as-of", "2031-07-09").stdout.split())
    assert "The council: 4 members 1 endorsed, 1 withholding, 2 silent" in shown
    assert "Ada Brook, H-OH endorsed Cy Dunmore 2031-07-03 6" in shown
    every = run(
        "roster",
        "council",
        "--contest",
        "all",
        "--as-of",
        "2031-07-09",
        "--rules",
        "first-choice",
        "--db",
        desk,
        "--format",
        "jsonl",
    )
    states = {one["name"]: one["standing"] for one in map(json.loads, every.stdout.splitlines())}
    assert states == {
        "Ada Brook": "endorsed",
        "Eve Marsh": "withholding",
        "Bo Quill": "not counted",
        "Max Orr": "silent",
    }
    assert "there is no roster 'senate'" in run("roster", "senate", "--db", desk).stderr
    (folder / "nobody.toml").write_text("[query]\noffice = 'coroner'", encoding="utf-8")
    assert "nobody in the registry fits" in run("roster", "nobody", "--db", desk).stderr
