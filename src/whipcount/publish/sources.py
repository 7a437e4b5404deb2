"""How the sources do, as rows and as JSON."""

from typing import Any

from whipcount.ledger.source_reports import SourceReport
from whipcount.publish.csv import Columns


def _share(value: float | None) -> str | None:
    return None if value is None else f"{value:.3f}"


SOURCE: Columns[SourceReport] = {
    "source": lambda s: s.url,
    "kind": lambda s: s.kind,
    "outlet": lambda s: s.outlet,
    "health": lambda s: s.health.value,
    "why": lambda s: s.why,
    "last_success": lambda s: s.last_success,
    "last_error": lambda s: s.last_error,
    "last_error_at": lambda s: s.last_error_at,
    "failures": lambda s: s.failures,
    "next_at": lambda s: s.next_at if s.listed else None,
    "articles": lambda s: s.articles,
    "waiting": lambda s: s.waiting,
    "failed": lambda s: s.failed,
    "broken_entries": lambda s: s.broken,
    "no_date": lambda s: _share(s.no_date_share),
    "no_text": lambda s: _share(s.no_text_share),
    "cut_off": lambda s: _share(s.cut_off_share),
    "days_since_new": lambda s: s.days_since_new,
}


def source_json(source: SourceReport) -> dict[str, Any]:
    """The fields of the CSV, with shares as numbers and moments in ISO 8601."""
    found = {name: value(source) for name, value in SOURCE.items()}
    for name in ("last_success", "last_error_at", "next_at"):
        found[name] = found[name] and found[name].isoformat(timespec="seconds")
    shares = {
        "no_date": source.no_date_share,
        "no_text": source.no_text_share,
        "cut_off": source.cut_off_share,
    }
    return found | {name: None if share is None else round(share, 3) for name, share in shares.items()}
