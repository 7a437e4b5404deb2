"""Contests as CSV and JSON."""

from typing import Any

from whipcount.contests import Candidacy, Race
from whipcount.publish.csv import Columns

CONTEST: Columns[Race] = {
    "id": lambda r: r.id,
    "name": lambda r: r.name,
    "kind": lambda r: r.kind.value,
    "office": lambda r: r.office,
    "jurisdiction": lambda r: r.jurisdiction,
    "stage": lambda r: r.stage.value if r.stage else None,
    "opens": lambda r: r.opens,
    "election_day": lambda r: r.election_day,
    "candidates": lambda r: [one.name for one in r.candidacies],
}
CANDIDACY: Columns[Candidacy] = {
    "id": lambda c: c.identity_id,
    "name": lambda c: c.name,
    "party": lambda c: c.party,
    "entered": lambda c: c.entered,
    "left": lambda c: c.left,
}


def contest_json(race: Race) -> dict[str, Any]:
    """A contest with its candidates."""
    shown = {name: value(race) for name, value in CONTEST.items()}
    for name in ("opens", "election_day"):
        shown[name] = shown[name] and shown[name].isoformat()
    return {**shown, "candidates": [candidacy_json(one) for one in race.candidacies]}


def candidacy_json(one: Candidacy) -> dict[str, Any]:
    """Who stands in a contest."""
    return {
        "id": one.identity_id,
        "name": one.name,
        "party": one.party,
        "entered": one.entered and one.entered.isoformat(),
        "left": one.left and one.left.isoformat(),
    }
