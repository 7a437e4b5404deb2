"""Which contest each piece of evidence is about, kept in the ledger: a row only where something changes.

Entries: `assign_all` after contests, candidates or identities changed, `assign_articles` for new evidence,
`assign_decided` for what a reader decided, `load_races` for the contests as they are. The rules themselves are in `whipcount.contests`.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, false, func, insert, or_, select, true

from whipcount.article import Contest
from whipcount.contests import (
    About,
    Candidacy,
    ContestKind,
    Race,
    Stage,
    assign,
    candidate_ids,
    speaks_of_none,
)
from whipcount.ledger.desk_models import AssignmentRow, CandidacyRow, ContestRow, EventRow
from whipcount.ledger.events import Action, Decisions, Event, decisions
from whipcount.ledger.models import AddressRow, ArticleRow, EvidenceRow, IdentityRow
from whipcount.ledger.versions import Versions

_CHUNK = 5_000
_COLUMNS = (
    EvidenceRow.id,
    EvidenceRow.article_id,
    EvidenceRow.endorser_id,
    EvidenceRow.endorsee_id,
    EvidenceRow.endorsee_name,
    EvidenceRow.contest,
    EvidenceRow.position,
    EvidenceRow.said_on,
    EvidenceRow.unclear,
    ArticleRow.published,
)
_MOVING = {Action.ADD, Action.CORRECT, Action.MERGE, Action.SPLIT, Action.UNDO}
_Rows = Sequence[Row[*tuple[Any, ...]]]
Edition = tuple[int, int]
"""The newest row of contests and of candidacies: as long as it is the same, so are the contests."""


def edition(connection: Connection) -> Edition:
    """Of the contests as they are; zeros where there are none."""
    newest = select(
        select(func.max(ContestRow.number)).scalar_subquery(),
        select(func.max(CandidacyRow.number)).scalar_subquery(),
    )
    contests, candidacies = connection.execute(newest).one()
    return contests or 0, candidacies or 0


def load_races(connection: Connection, known_by: dt.datetime | None = None) -> list[Race]:
    """The contests with their candidates, or as they were known at a moment; the latest row of each counts."""
    contests = select(ContestRow.__table__).order_by(ContestRow.number)
    candidacies = (
        select(CandidacyRow.__table__, IdentityRow.name)
        .join(IdentityRow, IdentityRow.id == CandidacyRow.identity_id)
        .order_by(CandidacyRow.number)
    )
    if known_by is not None:
        contests = contests.where(ContestRow.added_at <= known_by)
        candidacies = candidacies.where(CandidacyRow.added_at <= known_by)
    standing: defaultdict[str, dict[str, Candidacy]] = defaultdict(dict)
    for row in connection.execute(candidacies):
        standing[row.contest_id].pop(row.identity_id, None)
        if not row.withdrawn:
            one = Candidacy(row.identity_id, row.name, row.party, row.entered, row.left)
            standing[row.contest_id][row.identity_id] = one
    latest = {row.contest_id: row for row in connection.execute(contests)}
    return [
        Race(
            row.contest_id,
            row.name,
            ContestKind(row.kind),
            row.office,
            row.jurisdiction,
            Stage(row.stage) if row.stage else None,
            row.opens,
            row.election_day,
            tuple(standing[row.contest_id].values()),
        )
        for row in latest.values()
    ]


def assign_all(connection: Connection, decided: Decisions, now: dt.datetime) -> int:
    """Look at all evidence that may be about a contest; how many pieces are about another than before."""
    races = load_races(connection)
    named = {key for race in races for one in race.candidacies for key in candidate_ids(one)}
    # What is told of an identity that went on under another's id is that one's.
    ends = {decided.joined.get(key, key) for key in named}
    named |= ends | {one for one, into in decided.joined.items() if into in ends}
    touched = decided.corrections.keys() | {evidence for evidence, _ in decided.moved}
    assigned = select(AssignmentRow.evidence_id).where(AssignmentRow.contest_id.is_not(None))
    query = _query().where(
        or_(
            EvidenceRow.endorsee_id.in_(named | set(_nobody(connection))),
            EvidenceRow.id.in_(touched) if touched else false(),
            EvidenceRow.id.in_(assigned),
        )
    )
    rows = connection.execute(query).all()
    return _keep(connection, races, decided, rows, now, changed=True)


def assign_articles(
    connection: Connection, races: Sequence[Race], decided: Decisions, articles: Collection[str], now: dt.datetime,
    *, changed: bool,
) -> int:  # fmt: skip
    """The same for the evidence of some articles: those just added and, where pages `changed`, what they replaced."""
    wanted: ColumnElement[bool] = EvidenceRow.article_id.in_(articles)
    if changed:
        # What was new on a page shows only beside all its versions.
        pages = select(AddressRow.address).where(AddressRow.id.in_(articles))
        versions = select(AddressRow.id).where(AddressRow.address.in_(pages))
        wanted = or_(wanted, EvidenceRow.article_id.in_(versions))
    rows = connection.execute(_query().where(wanted)).all()
    return _keep(connection, races, decided, rows, now, changed=changed)


def assign_decided(connection: Connection, event: Event, now: dt.datetime) -> int:
    """The same for what a decision bears on that was just recorded; none where the ledger has no contests."""
    if event.action not in _MOVING or edition(connection) == (0, 0):
        return 0
    article = event.subject.partition(".")[0]
    if event.subject.startswith("a_"):
        # What is told of identities is told of any evidence; what is told of other evidence makes no difference here.
        of_identities = EventRow.subject.not_like("a\\_%", escape="\\")
        told = or_(of_identities, EventRow.subject.startswith(f"{article}.", autoescape=True))
        decided = _decisions(connection, told)
        wanted: ColumnElement[bool] = EvidenceRow.article_id == article
    else:
        decided = _decisions(connection, true())
        data = event.data
        if event.undoes is not None:
            undone = select(EventRow.data).where(EventRow.number == event.undoes)
            data = connection.scalar(undone) or {}
        ids = {event.subject, *(str(data[key]) for key in ("into", "to") if key in data)}
        ends = {decided.joined.get(one, one) for one in ids}
        ids |= ends | {one for one, into in decided.joined.items() if into in ends}
        wanted = EvidenceRow.article_id.in_(
            select(EvidenceRow.article_id).where(EvidenceRow.endorsee_id.in_(ids))
        )
    rows = connection.execute(_query().where(wanted)).all()
    return _keep(connection, load_races(connection), decided, rows, now, changed=True)


def _decisions(connection: Connection, told: ColumnElement[bool]) -> Decisions:
    """What the events that are asked for come to."""
    rows = connection.execute(select(EventRow.__table__).where(told).order_by(EventRow.number))
    return decisions(
        Event(row.number, row.at, row.by, Action(row.action), row.subject, row.data, row.undoes)
        for row in rows
    )


def _query() -> Select[*tuple[Any, ...]]:
    return select(*_COLUMNS).join(ArticleRow, ArticleRow.id == EvidenceRow.article_id)


def _nobody(connection: Connection) -> list[str]:
    """The identities of endorsees that are no particular candidate."""
    query = select(IdentityRow.id, IdentityRow.name).where(
        or_(IdentityRow.normal_name.like("%nominee"), IdentityRow.normal_name.like("any %"))
    )
    return [row.id for row in connection.execute(query) if speaks_of_none(row.name)]


def _keep(
    connection: Connection, races: Sequence[Race], decided: Decisions, rows: _Rows, now: dt.datetime, *, changed: bool
) -> int:  # fmt: skip
    """Add a row for each piece of evidence whose contest is another now; `changed` pages need a look at versions."""
    versions = Versions(connection, rows, decided) if changed else None
    evidence = _about(connection, rows, decided, versions)
    texts = _named_in(connection, evidence, races)
    found = assign(evidence, races, lambda key: texts.get(key, ""), decided.joined)
    query = select(AssignmentRow.evidence_id, AssignmentRow.contest_id).order_by(AssignmentRow.number)
    if len(rows) < _CHUNK:
        query = query.where(AssignmentRow.evidence_id.in_([row.id for row in rows]))
    there = {row.evidence_id: row.contest_id for row in connection.execute(query)}
    new = [
        {"evidence_id": key, "contest_id": contest, "added_at": now}
        for key, contest in found.items()
        if there.get(key) != contest
    ]
    for start in range(0, len(new), _CHUNK):
        connection.execute(insert(AssignmentRow), new[start : start + _CHUNK])
    return len(new)


def _about(connection: Connection, rows: _Rows, decided: Decisions, versions: Versions | None) -> list[About]:
    """What the rows and the decisions on them say."""
    other = {str(c["endorsee"]) for c in decided.corrections.values() if "endorsee" in c}
    names: dict[str, str] = {}
    if other:
        query = select(IdentityRow.id, IdentityRow.name).where(IdentityRow.id.in_(other))
        names = {row.id: row.name for row in connection.execute(query)}
    found = []
    for row in rows:
        corrected = decided.corrections.get(row.id, {})
        endorsee = str(corrected.get("endorsee", row.endorsee_id))
        life = versions.life(row) if versions else None
        published = (life.appeared if life else None) or row.published
        said_on = row.said_on
        if "said_on" in corrected:
            said_on = dt.date.fromisoformat(corrected["said_on"]) if corrected["said_on"] else None
        found.append(
            About(
                row.id,
                row.article_id,
                decided.identity(row.id, endorsee),
                names.get(endorsee, row.endorsee_name),
                min((day for day in (said_on, published) if day), default=None),
                corrected.get("contest", row.contest) == Contest.PAST.value,
                row.unclear,
            )
        )
    return found


def _named_in(connection: Connection, evidence: Sequence[About], races: Sequence[Race]) -> Mapping[str, str]:
    """The candidates' names in the articles whose evidence names none of them."""
    articles = sorted({one.article_id for one in evidence if speaks_of_none(one.endorsee)})
    names = {one.name for race in races for one in race.candidacies}
    found: dict[str, str] = {}
    for start in range(0, len(articles), _CHUNK):
        query = select(ArticleRow.id, ArticleRow.text).where(
            ArticleRow.id.in_(articles[start : start + _CHUNK])
        )
        # A text is long and its names are few: only those are kept.
        for row in connection.execute(query.execution_options(yield_per=200)):
            found[row.id] = "\n".join(name for name in names if name in row.text)
    return found
