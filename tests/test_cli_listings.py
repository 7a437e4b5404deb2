import json
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from commands import rows, run
from making import HERALD, Claim, july, reading
from whipcount.article import Contest, Kind, Sourcing, Stand
from whipcount.ledger import Ledger


@pytest.fixture
def full(db: str) -> str:
    """A ledger with a bit of everything."""
    brook = Claim(
        "Ada Brook",
        Stand.WITHHOLDING,
        sourcing=Sourcing.OWN_WORDS,
        via="Harbour Times",
        asks=("a plan for the ferry", "three debates"),
    )
    with Ledger.open(db) as ledger:
        ledger.add(reading(brook, Claim("Bo Quill", Stand.EXPECTED), published=july(3)))
        ledger.add(
            reading(
                Claim("Bo Quill", Stand.ENDORSED),
                Claim("Ferrymen of Larkfield", Stand.ENDORSED, kind=Kind.ORGANIZATION, confidence=0.2),
                Claim("Ada Brook", Stand.WITHHOLDING),
                published=july(9),
                url="https://example.org/a",
            )
        )
        ledger.add(
            reading(
                Claim("Bo Quill", Stand.ENDORSED),
                published=july(10),
                outlet=HERALD,
                original_outlet="Larkfield Courier",
                lead="Second.",
            )
        )
        ledger.add(
            reading(
                Claim("Eve Marsh", Stand.REFUSED, "Measure 7"),
                Claim("Ada Brook", Stand.ENDORSED, "Dee Fell", contest=Contest.PAST),
                lead="Third, without a date.",
            )
        )
    return db


def test_count_groups_by_endorsee_with_totals(full: str) -> None:
    result = run("count", "--db", full)
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "Cy Dunmore: 2 endorsed, 1 withholding" in lines
    assert "Bo Quill endorsed 2031-07-09 the article's own account 2" in lines
    assert "Ada Brook withholding 2031-07-03 own words, to Harbour Times 2" in lines
    assert "Ferrymen of Larkfield endorsed 2031-07-09 the article's own account, to review 1" in lines
    assert "Measure 7: 1 refused" in lines
    assert "Dee Fell" not in result.stdout


def test_count_as_of_a_day(full: str) -> None:
    result = run("count", "--db", full, "--as-of", "2031-07-05", "--format", "csv")
    assert [(row["endorser"], row["position"]) for row in rows(result)] == [
        ("Ada Brook", "withholding"),
        ("Bo Quill", "expected"),
    ]
    assert result.stderr == "whipcount: 1 of 7 pieces of evidence have no date and are left out of --as-of\n"


def test_count_of_some(full: str) -> None:
    def endorsers(*args: str) -> list[str]:
        return [row["endorser"] for row in rows(run("count", "--db", full, "--format", "csv", *args))]

    assert endorsers("--position", "endorsed") == ["Bo Quill", "Ferrymen of Larkfield"]
    assert endorsers("--position", "refused", "--position", "withholding") == ["Ada Brook", "Eve Marsh"]
    assert endorsers("--contest", "past") == ["Ada Brook"]
    assert len(endorsers("--contest", "all")) == 5
    assert endorsers("--endorsee", "measure 7") == ["Eve Marsh"]


def test_count_as_json(full: str) -> None:
    result = run("count", "--db", full, "--format", "jsonl", "--position", "withholding")
    [standing] = [json.loads(line) for line in result.stdout.splitlines()]
    assert standing["endorser"] == "Ada Brook"
    assert standing["independent_reports"] == 2
    with Ledger.open(full) as ledger:
        for one in standing["evidence"]:
            text = ledger.article(one["article"]["id"]).text
            assert text[one["evidence"]["start"] : one["evidence"]["end"]] == one["evidence"]["exact"]


def test_holdouts(full: str) -> None:
    result = run("holdouts", "--db", full, "--as-of", "2031-07-20")
    text = " ".join(result.stdout.split())
    assert "Ada Brook withholding from Cy Dunmore for 17 days" in text
    assert "since 2031-07-03" in text
    assert "own words, to Harbour Times" in text
    assert "asks for a plan for the ferry three debates" in text
    assert "last words Ada Brook stands at withholding" in text
    assert "Bo Quill" not in text
    [row] = rows(
        run("holdouts", "--db", full, "--as-of", "2031-07-05", "--endorsee", "Dunmore", "--format", "csv")
    )[:1]
    assert (row["endorser"], row["days"]) == ("Ada Brook", "2")
    result = run("holdouts", "--db", full, "--as-of", "2031-07-05", "--format", "jsonl")
    assert [json.loads(line)["endorser"] for line in result.stdout.splitlines()] == ["Ada Brook", "Bo Quill"]


def test_holdouts_as_of_today(full: str) -> None:
    # The articles are of a July to come, or gone by: either way the days are not negative.
    [row] = rows(run("holdouts", "--db", full, "--format", "csv"))
    assert int(row["days"]) >= 0


