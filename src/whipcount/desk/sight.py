"""The evidence of a contest, and what follows from it, derived once for each state of the ledger.

Nothing here outlives the process; whatever is added to the ledger makes it be derived anew.
"""

import datetime as dt
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from threading import RLock
from typing import ParamSpec, TypeVar

from whipcount.article import Contest
from whipcount.changes import Change, steps
from whipcount.ledger import Ledger
from whipcount.ledger.evidence import Evidence
from whipcount.ledger.reads import Reads, Stamp
from whipcount.ledger.registry import People
from whipcount.people.registry import Registry
from whipcount.standing import Standing, standings

P = ParamSpec("P")
T = TypeVar("T")
_turns = RLock()


@dataclass(frozen=True, slots=True)
class Sight:
    """What is looked at: a ledger in one of its states, a contest in it, and by when it was known."""

    ledger: Ledger
    stamp: Stamp
    contest: str
    """A contest's id, `current` or `past` for all contests of that kind, `all`."""
    known_by: dt.datetime | None = None


def look(ledger: Ledger, contest: str = "current", known_by: dt.datetime | None = None) -> Sight:
    """A contest as the ledger has it now."""
    return Sight(ledger, Reads(ledger.engine).stamp(), contest, known_by)


def kept(size: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keeps the last results. While one thread derives something, others wait for it and do not do the same."""

    def wrap(function: Callable[P, T]) -> Callable[P, T]:
        remembered = lru_cache(size)(function)

        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            assert all(isinstance(one, Hashable) for one in args)
            with _turns:
                return remembered(*args, **kwargs)  # type: ignore[arg-type]

        return call

    return wrap


@kept(6)
def evidence(sight: Sight) -> tuple[Evidence, ...]:
    """All evidence on the contest."""
    if sight.contest == "all":
        found = sight.ledger.evidence(known_by=sight.known_by)
    elif sight.contest in set(Contest):
        found = sight.ledger.evidence(contest=Contest(sight.contest), known_by=sight.known_by)
    else:
        found = sight.ledger.evidence(contest_id=sight.contest, known_by=sight.known_by)
    return tuple(found)


@kept(24)
def standing(sight: Sight, as_of: dt.date | None, review_below: float) -> tuple[Standing, ...]:
    """Who stands where in the contest, as of a day."""
    return tuple(standings(evidence(sight), as_of, review_below=review_below))


@kept(6)
def moves(sight: Sight) -> tuple[Change, ...]:
    """Everything that moved in the contest, the earliest first."""
    return tuple(steps(evidence(sight)))


def registry(sight: Sight) -> Registry:
    """Who is known to the registry."""
    return _registry(Sight(sight.ledger, sight.stamp[-1:], "", sight.known_by))


@kept(3)
def _registry(sight: Sight) -> Registry:
    return People(sight.ledger.engine).load(sight.known_by)
