"""Standings and evidence as Parquet, for those who compute with them.

Entries: `write_standings`, `write_evidence`. The columns are those of the JSON, flat, with days as days.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from whipcount.errors import WhipcountError
from whipcount.ledger.evidence import Evidence
from whipcount.publish.csv import EVIDENCE, STANDING
from whipcount.standing import Standing

_DAYS = frozenset({"date", "published", "since", "last_said"})
_LISTS = frozenset({"conditions"})
_WHOLE = frozenset({"independent_reports", "relays", "copies"})
_SHARES = frozenset({"confidence"})


def write_standings(standings: Iterable[Standing], path: Path) -> None:
    """One row a standing, with the columns of `count --format csv` and the ids."""
    ids = {
        "endorser_id": lambda s: s.endorser.id,
        "endorsee_id": lambda s: s.endorsee.id,
        "contest_id": lambda s: s.contest_id,
    }
    _write(standings, {**STANDING, **ids, "confidence": lambda s: s.confidence}, path)  # fmt: skip


def write_evidence(evidence: Iterable[Evidence], path: Path) -> None:
    """One row a piece of evidence, with the columns of `show --format csv` and the ids."""
    ids = {"endorser_id": lambda e: e.endorser.id, "endorsee_id": lambda e: e.endorsee.id, "contest_id": lambda e: e.contest_id,
           "start": lambda e: e.quote.span.start, "end": lambda e: e.quote.span.end}  # fmt: skip
    _write(evidence, {**EVIDENCE, **ids, "confidence": lambda e: e.confidence}, path)


def _write(items: Iterable[Any], columns: Mapping[str, Any], path: Path) -> None:
    try:
        import pyarrow as pa  # noqa: PLC0415 - large, and wanted for this alone
        from pyarrow import parquet  # noqa: PLC0415
    except ModuleNotFoundError:
        raise WhipcountError("Parquet needs one more package: pip install 'whipcount[parquet]'") from None
    rows = [{name: _plain(value(item)) for name, value in columns.items()} for item in items]
    schema = pa.schema([(name, _kind(pa, name)) for name in columns])
    try:
        parquet.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    except OSError as error:
        raise WhipcountError(f"can't write {path}: {error.strerror or error}") from None


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _kind(pa: Any, name: str) -> Any:
    if name in _DAYS:
        return pa.date32()
    if name in _LISTS:
        return pa.list_(pa.string())
    if name in _SHARES:
        return pa.float64()
    return pa.int64() if name in _WHOLE or name in {"start", "end"} else pa.string()
