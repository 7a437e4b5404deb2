"""What the API gives, as models of both its ends. Evidence, standings and holdouts have the fields of the JSON Lines."""

import datetime as dt
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from whipcount.article import Contest, Kind, Sourcing, Stand

T = TypeVar("T")


class Model(BaseModel):
    """A part of an answer."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="ignore", from_attributes=True)


class Listing(Model, Generic[T]):
    """Some items of a listing."""

    items: list[T]
    next: str | None = Field(default=None, description="The `cursor` of what comes after; null at the end.")


class Quote(Model):
    """A stretch of an article's text: Unicode code points, end exclusive."""

    exact: str = Field(examples=["Ada Brook endorsed Cy Dunmore"])
    start: int = Field(ge=0, examples=[21])
    end: int = Field(ge=0, examples=[50])


class Identity(Model):
    """Somebody or something that a name stands for."""

    id: str = Field(examples=["p_5b1f0c9de2a41177"])
    name: str = Field(examples=["Ada Brook"])
    provisional: bool = Field(default=True, description="Known by the name alone.")


class ArticleRef(Model):
    """An article without its text."""

    id: str = Field(examples=["a_0c1d2e3f4a5b6c7d8e9f0a1b"])
    title: str = Field(examples=["Brook backs Dunmore"])
    outlet: str | None = Field(examples=["Larkfield Courier"])
    original_outlet: str | None = Field(description="Who reported it first, where the page says so.")
    published: dt.date | None
    url: str | None = Field(examples=["https://courier.example/brook"])
    story: str = Field(description="Copies of one report share it.")
    facts: list[str] = []


class Replaced(Model):
    """What became of evidence when its page changed."""

    on: dt.date | None
    held: str | None = Field(description="How the page has the words now: exact, edited or gone.")
    start: int | None
    end: int | None


class Review(Model):
    """What readers decided on evidence."""

    verdict: str | None
    by: str | None
    at: dt.datetime | None
    reason: str
    corrected: list[str]
    read: dict[str, Any] = Field(default={}, description="What the program read, by corrected field.")
    entered_by: str | None
    excluded: str | None = Field(description="Why it does not count; null where it does.")


class Evidence(Model):
    """One report of where an endorser stands, with the exact sentence."""

    id: str = Field(examples=["a_0c1d2e3f4a5b6c7d8e9f0a1b.e0"])
    endorser: str = Field(examples=["Ada Brook"])
    endorser_id: str
    endorser_kind: Kind
    endorsee: str = Field(examples=["Cy Dunmore"])
    endorsee_id: str
    contest: Contest
    contest_id: str | None
    position: Stand
    sourcing: Sourcing
    via: str | None
    evidence: Quote
    conditions: list[Quote]
    date: dt.date | None
    said_on: dt.date | None
    confidence: float = Field(ge=0, le=1)
    unclear: bool = Field(
        default=False, description="Read too unclearly to count before a reader has decided on it."
    )
    machine_confidence: float | None = None
    replaced: Replaced | None
    review: Review | None
    article: ArticleRef


class Standing(Model):
    """Where an endorser stands on an endorsee."""

    endorser: str = Field(examples=["Ada Brook"])
    endorser_id: str
    endorser_kind: Kind
    endorsee: str = Field(examples=["Cy Dunmore"])
    endorsee_id: str
    contest: Contest
    contest_id: str | None
    position: Stand
    since: dt.date | None
    last_said: dt.date | None
    sourcing: Sourcing
    via: str | None
    conditions: list[str]
    independent_reports: int
    relays: int
    copies: int
    origins: list[str]
    confidence: float
    to_review: bool
    disputed: str | None = Field(default=None, description="What speaks against it, in words.")
    points: float | None = Field(default=None, description="By the rules that were asked for.")
    office: str | None = Field(default=None, description="What the endorser is on the day of the count.")
    party: str | None = None
    state: str | None = None
    best: str = Field(description="The id of the evidence to show.")
    evidence: list[Evidence] = Field(description="What `evidence` asked for: the best piece, all, or none.")


