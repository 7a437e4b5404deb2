"""Whom a name stands for: the types, and resolving by the name alone.

Nothing here reads an article or needs a registry, so that a listing loads neither's machinery.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from whipcount.article import Article, Kind, Reading
from whipcount.people.names import normal_name
from whipcount.people.registry import Entry


@dataclass(frozen=True, slots=True)
class Reason:
    """Points for or against, and why."""

    points: float
    words: str


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
        return told(self.reasons)


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


def told(reasons: Iterable[Reason]) -> str:
    """Reasons in words, those that count."""
    return "; ".join(f"{r.words} ({r.points:+g})" for r in reasons if r.points)
