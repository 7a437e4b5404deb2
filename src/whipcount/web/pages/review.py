"""The review queue, an item a screen: accept, reject, correct, note, undo.

Everything works as plain forms; `static/review.js` adds the keys and correcting by selecting text.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from whipcount.article import Contest, Kind, Sourcing, Span, Stand
from whipcount.errors import Decided, ReviewError
from whipcount.ledger import Evidence, Ledger
from whipcount.ledger.events import Action, Event, in_force
from whipcount.ledger.review_reads import ReviewReads
from whipcount.ledger.reviews import Reviews
from whipcount.review import Item, Why
from whipcount.web.corrections import correction
from whipcount.web.deps import LedgerDep, ReviewerDep
from whipcount.web.marked import Piece, context, pieces
from whipcount.web.rendering import page
from whipcount.web.review_queue import Waiting

router = APIRouter(prefix="/review", include_in_schema=False)

_TRAIL = 30
"""How many of one's own decisions can be undone one after the other."""


async def _form(request: Request) -> dict[str, str]:
    # FastAPI names each field of a form it knows; a correction has many, and all are checked where they are used.
    return {key: value for key, value in (await request.form()).items() if isinstance(value, str)}


def _waiting(request: Request) -> Waiting:
    found = request.app.state.waiting
    assert isinstance(found, Waiting)
    return found


FormDep = Annotated[dict[str, str], Depends(_form)]
WaitingDep = Annotated[Waiting, Depends(_waiting)]


@dataclass(frozen=True, slots=True)
class Way:
    """Where the reviewer is: what kinds are asked for, and the numbers of their last decisions."""

    only: str = ""
    trail: tuple[int, ...] = ()

    def url(self, path: str = "") -> str:
        """A page of the queue, on the same way."""
        given = {"only": self.only, "trail": ",".join(map(str, self.trail))}
        query = urlencode({key: value for key, value in given.items() if value})
        return f"/review{path}" + (f"?{query}" if query else "")

    def to(self, item: Item | None) -> str:
        """The page of an item; the queue's for none."""
        return self.url(f"/{item.kind.value}/{quote(item.subject, safe='')}" if item else "")

    def after(self, number: int) -> "Way":
        """The way after one more decision."""
        return Way(self.only, (*self.trail, number)[-_TRAIL:])


def way(only: str = "", trail: str = "") -> Way:
    """The way from a query or a form; what makes no sense is left out."""
    numbers = tuple(int(one) for one in trail.split(",")[-_TRAIL:] if one.isdecimal() and len(one) < 16)
    return Way(only if only in set(Why) else "", numbers)


WayDep = Annotated[Way, Depends(way)]


@router.get("")
def begin(viewer: ReviewerDep, waiting: WaitingDep, where: WayDep, request: Request) -> Response:
    """On to the first item."""
    if first := waiting.take(viewer.name or "", _items(waiting, viewer.name, where)):
        return RedirectResponse(where.to(first), 303)
    return page(request, "review_empty.html", way=where, last=_last(request, where))


@router.get("/{kind}/{subject}")
def look(
    kind: Why, subject: str, request: Request, ledger: LedgerDep, viewer: ReviewerDep, waiting: WaitingDep,
    where: WayDep,
) -> Response:  # fmt: skip
    """One item."""
    items = _items(waiting, viewer.name, where)
    item = _item(ledger, items, kind, subject)
    waiting.looks(viewer.name or "", item)
    return _show(request, ledger, item, items, where)


@router.post("/undo")
def undo(ledger: LedgerDep, viewer: ReviewerDep, waiting: WaitingDep, form: FormDep) -> Response:
    """Take a decision back, and look at what it was about again."""
    where = way(form.get("only", ""), form.get("trail", ""))
    number = form.get("number", "")
    if not number.isdecimal() or viewer.name is None:
        raise HTTPException(422, "There is no such decision.")
    event = Reviews(ledger.engine).undo(int(number), viewer.name, key=_key(form, "undo", number))
    waiting.forget(viewer.name)
    rest = Way(where.only, tuple(one for one in where.trail if one != int(number)))
    if ledger.evidence(ids=[event.subject]):
        return RedirectResponse(rest.url(f"/{Why.EVIDENCE.value}/{quote(event.subject, safe='')}"), 303)
    return RedirectResponse(rest.url(), 303)


@router.post("/{kind}/{subject}")
def decide(
    kind: Why, subject: str, request: Request, ledger: LedgerDep, viewer: ReviewerDep, waiting: WaitingDep,
    form: FormDep,
) -> Response:  # fmt: skip
    """Keep a decision, and go on to the next item."""
    where = way(form.get("only", ""), form.get("trail", ""))
    assert viewer.name is not None
    items = _items(waiting, viewer.name, where)
    item = _item(ledger, items, kind, subject)
    try:
        event = _record(ledger, viewer.name, item, form)
    except (Decided, ReviewError) as error:
        waiting.forget(viewer.name)
        again = _item(ledger, _items(waiting, viewer.name, where), kind, subject)
        late = isinstance(error, Decided)
        return _show(request, ledger, again, items, where, str(error), 409 if late else 422, form, late=late)
    onwards = where.after(event.number)
    if event.action is Action.NOTE and "answers" not in event.data:
        waiting.forget(viewer.name)
        return RedirectResponse(onwards.to(item), 303)
    return RedirectResponse(onwards.to(waiting.take(viewer.name, _rest(items, item))), 303)


