"""A web archive through page, gate and reader, over all cores, in the order of its records.

The archive is cut into stretches at records. Each process takes a stretch: looks at raw bytes, parses what may
hold a position, reads what passes the gate. Results come back in the archive's order, however long each took,
so that the same archive always gives the same. A few stretches are under way at once: memory does not grow with
the archive.
"""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context, parent_process
from pathlib import Path

from whipcount.article import Article, Reading
from whipcount.errors import ArticleError, Unreadable
from whipcount.gather.given import Given
from whipcount.gather.warc import Archive, Captured, stretches
from whipcount.page import mark, pages, without_repeats
from whipcount.page.raw_gate import may_hold

_LENGTH = 4_000_000
"""Bytes of a stretch: so few that what is done over after an interruption is done soon, and enough for some pages of
one outlet, whose debris shows by repetition. The same however many processes there are, as what comes out is."""
_AHEAD = 2
"""Stretches under way for each process: one that it reads, one that waits for it."""


@dataclass(frozen=True, slots=True)
class Read:
    """What became of some pages."""

    readings: tuple[Reading, ...] = ()
    """Of those that passed the gate."""
    passed_over: int = 0
    """Pages with no article on them, or with one that holds no position."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of an archive, read."""

    position: int
    """The byte to go on from once this is kept."""
    readings: tuple[Reading, ...] = ()
    errors: tuple[ArticleError, ...] = ()
    """Records that can't be used."""
    pages: int = 0
    parsed: int = 0
    """Of these, those that passed the raw gate."""
    passed_over: int = 0
    """Of these, those with no article on them or one that holds no position."""


Reader = Callable[[Iterable[Captured]], Read]


def read_pages(pages: Iterable[Captured], given: Given) -> Read:
    """Parse the pages of a stretch and read those that pass the gate; each shows which lines recur on others."""
    from whipcount.read import read_all  # noqa: PLC0415 - loads the language model's library
    from whipcount.read.gate import passes  # noqa: PLC0415

    passed_over = 0

    def found() -> Iterator[Article]:
        nonlocal passed_over
        for one in pages:
            articles = articles_of(one, given)
            passed_over += not any(passes(article.text) for article in articles)
            yield from articles

    wanted = (one for one in without_repeats(found()) if isinstance(one, Article) and passes(one.text))
    return Read(tuple(read_all(wanted)), passed_over)


def articles_of(captured: Captured, given: Given) -> list[Article]:
    """The articles on a page; when it was fetched says nothing of its publication."""
    try:
        found = pages(captured.body, id=captured.id, url=captured.url, headers=captured.headers)
    except ArticleError:
        return []
    return [mark(given.fill(article)) for article in found]


def crawl(
    path: Path,
    *,
    start: int = 0,
    jobs: int = 1,
    given: Given | None = None,
    reader: Reader | None = None,
    length: int | None = None,
) -> Iterator[Stretch]:
    """Go through an archive from a byte on: what was read, stretch after stretch, in its order.

    `jobs` processes read, or this one alone where it is 1. `reader` takes the place of `read_pages`, `length`
    that of a stretch's fitting length. Raises `Unreadable` where the file can't be opened or a process was killed.
    """
    work = partial(_stretch, path, reader or partial(read_pages, given=given or Given()))
    if jobs == 1:
        yield from (work(first, end) for first, end in stretches(path, start, length or _LENGTH))
        return
    with _processes(jobs) as pool:
        under_way: deque[Future[Stretch]] = deque()
        for first, end in stretches(path, start, length or _LENGTH):
            under_way.append(pool.submit(work, first, end))
            if len(under_way) > _AHEAD * jobs:
                yield _result(under_way.popleft())
        while under_way:
            yield _result(under_way.popleft())


def _stretch(path: Path, reader: Reader, start: int, stop: int | None) -> Stretch:
    """Go through a stretch of an archive."""
    archive = Archive(path, start=start, stop=stop, keep=may_hold)
    errors: list[ArticleError] = []

    def captured() -> Iterator[Captured]:
        for item in archive:
            if isinstance(item, Captured):
                yield item
            else:
                errors.append(item)

    read = reader(captured())
    # Where it breaks off in the middle, the next stretch begins at a whole record all the same.
    position = archive.position if stop is None else stop
    return Stretch(position, read.readings, tuple(errors), archive.pages, archive.kept, read.passed_over)


def _result(future: Future[Stretch]) -> Stretch:
    try:
        return future.result()
    except BrokenProcessPool:
        raise Unreadable(
            "a process that reads pages was killed; what was read is kept, run it again to go on"
        ) from None


@contextmanager
def _processes(jobs: int) -> Iterator[Executor]:
    """Processes that read, started as they are needed and gone when this one is."""
    # Started anew instead of forked: threads of the models would not survive a fork.
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """In a new process: leave interruptions to the parent, and go when it is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
