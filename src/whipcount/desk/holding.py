"""The holdouts of a contest: who has not come out, what they ask for, and who moved meanwhile."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from whipcount.article import Stand
from whipcount.changes import Change
from whipcount.desk.counting import FOR
from whipcount.desk.sight import counted, loaded, look, moves, registry
from whipcount.desk.told import told
from whipcount.desk.watching import office_of, watched_on
from whipcount.ledger import Ledger
from whipcount.ledger.evidence import Evidence
from whipcount.ledger.reads import Reads
from whipcount.people import Identity, normal_name
from whipcount.people.registry import Office, Registry
from whipcount.rosters import Roster
from whipcount.rules import points
from whipcount.standing import Report, Standing
from whipcount.standing import holdouts as held_out


@dataclass(frozen=True, slots=True)
class Ask:
    """What a holdout asks for, in their own words."""

    words: str
    evidence: Evidence
    told: str


@dataclass(frozen=True, slots=True)
class HoldoutRow:
    """Who has not come out."""

    standing: Standing
    days: int | None
    office: Office | None
    asks: tuple[Ask, ...]
    best: Evidence
    told: str
    last_move: Change | None
    """The last change of their stand; None where it never changed."""
    moved: tuple[Standing, ...]
    """Who came out for the same endorsee while this one held out, the latest first; of the roster, where one is asked for."""
    weight: float | None = None
    """What their endorsement would weigh; None where that is unknown."""


@dataclass(frozen=True, slots=True)
class Holdouts:
    """All holdouts of a contest."""

    day: dt.date
    rows: tuple[HoldoutRow, ...]
    endorsees: Mapping[Identity, int]


def holdouts(
    ledger: Ledger,
    contest: str = "current",
    *,
    as_of: dt.date | None = None,
    known_by: dt.datetime | None = None,
    rules: Sequence[str] = (),
    endorsee: str = "",
    roster: Roster | None = None,
    today: dt.date | None = None,
    review_below: float = 0.0,
) -> Holdouts:
    """Who is withholding or expected in a contest, the weightiest first, then the longest."""
    sight = look(ledger, contest, known_by, rules)
    day = as_of or today or dt.datetime.now(dt.UTC).date()
    found = counted(sight, as_of, review_below).standings
    if roster:
        watched = watched_on(sight, roster, day, as_of, review_below)
        ids = {key for one in watched for key in one.member.ids}
        found = tuple(one for one in found if one.endorser.id in ids)
    held = held_out(found, day)
    last = {change.pair: change for change in moves(sight) if change.day <= day and change.old is not None}
    chosen = [one for one in held if not endorsee or one.standing.endorsee.id == endorsee]
    cited = {report.evidence.id for one in chosen for report in one.standing.reports}
    said = Reads(ledger.engine).said(cited | {one.standing.best.id for one in chosen})
    known = registry(sight)
    came_out = _came_out(found)
    rows = []
    for one in chosen:
        own = one.standing
        key = (own.endorser.id, own.endorsee.id, own.contest, own.contest_id)
        rows.append(
            HoldoutRow(
                own,
                one.days,
                office_of(known, own.endorser.id, day),
                tuple(Ask(words, e, told(e, said.get(e.id))) for words, e in _asks(own.reports)),
                own.best,
                told(own.best, said.get(own.best.id)),
                last.get(key),
                tuple(
                    other
                    for other in came_out[own.endorsee.id]
                    if own.since is None or (other.since and other.since >= own.since)
                ),
                _weight(known, own, day),
            )
        )
    rows.sort(key=lambda row: (-(row.weight or 0), row.days is None, -(row.days or 0)))
    endorsees = Counter(one.standing.endorsee for one in held)
    return Holdouts(day, tuple(rows), dict(endorsees))


def _weight(known: Registry, held: Standing, day: dt.date) -> float | None:
    """What an endorsement by them would weigh on that day by the points of the house; None for those of no office."""
    if held.endorser.id not in known.entries:
        return None
    return points(loaded(("points",)), replace(held, position=Stand.ENDORSED, since=day), known)


def _came_out(found: Iterable[Standing]) -> defaultdict[str, list[Standing]]:
    by_endorsee: defaultdict[str, list[Standing]] = defaultdict(list)
    for one in found:
        if one.position in FOR:
            by_endorsee[one.endorsee.id].append(one)
    for own in by_endorsee.values():
        own.sort(key=lambda s: (s.since or dt.date.min, s.endorser.name), reverse=True)
    return by_endorsee


def _asks(reports: Sequence[Report]) -> list[tuple[str, Evidence]]:
    """What is asked for, each once, with the earliest report that says so."""
    found: dict[str, tuple[str, Evidence]] = {}
    for report in reversed(reports):
        for quote in report.evidence.conditions:
            words = " ".join(quote.exact.split())
            found.setdefault(normal_name(words), (words, report.evidence))
    return list(found.values())
