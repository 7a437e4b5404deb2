import json
import re
from pathlib import Path

import pytest

from commands import run
from whipcount.ledger import Ledger
from whipcount.people import by_name

MEMBERS = """
- id: {bioguide: H000991, wikidata: Q990001, fec: [S1], govtrack: 71, icpsr: 81}
  name: {first: Odell, last: Hask, official_full: Odell Hask}
  bio: {birthday: '1970-02-03'}
  terms: [{type: sen, start: '2029-01-03', end: '2035-01-03', state: OH, party: Democrat}]
- id: {bioguide: B000992, govtrack: 72}
  name: {first: Ada, last: Brook}
  bio: {birthday: '1975-02-03'}
  terms: [{type: rep, start: '2025-01-03', end: '2033-01-03', state: OH, district: 4, party: Republican}]
"""
TABLE = "name,kind,office,state,party,other names\nUnited Ferrymen,organization,,,,UFA\nIda Brook,,governor,OH,Republican,\n"
ARTICLE = """Senator backs Dallow

LARKFIELD, Ohio — Sen. Odell Hask, D-Ohio, has endorsed Mina Dallow for governor, he said on Tuesday.
Brook has endorsed Mina Dallow too, and Congress is in session.
"""


@pytest.fixture
def filled(db: str, tmp_path: Path) -> str:
    (tmp_path / "members.yaml").write_text(MEMBERS, encoding="utf-8")
    (tmp_path / "own.csv").write_text(TABLE, encoding="utf-8")
    first = run("people", "import", "congress", str(tmp_path / "members.yaml"), "--db", db)
    assert first.exit_code == 0, first.output
    assert "2 new, 0 changed, 0 as they were" in first.stderr
    second = run("people", "import", "csv", str(tmp_path / "own.csv"), "--db", db)
    assert "2 new" in second.stderr
    return db


def test_show_gives_ids_names_and_what_somebody_was(filled: str) -> None:
    shown = run("people", "show", "Odell", "Hask", "--on", "2030-05-01", "--db", filled)
    assert "2030-05-01  senator, OH, Democrat" in shown.output
    assert "bioguide H000991" in shown.output
    by_id = run(
        "people", "show", "bioguide:H000991", "--format", "jsonl", "--on", "2020-05-01", "--db", filled
    )
    one = json.loads(by_id.output)
    assert (one["name"], one["was"], one["ids"]["fec"]) == ("Odell Hask", [], ["S1"])
    assert one["terms"][0]["division"] == "ocd-division/country:us/state:oh"
    assert (
        json.loads(run("people", "show", one["id"], "--format", "jsonl", "--db", filled).output)["id"]
        == one["id"]
    )


def test_show_gives_all_who_have_the_name(filled: str) -> None:
    shown = run("people", "show", "Brook", "--db", filled)
    assert {"Ada Brook", "Ida Brook"} <= set(re.findall(r"^(\w+ \w+)  r_", shown.output, re.MULTILINE))
    none = run("people", "show", "Nell", "Tarn", "--db", filled)
    assert (none.exit_code, none.stderr) == (1, "whipcount: nobody in the registry is called Nell Tarn\n")


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--on", "2031-07-03"], ["Ada Brook", "Ida Brook", "Odell Hask", "United Ferrymen"]),
        (["--office", "senator", "--ever"], ["Odell Hask"]),
        (["--state", "ohio", "--party", "republican", "--on", "2031-07-03"], ["Ada Brook", "Ida Brook"]),
        (["--chamber", "house", "--on", "2031-07-03"], ["Ada Brook"]),
        (["--chamber", "house", "--on", "2020-07-03"], []),
        (["--kind", "organization"], ["United Ferrymen"]),
    ],
)
def test_list_filters(filled: str, options: list[str], names: list[str]) -> None:
    listed = run("people", "list", *options, "--format", "jsonl", "--db", filled)
    assert [json.loads(line)["name"] for line in listed.stdout.splitlines()] == names
    assert ("nobody in the registry fits" in listed.stderr) == (not names)


