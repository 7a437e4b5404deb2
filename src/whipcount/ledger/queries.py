"""Evidence out of the store: which rows, and what is joined to them.

Entry: `read_evidence`.
"""

import datetime as dt
import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, Text, cast, exists, or_, select, union
from sqlalchemy.orm import aliased

from whipcount.article import Contest
from whipcount.ledger import copies, versions
from whipcount.ledger.among import among, listed
from whipcount.ledger.desk_models import AssignmentRow
from whipcount.ledger.events import Decisions
from whipcount.ledger.evidence import Evidence
from whipcount.ledger.models import ArticleRow, EvidenceRow, IdentityRow, StoryJoinRow
from whipcount.ledger.rows import EVIDENCE, REFERENCE, Around, to_evidence
from whipcount.people import Identity

_MANY = 5_000
"""From so many ids on, the whole table is read: that takes less than asking for each."""


Calibrated = Callable[[float], float]
"""From the program's confidence to how often readers found it right."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which evidence; None leaves a question open."""

    contest: Contest | None = None
    contest_id: str | None = None
    about: Sequence[str] | None = None
    known_by: dt.datetime | None = None
    ids: Sequence[str] | None = None

    def fits(self, evidence: Evidence) -> bool:
        """Whether evidence, after all corrections, is wanted."""
        about = self.about is None or evidence.endorser.id in self.about or evidence.endorsee.id in self.about
        kind = self.contest is None or evidence.contest is self.contest
        return about and kind and (self.contest_id is None or evidence.contest_id == self.contest_id)


# Columns, not mapped objects: a count reads every row and needs none of them tracked. Lists stay text, as nearly
# all are empty.
_EVIDENCE = (
    select(
        *(EvidenceRow.__table__.columns[name] for name in EVIDENCE),
        cast(EvidenceRow.conditions, Text).label("conditions"),
        *(ArticleRow.__table__.columns[name] for name in REFERENCE),
        cast(ArticleRow.facts, Text).label("facts"),
    )
    .join(ArticleRow, ArticleRow.id == EvidenceRow.article_id)
    .order_by(EvidenceRow.id)
)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without garbage collection: all of the thousands of objects stay, and each collection goes over them again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_uncollected()
def read_evidence(
    connection: Connection, decided: Decisions, wanted: Wanted, calibrated: Calibrated | None = None
) -> list[Evidence]:
    """All evidence that is wanted, in the order of its ids."""
    if wanted.about is not None:
        # Whoever goes on under another's id is asked for by either.
        wanted = replace(wanted, about=[decided.joined.get(one, one) for one in wanted.about])
    query = _EVIDENCE
    # Decisions can bring evidence to what is wanted: it is looked at beside what the rows say.
    touched = decided.corrections.keys() | {evidence for evidence, _ in decided.moved}
    if narrowed := len(touched) < _MANY:
        also = [among(connection, EvidenceRow.id, touched)] if touched else []
        if wanted.contest is not None:
            query = query.where(or_(EvidenceRow.contest == wanted.contest.value, *also))
        if wanted.about is not None:
            about = _joined(wanted.about, decided)
            named = (
                among(connection, column, about)
                for column in (EvidenceRow.endorser_id, EvidenceRow.endorsee_id)
            )
            query = query.where(or_(*named, *also))
        if wanted.contest_id is not None:
            # One list and no "or" beside it, for which PostgreSQL would go through the whole table.
            own = _assigned(wanted)
            query = query.where(
                EvidenceRow.id.in_(union(own, listed(connection, touched)) if touched else own)
            )
    if wanted.ids is not None:
        query = query.where(among(connection, EvidenceRow.id, wanted.ids))
    if wanted.known_by is not None:
        query = query.where(EvidenceRow.added_at <= wanted.known_by)
    rows = connection.execute(query).all()
    around = Around(
        _identities(connection, rows, decided),
        _stories(connection, wanted.known_by),
        versions.Versions(connection, rows, decided, wanted.known_by),
        decided,
        _contests(connection, rows, wanted, touched if narrowed else {row.id for row in rows}),
        calibrated,
    )
    return [one for one in to_evidence(rows, around) if wanted.fits(one)]


