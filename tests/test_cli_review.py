"""`whipcount review` from outside, and the days of `--as-known-on`."""

import csv
import datetime as dt
import getpass
import io
import json
from typing import Any

import pytest

from commands import run
from making import Claim, july, reading
from whipcount.article import Sourcing, Stand
from whipcount.ledger import Ledger
from whipcount.ledger.events import Action
from whipcount.ledger.reviews import Reviews

BROOK = Claim(
    "Ada Brook", Stand.WITHHOLDING, sourcing=Sourcing.OWN_WORDS, via="Harbour Times", asks=("a plan for the ferry",),
    confidence=0.7,
)  # fmt: skip
TODAY = dt.datetime.now(dt.UTC).date()
YESTERDAY = TODAY - dt.timedelta(days=1)


@pytest.fixture
def desk(db: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("WHIPCOUNT_DB", db)
    monkeypatch.setenv("WHIPCOUNT_REVIEWER", "Ines")
    long_ago = dt.datetime(2020, 7, 4, 9, tzinfo=dt.UTC)
    with Ledger.open(db) as opened:
        ledger = Ledger(opened.engine, lambda: long_ago)
        ledger.add(reading(BROOK, Claim("Bo Quill", Stand.ENDORSED, confidence=0.4), published=july(3)))
        ledger.add(
            reading(Claim("Ada Brook", Stand.ENDORSED, confidence=0.6), published=july(2), lead="More.")
        )
    return db


def done(*args: str) -> str:
    result = run(*args)
    assert result.exit_code == 0, result.output
    return result.stdout


def lines(*args: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done(*args, "--format", "jsonl").splitlines()]


def id_of(db: str, endorser: str, position: Stand) -> str:
    with Ledger.open(db) as ledger:
        return next(e.id for e in ledger.evidence() if e.endorser.name == endorser and e.position is position)


def stands() -> dict[str, str]:
    return {one["endorser"]: one["position"] for one in lines("count")}


def test_a_mornings_review(desk: str) -> None:
    [item] = lines("review", "next")
    assert item["kind"] == "conflict"
    assert [one["kind"] for one in lines("review", "list")] == ["conflict", *["evidence"] * 3]
    assert len(lines("review", "list", "--kind", "evidence", "--limit", "2")) == 2
    quill = id_of(desk, "Bo Quill", Stand.ENDORSED)
    assert "Ines  reject" in done("review", "reject", quill, "--reason", "a rival", "--seen", "0")
    assert stands() == {"Ada Brook": "withholding"}
    stale = run("review", "accept", quill, "--by", "Jo", "--seen", "0")
    assert (stale.exit_code, stale.stderr) == (
        1,
        "whipcount: Ines has decided on this meanwhile (reject); look again\n",
    )
    done("review", "undo", "1", "--by", "Jo")
    assert stands() == {"Ada Brook": "withholding", "Bo Quill": "endorsed"}
    assert [(e["by"], e["action"]) for e in lines("review", "log")] == [("Ines", "reject"), ("Jo", "undo")]
    assert [e["number"] for e in lines("review", "log", "--by", "Jo")] == [2]
    assert lines("review", "log", "nothing") == []


def test_a_correction_is_shown_beside_what_was_read(desk: str) -> None:
    brook = id_of(desk, "Ada Brook", Stand.WITHHOLDING)
    quote = "stands at withholding on Cy Dunmore"
    done(
        "review", "correct", brook, "--position", "refused", "--endorser", "Ada Brooke-Lane", "--via", "",
        "--quote", quote, "--asks-nothing", "--said-on", "2031-07-01",
    )  # fmt: skip
    [shown] = lines("review", "show", brook)
    assert shown["evidence"]["exact"] == quote
    assert (shown["position"], shown["via"], shown["conditions"], shown["said_on"]) == (
        "refused",
        None,
        [],
        "2031-07-01",
    )
    assert shown["read"]["position"] == "withholding"
    assert shown["read"]["via"] == "Harbour Times"
    assert shown["read"]["endorser"] == "Ada Brook"
    assert (shown["confidence"], shown["machine_confidence"], shown["seen"]) == (1.0, 0.7, 1)
    text = " ".join(done("review", "show", brook).split())
    assert "conditions: “a plan for the ferry”" in text
    assert "Ines correct position: refused" in text
    assert "corrected by Ines" in " ".join(done("show", "Ada Brooke-Lane").split())
    done("review", "correct", brook, "--asks", "the ferry", "--span", "0", "9", "--reason", "misread")
    [shown] = lines("review", "show", brook)
    assert shown["conditions"][0]["exact"] == "the ferry"
    assert lines("review", "log", brook)[-1]["data"]["reason"] == "misread"


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("--quote", "no such words"), "the article has no “no such words”"),
        (("--quote", "stands at"), "2 times"),
        (("--quote", "Ada", "--span", "0", "4"), "not both"),
        (("--said-on", "Tuesday"), "no day"),
        ((), "at least one field"),
    ],
)
def test_corrections_that_make_no_sense(desk: str, args: tuple[str, ...], why: str) -> None:
    result = run("review", "correct", id_of(desk, "Ada Brook", Stand.WITHHOLDING), *args)
    assert result.exit_code == 1
    assert why in result.stderr
    assert result.stderr.count("\n") == 1


