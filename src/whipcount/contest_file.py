"""A TOML file of contests with their candidates. Entry: `contest_file`."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whipcount.contests import ContestKind, Race, Stage, race_id
from whipcount.errors import ContestError
from whipcount.toml_file import Keys, load

_KEYS = ("id", "name", "kind", "office", "jurisdiction", "stage", "opens", "election_day", "candidates")
_CANDIDATE = ("name", "party", "entered", "left")
_ID = re.compile(r"c_[A-Za-z0-9_-]{1,38}")


@dataclass(frozen=True, slots=True)
class Planned:
    """A candidate as a user names him: by a name or an id."""

    name: str
    party: str | None = None
    entered: dt.date | None = None
    left: dt.date | None = None


@dataclass(frozen=True, slots=True)
class PlannedRace:
    """A contest as a user describes it; `race` has no candidacies yet."""

    race: Race
    candidates: tuple[Planned, ...] = ()


def planned(
    name: str | None, *, id: str | None = None, kind: ContestKind | None = None, office: str | None = None,  # noqa: A002
    jurisdiction: str | None = None, stage: Stage | None = None, opens: dt.date | None = None,
    election_day: dt.date | None = None, candidates: tuple[Planned, ...] = (), where: str = "the contest",
) -> PlannedRace:  # fmt: skip
    """A contest from what a user gave, checked; a measure or a vote without candidates stands for itself."""
    kind = kind or ContestKind.OFFICE
    if kind is ContestKind.OFFICE and not office:
        raise ContestError(f"{where} needs an office")
    about = office or name
    if about is None:
        raise ContestError(f"{where} needs a name")
    if opens and election_day and opens > election_day:
        raise ContestError(f"{where}: it opens on {opens}, after its election day")
    if id is not None and not _ID.fullmatch(id):
        raise ContestError(f"{where}: an id is c_ and up to 38 letters, digits, - or _, not {id!r}")
    for one in candidates:
        if one.entered and one.left and one.entered > one.left:
            raise ContestError(f"{where}: {one.name} left before entering")
    if kind is not ContestKind.OFFICE and not candidates:
        candidates = (Planned(about),)
    words = [about, jurisdiction and f"of {jurisdiction}", election_day and str(election_day.year)]
    called = name or " ".join(word for word in words if word) + (f", {stage}" if stage else "")
    made = id or race_id(kind, about, jurisdiction, stage, election_day)
    race = Race(made, called, kind, office, jurisdiction, stage, opens, election_day)
    return PlannedRace(race, candidates)


def contest_file(path: Path) -> list[PlannedRace]:
    """The contests of a file in its order; raises `ContestError` with what is wrong in it."""
    top = Keys(load(path), str(path), ("contests",))
    items = top.tables("contests")
    if not items:
        raise ContestError(f"{path} lists no contests; each is a [[contests]] with its office or name")
    found: dict[str, PlannedRace] = {}
    for number, item in enumerate(items, 1):
        one = _contest(item, f"{path}: contest {number}")
        if one.race.id in found:
            raise ContestError(
                f"{path}: contest {number} is the same as {found[one.race.id].race.name!r} (office, jurisdiction, "
                "stage and day); list all its candidates there, or give each an id"
            )
        found[one.race.id] = one
    return list(found.values())


def _contest(item: Any, where: str) -> PlannedRace:
    keys = Keys(item, where, _KEYS)
    candidates = tuple(
        _candidate(one, f"{where}, candidate {number}")
        for number, one in enumerate(keys.tables("candidates"), 1)
    )
    return planned(
        keys.text("name"),
        id=keys.text("id"),
        kind=keys.choice("kind", ContestKind),
        office=keys.text("office"),
        jurisdiction=keys.text("jurisdiction"),
        stage=keys.choice("stage", Stage),
        opens=keys.day("opens"),
        election_day=keys.day("election_day"),
        candidates=candidates,
        where=where,
    )


def _candidate(item: Any, where: str) -> Planned:
    if isinstance(item, str):
        item = {"name": item}
    keys = Keys(item, where, _CANDIDATE)
    return Planned(keys.needed("name"), keys.text("party"), keys.day("entered"), keys.day("left"))