def _record(ledger: Ledger, by: str, item: Item, form: dict[str, str]) -> Event:
    reviews = Reviews(ledger.engine)
    subject, data = item.subject, dict[str, Any]()
    try:
        action = Action(form.get("action", ""))
    except ValueError:
        raise ReviewError("say what you decide: accept, reject or correct") from None
    seen = form.get("seen", "")
    if action is Action.NOTE:
        data["text"] = form.get("text", "")
        if form.get("answers", "").isdecimal():
            data["answers"] = int(form["answers"])
    elif action is Action.CORRECT:
        one = _evidence(item)
        data = correction(one, ledger.article(one.article.id).text, form, reviews.identity)
    elif action is Action.PREVAIL:
        subject = form.get("winner", "") or subject
        data["over"] = [one for one in form.get("sides", "").split(",") if one and one != subject]
    elif action is Action.MERGE:
        data["into"] = reviews.identity(form.get("into", ""))
    if form.get("reason", "").strip():
        data["reason"] = form["reason"].strip()
    given = hashlib.sha256(repr(sorted(data.items())).encode()).hexdigest()
    return reviews.record(
        action, subject, by, data,
        seen=int(seen) if seen.isdecimal() and action is not Action.NOTE else None,
        key=_key(form, action.value, subject, given),
    )  # fmt: skip


def _key(form: dict[str, str], *what: str) -> str:
    # The same form sent twice is one decision; another decision from the same page, after going back, is another.
    return hashlib.sha256("\n".join((form.get("key", "") or secrets.token_hex(), *what)).encode()).hexdigest()


def _items(waiting: Waiting, reader: str | None, where: Way) -> list[Item]:
    assert reader is not None
    found = waiting.items(reader)
    return [item for item in found if item.kind.value == where.only] if where.only else found


def _item(ledger: Ledger, items: list[Item], kind: Why, subject: str) -> Item:
    """The item, or any evidence as one of its own: also what is decided can be looked at again."""
    for item in items:
        if item.kind is kind and item.subject == subject:
            return item
    found = ledger.evidence(ids=[subject])
    if not found:
        raise HTTPException(404, "This is not in the queue, or not any more.")
    one = found[0]
    return Item(Why.EVIDENCE, subject, "", (), 0.0, ledger.decided().seen.get(subject, 0), one)


def _evidence(item: Item) -> Evidence:
    if item.evidence is None:
        raise ReviewError("this is not about one piece of evidence")
    return item.evidence


def _rest(items: list[Item], item: Item) -> list[Item]:
    """The other items, those after this one first."""
    place = _place(items, item)
    return items if place is None else items[place + 1 :] + items[:place]


def _place(items: list[Item], item: Item) -> int | None:
    return next(
        (n for n, one in enumerate(items) if (one.kind, one.subject) == (item.kind, item.subject)), None
    )


def _last(request: Request, where: Way) -> Event | None:
    """The reviewer's last decision, which can be undone."""
    if not where.trail:
        return None
    ledger: Ledger = request.app.state.ledger
    found = Reviews(ledger.engine).events(after=where.trail[-1] - 1)
    return found[0] if found and found[0].number == where.trail[-1] else None


def _show(
    request: Request, ledger: Ledger, item: Item, items: list[Item], where: Way, trouble: str = "",
    status: int = 200, form: dict[str, str] | None = None, *, late: bool = False,
) -> Response:  # fmt: skip
    one = item.evidence
    if item.kind is Why.SECOND and one is not None:
        # The second reader shall not know what the first decided.
        one = one.as_read or one
    place = _place(items, item)
    events = Reviews(ledger.engine).events(item.subject) if item.kind is not Why.SECOND else []
    force = {event.number for event in in_force(events)}
    text = ledger.article(one.article.id).text if one else ""
    window = context(text, one.quote.span) if one else Span(0, 0)
    if request.query_params.get("context") == "all":
        window = Span(0, len(text))
    return page(
        request,
        "review.html",
        status=status,
        item=item,
        one=one,
        way=where,
        place=place,
        count=len(items),
        counts={why: sum(other.kind is why for other in items) for why in Why},
        before=items[place - 1] if place else None,
        after=items[place + 1] if place is not None and place + 1 < len(items) else None,
        pieces=_pieces(ledger, text, window, one) if one else [],
        window=window,
        whole=window == Span(0, len(text)),
        sides=[(side, _sentence(ledger, side)) for side in item.others] if item.kind is Why.CONFLICT else [],
        events=[(event, event.number in force) for event in events],
        last=_last(request, where),
        key=secrets.token_hex(16),
        trouble=trouble,
        late=late,
        form=form or {},
        choices={"position": Stand, "sourcing": Sourcing, "endorser_kind": Kind, "contest": Contest},
    )


def _pieces(ledger: Ledger, text: str, window: Span, one: Evidence) -> list[Piece]:
    marks = [(one.quote.span, "evidence"), *((quote.span, "condition") for quote in one.conditions)]
    said = ReviewReads(ledger.engine).attribution(one.id)
    if said is not None:
        marks += [(span, "source") for span in said.source] + [(span, "cue") for span in said.cue]
    return pieces(text, window, marks)


def _sentence(ledger: Ledger, one: Evidence) -> list[Piece]:
    text = ledger.article(one.article.id).text
    start, end = one.quote.span
    return pieces(text, Span(max(0, start - 200), min(len(text), end + 200)), [(one.quote.span, "evidence")])
