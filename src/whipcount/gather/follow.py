"""Following sources: visit them, fetch what they name, hand it over to be read. Entry: `Follower`.

Workers visit and fetch, one at a time for each host; the thread that runs the follower reads, as
the reader takes all of a core anyway. Each keeps what it has in the ledger at once, so that the
process may die at any point: the order of these writes is explained in `ledger.sources`.
"""

import datetime as dt
import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from whipcount.addresses import host_of
from whipcount.errors import ArticleError, FetchError, LedgerError, Refused
from whipcount.gather.feeds import Child, Entry, Feed, FeedKind, feed
from whipcount.gather.follow_state import (
    Fetches,
    Got,
    Noted,
    Outcome,
    Page,
    PageState,
    Source,
    State,
    Visit,
)
from whipcount.gather.pace import RARELY, Bounds, after_failure, after_success, is_gone, page_again

_BATCH = 16
"""Pages read together: a kill costs the reading of so many, and no fetch."""
_UNREAD = 200
"""No more pages are fetched while so many wait to be read."""
_LAST_WORDS = 5.0
"""Seconds that fetches in flight have to end in when following stops."""
_CHILDREN = 50
"""Sitemaps of one index that are followed."""
_OVERLAP = dt.timedelta(days=1)
"""Sitemaps are written a while after the pages that they name."""
_TICK = 1.0
"""Seconds between looks at what is due, where nothing tells of it."""

Tell = Callable[["Event"], None]
Read = Callable[[Sequence[Got]], Iterator[Outcome]]
"""Reads pages and keeps them in the ledger; one outcome each, in order."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something for the log: what happened, to which address, in figures."""

    what: str
    url: str = ""
    text: str = ""
    figures: Mapping[str, int] = field(default_factory=dict)
    bad: bool = False


@dataclass(slots=True)
class Done:
    """What a run has done."""

    visits: int = 0
    missed: int = 0
    fetched: int = 0
    failed: int = 0
    """Pages that could not be had, or not be read."""
    added: int = 0
    known: int = 0
    empty: int = 0
    evidence: int = 0


@dataclass(frozen=True, slots=True)
class FollowSettings:
    """How to follow."""

    bounds: Bounds = field(default_factory=Bounds)
    at_once: int = 8
    """Hosts that are asked at once."""
    back: dt.timedelta = dt.timedelta(days=7)
    """How old an entry of a sitemap may be: some name all that an outlet ever published."""
    soon: dt.timedelta = dt.timedelta(minutes=10)
    """How long a changed page is left alone before it is fetched anew: edits come in runs."""


