"""Recorded changes as JSON: what the API, its stream and webhooks tell."""

from typing import Any

from whipcount.ledger.stream import Recorded
from whipcount.people import Identity


def change_json(change: Recorded) -> dict[str, Any]:
    """One change, with what was held before and after."""
    return {
        "number": change.number,
        "at": change.at.isoformat(),
        "endorser": _identity(change.endorser),
        "endorser_kind": change.endorser_kind.value,
        "endorsee": _identity(change.endorsee),
        "contest": change.contest.value,
        "contest_id": change.contest_id,
        "kind": change.kind,
        "old": change.old,
        "new": change.new,
        "cause": dict(change.cause),
    }


def _identity(one: Identity) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "provisional": one.provisional}
