"""An open ledger's database: what keeps articles, follows sources and marks archives all begin with."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from whipcount.errors import LedgerError
from whipcount.ledger.engine import connect


def utc_now() -> dt.datetime:
    """The present moment in UTC."""
    return dt.datetime.now(dt.UTC)


class Opened:
    """An open ledger's database; close it, or use it as a context manager."""

    def __init__(self, engine: Engine, clock: Callable[[], dt.datetime] = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    @classmethod
    def open(
        cls, db: str = "sqlite:///whipcount.db", *, create: bool = True, lock_wait: float = 30.0
    ) -> Self:
        """Open the ledger at an SQLAlchemy URL or the path of an SQLite file.

        An older schema is migrated. Raises `LedgerError` where the ledger can't be opened, is
        of a later version, or does not exist and `create` is False.
        """
        return cls(connect(db, lock_wait=lock_wait, create=create))

    @property
    def engine(self) -> Engine:
        """The database, for what else is kept in it."""
        return self._engine

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                if connection.dialect.name == "postgresql":
                    # As on SQLite: all that is read is of one moment, evidence and what was decided on it.
                    connection.execution_options(isolation_level="REPEATABLE READ")
                yield connection
        except DBAPIError as error:
            raise LedgerError(f"can't read the ledger: {error.orig}") from error

    @contextmanager
    def _writing(self, what: str = "write to the ledger") -> Iterator[Connection]:
        """A transaction; `what` it does is said of one that the database refuses."""
        try:
            with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
                yield connection
        except DBAPIError as error:
            raise LedgerError(f"can't {what}: {error.orig}") from error
