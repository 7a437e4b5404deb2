"""Fills the stream of changes: what each addition and each decision made of the standings.

Entry: `Recorder.catch_up`. Triggers of the store note whatever is added, by whomever; a pass takes the notes
in their order, compares the standings of the endorsers that each touches with what was last recorded of them,
and keeps the differences. Changes and the mark of how far it came are one transaction: a pass that is killed
has done nothing, and what two processes pass over is recorded once.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select

from whipcount.additions import Step, Touched, steps_of
from whipcount.changes import Move, Pair
from whipcount.ledger.desk_models import EventRow
from whipcount.ledger.events import decisions
from whipcount.ledger.evidence import Evidence
from whipcount.ledger.opened import Opened
from whipcount.ledger.queries import Wanted, read_evidence
from whipcount.ledger.reviews import to_event
from whipcount.ledger.stream import Recorded, WantedChanges, behind, endorsers_of, last_of, to_recorded
from whipcount.ledger.stream_models import ChangePassRow, ChangeRow, DeliveryRow, NoteRow, WebhookRow
from whipcount.standing import Standing, standings, visible

DETAIL = "detail"
"""The stand is the same, and what is known of it is not."""
_COMPARED = ("position", "since", "sourcing", "conditions")
_NOTES, _AT_ONCE = 5_000, 500
"""Notes that one pass takes, and articles whose evidence is read together."""


class Recorder(Opened):
    """Records changes; `Recorder(ledger.engine)` shares a ledger's database."""

    def catch_up(self) -> int:
        """Look at all that was added since the last time; returns how many changes that came to."""
        found = 0
        while True:
            with self._reading() as connection:
                if not behind(connection):
                    return found
            with self._writing("record what has changed") as connection:
                found += self._pass(connection)

    def _pass(self, connection: Connection) -> int:
        done = connection.scalar(select(func.max(ChangePassRow.note))) or 0
        query = select(NoteRow.__table__).where(NoteRow.number > done).order_by(NoteRow.number)
        notes = connection.execute(query.limit(_NOTES + 1)).all()
        if not notes:
            return 0
        work = _Pass(connection, notes)
        kept = work.run()
        now = self._clock()
        _send(connection, kept, now)
        connection.execute(insert(ChangePassRow).values(note=work.until, at=now))
        return len(kept)


class _Pass:
    """One pass over some notes."""

    def __init__(self, connection: Connection, notes: Sequence[Any]) -> None:
        self._connection = connection
        rows = connection.execute(select(EventRow.__table__).order_by(EventRow.number))
        self._events = [to_event(row) for row in rows]
        self._steps = steps_of(notes, self._events)
        self._drained = len(notes) <= _NOTES
        if not self._drained and len(self._steps) > 1:
            self._steps.pop()  # its notes may go on beyond those that were read
        self.until: int = max(step.last for step in self._steps)
        self._came = {note.subject: int(note.number) for note in notes if note.what == "evidence"}
        """By evidence that was added in this pass: the number of its note."""
        self._last: dict[Pair, Recorded] = {}
        """The last change of each standing of those in `_loaded`."""
        self._loaded: set[str] = set()
        self._found: list[Recorded] = []

    def run(self) -> list[Recorded]:
        """Compare step by step, and in the end with all that is there; returns what was kept."""
        touched = Touched(self._connection, self._events)
        for step in self._steps:
            touched.find(step)
        # The last step is not yet past: what it left is what is there.
        steps = self._steps[:-1] if self._drained else self._steps
        batch: list[Step] = []
        for step in steps:
            if batch and not (step.plain and batch[-1].plain and len(batch) < _AT_ONCE):
                self._compare(batch)
                batch = []
            batch.append(step)
        if batch:
            self._compare(batch)
        if self._drained:
            self._compare_now()
        if not self._found:
            return []
        query = insert(ChangeRow).returning(ChangeRow.__table__, sort_by_parameter_order=True)
        return [
            to_recorded(row)
            for row in self._connection.execute(query, [_values(change) for change in self._found])
        ]

    def _compare(self, steps: Sequence[Step]) -> None:
        """Steps that only added evidence, or a single one of another kind, each with what was known after it."""
        evidence = self._evidence(steps, known_by=steps[-1].at)
        # What was added together bears one moment: what came later is told by the order of the notes.
        for step in steps:
            there = [
                e
                for e in evidence
                if e.endorser.id in step.endorsers and self._came.get(e.id, 0) <= step.last
            ]
            self._differences(step, step.endorsers, there)

    def _compare_now(self) -> None:
        """What all steps left. Moments are only as good as the clocks, and by them something may have been missed."""
        evidence: defaultdict[str, list[Evidence]] = defaultdict(list)
        for one in self._evidence(self._steps, known_by=None):
            evidence[one.endorser.id].append(one)
        last_step = {one: number for number, step in enumerate(self._steps) for one in step.endorsers}
        for number, step in enumerate(self._steps):
            own = {one for one in step.endorsers if last_step[one] == number}
            self._differences(step, own, [e for one in own for e in evidence[one]])

    def _evidence(self, steps: Sequence[Step], known_by: dt.datetime | None) -> list[Evidence]:
        """All evidence of those whom steps touch, as it was known at a moment."""
        if known_by is None:
            decided = decisions(self._events)
        else:
            last = max((int(n.subject) for n in steps[-1].notes if n.what == "events"), default=0)
            decided = decisions(e for e in self._events if e.number <= last or e.at <= known_by)
        for step in steps:
            if step.anybody:
                about = Wanted(about=sorted(step.anybody), known_by=known_by)
                on_them = read_evidence(self._connection, decided, about)
                step.endorsers |= {e.endorser.id for e in on_them}
                step.endorsers |= endorsers_of(self._connection, step.anybody)
        touched = {one for step in steps for one in step.endorsers}
        wanted = Wanted(about=sorted(touched), known_by=known_by)
        found = read_evidence(self._connection, decided, wanted)
        return [e for e in found if e.endorser.id in touched]

    def _differences(self, step: Step, endorsers: set[str], evidence: Sequence[Evidence]) -> None:
        self._load(endorsers)
        now = {(s.endorser.id, s.endorsee.id, s.contest, s.contest_id): s for s in standings(evidence)}
        counting = {
            (e.endorser.id, e.endorsee.id, e.contest, e.contest_id, e.id)
            for e in evidence
            if visible(e, None)
        }
        pairs = now.keys() | {pair for pair in self._last if pair[0] in endorsers}
        for pair in sorted(pairs, key=lambda p: (p[0], p not in now, p[1], p[2], p[3] or "")):
            last, standing = self._last.get(pair), now.get(pair)
            old, new = last.new if last else None, _snapshot(standing) if standing else None
            if _told(old) == _told(new):
                continue
            shown = standing or last
            assert shown is not None
            holds = old is not None and (*pair, old["best"]) in counting
            change = Recorded(
                0, step.at, shown.endorser, shown.endorser_kind, shown.endorsee, pair[2], pair[3],
                _kind(last, new, holds=holds), old, new, step.cause,
            )  # fmt: skip
            self._found.append(change)
            self._last[pair] = change

    def _load(self, endorsers: set[str]) -> None:
        """What was last recorded of some endorsers."""
        for change in last_of(self._connection, endorsers - self._loaded):
            self._last[change.endorser.id, change.endorsee.id, change.contest, change.contest_id] = change
        self._loaded |= endorsers


