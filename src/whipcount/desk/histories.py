"""One person's or body's whole history, and what moved in a contest day by day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from whipcount.changes import Change, Pair, steps
from whipcount.desk.sight import look, moves, registry
from whipcount.desk.told import told
from whipcount.errors import LedgerError
from whipcount.ledger import Ledger
from whipcount.ledger.events import Event, in_force
from whipcount.ledger.evidence import Evidence
from whipcount.ledger.reads import Reads
from whipcount.ledger.reviews import Reviews
from whipcount.people import Identity
from whipcount.people.registry import Entry, Office, office_on
from whipcount.standing import Report, Standing, in_history, reports, standings


@dataclass(frozen=True, slots=True)
class Told:
    """One report in a history."""

    report: Report
    told: str
    """How it is known, in words."""
    moved: Change | None
    """What it changed; None where it only bore out what was so."""
    reviews: tuple[Event, ...]
    """What readers decided on it and its copies, the earliest first; what was undone is left out."""

    @property
    def evidence(self) -> Evidence:
        """The copy to cite."""
        return self.report.evidence


@dataclass(frozen=True, slots=True)
class History:
    """All that the ledger holds on one identity."""

    identity: Identity
    entry: Entry | None
    """What the registry knows of them."""
    office: Office | None
    stands: tuple[Standing, ...]
    """Where they stand now, as endorsers."""
    backed_by: tuple[Standing, ...]
    """Who stands where on them, as endorsees."""
    timeline: tuple[Told, ...]
    """Their own positions, the latest first; those without a date last."""


@dataclass(frozen=True, slots=True)
class DayOfChanges:
    """What moved on one day."""

    day: dt.date
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved in a contest."""

    days: tuple[DayOfChanges, ...]
    """The latest first."""
    earlier: dt.date | None
    """The latest day before those on which something moved; None where there is none."""
    total: int
    """All changes of the contest."""


def endorser(
    ledger: Ledger, identity: str, *, as_of: dt.date | None = None, known_by: dt.datetime | None = None
) -> History:
    """The history of the identity with this id, under whichever id it goes on; `LedgerError` where there is none."""
    decided = ledger.decided(known_by)
    own = decided.joined.get(identity, identity)
    reads = Reads(ledger.engine)
    plain = reads.identity(own)
    if plain is None:
        raise LedgerError(f"the ledger knows nobody with the id {identity}")
    found = ledger.evidence(about=[own], known_by=known_by)
    theirs = [one for one in found if one.endorser.id == own]
    of_them = [one for one in found if one.endorsee.id == own]
    names = [one.endorser for one in theirs] or [one.endorsee for one in of_them] or [plain]
    entry = registry(look(ledger, "", known_by)).entries.get(own)
    shown = in_history(theirs, as_of)
    # What does not count yet is told apart from what bears the stand out.
    told_of = [*reports(one for one in shown if not one.waits), *reports(one for one in shown if one.waits)]
    said = reads.said([report.evidence.id for report in told_of])
    events = _events(ledger, shown, known_by)
    moved = {(e.id, change.pair): change for change in steps(theirs) for e in change.evidence}
    return History(
        names[0],
        entry,
        office_on(entry, as_of or dt.datetime.now(dt.UTC).date()) if entry else None,
        tuple(standings(theirs, as_of)),
        tuple(standings(of_them, as_of)),
        tuple(
            Told(
                report,
                told(report.evidence, said.get(report.evidence.id)),
                next((moved[key] for key in map(_key, report.all) if key in moved), None),
                tuple(event for one in report.all for event in events[one.id]),
            )
            for report in sorted(told_of, key=_latest_first)
        ),
    )


def changes(
    ledger: Ledger,
    contest: str = "current",
    *,
    days: int = 30,
    until: dt.date | None = None,
    known_by: dt.datetime | None = None,
    rules: Sequence[str] = (),
    endorsee: str = "",
) -> Moved:
    """The last days on which something moved, until a day."""
    found = [
        one
        for one in moves(look(ledger, contest, known_by, rules))
        if not endorsee or one.endorsee.id == endorsee
    ]
    until = until or dt.datetime.now(dt.UTC).date()
    by_day = [
        DayOfChanges(day, tuple(group))
        for day, group in groupby(
            (one for one in reversed(found) if one.day <= until), key=lambda one: one.day
        )
    ]
    earlier = by_day[days].day if len(by_day) > days else None
    return Moved(tuple(by_day[:days]), earlier, len(found))


def _key(evidence: Evidence) -> tuple[str, Pair]:
    return evidence.id, (evidence.endorser.id, evidence.endorsee.id, evidence.contest, evidence.contest_id)


def _latest_first(report: Report) -> tuple[bool, int, str]:
    day = report.day
    return day is None, -(day.toordinal() if day else 0), report.evidence.id


def _events(
    ledger: Ledger, evidence: Iterable[Evidence], known_by: dt.datetime | None
) -> defaultdict[str, list[Event]]:
    reviewed = {one.id for one in evidence if one.verdict or one.set_aside or one.by_hand}
    found: defaultdict[str, list[Event]] = defaultdict(list)
    if not reviewed:
        return found
    reviews = Reviews(ledger.engine)
    events = [event for one in sorted(reviewed) for event in reviews.events(one)]
    for event in in_force([event for event in events if known_by is None or event.at <= known_by]):
        found[event.subject].append(event)
    return found
