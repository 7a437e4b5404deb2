"""The ledger: readings in, evidence out.

One article is one transaction, so it is there with all its evidence or not at all. Ids are
made of what they name, so that two processes that add the same thing mean the same row.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, or_, select

from whipcount.article import Article, Contest, Reading
from whipcount.contests import Race
from whipcount.errors import ArticleError, LedgerError
from whipcount.ledger import assigning, copies
from whipcount.ledger.adding import Added, Prepared, keep, known, prepare
from whipcount.ledger.calibration import Curve, fit, judged
from whipcount.ledger.desk_models import EventRow
from whipcount.ledger.events import Decisions, Event, decisions
from whipcount.ledger.evidence import ArticleRef, Evidence, Story, earliest_first
from whipcount.ledger.models import ArticleRow, EvidenceRow, IdentityRow
from whipcount.ledger.opened import Opened, utc_now
from whipcount.ledger.queries import Wanted, judged_rows, read_evidence
from whipcount.ledger.reviews import to_event
from whipcount.ledger.rows import to_article
from whipcount.ledger.sameness import content_hash
from whipcount.people import Identity, Resolve, names_alone, normal_name

CALIBRATE_FROM = 200
"""So many reviewed readings say what confidence to show; `Settings.calibrate_from` has the same default."""


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
        self._races: tuple[assigning.Edition, list[Race]] = ((0, 0), [])
        self._curve: tuple[int, Curve | None] = (0, None)
        self.calibrate_from = CALIBRATE_FROM

    def knows(self, article: Article) -> bool:
        """Whether the same article is in the ledger already."""
        with self._reading() as connection:
            return bool(known(connection, [content_hash(article)]))

    def add(self, reading: Reading, *, resolve: Resolve = names_alone) -> Added:
        """Keep a reading; adding the same article again changes nothing.

        Raises `ArticleError` where the article can't be stored and `LedgerError` where the
        database refuses.
        """
        added = self.add_all([reading], resolve=resolve)[0]
        if isinstance(added, ArticleError):
            raise added
        return added

    def add_all(
        self, readings: Sequence[Reading], *, resolve: Resolve = names_alone
    ) -> list[Added | ArticleError]:
        """Keep readings in one transaction, and say what became of each: those that can't be stored are left out.

        Raises `LedgerError` where the database refuses, and then none is kept.
        """
        prepared = [prepare(reading) for reading in readings]
        sound = [one for one in prepared if isinstance(one, Prepared)]
        what = sound[0].reading.article.id if len(sound) == 1 else f"{len(sound)} articles"
        added: Iterator[Added] = iter(())
        if sound:
            with self._writing(f"add {what} to the ledger") as connection:
                now = self._clock()
                kept = keep(connection, sound, resolve, now)
                self._assign(connection, [one for one in kept if one.new], now)
                added = iter(kept)
        return [one if isinstance(one, ArticleError) else next(added) for one in prepared]

    def _assign(self, connection: Connection, added: Sequence[Added], now: dt.datetime) -> None:
        """Say which contests new evidence is about, where the ledger has contests."""
        known, races = self._races
        edition = assigning.edition(connection)
        if edition != known:
            races = assigning.load_races(connection)
            self._races = (edition, races)
        if races and added:
            older = [one.version_of for one in added if one.version_of]
            articles = {*(one.article_id for one in added), *older}
            assigning.assign_articles(
                connection, races, self._decided_by(connection, None), articles, now, changed=bool(older)
            )

    def evidence(
        self, *, contest: Contest | None = None, contest_id: str | None = None, about: Sequence[str] | None = None,
        known_by: dt.datetime | None = None, ids: Sequence[str] | None = None,
    ) -> list[Evidence]:  # fmt: skip
        """All evidence, or that of one kind of contest, of one contest, or that which names one of the identities `about`;
        or that with these `ids`.

        `known_by` gives what the ledger knew at a moment: nothing that was added or decided since. What a newer
        version of its page has taken the place of is there too and says so, as does what a reader rejected.
        """
        with self._reading() as connection:
            decided = self._decided_by(connection, known_by)
            wanted = Wanted(contest, contest_id, about, known_by, ids)
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