def _snapshot(standing: Standing) -> dict[str, Any]:
    """What a change tells of a standing before and after."""
    best = standing.best
    return {
        "position": standing.position.value,
        "since": standing.since.isoformat() if standing.since else None,
        "last_said": standing.last_said.isoformat() if standing.last_said else None,
        "sourcing": best.sourcing.value,
        "via": best.via,
        "conditions": list(standing.conditions),
        "independent_reports": standing.independent_reports,
        "confidence": round(standing.confidence, 4),
        "best": best.id,
    }


def _told(snapshot: Any) -> list[Any] | None:
    return None if snapshot is None else [snapshot[name] for name in _COMPARED]


def _kind(last: Recorded | None, new: dict[str, Any] | None, *, holds: bool) -> str:
    """What kind of change it is; `holds`: what the old standing rested on still counts."""
    old = last.new if last else None
    if new is None:
        return Move.LAPSED if holds else Move.CORRECTION
    if last is None:
        return Move.WITHDRAWN if new["position"] == "withdrawn" else Move.FIRST
    if old is not None and old["position"] == new["position"]:
        return DETAIL
    if old is not None and not holds:
        return Move.CORRECTION
    return Move.WITHDRAWN if new["position"] == "withdrawn" else Move.SWITCH


def _values(change: Recorded) -> dict[str, Any]:
    return {
        "at": change.at,
        "endorser_id": change.endorser.id,
        "endorser_name": change.endorser.name,
        "endorser_kind": change.endorser_kind.value,
        "endorsee_id": change.endorsee.id,
        "endorsee_name": change.endorsee.name,
        "contest": change.contest.value,
        "contest_id": change.contest_id,
        "kind": str(change.kind),
        "old": change.old,
        "new": change.new,
        "cause": change.cause,
    }


def _send(connection: Connection, changes: Sequence[Recorded], now: dt.datetime) -> None:
    """Put changes on their way to all webhooks that want them."""
    hooks = connection.execute(
        select(WebhookRow.id, WebhookRow.filters).where(WebhookRow.removed_at.is_(None))
    )
    due = [
        {"webhook_id": hook.id, "change": change.number, "state": "due", "tries": 0, "due_at": now, "added_at": now}
        for hook in hooks.all()
        for change in changes
        if WantedChanges.from_json(hook.filters).fits(change)
    ]  # fmt: skip
    if due:
        connection.execute(insert(DeliveryRow), due)
