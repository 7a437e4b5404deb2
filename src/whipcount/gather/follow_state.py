"""What `follow` asks of the places where its work is kept, fetched and read.

`gather` is the first stage and knows neither the reader nor the ledger: whoever starts it hands
them over.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from whipcount.article import Dating
from whipcount.gather.feed_entries import Child, Entry, FeedKind
from whipcount.gather.follow_list import Listed


class PageState(StrEnum):
    """How far a page has come."""

    DUE = "due"
    FETCHED = "fetched"
    """Its bytes are in the ledger, unread."""
    READ = "read"
    EMPTY = "empty"
    """It holds no article."""
    FAILED = "failed"
    """It could not be had, and is not tried again."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source that is due."""

    url: str
    root: str
    """The listed source that it belongs to: itself, or the index that names it."""
    kind: FeedKind | None = None
    outlet: str | None = None
    every: dt.timedelta | None = None
    interval: dt.timedelta | None = None
    digest: str | None = None
    """Of the latest answer that is worked off."""
    failures: int = 0
    last_success: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page that a source named."""

    url: str
    """Normalized: the page's key."""
    asked: str
    source: str
    outlet: str | None = None
    fed: Dating | None = None
    tries: int = 0
    digest: str | None = None
    """Of the body that was read last, where it was read before."""


@dataclass(frozen=True, slots=True)
class Got:
    """A fetched page."""

    page: Page
    url: str
    """Where the redirects ended."""
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Visit:
    """What a source answered, and when to ask it again."""

    digest: str
    pace: Callable[[int], dt.timedelta]
    """How long to leave it alone when it brought so many new pages."""
    kind: FeedKind
    entries: Mapping[str, Entry] | None = None
    """By normalized address; None where the answer is the one already worked off."""
    children: tuple[Child, ...] = ()
    broken: int = 0
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Noted:
    """What of a visit was news."""

    new: int = 0
    changed: int = 0
    known: int = 0
    wait: dt.timedelta = dt.timedelta()
    """Until the next visit."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a fetched page."""

    state: PageState
    article_id: str | None = None
    """None where nothing was added and nothing known: not parsed, as it can hold no position."""
    new: bool = False
    evidence: int = 0
    dated: bool = False
    cut_off: bool = False
    words: str = ""
    """Its title, or what went wrong, or why nothing was read."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is still to do."""

    due: int
    """Pages to be fetched now."""
    later: int
    """Pages to be fetched at a later time."""
    fetched: int
    next_at: dt.datetime | None
    """When the next source or page is due; None where nothing is followed."""


class State(Protocol):
    """Where the work is kept. Each method is one transaction: done wholly or not at all."""

    def list_sources(self, listed: Sequence[Listed]) -> None:
        """Follow these, and no longer what is not among them."""

    def due_source(self, busy: Collection[str], by: dt.datetime | None = None) -> Source | None:
        """The source that has waited longest, none of a host that is `busy`, due by then or by now."""

    def due_page(self, busy: Collection[str]) -> Page | None:
        """The page that has waited longest, none of a host that is `busy`."""

    def note(self, source: Source, visit: Visit, *, soon: dt.timedelta) -> Noted:
        """Keep what a visit found: its entries as pages that are due, and when to come again.

        `soon` is how long a page that changed is left alone before it is fetched anew.
        """

    def missed(self, source: Source, error: str, wait: dt.timedelta, *, gone: bool) -> None:
        """Keep that a visit failed."""

    def keep(self, page: Page, final: str, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """Keep a page's bytes until they are read; `final` is `url` normalized."""

    def put_off(self, page: Page, error: str, wait: dt.timedelta | None) -> None:
        """Keep that a page could not be had, to be tried after `wait` or never again."""

    def fetched(self, most: int) -> list[Got]:
        """Pages that are to be read, oldest first."""

    def settle(self, got: Got, outcome: Outcome, digest: str) -> None:
        """Keep what became of a page, and drop its bytes; `digest` is theirs."""

    def backlog(self) -> Backlog:
        """What is still to do."""


class Fetched(Protocol):
    """An answer, as `gather.fetch` gives it."""

    @property
    def url(self) -> str:
        """Where the redirects ended, normalized."""

    @property
    def kind(self) -> str:
        """The media type."""

    @property
    def headers(self) -> Mapping[str, str]:
        """As sent."""

    @property
    def body(self) -> bytes:
        """Whole, also where a 304 said that the known copy holds."""

    @property
    def changed(self) -> bool:
        """False where the known copy holds."""


class Fetches(Protocol):
    """Gets what is at an address, politely; safe to use from several threads at once."""

    def fetch(self, url: str, /) -> Fetched:
        """The answer; raises an `ArticleError` where there is none to have."""
