"""How fast the count's page is: a contest of many endorsers, over HTTP in one process, beside `SELECT count(*)`.

Run: python -m benchmarks.pages [--endorsers 1000] [--others 0] [--db URL]
"""

import argparse
import datetime as dt
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select
from starlette.testclient import TestClient

from whipcount.article import Article, Kind, Position, Reading, Sourcing, Span, Stand
from whipcount.contest_file import Planned, planned
from whipcount.ledger import Ledger
from whipcount.ledger.contests import Contests
from whipcount.ledger.models import EvidenceRow
from whipcount.web.app import WebOptions, create_app

PAGES = ("/", "/?by=position&sort=-since", "/holdouts", "/changes", "/sources", "/count.csv")
_FIRST = dt.date(2031, 1, 5)
_GIVEN = (
    "Ada Bo Cy Dell Edda Finn Greta Hal Ines Jory Kit Lena Milo Nell Otis Pia Quill Rhea Saul Tess".split()
)
_SURNAMES = (
    "Ash Brook Carrow Dunmore Ellery Fenn Garrick Holt Ivory Jarrow Kell Larch Marrow Nye Orrin".split()
)

_THINGS = "quay lamp ferry tide rope mast gull harbour slate salt wharf barrel bell chart cabin deck".split()


def readings(endorsers: int, candidates: tuple[str, ...], seed: int) -> list[Reading]:
    """Invented articles, one an endorser; a third of the endorsers are heard of twice."""
    chance = random.Random(seed)  # noqa: S311 - invented news, not secrets
    found = []
    for number in range(endorsers):
        name = f"{chance.choice(_GIVEN)} {chance.choice(_SURNAMES)}-{number}"
        for turn in range(1 + (number % 3 == 0)):
            stand, whom = chance.choice(list(Stand)), chance.choice(candidates)
            day = _FIRST + dt.timedelta(days=chance.randrange(200) + 30 * turn)
            title = f"News of {name}, part {turn} of {seed}"
            sentence = f"{name} stood at {stand.value} on {whom} as the lamps of quay {number} were lit."
            # Reports that were worded alike would be taken for copies of one.
            rest = " ".join(chance.choices(_GIVEN + _SURNAMES + _THINGS, k=60))
            text = f"{title}\n\n{sentence} {rest}."
            at = Span(len(title) + 2, len(title) + 2 + len(sentence))
            article = Article(
                f"n{seed}-{number}-{turn}", text, title, f"The Quay {number % 40} Courier", published=day
            )
            position = Position(
                name, Kind.PERSON, whom, stand, chance.choice(list(Sourcing)), at, said_on=day, confidence=0.9
            )
            found.append(Reading(article, positions=(position,)))
    return found


def milliseconds(work: Callable[[], object], rounds: int = 15) -> tuple[float, float]:
    """The medians of some runs, by the clock and on the processor, on which other processes have no say."""
    clock, processor = [], []
    for _ in range(rounds):
        start, used = time.perf_counter(), time.process_time()
        work()
        clock.append((time.perf_counter() - start) * 1000)
        processor.append((time.process_time() - used) * 1000)
    return statistics.median(clock), statistics.median(processor)


def main() -> None:
    """Make a ledger, ask for its pages, print what they took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endorsers", type=int, default=1000)
    parser.add_argument(
        "--others", type=int, default=0, help="Endorsers of another contest in the same ledger."
    )
    parser.add_argument("--db", help="An empty ledger's URL. Default: SQLite in a folder for once.")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        Ledger.open(given.db or str(Path(folder) / "l.db")) as ledger,
    ):
        fill(ledger, given.endorsers, given.others)
        _measure(ledger)


def fill(ledger: Ledger, endorsers: int, others: int) -> None:
    """A ledger of two contests with so many endorsers each."""
    here, there = ("Cy Dunmore", "Dell Harrow"), ("Rhea Pell", "Saul Orme")
    for name, candidates in (("Governor of Marrow", here), ("Mayor of Larkfield", there)):
        race = planned(
            name,
            office=name.split()[0].lower(),
            opens=_FIRST - dt.timedelta(days=1),
            election_day=_FIRST + dt.timedelta(days=300),
            candidates=tuple(map(Planned, candidates)),
        )
        Contests(ledger.engine).add(race)
    found = readings(endorsers, here, 1) + readings(others, there, 2)
    for start in range(0, len(found), 200):
        ledger.add_all(found[start : start + 200])


def _measure(ledger: Ledger) -> None:
    def count() -> None:
        with ledger.engine.connect() as connection:
            connection.scalar(select(func.count()).select_from(EvidenceRow))

    unit, _ = milliseconds(count)
    print(f"SELECT count(*) on evidence: {unit:.2f} ms")  # noqa: T201
    contest = next(race.id for race in Contests(ledger.engine).all() if race.name.startswith("Governor"))
    with TestClient(create_app(ledger, WebOptions(rate=0))) as client:
        client.get("/")
        for number, path in enumerate(PAGES):
            address = f"{path}{'&' if '?' in path else '?'}contest={contest}&as_of=2031-10-01"
            # What was derived before no longer holds.
            for reading in readings(1, ("Cy Dunmore",), 100 + number):
                ledger.add(reading)
            _, changed = milliseconds(lambda asked=address: client.get(asked), rounds=1)  # type: ignore[misc]
            clock, processor = milliseconds(lambda asked=address: client.get(asked))  # type: ignore[misc]
            packed = int(client.get(address).raise_for_status().headers.get("content-length", 0)) / 1000
            print(  # noqa: T201
                f"{path:28} {clock:6.1f} ms by the clock; on the processor {processor:6.1f} ms ({processor / unit:6.1f} x count), "
                f"{changed:6.1f} after a change; {packed:5.1f} kB packed"
            )


if __name__ == "__main__":
    main()
