"""How far each web archive has been read, kept in the ledger beside what was found in it."""

import datetime as dt

from sqlalchemy import BigInteger, String, Text, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from whipcount.ledger.models import Base
from whipcount.ledger.opened import Opened


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


class Progress(Opened):
    """The progress of archives in an open ledger's database."""

    def load(self, archive: str) -> int:
        """The byte to go on from; 0 for an archive that was never read."""
        query = select(ArchiveProgressRow.position).where(ArchiveProgressRow.archive == archive)
        with self._reading() as connection:
            return connection.scalar(query) or 0

    def save(self, archive: str, position: int, *, name: str = "") -> None:
        """Keep the byte to go on from, once all that comes before it is in the ledger."""
        values = {"name": name, "position": position, "updated_at": self._clock()}
        change = update(ArchiveProgressRow).where(ArchiveProgressRow.archive == archive).values(values)
        with self._writing() as connection:
            if not connection.execute(change).rowcount:
                connection.execute(insert(ArchiveProgressRow).values(archive=archive, **values))
