"""What does not count, and why, as CSV and JSON; and standings with their points."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from whipcount.ledger.evidence import Evidence
from whipcount.publish.csv import STANDING, Columns
from whipcount.rules import Excluded
from whipcount.standing import Standing

Weigh = Callable[[Standing], float | None]


def _cited(out: Excluded) -> Evidence:
    return out.what if isinstance(out.what, Evidence) else out.what.best


def _date(out: Excluded) -> dt.date | None:
    return out.what.day if isinstance(out.what, Evidence) else out.what.since


EXCLUDED: Columns[Excluded] = {
    "rules": lambda x: x.rules,
    "reason": lambda x: x.reason,
    "what": lambda x: "report" if isinstance(x.what, Evidence) else "standing",
    "endorser": lambda x: x.what.endorser.name,
    "endorsee": lambda x: x.what.endorsee.name,
    "contest": lambda x: x.what.contest.value,
    "contest_id": lambda x: x.what.contest_id,
    "position": lambda x: x.what.position.value,
    "date": _date,
    "sourcing": lambda x: _cited(x).sourcing.value,
    "evidence": lambda x: _cited(x).quote.exact,
    "outlet": lambda x: _cited(x).article.outlet,
    "url": lambda x: _cited(x).article.url,
    "id": lambda x: _cited(x).id,
}
"""`id` is that of the report, or of the best one of the standing."""


def excluded_json(out: Excluded) -> dict[str, Any]:
    """One exclusion."""
    shown = {name: value(out) for name, value in EXCLUDED.items()}
    return {**shown, "date": shown["date"] and shown["date"].isoformat()}


def weighed(weigh: Weigh) -> Columns[Standing]:
    """The columns of a standing with its points."""
    return {**STANDING, "points": weigh}
