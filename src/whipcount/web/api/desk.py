"""The review queue and decisions: for tokens with the scope `review`."""

from typing import Annotated, Any, Literal

from fastapi import HTTPException, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from whipcount import api_models as models
from whipcount.article import Contest, Kind, Sourcing, Span, Stand
from whipcount.errors import Decided
from whipcount.ledger.events import Action, Event
from whipcount.ledger.reviews import Reviews
from whipcount.publish.json import evidence_json
from whipcount.review import Item, Why, queue, read_desk
from whipcount.web.api import cursors
from whipcount.web.api.answers import ID, CursorQ, LimitQ, problems, router
from whipcount.web.api.changes import LiveDep
from whipcount.web.deps import LedgerDep, ReviewerDep

desk = router("Review")
Given = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
KeyF = Annotated[
    str | None,
    Field(pattern=r"^[A-Za-z0-9_.-]{8,64}$", description="Chosen by you: the same again is kept once."),
]


class Decision(BaseModel):
    """A decision on evidence or an identity."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "action": "correct",
                    "subject": "a_0c1d2e3f4a5b6c7d8e9f0a1b.e0",
                    "data": {"position": "withholding"},
                    "seen": 0,
                }
            ]
        },
    )

    action: Literal["accept", "reject", "correct", "merge", "split", "prevail", "note"]
    subject: Annotated[str, Field(pattern=ID, description="The id of the evidence or the identity.")]
    data: dict[str, Any] = Field(
        default={}, description="What the action needs: see the reference of `whipcount review`."
    )
    seen: Annotated[int | None, Field(ge=0, le=2**62, description="`seen` of the queue's item.")] = None
    key: KeyF = None


class NewEvidence(BaseModel):
    """Evidence entered by hand, with the exact stretch of its article."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "article": "a_0c1d2e3f4a5b6c7d8e9f0a1b",
                    "endorser": "Ada Brook",
                    "endorsee": "Cy Dunmore",
                    "position": "endorsed",
                    "sourcing": "own_words",
                    "start": 21,
                    "end": 50,
                }
            ]
        },
    )

    article: Annotated[str, Field(pattern=ID)]
    endorser: Given
    endorsee: Given
    position: Stand
    sourcing: Sourcing
    start: Annotated[int, Field(ge=0, le=2**31, description="Of the sentence, in code points.")]
    end: Annotated[int, Field(ge=1, le=2**31)]
    endorser_kind: Kind = Kind.PERSON
    contest: Contest = Contest.CURRENT
    via: Given | None = None
    key: KeyF = None


@desk.get("/review/queue", summary="What waits for a reader", responses=problems(403))
def waiting(
    ledger: LedgerDep,
    viewer: ReviewerDep,
    kind: Annotated[list[Why], Query(description="Only questions of these kinds.")] = [],  # noqa: B006 - never changed
    limit: Annotated[int, Query(ge=1, le=200, description="Items in one answer.")] = 20,
) -> models.Listing[models.QueueItem]:
    """The most pressing first, without what you have decided."""
    found = queue(read_desk(ledger), limit, viewer.name, kinds=tuple(kind) or tuple(Why))
    return models.Listing(items=[_item(one) for one in found])


def _item(one: Item) -> models.QueueItem:
    return models.QueueItem(
        kind=one.kind.value,
        subject=one.subject,
        title=one.title,
        why=list(one.why),
        weight=round(one.weight, 6),
        seen=one.seen,
        evidence=models.Evidence.model_validate(evidence_json(one.evidence)) if one.evidence else None,
        others=[models.Evidence.model_validate(evidence_json(other)) for other in one.others],
    )


@desk.post("/review/decisions", status_code=201, summary="Decide", responses=problems(400, 403, 409, 413))
def decide(ledger: LedgerDep, live: LiveDep, viewer: ReviewerDep, decision: Decision) -> models.Event:
    """Keeps a decision. Somebody else's that you have not seen is not run over: 409."""
    try:
        event = Reviews(ledger.engine).record(
            Action(decision.action),
            decision.subject,
            viewer.name or "",
            decision.data,
            seen=decision.seen,
            key=decision.key,
        )
    except Decided as error:
        raise HTTPException(409, str(error)) from None
    live.kick()
    return _event(event)


@desk.post(
    "/review/evidence", status_code=201, summary="Enter evidence by hand", responses=problems(400, 403, 413)
)
def enter(ledger: LedgerDep, live: LiveDep, viewer: ReviewerDep, given: NewEvidence) -> models.Event:
    """The event's subject is the id of the new evidence. Names that nobody has become identities."""
    event = Reviews(ledger.engine).add(
        given.article,
        viewer.name or "",
        endorser=given.endorser,
        endorsee=given.endorsee,
        position=given.position,
        sourcing=given.sourcing,
        span=Span(given.start, given.end),
        endorser_kind=given.endorser_kind,
        contest=given.contest,
        via=given.via,
        key=given.key,
    )
    live.kick()
    return _event(event)


@desk.post(
    "/review/decisions/{number}/undo",
    status_code=201,
    summary="Take a decision back",
    responses=problems(403),
)
def undo(
    ledger: LedgerDep, live: LiveDep, viewer: ReviewerDep, number: Annotated[int, Path(ge=1, le=2**62)]
) -> models.Event:
    """Whoever's it was; it stays in the history."""
    event = Reviews(ledger.engine).undo(number, viewer.name or "")
    live.kick()
    return _event(event)


@desk.get("/review/decisions", summary="All decisions, the earliest first", responses=problems(403))
def decisions(
    ledger: LedgerDep,
    viewer: ReviewerDep,
    subject: Annotated[
        str | None, Query(pattern=ID, description="Only on this evidence or identity.")
    ] = None,
    limit: LimitQ = 100,
    cursor: CursorQ = None,
) -> models.Listing[models.Event]:
    """Undone ones and undoings too."""
    del viewer
    after = 0 if cursor is None else int(cursors.decode("decisions", cursor, (int,))[0])
    found = Reviews(ledger.engine).events(subject, after)
    page = cursors.paged(
        found, lambda one: (one.number,), listing="decisions", kinds=(int,), cursor=cursor, limit=limit
    )
    return models.Listing(items=[_event(one) for one in page.items], next=page.next)


def _event(one: Event) -> models.Event:
    return models.Event(
        number=one.number,
        at=one.at,
        by=one.by,
        action=one.action.value,
        subject=one.subject,
        data=dict(one.data),
        undoes=one.undoes,
    )
