"""`whipcount add` on web archives: read them on all cores, keep what they say, go on where it stopped."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from whipcount.article import Article
from whipcount.crawl import Stretch, crawl
from whipcount.errors import ArticleError
from whipcount.gather.given import Given
from whipcount.gather.warc import fingerprint
from whipcount.ledger import Ledger
from whipcount.ledger import archives as ledger_archives
from whipcount.ledger.registry import resolver
from whipcount.people import Resolve

Fail = Callable[[ArticleError | str, Article | None], None]


@dataclass(slots=True)
class Tally:
    """What came of archives."""

    pages: int = 0
    parsed: int = 0
    added: int = 0
    known: int = 0
    evidence: int = 0
    unclear: int = 0
    finished: int = 0
    """Archives that were read to their end before."""

    def line(self) -> str:
        """The counts of pages, for people."""
        again = f", {self.finished} read to the end before (--again reads them anew)" if self.finished else ""
        return f"archives: {self.pages} pages, {self.parsed} of them parsed{again}"


def add_archives(
    ledger: Ledger, paths: Sequence[Path], given: Given, *, jobs: int, again: bool, fail: Fail
) -> Tally:
    """Read archives into the ledger, one after the other; `fail` hears of what can't be used."""
    tally = Tally()
    progress = ledger_archives.Progress(ledger.engine)
    resolve = resolver(ledger.engine)
    for path in paths:
        try:
            _add(ledger, progress, path, given, tally, resolve=resolve, jobs=jobs, again=again, fail=fail)
        except ArticleError as error:
            fail(f"{path}: {error}", None)
    return tally


def _add(
    ledger: Ledger,
    progress: ledger_archives.Progress,
    path: Path,
    given: Given,
    tally: Tally,
    *,
    resolve: Resolve,
    jobs: int,
    again: bool,
    fail: Fail,
) -> None:
    key = fingerprint(path)
    size = path.stat().st_size
    start = 0 if again else progress.load(key)
    if start and start >= size:
        tally.finished += 1
        return
    with _bar(path.name, size, start) as step:
        for stretch in crawl(path, start=start, jobs=jobs, given=given):
            for error in stretch.errors:
                fail(f"{path}: {error}", None)
            _keep(ledger, stretch, tally, fail, resolve)
            # After what it stands for is in the ledger: a stretch that is cut short is read again, and then known.
            progress.save(key, stretch.position, name=path.name)
            tally.pages += stretch.pages
            tally.parsed += stretch.parsed
            step(stretch.position, tally.pages, tally.added)


def _keep(ledger: Ledger, stretch: Stretch, tally: Tally, fail: Fail, resolve: Resolve) -> None:
    sound = []
    for reading in stretch.readings:
        if reading.errors:
            fail("; ".join(reading.errors), reading.article)
        else:
            sound.append(reading)
    for reading, result in zip(sound, ledger.add_all(sound, resolve=resolve), strict=True):
        if isinstance(result, ArticleError):
            fail(result, reading.article)
            continue
        tally.added += result.new
        tally.known += not result.new
        tally.evidence += result.evidence
        tally.unclear += result.unclear


@contextmanager
def _bar(name: str, size: int, start: int) -> Iterator[Callable[[int, int, int], None]]:
    """How far an archive has been read, drawn on stderr where that is a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[pages]} pages, {task.fields[added]} added"),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as progress:
        task = progress.add_task(name, total=size, completed=start, pages=0, added=0)
        yield lambda position, pages, added: progress.update(
            task, completed=position, pages=pages, added=added
        )
