"""From a name in an article to an identity in the ledger.

`by_name` makes equal names one and everybody else new and provisional. A `Resolver` asks a registry first:
who may be meant, what the article gives for and against each, and whether that is enough. A wrong merge
is worse than a missing one, so whoever is not sure stays provisional, with the alternatives kept.
"""

import hashlib
import math
from collections.abc import Container, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from whipcount.article import Article, Kind, Reading
from whipcount.outlet_table import outlet_named
from whipcount.people.context import Context
from whipcount.people.match import Candidate, Names
from whipcount.people.names import normal_name
from whipcount.people.registry import Entry, Registry
from whipcount.people.weigh import Reason, weigh

ENOUGH = 4.0
"""Points from which somebody is meant."""
AHEAD = 2.0
"""Points by which he must be ahead of the next."""
_WORTH_ASKING = 1.0
_ALTERNATIVES = 5


@dataclass(frozen=True, slots=True)
class Identity:
    """A person, an organization, a group or a measure."""

    id: str
    name: str
    provisional: bool = True
    """Known by its name alone; nobody and no registry has confirmed it."""


class Outcome(StrEnum):
    """How a name was resolved."""

    RESOLVED = "resolved"
    UNSURE = "unsure"
    """Somebody of the registry may be meant, or another of several."""
    NEW = "new"
    """Nobody of the registry."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Somebody of the registry who may be meant."""

    entry: Entry
    score: float
    """0 to 1."""
    reasons: tuple[Reason, ...] = ()

    @property
    def why(self) -> str:
        """The reasons in words."""
        return _told(self.reasons)


@dataclass(frozen=True, slots=True)
class Resolution:
    """Whom a name stands for; with an unsure or new one the identity is that of the name alone."""

    identity: Identity
    outcome: Outcome = Outcome.NEW
    alternatives: tuple[Alternative, ...] = ()
    """Who may be meant, the likeliest first; whoever is meant is among them."""
    why: str = ""


class Resolve(Protocol):
    """Says whom a name in an article stands for; `kind` is None for endorsees."""

    def __call__(self, name: str, kind: Kind | None, reading: Reading) -> Resolution:
        """The resolution; the same name in the same article always gives the same."""
        ...


def by_name(name: str, kind: Kind | None = None, article: Article | None = None) -> Identity:
    """The provisional identity of everybody with this name: its id depends on the name alone."""
    del kind, article
    digest = hashlib.sha256(normal_name(name).encode()).hexdigest()
    return Identity(f"p_{digest[:16]}", name)


def names_alone(name: str, kind: Kind | None, reading: Reading) -> Resolution:
    """Resolves by name alone: what a ledger without a registry does."""
    del kind, reading
    return Resolution(by_name(name), why="no registry")


class Resolver:
    """Resolves by a registry; `expected` are the ids of those who stand in the contest."""

    def __init__(self, registry: Registry, *, expected: Container[str] = ()) -> None:
        self.registry = registry
        self._names = Names(registry)
        self._expected = expected
        self._context: Context | None = None

    def __call__(self, name: str, kind: Kind | None, reading: Reading) -> Resolution:
        """Whom a name of a reading stands for."""
        if self._context is None or self._context.reading is not reading:
            self._context = Context(reading)
        return self.resolve(name, kind, self._context)

    def resolve(self, name: str, kind: Kind | None, context: Context) -> Resolution:
        """The same with what the article gives at hand."""
        new = Resolution(by_name(name), why="nobody of the registry has such a name")
        if kind is Kind.GROUP:
            return new
        asked = kind or context.kind(name)
        if asked in {None, Kind.ORGANIZATION}:
            found = self._organization(name, context)
            if found is not None:
                return found
            if asked is not None:
                return new
        return self._person(name, context) or new

    def _person(self, name: str, context: Context) -> Resolution | None:
        weighed: list[tuple[float, Candidate, list[Reason]]] = []
        for one in self._names.candidates(name, kind=Kind.PERSON):
            bearers = self._names.bearers(name.rsplit(maxsplit=1)[-1])
            reasons = weigh(one, name, context, bearers=bearers, expected=self._expected)
            weighed.append((sum(r.points for r in reasons), one, reasons))
        weighed.sort(key=lambda w: (-w[0], w[1].entry.id))
        if not weighed:
            return None
        points, best, reasons = weighed[0]
        alternatives = tuple(
            Alternative(one.entry, round(_score(total), 3), tuple(because))
            for total, one, because in weighed[:_ALTERNATIVES]
            if total >= _WORTH_ASKING
        )
        ahead = points - weighed[1][0] if len(weighed) > 1 else math.inf
        if points >= ENOUGH and ahead >= AHEAD:
            return Resolution(_identity(best.entry), Outcome.RESOLVED, alternatives, _told(reasons))
        if not alternatives:
            return Resolution(by_name(name), why=f"nobody fits: {best.entry.name} is {_told(reasons)}")
        why = (
            f"{alternatives[0].entry.name} or {alternatives[1].entry.name}"
            if points >= ENOUGH and len(alternatives) > 1
            else f"too little for {best.entry.name}: {_told(reasons)}"
        )
        return Resolution(by_name(name), Outcome.UNSURE, alternatives, why)

    def _organization(self, name: str, context: Context) -> Resolution | None:
        if context.is_paper(name) and context.outlet is not None:
            own = self.registry.external("outlet", context.outlet.id)
            if own is not None:
                return _sure(own, "the article's own outlet")
        full = context.acronyms.get(normal_name(name))
        found = self._names.candidates(name, kind=Kind.ORGANIZATION)
        if not found and full:
            found = self._names.candidates(full, kind=Kind.ORGANIZATION)
        if not found:
            return None
        if len(found) == 1:
            one = found[0].entry
            outlet = outlet_named(name) if any(x.scheme == "outlet" for x in one.ids) else None
            # "The Times" is many papers: one common word is an outlet's only in its own pages.
            common = outlet is not None and len(normal_name(name).split()) == 1 and not name.isupper()
            if not common or (context.outlet and outlet and context.outlet.id == outlet.id):
                return _sure(one, f"name: {found[0].how}")
        alternatives = tuple(
            Alternative(one.entry, round(one.sure / (len(found) + 1), 3), (Reason(1.0, f"name: {one.how}"),))
            for one in found[:_ALTERNATIVES]
        )
        why = "several are called so" if len(found) > 1 else "one common word"
        return Resolution(by_name(name), Outcome.UNSURE, alternatives, why)


def _identity(entry: Entry) -> Identity:
    return Identity(entry.id, entry.name, provisional=False)


def _sure(entry: Entry, why: str) -> Resolution:
    reasons = (Reason(ENOUGH, why),)
    return Resolution(_identity(entry), Outcome.RESOLVED, (Alternative(entry, 1.0, reasons),), why)


def _score(points: float) -> float:
    return 1 / (1 + math.exp(ENOUGH - 1 - points))


def _told(reasons: Iterable[Reason]) -> str:
    return "; ".join(f"{r.words} ({r.points:+g})" for r in reasons if r.points)
