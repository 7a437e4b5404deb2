"""Listings as CSV; a cell that a spreadsheet would take for a formula is disarmed."""

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import IO, Any, TypeVar

from whipcount.ledger.evidence import Evidence
from whipcount.people.registry import Office, Registry, office_on
from whipcount.standing import Holdout, Standing

T = TypeVar("T")
Columns = Mapping[str, Callable[[T], Any]]
"""The columns of a listing in order: a name, and what to take of an item."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BETWEEN = " | "

EVIDENCE: Columns[Evidence] = {
    "date": lambda e: e.day,
    "endorser": lambda e: e.endorser.name,
    "endorser_kind": lambda e: e.endorser_kind.value,
    "endorsee": lambda e: e.endorsee.name,
    "contest": lambda e: e.contest.value,
    "contest_id": lambda e: e.contest_id,
    "position": lambda e: e.position.value,
    "sourcing": lambda e: e.sourcing.value,
    "via": lambda e: e.via,
    "evidence": lambda e: e.quote.exact,
    "conditions": lambda e: [quote.exact for quote in e.conditions],
    "confidence": lambda e: f"{e.sure:.2f}",
    "excluded": lambda e: e.excluded,
    "outlet": lambda e: e.article.outlet,
    "original_outlet": lambda e: e.article.original_outlet,
    "published": lambda e: e.article.published,
    "title": lambda e: e.article.title,
    "url": lambda e: e.article.url,
    "story": lambda e: e.article.story,
    "id": lambda e: e.id,
}
STANDING: Columns[Standing] = {
    "endorser": lambda s: s.endorser.name,
    "endorser_kind": lambda s: s.endorser_kind.value,
    "endorsee": lambda s: s.endorsee.name,
    "contest": lambda s: s.contest.value,
    "contest_id": lambda s: s.contest_id,
    "position": lambda s: s.position.value,
    "since": lambda s: s.since,
    "last_said": lambda s: s.last_said,
    "sourcing": lambda s: s.best.sourcing.value,
    "via": lambda s: s.best.via,
    "evidence": lambda s: s.best.quote.exact,
    "conditions": lambda s: s.conditions,
    "independent_reports": lambda s: s.independent_reports,
    "relays": lambda s: s.relays,
    "copies": lambda s: s.copies,
    "confidence": lambda s: f"{s.confidence:.2f}",
    "to_review": lambda s: "yes" if s.to_review else "no",
    "disputed": lambda s: s.disputed,
    "outlet": lambda s: s.best.article.outlet,
    "url": lambda s: s.best.article.url,
}


def _of_standing(value: Callable[[Standing], Any]) -> Callable[[Holdout], Any]:
    return lambda holdout: value(holdout.standing)


HOLDOUT: Columns[Holdout] = {
    "days": lambda h: h.days,
    **{name: _of_standing(value) for name, value in STANDING.items()},
}


def tracker(registry: Registry) -> Columns[Standing]:
    """The columns of the known endorsement trackers, then ours.

    Office, city, state and party are those that the registry has for the day on which the stand began; empty where
    the day, the endorser or the office is unknown.
    """

    def then(value: Callable[[Office], str | None]) -> Callable[[Standing], str | None]:
        def of(standing: Standing) -> str | None:
            entry = registry.entries.get(standing.endorser.id)
            office = office_on(entry, standing.since) if entry and standing.since else None
            return value(office) if office else None

        return of

    return {
        "date": lambda s: s.since,
        # What the known trackers call position is the endorser's office.
        "position": then(lambda office: office.office),
        "city": then(lambda office: office.city),
        "state": then(lambda office: office.state),
        "endorser": lambda s: s.endorser.name,
        "endorsee": lambda s: s.endorsee.name,
        "endorser party": then(lambda office: office.party),
        "source": lambda s: s.best.article.source,
        "standing": lambda s: s.position.value,
        "sourcing": lambda s: s.best.sourcing.value,
        "via": lambda s: s.best.via,
        "evidence": lambda s: s.best.quote.exact,
        "conditions": lambda s: s.conditions,
        "confidence": lambda s: f"{s.confidence:.2f}",
        "article url": lambda s: s.best.article.url,
    }


TRACKER = tracker(Registry())
"""The same of a ledger without a registry."""


def write_csv(items: Iterable[T], columns: Columns[T], file: IO[str]) -> None:
    """Write a listing with its header."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for item in items:
        writer.writerow([cell(value(item)) for value in columns.values()])


def cell(value: Any) -> str:
    """A value as the text of a cell: on one line, and never a formula."""
    match value:
        case None:
            text = ""
        case dt.datetime():
            text = value.isoformat(timespec="seconds")
        case dt.date():
            text = value.isoformat()
        case list() | tuple():
            text = _BETWEEN.join(" ".join(part.split()) for part in value)
        case str():
            text = " ".join(value.split())
        case _:
            return str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
