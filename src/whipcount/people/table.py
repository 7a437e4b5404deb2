"""People and organizations from a table of one's own. Entry: `table(file)`.

One line a term; lines with the same name, kind and ids are one entry. Columns, of which only `name` must be
there: name, kind (person or organization), other names (parted by `|`), born, office, chamber, state, city,
district, party, start, end, and any number of `id:SCHEME`.
"""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from whipcount.article import Kind
from whipcount.errors import RegistryError
from whipcount.people.names import normal_name
from whipcount.people.registry import Called, Entry, ExternalId, Name, Term, entry_id
from whipcount.people.states import state_of

COLUMNS = ("name", "kind", "other names", "born", "office", "chamber", "state", "city", "district", "party",
           "start", "end")  # fmt: skip
_ID = "id:"
T = TypeVar("T")


def table(lines: Iterable[str]) -> Iterator[Entry]:
    """The entries of a CSV table, in the order of their first lines; raises `RegistryError` for a bad line."""
    reader = csv.DictReader(lines, restval="")
    try:
        given = [(column or "").strip().lower() for column in reader.fieldnames or ()]
        rows = [(reader.line_num, dict(zip(given, row.values(), strict=False))) for row in reader]
    except csv.Error as error:
        raise RegistryError(f"line {reader.line_num}: {error}") from None
    except UnicodeDecodeError:
        raise RegistryError("is not in UTF-8") from None
    if "name" not in given:
        raise RegistryError("has no column `name`")
    unknown = [column for column in given if column not in COLUMNS and not column.startswith(_ID)]
    if unknown:
        raise RegistryError(
            f"has a column {unknown[0]!r}; what can be there is {', '.join(COLUMNS)}, id:SCHEME"
        )
    found: dict[str, Entry] = {}
    for number, row in rows:
        if not any(isinstance(value, str) and value.strip() for value in row.values()):
            continue
        try:
            one = _entry(row)
        except ValueError as error:
            raise RegistryError(f"line {number}: {error}") from None
        known = found.get(one.id)
        found[one.id] = (
            one
            if known is None
            else replace(known, names=_both(known.names, one.names), terms=_both(known.terms, one.terms))
        )
    yield from found.values()


def _both(one: tuple[T, ...], other: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _entry(row: Mapping[str, str | None]) -> Entry:
    cells = {
        key: " ".join(value.split()) for key, value in row.items() if isinstance(value, str) and value.strip()
    }
    name = cells.get("name", "")
    if not normal_name(name):
        raise ValueError("a name is missing")
    kind = cells.get("kind", Kind.PERSON.value).lower()
    if kind not in {Kind.PERSON, Kind.ORGANIZATION}:
        raise ValueError(f"{kind!r} is no kind; it is person or organization")
    state = cells.get("state")
    code = state_of(state) if state else None
    if state and code is None:
        raise ValueError(f"{state!r} is no state")
    ids = tuple(
        ExternalId(column.removeprefix(_ID), value)
        for column, value in cells.items()
        if column.startswith(_ID)
    )
    born = _day(cells.get("born"))
    called = Called.OFFICIAL if kind == Kind.PERSON else Called.SHORT
    others = (other.strip() for other in cells.get("other names", "").split("|"))
    place = cells.get("city") or code or ""
    return Entry(
        entry_id(Kind(kind), name, ids, born=born, place=place),
        name,
        Kind(kind),
        (Name(name), *(Name(other, called) for other in others if other)),
        ids,
        tuple(_terms(cells, code)),
        born,
    )


def _terms(cells: Mapping[str, str], state: str | None) -> Iterator[Term]:
    start, end = _day(cells.get("start")), _day(cells.get("end"))
    if start and end and end < start:
        raise ValueError(f"the term ends ({end}) before it starts ({start})")
    if not any(cells.get(key) for key in ("office", "chamber", "state", "city", "district", "party")):
        if start or end:
            raise ValueError("a term needs an office")
        return
    yield Term(
        cells.get("office", "").lower(), start, end, cells.get("chamber"), state, cells.get("city"),
        cells.get("district"), cells.get("party"),
    )  # fmt: skip


def _day(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no day; write it as 2024-07-24") from None
