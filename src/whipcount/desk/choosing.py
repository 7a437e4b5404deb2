"""Which contests there are to look at."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from whipcount.article import Contest
from whipcount.contests import Race
from whipcount.desk.sight import Sight, kept, look, races
from whipcount.ledger import Ledger
from whipcount.ledger.reads import Reads


@dataclass(frozen=True, slots=True)
class ContestChoice:
    """A contest to look at."""

    key: str
    """Its id; `current` and `past` stand for all contests of that kind, known or not."""
    name: str
    evidence: int
    """Pieces of evidence on it, counted or not."""
    latest: dt.date | None
    """The day of the latest article."""
    race: Race | None = None
    """What is known of the contest."""


NAMES = {"current": "All present contests", "past": "Past contests"}


def contests(ledger: Ledger, known_by: dt.datetime | None = None) -> list[ContestChoice]:
    """What can be looked at: each contest, the one decided last first, then all present and all past ones."""
    return list(_contests(look(ledger, "all", known_by)))


@kept(3)
def _contests(sight: Sight) -> tuple[ContestChoice, ...]:
    found = Reads(sight.ledger.engine).contests(sight.known_by)
    ordered = sorted(
        races(sight), key=lambda race: (race.election_day or dt.date.max, race.name), reverse=True
    )
    chosen = [ContestChoice(race.id, race.name, *found.get(race.id, (0, None)), race) for race in ordered]
    return (
        *chosen,
        *(ContestChoice(kind.value, NAMES[kind], *found[kind]) for kind in Contest if kind in found),
    )


def foremost(choices: Sequence[ContestChoice]) -> str:
    """The contest to show where none is asked for: that of the latest news, else all present ones."""
    known = [one for one in choices if one.race and one.latest]
    latest = max(known, key=lambda one: (one.latest or dt.date.min, one.evidence), default=None)
    return latest.key if latest else Contest.CURRENT.value