def test_the_crosswalk_is_in_the_csv(filled: str) -> None:
    head, row, *_ = run("people", "list", "--office", "senator", "--ever", "--format", "csv", "--db", filled).stdout.splitlines()  # fmt: skip
    assert head.endswith("office,chamber,state,city,district,party,bioguide,wikidata,fec,icpsr,govtrack")
    assert row.endswith("senator,senate,OH,,,Democrat,H000991,Q990001,S1,81,71")


def test_bad_input_is_one_line(filled: str, tmp_path: Path) -> None:
    for kind in ("congress", "csv"):
        path = tmp_path / "bad"
        path.write_bytes(b"\xff\xfe- [")
        bad = run("people", "import", kind, str(path), "--db", filled)
        assert bad.exit_code == 1
        assert bad.stderr.startswith(f"whipcount: {path}: ")
        assert len(bad.stderr.splitlines()) == 1
    assert "no state" in run("people", "list", "--state", "Ruritania", "--db", filled).stderr


def test_an_empty_registry_says_what_to_do(db: str) -> None:
    with Ledger.open(db):
        pass
    for args in (["show", "Brook"], ["list"], ["resolve", "Brook"]):
        assert "`whipcount people import` fills it" in run("people", *args, "--db", db).stderr


def test_names_are_resolved_as_articles_are_added(filled: str, tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    added = run(
        "add", str(path), "--published", "2031-07-04", "--outlet", "Larkfield Courier", "--db", filled
    )
    assert added.exit_code == 0, added.output
    with Ledger.open(filled) as ledger:
        endorsers = {one.endorser.name: one.endorser for one in ledger.evidence()}
        article = ledger.evidence()[0].article.id
    assert not endorsers["Odell Hask"].provisional
    one = run("people", "resolve", "Odell", "Hask", "--article", article, "--explain", "--db", filled)
    assert "resolved as Odell Hask" in one.output
    assert "+2.5" in one.output
    whole = run("people", "resolve", "--article", article, "--format", "jsonl", "--db", filled)
    outcomes = {a["name"]: a["outcome"] for a in map(json.loads, whole.stdout.splitlines())}
    assert outcomes["Odell Hask"] == "resolved"
    assert outcomes["Mina Dallow"] == "new"
    missing = run("people", "resolve", "Nell", "--article", article, "--db", filled)
    assert "names nobody Nell; it names" in missing.stderr


def test_names_that_were_there_before_are_asked_again(db: str, tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    run("add", str(path), "--published", "2031-07-04", "--db", db)
    (tmp_path / "members.yaml").write_text(MEMBERS, encoding="utf-8")
    run("people", "import", "congress", str(tmp_path / "members.yaml"), "--db", db)

    def endorser() -> str:
        with Ledger.open(db) as ledger:
            return next(one.endorser.id for one in ledger.evidence() if "Hask" in one.endorser.name)

    proposed = run("people", "resolve", "--all", "--format", "jsonl", "--db", db)
    rows = [json.loads(line) for line in proposed.stdout.splitlines()]
    assert ("Odell Hask", "endorser", "resolved") in {(r["name"], r["role"], r["outcome"]) for r in rows}
    assert endorser() == by_name("Odell Hask").id
    applied = run("people", "resolve", "--all", "--apply", "--by", "Ines", "--db", db)
    assert "1 names given to whom they belong" in applied.stderr
    assert endorser().startswith("r_")


def test_a_name_alone_is_asked_for_a_day(filled: str) -> None:
    answer = json.loads(run("people", "resolve", "Odell", "Hask", "--on", "2031-07-04", "--format", "jsonl", "--db", filled).stdout)  # fmt: skip
    assert (answer["outcome"], answer["is"]) == ("resolved", "Odell Hask")
    assert run("people", "resolve", "--db", filled).exit_code == 2
    assert run("people", "resolve", "Hask", "--apply", "--db", filled).exit_code == 2
