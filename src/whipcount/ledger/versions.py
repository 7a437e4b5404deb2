"""Versions of a page: which took the place of which, and where the older one's words stand now.

`keep` writes when an article is added; `Versions` answers when evidence is read.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from whipcount.anchor import Held, anchor
from whipcount.article import Article, Fact, Span
from whipcount.ledger.events import Decisions
from whipcount.ledger.models import AddressRow, AnchorRow, ArticleRow, EvidenceRow, SupersessionRow
from whipcount.ledger.rows import to_article
from whipcount.ledger.sameness import address_of, later

_PLACED = (
    EvidenceRow.id,
    EvidenceRow.start_at,
    EvidenceRow.end_at,
    EvidenceRow.endorser_name,
    EvidenceRow.endorsee_name,
)
_Subject = tuple[str, str, str, str]
"""Endorser, endorsee, contest and position: what a piece of evidence says."""


def keep(connection: Connection, article_id: str, article: Article, now: dt.datetime) -> str | None:
    """Record an article that has just been added with its evidence as a version of its page.

    Returns the id of the article at the same address that it takes the place of, or that takes
    its own; None where there was none.
    """
    address = address_of(article)
    if address is None:
        return None
    head: Any = connection.execute(
        select(*ArticleRow.__table__.columns, AddressRow.modified.label("page_modified"))
        .join(AddressRow, AddressRow.id == ArticleRow.id)
        .outerjoin(SupersessionRow, SupersessionRow.id == ArticleRow.id)
        .where(AddressRow.address == address, SupersessionRow.id.is_(None))
        .order_by(ArticleRow.added_at.desc(), ArticleRow.id)
        .limit(1)
    ).first()
    connection.execute(
        insert(AddressRow).values(
            id=article_id, address=address, modified=article.modified.day if article.modified else None
        )
    )
    if head is None:
        return None
    there = to_article(head)
    if later(article, there, head.page_modified):
        _supersede(connection, (head.id, there), (article_id, article), now)
    else:
        _supersede(connection, (article_id, article), (head.id, there), now)
    return str(head.id)


def _supersede(
    connection: Connection, older: tuple[str, Article], newer: tuple[str, Article], now: dt.datetime
) -> None:
    (old_id, old), (new_id, new) = older, newer
    connection.execute(
        insert(SupersessionRow).values(
            id=old_id, newer_id=new_id, changed_on=_changed_on(new, now), added_at=now
        )
    )
    # The older one's evidence in the newer text and the other way round: what is in both is not new.
    found = _anchors(connection, old_id, old.text, new_id, new.text)
    found += _anchors(connection, new_id, new.text, old_id, old.text)
    found += _still_there(connection, old_id, new_id, new.text)
    if found:
        connection.execute(insert(AnchorRow), [{**values, "added_at": now} for values in found])


def _changed_on(new: Article, now: dt.datetime) -> dt.date:
    """The day of the change as the page gives it, else the day on which it was seen."""
    if new.modified and (new.published is None or new.modified.day >= new.published):
        return new.modified.day
    return now.date()


def _anchors(connection: Connection, of: str, text: str, to: str, new_text: str) -> list[dict[str, Any]]:
    rows = connection.execute(select(*_PLACED).where(EvidenceRow.article_id == of))
    return [_values(row, to, text, new_text) for row in rows.all()]


def _still_there(connection: Connection, old_id: str, new_id: str, new_text: str) -> list[dict[str, Any]]:
    """Evidence of still earlier versions that the older one held: what was gone stays so."""
    rows = connection.execute(
        select(*_PLACED, ArticleRow.text)
        .join(AnchorRow, AnchorRow.evidence_id == EvidenceRow.id)
        .join(ArticleRow, ArticleRow.id == EvidenceRow.article_id)
        .join(SupersessionRow, SupersessionRow.id == EvidenceRow.article_id)
        .where(AnchorRow.article_id == old_id, AnchorRow.start_at.is_not(None))
        .where(EvidenceRow.article_id != new_id)
    )
    return [_values(row, new_id, row.text, new_text) for row in rows.all()]


def _values(row: Any, article_id: str, text: str, new_text: str) -> dict[str, Any]:
    names = (row.endorser_name, row.endorsee_name)
    found = anchor(Span(row.start_at, row.end_at), text, new_text, names)
    return {
        "id": f"{row.id}@{article_id}",
        "evidence_id": row.id,
        "article_id": article_id,
        "held": found.held.value,
        "start_at": found.span.start if found.span else None,
        "end_at": found.span.end if found.span else None,
    }


@dataclass(frozen=True, slots=True)
class Life:
    """From when until when a piece of evidence was on its page."""

    appeared: dt.date | None = None
    """The day of the change that brought it; None where it was there from the first."""
    until: dt.date | None = None
    """The day from which a newer version speaks in its place; the first of all days where that
    says the same; None while it stands."""
    held: str | None = None
    """How the page as it is now has its words: exact, edited or gone; None for what stands."""
    held_at: Span | None = None
    article_id: str | None = None
    """The version that it has been replaced by."""
    retracted: bool = False
    """Whether a newer version takes the article back."""


class Versions:
    """All versions of pages in the ledger, as far as evidence needs them."""

    def __init__(
        self,
        connection: Connection,
        rows: Sequence[Row[*tuple[Any, ...]]],
        decided: Decisions,
        known_by: dt.datetime | None = None,
    ) -> None:
        columns = (SupersessionRow.id, SupersessionRow.newer_id, SupersessionRow.changed_on, ArticleRow.facts)
        query = select(*columns).join(ArticleRow, ArticleRow.id == SupersessionRow.newer_id)
        if known_by is not None:
            query = query.where(SupersessionRow.added_at <= known_by)
        changes = connection.execute(query).all()
        self._newer = {row.id: (row.newer_id, row.changed_on) for row in changes}
        self._retracted = {row.newer_id for row in changes if Fact.RETRACTED in (row.facts or ())}
        self._older: defaultdict[str, list[str]] = defaultdict(list)
        for row in changes:
            self._older[row.newer_id].append(row.id)
        self._anchors: dict[tuple[str, str], Any] = {}
        if changes:
            held = (AnchorRow.evidence_id, AnchorRow.article_id, AnchorRow.held)
            places = select(*held, AnchorRow.start_at, AnchorRow.end_at)
            self._anchors = {
                (place.evidence_id, place.article_id): place for place in connection.execute(places)
            }
        versions = self._newer.keys() | self._older.keys()
        self._says: defaultdict[str, set[_Subject]] = defaultdict(set)
        for said in rows:
            # What does not count yet takes nothing's place.
            if said.article_id in versions and not decided.waits(said.id, unclear=said.unclear):
                self._says[said.article_id].add(_subject(said))

    def life(self, row: Row[*tuple[Any, ...]]) -> Life | None:
        """From when until when a piece of evidence counts; None where its page never changed."""
        if row.article_id not in self._newer and row.article_id not in self._older:
            return None
        appeared = self._appeared(row)
        if row.article_id not in self._newer:
            return Life(appeared)
        newer, changed_on = self._newer[row.article_id]
        if _subject(row) in self._says[newer]:
            changed_on = dt.date.min
        head, held, held_at = newer, None, None
        retracted = self._takes_back(newer)
        while True:
            if place := self._anchors.get((row.id, head)):
                held = place.held
                held_at = None if place.start_at is None else Span(place.start_at, place.end_at)
            if head not in self._newer or held_at is None:
                break
            head = self._newer[head][0]
        return Life(appeared, changed_on, held, held_at, head, retracted)

    def _takes_back(self, article: str) -> bool:
        """Whether the version, or one after it, is a retraction and no later one stands in its place."""
        while article in self._newer:
            article = self._newer[article][0]
        return article in self._retracted

    def _appeared(self, row: Row[*tuple[Any, ...]]) -> dt.date | None:
        """The day of the change before which no version said it; None where the first one did."""
        subject, article, day = _subject(row), row.article_id, None
        while self._older[article]:
            older = self._older[article]
            day = max(self._newer[one][1] for one in older)
            saying = [one for one in older if subject in self._says[one]]
            if not saying:
                there = (self._anchors.get((row.id, one)) for one in older)
                return None if any(place and place.held == Held.EXACT for place in there) else day
            article, day = min(saying), None
        return day


def _subject(row: Row[*tuple[Any, ...]]) -> _Subject:
    return row.endorser_id, row.endorsee_id, row.contest, row.position
