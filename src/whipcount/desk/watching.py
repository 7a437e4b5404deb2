"""What the count and the holdouts both ask: offices on a day, and where everybody on a roster stands."""

import datetime as dt

from whipcount.desk.sight import Sight, counted, registry
from whipcount.people.registry import Office, Registry, office_on
from whipcount.rosters import Roster, Watched, members, watch


def watched_on(
    sight: Sight, roster: Roster, day: dt.date, as_of: dt.date | None, review_below: float
) -> tuple[Watched, ...]:
    """Everybody on a roster as of a day."""
    joined = sight.ledger.decided(sight.known_by).joined
    on_it = members(roster, registry(sight), day, joined)
    return tuple(watch(on_it, counted(sight, as_of, review_below), day))


def office_of(known: Registry, identity: str, day: dt.date) -> Office | None:
    """What somebody was on a day, as the registry has it."""
    entry = known.entries.get(identity)
    return office_on(entry, day) if entry else None
