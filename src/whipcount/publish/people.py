"""People and organizations of the registry, and names asked of it, as rows and as JSON."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from whipcount.people.identity import Resolution
from whipcount.people.registry import Entry, Term, office_on
from whipcount.publish.csv import Columns

CROSSWALK = ("bioguide", "wikidata", "fec", "icpsr", "govtrack")


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry as it was on a day; without one, as it was last."""

    entry: Entry
    day: dt.date | None

    def of(self, field: str) -> str | None:
        """A field of the office held."""
        office = office_on(self.entry, self.day)
        return None if office is None else getattr(office, field)

    def ids(self, scheme: str) -> list[str]:
        """The ids that others give, of one kind."""
        return [one.value for one in self.entry.ids if one.scheme == scheme]


def _of(field: str) -> Any:
    return lambda one: one.of(field)


def _ids(scheme: str) -> Any:
    return lambda one: one.ids(scheme)


PEOPLE: Columns[Listed] = {
    "id": lambda one: one.entry.id,
    "name": lambda one: one.entry.name,
    "kind": lambda one: one.entry.kind.value,
    **{field: _of(field) for field in ("office", "chamber", "state", "city", "district", "party")},
    **{scheme: _ids(scheme) for scheme in CROSSWALK},
}


def listed_json(one: Listed) -> dict[str, Any]:
    """The fields of the CSV, lists as lists."""
    return {name: value(one) for name, value in PEOPLE.items()}


def entry_json(entry: Entry) -> dict[str, Any]:
    """All that the registry has of an entry."""
    return {
        "id": entry.id,
        "name": entry.name,
        "kind": entry.kind.value,
        "born": entry.born and entry.born.isoformat(),
        "names": [{key: value for key, value in asdict(name).items() if value} for name in entry.names],
        "ids": {scheme: [x.value for x in entry.ids if x.scheme == scheme] for scheme in dict.fromkeys(x.scheme for x in entry.ids)},
        "terms": [_term(term) for term in entry.terms],
    }  # fmt: skip


def _term(term: Term) -> Mapping[str, Any]:
    own = asdict(term) | {
        "start": term.start and term.start.isoformat(),
        "end": term.end and term.end.isoformat(),
    }
    return own | {"division": term.division}


@dataclass(frozen=True, slots=True)
class Answer:
    """A name that was asked of the registry, where, and what it said."""

    article: str
    name: str
    resolution: Resolution
    evidence: str = ""
    role: str = ""
    """endorser or endorsee, for a piece of evidence's"""


ANSWER: Columns[Answer] = {
    "article": lambda a: a.article,
    "evidence": lambda a: a.evidence,
    "role": lambda a: a.role,
    "name": lambda a: a.name,
    "outcome": lambda a: a.resolution.outcome.value,
    "id": lambda a: a.resolution.identity.id,
    "is": lambda a: None if a.resolution.identity.provisional else a.resolution.identity.name,
    "alternatives": lambda a: [f"{x.entry.name} ({x.score:.2f})" for x in a.resolution.alternatives],
    "why": lambda a: a.resolution.why,
}


def answer_json(answer: Answer) -> dict[str, Any]:
    """An answer with all alternatives and their reasons."""
    found = {name: value(answer) for name, value in ANSWER.items()}
    return found | {
        "alternatives": [
            {
                "id": one.entry.id,
                "name": one.entry.name,
                "score": one.score,
                "reasons": [{"points": r.points, "words": r.words} for r in one.reasons],
            }
            for one in answer.resolution.alternatives
        ]
    }
