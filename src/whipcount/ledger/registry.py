"""The registry as the ledger keeps it: imports are only added, the latest of each source counts.

Entries: `People.imported` and `People.load`; `resolver(db)` is what `add` resolves names with.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select

from whipcount.article import Kind
from whipcount.ledger.assigning import load_races
from whipcount.ledger.opened import Opened
from whipcount.ledger.registry_models import (
    RegistryEntryRow,
    RegistryIdRow,
    RegistryNameRow,
    RegistryTermRow,
    RegistryVersionRow,
)
from whipcount.people import Resolve, names_alone
from whipcount.people.names import normal_name
from whipcount.people.registry import Called, Entry, ExternalId, Name, Registry, Term, together


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed."""

    new: int = 0
    changed: int = 0
    same: int = 0


class People(Opened):
    """The registry in an open ledger's database."""

    def imported(self, entries: Iterable[Entry], source: str) -> Imported:
        """Keep what a source says of these entries; what it said of them before stays, and no longer counts.

        An entry that others give an id which is known goes under the id it has here.
        """
        given = list(entries)
        with self._writing(f"import {source}") as connection:
            present = _load(connection, None)
            incoming: dict[str, Entry] = {}
            for one in given:
                own = replace(one, id=present.home(one))
                incoming[own.id] = together(incoming[own.id], own) if own.id in incoming else own
            last = _digests(connection, source)
            changed = [one for one in incoming.values() if last.get(one.id) != _digest(one)]
            now = self._clock()
            new = [one for one in changed if one.id not in present.entries]
            if new:
                rows = [{"id": one.id, "kind": one.kind.value, "added_at": now} for one in new]
                connection.execute(insert(RegistryEntryRow), rows)
            if changed:
                _insert(connection, changed, source, now)
        return Imported(len(new), len(changed) - len(new), len(incoming) - len(changed))

    def load(self, known_by: dt.datetime | None = None) -> Registry:
        """The registry, or as it was known at a moment."""
        with self._reading() as connection:
            return _load(connection, known_by)

    def is_empty(self) -> bool:
        """Whether nothing has been imported."""
        with self._reading() as connection:
            return connection.scalar(select(RegistryEntryRow.id).limit(1)) is None


def resolver(engine: Engine) -> Resolve:
    """Resolves by the registry of a ledger, outlets included; by names alone where it has none."""
    people = People(engine)
    if people.is_empty():
        return names_alone
    from whipcount.people.outlets import outlet_entries  # noqa: PLC0415 - the page stage, which lists need none of
    from whipcount.people.resolve import Resolver  # noqa: PLC0415

    with engine.connect() as connection:
        standing = {one.identity_id for race in load_races(connection) for one in race.candidacies}
    return Resolver(people.load().joined(outlet_entries()), expected=standing)


def _digest(entry: Entry) -> str:
    """Of all that an entry says."""
    said = (entry.name, entry.born, entry.names, entry.ids, entry.terms)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _latest(known_by: dt.datetime | None, source: str | None = None) -> Any:
    query = select(func.max(RegistryVersionRow.number)).group_by(
        RegistryVersionRow.entry_id, RegistryVersionRow.source
    )
    if known_by is not None:
        query = query.where(RegistryVersionRow.added_at <= known_by)
    return query if source is None else query.where(RegistryVersionRow.source == source)


def _digests(connection: Connection, source: str) -> dict[str, str]:
    query = select(RegistryVersionRow.entry_id, RegistryVersionRow.digest).where(
        RegistryVersionRow.number.in_(_latest(None, source))
    )
    return {row.entry_id: row.digest for row in connection.execute(query)}


def _insert(connection: Connection, entries: Sequence[Entry], source: str, now: dt.datetime) -> None:
    versions = [
        {"entry_id": e.id, "source": source, "name": e.name, "born": e.born, "digest": _digest(e), "added_at": now}
        for e in entries
    ]  # fmt: skip
    made = connection.scalars(
        insert(RegistryVersionRow).returning(RegistryVersionRow.number, sort_by_parameter_order=True),
        versions,
    ).all()
    names = [
        {"version": number, "ordinal": at, "text": n.text, "normal_name": normal_name(n.text), "called": n.called.value,
         "given": n.given, "surname": n.surname, "suffix": n.suffix}
        for number, e in zip(made, entries, strict=True) for at, n in enumerate(e.names)
    ]  # fmt: skip
    ids = [
        {"version": number, "ordinal": at, "scheme": x.scheme, "value": x.value}
        for number, e in zip(made, entries, strict=True) for at, x in enumerate(e.ids)
    ]  # fmt: skip
    terms = [
        {"version": number, "ordinal": at, "office": t.office, "start": t.start, "end": t.end, "chamber": t.chamber,
         "state": t.state, "city": t.city, "district": t.district, "party": t.party}
        for number, e in zip(made, entries, strict=True) for at, t in enumerate(e.terms)
    ]  # fmt: skip
    for table, rows in ((RegistryNameRow, names), (RegistryIdRow, ids), (RegistryTermRow, terms)):
        if rows:
            connection.execute(insert(table), rows)


def _load(connection: Connection, known_by: dt.datetime | None) -> Registry:
    latest = _latest(known_by)
    names = _parts(connection, RegistryNameRow, latest)
    ids = _parts(connection, RegistryIdRow, latest)
    terms = _parts(connection, RegistryTermRow, latest)
    query = (
        select(
            RegistryVersionRow.number,
            RegistryVersionRow.entry_id,
            RegistryVersionRow.name,
            RegistryVersionRow.born,
            RegistryEntryRow.kind,
        )
        .join(RegistryEntryRow, RegistryEntryRow.id == RegistryVersionRow.entry_id)
        .where(RegistryVersionRow.number.in_(latest))
        .order_by(RegistryVersionRow.source, RegistryVersionRow.number)
    )
    found: dict[str, Entry] = {}
    for row in connection.execute(query):
        one = Entry(
            row.entry_id,
            row.name,
            Kind(row.kind),
            tuple(Name(n.text, Called(n.called), n.given, n.surname, n.suffix) for n in names[row.number]),
            tuple(ExternalId(x.scheme, x.value) for x in ids[row.number]),
            tuple(
                Term(t.office, t.start, t.end, t.chamber, t.state, t.city, t.district, t.party)
                for t in terms[row.number]
            ),
            row.born,
        )
        found[one.id] = together(found[one.id], one) if one.id in found else one
    return Registry(found)


def _parts(
    connection: Connection, table: type[RegistryNameRow | RegistryIdRow | RegistryTermRow], latest: Any
) -> defaultdict[int, list[Row[*tuple[Any, ...]]]]:
    query = select(table.__table__).where(table.version.in_(latest)).order_by(table.version, table.ordinal)
    found: defaultdict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.version].append(row)
    return found
