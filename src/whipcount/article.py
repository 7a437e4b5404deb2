"""The types that flow from stage to stage.

Every offset is a Unicode code point into `Article.text`, end exclusive, so that what a
span names is always `text[start:end]`.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of `Article.text`: code points, end exclusive."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words that the span covers in `text`."""
        return text[self.start : self.end]

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: "Span") -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


def pairs(spans: Iterable[Span]) -> list[list[int]]:
    """Spans as they are stored and published: [start, end]."""
    return [[span.start, span.end] for span in spans]


def lines(text: str) -> Iterator[Span]:
    """The lines that are not blank, without the white space around them."""
    at = 0
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        if not line.isspace():
            yield Span(start + len(line) - len(line.lstrip()), start + len(line.rstrip()))


class Stand(StrEnum):
    """Where an endorser stands on an endorsee."""

    ENDORSED = "endorsed"
    SUPPORTS = "supports"
    EXPECTED = "expected"
    WITHHOLDING = "withholding"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Sourcing(StrEnum):
    """How an article knows, nearest to the endorser first."""

    OWN_WORDS = "own_words"
    SPOKESPERSON = "spokesperson"
    NAMED_SOURCE = "named_source"
    UNNAMED_SOURCE = "unnamed_source"
    OUTLET = "outlet"
    NARRATION = "narration"


class Kind(StrEnum):
    """What sort of endorser: `voter` is a named private citizen and not part of the count."""

    PERSON = "person"
    ORGANIZATION = "organization"
    GROUP = "group"
    VOTER = "voter"


class Contest(StrEnum):
    """The election that the article covers, or an earlier one."""

    CURRENT = "current"
    PAST = "past"


class Basis(StrEnum):
    """Where a date comes from, the best first."""

    JSON_LD = "json_ld"
    META = "meta"
    """A meta or time element of the page's head or article."""
    FEED = "feed"
    """The feed or news sitemap that named the page."""
    URL = "url"
    VISIBLE = "visible"
    """The text that a reader sees."""
    HTTP = "http"
    """The Last-Modified header: for `modified` alone."""
    GIVEN = "given"
    """By the user, or by the record."""


class Precision(StrEnum):
    """How much of a date is known."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"


class Fact(StrEnum):
    """What else is known of an article."""

    CUT_OFF = "cut_off"
    """Ends at a paywall."""
    LIVE_BLOG = "live_blog"
    """An entry of one, which is an article of its own."""
    OPINION = "opinion"
    SATIRE = "satire"
    CORRECTED = "corrected"
    """Says that an earlier version was wrong."""
    RETRACTED = "retracted"
    """Taken back by its outlet as a whole."""


@dataclass(frozen=True, slots=True)
class Dating:
    """A date of an article and how it is known."""

    day: dt.date
    basis: Basis
    precision: Precision = Precision.DAY
    at: dt.datetime | None = None
    """The moment in UTC, where the precision is `minute`."""


ANY_CANDIDATE = "any candidate"
"""The endorsee of somebody who "has not endorsed anyone"."""


@dataclass(frozen=True, slots=True)
class Article:
    """One published page, cleaned.

    `text` is a `.txt` file's content unchanged; for pages and records it is the title, a
    blank line and the body. `title` may be empty; `published` is a calendar day as the
    outlet gives it; `debris` and `key_points` mark stretches of `text` and cut nothing.
    """

    id: str
    text: str
    title: str = ""
    outlet: str | None = None
    original_outlet: str | None = None
    published: dt.date | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    debris: tuple[Span, ...] = ()
    key_points: tuple[Span, ...] = ()
    dated: Dating | None = None
    """How `published` is known; None where it is unknown or nobody said."""
    modified: Dating | None = None
    """The latest change that the page tells of."""
    facts: frozenset[Fact] = frozenset()
    asides: tuple[Span, ...] = ()
    """Captions and pull quotes in `text`: kept apart, as they say again or beside what the article says."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A span that names or refers to a person or an organization."""

    span: Span
    name: str
    """The fullest form that the article gives, without titles: the same for all mentions of one."""
    kind: Kind
    form: str
    """`name`, `description` ("the Vermont senator") or `pronoun`."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Source, cue and content of one reported statement, each in one or more parts."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    speaker: str | None = None
    """Whose statement it is by name; None for unnamed sources and outlets."""
    sourcing: Sourcing = Sourcing.NARRATION
    via: str | None = None
    """The outlet it was made to, or that is credited with it."""


@dataclass(frozen=True, slots=True)
class Position:
    """One report of where an endorser stands."""

    endorser: str
    endorser_kind: Kind
    endorsee: str
    position: Stand
    sourcing: Sourcing
    evidence: Span
    contest: Contest = Contest.CURRENT
    via: str | None = None
    conditions: tuple[Span, ...] = ()
    reasons: tuple[Span, ...] = ()
    said_on: dt.date | None = None
    """The day it was said or done; None where the article leaves it open."""
    confidence: float = 0.0
    """0 to 1: how sure the reader is that the record is right."""
    cue: Span | None = None
    """The word that says so ("endorsed"); None where no single word does."""
    because: str = ""
    """The pattern or model score that it rests on, for `read --explain`."""
    known_by: tuple[str, ...] = ()
    """What the sourcing rests on, for `read --explain`."""
    leaning: tuple[float, ...] = ()
    """The encoder's probability of each `Sourcing`; empty where it did not read the sentence."""
    clues: tuple[tuple[str, float], ...] = ()
    """What else the judge saw of it, by name, that tells how it is known."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one article says: the hand-over from `read` to everything after it."""

    article: Article
    mentions: tuple[Mention, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    positions: tuple[Position, ...] = ()
    errors: tuple[str, ...] = field(default=())
    unclear: tuple[Position, ...] = ()
    """What may be positions too, but is not clear enough to count before somebody has looked at it."""
