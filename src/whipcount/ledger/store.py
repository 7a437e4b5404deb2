"""The ledger: readings in, evidence out.

One article is one transaction, so it is there with all its evidence or not at all. Ids are
made of what they name, so that two processes that add the same thing mean the same row.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, insert, or_, select

from whipcount import __version__
from whipcount.article import Article, Contest, Reading
from whipcount.errors import ArticleError, LedgerError
from whipcount.ledger import copies, resolutions, versions
from whipcount.ledger.calibration import Curve, fit, judged
from whipcount.ledger.desk_models import EventRow
from whipcount.ledger.events import Decisions, Event, decisions
from whipcount.ledger.evidence import ArticleRef, Evidence, Story, earliest_first
from whipcount.ledger.link import attribution_of
from whipcount.ledger.models import ArticleRow, AttributionRow, EvidenceRow, IdentityRow
from whipcount.ledger.opened import Opened, utc_now
from whipcount.ledger.queries import Wanted, judged_rows, read_evidence
from whipcount.ledger.reviews import identity_values, to_event
from whipcount.ledger.rows import article_values, attribution_values, position_values, to_article
from whipcount.ledger.sameness import content_hash
from whipcount.people import Identity, Resolve, names_alone, normal_name

CALIBRATE_FROM = 200
"""So many reviewed readings say what confidence to show; `Settings.calibrate_from` has the same default."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one article."""

    article_id: str
    new: bool
    """False where the ledger had it already."""
    evidence: int = 0
    """Pieces of evidence added."""
    version_of: str | None = None
    """The article that stood at its address until now; it stays in the ledger."""


@dataclass(frozen=True, slots=True)
class Totals:
    """How much the ledger holds."""

    articles: int
    evidence: int
    identities: int


