"""What was added to the ledger, step by step, and whose standings each step may have moved.

Entries: `steps_of` for notes, `Touched.find` for a step. What `recorder` begins with.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, or_, select

from whipcount.ledger import copies
from whipcount.ledger.desk_models import AssignmentRow
from whipcount.ledger.events import Action, Event
from whipcount.ledger.models import ArticleRow, EvidenceRow, SupersessionRow

_MANY = 500
"""Ids in one question."""


@dataclass(slots=True)
class Step:
    """What was added at one moment: an article with all it brought, one decision, or a contest's evidence."""

    at: dt.datetime
    notes: list[Any]
    cause: dict[str, Any] = field(default_factory=dict)
    endorsers: set[str] = field(default_factory=set)
    """Whose standings it may have moved."""
    anybody: set[str] = field(default_factory=set)
    """Identities on whom it may have moved standings of others, too."""

    @property
    def last(self) -> int:
        """The number of its last note."""
        return max(int(note.number) for note in self.notes)

    @property
    def plain(self) -> bool:
        """Whether it only added evidence."""
        return all(note.what == "evidence" for note in self.notes)


def steps_of(notes: Iterable[Any], events: Sequence[Event]) -> list[Step]:
    """Notes put together to what was added at once, in their order."""
    by_number = {event.number: event for event in events}
    found: list[Step] = []
    for note in notes:
        last = found[-1] if found else None
        if last is not None and _goes_on(last, note, by_number):
            last.notes.append(note)
        else:
            found.append(Step(note.at, [note]))
    for step in found:
        step.cause = _cause(step, by_number)
        step.at = max(note.at for note in step.notes)
    return found


def _goes_on(step: Step, note: Any, events: dict[int, Event]) -> bool:
    before = step.notes[-1]
    if note.what == "events":
        # Evidence that somebody enters comes just before the event that says who.
        event = events[int(note.subject)]
        return event.action is Action.ADD and before.what == "evidence" and before.subject == event.subject
    if note.at != before.at or before.what == "events":
        return False
    articles = {one.article_id for one in step.notes} - {None}
    return note.article_id is None or not articles or note.article_id in articles


def _cause(step: Step, events: dict[int, Event]) -> dict[str, Any]:
    if numbers := [int(note.subject) for note in step.notes if note.what == "events"]:
        return {"kind": "event", "id": str(numbers[-1]), "action": events[numbers[-1]].action.value}
    if articles := [note.article_id for note in step.notes if note.article_id]:
        return {"kind": "article", "id": articles[0]}
    if pages := [note.subject for note in step.notes if note.what == "supersessions"]:
        return {"kind": "article", "id": pages[0]}
    return {"kind": "assignment", "id": step.notes[-1].subject}


class Touched:
    """Says whose standings a step may have moved: rather too many than too few, as all are compared."""

    def __init__(self, connection: Connection, events: Sequence[Event]) -> None:
        self._connection = connection
        self._events = {event.number: event for event in events}
        self._corrected: defaultdict[str, set[str]] = defaultdict(set)
        """By evidence: whom corrections, in force or not, put in the endorser's place."""
        self._linked: defaultdict[str, set[str]] = defaultdict(set)
        """By identity: those that merges and splits, in force or not, bring together with it."""
        for event in events:
            if event.action is Action.CORRECT and "endorser" in event.data:
                self._corrected[event.subject].add(str(event.data["endorser"]))
            if other := event.data.get("into") or event.data.get("to"):
                self._linked[event.subject].add(str(other))
                self._linked[str(other)].add(event.subject)

    def find(self, step: Step) -> None:
        """Fill in whom it touches."""
        evidence: set[str] = set()
        articles: set[str] = set()
        assignments: list[int] = []
        for note in step.notes:
            if note.what == "evidence":
                evidence.add(note.subject)
            elif note.what == "assignments":
                assignments.append(int(note.subject))
            elif note.what == "supersessions":
                articles |= self._versions(note.subject)
            elif note.what == "story_joins":
                articles |= self._copies(note.subject)
            else:
                event = self._decision(int(note.subject))
                if event.action in {Action.MERGE, Action.SPLIT}:
                    step.anybody |= self._together({event.subject})
                evidence |= {event.subject, *map(str, event.data.get("over", ()))}
        evidence |= self._assigned(assignments)
        step.endorsers = self._together(self._who(evidence, articles)) | step.anybody

    def _assigned(self, numbers: Sequence[int]) -> set[str]:
        """The evidence that assignments put into contests."""
        found: set[str] = set()
        for start in range(0, len(numbers), _MANY):
            query = select(AssignmentRow.evidence_id).where(
                AssignmentRow.number.in_(numbers[start : start + _MANY])
            )
            found |= set(self._connection.scalars(query))
        return found

    def _decision(self, number: int) -> Event:
        """The decision that an event takes, takes back or brings back."""
        event = self._events[number]
        while event.action is Action.UNDO and event.undoes is not None:
            event = self._events[event.undoes]
        return event

    def _who(self, evidence: set[str], articles: set[str]) -> set[str]:
        """Whose evidence it is, as read and as corrected at any time."""
        found: set[str] = set()
        for column, ids in ((EvidenceRow.id, sorted(evidence)), (EvidenceRow.article_id, sorted(articles))):
            for start in range(0, len(ids), _MANY):
                query = select(EvidenceRow.id, EvidenceRow.endorser_id).where(
                    column.in_(ids[start : start + _MANY])
                )
                for row in self._connection.execute(query):
                    found |= {row.endorser_id} | self._corrected[row.id]
        return found

    def _together(self, identities: set[str]) -> set[str]:
        found, latest = set(identities), set(identities)
        while latest:
            latest = {other for one in latest for other in self._linked.get(one, ())} - found
            found |= latest
        return found

    def _versions(self, article_id: str) -> set[str]:
        """The versions of a page around one of them."""
        found, latest = {article_id}, {article_id}
        while latest:
            query = select(SupersessionRow.id, SupersessionRow.newer_id).where(
                or_(SupersessionRow.id.in_(latest), SupersessionRow.newer_id.in_(latest))
            )
            latest = {one for row in self._connection.execute(query) for one in row} - found
            found |= latest
        return found

    def _copies(self, story: str) -> set[str]:
        """The articles of a story and of all that are one with it."""
        root = copies.root(self._connection, story)
        stories = copies.joined(self._connection, root)
        return set(self._connection.scalars(select(ArticleRow.id).where(ArticleRow.story.in_(stories))))
