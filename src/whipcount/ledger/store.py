"""The ledger: readings in, evidence out.

One article is one transaction, so it is there with all its evidence or not at all. Ids are
made of what they name, so that two processes that add the same thing mean the same row.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, func, or_, select

from whipcount.article import Article, Contest, Reading
from whipcount.errors import ArticleError, LedgerError
from whipcount.ledger import copies
from whipcount.ledger.adding import Added, keep, known, problem_of
from whipcount.ledger.desk_models import EventRow
from whipcount.ledger.events import Decisions, Event, decisions
from whipcount.ledger.evidence import ArticleRef, Evidence, Story, earliest_first
from whipcount.ledger.models import ArticleRow, EvidenceRow, IdentityRow
from whipcount.ledger.opened import Opened, utc_now
from whipcount.ledger.queries import Wanted, read_evidence
from whipcount.ledger.reviews import to_event
from whipcount.ledger.rows import to_article
from whipcount.ledger.sameness import content_hash
from whipcount.people import Identity, Resolve, names_alone, normal_name


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
        self._events: list[Event] = []
        self._last = 0
        self._decided = Decisions()

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
        problems = [problem_of(reading) for reading in readings]
        sound = [reading for reading, problem in zip(readings, problems, strict=True) if problem is None]
        what = sound[0].article.id if len(sound) == 1 else f"{len(sound)} articles"
        added: Iterator[Added] = iter(())
        if sound:
            with self._writing(f"add {what} to the ledger") as connection:
                added = iter(keep(connection, sound, resolve, self._clock()))
        return [next(added) if problem is None else problem for problem in problems]

    def evidence(
        self, *, contest: Contest | None = None, contest_id: str | None = None, about: Sequence[str] | None = None,
        known_by: dt.datetime | None = None,
    ) -> list[Evidence]:  # fmt: skip
        """All evidence, or that of one kind of contest, of one contest, or that which names one of the identities `about`.

        `known_by` gives what the ledger knew at a moment: nothing that was added or decided since. What a newer
        version of its page has taken the place of is there too and says so, as does what a reader rejected.
        """
        decided = self.decided(known_by)
        with self._reading() as connection:
            return read_evidence(connection, decided, Wanted(contest, contest_id, about, known_by))

    def decided(self, known_by: dt.datetime | None = None) -> Decisions:
        """What the decisions of all readers come to, or those until a moment."""
        query = select(EventRow.__table__).where(EventRow.number > self._last).order_by(EventRow.number)
        with self._reading() as connection:
            new = [to_event(row) for row in connection.execute(query)]
        if new:
            self._events += new
            self._last = new[-1].number
            self._decided = decisions(self._events)
        if known_by is not None:
            return decisions(event for event in self._events if event.at <= known_by)
        return self._decided

    def find(self, name: str) -> list[Identity]:
        """Whom a user may mean: those with just this id or name, else those whose name has all its words."""
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
        return sorted((Identity(*row[:3]) for row in rows), key=lambda one: (one.name, one.id))

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
