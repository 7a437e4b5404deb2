"""The contests of a ledger and who stands in them: entered, changed by another row, never overwritten.

Entry: `Contests`. After each change all evidence is looked at anew (`assigning`), in the same transaction.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select

from whipcount.contest_file import Planned, PlannedRace
from whipcount.contests import Candidacy, Race
from whipcount.errors import ContestError
from whipcount.ledger.assigning import assign_all, load_races
from whipcount.ledger.desk_models import CandidacyRow, ContestRow, EventRow
from whipcount.ledger.events import decisions
from whipcount.ledger.models import IdentityRow
from whipcount.ledger.opened import Opened
from whipcount.ledger.registry import People
from whipcount.ledger.reviews import identity_values, to_event
from whipcount.people import Identity, by_name, normal_name
from whipcount.people.registry import Registry


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of the contests that were given."""

    new: int = 0
    changed: int = 0
    same: int = 0
    assigned: int = 0
    """Pieces of evidence that are about another contest than before, or about one for the first time."""


class Contests(Opened):
    """The contests in a ledger; `Contests(ledger.engine)` shares its database."""

    def all(self, known_by: dt.datetime | None = None) -> list[Race]:
        """All contests, the earliest day first; or as they were known at a moment."""
        with self._reading() as connection:
            found = load_races(connection, known_by)
        return sorted(found, key=lambda race: (race.election_day or dt.date.max, race.name, race.id))

    def find(self, name: str) -> Race:
        """The contest with this id or name, or the only one whose name has all its words.

        Raises `ContestError` where there is none or several.
        """
        races = self.all()
        key = normal_name(name)
        exact = [race for race in races if race.id == name or normal_name(race.name) == key]
        words = set(key.split())
        found = exact or [race for race in races if words and words <= set(normal_name(race.name).split())]
        if not found:
            raise ContestError(f"the ledger has no contest {name!r}; `whipcount contest list` shows them")
        if len(found) > 1:
            several = ", ".join(f"{race.name} ({race.id})" for race in found[:5])
            raise ContestError(f"{name!r} may be {several}; give the id")
        return found[0]

    def add(self, contest: PlannedRace) -> Entered:
        """Enter one contest; raises `ContestError` where it is there already."""
        with self._writing(f"add the contest {contest.race.name}") as connection:
            there = {race.id: race for race in load_races(connection)}
            if contest.race.id in there:
                known = there[contest.race.id]
                raise ContestError(f"the contest is there already: {known.name} ({known.id})")
            return self._enter(connection, [contest])

    def imported(self, contests: Iterable[PlannedRace]) -> Entered:
        """Enter contests and candidates, or what is new of them; whoever is no longer listed stays."""
        with self._writing("import contests") as connection:
            return self._enter(connection, contests)

    def change(self, contest_id: str, **values: Any) -> Entered:
        """Give a contest other values (those of `Race`) and keep its id; what it was stays in the ledger."""
        with self._writing(f"change the contest {contest_id}") as connection:
            there = {race.id: race for race in load_races(connection)}
            if contest_id not in there:
                raise ContestError(f"the ledger has no contest {contest_id!r}")
            changed = replace(there[contest_id], **values)
            if changed.opens and changed.election_day and changed.opens > changed.election_day:
                raise ContestError(f"it can't open on {changed.opens}, after its election day")
            return self._enter(connection, [PlannedRace(changed)])

    def stand(self, contest_id: str, candidate: Planned) -> Entered:
        """Somebody stands in a contest, or with other days or another party than was known."""
        with self._writing(f"enter {candidate.name}") as connection:
            there = {race.id: race for race in load_races(connection)}
            if contest_id not in there:
                raise ContestError(f"the ledger has no contest {contest_id!r}")
            if candidate.entered and candidate.left and candidate.entered > candidate.left:
                raise ContestError(f"{candidate.name} can't have left before entering")
            return self._enter(connection, [PlannedRace(there[contest_id], (candidate,))])

    def remove(self, contest_id: str, name: str) -> Entered:
        """Take out a candidate who was entered by mistake: as if he had never stood."""
        with self._writing(f"take {name} out of {contest_id}") as connection:
            race = next((race for race in load_races(connection) if race.id == contest_id), None)
            one = race.candidate(name) if race else None
            if one is None:
                raise ContestError(f"{name} does not stand in {race.name if race else contest_id}")
            self._candidacy(connection, contest_id, one, withdrawn=True)
            return Entered(changed=1, assigned=self._assign(connection))

    def assign(self) -> int:
        """Look at all evidence anew; how many pieces are about another contest than before."""
        with self._writing("assign evidence to contests") as connection:
            return self._assign(connection)

    def _assign(self, connection: Connection) -> int:
        events = connection.execute(select(EventRow.__table__).order_by(EventRow.number))
        return assign_all(connection, decisions(to_event(row) for row in events), self._clock())

    def _enter(self, connection: Connection, contests: Iterable[PlannedRace]) -> Entered:
        there = {race.id: race for race in load_races(connection)}
        registry: Registry | None = None
        new = changed = same = 0
        for one in contests:
            known = there.get(one.race.id)
            if known is None or replace(one.race, candidacies=()) != replace(known, candidacies=()):
                self._contest(connection, one.race)
                differs = True
            else:
                differs = False
            standing = {c.identity_id: c for c in known.candidacies} if known else {}
            for candidate in one.candidates:
                if registry is None:
                    registry = People(self._engine).load()
                who = self._identity(connection, candidate.name, registry)
                wanted = Candidacy(who.id, who.name, candidate.party, candidate.entered, candidate.left)
                present = standing.get(who.id)
                if present is None or replace(present, name=wanted.name) != wanted:
                    self._candidacy(connection, one.race.id, wanted)
                    differs = True
            new += known is None
            changed += known is not None and differs
            same += not differs
        assigned = self._assign(connection) if new or changed else 0
        return Entered(new, changed, same, assigned)

    def _contest(self, connection: Connection, race: Race) -> None:
        connection.execute(
            insert(ContestRow).values(
                contest_id=race.id, name=race.name, kind=race.kind.value, office=race.office,
                jurisdiction=race.jurisdiction, stage=race.stage.value if race.stage else None, opens=race.opens,
                election_day=race.election_day, added_at=self._clock(),
            )
        )  # fmt: skip

    def _candidacy(
        self, connection: Connection, contest_id: str, one: Candidacy, *, withdrawn: bool = False
    ) -> None:
        connection.execute(
            insert(CandidacyRow).values(
                contest_id=contest_id, identity_id=one.identity_id, party=one.party, entered=one.entered,
                left=one.left, withdrawn=withdrawn, added_at=self._clock(),
            )
        )  # fmt: skip

    def _identity(self, connection: Connection, name: str, registry: Registry) -> Identity:
        """Whom a name or an id of a list means: one of the ledger, one of the registry, else somebody new."""
        columns = (IdentityRow.id, IdentityRow.name, IdentityRow.provisional)
        row = connection.execute(select(*columns).where(IdentityRow.id == name)).first()
        if row is not None:
            return Identity(*row)
        called = registry.called(name)
        if len(called) > 1:
            raise ContestError(
                f"{name} may be {', '.join(f'{e.name} ({e.id})' for e in called[:5])}; give the id"
            )
        one = Identity(called[0].id, called[0].name, provisional=False) if called else by_name(name)
        there = connection.execute(select(*columns).where(IdentityRow.id == one.id)).first()
        if there is not None:
            return Identity(*there)
        connection.execute(insert(IdentityRow).values(**identity_values(one), added_at=self._clock()))
        return one
