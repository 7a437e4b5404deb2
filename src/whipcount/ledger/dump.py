"""The whole ledger as JSON Lines, and back: what is in it outlives the program.

The first line names the format and the revision of the schema; each further line is a row,
`{"table": …, column: value, …}`, tables in the order in which they refer to one another and rows by
their keys. Days and moments are ISO 8601 (moments in UTC), bytes are base64. Two ledgers with the same
rows give the same bytes, whatever store they are on.

Entries: `dump`, `load`.
"""

import base64
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from whipcount import __version__
from whipcount.article import Article, Span
from whipcount.errors import LedgerError
from whipcount.ledger.engine import REVISIONS, VERSION_TABLE, create_at, schema_version
from whipcount.stories import body, sketch

FORMAT = 1
_DERIVED = "story_keys"
"""Made anew of the articles when they are loaded."""
_NOTES = "notes"
LEFT_OUT = frozenset(
    {VERSION_TABLE, _DERIVED, "users", "web_sessions", "api_tokens", "webhooks", "webhook_deliveries"}
)
"""Accounts and secrets are not part of the record."""
_BATCH = 1_000


def dump(engine: Engine) -> Iterator[str]:
    """The lines of a ledger, each with its end."""
    with engine.connect() as connection:
        revision = schema_version(connection)
        tables = _tables(connection)
        head = {"whipcount": FORMAT, "revision": revision, "tables": [table.name for table in tables]}
        yield _line(head)
        for table in tables:
            query = sa.select(table).order_by(*(_key(connection, column) for column in table.primary_key))
            rows = connection.execution_options(yield_per=_BATCH).execute(query)
            for row in rows:
                yield _line({"table": table.name} | {k: _out(v) for k, v in row._mapping.items()})  # noqa: SLF001


def load(engine: Engine, lines: Iterable[str]) -> int:
    """Fill an empty database with a dump, all or nothing; the number of rows.

    A dump of an earlier revision is loaded as it is; opening the ledger brings it up to date. Raises
    `LedgerError` for what is no dump, for one of a later version, and where the database holds anything.
    """
    given = iter(lines)
    head = _head(next(given, ""))
    with engine.connect() as connection:
        if sa.inspect(connection).get_table_names():
            raise LedgerError("a dump is loaded into an empty database, and there is something in this one")
    count = 0
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        create_at(connection, head["revision"])
        tables = {table.name: table for table in _tables(connection)}
        if missing := set(head["tables"]) - tables.keys():
            raise LedgerError(f"the dump names a table that its revision has not: {min(missing)}")
        for name, rows in _batches(given, tables, connection.dialect.name):
            connection.execute(sa.insert(tables[name]), rows)
            count += len(rows)
        _index_stories(connection, tables)
        _go_on_counting(connection, tables.values())
    return count


def _tables(connection: Connection) -> list[sa.Table]:
    """The tables as the store has them, those that others refer to first; among equals by name."""
    found = sa.MetaData()
    found.reflect(connection)
    for table in found.tables.values():
        for column in table.columns:
            if isinstance(column.type, sa.JSON):
                column.type.none_as_null = True
    kept = [table for table in found.sorted_tables if table.name not in LEFT_OUT]
    # Before what they note: triggers note again only what is not noted yet.
    return sorted(kept, key=lambda table: table.name != _NOTES)


def _key(connection: Connection, column: sa.Column[Any]) -> Any:
    """The same order on all stores: that of code points."""
    words = isinstance(column.type, sa.String) and connection.dialect.name == "postgresql"
    return sa.collate(column, "C") if words else column


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _out(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        moment = value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
        return moment.isoformat(timespec="microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return value


def _in(value: Any, kind: sa.types.TypeEngine[Any], dialect: str) -> Any:
    if value is None:
        return None
    if isinstance(kind, sa.DateTime):
        moment = dt.datetime.fromisoformat(value)
        return moment.replace(tzinfo=None) if dialect == "sqlite" else moment
    if isinstance(kind, sa.Date):
        return dt.date.fromisoformat(value)
    return base64.b64decode(value) if isinstance(kind, sa.LargeBinary) else value


def _head(line: str) -> dict[str, Any]:
    try:
        head = json.loads(line)
        known = head["whipcount"], head["revision"], head["tables"]
    except (ValueError, KeyError, TypeError):
        raise LedgerError("this is no dump of a ledger: its first line does not say so") from None
    if known[0] != FORMAT or known[1] not in REVISIONS:
        raise LedgerError(
            f"the dump is of a later version (format {known[0]}, revision {known[1]}; this is Whipcount {__version__}); please upgrade"
        )
    return dict(head)


def _batches(
    lines: Iterable[str], tables: dict[str, sa.Table], dialect: str
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Rows as they come, those of one table together."""
    for name, rows in groupby(_rows(lines, tables, dialect), key=lambda row: row[0]):
        own = (values for _, values in rows)
        parent = _parent(tables[name])
        ordered = own if parent is None else iter(_parents_first(list(own), *parent))
        while batch := list(islice(ordered, _BATCH)):
            yield name, batch


def _rows(
    lines: Iterable[str], tables: dict[str, sa.Table], dialect: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(lines, start=2):
        try:
            row = json.loads(line)
            table = tables[row.pop("table")]
            yield table.name, {k: _in(v, table.columns[k].type, dialect) for k, v in row.items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LedgerError(f"line {number} of the dump is no row of a table ({error})") from None


def _parent(table: sa.Table) -> tuple[str, str] | None:
    """The column by which a table's rows refer to others of it, and the one that is referred to."""
    for key in table.foreign_keys:
        if key.column.table is table:
            return key.parent.name, key.column.name
    return None


def _parents_first(rows: list[dict[str, Any]], parent: str, own: str) -> list[dict[str, Any]]:
    """Each row after the one that it refers to."""
    graph = TopologicalSorter({row[own]: [row[parent]] if row[parent] is not None else [] for row in rows})
    by_key = {row[own]: row for row in rows}
    try:
        return [by_key[key] for key in graph.static_order() if key in by_key]
    except CycleError:
        raise LedgerError("rows of the dump refer to one another in a circle") from None


def _index_stories(connection: Connection, tables: dict[str, sa.Table]) -> None:
    """Make the keys by which copies are found, of the texts that the index names."""
    if "story_texts" not in tables:
        return
    texts, articles = tables["story_texts"], tables["articles"]
    keys = sa.table(_DERIVED, sa.column("key"), sa.column("text"))
    columns = (articles.c.id, articles.c.text, articles.c.title, articles.c.debris)
    query = sa.select(texts.c.number, *columns).join(articles, articles.c.id == texts.c.article_id)
    last = 0
    while rows := connection.execute(
        query.where(texts.c.number > last).order_by(texts.c.number).limit(_BATCH)
    ).all():
        for row in rows:
            debris = tuple(Span(*pair) for pair in row.debris)
            made = sketch(body(Article(row.id, row.text, title=row.title, debris=debris)))
            connection.execute(sa.insert(keys), [{"key": k, "text": row.number} for k in set(made.keys)])
        last = rows[-1].number


def _go_on_counting(connection: Connection, tables: Iterable[sa.Table]) -> None:
    """Let the numbers that a store gives out go on after those that were loaded; SQLite does by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        (key, *more) = table.primary_key.columns
        if more or not isinstance(key.type, sa.Integer):
            continue
        last = connection.scalar(sa.select(sa.func.max(key)))
        sequence = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, key.name)))
        if sequence and last:
            connection.execute(sa.select(sa.func.setval(sequence, last)))
