"""From a name in an article to an identity in the ledger. Entry: `Resolver`.

A registry is asked who may be meant, the article what speaks for and against each, and whether that is enough.
A wrong merge is worse than a missing one, so whoever is not sure stays provisional, with the alternatives kept.
"""

import math
from collections.abc import Container

from whipcount.article import Kind, Reading
from whipcount.outlet_table import outlet_named
from whipcount.people.context import Context
from whipcount.people.identity import Alternative, Identity, Outcome, Reason, Resolution, by_name, told
from whipcount.people.match import Candidate, Names
from whipcount.people.names import normal_name
from whipcount.people.registry import Entry, Registry
from whipcount.people.weigh import weigh

ENOUGH = 4.0
"""Points from which somebody is meant."""
AHEAD = 2.0
"""Points by which he must be ahead of the next."""
_WORTH_ASKING = 2.0
_ALTERNATIVES = 5


class Resolver:
    """Resolves by a registry; `expected` are the ids of those who stand in the contest."""

    def __init__(self, registry: Registry, *, expected: Container[str] = ()) -> None:
        self.registry = registry
        self._names = Names(registry)
        self._expected = expected
        self._context: Context | None = None
        self._known: dict[tuple[str, Kind | None], Resolution] = {}
        """The names of the present reading that were asked for."""

    def __call__(self, name: str, kind: Kind | None, reading: Reading) -> Resolution:
        """Whom a name of a reading stands for."""
        if self._context is None or self._context.reading is not reading:
            self._context = Context(reading)
            self._known = {}
        if (name, kind) not in self._known:
            self._known[name, kind] = self.resolve(name, kind, self._context)
        return self._known[name, kind]

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
            return Resolution(_identity(best.entry), Outcome.RESOLVED, alternatives, told(reasons))
        if not alternatives:
            return Resolution(by_name(name), why=f"too little for {best.entry.name}: {told(reasons)}")
        why = (
            f"{alternatives[0].entry.name} or {alternatives[1].entry.name}"
            if points >= ENOUGH and len(alternatives) > 1
            else f"too little for {best.entry.name}: {told(reasons)}"
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
            if not _common(one, name, context):
                return _sure(one, f"name: {found[0].how}")
        alternatives = tuple(
            Alternative(one.entry, round(one.sure / (len(found) + 1), 3), (Reason(1.0, f"name: {one.how}"),))
            for one in found[:_ALTERNATIVES]
        )
        why = "several are called so" if len(found) > 1 else "a word that is also an outlet's name"
        return Resolution(by_name(name), Outcome.UNSURE, alternatives, why)


def _common(entry: Entry, name: str, context: Context) -> bool:
    """Whether a name is an ordinary word as well: "The Times" is its outlet's in its own pages only."""
    outlet = outlet_named(name) if any(one.scheme == "outlet" for one in entry.ids) else None
    if outlet is None or outlet == context.outlet:
        return False
    return normal_name(name) in map(normal_name, outlet.common)


def _identity(entry: Entry) -> Identity:
    return Identity(entry.id, entry.name, provisional=False)


def _sure(entry: Entry, why: str) -> Resolution:
    reasons = (Reason(ENOUGH, why),)
    return Resolution(_identity(entry), Outcome.RESOLVED, (Alternative(entry, 1.0, reasons),), why)


def _score(points: float) -> float:
    return 1 / (1 + math.exp(ENOUGH - 1 - points))
