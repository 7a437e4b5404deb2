"""`whipcount add` on web archives: from the crawler's file to the ledger, also after `kill -9`."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawling import Page, ferry, html, tides, write
from making import Claim, reading
from whipcount.article import Stand
from whipcount.cli import main
from whipcount.crawl import Read, crawl
from whipcount.gather.warc import Captured
from whipcount.ledger import Ledger
from whipcount.ledger.archives import Progress

HERE = Path(__file__).parent
KILLS = int(os.environ.get("WHIPCOUNT_TEST_KILLS", "12"))


def add(*args: str) -> Result:
    return CliRunner().invoke(main, ["add", *args])


def contents(db: str) -> list[tuple[object, ...]]:
    """All that a ledger holds of articles and evidence, but for when it was added."""
    with sqlite3.connect(db) as store:
        articles = store.execute("SELECT id, url, published, text FROM articles ORDER BY id").fetchall()
        evidence = store.execute("SELECT id, endorser_name, position FROM evidence ORDER BY id").fetchall()
    store.close()
    return articles + evidence


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small crawl: positions, tides, and what is no page."""
    path = tmp_path_factory.mktemp("crawl") / "crawl.warc.gz"
    pages = [ferry(n) if n % 7 == 3 else tides(n) for n in range(40)]
    pages[5] = Page(b"<html>gone</html>", status="404 Not Found")
    pages[6] = Page(html("Raúl endorsed it. " * 9, encoding="cp1252"), kind="text/html; charset=windows-1252")
    write(path, pages)
    return path


@pytest.fixture(scope="module")
def undisturbed(crawled: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The ledger that comes of it where nothing goes wrong."""
    db = str(tmp_path_factory.mktemp("ledger") / "ledger.db")
    result = add("--db", db, "--jobs", "1", str(crawled))
    assert result.exit_code == 0, result.output
    assert "39 pages" in result.stderr
    return db


def test_what_is_found(undisturbed: str) -> None:
    with Ledger.open(undisturbed, create=False) as ledger:
        totals = ledger.totals()
        found = ledger.evidence()
    assert totals.articles == 6
    assert {(one.position, one.endorsee.name) for one in found} == {(Stand.ENDORSED, "Cy Dunmore")}
    assert {one.article.url for one in found} == {f"https://courier.example/{n}" for n in range(3, 40, 7)}
    # The day of the crawl is not the day of publication.
    assert {one.article.published for one in found} == {None}


def test_again(undisturbed: str, crawled: Path, tmp_path: Path) -> None:
    before = contents(undisturbed)
    elsewhere = tmp_path / "renamed.warc.gz"
    elsewhere.write_bytes(crawled.read_bytes())
    result = add("--db", undisturbed, str(elsewhere))
    assert result.exit_code == 0
    assert "1 read to the end before" in result.stderr
    result = add("--db", undisturbed, "--jobs", "1", "--again", str(crawled))
    assert "0 added" in result.stderr
    assert "6 known" in result.stderr
    assert contents(undisturbed) == before


def test_many_processes_give_the_same(undisturbed: str, crawled: Path, db: str) -> None:
    # From a folder, with an article beside it.
    result = subprocess.run(
        command("--db", db, "--jobs", "2", str(crawled.parent)), capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert contents(db) == contents(undisturbed)


def test_what_is_broken_is_said_and_the_rest_kept(
    crawled: Path, undisturbed: str, db: str, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.warc.gz"
    whole = crawled.read_bytes()
    cut.write_bytes(whole[: len(whole) // 2])
    result = add("--db", db, "--jobs", "1", str(cut), str(tmp_path / "none.warc.gz"))
    assert result.exit_code == 3
    assert f"{cut}: cut off" in result.stderr
    assert f"{tmp_path / 'none.warc.gz'}: can't be read: no such file" in result.stderr
    half = contents(db)
    assert 0 < len(half) < len(contents(undisturbed))
    # The rest arrives.
    cut.write_bytes(whole)
    assert add("--db", db, "--jobs", "1", str(cut)).exit_code == 0
    assert contents(db) == contents(undisturbed)


def command(*args: str) -> list[str]:
    return [sys.executable, "-W", "error", "-c", "from whipcount.cli import main; main()", "add", *args]


def test_killed_while_reading(crawled: Path, undisturbed: str, db: str) -> None:
    victim = subprocess.Popen(command("--db", db, "--jobs", "2", str(crawled)), stderr=subprocess.DEVNULL)
    children = Path(f"/proc/{victim.pid}/task/{victim.pid}/children")
    if not children.parent.exists():
        victim.kill()
        victim.wait()
        pytest.skip("this system does not list a process's children")
    workers: list[str] = []
    while victim.poll() is None and len(workers) < 2:
        workers = children.read_text().split()
        time.sleep(0.02)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    assert workers
    until = time.monotonic() + 60
    while any(Path(f"/proc/{worker}/exe").exists() for worker in workers):
        assert time.monotonic() < until, "processes are left behind"
        time.sleep(0.1)
    assert add("--db", db, "--jobs", "1", str(crawled)).exit_code == 0
    assert contents(db) == contents(undisturbed)


def quick_read(pages: Iterable[Captured]) -> Read:
    """A reader that finds one position on each page, without a model."""
    return Read(
        tuple(
            reading(Claim(f"Reader of {page.url}", Stand.SUPPORTS), id=page.id, url=page.url, lead=page.url)
            for page in pages
        )
    )


VICTIM = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from test_cli_archives import run_quickly

left = int(sys.argv[3])

def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, "before_cursor_execute", count)
event.listen(Engine, "commit", count)
run_quickly(Path(sys.argv[1]), sys.argv[2])
"""


def run_quickly(path: Path, db: str) -> None:
    with Ledger.open(db) as ledger:
        progress = Progress(ledger.engine)
        for stretch in crawl(path, start=progress.load("it"), reader=quick_read, length=3000):
            for one in stretch.readings:
                ledger.add(one)
            progress.save("it", stretch.position)


def test_killed_again_and_again(tmp_path: Path, db: str) -> None:
    path = tmp_path / "a.warc.gz"
    write(path, [ferry(n) for n in range(200)])
    with Ledger.open(db):
        pass  # what is killed here is the reading; tests of the ledger kill its making
    chance = random.Random(20310703)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])}
    kills = 0
    for kills in range(KILLS + 1):
        left = chance.randrange(5, 2 * 200 * 13 // KILLS) if kills < KILLS else 10**9
        result = subprocess.run(
            [sys.executable, "-c", VICTIM, str(path), db, str(left)], env=environment, check=False
        )
        if result.returncode == 0:
            break
        assert result.returncode == -signal.SIGKILL
    assert result.returncode == 0
    assert kills >= 3
    once = str(tmp_path / "once.db")
    run_quickly(path, once)
    assert contents(db) == contents(once)
    assert len(contents(db)) == 400


def test_progress_is_kept_by_archive(store: str) -> None:
    with Ledger.open(store) as ledger:
        progress = Progress(ledger.engine)
        assert progress.load("a") == 0
        progress.save("a", 5_000_000_000, name="a.warc.gz")
        progress.save("b", 7)
        progress.save("a", 6_000_000_000)
    with Ledger.open(store) as ledger:
        assert [Progress(ledger.engine).load(one) for one in "abc"] == [6_000_000_000, 7, 0]
