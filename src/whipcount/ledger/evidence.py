"""What the ledger hands out: a position with the article and the identities it belongs to."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from whipcount.article import Contest, Fact, Kind, Sourcing, Span, Stand
from whipcount.ledger.events import Action, Verdict
from whipcount.outlet_table import outlet_key
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
    facts: frozenset[Fact] = frozenset()

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
    appeared: dt.date | None = None
    """The day of the change that brought it onto its page; None where it was there from the first."""
    until: dt.date | None = None
    """The day from which a newer version of the page speaks in its place (the first of all days
    where that says the same); None while it stands."""
    held: str | None = None
    """How the newer version has its words: exact, edited or gone; None while it stands."""
    held_at: Span | None = None
    """Where they stand there."""
    contest_id: str | None = None
    """The contest that it is about; None where that is unknown."""
    verdict: Verdict | None = None
    """The latest decision of a reader on it."""
    corrected: frozenset[str] = frozenset()
    """What of it is not as it was read (`events.FIELDS`)."""
    set_aside: Verdict | None = None
    """The decision that another report prevails over it."""
    by_hand: str | None = None
    """Who entered it; None where it was read."""
    added_at: dt.datetime | None = field(default=None, compare=False)
    """When the ledger learned it."""
    verdicts: tuple[Verdict, ...] = ()
    """The last decision of each reader on it, the latest last."""
    correction: Verdict | None = None
    """The latest correction, where something is corrected."""
    undone: Verdict | None = None
    """Who took back what was entered by hand."""
    retracted: bool = False
    """Whether the outlet has taken back the article, or a newer version of it."""
    as_read: "Evidence | None" = field(default=None, compare=False)
    """What the program read, where a reader corrected it."""
    calibrated: float | None = None
    """How often readers found right what the program was as sure of; None where too few were reviewed."""
    unclear: bool = False
    """Whether it was read too unclearly to count before a reader has decided on it."""

    day: dt.date | None = field(init=False, compare=False)
    """The day it was said, else published; None where neither is known.

    Nothing is said after it is published: a later day is a misreading and does not count.
    """
    last_day: dt.date | None = field(init=False, compare=False)
    """The later of the day it was said and the day it was published."""

    def __post_init__(self) -> None:
        # What a change brought was not there to read on the day of first publication. Kept and not
        # derived each time, as putting reports in order asks for it over and over.
        out = self.appeared or self.article.published
        said = self.said_on or out
        first, last = (said, out or said) if said is None or out is None or said <= out else (out, said)
        object.__setattr__(self, "day", first)
        object.__setattr__(self, "last_day", last)

    @property
    def waits(self) -> bool:
        """Whether it does not count yet: it is unclear, and nobody has decided on it."""
        return self.unclear and self.verdict is None

    @property
    def excluded(self) -> str | None:
        """Why it does not count; None where it does."""
        if self.undone is not None:
            return f"entered by hand and taken back by {self.undone.by}"
        if self.verdict is not None and self.verdict.action is Action.REJECT:
            return f"rejected by {self.verdict.by}" + (
                f": {self.verdict.reason}" if self.verdict.reason else ""
            )
        if self.set_aside is not None:
            return f"{self.set_aside.by} decided that another report prevails"
        if self.retracted:
            return "the outlet has retracted the article"
        return "unclear: not counted until reviewed" if self.waits else None

    @property
    def sure(self) -> float:
        """How sure it is: a reader's word is worth 1, that of the program what readers made of the like of it."""
        accepted = self.verdict is not None and self.verdict.action is not Action.REJECT
        if accepted or self.by_hand:
            return 1.0
        return self.confidence if self.calibrated is None else self.calibrated


@dataclass(frozen=True, slots=True)
class Story:
    """All copies of one report."""

    id: str
    copies: tuple[ArticleRef, ...]
    """The earliest first; those without a date come last."""

    @property
    def earliest(self) -> ArticleRef:
        """The copy that came out first, as far as the dates are known."""
        return self.copies[0]

    @property
    def origin(self) -> str | None:
        """Best guess of the outlet that reported it first."""
        return first_reporter(self.copies)


def first_reporter(articles: Iterable[ArticleRef]) -> str | None:
    """Best guess of the outlet that a report comes from, of its copies.

    The outlet that most copies credit, and whom its own copy credits in turn; without any
    credit the outlet of the earliest copy. None where no copy says anything.
    """
    known = sorted({article.id: article for article in articles}.values(), key=earliest_first)
    credits_by = Counter(outlet_key(one.original_outlet) for one in known if one.original_outlet)
    if not credits_by:
        return next((one.outlet for one in known if one.outlet), None)
    names = {
        outlet_key(one.original_outlet): one.original_outlet for one in reversed(known) if one.original_outlet
    }
    key = max(credits_by, key=lambda name: (credits_by[name], name))
    passed: set[str] = set()
    while key not in passed:
        passed.add(key)
        for one in known:
            if one.outlet and outlet_key(one.outlet) == key and one.original_outlet:
                key = outlet_key(one.original_outlet)
                break
    return names[key]


def earliest_first(article: ArticleRef) -> tuple[bool, dt.date, bool, str]:
    """The order of copies: the earliest day first, and on one day the outlet's own before reprints."""
    reprint = article.original_outlet is not None and article.original_outlet != article.outlet
    return article.published is None, article.published or dt.date.min, reprint, article.id
