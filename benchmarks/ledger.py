"""The standing of a contest of 1,000 endorsers in a large ledger, and what adding evidence costs.

    python -m benchmarks.ledger [--evidence 1000000] [--db URL]

The ledger (SQLite in a temporary folder, or an empty PostgreSQL database at `--db`) is filled by plain
inserts; one piece in 333 is of the contest. The standing is timed as `count` derives it, beside
`SELECT count(*)` on the same table; then articles with five positions each are added, a hundred at a
time as `whipcount add` keeps what it has read, and again with a transaction each.
"""

import argparse
import datetime as dt
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from whipcount.article import Article, Attribution, Kind, Position, Reading, Sourcing, Span, Stand
from whipcount.ledger import Ledger
from whipcount.ledger.desk_models import AssignmentRow
from whipcount.ledger.evidence import Evidence
from whipcount.ledger.models import ArticleRow, EvidenceRow, IdentityRow
from whipcount.standing import standings

CONTEST = "c_benchmark"
ENDORSERS, PIECES = 1_000, 3_000
_EACH = 5
"""Pieces of evidence of an article."""
_BATCH = 2_000
_STANDS = [stand.value for stand in Stand]
_ROUNDS = 15


def fill(engine: sa.Engine, pieces: int) -> None:
    """A ledger of so many pieces of evidence, `PIECES` of them of the contest."""
    chance = random.Random(0)  # noqa: S311 - to be the same each time
    now = dt.datetime(2031, 1, 1, tzinfo=dt.UTC)
    people = [f"p_{n}" for n in range(50_000)]
    every = pieces // PIECES
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        for low in range(0, len(people), _BATCH):
            own = people[low : low + _BATCH]
            names = [{"id": p, "normal_name": f"name {p}", "name": f"Name {p}"} for p in own]
            connection.execute(
                sa.insert(IdentityRow), [{**n, "provisional": True, "added_at": now} for n in names]
            )
        for low in range(0, pieces // _EACH, _BATCH):
            numbers = range(low, min(low + _BATCH, pieces // _EACH))
            connection.execute(sa.insert(ArticleRow), [_article(n, now) for n in numbers])
            rows = [_evidence(n, k, every, people, chance, now) for n in numbers for k in range(_EACH)]
            connection.execute(sa.insert(EvidenceRow), rows)
            own_rows = [r for r in rows if r["endorsee_id"] == "p_0"]
            if own_rows:
                connection.execute(
                    sa.insert(AssignmentRow),
                    [{"evidence_id": r["id"], "contest_id": CONTEST, "added_at": now} for r in own_rows],
                )
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")


def _article(number: int, now: dt.datetime) -> dict[str, Any]:
    return {
        "id": f"a_{number}", "content_hash": f"{number}", "record_id": f"{number}", "story": f"s_{number}", "title": "A title",
        "outlet": f"Outlet {number % 300}", "published": dt.date(2031, 1, 1) + dt.timedelta(days=number % 300), "authors": [],
        "text": "x" * 200, "debris": [], "key_points": [], "reader": "0", "added_at": now,
    }  # fmt: skip


def _evidence(
    number: int, k: int, every: int, people: list[str], chance: random.Random, now: dt.datetime
) -> dict[str, Any]:
    piece = number * _EACH + k
    ours = piece % every == 0
    endorser = f"p_{1 + piece // every % ENDORSERS}" if ours else chance.choice(people)
    return {
        "id": f"a_{number}.e{k}", "article_id": f"a_{number}", "ordinal": k, "endorser_id": endorser, "endorser_name": f"Name {endorser}",
        "endorser_kind": "person", "endorsee_id": "p_0" if ours else f"p_{1 + number % 49_000}", "endorsee_name": "Name", "contest": "current",
        "position": chance.choice(_STANDS), "sourcing": "narration", "start_at": 0, "end_at": 10, "exact": "x" * 10, "conditions": [],
        "reasons": [], "confidence": 0.8, "because": "made", "reader": "0", "added_at": now,
    }  # fmt: skip


def made(count: int, seed: int) -> Iterator[Reading]:
    """Readings of made articles of 700 words with five positions and attributions each."""
    chance = random.Random(seed)  # noqa: S311
    for number in range(count):
        words = [f"w{int(chance.paretovariate(0.1)) % 30_000}" for _ in range(700)]
        names = [f"Ada Brook{chance.randrange(20_000)}" for _ in range(_EACH)]
        lead = "".join(f"{name} has endorsed Cy Dunmore. " for name in names)
        article = Article(
            f"made-{seed}-{number}", lead + " ".join(words), outlet="Courier", published=dt.date(2031, 7, 3)
        )
        positions, attributions, at = [], [], 0
        for name in names:
            span = Span(at, at + len(name) + len(" has endorsed Cy Dunmore."))
            at = span.end + 1
            positions.append(
                Position(
                    name, Kind.PERSON, "Cy Dunmore", Stand.ENDORSED, Sourcing.NARRATION, span, confidence=0.9
                )
            )
            attributions.append(Attribution((Span(span.start, span.start + len(name)),), (), (span,)))
        yield Reading(article, (), tuple(attributions), tuple(positions))


def timed(work: Callable[[], Any], rounds: int) -> tuple[float, float]:
    """The medians of so many rounds, in milliseconds: by the clock, and of this process's processor time."""
    clock, processor = [], []
    for _ in range(rounds):
        began, used = time.perf_counter(), time.process_time()
        work()
        clock.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - used) * 1000)
    return statistics.median(clock), statistics.median(processor)


def measure(ledger: Ledger, pieces: int, console: Console) -> None:
    """Print what standing and adding take."""
    table = Table(title=f"{pieces:,} pieces of evidence, {ledger.engine.dialect.name}")
    for head in ("what", "ms", "of processor time", "of count(*)"):
        table.add_column(head, justify="left" if head == "what" else "right")

    def counted() -> None:
        with ledger.engine.connect() as connection:
            connection.scalar(sa.select(sa.func.count()).select_from(EvidenceRow))

    def known() -> list[Evidence]:
        return ledger.evidence(contest_id=CONTEST, known_by=dt.datetime(2031, 6, 1, tzinfo=dt.UTC))

    day = dt.date(2031, 6, 1)
    whole = timed(counted, _ROUNDS)
    rows = [
        ("SELECT count(*)", whole),
        ("standing now", timed(lambda: standings(ledger.evidence(contest_id=CONTEST)), _ROUNDS)),
        ("standing as of a day", timed(lambda: standings(ledger.evidence(contest_id=CONTEST), day), _ROUNDS)),
        ("standing as known on a day", timed(lambda: standings(known()), _ROUNDS)),
        ("its evidence alone", timed(lambda: ledger.evidence(contest_id=CONTEST), _ROUNDS)),
    ]
    for name, (taken, busy) in rows:
        table.add_row(name, f"{taken:.1f}", f"{busy:.1f}", f"{taken / whole[0]:.2f}")
    console.print(table)
    found = standings(ledger.evidence(contest_id=CONTEST))
    console.print(f"{len(found)} standings")
    for name, size in (("a hundred articles a transaction", 100), ("a transaction each", 1)):
        readings = list(made(1_000, size))
        clock, processor = time.perf_counter(), time.process_time()
        for low in range(0, len(readings), size):
            ledger.add_all(readings[low : low + size])
        took, busy = time.perf_counter() - clock, time.process_time() - processor
        count = len(readings) * _EACH
        console.print(
            f"adding, {name}: {count / took:,.0f} pieces a second ({count / busy:,.0f} of processor time)"
        )


def main() -> None:
    """Fill and measure."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--evidence", type=int, default=1_000_000)
    options.add_argument("--db", help="an empty PostgreSQL database; default: SQLite in a temporary folder")
    chosen = options.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as folder, Ledger.open(chosen.db or f"{folder}/ledger.db") as ledger:
        with console.status("filling the ledger"):
            fill(ledger.engine, chosen.evidence)
        measure(ledger, chosen.evidence, console)


if __name__ == "__main__":
    main()
