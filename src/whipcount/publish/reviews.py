"""The queue, conflicts, decisions and figures of a review, as rows and as JSON."""

import dataclasses
from typing import Any

from whipcount.agreement import Agreement, Calibration, Precision
from whipcount.conflicts import Conflict
from whipcount.ledger.events import Event
from whipcount.publish.csv import Columns
from whipcount.publish.json import evidence_json
from whipcount.review import Item

ITEM: Columns[Item] = {
    "kind": lambda i: i.kind.value,
    "subject": lambda i: i.subject,
    "title": lambda i: i.title,
    "why": lambda i: i.why,
    "weight": lambda i: f"{i.weight:.4f}",
    "seen": lambda i: i.seen,
    "sentence": lambda i: i.evidence.quote.exact if i.evidence else None,
    "outlet": lambda i: i.evidence.article.outlet if i.evidence else None,
    "date": lambda i: i.evidence.day if i.evidence else None,
    "url": lambda i: i.evidence.article.url if i.evidence else None,
}
EVENT: Columns[Event] = {
    "number": lambda e: e.number,
    "at": lambda e: e.at,
    "by": lambda e: e.by,
    "action": lambda e: e.action.value,
    "subject": lambda e: e.subject,
    "data": lambda e: [f"{name}: {value}" for name, value in e.data.items()],
    "undoes": lambda e: e.undoes,
}
CONFLICT: Columns[Conflict] = {
    "kind": lambda c: c.kind.value,
    "text": lambda c: c.text,
    "rule": lambda c: c.rule,
    "winner": lambda c: c.winner.id,
    "losers": lambda c: [one.id for one in c.losers],
    "against": lambda c: [one.id for one in c.against],
}


def item_json(item: Item) -> dict[str, Any]:
    """A question of the queue with the evidence that it is about."""
    return {
        "kind": item.kind.value,
        "subject": item.subject,
        "title": item.title,
        "why": list(item.why),
        "weight": round(item.weight, 6),
        "seen": item.seen,
        "evidence": evidence_json(item.evidence) if item.evidence else None,
        "others": [one.id for one in item.others],
        "event": event_json(item.event) if item.event else None,
        "choices": [dataclasses.asdict(choice) for choice in item.choices],
    }


def event_json(event: Event) -> dict[str, Any]:
    """A decision as the ledger keeps it."""
    return {
        "number": event.number,
        "at": event.at.isoformat(),
        "by": event.by,
        "action": event.action.value,
        "subject": event.subject,
        "data": dict(event.data),
        "undoes": event.undoes,
    }


def conflict_json(conflict: Conflict) -> dict[str, Any]:
    """A conflict with the evidence in it."""
    return {
        "kind": conflict.kind.value,
        "text": conflict.text,
        "rule": conflict.rule,
        "winner": evidence_json(conflict.winner),
        "losers": [evidence_json(one) for one in conflict.losers],
        "against": [one.id for one in conflict.against],
    }


def figure_json(figure: Agreement | Precision | Calibration) -> dict[str, Any]:
    """A line of figures; `figure` says which of the three it is."""
    match figure:
        case Agreement():
            values = {
                "figure": "agreement",
                "field": figure.field,
                "evidence": figure.evidence,
                "equal": figure.equal,
                "alpha": figure.alpha,
            }
        case Precision():
            values = {
                "figure": "precision",
                "by": figure.by,
                "value": figure.value,
                "reviewed": figure.reviewed,
                "right": figure.right,
                "share": figure.share,
                "low": figure.low,
                "high": figure.high,
            }
        case Calibration():
            values = {
                "figure": "calibration",
                "band": figure.band,
                "reviewed": figure.reviewed,
                "confidence": figure.confidence,
                "share": figure.share,
                "shown": figure.shown,
            }
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}