def test_evidence_by_hand(desk: str) -> None:
    article = id_of(desk, "Bo Quill", Stand.ENDORSED).split(".")[0]
    given = ("--endorser", "Eve Marsh", "--endorsee", "Cy Dunmore", "--position", "supports")
    result = run("review", "add", article, *given)
    assert "say where the article says so" in result.stderr
    done("review", "add", article, *given, "--quote", "News from Larkfield.")
    assert stands()["Eve Marsh"] == "supports"
    assert "by hand by Ines" in " ".join(done("show", "Eve Marsh").split())
    done("review", "undo", "1")
    assert "Eve Marsh" not in stands()
    assert "entered by hand and taken back by Ines" in " ".join(done("show", "Eve Marsh").split())


def test_merge_split_prevail_and_note(desk: str) -> None:
    with Ledger.open(desk) as ledger:
        ledger.add(reading(Claim("A. Brook", Stand.REFUSED), published=july(9), lead="Third."))
    done("review", "merge", "A. Brook", "Ada Brook")
    assert stands() == {"Ada Brook": "refused", "Bo Quill": "endorsed"}
    [refused] = [e["id"] for e in lines("show", "Ada Brook") if e["position"] == "refused"]
    done("review", "split", "Ada Brook", "--evidence", refused, "--to", "Al Brook")
    assert stands() == {"Ada Brook": "withholding", "Al Brook": "refused", "Bo Quill": "endorsed"}
    [conflict] = lines("review", "conflicts", "--kind", "own_word")
    done("review", "prevail", conflict["losers"][0]["id"], "--over", conflict["winner"]["id"])
    assert stands()["Ada Brook"] == "endorsed"
    assert lines("review", "conflicts") == []
    done("review", "note", refused, "Never said so.", "--request", "--by", "a reader")
    [request] = lines("review", "list", "--kind", "request")
    done("review", "note", refused, "He did.", "--answers", str(request["event"]["number"]))
    assert lines("review", "list", "--kind", "request") == []


def test_copies_are_decided_on_together(desk: str) -> None:
    with Ledger.open(desk) as ledger:
        for outlet in ("A", "B", "C"):
            ledger.add(reading(Claim("Sol Reed", Stand.ENDORSED), published=july(3), outlet=outlet))
    done("review", "reject", id_of(desk, "Sol Reed", Stand.ENDORSED), "--copies")
    assert len(lines("review", "log")) == 3
    assert "Sol Reed" not in stands()


