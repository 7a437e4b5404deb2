"""A condition on many values that are one parameter, so that a statement stays the same however many they are.

A parameter for each takes longer to write than the store takes to answer.
"""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY


def among(connection: Connection, column: Any, values: Collection[str]) -> ColumnElement[bool]:
    """Whether a column has one of the values; an index on it is used."""
    if connection.dialect.name == "postgresql":
        found: ColumnElement[bool] = column == any_(_array(values))
        return found
    within: ColumnElement[bool] = column.in_(listed(connection, values))
    return within


def listed(connection: Connection, values: Collection[str]) -> Select[Any]:
    """The values, a row each."""
    if connection.dialect.name == "postgresql":
        return select(func.unnest(_array(values)))
    return select(func.json_each(json.dumps(list(values))).table_valued("value").c.value)


def _array(values: Collection[str]) -> Any:
    return bindparam(None, list(values), ARRAY(Text))
