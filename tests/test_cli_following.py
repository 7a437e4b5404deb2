"""`follow` and `sources` from the command line: what a user sees, and the exit codes."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feeding import Answer, Fetching, Outlet, item, light_read, normal, outlet, rss, story
from whipcount.cli import following, main
from whipcount.ledger import Ledger
from whipcount.ledger.sources import Sources


@pytest.fixture
def web() -> Iterator[Outlet]:
    with outlet() as found:
        yield found


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    @contextmanager
    def make_fetcher(*_: object, **__: object) -> Iterator[tuple[Fetching, Callable[[str], str]]]:
        with Fetching(tmp_path / "cache") as fetching:
            yield fetching, normal

    monkeypatch.setattr(following, "make_fetcher", make_fetcher)
    monkeypatch.setattr(following, "make_reader", lambda ledger: following.reader(ledger, light_read))


def follow(db: str, tmp_path: Path, *urls: str, form: str = "text") -> Result:
    toml = tmp_path / "FEEDS.toml"
    toml.write_text("".join(f'[[feeds]]\nurl = "{url}"\n' for url in urls), encoding="utf-8")
    args = ("follow", str(toml), "--db", db, "--once", "--allow-private", "--log-format", form)
    return CliRunner().invoke(main, args)


def sources(db: str, form: str = "table") -> Result:
    return CliRunner().invoke(main, ("sources", "--db", db, "--format", form))


def test_a_log_for_people(db: str, tmp_path: Path, web: Outlet) -> None:
    page = web.put("/a/1", story(1))
    result = follow(db, tmp_path, web.put("/feed.xml", rss([item(page), "<item/>"])))
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    visit, added, end = result.stderr.splitlines()
    assert "visit" in visit
    assert "1 new, 1 broken; again in 30 min" in visit
    assert "added" in added
    assert "Endorser 1 comes out (1 evidence)" in added
    assert "1 visits, 0 without answer; 1 added with 1 pieces of evidence" in end
    with Ledger.open(db) as ledger:
        assert ledger.totals().evidence == 1


def test_a_log_for_programs(db: str, tmp_path: Path, web: Outlet) -> None:
    page = web.put("/a/1", story(1))
    result = follow(db, tmp_path, web.put("/feed.xml", rss([item(page)])), form="jsonl")
    visit, added, end = (json.loads(line) for line in result.stderr.splitlines())
    assert (visit["event"], visit["url"], visit["new"]) == ("visit", web.url("/feed.xml"), 1)
    assert (added["event"], added["url"], added["evidence"]) == ("added", page, 1)
    assert end["event"] == "end"
    assert dt.datetime.fromisoformat(end["at"]).tzinfo is not None


def test_exit_codes(db: str, tmp_path: Path, web: Outlet) -> None:
    good = web.put("/feed.xml", rss([item(web.put("/a/1", story(1)))]))
    assert follow(db, tmp_path, web.url("/none.xml")).exit_code == 1
    assert follow(db, tmp_path, good, web.url("/other.xml")).exit_code == 3
    assert follow(db, tmp_path, good).exit_code == 0
    assert follow(db, tmp_path, "nonsense").exit_code == 1
    assert "needs a url" in follow(db, tmp_path, "nonsense").stderr


def test_no_ledger_is_made_for_a_list_that_is_wrong(db: str, tmp_path: Path) -> None:
    follow(db, tmp_path, "nonsense")
    assert not Path(db).exists()
    assert sources(db).exit_code == 1


def test_sources_in_each_format(db: str, tmp_path: Path, web: Outlet) -> None:
    good = web.put("/feed.xml", rss([item(web.put("/a/1", story(1, dated=True)))]))
    gone = web.put("/gone.xml", b"", status=410)
    follow(db, tmp_path, good, gone)
    lines = [json.loads(line) for line in sources(db, "jsonl").stdout.splitlines()]
    by_url = {line["source"]: line for line in lines}
    assert by_url[gone]["health"] == "dead"
    assert by_url[gone]["last_success"] is None
    assert "410" in by_url[gone]["last_error"]
    assert by_url[good]["health"] == "ok"
    fields = ("kind", "articles", "no_date", "no_text", "cut_off", "days_since_new")
    assert [by_url[good][name] for name in fields] == ["rss", 1, 0.0, 0.0, 0.0, 0]
    rows = list(csv.DictReader(io.StringIO(sources(db, "csv").stdout)))
    assert {row["source"]: row["health"] for row in rows} == {good: "ok", gone: "dead"}
    assert list(rows[0]) == list(lines[0])
    table = sources(db).stdout
    assert table.index("/gone.xml") < table.index("/feed.xml")  # the worst first
    assert "dead" in table


def test_a_source_that_drifts(db: str, tmp_path: Path, web: Outlet) -> None:
    pages = [web.put(f"/a/{number}", story(number)) for number in range(6)]
    pages += [
        web.put(f"/b/{number}", "<html><body><p>Please enable scripts.</p></body></html>")
        for number in range(8)
    ]
    source = web.put("/feed.xml", rss([item(page) for page in pages]))
    assert follow(db, tmp_path, source).exit_code == 0
    with Sources.open(db) as state:
        [report] = state.reports()
        assert report.why == "no text in 57%"
        later = report.asked_at + dt.timedelta(days=12)
        state._clock = lambda: later
        [report] = state.reports()
        assert (report.health, report.days_since_new) == ("drifting", 12)
        assert "nothing new for 12 days" in report.why


def test_nothing_followed_yet(db: str, ledger: Ledger) -> None:
    del ledger
    result = sources(db)
    assert result.exit_code == 0
    assert "no sources are followed" in result.stderr


def test_a_page_can_not_steer_the_terminal(db: str, tmp_path: Path, web: Outlet) -> None:
    web.answers["/a/1"] = Answer(story(1).replace("Endorser 1 comes out", "Good \x1b[31mnews\u202e").encode())
    result = follow(db, tmp_path, web.put("/feed.xml", rss([item(web.url("/a/1"))])))
    assert "\x1b" not in result.stderr
    assert "\u202e" not in result.stderr
