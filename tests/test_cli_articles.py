"""`read` and `add` from file to ledger, with nothing replaced."""

import gzip
import json
from pathlib import Path

import pytest

from commands import run
from whipcount.ledger import Ledger

FERRY = """Ferry plan divides Larkfield

Mayor Ada Brook has endorsed Cy Dunmore for governor.

"I am not ready to endorse Cy Dunmore," Sen. Bo Quill told the Harbour Times on Tuesday.
"""
QUIET = "Tide tables for July\n\nHigh water at Marrow Bay is at six in the morning.\n"


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "1-ferry.txt").write_text(FERRY, encoding="utf-8")
    (folder / "2-tides.txt").write_text(QUIET, encoding="utf-8")
    return folder


def test_read_as_json(articles: Path) -> None:
    result = run(
        "read",
        "--format",
        "jsonl",
        "--published",
        "2031-07-03",
        "--outlet",
        "Larkfield Courier",
        str(articles),
    )
    assert result.exit_code == 0, result.output
    ferry, tides = (json.loads(line) for line in result.stdout.splitlines())
    assert (ferry["article"]["id"], tides["article"]["id"]) == ("1-ferry", "2-tides")
    assert ferry["article"]["text"] == FERRY
    assert ferry["article"]["published"] == "2031-07-03"
    assert ferry["article"]["outlet"] == "Larkfield Courier"
    assert tides["positions"] == []
    stands = {(one["endorser"], one["position"], one["endorsee"]) for one in ferry["positions"]}
    assert stands == {("Ada Brook", "endorsed", "Cy Dunmore"), ("Bo Quill", "withholding", "Cy Dunmore")}
    for one in ferry["positions"]:
        for quote in (one["evidence"], *one["conditions"]):
            assert FERRY[quote["start"] : quote["end"]] == quote["exact"]
    assert list(ferry["positions"][0]) == [
        *("endorser", "endorser_kind", "endorsee", "contest", "position", "sourcing", "via"),
        *("evidence", "conditions", "reasons", "said_on", "confidence"),
    ]


def test_read_as_a_table(articles: Path) -> None:
    result = run("read", "--explain", str(articles / "1-ferry.txt"))
    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    assert "Ada Brook endorsed Cy Dunmore" in text
    assert "Bo Quill withholding from Cy Dunmore" in text
    assert "own words, to Harbour Times" in text or "own words, to the Harbour Times" in text
    assert "I am not ready to endorse Cy Dunmore" in text
    assert "because" in text
    assert "endorser “Ada Brook” (name)" in text
    assert "known by" in text
    assert "no position found" in run("read", str(articles / "2-tides.txt")).stdout


def test_read_stores_nothing(articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("read", str(articles)).exit_code == 0
    assert list(tmp_path.iterdir()) == [articles]


def test_read_from_standard_input() -> None:
    result = run("read", "--format", "jsonl", "-", given=FERRY)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["article"]["text"] == FERRY


def test_add_count_and_add_again(articles: Path, db: str) -> None:
    result = run("add", "--db", db, "--published", "2031-07-03", str(articles))
    assert result.exit_code == 0, result.output
    assert result.stderr == "2 added with 2 pieces of evidence, 0 known, 0 failed\n"
    counted = run("count", "--db", db)
    assert "Cy Dunmore: 1 endorsed, 1 withholding" in counted.stdout
    result = run("add", "--db", db, "--published", "2031-07-03", str(articles))
    assert result.exit_code == 0
    assert result.stderr == "0 added with 0 pieces of evidence, 2 known, 0 failed\n"
    assert run("count", "--db", db).stdout == counted.stdout
    held = run("holdouts", "--db", db, "--as-of", "2031-07-10")
    assert "Bo Quill" in held.stdout


def test_the_same_article_twice_in_one_go(articles: Path, db: str) -> None:
    twice = str(articles / "1-ferry.txt")
    result = run("add", "--db", db, twice, twice)
    assert result.stderr == "1 added with 2 pieces of evidence, 1 known, 0 failed\n"


def test_records_and_their_gzip(db: str, tmp_path: Path) -> None:
    record = {
        "id": "r1",
        "outlet": "Larkfield Courier",
        "published": "2031-07-03",
        "title": "Ferry",
        "text": FERRY,
    }
    lines = "\n".join(
        json.dumps({**record, "id": f"r{n}", "text": FERRY + f"\nEdition {n}."}) for n in range(3)
    )
    (tmp_path / "records.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    result = run("add", "--db", db, str(tmp_path / "records.jsonl.gz"))
    assert result.exit_code == 0, result.output
    assert result.stderr.startswith("3 added")
    with Ledger.open(db) as ledger:
        assert {one.article.outlet for one in ledger.evidence()} == {"Larkfield Courier"}


def test_what_fails_is_said_and_the_rest_is_done(articles: Path, db: str) -> None:
    (articles / "3-empty.txt").write_text("")
    (articles / "4-binary.txt").write_bytes(bytes(range(256)) * 40)
    (articles / "5-broken.json").write_text('{"id": "x", "text": "Half a rec')
    result = run("add", "--db", db, str(articles))
    assert result.exit_code == 3
    lines = result.stderr.splitlines()
    assert lines[-1].startswith("2 added with 2 pieces of evidence, 0 known, 3 failed")
    assert len(lines) == 4
    assert all(line.startswith("whipcount: ") for line in lines[:3])
    for name, line in zip(("3-empty", "4-binary", "5-broken"), lines, strict=False):
        assert name in line
    assert run("read", "--format", "jsonl", str(articles)).exit_code == 3


def test_nothing_could_be_done(tmp_path: Path, db: str) -> None:
    for command in (("read",), ("add", "--db", db)):
        result = run(*command, str(tmp_path / "missing.txt"))
        assert result.exit_code == 1
        assert "missing.txt" in result.stderr
        assert "Traceback" not in result.output
