"""The count of a contest and its holdouts, filtered and sorted."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from whipcount.article import ANY_CANDIDATE, Kind, Sourcing, Stand
from whipcount.changes import Change
from whipcount.desk.sight import Sight, counted, kept, loaded, look, moves, registry
from whipcount.desk.told import told
from whipcount.desk.watching import office_of, watched_on
from whipcount.ledger import Ledger
from whipcount.ledger.evidence import Evidence
from whipcount.people import Identity, normal_name
from whipcount.people.registry import Office
from whipcount.rosters import Roster, Watched
from whipcount.rules import AS_OF, Excluded, Rules, points
from whipcount.standing import Standing

E = TypeVar("E", bound=StrEnum)
FOR = frozenset({Stand.ENDORSED, Stand.SUPPORTS})
_DAY = dt.timedelta(days=1)


class By(StrEnum):
    """What the rows of a count are grouped by."""

    ENDORSEE = "endorsee"
    POSITION = "position"
    OFFICE = "office"
    PARTY = "party"
    STATE = "state"
    SOURCING = "sourcing"


class Sort(StrEnum):
    """What the rows of a count are ordered by."""

    POSITION = "position"
    NAME = "name"
    SINCE = "since"
    OFFICE = "office"
    STATE = "state"
    PARTY = "party"
    SOURCING = "sourcing"
    REPORTS = "reports"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which rows of a count are shown; what is empty leaves all."""

    positions: frozenset[Stand] = frozenset()
    sourcings: frozenset[Sourcing] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    office: str = ""
    party: str = ""
    state: str = ""
    endorsee: str = ""
    """An identity's id."""
    text: str = ""
    """Words that the name, the office or the sentence has in it."""

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Row:
    """One endorser of a count."""

    standing: Standing
    best: Evidence
    """The report to show."""
    office: Office | None = None
    """What they are, as of the day of the count."""
    reports: int = 1
    copies: int = 0
    """Further copies and relays."""
    told: str = ""
    """How it is known, in words."""
    points: float | None = None
    """What it weighs; None where the rules have no points."""

    def fits(self, filters: Filters) -> bool:
        """Whether the row is shown."""
        office = self.office
        return (
            (not filters.positions or self.standing.position in filters.positions)
            and (not filters.sourcings or self.best.sourcing in filters.sourcings)
            and (not filters.kinds or self.standing.endorser_kind in filters.kinds)
            and (not filters.office or (office.office if office else "") == filters.office)
            and (not filters.party or (office.party if office else "") == filters.party)
            and (not filters.state or (office.state if office else "") == filters.state)
            and (not filters.endorsee or self.standing.endorsee.id == filters.endorsee)
            and (not filters.text or self._says(filters.text))
        )

    def _says(self, text: str) -> bool:
        office = self.office.office if self.office else ""
        words = f"{self.standing.endorser.name} {office} {self.best.quote.exact}"
        return all(word in normal_name(words) for word in normal_name(text).split())


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that have something in common."""

    by: By
    key: str
    """An endorsee's id, or the value itself; empty where it is unknown."""
    name: str
    past: bool
    """Whether they are of a contest that is over."""
    rows: tuple[Row, ...]
    totals: Mapping[Stand, int]
    """Of the rows, by position; those with nobody are left out."""
    points: float | None = None
    """Of the rows together; None where the rules have no points."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the rows of a contest can be filtered by, each with how many it leaves."""

    positions: Mapping[Stand, int] = field(default_factory=dict)
    sourcings: Mapping[Sourcing, int] = field(default_factory=dict)
    kinds: Mapping[Kind, int] = field(default_factory=dict)
    offices: Mapping[str, int] = field(default_factory=dict)
    parties: Mapping[str, int] = field(default_factory=dict)
    states: Mapping[str, int] = field(default_factory=dict)
    endorsees: Mapping[Identity, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Count:
    """The count of a contest as of a day."""

    contest: str
    day: dt.date
    """The day it is counted on."""
    groups: tuple[Group, ...]
    shown: int
    """Rows that the filters left."""
    total: int
    choices: Choices
    recent: tuple[Change, ...]
    """What moved since yesterday."""
    last_move: dt.date | None
    """The latest day on which something moved."""
    rules: tuple[Rules, ...]
    excluded: tuple[Excluded, ...]
    """What does not count by the rules, each with the reason; what was not there yet is left out."""
    watched: tuple[Watched, ...] = ()
    """Everybody on the roster, where one is asked for."""

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """All rows in their order."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def standings(self) -> list[Standing]:
        """The standings of all rows, for a download."""
        return [row.standing for row in self.rows]


@dataclass(frozen=True, slots=True)
class Series:
    """How a number went, day by day."""

    key: str
    """A position, or an endorsee's id."""
    name: str
    points: tuple[tuple[dt.date, int], ...]
    """The days on which it changed, with its value from then on; the last is the day of the count."""


def count(
    ledger: Ledger,
    contest: str = "current",
    *,
    as_of: dt.date | None = None,
    known_by: dt.datetime | None = None,
    rules: Sequence[str] = (),
    filters: Filters = Filters(),
    roster: Roster | None = None,
    by: By = By.ENDORSEE,
    sort: Sort = Sort.POSITION,
    backwards: bool = False,
    today: dt.date | None = None,
    review_below: float = 0.0,
) -> Count:
    """Who stands where in a contest: a contest's id, or `current`, `past` or `all`."""
    sight = look(ledger, contest, known_by, rules)
    day = as_of or today or dt.datetime.now(dt.UTC).date()
    everybody = _rows(sight, as_of, day, review_below)
    watched = watched_on(sight, roster, day, as_of, review_below) if roster else ()
    if roster:
        ids = {key for one in watched for key in one.member.ids}
        everybody = tuple(row for row in everybody if row.standing.endorser.id in ids)
    shown = [row for row in everybody if row.fits(filters)]
    grouped: defaultdict[tuple[bool, str, str], list[Row]] = defaultdict(list)
    for row in shown:
        grouped[row.standing.contest == "past", *_group(row, by)].append(row)
    groups = [
        Group(
            by,
            key,
            name,
            past,
            tuple(_sorted(rows, sort, backwards=backwards)),
            _totals(row.standing.position for row in rows),
            _sum(row.points for row in rows),
        )
        for (past, key, name), rows in grouped.items()
    ]
    changes = [change for change in moves(sight) if change.day <= day]
    return Count(
        contest,
        day,
        tuple(sorted(groups, key=_group_order)),
        len(shown),
        len(everybody),
        _choices(everybody),
        tuple(change for change in reversed(changes) if change.day >= day - _DAY),
        changes[-1].day if changes else None,
        loaded(sight.rules),
        tuple(one for one in counted(sight, as_of, review_below).excluded if one.rules != AS_OF),
        watched,
    )


def over_time(
    ledger: Ledger,
    contest: str = "current",
    *,
    as_of: dt.date | None = None,
    known_by: dt.datetime | None = None,
    rules: Sequence[str] = (),
    endorsee: str = "",
    today: dt.date | None = None,
) -> tuple[Series, ...]:
    """How many hold each position on an endorsee; without one, how many back each endorsee, the most backed first."""
    day = as_of or today or dt.datetime.now(dt.UTC).date()
    return _over_time(look(ledger, contest, known_by, rules), day, endorsee)


@kept(24)
def _over_time(sight: Sight, day: dt.date, endorsee: str) -> tuple[Series, ...]:
    names: dict[str, str] = {}
    points: defaultdict[str, dict[dt.date, int]] = defaultdict(dict)
    totals: Counter[str] = Counter()
    for change in moves(sight):
        if change.day > day or (endorsee and change.endorsee.id != endorsee):
            continue
        for stand, step in ((change.old, -1), (change.new, 1)):
            if stand is None or not (endorsee or stand in FOR):
                continue
            key, name = (stand.value, stand.value) if endorsee else (change.endorsee.id, change.endorsee.name)
            names[key] = name
            totals[key] += step
            points[key][change.day] = totals[key]
    for own in points.values():
        own[day] = own[max(own)]
    found = [Series(key, names[key], tuple(sorted(own.items()))) for key, own in points.items()]
    order = [stand.value for stand in Stand]
    return tuple(sorted(found, key=lambda s: order.index(s.key) if endorsee else (-s.points[-1][1], s.name)))


@kept(24)
def _rows(sight: Sight, as_of: dt.date | None, day: dt.date, review_below: float) -> tuple[Row, ...]:
    known = registry(sight)
    by = loaded(sight.rules)
    return tuple(
        Row(
            one,
            one.best,
            office_of(known, one.endorser.id, day),
            one.independent_reports,
            one.copies + one.relays,
            told(one.best),
            points(by, one, known),
        )
        for one in counted(sight, as_of, review_below).standings
    )


def _sum(given: Iterable[float | None]) -> float | None:
    known = [one for one in given if one is not None]
    return sum(known) if known else None


def _totals(positions: Iterable[Stand]) -> dict[Stand, int]:
    counts = Counter(positions)
    return {stand: counts[stand] for stand in Stand if counts[stand]}


def _choices(rows: Sequence[Row]) -> Choices:
    endorsees = Counter(row.standing.endorsee for row in rows)
    offices = [row.office for row in rows if row.office]
    return Choices(
        _totals(row.standing.position for row in rows),
        _in_order(Sourcing, Counter(row.best.sourcing for row in rows)),
        _in_order(Kind, Counter(row.standing.endorser_kind for row in rows)),
        dict(sorted(Counter(office.office for office in offices).items())),
        dict(sorted(Counter(office.party for office in offices if office.party).items())),
        dict(sorted(Counter(office.state for office in offices if office.state).items())),
        dict(sorted(endorsees.items(), key=lambda item: (-item[1], item[0].name))),
    )


def _in_order(kinds: type[E], counts: Mapping[E, int]) -> dict[E, int]:
    return {kind: counts[kind] for kind in kinds if counts.get(kind)}


def _group(row: Row, by: By) -> tuple[str, str]:
    """The key and the name of a row's group."""
    match by:
        case By.ENDORSEE:
            return row.standing.endorsee.id, row.standing.endorsee.name
        case By.POSITION:
            return row.standing.position.value, row.standing.position.value
        case By.SOURCING:
            return row.best.sourcing.value, row.best.sourcing.value
        case _:
            value = getattr(row.office, by.value, None) or ""
            return value, value


def _group_order(group: Group) -> tuple[bool, bool, int, str]:
    """Those that are over and those without a name last; the largest first, positions in their own order."""
    last = not group.key or normal_name(group.name) == normal_name(ANY_CANDIDATE)
    places = {By.POSITION: [*Stand], By.SOURCING: [*Sourcing]}.get(group.by)
    return group.past, last, places.index(group.key) if places else -len(group.rows), group.name


_STANDS = {stand: place for place, stand in enumerate(Stand)}
_SOURCINGS = {sourcing: place for place, sourcing in enumerate(Sourcing)}


def _sorted(rows: list[Row], sort: Sort, *, backwards: bool) -> list[Row]:
    """In the wanted order; what has no value for it comes last whichever way."""

    def value(row: Row) -> str | float | dt.date | None:
        match sort:
            case Sort.POSITION:
                return _STANDS[row.standing.position]
            case Sort.NAME:
                return row.standing.endorser.name.casefold()
            case Sort.SINCE:
                return row.standing.since
            case Sort.SOURCING:
                return _SOURCINGS[row.best.sourcing]
            case Sort.POINTS:
                return row.points
            case Sort.REPORTS:
                return row.reports + row.copies
            case _:
                return getattr(row.office, sort.value, None)

    by_name = sorted(rows, key=lambda row: row.standing.endorser.name.casefold())
    known = [(one, row) for row in by_name if (one := value(row)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=backwards)
    placed = {id(row) for _, row in known}
    return [row for _, row in known] + [row for row in by_name if id(row) not in placed]
