"""Many readers and some reviewers at once: a real `whipcount serve`, asked as people and programs ask it.

Readers follow the links of the pages that they are given and think between them; a tenth are programs that ask the
API. Reviewers log in and decide in the queue, by the forms of its pages. In the end no answer may have been an
error, and the ledger has each decision that was answered as kept just once, and no other.

Run: python -m benchmarks.load [--seconds 300] [--readers 200] [--reviewers 4] [--endorsers 1000] [--db URL]
"""

import argparse
import asyncio
import contextlib
import datetime as dt
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from benchmarks.pages import fill

from whipcount.ledger import Ledger
from whipcount.ledger.events import Event
from whipcount.ledger.reviews import Reviews
from whipcount.web.accounts import Accounts
from whipcount.web.viewer import Role

PASSWORD = "the lamps of quay nine"  # noqa: S105 - of accounts that last as long as the run
GOAL = 300.0
"""Milliseconds that nineteen of twenty answers may take."""
_WEIGHTS = {
    "count": 5, "holdouts": 3, "changes": 3, "sources": 1, "endorser": 6, "article": 5, "story": 2, "method": 1,
    "count.csv": 0.3, "holdouts.csv": 0.2, "changes.atom": 0.5,
}  # fmt: skip
"""How often a reader goes on to each kind of page, where the present one has a link to it."""
_CALLS = (
    "/api/v1/standings?limit=100", "/api/v1/holdouts", "/api/v1/history?limit=50", "/api/v1/changes?after=latest",
    "/api/v1/contests", "/api/v1/identities?limit=50", "/api/v1/outlets", "/api/v1/articles?limit=20",
)  # fmt: skip
_READING, _DECIDING = 12.0, 5.0
"""Seconds that a reader and a reviewer think, on average."""
_LINK = re.compile(r'href="(/[^"#]*)')
_FIELD = re.compile(r'name="(csrf|seen|key|only|trail|sides)" value="([^"]*)"')


