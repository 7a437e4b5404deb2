"""What webhooks were told: what was sent, when, what came back, when it is tried again; for administrators."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from whipcount.errors import WebhookError
from whipcount.ledger.hooks import STATES, Webhooks
from whipcount.web.deps import AdminDep, LedgerDep
from whipcount.web.links import Links
from whipcount.web.rendering import page

router = APIRouter(prefix="/webhooks", include_in_schema=False)
PAGE = 50


@router.get("")
def deliveries(
    request: Request,
    ledger: LedgerDep,
    viewer: AdminDep,
    hook: Annotated[str, Query(max_length=96)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    again: Annotated[int | None, Query(ge=0, le=2**62)] = None,
) -> Response:
    """The page: all webhooks, and the deliveries to one or to all, the latest first."""
    del viewer
    if state and state not in STATES:
        raise HTTPException(422, f"state is one of {', '.join(STATES)}")
    store = Webhooks(ledger.engine)
    hooks = {one.id: one for one in store.all(removed=True)}
    if hook and hook not in hooks:
        raise HTTPException(404, "There is no such webhook.")
    found = store.deliveries(hook or None, state=state or None, before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    return page(
        request,
        "deliveries.html",
        hooks=hooks,
        totals=store.totals(),
        deliveries=shown,
        changes=store.changes({one.change for one in shown}),
        hook=hook,
        state=state,
        states=STATES,
        older=shown[-1].number if len(found) > PAGE else None,
        again=again,
        delivers=request.app.state.live.key is not None,
        links=Links(request),
    )


@router.post("/replay")
def replay(
    request: Request,
    ledger: LedgerDep,
    viewer: AdminDep,
    number: Annotated[int | None, Form(ge=1, le=2**62)] = None,
    failed_of: Annotated[str, Form(max_length=96)] = "",
) -> Response:
    """Send one delivery again, or all that failed of a webhook."""
    del viewer
    store = Webhooks(ledger.engine)
    if failed_of:
        try:
            hook = store.get(failed_of).id
        except WebhookError:
            raise HTTPException(404, "There is no such webhook.") from None
        again, back = store.replay(failed_of=hook), f"hook={hook}&"
    else:
        again, back = store.replay([number] if number else []), ""
        if not again:
            raise HTTPException(404, "There is no such delivery, or its webhook was removed.")
    request.app.state.live.kick()
    return RedirectResponse(f"/webhooks?{back}again={again}", 303)
