"""Many rows into a table at once. Entry: `insert_all`."""

from collections.abc import Callable, Sequence
from functools import lru_cache
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
    sql, columns = _statement(into, tuple(rows[0]), connection.dialect)
    values = [
        [process(row[name]) for row in rows] if process else [row[name] for row in rows]
        for name, process in columns
    ]
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(sql, tuple(values))
    else:
        connection.exec_driver_sql(sql, list(zip(*values, strict=True)))


@lru_cache(maxsize=64)
def _statement(
    into: type[Base], names: tuple[str, ...], dialect: Dialect
) -> tuple[str, list[tuple[str, Callable[[Any], Any] | None]]]:
    """The statement, and for each column what makes its values ready for the driver."""
    table = into.__table__
    assert isinstance(table, Table)
    quote = dialect.identifier_preparer.quote
    types = [table.columns[name].type for name in names]
    columns = [
        (name, one.dialect_impl(dialect).bind_processor(dialect))
        for name, one in zip(names, types, strict=True)
    ]
    start = f"INSERT INTO {quote(table.name)} ({', '.join(map(quote, names))})"
    if dialect.name != "postgresql":
        return f"{start} VALUES ({', '.join('?' * len(names))})", columns
    # Text and not VARCHAR(n), to which a cast would cut what is too long.
    lists = (f"%s::{'TEXT' if isinstance(t, String) else t.compile(dialect)}[]" for t in types)
    return f"{start} SELECT * FROM unnest({', '.join(lists)})", columns  # noqa: S608 - names of ours