class Follower:
    """Follows the listed sources of a ledger; `run` does the work, `stop` ends it."""

    def __init__(
        self,
        state: State,
        fetcher: Fetches,
        read: Read,
        *,
        normal: Callable[[str], str],
        tell: Tell,
        settings: FollowSettings | None = None,
        holds: Callable[[], bool] = lambda: True,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
        done: Done | None = None,
    ) -> None:
        self.done = done or Done()
        self._state = state
        self._fetcher = fetcher
        self._read = read
        self._normal = normal
        self._tell = tell
        self._settings = settings or FollowSettings()
        self._holds = holds
        self._clock = clock
        self._lock = threading.Condition()
        self._busy: set[str] = set()
        self._unread = 0
        self._by: dt.datetime | None = None
        """Sources that fall due later are not for this run; None: there is always a later."""
        self._stopping = False
        self._fault: BaseException | None = None

    def stop(self) -> None:
        """End soon, with all that is done kept; may be called from a signal's handler."""
        self._stopping = True

    def run(self, *, once: bool = False) -> Done:
        """Follow until `stop`; with `once`, until nothing is due. Raises what stops all work."""
        if once:
            # A source of short breaths must not keep it going for ever; new sitemaps of an index are due at once.
            self._by = self._clock()
        workers = [
            threading.Thread(target=self._work, name=f"follow-{number}", daemon=True)
            for number in range(self._settings.at_once)
        ]
        self._unread = self._state.backlog().fetched
        for worker in workers:
            worker.start()
        try:
            while not self._stopping:
                if self._read_some():
                    continue
                if once and self._idle():
                    break
                if not self._holds():
                    raise LedgerError("the claim on the ledger is lost: its server let go of it")
                with self._lock:
                    self._lock.wait(_TICK)
        finally:
            self._stopping = True
            with self._lock:
                self._lock.notify_all()
            for worker in workers:
                worker.join(_LAST_WORDS / len(workers))
        if self._fault is not None:
            raise self._fault
        return self.done

    def _idle(self) -> bool:
        """Whether nothing is in flight, due or unread: asked while no worker can take anything up."""
        with self._lock:
            if self._busy:
                return False
            backlog = self._state.backlog()
            return not (backlog.due or backlog.fetched or self._state.due_source((), self._by))

    # The workers.

    def _work(self) -> None:
        try:
            while not self._stopping:
                task = self._take()
                if task is None:
                    with self._lock:
                        self._lock.wait(_TICK)
                    continue
                try:
                    if isinstance(task, Source):
                        self._visit(task)
                    else:
                        self._get(task)
                finally:
                    with self._lock:
                        self._busy.discard(host_of(task.url))
                        self._lock.notify_all()
        except BaseException as error:  # noqa: BLE001 - a thread must hand over what it dies of
            self._fault = self._fault or error
            self._stopping = True

    def _take(self) -> Source | Page | None:
        """The next source or page whose host nobody is at; sources first, as what they name may vanish."""
        with self._lock:
            task: Source | Page | None = self._state.due_source(self._busy, self._by)
            if task is None and self._unread < _UNREAD:
                task = self._state.due_page(self._busy)
            if task is not None:
                self._busy.add(host_of(task.url))
            return task

    def _visit(self, source: Source) -> None:
        try:
            answer = self._fetcher.fetch(source.url)
            digest = hashlib.sha256(answer.body).hexdigest()
            # The digest and not `changed` says that it is worked off: the cache may know an answer
            # whose entries a kill kept out of the ledger.
            found = feed(answer.body, answer.url, source.kind)
        except ArticleError as error:
            self._miss(source, error)
            return
        cutoff = self._cutoff(source)
        entries, left = self._entries(found, cutoff)
        children = _latest(found.children, cutoff)
        known = digest == source.digest
        visit = Visit(
            digest,
            self._pace(source, found),
            found.kind,
            None if known else entries,
            children,
            found.broken,
            found.ended,
        )
        noted = self._state.note(source, visit, soon=self._settings.soon)
        self.done.visits += 1
        self._tell(_visited(source, found, noted, left, unchanged=known))

    def _cutoff(self, source: Source) -> dt.datetime:
        """From when on a sitemap's entries are taken: also from a time when we were away."""
        cutoff = self._clock() - self._settings.back
        return min(cutoff, source.last_success - _OVERLAP) if source.last_success else cutoff

    def _pace(self, source: Source, found: Feed) -> Callable[[int], dt.timedelta]:
        def pace(new: int) -> dt.timedelta:
            if found.ended:
                return RARELY
            return after_success(
                self._settings.bounds, source.interval, new=new, every=source.every, asked=found.every
            )

        return pace

    def _entries(self, found: Feed, cutoff: dt.datetime) -> tuple[dict[str, Entry], int]:
        """The entries by normalized address, and how many were left as too old."""
        entries: dict[str, Entry] = {}
        left = 0
        tomorrow = self._clock().date() + dt.timedelta(days=1)
        for entry in found.entries:
            if found.kind is FeedKind.SITEMAP and (entry.moment is None or entry.moment < cutoff):
                left += 1
                continue
            key = self._normal(entry.url)
            if entry.dated and entry.dated.day > tomorrow:
                entry = replace(entry, dated=None)  # noqa: PLW2901 - nothing is published in the future
            entries.setdefault(key, entry)
        return entries, left

    def _miss(self, source: Source, error: ArticleError) -> None:
        failures = source.failures + 1
        gone = is_gone(_status(error), failures)
        wait = after_failure(
            self._settings.bounds,
            source.interval,
            failures=failures,
            gone=gone,
            retry_after=_retry_after(error),
        )
        self._state.missed(source, str(error), wait, gone=gone)
        self.done.missed += 1
        text = f"{'gone: ' if gone else ''}{error}; again in {_span(wait)}"
        self._tell(Event("missed", source.url, text, {"failures": failures}, bad=True))

    def _get(self, page: Page) -> None:
        try:
            answer = self._fetcher.fetch(page.asked)
        except ArticleError as error:
            status = _status(error)
            again = page_again(
                status,
                page.tries + 1,
                lasting=status is None and not (isinstance(error, FetchError) and error.again),
                retry_after=_retry_after(error),
            )
            self._state.put_off(page, str(error), again)
            if again is None:
                self.done.failed += 1
            text = f"{error}; {'given up' if again is None else f'again in {_span(again)}'}"
            self._tell(Event("failed" if again is None else "put_off", page.url, text, bad=True))
            return
        self._state.keep(page, self._normal(answer.url), answer.url, answer.headers, answer.body)
        self.done.fetched += 1
        with self._lock:
            self._unread += 1

    # Reading.

    def _read_some(self) -> bool:
        """Read a batch of what is fetched; False where there is none."""
        batch = self._state.fetched(_BATCH)
        if not batch:
            return False
        digests = [hashlib.sha256(got.body).hexdigest() for got in batch]
        # Fetched anew, as a source said that it changed, and yet the same.
        same = [got.page.digest == digest for got, digest in zip(batch, digests, strict=True)]
        for got, digest, known in zip(batch, digests, same, strict=True):
            if known:
                self._settle(got, Outcome(PageState.READ, words="the same as before"), digest)
        fresh = [
            pair for pair, known in zip(zip(batch, digests, strict=True), same, strict=True) if not known
        ]
        outcomes = self._read([got for got, _ in fresh])
        for (got, digest), outcome in zip(fresh, outcomes, strict=False):
            self._settle(got, outcome, digest)
            if self._stopping:
                break
        return True

    def _settle(self, got: Got, outcome: Outcome, digest: str) -> None:
        self._state.settle(got, outcome, digest)
        with self._lock:
            self._unread -= 1
        done = self.done
        match outcome.state:
            case PageState.FAILED:
                done.failed += 1
            case PageState.EMPTY:
                done.empty += 1
            case _ if outcome.new:
                done.added += 1
                done.evidence += outcome.evidence
            case _:
                done.known += 1
        what = outcome.state.value
        if outcome.state is PageState.READ:
            what = "added" if outcome.new else "known" if outcome.article_id else "passed"
        text = outcome.words
        if outcome.evidence:
            text = f"{text} ({outcome.evidence} evidence)"
        figures = {"evidence": outcome.evidence} if outcome.new else {}
        self._tell(Event(what, got.url, text, figures, bad=outcome.state is PageState.FAILED))


