"""What a review needs of the ledger beside evidence and events: sources in words, rows as read, who left."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Row, Select, select

from whipcount.article import Attribution, Sourcing, Span
from whipcount.ledger.desk_models import CandidacyRow
from whipcount.ledger.models import ArticleRow, AttributionRow, EvidenceRow
from whipcount.ledger.opened import Opened

_AT_ONCE = 2_000


class ReviewReads(Opened):
    """Questions about an open ledger; `ReviewReads(ledger.engine)` shares its database."""

    def said_by(self, ids: Collection[str]) -> dict[str, str]:
        """By evidence: the words for the source of the statement that it stands in, and the speaker's name."""
        columns = (EvidenceRow.id, AttributionRow.source, AttributionRow.speaker, ArticleRow.text)
        query = (
            select(*columns)
            .join(AttributionRow, AttributionRow.id == EvidenceRow.attribution_id)
            .join(ArticleRow, ArticleRow.id == EvidenceRow.article_id)
        )
        return {
            row.id: " ".join([row.speaker or "", *(Span(*pair).of(row.text) for pair in row.source)]).strip()
            for row in self._by_ids(query, ids)
        }

    def left(self) -> dict[tuple[str, str], dt.date]:
        """By contest and candidate: the day from which somebody no longer stands; the latest row counts."""
        columns = (
            CandidacyRow.contest_id,
            CandidacyRow.identity_id,
            CandidacyRow.left,
            CandidacyRow.withdrawn,
        )
        with self._reading() as connection:
            rows = connection.execute(select(*columns).order_by(CandidacyRow.number)).all()
        latest = {(row.contest_id, row.identity_id): row for row in rows}
        return {key: row.left for key, row in latest.items() if row.left is not None and not row.withdrawn}

    def rows(self, ids: Collection[str]) -> dict[str, Row[Any]]:
        """Evidence as the program read it, with its article's outlet."""
        query = select(*EvidenceRow.__table__.columns, ArticleRow.outlet).join(
            ArticleRow, ArticleRow.id == EvidenceRow.article_id
        )
        return {row.id: row for row in self._by_ids(query, ids)}

    def attribution(self, evidence_id: str) -> Attribution | None:
        """The statement that a piece of evidence stands in; None for the article's own voice."""
        query = (
            select(AttributionRow.__table__)
            .join(EvidenceRow, AttributionRow.id == EvidenceRow.attribution_id)
            .where(EvidenceRow.id == evidence_id)
        )
        with self._reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        source, cue, content = (
            tuple(Span(*pair) for pair in spans) for spans in (row.source, row.cue, row.content)
        )
        return Attribution(source, cue, content, row.speaker, Sourcing(row.sourcing), row.via)

    def _by_ids(self, query: Select[Any], ids: Collection[str]) -> Iterator[Row[Any]]:
        wanted = sorted(ids)
        with self._reading() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                some = query.where(EvidenceRow.id.in_(wanted[start : start + _AT_ONCE]))
                yield from connection.execute(some)
