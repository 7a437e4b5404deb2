"""The evidence of a contest, and what follows from it, derived once for each state of the ledger.

Nothing here outlives the process; whatever is added to the ledger makes it be derived anew.
"""

import datetime as dt
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock, RLock
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from whipcount.article import Contest
from whipcount.changes import Change, steps
from whipcount.contests import Race, earlier_stages
from whipcount.counting import contest_evidence
from whipcount.errors import ContestError
from whipcount.ledger import Ledger
from whipcount.ledger.contests import Contests
from whipcount.ledger.evidence import Evidence
from whipcount.ledger.reads import Reads, Stamp
from whipcount.ledger.registry import People
from whipcount.people.registry import Registry
from whipcount.rules import Counted, Rules, apply, load_rules, shipped

P = ParamSpec("P")
T = TypeVar("T")
_turns = RLock()
MAY_BE_OLD: ContextVar[float] = ContextVar("may_be_old", default=0.0)
"""Seconds that what is shown may be behind the ledger: where much is added, each state would be derived for one reader."""
_stamps: WeakKeyDictionary[Ledger, tuple[float, Stamp]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Sight:
    """What is looked at: a ledger in one of its states, a contest in it, by which rules, as known by when."""

    ledger: Ledger
    stamp: Stamp
    contest: str
    """A contest's id, `current` or `past` for all contests of that kind, `all`."""
    known_by: dt.datetime | None = None
    rules: tuple[str, ...] = ("house",)


def look(
    ledger: Ledger,
    contest: str = "current",
    known_by: dt.datetime | None = None,
    rules: Sequence[str] = (),
) -> Sight:
    """A contest as the ledger has it now; by the house's rules where none are named."""
    return Sight(ledger, _stamp(ledger), contest, known_by, tuple(rules) or ("house",))


def _stamp(ledger: Ledger) -> Stamp:
    """The state of the ledger: the present one, or a late one that is new enough for who asks."""
    asked, known = _stamps.get(ledger, (float("-inf"), ()))
    now = time.monotonic()
    if now - asked >= MAY_BE_OLD.get():
        known = Reads(ledger.engine).stamp()
        _stamps[ledger] = (now, known)
    return known


def kept(size: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keeps the last results. While one thread derives something, others that need it wait and do not do the same.

    What is there is had without waiting: whoever shows a state that was derived need not wait for the next one.
    """

    def wrap(function: Callable[P, T]) -> Callable[P, T]:
        results: OrderedDict[Any, T] = OrderedDict()
        guard = Lock()

        def known(key: Any) -> tuple[T] | None:
            with guard:
                if key not in results:
                    return None
                results.move_to_end(key)
                return (results[key],)

        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            key = (args, tuple(sorted(kwargs.items())))
            if found := known(key):
                return found[0]
            with _turns:
                if found := known(key):
                    return found[0]
                result = function(*args, **kwargs)
                with guard:
                    results[key] = result
                    while len(results) > size:
                        results.popitem(last=False)
            return result

        return call

    return wrap


def evidence(sight: Sight, as_of: dt.date | None = None) -> tuple[Evidence, ...]:
    """All evidence on the contest; for one contest with the support that was carried on from its earlier stages."""
    if sight.contest in {*Contest, "all"}:
        return _evidence(sight, None)
    # Only what is carried on depends on the day.
    return _evidence(sight, as_of if earlier_stages(_race(sight), races(sight)) else None)


@kept(12)
def _evidence(sight: Sight, as_of: dt.date | None) -> tuple[Evidence, ...]:
    if sight.contest in {*Contest, "all"}:
        wanted = None if sight.contest == "all" else Contest(sight.contest)
        return tuple(sight.ledger.evidence(contest=wanted, known_by=sight.known_by))
    return tuple(contest_evidence(sight.ledger, _race(sight), as_of, sight.known_by))


def _race(sight: Sight) -> Race:
    race = next((race for race in races(sight) if race.id == sight.contest), None)
    if race is None:
        raise ContestError(f"the ledger has no contest {sight.contest}")
    return race


@kept(24)
def counted(sight: Sight, as_of: dt.date | None, review_below: float) -> Counted:
    """Who stands where in the contest as of a day, by its rules, and what does not count."""
    by = loaded(sight.rules)
    known = registry(sight) if any(one.notable or one.points for one in by) else None
    return apply(by, evidence(sight, as_of), known, as_of, review_below=review_below)


@kept(12)
def moves(sight: Sight) -> tuple[Change, ...]:
    """Everything that moved in the contest by its rules, the earliest first."""
    by = loaded(sight.rules)
    counting = set.intersection(*(set(one.positions) for one in by))
    found = []
    for change in steps(counted(sight, None, 0.0).evidence):
        old, new = (stand if stand in counting else None for stand in (change.old, change.new))
        if old is not new:
            found.append(replace(change, old=old, new=new))
    return tuple(found)


def all_rules() -> tuple[Rules, ...]:
    """All rules of counting that can be asked for by name, the house's first."""
    return loaded(sorted(shipped(), key=lambda name: (name != "house", name)))


def loaded(names: Sequence[str]) -> tuple[Rules, ...]:
    """Sets of rules by their names; a name is never taken for a file's path here."""
    for name in names:
        if name not in shipped():
            raise ContestError(f"there are no rules {name!r}; there are: {', '.join(shipped())}")
    return tuple(map(_loaded, names))


_loaded = lru_cache(16)(load_rules)


def races(sight: Sight) -> tuple[Race, ...]:
    """All contests that are known, the earliest first."""
    return _races(Sight(sight.ledger, sight.stamp, "", sight.known_by))


@kept(3)
def _races(sight: Sight) -> tuple[Race, ...]:
    return tuple(Contests(sight.ledger.engine).all(sight.known_by))


def registry(sight: Sight) -> Registry:
    """Who is known to the registry."""
    return _registry(Sight(sight.ledger, sight.stamp[-1:], "", sight.known_by))


@kept(3)
def _registry(sight: Sight) -> Registry:
    return People(sight.ledger.engine).load(sight.known_by)
