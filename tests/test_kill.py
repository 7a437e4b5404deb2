"""kill -9 at random moments, and a restart: nothing lost, nothing doubled, nothing fetched twice.

A few rounds in the suite. More, or with the real reader:

    WHIPCOUNT_KILL_ROUNDS=30 pytest tests/test_kill.py
    WHIPCOUNT_KILL_ROUNDS=3 WHIPCOUNT_KILL_READER=real pytest tests/test_kill.py -k sqlite
"""

import json
import multiprocessing
import os
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from feeding import Outlet, item, outlet, person, rss, story, whipcount
from whipcount.ledger import Ledger

ROUNDS = int(os.environ.get("WHIPCOUNT_KILL_ROUNDS", "4"))
LIGHT = os.environ.get("WHIPCOUNT_KILL_READER", "light") == "light"
PATIENCE = 240.0
A_ROUND = 12
"""New pages in each round."""
HOSTS = ("127.0.0.1", "localhost")


@pytest.fixture(scope="module")
def children() -> ForkServerContext:
    """Starts processes from one that has everything loaded: what is killed is their work, not their imports."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["feeding", "whipcount.cli.following", "whipcount.cli.log", "trafilatura"])
    return context


@pytest.fixture
def web() -> Iterator[Outlet]:
    with outlet(lambda: random.uniform(0, 0.02)) as found:
        yield found


class Following:
    """`whipcount follow` as a process of its own."""

    def __init__(self, children: ForkServerContext, store: str, web: Outlet, tmp_path: Path) -> None:
        self.store = store
        self.web = web
        self._children = children
        self._tmp_path = tmp_path
        self._number = 0
        self.log = tmp_path / "log"

    def feed(self, count: int) -> None:
        """Have the outlet publish so many pages, on two hosts and named by two feeds that overlap."""
        for number in range(count):
            self.web.put(f"/a/{number}", story(number, who="" if LIGHT else person(number)))
        urls = [self.web.url(f"/a/{number}", HOSTS[number % 2]) for number in range(count)]
        self.web.put("/f1.xml", rss([item(url) for url in urls]))
        self.web.put("/f2.xml", rss([item(url) for url in urls[::3]]))

    def start(self) -> ForkServerProcess:
        toml = self._tmp_path / "FEEDS.toml"
        toml.write_text(
            "".join(
                f'[[feeds]]\nurl = "{self.web.url(path, host)}"\nevery = 0.005\n'
                for path, host in (("/f1.xml", HOSTS[0]), ("/f2.xml", HOSTS[1]))
            )
        )
        self._number += 1
        self.log = self._tmp_path / f"log-{self._number}"
        self.log.touch()
        process = self._children.Process(
            target=whipcount,
            args=(
                ["follow", str(toml), "--db", self.store, "--log-format", "jsonl"],
                self._tmp_path / "cache",
            ),
            kwargs={"light": LIGHT, "log": self.log},
        )
        process.start()
        return process

    def events(self) -> list[dict[str, str]]:
        """What it told so far; the last line may be cut off by its death."""
        lines = self.log.read_text().split("\n")[:-1]
        return [json.loads(line) for line in lines if line.startswith("{")]

    def told(self, steps: int) -> bool:
        """Whether it has told of so many steps."""
        return len(self.events()) >= steps

    def states(self) -> dict[str, str]:
        """The path of each page that the ledger knows of, and how far it has come."""
        engine = sa.create_engine(self.store if "://" in self.store else f"sqlite:///{self.store}")
        try:
            if not sa.inspect(engine).has_table("pages"):
                return {}
            with engine.connect() as connection:
                rows = connection.execute(sa.text("SELECT url, state FROM pages")).all()
        finally:
            engine.dispose()
        return {urlsplit(row.url).path: row.state for row in rows}


def wait_for(what: str, done: Callable[[], bool], process: ForkServerProcess) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, f"{what}: not in {PATIENCE} s"
        assert process.is_alive(), f"{what}: it ended by itself with {process.exitcode}"
        time.sleep(0.005)


def found(store: str) -> list[tuple[str | None, str, str, str, str]]:
    with Ledger.open(store) as ledger:
        return sorted(
            (one.article.url, one.endorser.name, one.endorsee.name, one.position.value, one.quote.exact)
            for one in ledger.evidence()
        )


def test_follow(children: ForkServerContext, store: str, web: Outlet, tmp_path: Path) -> None:
    follow = Following(children, store, web, tmp_path)
    count = in_flight = 0
    settled: dict[str, int] = {}
    for _ in range(ROUNDS):
        count = min(count + A_ROUND, 10_000 if LIGHT else 100)
        follow.feed(count)
        process = follow.start()
        # At any number of steps from none to about all, and anywhere within the next.
        steps = random.randint(0, A_ROUND + 6)
        wait_for(f"{steps} steps", partial(follow.told, steps), process)
        time.sleep(random.uniform(0, 0.05))
        process.kill()
        process.join()
        time.sleep(0.05)  # the server's threads finish what they were asked
        again = {path: web.asked[path] - times for path, times in settled.items()}
        assert not any(again.values()), f"fetched twice: {again}"
        states = follow.states()
        in_flight += sum(
            web.asked[f"/a/{n}"] > 0 and states.get(f"/a/{n}", "due") == "due" for n in range(count)
        )
        settled = {path: web.asked[path] for path, state in states.items() if state != "due"}
    process = follow.start()
    wait_for("all", lambda: list(follow.states().values()).count("read") == count, process)
    process.terminate()
    process.join(PATIENCE)
    assert process.exitcode == 0
    assert follow.events()[-1]["event"] == "end"
    assert all(web.asked[path] == times for path, times in settled.items())
    # A kill leaves what was in flight: at most one page for each of the two hosts.
    asked = [web.asked[f"/a/{number}"] for number in range(count)]
    assert sum(asked) - count <= in_flight <= 2 * ROUNDS
    evidence = found(store)
    assert len(evidence) == len(set(evidence))
    with Ledger.open(store) as ledger:
        assert ledger.totals().articles == count
    if LIGHT:
        assert len(evidence) == count
    print(  # noqa: T201 - with pytest -s
        f"{ROUNDS} kills, {count} pages, {sum(asked) - count} asked for again while in flight"
    )


def test_follow_gives_what_a_run_without_kills_gives(
    children: ForkServerContext, db: str, web: Outlet, tmp_path: Path
) -> None:
    follow = Following(children, db, web, tmp_path)
    follow.feed(A_ROUND)
    for _ in range(2):
        process = follow.start()
        wait_for("a step", lambda: len(follow.events()) >= random.randint(3, 12), process)
        process.kill()
        process.join()
    ledgers = (db, str(tmp_path / "whole.db"))
    for store in ledgers:
        follow.store = store
        process = follow.start()
        wait_for("all", lambda: list(follow.states().values()).count("read") == A_ROUND, process)
        process.terminate()
        process.join(PATIENCE)
    killed, whole = (found(store) for store in ledgers)
    assert killed == whole
    assert killed


def test_add(children: ForkServerContext, store: str, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    count = 0

    def start() -> ForkServerProcess:
        process = children.Process(
            target=whipcount,
            args=(["add", "--db", store, str(folder)], tmp_path / "cache"),
            kwargs={"light": LIGHT, "log": tmp_path / "log"},
        )
        process.start()
        return process

    for _ in range(ROUNDS):
        for number in range(count, count + A_ROUND):
            page = story(number, who="" if LIGHT else person(number))
            (folder / f"{number:05}.html").write_text(page, encoding="utf-8")
        count += A_ROUND
        process = start()
        process.join(random.uniform(0, 1.5))
        process.kill()
        process.join()
    process = start()
    process.join(PATIENCE)
    assert process.exitcode == 0
    evidence = found(store)
    with Ledger.open(store) as ledger:
        assert ledger.totals().articles == count
    if LIGHT:
        assert len({endorser for _, endorser, *_ in evidence}) == len(evidence) == count


def test_a_second_follower_is_told(
    children: ForkServerContext, store: str, web: Outlet, tmp_path: Path
) -> None:
    follow = Following(children, store, web, tmp_path)
    follow.feed(1)
    first = follow.start()
    wait_for("a step", lambda: len(follow.events()) > 0, first)
    second = follow.start()
    second.join(PATIENCE)
    assert second.exitcode == 1
    [line] = follow.log.read_text().splitlines()
    assert line.startswith("whipcount: another process follows sources into this ledger (process ")
    first.kill()
    first.join()
