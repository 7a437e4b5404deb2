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
    """A remark on any subject; `text`. With `request` true it asks for a correction, and `answers` is the number
    of the request that it answers."""
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
    corrected: Mapping[str, Verdict] = field(default_factory=dict)
    """By evidence: the latest correction of it."""
    set_aside: Mapping[str, Verdict] = field(default_factory=dict)
    """By evidence: the decision by which another report prevails over it, while that one counts."""
    by_hand: Mapping[str, Verdict] = field(default_factory=dict)
    """By evidence that was added by hand: who did, while that stands."""
    undone: Mapping[str, Verdict] = field(default_factory=dict)
    """By evidence that was added by hand: who took that back."""
    seen: Mapping[str, int] = field(default_factory=dict)
    """By subject: the number of the last event on it, undoings among them."""
    last: int = 0
    """The number of the last event that was taken into account."""

    def identity(self, evidence_id: str, identity_id: str) -> str:
        """Whose a piece of evidence is that was read as an identity's."""
        own = self.moved.get((evidence_id, identity_id), identity_id)
        return self.joined.get(own, own)

    def waits(self, evidence_id: str, *, unclear: bool) -> bool:
        """Whether a piece of evidence does not count yet: it is unclear, and nobody has decided on it."""
        return unclear and evidence_id not in self.verdicts

    def verdict(self, evidence_id: str) -> Verdict | None:
        """The latest verdict on a piece of evidence."""
        found = self.verdicts.get(evidence_id)
        return found[-1] if found else None


def undone_by(events: Sequence[Event], number: int) -> Event | None:
    """The event in force that took another back; None while that counts. All events on its subject are needed."""
    return _taken_back(events).get(number)


def _taken_back(events: Sequence[Event]) -> dict[int, Event]:
    """By number: the event in force that undoes an event."""
    found: dict[int, Event] = {}
    for event in reversed(events):
        # Only a later event undoes, so whether this one counts is known by now.
        if event.action is Action.UNDO and event.number not in found and event.undoes is not None:
            found[event.undoes] = event
    return found


def in_force(events: Sequence[Event]) -> list[Event]:
    """Those that no undoing in force takes back, undoings left out; in their order."""
    taken_back = _taken_back(events)
    return [e for e in events if e.number not in taken_back and e.action is not Action.UNDO]


def decisions(events: Iterable[Event]) -> Decisions:
    """What events come to; the same whatever order they are given in."""
    ordered = sorted(events, key=lambda e: e.number)
    verdicts: defaultdict[str, dict[str, Verdict]] = defaultdict(dict)
    corrections: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    corrected: dict[str, Verdict] = {}
    into: dict[str, str] = {}
    moved: dict[tuple[str, str], str] = {}
    set_aside: dict[str, tuple[str, Verdict]] = {}
    by_hand: dict[str, Verdict] = {}
    for event in in_force(ordered):
        said = _verdict(event)
        if event.action in VERDICTS:
            own = verdicts[event.subject]
            own.pop(event.by, None)
            own[event.by] = said
        if event.action is Action.CORRECT:
            corrections[event.subject].update({k: v for k, v in event.data.items() if k != "reason"})
            corrected[event.subject] = said
            for role in ("endorser", "endorsee"):
                # A correction is the later word on whose the evidence is.
                moved.pop((event.subject, str(event.data.get(role))), None)
        elif event.action is Action.MERGE:
            # Who is the same as one of a group is the same as all of it, whichever of its ids is named.
            one, target = _end(into, event.subject), _end(into, str(event.data["into"]))
            if one != target:
                into[one] = target
        elif event.action is Action.SPLIT:
            # The evidence was shown under the group's id, and may have been read as any of its members.
            group = _group(into, event.subject)
            for evidence in event.data["evidence"]:
                moved.update({(str(evidence), member): str(event.data["to"]) for member in group})
        elif event.action is Action.PREVAIL:
            set_aside.pop(event.subject, None)
            for other in event.data["over"]:
                if other != event.subject:
                    set_aside[str(other)] = (event.subject, said)
        elif event.action is Action.ADD:
            by_hand[event.subject] = said
    undone = _undone(ordered, by_hand)
    counts = {key: next(reversed(own.values())) for key, own in verdicts.items()}
    return Decisions(
        verdicts={key: tuple(own.values()) for key, own in verdicts.items()},
        corrections=dict(corrections),
        corrected=corrected,
        joined={one: _end(into, one) for one in into},
        moved=moved,
        set_aside={
            key: said
            for key, (winner, said) in set_aside.items()
            if winner not in undone and not (winner in counts and counts[winner].action is Action.REJECT)
        },
        by_hand=by_hand,
        undone=undone,
        seen={event.subject: event.number for event in ordered},
        last=ordered[-1].number if ordered else 0,
    )


def _verdict(event: Event) -> Verdict:
    return Verdict(event.action, event.by, event.at, event.number, str(event.data.get("reason") or ""))


def _undone(ordered: Sequence[Event], by_hand: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """Evidence whose adding does not count any more, with the undoing."""
    back = _taken_back(ordered)
    return {
        e.subject: _verdict(back[e.number])
        for e in ordered
        if e.action is Action.ADD and e.subject not in by_hand
    }


def _end(into: Mapping[str, str], one: str) -> str:
    """Where merges lead."""
    while one in into:
        one = into[one]
    return one


def _group(into: Mapping[str, str], one: str) -> list[str]:
    """All identities that are the same as one by now."""
    end = _end(into, one)
    return [end, *(other for other in into if _end(into, other) == end)]
