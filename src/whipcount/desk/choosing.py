"""Which contests there are to look at."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from whipcount.article import Contest
from whipcount.contests import Race
from whipcount.desk.sight import Sight, evidence, kept, look, races
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
    race: Race | None = None
    """What is known of the contest."""


NAMES = {"current": "All present contests", "past": "Past contests"}


def contests(ledger: Ledger, known_by: dt.datetime | None = None) -> list[ContestChoice]:
    """What can be looked at: each contest, the one decided last first, then all present and all past ones."""
    return list(_contests(look(ledger, "all", known_by)))


@kept(3)
def _contests(sight: Sight) -> tuple[ContestChoice, ...]:
    days: defaultdict[str, list[dt.date | None]] = defaultdict(list)
    for one in evidence(sight):
        days[one.contest].append(one.last_day)
        if one.contest_id:
            days[one.contest_id].append(one.last_day)
    ordered = sorted(
        races(sight), key=lambda race: (race.election_day or dt.date.max, race.name), reverse=True
    )
    found = [_choice(race.id, race.name, days[race.id], race) for race in ordered]
    return (*found, *(_choice(kind.value, NAMES[kind], days[kind], None) for kind in Contest if days[kind]))


def _choice(key: str, name: str, days: list[dt.date | None], race: Race | None) -> ContestChoice:
    return ContestChoice(key, name, len(days), max(filter(None, days), default=None), race)


def foremost(choices: Sequence[ContestChoice]) -> str:
    """The contest to show where none is asked for: that of the latest news, else all present ones."""
    known = [one for one in choices if one.race and one.latest]
    latest = max(known, key=lambda one: (one.latest or dt.date.min, one.evidence), default=None)
    return latest.key if latest else Contest.CURRENT.value
