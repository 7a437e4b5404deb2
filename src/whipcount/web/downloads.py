"""Listings as files: CSV that no spreadsheet takes for formulas, and JSON Lines."""

import io
import json
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from typing import Any, TypeVar

from fastapi import Response

from whipcount.publish.csv import Columns, write_csv

T = TypeVar("T")
PARQUET = find_spec("pyarrow") is not None
"""Whether Parquet can be written: its library is large, and no part of a plain installation."""


def csv_file(name: str, items: Iterable[T], columns: Columns[T]) -> Response:
    """A CSV file, with the mark that makes spreadsheets read it as UTF-8."""
    out = io.StringIO()
    write_csv(items, columns, out)
    return file(f"{name}.csv", f"\ufeff{out.getvalue()}", "text/csv; charset=utf-8")


def jsonl_file(name: str, items: Iterable[T], to_json: Callable[[T], dict[str, Any]]) -> Response:
    """A JSON Lines file."""
    lines = "".join(f"{json.dumps(to_json(item), ensure_ascii=False)}\n" for item in items)
    return file(f"{name}.jsonl", lines, "application/jsonl; charset=utf-8")


def file(name: str, content: str | bytes, kind: str) -> Response:
    """A file to keep."""
    return Response(
        content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="whipcount-{name}"'}
    )
