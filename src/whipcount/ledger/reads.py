"""What the pages need of the store beside evidence: who was quoted, the texts of a story, outlets, versions.

Entry: `Reads(ledger.engine)`.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, func, select
from sqlalchemy.orm import aliased

from whipcount.article import Article, Attribution, Sourcing, Span
from whipcount.errors import LedgerError
from whipcount.ledger import copies
from whipcount.ledger.desk_models import AssignmentRow, CandidacyRow, ContestRow
from whipcount.ledger.evidence import ArticleRef
from whipcount.ledger.models import (
    ArticleRow,
    AttributionRow,
    EvidenceRow,
    IdentityRow,
    SupersessionRow,
)
from whipcount.ledger.opened import Opened
from whipcount.ledger.registry_models import RegistryVersionRow
from whipcount.ledger.rows import to_article
from whipcount.ledger.stream_models import NoteRow
from whipcount.people import Identity

_REFERENCE = (
    ArticleRow.id,
    ArticleRow.title,
    ArticleRow.outlet,
    ArticleRow.original_outlet,
    ArticleRow.published,
    ArticleRow.url,
)
_AT_ONCE = 500
Stamp = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """Whose statement a piece of evidence rests on, in the article's words."""

    words: str
    """The source as the article has it: "an ally of the senator"."""
    speaker: str | None = None
    """By name, where it has one."""


@dataclass(frozen=True, slots=True)
class OutletTotal:
    """What an outlet has in the ledger, by sourcing; its name as the articles give it."""

    outlet: str
    articles: int
    latest: dt.date | None
    positions: dict[Sourcing, int]


