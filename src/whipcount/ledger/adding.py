"""Readings into the store: which rows an article makes, and where it stands among those that are there.

Entries: `prepare`, then `keep`.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from whipcount import __version__
from whipcount.article import Reading
from whipcount.errors import ArticleError
from whipcount.ledger import resolutions, versions
from whipcount.ledger.among import among
from whipcount.ledger.bulk import insert_all
from whipcount.ledger.link import attribution_of
from whipcount.ledger.models import AddressRow, ArticleRow, AttributionRow, EvidenceRow, IdentityRow
from whipcount.ledger.placing import Placing
from whipcount.ledger.registry_models import ResolutionRow
from whipcount.ledger.reviews import identity_values
from whipcount.ledger.rows import article_values, attribution_values, position_values
from whipcount.ledger.sameness import address_of, content_hash
from whipcount.people import Identity, Resolve

if TYPE_CHECKING:
    from whipcount.stories import Sketch


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


@dataclass(frozen=True, slots=True)
class Prepared:
    """A reading with what of it takes time to work out, so that no other writer waits for that."""

    reading: Reading
    digest: str
    sketch: "Sketch"


def prepare(reading: Reading) -> Prepared | ArticleError:
    """A reading made ready to be kept, or why it would leave evidence that can't be shown."""
    from whipcount.stories import sketch_of  # noqa: PLC0415 - slow to load

    try:
        _verify(reading)
        return Prepared(reading, content_hash(reading.article), sketch_of(reading.article))
    except ArticleError as error:
        return error


def keep(
    connection: Connection, prepared: Sequence[Prepared], resolve: Resolve, now: dt.datetime
) -> list[Added]:
    """Articles one after the other, as each may be a copy or a version of one before; written together."""
    there = known(connection, [one.digest for one in prepared])
    new = {one.digest: one for one in prepared if one.digest not in there}
    placing = Placing(connection, [one.sketch for one in new.values()])
    addresses = versions.known(connection, [one.reading.article for one in new.values()])
    batch = _Batch(connection, placing, now)
    out = []
    for one in prepared:
        article = one.reading.article
        if one.digest in there:
            out.append(Added(there[one.digest], new=False))
            continue
        article_id = there[one.digest] = f"a_{one.digest[:24]}"
        batch.take(article_id, one, resolve)
        other = None
        if (address := address_of(article)) in addresses:
            # The older version's evidence is looked for in the newer one, and the other way round.
            batch.write()
            other = versions.keep(connection, article_id, article, now)
        elif address is not None:
            addresses.add(address)
            batch.addresses.append(versions.address_values(article_id, address, article))
        added = len(one.reading.positions), len(one.reading.unclear)
        out.append(Added(article_id, new=True, evidence=added[0], unclear=added[1], version_of=other))
    batch.write()
    return out


class _Batch:
    """Rows that wait to be written together."""

    def __init__(self, connection: Connection, placing: Placing, now: dt.datetime) -> None:
        self._connection = connection
        self._placing = placing
        self._now = now
        self._empty()

    def _empty(self) -> None:
        self.articles: list[dict[str, Any]] = []
        self.addresses: list[dict[str, Any]] = []
        self.identities: dict[str, Identity] = {}
        self.attributions: list[dict[str, Any]] = []
        self.evidence: list[dict[str, Any]] = []
        self.unsure: list[dict[str, Any]] = []

    def take(self, article_id: str, prepared: Prepared, resolve: Resolve) -> None:
        """Make the rows of an article, its attributions and its positions."""
        reading, now = prepared.reading, self._now
        self.articles.append(
            {
                **article_values(reading.article),
                "id": article_id,
                "content_hash": prepared.digest,
                "story": self._placing.place(article_id, reading.article, prepared.sketch),
                "reader": __version__,
                "added_at": now,
            }
        )
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

    def write(self) -> None:
        """Write them, each once."""
        connection, now = self._connection, self._now
        insert_all(connection, ArticleRow, self.articles)
        self._placing.write(now)
        insert_all(connection, AddressRow, self.addresses)
        _add_identities(connection, self.identities, now)
        insert_all(connection, AttributionRow, self.attributions)
        insert_all(connection, EvidenceRow, self.evidence)
        insert_all(connection, ResolutionRow, self.unsure)
        self._empty()


def known(connection: Connection, digests: Sequence[str]) -> dict[str, str]:
    """The articles that are there already, by their hashes."""
    query = select(ArticleRow.content_hash, ArticleRow.id).where(
        among(connection, ArticleRow.content_hash, digests)
    )
    return {row.content_hash: row.id for row in connection.execute(query)}


def _verify(reading: Reading) -> None:
    """Raise `ArticleError` where a reading would leave evidence that can't be shown."""
    text = reading.article.text
    if not text.strip():
        raise ArticleError("there is no text in it")
    if "\0" in text:
        raise ArticleError("its text holds NUL characters")
    for position in (*reading.positions, *reading.unclear):
        for span in (position.evidence, *position.conditions, *position.reasons):
            if not 0 <= span.start < span.end <= len(text):
                raise ArticleError(f"a position points outside its text ({span.start} to {span.end})")
        if not position.endorser.strip() or not position.endorsee.strip():
            raise ArticleError("a position has no name in it")


def _add_identities(connection: Connection, identities: dict[str, Identity], now: dt.datetime) -> None:
    if not identities:
        return
    there = connection.scalars(select(IdentityRow.id).where(among(connection, IdentityRow.id, identities)))
    missing = [identities[key] for key in sorted(identities.keys() - set(there))]
    insert_all(connection, IdentityRow, [{**identity_values(one), "added_at": now} for one in missing])