class Ledger(Opened):
    """An open ledger; close it, or use it as a context manager."""

    def __init__(self, engine: Engine, clock: Callable[[], dt.datetime] = utc_now) -> None:
        super().__init__(engine, clock)
        # Events are never changed, so those that were read once are kept.
        self._events: tuple[Event, ...] = ()
        self._decided = Decisions()
        self._curve: tuple[int, Curve | None] = (0, None)
        self.calibrate_from = CALIBRATE_FROM

    def knows(self, article: Article) -> bool:
        """Whether the same article is in the ledger already."""
        with self._reading() as connection:
            return _known(connection, content_hash(article)) is not None

    def add(self, reading: Reading, *, resolve: Resolve = names_alone) -> Added:
        """Keep a reading; adding the same article again changes nothing.

        Raises `ArticleError` where the article can't be stored and `LedgerError` where the
        database refuses.
        """
        _check(reading)
        with self._writing(f"add {reading.article.id} to the ledger") as connection:
            return self._add(connection, reading, resolve)

    def _add(self, connection: Connection, reading: Reading, resolve: Resolve) -> Added:
        article = reading.article
        digest = content_hash(article)
        known = _known(connection, digest)
        if known is not None:
            return Added(known, new=False)
        now = self._clock()
        article_id = f"a_{digest[:24]}"
        resolved = [
            (
                resolve(position.endorser, position.endorser_kind, reading),
                resolve(position.endorsee, None, reading),
            )
            for position in reading.positions
        ]
        place = copies.place(connection, article)
        connection.execute(
            insert(ArticleRow).values(
                id=article_id,
                content_hash=digest,
                story=place.story,
                reader=__version__,
                added_at=now,
                **article_values(article),
            )
        )
        attribution_ids = [f"{article_id}.a{number}" for number in range(len(reading.attributions))]
        if reading.attributions:
            connection.execute(
                insert(AttributionRow),
                [
                    {
                        "id": attribution_ids[number],
                        "article_id": article_id,
                        "ordinal": number,
                        **attribution_values(attribution),
                    }
                    for number, attribution in enumerate(reading.attributions)
                ],
            )
        _add_identities(connection, {one.identity.id: one.identity for pair in resolved for one in pair}, now)
        if reading.positions:
            connection.execute(
                insert(EvidenceRow),
                [
                    {
                        "id": f"{article_id}.e{number}",
                        "article_id": article_id,
                        "ordinal": number,
                        "attribution_id": None if said_in is None else attribution_ids[said_in],
                        "endorser_id": resolved[number][0].identity.id,
                        "endorsee_id": resolved[number][1].identity.id,
                        "reader": __version__,
                        "added_at": now,
                        **position_values(position, article.text),
                    }
                    for number, position in enumerate(reading.positions)
                    for said_in in [attribution_of(position, reading.attributions)]
                ],
            )
        resolutions.keep(
            connection,
            (
                resolutions.Asked(f"{article_id}.e{number}", role, name, one)
                for number, (position, pair) in enumerate(zip(reading.positions, resolved, strict=True))
                for role, name, one in zip(
                    resolutions.ROLES, (position.endorser, position.endorsee), pair, strict=True
                )
            ),
            now,
        )
        copies.keep(connection, article_id, place, now)
        other = versions.keep(connection, article_id, article, now)
        return Added(article_id, new=True, evidence=len(reading.positions), version_of=other)

    def evidence(
        self, *, contest: Contest | None = None, contest_id: str | None = None, about: Sequence[str] | None = None,
        known_by: dt.datetime | None = None,
    ) -> list[Evidence]:  # fmt: skip
        """All evidence, or that of one kind of contest, of one contest, or that which names one of the identities `about`.

        `known_by` gives what the ledger knew at a moment: nothing that was added or decided since. What a newer
        version of its page has taken the place of is there too and says so, as does what a reader rejected.
        """
        with self._reading() as connection:
            decided = self._decided_by(connection, known_by)
            wanted = Wanted(contest, contest_id, about, known_by)
            return read_evidence(connection, decided, wanted, self._calibrated(connection, decided))

    def decided(self, known_by: dt.datetime | None = None) -> Decisions:
        """What the decisions of all readers come to, or those until a moment."""
        with self._reading() as connection:
            return self._decided_by(connection, known_by)

    def calibrated(self, known_by: dt.datetime | None = None) -> Curve | None:
        """The curve from the program's confidence to the one shown; None until enough was reviewed."""
        with self._reading() as connection:
            return self._calibrated(connection, self._decided_by(connection, known_by))

    def _decided_by(self, connection: Connection, known_by: dt.datetime | None) -> Decisions:
        # Both are put in place whole: several threads may read.
        known = self._events
        last = known[-1].number if known else 0
        query = select(EventRow.__table__).where(EventRow.number > last).order_by(EventRow.number)
        if new := [to_event(row) for row in connection.execute(query)]:
            known = (*known, *new)
            self._decided = decisions(known)
            self._events = known
        if known_by is not None:
            return decisions(event for event in known if event.at <= known_by)
        return self._decided if self._decided.last >= (known[-1].number if known else 0) else decisions(known)

    def _calibrated(self, connection: Connection, decided: Decisions) -> Curve | None:
        last, curve = self._curve
        if last != decided.last:
            enough = len(decided.verdicts) >= self.calibrate_from
            rows = judged_rows(connection, decided.verdicts) if enough else []
            curve = fit(judged(rows, decided), self.calibrate_from)
            self._curve = (decided.last, curve)
        return curve

    def find(self, name: str) -> list[Identity]:
        """Whom a user may mean: those with just this id or name, else those whose name has all its words.

        Who was merged into another is that one.
        """
        key = normal_name(name)
        if not key:
            return []
        columns = (IdentityRow.id, IdentityRow.name, IdentityRow.provisional, IdentityRow.normal_name)
        exact = select(*columns).where(or_(IdentityRow.id == name, IdentityRow.normal_name == key))
        wide = select(*columns).where(*(IdentityRow.normal_name.contains(word) for word in key.split()))
        with self._reading() as connection:
            rows = connection.execute(exact).all() or [
                row for row in connection.execute(wide) if set(key.split()) <= set(row.normal_name.split())
            ]
            joined = self._decided_by(connection, None).joined
            found = {joined.get(row.id, row.id): Identity(*row[:3]) for row in rows}
            ends = select(*columns[:3]).where(
                IdentityRow.id.in_(joined.get(row.id) for row in rows if row.id in joined)
            )
            found |= {row.id: Identity(*row) for row in connection.execute(ends)}
        return sorted(found.values(), key=lambda one: (one.name, one.id))

    def article(self, article_id: str) -> Article:
        """The article as it was added."""
        with self._reading() as connection:
            row = connection.execute(select(ArticleRow.__table__).where(ArticleRow.id == article_id)).first()
        if row is None:
            raise LedgerError(f"the ledger has no article {article_id}")
        return to_article(row)

    def story(self, article_id: str) -> Story:
        """All copies of the report that an article is a copy of, with or without evidence, the earliest first."""
        with self._reading() as connection:
            story = connection.scalar(select(ArticleRow.story).where(ArticleRow.id == article_id))
            if story is None:
                raise LedgerError(f"the ledger has no article {article_id}")
            root = copies.root(connection, story)
            columns = (ArticleRow.id, ArticleRow.title, ArticleRow.outlet, ArticleRow.original_outlet)
            query = select(*columns, ArticleRow.published, ArticleRow.url).where(
                ArticleRow.story.in_(copies.joined(connection, root))
            )
            found = [ArticleRef(*row, root) for row in connection.execute(query)]
        return Story(root, tuple(sorted(found, key=earliest_first)))

    def totals(self) -> Totals:
        """How much the ledger holds."""
        with self._reading() as connection:
            articles, evidence, identities = (
                connection.scalar(select(func.count()).select_from(row)) or 0
                for row in (ArticleRow, EvidenceRow, IdentityRow)
            )
        return Totals(articles, evidence, identities)


def _known(connection: Connection, digest: str) -> str | None:
    return connection.scalar(select(ArticleRow.id).where(ArticleRow.content_hash == digest))


def _check(reading: Reading) -> None:
    """Refuse what would leave evidence that can't be shown."""
    text = reading.article.text
    if not text.strip():
        raise ArticleError("there is no text in it")
    if "\0" in text:
        raise ArticleError("its text holds NUL characters")
    for position in reading.positions:
        for span in (position.evidence, *position.conditions, *position.reasons):
            if not 0 <= span.start < span.end <= len(text):
                raise ArticleError(f"a position points outside its text ({span.start} to {span.end})")
        if not position.endorser.strip() or not position.endorsee.strip():
            raise ArticleError("a position has no name in it")


def _add_identities(connection: Connection, identities: dict[str, Identity], now: dt.datetime) -> None:
    there = set(connection.scalars(select(IdentityRow.id).where(IdentityRow.id.in_(identities))))
    missing = [identities[key] for key in sorted(identities.keys() - there)]
    if missing:
        connection.execute(
            insert(IdentityRow),
            [{**identity_values(one), "added_at": now} for one in missing],
        )
