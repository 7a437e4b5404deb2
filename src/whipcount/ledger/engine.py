"""Connections to the ledger's database, and its schema version."""

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from whipcount.errors import LedgerError

VERSION_TABLE = "whipcount_version"
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011")
"""All revisions of the schema, oldest first; kept here so that a ledger of today's version opens
without Alembic, whose import takes longer than a whole `count`. A test holds it to the folder."""

_MIGRATIONS = Path(__file__).parent / "migrations"
# Any number will do, as long as nothing else in the same database takes it.
_WRITERS_LOCK = 7_482_019
_PAUSES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds between tries to switch a new SQLite ledger to write-ahead logging."""


def ledger_url(db: str) -> URL:
    """The URL that `db` means: itself, or a path to an SQLite file."""
    if "://" not in db:
        return URL.create("sqlite", database=db)
    try:
        return make_url(db)
    except ArgumentError:
        raise LedgerError(f"{db!r} is no database URL; try sqlite:///whipcount.db") from None


def connect(db: str, *, lock_wait: float, create: bool, empty: bool = False) -> Engine:
    """An engine for a ledger of the present schema; makes or migrates it where it may.

    With `empty` the database is left as it is, for what is about to be loaded into it.
    """
    url = ledger_url(db)
    shown = url.render_as_string(hide_password=True)
    on_disk = url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}
    if on_disk and not create and not Path(str(url.database)).exists():
        raise LedgerError(f"there is no ledger at {url.database}; `whipcount add` makes one")
    if on_disk and not Path(str(url.database)).absolute().parent.is_dir():
        raise LedgerError(f"there is no folder {Path(str(url.database)).absolute().parent}")
    try:
        engine = _engine(url, lock_wait)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise LedgerError(f"no driver for {url.drivername} is installed ({error})") from None
    if empty:
        return engine
    try:
        migrate(engine, create=create)
    except DBAPIError as error:
        engine.dispose()
        raise LedgerError(f"can't open the ledger {shown}: {_first_line(error)}") from error
    except LedgerError as error:
        engine.dispose()
        raise LedgerError(f"the ledger {shown} {error}") from None
    return engine


def _first_line(error: DBAPIError) -> str:
    return (str(error.orig).strip().splitlines() or [type(error.orig).__name__])[0]


def _engine(url: URL, lock_wait: float) -> Engine:
    """An engine whose writing transactions take turns.

    What a writer adds depends on what is there already (identities, stories), and reading an
    article takes a hundred times longer than storing it: turns cost nothing and need no retries.
    """
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": lock_wait})
        event.listen(engine, "connect", _set_up_sqlite)
    else:
        engine = create_engine(url, pool_pre_ping=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
        elif connection.dialect.name == "postgresql" and writes:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {max(1, round(lock_wait * 1000))}")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})")

    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions leave DDL and reads outside; `_begin` opens them instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    _write_ahead(cursor)
    # What `add` has reported as added outlives a power cut.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Turn write-ahead logging on, waiting for whoever opens the same new ledger at this moment.

    SQLite's own waiting does not cover this switch.
    """
    for pause in (*_PAUSES, None):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if pause is None:
                raise
            time.sleep(pause)
        else:
            return


def schema_version(connection: Connection) -> str | None:
    """The revision of the ledger's schema; None where there is none."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608
    return version


def migrate(engine: Engine, *, create: bool = True) -> None:
    """Bring the schema up to the present version, in one transaction."""
    with engine.connect() as connection:
        version = schema_version(connection)
        others = set(inspect(connection).get_table_names()) - {VERSION_TABLE}
    if version == REVISIONS[-1]:
        return
    if version is None and others and engine.dialect.name == "sqlite":
        raise LedgerError("is another program's database")
    if version is None and not create:
        raise LedgerError("holds nothing yet; `whipcount add` makes one")
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        # Another process may have done it while we waited for the lock.
        version = schema_version(connection)
        if version is not None and version not in REVISIONS:
            raise LedgerError("was written by a later version of Whipcount; please upgrade")
        if version != REVISIONS[-1]:
            _upgrade(connection)


def create_at(connection: Connection, revision: str) -> None:
    """Make the tables of a revision in an empty database."""
    _upgrade(connection, revision)


def _upgrade(connection: Connection, revision: str = "head") -> None:
    from alembic import command  # noqa: PLC0415 - a quarter of a second that only a migration needs
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
