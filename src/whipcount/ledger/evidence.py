"""What the ledger hands out: a position with the article and the identities it belongs to."""

import datetime as dt
from dataclasses import dataclass

from whipcount.article import Contest, Kind, Sourcing, Span, Stand
from whipcount.people import Identity


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of an article's text with its words: `exact == text[start:end]`."""

    span: Span
    exact: str


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """An article as far as a listing needs it: all but its text."""

    id: str
    title: str = ""
    outlet: str | None = None
    original_outlet: str | None = None
    published: dt.date | None = None
    url: str | None = None
    story: str = ""
    """Copies of one report have the same story."""

    @property
    def source(self) -> str | None:
        """The outlet that reported it first, as far as known."""
        return self.original_outlet or self.outlet


@dataclass(frozen=True, slots=True)
class Evidence:
    """One report of where an endorser stands, as the ledger keeps it."""

    id: str
    endorser: Identity
    endorser_kind: Kind
    endorsee: Identity
    contest: Contest
    position: Stand
    sourcing: Sourcing
    quote: Quote
    article: ArticleRef
    via: str | None = None
    conditions: tuple[Quote, ...] = ()
    said_on: dt.date | None = None
    confidence: float = 0.0
    because: str = ""
    reader: str = ""
    """The version of the program that read it."""

    @property
    def day(self) -> dt.date | None:
        """The day it was said, else published; None where neither is known.

        Nothing is said after it is published: a later day is a misreading and does not count.
        """
        return min(self._days, default=None)

    @property
    def last_day(self) -> dt.date | None:
        """The later of the day it was said and the day it was published."""
        return max(self._days, default=None)

    @property
    def _days(self) -> list[dt.date]:
        return [day for day in (self.said_on, self.article.published) if day]
