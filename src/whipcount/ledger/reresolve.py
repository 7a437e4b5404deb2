"""What was added before the registry knew: the same names asked again, and decisions made of the answers.

Entries: `Again.proposals`, which changes nothing, and `Again.apply`. A piece of evidence goes to somebody of the
registry by a split of its own, never by a merge of its provisional identity: the next article with that name
may mean somebody else.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection, insert, select

from whipcount.article import Article, Attribution, Kind, Reading, Sourcing, Span
from whipcount.ledger.events import Action, Decisions
from whipcount.ledger.models import ArticleRow, AttributionRow, EvidenceRow, IdentityRow
from whipcount.ledger.opened import Opened
from whipcount.ledger.resolutions import ENDORSEE, ENDORSER, Asked, Resolutions, undecided
from whipcount.ledger.reviews import Reviews, identity_values
from whipcount.ledger.rows import to_article
from whipcount.people import Identity, Resolve
from whipcount.people.identity import Outcome

_BATCH = 32
Named = Callable[[Iterable[Article]], Iterator[Reading]]
"""Gives readings with mentions, in the order of the articles: `read.name_all`."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A name in the ledger, the provisional identity that it is under, and what the registry says of it."""

    asked: Asked
    identity_id: str
    article_id: str

    @property
    def sure(self) -> bool:
        """Whether somebody of the registry is meant for sure."""
        return self.asked.resolution.outcome is Outcome.RESOLVED


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of proposals."""

    moved: int = 0
    """Names that went to somebody of the registry."""
    waiting: int = 0
    """Names that wait for somebody to say who is meant."""


@dataclass(frozen=True, slots=True)
class _Name:
    evidence_id: str
    role: str
    name: str
    kind: Kind | None
    identity_id: str


class Again(Opened):
    """Resolving again in an open ledger's database."""

    def proposals(
        self, decided: Decisions, resolve: Resolve, named: Named, step: Callable[[], None] = lambda: None
    ) -> Iterator[Proposal]:
        """Every name under a provisional identity that the registry resolves or is unsure of.

        Names on which somebody has decided are left alone; `step` is called for each article.
        """
        with self._reading() as connection:
            names = _provisional(connection, decided)
        for some in _batches(list(names)):
            with self._reading() as connection:
                articles = _articles(connection, some)
                said = _said(connection, some)
            readings = named([articles[one] for one in some])
            for article_id, reading in zip(some, readings, strict=True):
                full = replace(reading, attributions=tuple(said[article_id]))
                for one in names[article_id]:
                    answer = resolve(one.name, one.kind, full)
                    if answer.outcome is not Outcome.NEW:
                        asked = Asked(one.evidence_id, one.role, one.name, answer)
                        yield Proposal(asked, one.identity_id, article_id)
                step()

    def articles(self, decided: Decisions) -> int:
        """How many articles have names under provisional identities."""
        with self._reading() as connection:
            return len(_provisional(connection, decided))

    def apply(self, decided: Decisions, found: Iterable[Proposal], by: str) -> Applied:
        """Split what is sure off to whom it belongs, and keep what is unsure; doing it again adds nothing."""
        sure: defaultdict[tuple[str, str], list[Proposal]] = defaultdict(list)
        unsure: list[Proposal] = []
        for one in found:
            (sure[one.identity_id, one.asked.resolution.identity.id] if one.sure else unsure).append(one)
        self._know(one.asked.resolution.identity for several in sure.values() for one in several)
        reviews = Reviews(self._engine, self._clock)
        for (subject, to), several in sorted(sure.items()):
            evidence = sorted({one.asked.evidence_id for one in several})
            reason = f"by the registry: {several[0].asked.resolution.why}"
            reviews.record(Action.SPLIT, subject, by, {"evidence": evidence, "to": to, "reason": reason})
        waiting = Resolutions(self._engine, self._clock)
        there = {(one.evidence_id, one.role): one for one in waiting.waiting(decided)}
        waiting.keep(
            one.asked
            for one in unsure
            if (old := there.get((one.asked.evidence_id, one.asked.role))) is None
            or [choice.id for choice in old.choices]
            != [a.entry.id for a in one.asked.resolution.alternatives]
        )
        return Applied(sum(map(len, sure.values())), len(unsure))

    def _know(self, identities: Iterable[Identity]) -> None:
        """Make those identities that are not there."""
        with self._writing("make identities of the registry") as connection:
            wanted = {one.id: one for one in identities}
            there = set(connection.scalars(select(IdentityRow.id).where(IdentityRow.id.in_(wanted))))
            rows = [
                {**identity_values(one), "added_at": self._clock()}
                for key, one in sorted(wanted.items())
                if key not in there
            ]
            if rows:
                connection.execute(insert(IdentityRow), rows)


def _batches(items: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(items), _BATCH):
        yield items[at : at + _BATCH]


def _provisional(connection: Connection, decided: Decisions) -> dict[str, list[_Name]]:
    """The names under provisional identities on which nobody has decided, by article."""
    unknown = set(connection.scalars(select(IdentityRow.id).where(IdentityRow.provisional)))
    columns = (EvidenceRow.id, EvidenceRow.article_id, EvidenceRow.endorser_name, EvidenceRow.endorser_id,
               EvidenceRow.endorser_kind, EvidenceRow.endorsee_name, EvidenceRow.endorsee_id)  # fmt: skip
    found: defaultdict[str, list[_Name]] = defaultdict(list)
    for row in connection.execute(select(*columns).order_by(EvidenceRow.id)):
        for one in (
            _Name(row.id, ENDORSER, row.endorser_name, Kind(row.endorser_kind), row.endorser_id),
            _Name(row.id, ENDORSEE, row.endorsee_name, None, row.endorsee_id),
        ):
            if one.identity_id in unknown and undecided(decided, one.evidence_id, one.role, one.identity_id):
                found[row.article_id].append(one)
    return dict(found)


def _articles(connection: Connection, ids: list[str]) -> dict[str, Article]:
    query = select(ArticleRow.__table__).where(ArticleRow.id.in_(ids))
    return {row.id: to_article(row) for row in connection.execute(query)}


def _said(connection: Connection, ids: list[str]) -> defaultdict[str, list[Attribution]]:
    """The attributions of articles: they tell who speaks."""
    query = select(AttributionRow.__table__).where(AttributionRow.article_id.in_(ids))
    found: defaultdict[str, list[Attribution]] = defaultdict(list)
    for row in connection.execute(query.order_by(AttributionRow.article_id, AttributionRow.ordinal)):
        source, cue, content = (
            tuple(Span(*pair) for pair in spans) for spans in (row.source, row.cue, row.content)
        )
        found[row.article_id].append(
            Attribution(source, cue, content, row.speaker, Sourcing(row.sourcing), row.via)
        )
    return found