class Reads(Opened):
    """Reading only; `Reads(ledger.engine)` shares the ledger's database."""

    def stamp(self) -> Stamp:
        """Changes whenever something is added that a count may rest on; found at the ends of a few indexes."""
        last = (NoteRow, ContestRow, CandidacyRow, RegistryVersionRow)
        numbers = (select(func.max(row.number)).scalar_subquery() for row in last)
        with self._reading() as connection:
            return tuple(connection.execute(select(*numbers)).one())

    def said(self, evidence_ids: Collection[str]) -> dict[str, Said]:
        """Whose statement each of these pieces of evidence rests on; those in the article's own voice are left out."""
        found: dict[str, Said] = {}
        ids = sorted(evidence_ids)
        columns = (EvidenceRow.id, AttributionRow.source, AttributionRow.speaker, ArticleRow.text)
        query = (
            select(*columns)
            .join(AttributionRow, AttributionRow.id == EvidenceRow.attribution_id)
            .join(ArticleRow, ArticleRow.id == EvidenceRow.article_id)
        )
        with self._reading() as connection:
            for start in range(0, len(ids), _AT_ONCE):
                some = query.where(EvidenceRow.id.in_(ids[start : start + _AT_ONCE]))
                for row in connection.execute(some):
                    words = " ".join(Span(*pair).of(row.text) for pair in row.source)
                    found[row.id] = Said(" ".join(words.split()), row.speaker)
        return found

    def attributions(self, article_id: str) -> list[Attribution]:
        """The statements that an article reports, in their order."""
        query = (
            select(AttributionRow.__table__)
            .where(AttributionRow.article_id == article_id)
            .order_by(AttributionRow.ordinal)
        )
        with self._reading() as connection:
            return [
                Attribution(
                    _spans(row.source),
                    _spans(row.cue),
                    _spans(row.content),
                    row.speaker,
                    Sourcing(row.sourcing),
                    row.via,
                )
                for row in connection.execute(query)
            ]

    def evidence_ids(self, article_id: str) -> tuple[str, ...]:
        """The ids of an article's evidence."""
        query = (
            select(EvidenceRow.id).where(EvidenceRow.article_id == article_id).order_by(EvidenceRow.ordinal)
        )
        with self._reading() as connection:
            return tuple(connection.scalars(query))

    def named_in(self, article_id: str) -> set[str]:
        """The identities that an article's evidence was read as naming."""
        query = select(EvidenceRow.endorser_id, EvidenceRow.endorsee_id).where(
            EvidenceRow.article_id == article_id
        )
        with self._reading() as connection:
            return {one for row in connection.execute(query) for one in row}

    def reference(self, article_id: str) -> ArticleRef:
        """An article without its text; `LedgerError` where there is none."""
        with self._reading() as connection:
            row = connection.execute(
                select(*_REFERENCE, ArticleRow.story).where(ArticleRow.id == article_id)
            ).first()
            if row is None:
                raise LedgerError(f"the ledger has no article {article_id}")
            return ArticleRef(*row[:-1], copies.root(connection, row.story))

    def in_story(self, story: str) -> str:
        """An article of a story, under whichever of its ids; `LedgerError` where there is none."""
        with self._reading() as connection:
            root = copies.root(connection, story)
            found = connection.scalar(
                select(ArticleRow.id).where(ArticleRow.story.in_(copies.joined(connection, root))).limit(1)
            )
        if found is None:
            raise LedgerError(f"the ledger has no story {story}")
        return found

    def articles(self, ids: Sequence[str]) -> dict[str, Article]:
        """Articles with their texts, by id."""
        with self._reading() as connection:
            query = select(ArticleRow.__table__).where(ArticleRow.id.in_(ids))
            return {row.id: to_article(row) for row in connection.execute(query)}

    def newer(self, article_id: str) -> tuple[ArticleRef, dt.date] | None:
        """The version that took an article's place, and since when."""
        with self._reading() as connection:
            return next(iter(self._versions(connection, article_id, newer=True)), None)

    def older(self, article_id: str) -> list[tuple[ArticleRef, dt.date]]:
        """The versions whose place an article took, and since when."""
        with self._reading() as connection:
            return self._versions(connection, article_id, newer=False)

    @staticmethod
    def _versions(
        connection: Connection, article_id: str, *, newer: bool
    ) -> list[tuple[ArticleRef, dt.date]]:
        other, own = SupersessionRow.newer_id, SupersessionRow.id
        if not newer:
            other, own = own, other
        query = (
            select(*_REFERENCE, SupersessionRow.changed_on)
            .join(SupersessionRow, other == ArticleRow.id)
            .where(own == article_id)
            .order_by(SupersessionRow.changed_on, ArticleRow.id)
        )
        return [(ArticleRef(*row[:-1]), row.changed_on) for row in connection.execute(query)]

    def identity(self, identity_id: str) -> Identity | None:
        """The identity with this id."""
        query = select(IdentityRow.id, IdentityRow.name, IdentityRow.provisional).where(
            IdentityRow.id == identity_id
        )
        with self._reading() as connection:
            row = connection.execute(query).first()
        return Identity(*row) if row else None

    def contests(self, known_by: dt.datetime | None = None) -> dict[str, tuple[int, dt.date | None]]:
        """How many pieces of evidence are on each kind of contest and each contest, and the day of the last article."""
        newer = aliased(AssignmentRow)
        later = select(newer.number).where(
            newer.evidence_id == AssignmentRow.evidence_id, newer.number > AssignmentRow.number
        )
        count, last = func.count(), func.max(ArticleRow.published)
        kinds = select(EvidenceRow.contest, count, last).join(
            ArticleRow, ArticleRow.id == EvidenceRow.article_id
        )
        own = (
            select(AssignmentRow.contest_id, count, last)
            .join(EvidenceRow, EvidenceRow.id == AssignmentRow.evidence_id)
            .join(ArticleRow, ArticleRow.id == EvidenceRow.article_id)
            .where(AssignmentRow.contest_id.is_not(None))
        )
        if known_by is not None:
            later = later.where(newer.added_at <= known_by)
            own = own.where(AssignmentRow.added_at <= known_by)
            kinds = kinds.where(EvidenceRow.added_at <= known_by)
        with self._reading() as connection:
            rows = [
                *connection.execute(kinds.group_by(EvidenceRow.contest)),
                *connection.execute(own.where(~exists(later)).group_by(AssignmentRow.contest_id)),
            ]
        return {row[0]: (row[1], row[2]) for row in rows}

    def outlets(self) -> list[OutletTotal]:
        """Every outlet by the name that its articles give, with its positions by sourcing as they were read clearly."""
        articles = select(ArticleRow.outlet, func.count(), func.max(ArticleRow.published)).group_by(
            ArticleRow.outlet
        )
        positions = (
            select(ArticleRow.outlet, EvidenceRow.sourcing, func.count())
            .join(ArticleRow, ArticleRow.id == EvidenceRow.article_id)
            .where(~EvidenceRow.unclear)
            .group_by(ArticleRow.outlet, EvidenceRow.sourcing)
        )
        by_sourcing: dict[str | None, dict[Sourcing, int]] = {}
        with self._reading() as connection:
            for outlet, sourcing, count in connection.execute(positions):
                by_sourcing.setdefault(outlet, {})[Sourcing(sourcing)] = count
            rows = connection.execute(articles).all()
        return [
            OutletTotal(outlet or "", count, latest, by_sourcing.get(outlet, {}))
            for outlet, count, latest in rows
        ]

    def outlets_of(self, evidence_ids: Collection[str]) -> dict[str, str]:
        """The outlet of each piece of evidence that was read clearly, "" where its article names none."""
        ids = sorted(evidence_ids)
        query = (
            select(EvidenceRow.id, ArticleRow.outlet)
            .join(ArticleRow, ArticleRow.id == EvidenceRow.article_id)
            .where(~EvidenceRow.unclear)
        )
        found: dict[str, str] = {}
        with self._reading() as connection:
            for start in range(0, len(ids), _AT_ONCE):
                some = query.where(EvidenceRow.id.in_(ids[start : start + _AT_ONCE]))
                found.update({row.id: row.outlet or "" for row in connection.execute(some)})
        return found


def _spans(pairs: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    return tuple(Span(*pair) for pair in pairs)
