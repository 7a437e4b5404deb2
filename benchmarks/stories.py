"""What adding one more article costs in a ledger of N: milliseconds, and as a ratio to the smallest N.

    python -m benchmarks.stories [--sizes 1000 10000 100000]

Each ledger (SQLite, in a temporary folder) is filled with N made articles that share no key,
which is what unrelated reports do, by plain inserts; then further made articles are added as
`whipcount add` adds them, every fourth of them a copy. The same is done with `Stories` in memory.
Time on the processor tells what the work is; the clock adds waiting for the disk.
"""

import argparse
import datetime as dt
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from whipcount.article import Article, Kind, Position, Reading, Sourcing, Span, Stand
from whipcount.ledger import Ledger
from whipcount.ledger.models import ArticleRow, StoryKeyRow, StoryTextRow
from whipcount.stories import Near, Sketch, Stories, body, sketch

_WORDS = 700
"""In a made article, about as in a real one."""
_BATCH = 2_000
_SIGNATURE = sketch("a made text that nothing is like, as long as it takes").signature


def made(number: int, chance: random.Random) -> Article:
    """An article of made words, the frequent ones frequent."""
    words = [f"w{int(chance.paretovariate(0.6)) % 30_000}" for _ in range(_WORDS)]
    lines = [" ".join(words[at : at + 20]).capitalize() + "." for at in range(0, _WORDS, 20)]
    text = "Ada Brook has endorsed Cy Dunmore.\n\n" + "\n\n".join(lines)
    return Article(f"made-{number}", text, outlet="Larkfield Courier", published=dt.date(2031, 7, 3))


def articles(count: int, seed: int) -> Iterator[Article]:
    """Made articles, every fourth a copy of the one before, cut off and elsewhere."""
    chance = random.Random(seed)  # noqa: S311 - to be the same each time
    last = made(0, chance)
    for number in range(count):
        if number % 4 == 3:
            half = last.text[: len(last.text) // 2]
            yield Article(f"copy-{number}", half, outlet="Marrow Bay Herald", published=last.published)
        else:
            last = made(number, chance)
            yield last


def reading(article: Article) -> Reading:
    """With its first sentence as evidence."""
    evidence = Span(0, article.text.index("."))
    position = Position(
        "Ada Brook", Kind.PERSON, "Cy Dunmore", Stand.ENDORSED, Sourcing.NARRATION, evidence, confidence=0.9
    )
    return Reading(article, positions=(position,))


def fill(db: str, count: int) -> None:
    """Put articles into a ledger without reading them: rows, and keys that nothing shares."""
    chance = random.Random(count)  # noqa: S311
    engine = sa.create_engine(f"sqlite:///{db}")
    now = dt.datetime.now(dt.UTC)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA synchronous = OFF")
        for first in range(0, count, _BATCH):
            numbers = range(first + 1, min(count, first + _BATCH) + 1)
            rows = [
                {"id": f"a_{n}", "content_hash": f"{n}", "record_id": f"{n}", "story": f"s_{n}", "title": ""}
                | {"authors": [], "text": "x" * 4000, "debris": [], "key_points": [], "reader": "0"}
                | {"added_at": now}
                for n in numbers
            ]
            connection.execute(sa.insert(ArticleRow), rows)
            texts = [{"number": n, "article_id": f"a_{n}", "signature": _SIGNATURE} for n in numbers]
            connection.execute(sa.insert(StoryTextRow), texts)
            keys = sorted((chance.getrandbits(63), n) for n in numbers for _ in range(88))
            connection.execute(sa.insert(StoryKeyRow), [{"key": key, "text": n} for key, n in keys])
    engine.dispose()


def filled_stories(count: int) -> Stories:
    """`Stories` in memory that know so many texts."""
    stories, chance = Stories(), random.Random(count)  # noqa: S311
    empty = Sketch(sketch("").sequences, _SIGNATURE, ())
    for n in range(count):
        story = f"s_{n}"
        stories.take_in(Near(f"{n}", story, _SIGNATURE), empty, [chance.getrandbits(63) for _ in range(88)])
    return stories


def timed(add: Callable[[Article], object], count: int, seed: int) -> tuple[float, float]:
    """Median milliseconds on the processor and by the clock."""
    processor, clock = [], []
    for article in articles(count, seed):
        began = time.process_time(), time.perf_counter()
        add(article)
        processor.append(time.process_time() - began[0])
        clock.append(time.perf_counter() - began[1])
    return 1000 * statistics.median(processor), 1000 * statistics.median(clock)


def main() -> None:
    """Fill, add, print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    options.add_argument("--added", type=int, default=100, help="articles that are timed")
    chosen = options.parse_args()
    timed(lambda article: sketch(body(article)), 20, 0)  # load everything before the clock runs
    base: dict[str, float] = {}
    for size in chosen.sizes:
        with tempfile.TemporaryDirectory() as folder:
            db = str(Path(folder) / "ledger.db")
            Ledger.open(db).close()
            fill(db, size)
            began = time.perf_counter()
            with Ledger.open(db) as ledger:
                opened = 1000 * (time.perf_counter() - began)
                _show("ledger", size, timed(lambda one: ledger.add(reading(one)), chosen.added, 1), base)
            sys.stdout.write(f"{'opening the ledger':<20}{size:>9,}{opened:>29.1f} ms by the clock\n")
        _show(
            "stories in memory",
            size,
            timed(partial(_add, filled_stories(size)), chosen.added, 1),
            base,
        )


def _add(stories: Stories, article: Article) -> str:
    return stories.add(article.id, body(article))


def _show(name: str, size: int, took: tuple[float, float], base: dict[str, float]) -> None:
    ratio = took[0] / base.setdefault(name, took[0])
    sys.stdout.write(
        f"{name:<20}{size:>9,}{took[0]:>10.2f} ms processor{took[1]:>8.1f} ms by the clock   {ratio:5.2f} times\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