class Ask(Model):
    """What a holdout asks for."""

    words: str
    evidence: str


class Holdout(Standing):
    """Who has not come out, with what they ask for."""

    days: int | None = Field(description="Whole days since; null where the first is unknown.")
    asks: list[Ask] = []


class Change(Model):
    """A standing moved on a day, by the evidence as it is known now."""

    day: dt.date
    endorser: Identity
    endorser_kind: Kind
    endorsee: Identity
    contest: Contest
    contest_id: str | None
    kind: str = Field(examples=["switch"])
    old: Stand | None
    new: Stand | None
    evidence: list[str] = Field(description="What moved it, by id.")


class Snapshot(Model):
    """What the ledger held of a standing."""

    position: Stand
    since: dt.date | None
    last_said: dt.date | None
    sourcing: Sourcing
    via: str | None
    conditions: list[str]
    independent_reports: int
    confidence: float
    best: str


class Cause(Model):
    """What brought a change: an article, a reader's decision, or what was learned of a contest."""

    kind: str = Field(examples=["article"])
    id: str
    action: str | None = None


class ToldChange(Model):
    """The ledger learned that a standing is another; `old` is null for what is new, `new` for what went."""

    number: int
    at: dt.datetime
    endorser: Identity
    endorser_kind: Kind
    endorsee: Identity
    contest: Contest
    contest_id: str | None
    kind: str = Field(
        description="first, switch, withdrawn, lapsed, correction; detail where the position is the same.",
        examples=["first"],
    )
    old: Snapshot | None
    new: Snapshot | None
    cause: Cause


class RecordedChange(ToldChange):
    """A change with its place in the stream."""

    cursor: str = Field(description="To go on after it.")


class Changes(Model):
    """Some changes, the oldest first."""

    items: list[RecordedChange]
    next: str = Field(description="`after` of the next request, whether or not there are more by now.")
    more: bool = Field(description="Whether there are more by now.")


class Candidate(Model):
    """Who stands in a contest."""

    id: str
    name: str
    party: str | None = None
    entered: dt.date | None = None
    left: dt.date | None = None


class Race(Model):
    """What is known of a contest."""

    kind: str
    office: str | None
    jurisdiction: str | None
    stage: str | None
    opens: dt.date | None
    election_day: dt.date | None
    candidates: list[Candidate]


class RulesModel(Model):
    """A set of rules: which reports and standings count."""

    name: str = Field(examples=["house"])
    title: str
    about: str
    sourcings: list[Sourcing]
    positions: list[Stand]
    kinds: list[Kind]
    past: bool
    words: list[str]
    independent: bool
    notable: bool
    one_choice: bool
    points: dict[str, float] | None


class Excluded(Model):
    """A report or standing that does not count."""

    rules: str
    reason: str
    what: str = Field(description="report or standing", examples=["report"])
    endorser: str
    endorsee: str
    contest: Contest
    contest_id: str | None
    position: Stand
    date: dt.date | None
    sourcing: Sourcing
    evidence: str
    outlet: str | None
    url: str | None
    id: str = Field(description="Of the report, or of the best one of the standing.")


class RosterRef(Model):
    """A list of people who are watched."""

    name: str


class Watched(Model):
    """Somebody on a roster."""

    id: str
    name: str
    office: str | None
    party: str | None
    state: str | None
    standing: str = Field(
        description="A position; `silent` where nothing was heard, `not counted` by the rules."
    )
    last_said: dt.date | None
    days: int | None
    not_counted: list[str]
    standings: list[Standing]


class ContestRef(Model):
    """A contest to count in."""

    id: str = Field(examples=["current"], description="For `contest` of other requests.")
    name: str
    evidence: int
    latest: dt.date | None
    race: Race | None = None


