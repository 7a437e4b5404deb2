"""The stream of changes as the ledger keeps it: read from a number on, filtered, as far back as is kept.

Entry: `Stream`. What fills it is `recorder`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, func, or_, select

from whipcount.article import Contest, Kind
from whipcount.errors import CursorTooOld
from whipcount.ledger.opened import Opened, utc_now
from whipcount.ledger.stream_models import ChangePassRow, ChangeRow, NoteRow
from whipcount.people import Identity


@dataclass(frozen=True, slots=True)
class Recorded:
    """A change as it was recorded."""

    number: int
    at: dt.datetime
    """When the ledger learned it."""
    endorser: Identity
    endorser_kind: Kind
    endorsee: Identity
    contest: Contest
    contest_id: str | None
    kind: str
    """A `changes.Move`, or `detail`: the stand is the same, and what is known of it is not."""
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None
    cause: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WantedChanges:
    """Which changes; None leaves a question open."""

    contest: str | None = None
    contest_id: str | None = None
    endorser: str | None = None
    """An identity's id, like `endorsee`."""
    endorsee: str | None = None
    kinds: tuple[str, ...] | None = None

    def fits(self, change: Recorded) -> bool:
        """Whether a change is wanted."""
        return (
            self.contest in {None, change.contest.value}
            and self.contest_id in {None, change.contest_id}
            and self.endorser in {None, change.endorser.id}
            and self.endorsee in {None, change.endorsee.id}
            and (self.kinds is None or change.kind in self.kinds)
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same for the store."""
        equal = {
            ChangeRow.contest: self.contest,
            ChangeRow.contest_id: self.contest_id,
            ChangeRow.endorser_id: self.endorser,
            ChangeRow.endorsee_id: self.endorsee,
        }
        found = [column == value for column, value in equal.items() if value is not None]
        return found if self.kinds is None else [*found, ChangeRow.kind.in_(self.kinds)]

    def to_json(self) -> dict[str, Any]:
        """What is asked for, and nothing else."""
        return {key: value for key, value in asdict(self).items() if value is not None}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "WantedChanges":
        """From what `to_json` gave."""
        kinds = value.get("kinds")
        return cls(**{**value, "kinds": None if kinds is None else tuple(kinds)})


EVERYTHING = WantedChanges()


class Stream(Opened):
    """The recorded changes; `Stream(ledger.engine, kept=…)` shares a ledger's database."""

    def __init__(self, engine: Engine, clock: Any = utc_now, *, kept: dt.timedelta | None = None) -> None:
        super().__init__(engine, clock)
        self._kept = kept

    def after(self, number: int, limit: int, wanted: WantedChanges = EVERYTHING) -> list[Recorded]:
        """The next changes after a number, the oldest first; raises `CursorTooOld` where some are not kept any more."""
        query = select(ChangeRow.__table__).where(ChangeRow.number > number, *wanted.conditions())
        with self._reading() as connection:
            if number < (floor := self._floor(connection)):
                raise CursorTooOld(f"changes until {floor} are no longer kept; begin anew from the standings")
            return [
                to_recorded(row) for row in connection.execute(query.order_by(ChangeRow.number).limit(limit))
            ]

    def before(self, number: int | None, limit: int, wanted: WantedChanges = EVERYTHING) -> list[Recorded]:
        """The changes before a number, or the last of all, the newest first, as far as they are kept."""
        with self._reading() as connection:
            query = select(ChangeRow.__table__).where(
                ChangeRow.number > self._floor(connection), *wanted.conditions()
            )
            if number is not None:
                query = query.where(ChangeRow.number < number)
            rows = connection.execute(query.order_by(ChangeRow.number.desc()).limit(limit))
            return [to_recorded(row) for row in rows]

    def bounds(self) -> tuple[int, int]:
        """The number after which changes are kept, and the last one's."""
        with self._reading() as connection:
            return self._floor(connection), connection.scalar(select(func.max(ChangeRow.number))) or 0

    def behind(self) -> int:
        """How many notes have not been looked at."""
        with self._reading() as connection:
            return behind(connection)

    def _floor(self, connection: Connection) -> int:
        if self._kept is None:
            return 0
        gone = select(func.max(ChangeRow.number)).where(ChangeRow.at < self._clock() - self._kept)
        return connection.scalar(gone) or 0


def behind(connection: Connection) -> int:
    """How many notes have not been looked at."""
    done = connection.scalar(select(func.max(ChangePassRow.note))) or 0
    return connection.scalar(select(func.count()).select_from(NoteRow).where(NoteRow.number > done)) or 0


def last_of(connection: Connection, endorsers: set[str]) -> list[Recorded]:
    """The last recorded change of each standing of some endorsers."""
    of = func.max(ChangeRow.number)
    pair = (ChangeRow.endorser_id, ChangeRow.endorsee_id, ChangeRow.contest, ChangeRow.contest_id)
    found: list[Recorded] = []
    ids = sorted(endorsers)
    for start in range(0, len(ids), 500):
        newest = select(of).where(ChangeRow.endorser_id.in_(ids[start : start + 500])).group_by(*pair)
        rows = connection.execute(select(ChangeRow.__table__).where(ChangeRow.number.in_(newest)))
        found += [to_recorded(row) for row in rows]
    return found


def endorsers_of(connection: Connection, identities: set[str]) -> set[str]:
    """Who has a recorded standing on one of some identities."""
    query = select(ChangeRow.endorser_id).where(
        or_(ChangeRow.endorsee_id.in_(identities), ChangeRow.endorser_id.in_(identities))
    )
    return set(connection.scalars(query.distinct()))


def to_recorded(row: Any) -> Recorded:
    """A change from its row."""
    return Recorded(
        row.number,
        row.at,
        Identity(row.endorser_id, row.endorser_name),
        Kind(row.endorser_kind),
        Identity(row.endorsee_id, row.endorsee_name),
        Contest(row.contest),
        row.contest_id,
        row.kind,
        row.old,
        row.new,
        row.cause,
    )
