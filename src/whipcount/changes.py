"""What moved, day by day: the history of every standing. Pure, and derived from the evidence alone.

Entry: `steps`. Replaying the steps until a day gives the standings as of that day.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from whipcount.article import Contest, Kind, Sourcing, Stand
from whipcount.ledger.evidence import Evidence
from whipcount.people import Identity
from whipcount.standing import Standing, standings, without_lapsed

_NEARNESS = {sourcing: place for place, sourcing in enumerate(Sourcing)}
Pair = tuple[str, str, Contest, str | None]
"""Whose standing: the ids of endorser and endorsee, the kind of contest, and the contest where it is known."""


class Move(StrEnum):
    """What kind of change it is."""

    FIRST = "first"
    """Nothing was known of the pair before."""
    SWITCH = "switch"
    """From one stand to another, or back to one after none."""
    WITHDRAWN = "withdrawn"
    """Support was taken back."""
    LAPSED = "lapsed"
    """"Has not endorsed anyone" ended, as the endorser came out for somebody."""
    CORRECTION = "correction"
    """A newer version of a page no longer says what the stand rested on."""


@dataclass(frozen=True, slots=True)
class Change:
    """The standing of a pair moved on a day."""

    day: dt.date
    endorser: Identity
    endorser_kind: Kind
    endorsee: Identity
    contest: Contest
    contest_id: str | None
    old: Stand | None
    new: Stand | None
    kind: Move
    evidence: tuple[Evidence, ...]
    """What moved it, the best first: what came that day, or what went."""

    @property
    def pair(self) -> Pair:
        """Whose standing it is."""
        return self.endorser.id, self.endorsee.id, self.contest, self.contest_id


def steps(evidence: Iterable[Evidence]) -> list[Change]:
    """Every change of every standing, the earliest first; the same whatever the order of the evidence.

    Evidence without any date moves nothing, as it counts on no day.
    """
    # Only "has not endorsed anyone" looks at other pairs, and at those of the same endorser alone.
    groups: defaultdict[tuple[str, Contest, str | None], list[Evidence]] = defaultdict(list)
    for one in evidence:
        if _days(one):
            groups[one.endorser.id, one.contest, one.contest_id].append(one)
    found = [change for group in groups.values() for change in _of_endorser(group)]
    return sorted(found, key=_order)


def held(changes: Iterable[Change], as_of: dt.date) -> dict[Pair, Stand]:
    """Who stood where on a day, by replaying the changes until then."""
    now: dict[Pair, Stand] = {}
    for change in changes:
        if change.day > as_of:
            continue
        if change.new is None:
            now.pop(change.pair, None)
        else:
            now[change.pair] = change.new
    return now


def _days(one: Evidence) -> list[dt.date]:
    """The days on which evidence begins and ceases to count; none where it never does."""
    if one.excluded or one.endorser_kind is Kind.VOTER or one.last_day is None:
        return []
    if one.until is None:
        return [one.last_day]
    return [one.last_day, one.until] if one.last_day < one.until else []


def _of_endorser(evidence: list[Evidence]) -> Iterator[Change]:
    """The changes of one endorser in one contest: each day only the pairs that it touches are counted anew."""
    pairs: defaultdict[str, list[Evidence]] = defaultdict(list)
    touched: defaultdict[dt.date, set[str]] = defaultdict(set)
    for one in evidence:
        pairs[one.endorsee.id].append(one)
        for day in _days(one):
            touched[day].add(one.endorsee.id)
    raw: dict[str, Standing] = {}
    shown: dict[str, Standing] = {}
    known: set[str] = set()
    for day in sorted(touched):
        for endorsee in touched[day]:
            raw.pop(endorsee, None)
            raw.update((endorsee, standing) for standing in standings(pairs[endorsee], day))
        now = {standing.endorsee.id: standing for standing in without_lapsed(list(raw.values()))}
        for endorsee in sorted(now.keys() | shown.keys()):
            old, new = shown.get(endorsee), now.get(endorsee)
            if (old and old.position) is not (new and new.position):
                yield _change(day, old, new, known, raw, pairs)
        shown = now
        known |= now.keys()


def _change(
    day: dt.date, old: Standing | None, new: Standing | None, known: set[str], raw: Mapping[str, Standing],
    pairs: Mapping[str, list[Evidence]],
) -> Change:  # fmt: skip
    shown = new or old
    assert shown is not None
    endorsee = shown.endorsee.id
    today = [one for one in pairs[endorsee] if day in _days(one)]
    gone = [one for one in today if one.until == day]
    saying = [one for one in today if one.until != day and new and one.position is new.position]
    others = [one for key, own in pairs.items() if key != endorsee for one in own if day in _days(one)]
    if new is None and endorsee in raw:
        kind, moved = Move.LAPSED, others
    elif gone and not saying:
        kind, moved = Move.CORRECTION, gone
    elif new is not None and new.position is Stand.WITHDRAWN:
        kind, moved = Move.WITHDRAWN, saying
    elif endorsee in known:
        kind, moved = Move.SWITCH, saying
    else:
        kind, moved = Move.FIRST, saying
    # An earlier copy of a report can move a stand that it does not itself bear out.
    moved = sorted(moved or today or others, key=lambda one: (_NEARNESS[one.sourcing], one.id))
    return Change(
        day, shown.endorser, shown.endorser_kind, shown.endorsee, shown.contest, shown.contest_id,
        old.position if old else None, new.position if new else None, kind, tuple(moved),
    )  # fmt: skip


def _order(change: Change) -> tuple[object, ...]:
    return (
        change.day,
        change.contest,
        change.contest_id or "",
        change.endorsee.name,
        change.endorsee.id,
        change.endorser.name,
        change.endorser.id,
    )
