"""Many rows into a table at once. Entry: `insert_all`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, String, Table, insert
from sqlalchemy.engine import Dialect

from whipcount.ledger.models import Base

_FEW = 3
"""Of so few rows, each is written by itself."""


def insert_all(connection: Connection, into: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all fill the same columns, in their order.

    Row by row SQLAlchemy takes longer than the store does: here a column's values are made ready together, and
    PostgreSQL is sent one statement with a list for each column.
    """
    if len(rows) <= _FEW:
        if rows:
            connection.execute(insert(into), rows)
        return
    table, dialect = into.__table__, connection.dialect
    assert isinstance(table, Table)
    names = list(rows[0])
    columns = [_ready(table, name, rows, dialect) for name in names]
    if dialect.name == "postgresql":
        connection.exec_driver_sql(_from_lists(table, names, dialect), tuple(columns))
        return
    marks = ", ".join("?" * len(names))
    connection.exec_driver_sql(
        f"{_into(table, names, dialect)} VALUES ({marks})", list(zip(*columns, strict=True))
    )


def _ready(table: Table, name: str, rows: Sequence[dict[str, Any]], dialect: Dialect) -> list[Any]:
    """A column's values as the driver takes them."""
    process = table.columns[name].type.dialect_impl(dialect).bind_processor(dialect)
    return [process(row[name]) for row in rows] if process else [row[name] for row in rows]


def _into(table: Table, names: Sequence[str], dialect: Dialect) -> str:
    quote = dialect.identifier_preparer.quote
    return f"INSERT INTO {quote(table.name)} ({', '.join(map(quote, names))})"


def _from_lists(table: Table, names: Sequence[str], dialect: Dialect) -> str:
    types = (table.columns[name].type for name in names)
    # Text and not VARCHAR(n), to which a cast would cut what is too long.
    lists = (f"%s::{'TEXT' if isinstance(t, String) else t.compile(dialect)}[]" for t in types)
    return f"{_into(table, names, dialect)} SELECT * FROM unnest({', '.join(lists)})"  # noqa: S608 - names of ours
