"""Rosters as CSV and JSON."""

from collections.abc import Callable
from typing import Any

from whipcount.people.registry import Office
from whipcount.publish.csv import Columns
from whipcount.publish.json import standing_json
from whipcount.rosters import Watched
from whipcount.standing import Standing


def _office(value: Callable[[Office], str | None]) -> Callable[[Watched], str | None]:
    return lambda w: value(w.member.office) if w.member.office else None


def _standing(value: Callable[[Standing], Any]) -> Callable[[Watched], Any]:
    return lambda w: value(w.standing) if w.standing else None


WATCHED: Columns[Watched] = {
    "name": lambda w: w.member.name,
    "office": _office(lambda o: o.office),
    "state": _office(lambda o: o.state),
    "party": _office(lambda o: o.party),
    "standing": lambda w: w.state,
    "endorsee": _standing(lambda s: s.endorsee.name),
    "since": _standing(lambda s: s.since),
    "last_said": lambda w: w.last_said,
    "days": lambda w: w.days,
    "also": lambda w: [f"{s.position.value} {s.endorsee.name}" for s in w.others],
    "sourcing": _standing(lambda s: s.best.sourcing.value),
    "evidence": _standing(lambda s: s.best.quote.exact),
    "conditions": _standing(lambda s: s.conditions),
    "url": _standing(lambda s: s.best.article.url),
    "not_counted": lambda w: list(w.reasons),
    "id": lambda w: w.member.id,
}


def watched_json(one: Watched) -> dict[str, Any]:
    """Somebody on a roster, with the standings in full."""
    office = one.member.office
    return {
        "id": one.member.id,
        "name": one.member.name,
        "office": office.office if office else None,
        "state": office.state if office else None,
        "party": office.party if office else None,
        "standing": one.state,
        "last_said": one.last_said.isoformat() if one.last_said else None,
        "days": one.days,
        "not_counted": list(one.reasons),
        "standings": [standing_json(s) for s in ((one.standing, *one.others) if one.standing else ())],
    }
