"""One process at a time may follow sources into a ledger.

The claim is a lock that the store itself lets go of when its holder dies, however it dies: no
clock has to run out, and no process id is taken for another's. On SQLite it is a lock on a small
database beside the ledger (`whipcount.db-follow`, never deleted, as deleting it would race), on
PostgreSQL an advisory lock of a connection of its own.
"""

import datetime as dt
import os
import platform
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from whipcount.errors import AlreadyFollowed, LedgerError

_FOLLOWERS_LOCK = 7_482_020
# A holder whose machine vanished is noticed by the server within a minute or so.
_KEEPALIVES = (("tcp_keepalives_idle", 30), ("tcp_keepalives_interval", 10), ("tcp_keepalives_count", 3))
_PAUSES = (0.1, 0.2, 0.4, 0.8)

Holds = Callable[[], bool]
"""Whether the claim still holds: a server that restarted has let it go."""


@contextmanager
def claim(engine: Engine) -> Iterator[Holds]:
    """Be the one who follows sources into this ledger, for as long as the context lasts.

    Raises `AlreadyFollowed` where another process is.
    """
    me = f"process {os.getpid()} on {platform.node()} since {dt.datetime.now().astimezone():%Y-%m-%d %H:%M}"
    if engine.dialect.name == "sqlite":
        database = engine.url.database
        if database in {None, "", ":memory:"}:
            raise LedgerError("following needs a ledger on disk")
        with _claim_file(Path(str(database)).resolve(), me) as holds:
            yield holds
    elif engine.dialect.name == "postgresql":
        with _claim_connection(engine, me) as holds:
            yield holds
    else:
        raise LedgerError(f"following needs a ledger on SQLite or PostgreSQL, not {engine.dialect.name}")


def _refuse(holder: str | None) -> AlreadyFollowed:
    return AlreadyFollowed(f"another process follows sources into this ledger ({holder or 'unknown'})")


@contextmanager
def _claim_file(database: Path, me: str) -> Iterator[Holds]:
    path = database.with_name(f"{database.name}-follow")
    try:
        lock = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise LedgerError(f"can't open {path}: {error}") from None
    try:
        try:
            # First say who, for others to read, then hold the lock. One who slips in between the
            # two says who in our place, and we give way.
            lock.execute("BEGIN IMMEDIATE")
            lock.execute("CREATE TABLE IF NOT EXISTS holder (id INTEGER PRIMARY KEY, name TEXT)")
            lock.execute("REPLACE INTO holder VALUES (1, ?)", (me,))
            lock.execute("COMMIT")
            lock.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise LedgerError(f"can't claim {path}: {error}") from None
            raise _refuse(_holder(lock)) from None
        yield lambda: True
    finally:
        lock.close()


def _holder(lock: sqlite3.Connection) -> str | None:
    try:
        found = lock.execute("SELECT name FROM holder").fetchone()
    except sqlite3.Error:
        return None
    return str(found[0]) if found else None


def _try(connection: Connection, key: dict[str, int]) -> bool:
    """Get the lock; the server takes a moment to notice that its last holder died."""
    query = text("SELECT pg_try_advisory_lock(:lock, hashtext(current_schema()))")
    for pause in (*_PAUSES, None):
        if connection.scalar(query, key):
            return True
        if pause is not None:
            time.sleep(pause)
    return False


@contextmanager
def _claim_connection(engine: Engine, me: str) -> Iterator[Holds]:
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name, value in _KEEPALIVES:
                connection.exec_driver_sql(f"SET {name} = {value}")
            connection.execute(text("SELECT set_config('application_name', :me, false)"), {"me": me})
            # Ledgers may share a database and have a schema each.
            key = {"lock": _FOLLOWERS_LOCK}
            if not _try(connection, key):
                raise _refuse(
                    connection.scalar(
                        text(
                            "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) "
                            "WHERE locktype = 'advisory' AND granted AND classid = :lock "
                            "AND objid = (hashtext(current_schema())::bigint & 4294967295)"
                        ),
                        key,
                    )
                )

            def holds() -> bool:
                try:
                    connection.exec_driver_sql("SELECT 1")
                except DBAPIError:
                    return False
                return not connection.invalidated

            try:
                yield holds
            finally:
                # Not back to the pool, where the lock would live on.
                connection.invalidate()
    except DBAPIError as error:
        raise LedgerError(f"can't claim the ledger: {error.orig}") from error