def test_show(full: str) -> None:
    result = run("show", "--db", full, "bo", "quill")
    assert result.exit_code == 0
    days = re.findall(r"^  (\d{4}-\d\d-\d\d)", result.stdout, re.MULTILINE)
    assert days == ["2031-07-03", "2031-07-09", "2031-07-10"]
    assert "Marrow Bay Herald, first in Larkfield Courier, 2031-07-10" in result.stdout
    assert "https://example.org/a" in result.stdout
    found = rows(run("show", "--db", full, "Ada Brook", "--format", "csv"))
    assert [row["date"] for row in found] == ["", "2031-07-03", "2031-07-09"]
    assert found[0]["contest"] == "past"
    result = run("show", "--db", full, "Measure 7", "--format", "jsonl")
    assert [json.loads(line)["endorser"] for line in result.stdout.splitlines()] == ["Eve Marsh"]


def test_show_of_nobody_and_of_several(full: str) -> None:
    result = run("show", "--db", full, "Zoe")
    assert (result.exit_code, result.stderr) == (1, "whipcount: nobody in the ledger is called Zoe\n")
    with Ledger.open(full) as ledger:
        ledger.add(reading(Claim("Ida Brook", Stand.ENDORSED), lead="Fourth."))
    result = run("show", "--db", full, "brook")
    assert result.exit_code == 1
    assert result.stderr == "whipcount: brook may be Ada Brook, Ida Brook; give the full name\n"


def test_export_csv(full: str, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert run("export", "csv", "--db", full, "-o", str(path)).exit_code == 0
    printed = run("export", "csv", "--db", full)
    assert printed.stdout == path.read_text(encoding="utf-8")
    assert len(rows(printed)) == 4
    result = run("export", "csv", "--db", full, "-o", str(tmp_path / "none" / "out.csv"))
    assert result.exit_code == 1
    assert result.stderr.startswith("whipcount: can't write")


def test_an_article_cannot_steer_the_terminal(db: str) -> None:
    with Ledger.open(db) as ledger:
        ledger.add(
            reading(Claim("Ada \x1b[2J[bold]Brook", Stand.WITHHOLDING, "Cy \u202eDunmore"), published=july(1))
        )
    for command in (("count",), ("holdouts",), ("show", "Dunmore")):
        result = run(*command, "--db", db)
        assert result.exit_code == 0
        assert "\x1b" not in result.stdout
        assert "\u202e" not in result.stdout
        assert "[bold]Brook" in result.stdout


def test_no_ledger_is_one_line(tmp_path: Path) -> None:
    for command in (("count",), ("holdouts",), ("show", "x"), ("export", "csv")):
        result = run(*command, "--db", str(tmp_path / "none.db"))
        assert result.exit_code == 1
        assert result.stdout == ""
        assert result.stderr.count("\n") == 1
        assert "no ledger" in result.stderr


def test_an_empty_ledger(db: str) -> None:
    Ledger.open(db).close()
    result = run("count", "--db", db)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "whipcount: nothing to show: no evidence fits\n"


@pytest.mark.parametrize(
    "args",
    [
        ("count", "--as-of", "yesterday"),
        ("count", "--position", "fond"),
        ("show",),
        ("add",),
        ("nothing",),
        ("read", "x", "--format", "csv"),
    ],
)
def test_wrong_usage(args: tuple[str, ...]) -> None:
    assert run(*args).exit_code == 2


def test_a_setting_that_makes_no_sense(full: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHIPCOUNT_REVIEW_BELOW", "lots")
    result = run("count", "--db", full)
    assert result.exit_code == 1
    assert result.stderr.startswith("whipcount: WHIPCOUNT_REVIEW_BELOW must be")


def test_the_environment_names_the_ledger(full: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHIPCOUNT_DB", full)
    assert "Cy Dunmore" in run("count").stdout


def test_help_and_count_start_without_the_language_model(full: str) -> None:
    """What takes seconds to load is only loaded to read articles."""
    heavy = "{'spacy', 'onnxruntime', 'trafilatura', 'dateparser', 'alembic'}"
    for args in (["--help"], ["count", "--db", full], ["count", "--help"]):
        script = (
            f"import sys\nfrom whipcount.cli import main\nmain({args!r}, standalone_mode=False)\n"
            f"loaded = {heavy} & set(sys.modules)\nassert not loaded, loaded"
        )
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        # Time on the processor: a busy machine makes it no slower. Some 0.1 and 0.35 s here.
        assert after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime < 1


def test_show_says_how_often_one_report_was_reprinted(db: str) -> None:
    with Ledger.open(db) as ledger:
        for number in range(13):
            ledger.add(reading(Claim("Bo Quill", Stand.ENDORSED), outlet=f"Outlet {number}"))
        relayed = Claim("Bo Quill", Stand.ENDORSED, sourcing=Sourcing.OUTLET, via="Outlet 0")
        ledger.add(reading(relayed, outlet=HERALD, lead="Another text altogether."))
    assert "1 report, 12 copies, 1 relay\n" in run("show", "--db", db, "Bo", "Quill").stdout
    [line] = run("count", "--db", db, "--format", "jsonl").stdout.splitlines()
    shown = json.loads(line)
    assert [shown[key] for key in ("independent_reports", "copies", "relays")] == [1, 12, 1]


def test_show_tells_what_is_gone_from_its_page(db: str) -> None:
    page = "https://courier.example/ferry"
    with Ledger.open(db) as ledger:
        ledger.add(reading(Claim("Bo Quill", Stand.ENDORSED), url=page))
        ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED), url=page, lead="Changed."))
    assert "gone from the page since 20" in run("show", "--db", db, "Bo", "Quill").stdout
    assert "Bo Quill" not in run("count", "--db", db).stdout
