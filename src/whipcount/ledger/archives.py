"""How far each web archive has been read, kept in the ledger beside what was found in it."""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import BigInteger, Engine, String, Text, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from whipcount.errors import LedgerError
from whipcount.ledger.models import Base


class ArchiveProgressRow(Base):
    """An archive and the byte to go on from. Unlike evidence it says where work stands, and is updated."""

    __tablename__ = "archive_progress"

    archive: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The fingerprint of its content, so that it may be moved and renamed."""
    name: Mapped[str] = mapped_column(Text)
    """What it was called when it was read last; for people."""
    position: Mapped[int] = mapped_column(BigInteger)
    """The byte at which the first record begins whose pages are not all in the ledger."""
    updated_at: Mapped[dt.datetime]


class Progress:
    """The progress of archives in an open ledger's database."""

    def __init__(
        self, engine: Engine, clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    ) -> None:
        self._engine = engine
        self._clock = clock

    def load(self, archive: str) -> int:
        """The byte to go on from; 0 for an archive that was never read."""
        query = select(ArchiveProgressRow.position).where(ArchiveProgressRow.archive == archive)
        try:
            with self._engine.connect() as connection:
                return connection.scalar(query) or 0
        except DBAPIError as error:
            raise LedgerError(f"can't read the ledger: {error.orig}") from error

    def save(self, archive: str, position: int, *, name: str = "") -> None:
        """Keep the byte to go on from, once all that comes before it is in the ledger."""
        values = {"name": name, "position": position, "updated_at": self._clock()}
        change = update(ArchiveProgressRow).where(ArchiveProgressRow.archive == archive).values(values)
        try:
            with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
                if not connection.execute(change).rowcount:
                    connection.execute(insert(ArchiveProgressRow).values(archive=archive, **values))
        except DBAPIError as error:
            raise LedgerError(f"can't write to the ledger: {error.orig}") from error
