"""Which contests there are to look at."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from whipcount.article import Contest
from whipcount.desk.sight import evidence, look
from whipcount.ledger import Ledger


@dataclass(frozen=True, slots=True)
class ContestChoice:
    """A contest to look at."""

    key: str
    """Its id; `current` and `past` stand for all contests of that kind, known or not."""
    name: str
    evidence: int
    """Pieces of evidence on it."""
    latest: dt.date | None
    """The day of the latest."""


NAMES = {"current": "All present contests", "past": "Past contests"}


def contests(ledger: Ledger, known_by: dt.datetime | None = None) -> list[ContestChoice]:
    """The contests on which there is evidence."""
    days: defaultdict[str, list[dt.date | None]] = defaultdict(list)
    for one in evidence(look(ledger, "all", known_by)):
        days[one.contest].append(one.last_day)
    return [
        ContestChoice(kind, NAMES[kind], len(days[kind]), max(filter(None, days[kind]), default=None))
        for kind in Contest
        if days[kind]
    ]