@dataclass
class Log:
    """What was asked, and what came back."""

    took: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    kept: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Decisions that were answered as kept: number, reader, action, subject."""
    late: int = 0
    """Decisions that were refused, as another reviewer was faster."""


class Asker:
    """Somebody with an address of their own, whose times are kept."""

    def __init__(self, url: str, number: int, log: Log) -> None:
        self.log = log
        # The server believes a proxy on this machine, so that each has a client's rate as elsewhere.
        address = f"10.1.{number // 250}.{number % 250 + 1}"
        self.client = httpx.AsyncClient(
            base_url=url, headers={"X-Forwarded-For": address}, timeout=60, trust_env=False
        )
        self.seen: set[str] = set()

    async def ask(
        self, kind: str, address: str, right: tuple[int, ...] = (200, 304), **given: object
    ) -> httpx.Response | None:
        """An answer; None where it was an error."""
        method = "POST" if "data" in given else "GET"
        start = time.perf_counter()
        try:
            answer = await self.client.request(method, address, **given)  # type: ignore[arg-type]
        except httpx.HTTPError as error:
            self.log.wrong.append(f"{method} {address}: {type(error).__name__} {error}")
            return None
        self.log.took[kind].append((time.perf_counter() - start) * 1000)
        if answer.status_code not in right:
            said = re.findall(r"<p>(.*?)</p>", answer.text, re.DOTALL)[:1]
            self.log.wrong.append(f"{method} {address}: {answer.status_code} {said}")
            return None
        return answer

    async def assets(self, text: str) -> None:
        """What a browser fetches with a page, once."""
        for address in set(re.findall(r'"(/static/[^"]+)"', text)) - self.seen:
            self.seen.add(address)
            await self.ask("static", address)


def kind_of(address: str) -> str:
    """What sort of page an address is."""
    path = urlsplit(address).path
    return path.strip("/").split("/")[0] or "count"


async def _think(chance: random.Random, seconds: float, until: float) -> None:
    """So long on average, and no longer than the run lasts."""
    await asyncio.sleep(max(0.0, min(chance.expovariate(1 / seconds), until - time.monotonic())))


async def read(asker: Asker, chance: random.Random, until: float) -> None:
    """A person who goes from page to page."""
    await asyncio.sleep(chance.uniform(0, _READING))
    address = "/"
    while time.monotonic() < until:
        answer = await asker.ask(kind_of(address), address)
        there: defaultdict[str, list[str]] = defaultdict(list)
        if answer is not None and "text/html" in answer.headers.get("content-type", ""):
            await asker.assets(answer.text)
            for link in _LINK.findall(answer.text):
                there[kind_of(link)].append(unescape(link))
        kinds = [kind for kind in there if kind in _WEIGHTS] or ["count"]
        kind = chance.choices(kinds, [_WEIGHTS[one] for one in kinds])[0]
        address = chance.choice(there.get(kind, ["/"]))
        await _think(chance, _READING, until)


async def poll(asker: Asker, chance: random.Random, until: float) -> None:
    """A program that asks the API, and says what it has already."""
    tags: dict[str, str] = {}
    while time.monotonic() < until:
        await _think(chance, _READING, until)
        call = chance.choice(_CALLS)
        headers = {"If-None-Match": tags[call]} if call in tags else {}
        answer = await asker.ask(urlsplit(call).path, call, headers=headers)
        if answer is not None and "etag" in answer.headers:
            tags[call] = answer.headers["etag"]


async def review(asker: Asker, name: str, chance: random.Random, until: float) -> None:
    """A reviewer who takes one item after the other."""
    start = await asker.ask("login", "/login")
    if start is None:
        return
    given = dict(_FIELD.findall(start.text)) | {"name": name, "password": PASSWORD, "next": "/review"}
    if await asker.ask("log in", "/login", (303,), data=given) is None:
        return
    address = "/review"
    while time.monotonic() < until:
        shown = await asker.ask("review", address, (200, 303))
        if shown is not None and shown.status_code == httpx.codes.SEE_OTHER:
            address = shown.headers["location"]
            continue
        path = urlsplit(address).path
        if shown is None or path == "/review":
            await asyncio.sleep(_DECIDING)
            address = "/review"
            continue
        await asker.assets(shown.text)
        await _think(chance, _DECIDING, until)
        forms = dict(_FIELD.findall(shown.text))
        address = await _decide(asker, name, path, forms, chance)


async def _decide(asker: Asker, name: str, path: str, forms: dict[str, str], chance: random.Random) -> str:
    """Decide on the item, now and then undo that; where to go on."""
    _, _, kind, subject = path.split("/")
    action = {"conflict": "prevail", "request": "note", "identity": "note"}.get(kind) or chance.choices(
        ("accept", "reject", "note"), (8, 2, 1)
    )[0]
    given = forms | {
        "action": action,
        "text": "Looked into.",
        "reason": "It says otherwise." * (action == "reject"),
    }
    answer = await asker.ask("decide", path, (303, 409), data=given)
    if answer is None:
        return "/review"
    if answer.status_code == httpx.codes.CONFLICT:
        asker.log.late += 1
        return "/review"
    onwards = answer.headers["location"]
    number = _number(onwards)
    asker.log.kept.append((number, name, action, subject))
    if action != "note" and chance.random() < 0.05:
        undone = await asker.ask("undo", "/review/undo", (303,), data=forms | {"number": str(number)})
        if undone is not None:
            asker.log.kept.append((-number, name, "undo", subject))
            return undone.headers["location"]
    return onwards


def _number(address: str) -> int:
    trail = dict(one.split("=", 1) for one in urlsplit(address).query.split("&"))["trail"]
    return int(trail.replace("%2C", ",").split(",")[-1])


def lost(log: Log, events: list[Event]) -> list[str]:
    """What the answers and the ledger disagree on."""
    found = []
    answered = Counter((abs(n) if a == "undo" else n, by, a, s) for n, by, a, s in log.kept)
    there = Counter(
        (event.undoes or event.number, event.by, event.action.value, event.subject) for event in events
    )
    found += [f"answered as kept, and not there: {one}" for one in answered - there]
    found += [f"there, and never answered as kept: {one}" for one in there - answered]
    return found


@contextlib.contextmanager
def served(url: str, folder: Path) -> Iterator[str]:
    """The site in a process of its own, as a desk would start it; with a log beside."""
    own = os.environ | {"WHIPCOUNT_KEY_FILE": str(folder / "key")}
    start = "from whipcount.cli import main; main()"
    command = [sys.executable, "-c", start, "serve", "--port", "0", "--db", url]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, env=own, stdout=subprocess.PIPE, stderr=log, text=True
        )
        assert process.stdout
        try:
            address = process.stdout.readline().rpartition(" ")[2].strip()
            if not address:
                sys.exit((folder / "log").read_text() or "the site did not start")
            yield address
        finally:
            process.terminate()
            process.wait(30)


async def work(url: str, seconds: float, readers: int, reviewers: int) -> Log:
    """All of them at once."""
    log = Log()
    until = time.monotonic() + seconds
    askers = [Asker(url, number, log) for number in range(readers + reviewers)]
    tasks = []
    for number, asker in enumerate(askers):
        chance = random.Random(number)  # noqa: S311 - who clicks where is no secret
        if number < reviewers:
            tasks.append(review(asker, f"Reviewer {number}", chance, until))
        else:
            tasks.append((poll if number % 10 == 0 else read)(asker, chance, until))
    await asyncio.gather(*tasks)
    for asker in askers:
        await asker.client.aclose()
    return log


def main() -> None:
    """Fill a ledger, load its site, say how it went; exit 1 where it went wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--reviewers", type=int, default=4)
    parser.add_argument("--endorsers", type=int, default=1000)
    parser.add_argument("--db", help="An empty ledger's URL. Default: SQLite in a folder for once.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = given.db or str(folder / "l.db")
        with Ledger.open(url) as ledger:
            fill(ledger, given.endorsers, 0)
            for number in range(given.reviewers):
                Accounts(ledger.engine).add(f"Reviewer {number}", Role.REVIEWER, password=PASSWORD)
        with served(url, folder) as site:
            log = asyncio.run(work(site, given.seconds, given.readers, given.reviewers))
        with Ledger.open(url) as ledger:
            gone = lost(log, Reviews(ledger.engine).events())
        complaints = [line for line in (folder / "log").read_text().splitlines() if " INFO " not in line]
    sys.exit(_tell(log, gone, complaints, given.seconds))


def _tell(log: Log, gone: list[str], complaints: list[str], seconds: float) -> int:
    everything = [one for kind, times in log.took.items() if kind != "static" for one in times]
    say = print
    say(f"{dt.datetime.now(dt.UTC):%Y-%m-%d}: {len(everything)} requests in {seconds:.0f} s, without assets")
    say(f"{'':28} {'asked':>6} {'p50':>7} {'p95':>7} {'p99':>7} {'most':>7}  ms")
    for kind, times in [*sorted(log.took.items()), ("all but assets", everything)]:
        cuts = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
        say(f"{kind:28} {len(times):6} {cuts[49]:7.0f} {cuts[94]:7.0f} {cuts[98]:7.0f} {max(times):7.0f}")
    say(
        f"{len(log.kept)} decisions kept, {log.late} refused as another was faster, {len(gone)} lost or not asked for"
    )
    p95 = statistics.quantiles(everything, n=100)[94]
    server = resource.getrusage(resource.RUSAGE_CHILDREN)
    say(f"the server was {server.ru_utime + server.ru_stime:.0f} s on the processor")
    say(f"{len(log.wrong)} errors; p95 {p95:.0f} ms (goal {GOAL:.0f})")
    for line in [*log.wrong[:20], *gone[:20], *complaints[:40]]:
        say(f"  {line}")
    return 1 if log.wrong or gone or p95 > GOAL else 0


if __name__ == "__main__":
    main()
