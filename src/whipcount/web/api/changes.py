"""Recorded changes: some at a time, waited for, and as a stream of server-sent events that resumes."""

import json
import time
from collections.abc import AsyncIterator, Iterable
from typing import Annotated

from fastapi import Depends, Header, HTTPException, Query, Request
from fastapi.sse import format_sse_event
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from whipcount import api_models as models
from whipcount.errors import CursorTooOld
from whipcount.ledger.stream import Recorded, Stream, WantedChanges
from whipcount.publish.changes import change_json
from whipcount.web.api import cursors
from whipcount.web.api.answers import ID, problems, router
from whipcount.web.api.counts import EndorseeQ, EndorserQ
from whipcount.web.deps import get_ledger, get_options
from whipcount.web.live import Live

changes = router("Changes")
_LISTING, _KINDS = "changes", (int,)
_HEARTBEAT = 15.0
"""Seconds without a change after which a stream says how far it is."""
_AT_ONCE = 500
RECORDED = ("first", "switch", "withdrawn", "lapsed", "correction", "detail")


def mark(number: int) -> str:
    """The cursor after a change."""
    return cursors.encode(_LISTING, (number,))


def get_stream(request: Request) -> Stream:
    """The recorded changes, as far back as is kept."""
    return Stream(get_ledger(request).engine, kept=get_options(request).changes_kept)


def get_live(request: Request) -> Live:
    """What tells of changes."""
    found = request.app.state.live
    assert isinstance(found, Live)
    return found


def wanted(
    contest: Annotated[
        str,
        Query(pattern=ID, description="A contest's id, or `current`, `past` or `all` for all of that kind."),
    ] = "all",
    endorser: EndorserQ = None,
    endorsee: EndorseeQ = None,
    kind: Annotated[
        list[str],
        Query(description=f"Only changes of these kinds: {', '.join(RECORDED)}."),
    ] = [],  # noqa: B006 - never changed
) -> WantedChanges:
    """Which changes."""
    if unknown := [one for one in kind if one not in RECORDED]:
        raise HTTPException(422, f"kind: {unknown[0]!r} is none of {', '.join(RECORDED)}")
    of_kind = contest if contest in {"current", "past"} else None
    named = None if contest in {"current", "past", "all"} else contest
    return WantedChanges(of_kind, named, endorser, endorsee, tuple(kind) or None)


StreamDep = Annotated[Stream, Depends(get_stream)]
LiveDep = Annotated[Live, Depends(get_live)]
WantedQ = Annotated[WantedChanges, Depends(wanted)]
AfterQ = Annotated[
    str,
    Query(
        pattern=cursors.PATTERN,
        description="`next` or `cursor` of an answer before; `oldest` for all that is kept, `latest` for what comes.",
    ),
]


def start(stream: Stream, after: str) -> int:
    """The number after which to begin; 410 where what is asked for is not kept any more."""
    oldest, latest = stream.bounds()
    if after in {"oldest", "latest"}:
        return oldest if after == "oldest" else latest
    number = int(cursors.decode(_LISTING, after, _KINDS)[0])
    if number > latest:
        raise cursors.BadCursor("this cursor belongs to another ledger")
    if number < oldest:
        raise HTTPException(410, f"Changes until {oldest} are no longer kept; begin anew from the standings.")
    return number


def told(change: Recorded) -> dict[str, object]:
    """A change with its cursor."""
    return {"cursor": mark(change.number), **change_json(change)}


@changes.get("/changes", summary="What the ledger learned, in order", responses=problems(410))
async def listed(
    stream: StreamDep,
    live: LiveDep,
    which: WantedQ,
    after: AfterQ = "oldest",
    wait: Annotated[
        float, Query(ge=0, le=60, description="Seconds to wait for one where there is none yet.")
    ] = 0,
    limit: Annotated[int, Query(ge=1, le=1000, description="Items in one answer.")] = 100,
) -> models.Changes:
    """Changes after a cursor, the oldest first; `next` is where to go on, also where there are none.

    With `wait` the answer comes as soon as there is a change, or when the time is up.
    """
    number = await run_in_threadpool(start, stream, after)
    until = time.monotonic() + wait
    while True:
        latest = (await run_in_threadpool(stream.bounds))[1]
        try:
            found = await run_in_threadpool(stream.after, number, limit + 1, which)
        except CursorTooOld as error:
            raise HTTPException(410, str(error)) from None
        left = until - time.monotonic()
        if found or left <= 0 or not await live.wait(latest, left):
            break
        number = latest
    more = len(found) > limit
    found = found[:limit]
    end = found[-1].number if found and more else max(latest, number, *(c.number for c in found), 0)
    return models.Changes(
        items=[models.RecordedChange.model_validate(told(one)) for one in found], next=mark(end), more=more
    )


@changes.get(
    "/changes/stream",
    summary="Changes as they come",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Events `change` with a change as data and its cursor as id, and `checkpoint` with the "
            "cursor so far, after each quiet quarter of a minute.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **problems(410, 503),
    },
)
async def streamed(
    request: Request,
    stream: StreamDep,
    live: LiveDep,
    which: WantedQ,
    after: AfterQ = "latest",
    last_event_id: Annotated[
        str | None,
        Header(pattern=cursors.PATTERN, description="Where the stream broke off; comes before `after`."),
    ] = None,
) -> Response:
    """Server-sent events. Who comes back with `Last-Event-ID` misses nothing and gets nothing twice."""
    number = await run_in_threadpool(start, stream, last_event_id or after)
    if request.scope.get("whipcount.head"):
        return Response(media_type="text/event-stream")
    if not live.enter():
        raise HTTPException(503, "Too many streams are open; please ask /changes.", {"Retry-After": "30"})
    return _Stream(_events(stream, live, which, number), live)


class _Stream(StreamingResponse):
    """A stream that gives its place back however it ends."""

    media_type = "text/event-stream"

    def __init__(self, content: AsyncIterator[bytes], live: Live) -> None:
        super().__init__(content, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._live = live

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)  # type: ignore[arg-type]
        finally:
            self._live.leave()


async def _events(stream: Stream, live: Live, which: WantedChanges, number: int) -> AsyncIterator[bytes]:
    yield _event("checkpoint", number, {"cursor": mark(number)}, retry=3000)
    while not live.ending:
        latest = (await run_in_threadpool(stream.bounds))[1]
        try:
            found = await run_in_threadpool(stream.after, number, _AT_ONCE, which)
        except CursorTooOld:
            return  # whoever comes back with this cursor is told
        for part in _shown(found):
            yield part
        if found:
            number = found[-1].number
        if len(found) == _AT_ONCE:
            continue
        number = max(number, latest)
        if not await live.wait(number, _HEARTBEAT) and not live.ending:
            yield _event("checkpoint", number, {"cursor": mark(number)})


def _shown(found: Iterable[Recorded]) -> Iterable[bytes]:
    for change in found:
        yield _event("change", change.number, told(change))


def _event(name: str, number: int, data: object, retry: int | None = None) -> bytes:
    return format_sse_event(
        event=name, id=mark(number), data_str=json.dumps(data, ensure_ascii=False), retry=retry
    )