def test_who_decides(desk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quill = id_of(desk, "Bo Quill", Stand.ENDORSED)
    done("review", "accept", quill)
    done("review", "accept", quill, "--by", "Jo")
    monkeypatch.delenv("WHIPCOUNT_REVIEWER")
    done("review", "accept", quill)
    assert [e["by"] for e in lines("review", "log")] == ["Ines", "Jo", getpass.getuser()]


def test_a_second_reader_is_asked(desk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHIPCOUNT_SECOND_SHARE", "1")
    quill = id_of(desk, "Bo Quill", Stand.ENDORSED)
    done("review", "accept", quill)
    assert [i["subject"] for i in lines("review", "list", "--by", "Jo", "--kind", "second")] == [quill]
    result = run("review", "list", "--kind", "second")
    assert (result.exit_code, result.stderr) == (0, "whipcount: nothing waits for you\n")


def test_figures(desk: str) -> None:
    quill = id_of(desk, "Bo Quill", Stand.ENDORSED)
    done("review", "accept", quill)
    done("review", "reject", quill, "--by", "Jo")
    found = lines("review", "figures")
    assert {one["figure"] for one in found} == {"agreement", "precision", "calibration"}
    [counts] = [one for one in found if one.get("field") == "counts"]
    assert (counts["evidence"], counts["equal"]) == (1, 0.0)
    text = done("review", "figures")
    for title in ("Agreement of readers", "Precision of what was read", "Confidence"):
        assert title in text


def test_the_confidence_shown_follows_the_reviews(desk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHIPCOUNT_CALIBRATE_FROM", "20")
    with Ledger.open(desk) as ledger:
        names = [f"Mayor {a}{b} Dale" for a in "ABCDE" for b in "abcde"]
        ledger.add(reading(*(Claim(name, Stand.ENDORSED, confidence=0.6) for name in names), lead="Mayors."))
        mayors = [e.id for e in ledger.evidence() if e.endorser.name.startswith("Mayor")]
        reviews = Reviews(ledger.engine)
        for one in mayors[:24]:
            reviews.record(Action.ACCEPT, one, "Jo")
    [last] = [s for s in lines("count") if s["best"] == mayors[24]]
    assert last["confidence"] == pytest.approx(25 / 26, abs=1e-4)
    assert last["evidence"][0]["machine_confidence"] == 0.6
    monkeypatch.setenv("WHIPCOUNT_CALIBRATE_FROM", "25")
    [last] = [s for s in lines("count") if s["best"] == mayors[24]]
    assert last["confidence"] == 0.6


@pytest.mark.usefixtures("desk")
def test_count_and_holdouts_say_what_is_disputed() -> None:
    [brook] = [s for s in lines("count") if s["endorser"] == "Ada Brook"]
    assert brook["disputed"].startswith("own word after a report")
    assert "own words, to Harbour Times, disputed" in " ".join(done("count").split())
    assert "disputed" in done("holdouts")
    assert "disputed: own word after a report" in " ".join(done("show", "Ada Brook").split())


def test_what_the_ledger_would_have_said_that_day(desk: str) -> None:
    done("review", "reject", id_of(desk, "Bo Quill", Stand.ENDORSED))
    known, before = ("--as-known-on", "2020-07-04"), ("--as-known-on", "2020-07-03")
    assert stands() == {"Ada Brook": "withholding"}
    assert lines("count", *before) == []
    assert [s["endorser"] for s in lines("count", *known)] == ["Ada Brook", "Bo Quill"]
    assert [s["position"] for s in lines("count", *known, "--as-of", "2031-07-02")] == ["endorsed"]
    assert [s["days"] for s in lines("holdouts", *known, "--as-of", "2031-07-04")] == [1]
    assert lines("holdouts", *before) == []
    assert [e["review"] for e in lines("show", "Bo Quill", *known)] == [None]
    assert lines("show", "Bo Quill", *before) == []
    assert len(list(csv.DictReader(io.StringIO(done("export", "csv", *known))))) == 2
    assert len(list(csv.DictReader(io.StringIO(done("export", "csv", *before))))) == 0


def test_a_decision_is_known_from_its_day_on(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHIPCOUNT_DB", db)
    early = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    with Ledger.open(db) as opened:
        Ledger(opened.engine, lambda: early).add(reading(Claim("Bo Quill", Stand.ENDORSED)))
    done("review", "reject", id_of(db, "Bo Quill", Stand.ENDORSED), "--by", "Ines")
    assert stands() == {}
    assert len(lines("count", "--as-known-on", str(YESTERDAY))) == 1
    assert len(lines("count", "--as-known-on", str(TODAY))) == 0


def test_show_lists_what_does_not_count_with_who_and_when(desk: str) -> None:
    brook = id_of(desk, "Ada Brook", Stand.ENDORSED)
    done("review", "reject", brook, "--reason", "a headline")
    text = " ".join(done("show", "Ada Brook").split())
    assert f"not counted rejected by Ines: a headline, {TODAY}" in text
    assert "1 report" in text
    found = {e["id"]: e["review"] for e in lines("show", "Ada Brook")}
    assert found[brook]["excluded"] == "rejected by Ines: a headline"
    earlier = lines("show", "Ada Brook", "--as-of", "2031-07-02")
    assert [e["id"] for e in earlier] == [brook]


@pytest.mark.parametrize(
    "args",
    [
        ("accept", "e0"),
        ("show", "e0"),
        ("undo", "7"),
        ("merge", "Zoe", "Ada Brook"),
        ("split", "Ada Brook", "--evidence", "e0", "--to", "X"),
        ("prevail", "e0", "--over", "e1"),
        ("note", "e0", " "),
        ("add", "a_0", "--endorser", "X", "--endorsee", "Y", "--position", "endorsed", "--quote", "Z"),
    ],
)
@pytest.mark.usefixtures("desk")
def test_what_is_not_there_is_one_line(args: tuple[str, ...]) -> None:
    result = run("review", *args)
    assert result.exit_code == 1
    assert result.stderr.startswith("whipcount: ")
    assert result.stderr.count("\n") == 1