class Registered(Model):
    """What the registry knows of somebody."""

    names: list[str]
    ids: dict[str, list[str]]
    office: str | None
    party: str | None
    state: str | None


class Person(Model):
    """Somebody with all their standings."""

    id: str
    name: str
    provisional: bool
    asked_id: str = Field(description="The id that was asked for, where it was merged into this one.")
    registered: Registered | None
    standings: list[Standing]
    backed_by: list[Standing] = Field(description="Who stands where on them.")


class AttributionModel(Model):
    """A reported statement: source, cue and content as lists of [start, end]."""

    source: list[tuple[int, int]]
    cue: list[tuple[int, int]]
    content: list[tuple[int, int]]
    speaker: str | None
    sourcing: Sourcing
    via: str | None


class Version(Model):
    """Another version of the same page."""

    article: ArticleRef
    changed_on: dt.date


class Article(ArticleRef):
    """An article with all that was found in it."""

    authors: list[str]
    text: str
    published_basis: str | None
    debris: list[tuple[int, int]]
    key_points: list[tuple[int, int]]
    asides: list[tuple[int, int]]
    attributions: list[AttributionModel]
    evidence: list[Evidence]
    newer: Version | None
    older: list[Version]


class Piece(Model):
    """A run of words of two copies: same, added or gone."""

    diff: str
    words: str


class Compared(Model):
    """A copy against the earliest."""

    article: str
    alike: float
    pieces: list[Piece]


class Story(Model):
    """The copies of one report."""

    id: str
    origin: str | None
    copies: list[ArticleRef] = Field(description="The earliest first.")
    positions: list[Evidence]
    compared: Compared | None = None


class Outlet(Model):
    """An outlet, and how right its positions were read."""

    key: str
    name: str
    articles: int
    latest: dt.date | None
    positions: int
    unnamed: float | None
    accepted: int
    corrected: int
    rejected: int
    reviewed: int
    precision: float | None


class Source(Model):
    """A followed feed or sitemap."""

    source: str
    kind: str | None
    outlet: str | None
    health: str
    why: str | None
    last_success: dt.datetime | None
    articles: int
    waiting: int
    failed: int
    days_since_new: int | None


class Totals(Model):
    """How much the ledger holds, and where its stream of changes stands."""

    articles: int
    evidence: int
    identities: int
    oldest: str = Field(description="The cursor after which changes are kept.")
    latest: str = Field(
        description="The cursor of the last change: follow from here what is read after this."
    )
    behind: int = Field(description="Additions and decisions that have not been compared yet.")


class Health(Model):
    """Whether the service does its work."""

    status: str = Field(examples=["ok"])
    version: str
    behind: int
    streams: int
    deliveries_due: int


class Event(Model):
    """A decision of a reader."""

    number: int
    at: dt.datetime
    by: str
    action: str
    subject: str
    data: dict[str, Any]
    undoes: int | None


class QueueItem(Model):
    """A question for a reader."""

    kind: str
    subject: str
    title: str
    why: list[str]
    weight: float
    seen: int = Field(
        description="Send it with the decision: where somebody has decided since, it is refused."
    )
    evidence: Evidence | None
    others: list[Evidence]


class Webhook(Model):
    """Somebody who is told of changes."""

    id: str = Field(examples=["wh_5b1f0c9de2a4"])
    url: str
    label: str
    filters: dict[str, Any]
    added_by: str
    added_at: dt.datetime
    removed_at: dt.datetime | None
    why_removed: str | None


class NewWebhook(Webhook):
    """A webhook just added; its secret is shown now and never again."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class Delivery(Model):
    """A change on its way to a webhook."""

    number: int
    webhook_id: str
    change: int
    state: str = Field(description="due, delivered or failed")
    tries: int
    due_at: dt.datetime
    added_at: dt.datetime
    tried_at: dt.datetime | None
    status: int | None
    error: str | None
