"""From a name in an article to an identity in the ledger.

`by_name` is the whole of it for now: equal names are one, everything else is new and
provisional. A registry takes its place by being another `Resolve`.
"""

import hashlib
from dataclasses import dataclass
from typing import Protocol

from whipcount.article import Article, Kind
from whipcount.people.names import normal_name


@dataclass(frozen=True, slots=True)
class Identity:
    """A person, an organization, a group or a measure."""

    id: str
    name: str
    provisional: bool = True
    """Known by its name alone; nobody and no registry has confirmed it."""


class Resolve(Protocol):
    """Says whom a name in an article stands for; `kind` is None for endorsees."""

    def __call__(self, name: str, kind: Kind | None, article: Article) -> Identity:
        """The identity; the same name in the same article always gives the same."""
        ...


def by_name(name: str, kind: Kind | None = None, article: Article | None = None) -> Identity:
    """The provisional identity of everybody with this name: its id depends on the name alone."""
    del kind, article
    digest = hashlib.sha256(normal_name(name).encode()).hexdigest()
    return Identity(f"p_{digest[:16]}", name)