def _joined(ids: Iterable[str], decided: Decisions) -> list[str]:
    """The identities and all that were merged into them."""
    own = set(ids)
    return sorted(own | {one for one, into in decided.joined.items() if into in own})


def _assigned(wanted: Wanted) -> Any:
    """The evidence whose latest assignment is to the contest."""
    later = aliased(AssignmentRow)
    newer = select(later.number).where(
        later.evidence_id == AssignmentRow.evidence_id, later.number > AssignmentRow.number
    )
    query = select(AssignmentRow.evidence_id).where(AssignmentRow.contest_id == wanted.contest_id)
    if wanted.known_by is not None:
        newer = newer.where(later.added_at <= wanted.known_by)
        query = query.where(AssignmentRow.added_at <= wanted.known_by)
    return query.where(~exists(newer))


def _contests(
    connection: Connection, rows: Sequence[Row[*tuple[Any, ...]]], wanted: Wanted, touched: Collection[str]
) -> dict[str, str | None]:
    """The contest of each piece of evidence: the latest assignment counts."""
    known: dict[str, str | None] = {}
    ids = [row.id for row in rows]
    if wanted.contest_id is not None:
        # All but what decisions brought were asked for by their contest.
        known = dict.fromkeys(ids, wanted.contest_id)
        ids = [one for one in ids if one in touched]
        for one in ids:
            del known[one]
    if not ids:
        return known
    query = select(AssignmentRow.evidence_id, AssignmentRow.contest_id).order_by(AssignmentRow.number)
    if wanted.known_by is not None:
        query = query.where(AssignmentRow.added_at <= wanted.known_by)
    if len(ids) < _MANY:
        query = query.where(among(connection, AssignmentRow.evidence_id, ids))
    return known | {row.evidence_id: row.contest_id for row in connection.execute(query)}


def _identities(
    connection: Connection, rows: Sequence[Row[*tuple[Any, ...]]], decided: Decisions
) -> dict[str, Identity]:
    ids = {row.endorser_id for row in rows} | {row.endorsee_id for row in rows}
    ids |= {decided.joined[one] for one in ids if one in decided.joined}
    elsewhere = {str(c[k]) for c in decided.corrections.values() for k in ("endorser", "endorsee") if k in c}
    elsewhere |= set(decided.moved.values())
    ids |= elsewhere | {decided.joined[one] for one in elsewhere if one in decided.joined}
    query = select(IdentityRow.id, IdentityRow.name, IdentityRow.provisional)
    if len(ids) < _MANY:
        query = query.where(among(connection, IdentityRow.id, ids))
    return {key: Identity(key, name, provisional) for key, name, provisional in connection.execute(query)}


def _stories(connection: Connection, known_by: dt.datetime | None) -> dict[str, str]:
    query = select(StoryJoinRow.id, StoryJoinRow.into)
    if known_by is not None:
        query = query.where(StoryJoinRow.added_at <= known_by)
    return copies.roots((story, into) for story, into in connection.execute(query))


def judged_rows(connection: Connection, ids: Collection[str]) -> Sequence[Row[*tuple[Any, ...]]]:
    """What the program read of some evidence: as far as precision and calibration need it."""
    columns = (
        EvidenceRow.id, EvidenceRow.endorser_id, EvidenceRow.endorsee_id, EvidenceRow.contest, EvidenceRow.position,
        EvidenceRow.confidence, EvidenceRow.unclear,
    )  # fmt: skip
    query = select(*columns).order_by(EvidenceRow.id)
    if len(ids) < _MANY:
        query = query.where(among(connection, EvidenceRow.id, ids))
    return connection.execute(query).all()
