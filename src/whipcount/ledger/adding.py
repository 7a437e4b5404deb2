"""Readings into the store: which rows an article makes, and where it stands among those that are there.

Entry: `keep`.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from whipcount import __version__
from whipcount.article import Reading
from whipcount.errors import ArticleError
from whipcount.ledger import copies, resolutions, versions
from whipcount.ledger.link import attribution_of
from whipcount.ledger.models import ArticleRow, AttributionRow, EvidenceRow, IdentityRow
from whipcount.ledger.registry_models import ResolutionRow
from whipcount.ledger.reviews import identity_values
from whipcount.ledger.rows import article_values, attribution_values, position_values
from whipcount.ledger.sameness import address_of, content_hash
from whipcount.people import Identity, Resolve


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one article."""

    article_id: str
    new: bool
    """False where the ledger had it already."""
    evidence: int = 0
    """Pieces of evidence added that count."""
    unclear: int = 0
    """Further ones that wait for a reader."""
    version_of: str | None = None
    """The article that stood at its address until now; it stays in the ledger."""


def keep(
    connection: Connection, readings: Sequence[Reading], resolve: Resolve, now: dt.datetime
) -> list[Added]:
    """Articles one after the other, as each may be a copy or a version of one before; the rest together."""
    digests = [content_hash(reading.article) for reading in readings]
    there = known(connection, digests)
    batch = _Batch()
    out = []
    for digest, reading in zip(digests, readings, strict=True):
        if digest in there:
            out.append(Added(there[digest], new=False))
            continue
        article_id = there[digest] = f"a_{digest[:24]}"
        batch.take(article_id, reading, resolve, now)
        place = copies.place(connection, reading.article)
        values = article_values(reading.article)
        own = {"id": article_id, "content_hash": digest, "story": place.story}
        connection.execute(insert(ArticleRow), {**values, **own, "reader": __version__, "added_at": now})
        copies.keep(connection, article_id, place, now)
        if address_of(reading.article) is not None:
            # The older version's evidence is looked for in the newer one, and the other way round.
            batch.write(connection, now)
        other = versions.keep(connection, article_id, reading.article, now)
        added = len(reading.positions), len(reading.unclear)
        out.append(Added(article_id, new=True, evidence=added[0], unclear=added[1], version_of=other))
    batch.write(connection, now)
    return out


class _Batch:
    """Rows that wait to be written together."""

    def __init__(self) -> None:
        self.identities: dict[str, Identity] = {}
        self.attributions: list[dict[str, Any]] = []
        self.evidence: list[dict[str, Any]] = []
        self.unsure: list[dict[str, Any]] = []

    def take(self, article_id: str, reading: Reading, resolve: Resolve, now: dt.datetime) -> None:
        """Make the rows of an article's attributions and positions."""
        ids = [f"{article_id}.a{number}" for number in range(len(reading.attributions))]
        self.attributions += [
            {
                "id": ids[number],
                "article_id": article_id,
                "ordinal": number,
                **attribution_values(attribution),
            }
            for number, attribution in enumerate(reading.attributions)
        ]
        for number, position in enumerate((*reading.positions, *reading.unclear)):
            own = f"{article_id}.e{number}"
            pair = (
                resolve(position.endorser, position.endorser_kind, reading),
                resolve(position.endorsee, None, reading),
            )
            endorser, endorsee = pair[0].identity, pair[1].identity
            self.identities |= {endorser.id: endorser, endorsee.id: endorsee}
            asked = [
                resolutions.Asked(own, role, name, one)
                for role, name, one in zip(
                    resolutions.ROLES, (position.endorser, position.endorsee), pair, strict=True
                )
            ]
            self.unsure += resolutions.rows(asked, now)
            said_in = attribution_of(position, reading.attributions)
            self.evidence.append(
                {
                    "id": own,
                    "article_id": article_id,
                    "ordinal": number,
                    "attribution_id": None if said_in is None else ids[said_in],
                    "endorser_id": endorser.id,
                    "endorsee_id": endorsee.id,
                    "reader": __version__,
                    "added_at": now,
                    "unclear": number >= len(reading.positions),
                    **position_values(position, reading.article.text),
                }
            )

    def write(self, connection: Connection, now: dt.datetime) -> None:
        """Write them, each once."""
        _add_identities(connection, self.identities, now)
        for table, rows in (
            (AttributionRow, self.attributions),
            (EvidenceRow, self.evidence),
            (ResolutionRow, self.unsure),
        ):
            if rows:
                connection.execute(insert(table), rows)
        self.identities, self.attributions, self.evidence, self.unsure = {}, [], [], []


def known(connection: Connection, digests: Sequence[str]) -> dict[str, str]:
    """The articles that are there already, by their hashes."""
    query = select(ArticleRow.content_hash, ArticleRow.id).where(ArticleRow.content_hash.in_(digests))
    return {row.content_hash: row.id for row in connection.execute(query)}


def problem_of(reading: Reading) -> ArticleError | None:
    """Why a reading would leave evidence that can't be shown; None where it would not."""
    text = reading.article.text
    if not text.strip():
        return ArticleError("there is no text in it")
    if "\0" in text:
        return ArticleError("its text holds NUL characters")
    for position in (*reading.positions, *reading.unclear):
        for span in (position.evidence, *position.conditions, *position.reasons):
            if not 0 <= span.start < span.end <= len(text):
                return ArticleError(f"a position points outside its text ({span.start} to {span.end})")
        if not position.endorser.strip() or not position.endorsee.strip():
            return ArticleError("a position has no name in it")
    try:
        content_hash(reading.article)
    except ArticleError as error:
        return error
    return None


def _add_identities(connection: Connection, identities: dict[str, Identity], now: dt.datetime) -> None:
    if not identities:
        return
    there = set(connection.scalars(select(IdentityRow.id).where(IdentityRow.id.in_(identities))))
    missing = [identities[key] for key in sorted(identities.keys() - there)]
    if missing:
        connection.execute(
            insert(IdentityRow),
            [{**identity_values(one), "added_at": now} for one in missing],
        )
