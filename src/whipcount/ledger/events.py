"""What people decide about evidence and identities, as events; and what follows from them.

An event is never changed: undoing one is another event, and so is undoing that. `decisions(events)` is
pure, so that the ledger as of any moment is what the events until then make of it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Action(StrEnum):
    """What somebody did, with what `Event.data` holds of it."""

    ACCEPT = "accept"
    """The reading of the evidence is right."""
    REJECT = "reject"
    """It is no position, or not this one; `reason`."""
    CORRECT = "correct"
    """Other values for some `FIELDS` of the evidence, each under its name."""
    ADD = "add"
    """Evidence entered by hand, whose row is the ledger's as well."""
    MERGE = "merge"
    """The identity is the same as that `into` which it goes."""
    SPLIT = "split"
    """Of the identity, the pieces of `evidence` (a list of ids) are another's: `to`, an identity's id."""
    PREVAIL = "prevail"
    """Of reports that can't all hold, this evidence holds; `over` lists the others' ids."""
    NOTE = "note"
    """A remark on any subject; `text`."""
    UNDO = "undo"
    """The event with the number `undoes` no longer counts."""


FIELDS = (
    "endorser", "endorser_kind", "endorsee", "contest", "contest_id", "position", "sourcing", "via",
    "span", "conditions", "said_on",
)  # fmt: skip
"""What a correction can change. `endorser` and `endorsee` are identities' ids; `span` is [start, end] with
`exact`; `conditions` a list of {"exact", "start", "end"}; `said_on` a day as text, or null."""

VERDICTS = frozenset({Action.ACCEPT, Action.REJECT, Action.CORRECT})


@dataclass(frozen=True, slots=True)
class Event:
    """One event as the ledger keeps it; numbers grow with time."""

    number: int
    at: dt.datetime
    by: str
    action: Action
    subject: str
    data: Mapping[str, Any] = field(default_factory=dict)
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one reader last decided on a piece of evidence."""

    action: Action
    by: str
    at: dt.datetime
    number: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What all events in force come to."""

    verdicts: Mapping[str, tuple[Verdict, ...]] = field(default_factory=dict)
    """By evidence: the last verdict of each reader, the latest last."""
    corrections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By evidence: the values that took the place of those read, a later correction over an earlier one."""
    joined: Mapping[str, str] = field(default_factory=dict)
    """By identity: the one under which it goes on, at the end of all merges."""
    moved: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """By evidence and identity: whose it is instead."""
    set_aside: Mapping[str, Verdict] = field(default_factory=dict)
    """By evidence: the decision by which another report prevails over it."""
    by_hand: Mapping[str, Verdict] = field(default_factory=dict)
    """By evidence that was added by hand: who did, while that stands."""
    undone: frozenset[str] = frozenset()
    """Evidence added by hand whose adding was undone."""
    last: int = 0
    """The number of the last event that was taken into account."""

    def identity(self, evidence_id: str, identity_id: str) -> str:
        """Whose a piece of evidence is that was read as an identity's."""
        own = self.moved.get((evidence_id, identity_id), identity_id)
        return self.joined.get(own, own)

    def verdict(self, evidence_id: str) -> Verdict | None:
        """The latest verdict on a piece of evidence."""
        found = self.verdicts.get(evidence_id)
        return found[-1] if found else None


def in_force(events: Sequence[Event]) -> list[Event]:
    """Those that no undoing in force takes back, undoings left out; in their order."""
    taken_back: set[int] = set()
    for event in reversed(events):
        # Only a later event undoes, so whether this one counts is known by now.
        if event.action is Action.UNDO and event.number not in taken_back and event.undoes is not None:
            taken_back.add(event.undoes)
    return [e for e in events if e.number not in taken_back and e.action is not Action.UNDO]


def decisions(events: Iterable[Event]) -> Decisions:
    """What events come to; the same whatever order they are given in."""
    ordered = sorted(events, key=lambda e: e.number)
    verdicts: defaultdict[str, dict[str, Verdict]] = defaultdict(dict)
    corrections: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    into: dict[str, str] = {}
    moved: dict[tuple[str, str], str] = {}
    set_aside: dict[str, Verdict] = {}
    by_hand: dict[str, Verdict] = {}
    for event in in_force(ordered):
        said = Verdict(event.action, event.by, event.at, event.number, str(event.data.get("reason") or ""))
        if event.action in VERDICTS:
            own = verdicts[event.subject]
            own.pop(event.by, None)
            own[event.by] = said
        if event.action is Action.CORRECT:
            corrections[event.subject].update({k: v for k, v in event.data.items() if k != "reason"})
        elif event.action is Action.MERGE:
            target = _end(into, str(event.data["into"]))
            if target != event.subject:
                into[event.subject] = target
        elif event.action is Action.SPLIT:
            moved.update({(str(one), event.subject): str(event.data["to"]) for one in event.data["evidence"]})
        elif event.action is Action.PREVAIL:
            set_aside.pop(event.subject, None)
            set_aside.update({str(one): said for one in event.data["over"] if one != event.subject})
        elif event.action is Action.ADD:
            by_hand[event.subject] = said
    added = {e.subject for e in ordered if e.action is Action.ADD}
    return Decisions(
        verdicts={key: tuple(own.values()) for key, own in verdicts.items()},
        corrections=dict(corrections),
        joined={one: _end(into, one) for one in into},
        moved=moved,
        set_aside=set_aside,
        by_hand=by_hand,
        undone=frozenset(added - by_hand.keys()),
        last=ordered[-1].number if ordered else 0,
    )


def _end(into: Mapping[str, str], one: str) -> str:
    """Where merges lead; a later merge that would close a circle is not followed."""
    seen = {one}
    while one in into and into[one] not in seen:
        one = into[one]
        seen.add(one)
    return one