def _latest(children: Sequence[Child], cutoff: dt.datetime) -> tuple[Child, ...]:
    """The sitemaps of an index that may hold news: those that changed lately, and those that don't say."""
    recent = [child for child in children if child.updated and child.updated >= cutoff]
    recent.sort(key=lambda child: child.updated or cutoff, reverse=True)
    return tuple([*recent, *(child for child in children if child.updated is None)][:_CHILDREN])


def _visited(source: Source, found: Feed, noted: Noted, left: int, *, unchanged: bool) -> Event:
    figures = {
        "new": noted.new,
        "changed": noted.changed,
        "known": noted.known,
        "broken": found.broken,
        "older": left,
    }
    shown = [f"{number} {name}" for name, number in figures.items() if number]
    text = "unchanged" if unchanged else ", ".join(shown) or "empty"
    if found.ended:
        text = f"the feed says that it has ended; {text}"
    return Event("visit", source.url, f"{text}; again in {_span(noted.wait)}", figures)


def _span(wait: dt.timedelta) -> str:
    minutes = wait.total_seconds() / 60
    if minutes < 90:
        return f"{max(1, round(minutes))} min"
    return f"{round(minutes / 60)} h" if minutes < 60 * 36 else f"{round(minutes / 1440)} days"


def _status(error: ArticleError) -> int | None:
    return error.status if isinstance(error, Refused) else None


def _retry_after(error: ArticleError) -> dt.timedelta | None:
    seconds = error.retry_after if isinstance(error, FetchError) else None
    return None if seconds is None else dt.timedelta(seconds=seconds)
