"""Webhooks and their deliveries: for tokens with the scope `admin`."""

from typing import Annotated, Literal

from fastapi import HTTPException, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from whipcount import api_models as models
from whipcount.errors import WebhookError
from whipcount.ledger.hooks import Webhook, Webhooks
from whipcount.ledger.stream import WantedChanges
from whipcount.publish.signing import Key
from whipcount.publish.webhooks import register
from whipcount.recorder import Recorder
from whipcount.web.api import cursors
from whipcount.web.api.answers import ID, CursorQ, LimitQ, not_found, problems, router
from whipcount.web.api.changes import LiveDep
from whipcount.web.deps import AdminDep, LedgerDep

hooks = router("Webhooks")
_NO_KEY = "This site delivers no webhooks: it was started without a key. See WHIPCOUNT_KEY_FILE."


class WebhookRequest(BaseModel):
    """A webhook to add: where to, and which changes."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"url": "https://desk.example/hook", "label": "The desk", "contest": "current"}]
        },
    )

    url: Annotated[str, Field(pattern=r"^https?://[^\x00-\x20\x7f]+$", max_length=2000)]
    label: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=200)] = ""
    contest: Literal["current", "past"] | None = None
    contest_id: Annotated[str, Field(pattern=ID)] | None = None
    endorser: Annotated[str, Field(pattern=ID)] | None = None
    endorsee: Annotated[str, Field(pattern=ID)] | None = None
    kinds: list[Literal["first", "switch", "withdrawn", "lapsed", "correction", "detail"]] | None = None


@hooks.get("/webhooks", summary="All webhooks", responses=problems(403))
def listed(
    ledger: LedgerDep,
    viewer: AdminDep,
    removed: Annotated[bool, Query(description="Those that were removed as well.")] = False,
) -> models.Listing[models.Webhook]:
    """The oldest first; a secret is never shown again."""
    del viewer
    found = Webhooks(ledger.engine).all(removed=removed)
    return models.Listing(items=[_shown(one) for one in found])


@hooks.post("/webhooks", status_code=201, summary="Add a webhook", responses=problems(400, 403, 409, 413))
def add(ledger: LedgerDep, live: LiveDep, viewer: AdminDep, given: WebhookRequest) -> models.NewWebhook:
    """Is told of changes from now on, each message signed by the Standard Webhooks scheme."""
    wanted = WantedChanges(
        given.contest,
        given.contest_id,
        given.endorser,
        given.endorsee,
        tuple(given.kinds) if given.kinds else None,
    )
    key = _key(live.key)
    Recorder(ledger.engine).catch_up()  # what was before is not from now on
    made, secret = register(
        Webhooks(ledger.engine), key, given.url, viewer.name or "", label=given.label, wanted=wanted,
        allow_private=live.how.allow_private,
    )  # fmt: skip
    return models.NewWebhook(**_shown(made).model_dump(), secret=secret)


@hooks.delete("/webhooks/{id}", status_code=204, summary="Remove a webhook", responses=problems(403, 404))
def remove(ledger: LedgerDep, viewer: AdminDep, id: Annotated[str, Path(pattern=ID)]) -> Response:  # noqa: A002
    """It is told nothing more."""
    try:
        Webhooks(ledger.engine).remove(id, f"removed by {viewer.name}")
    except WebhookError:
        raise not_found("such webhook") from None
    return Response(status_code=204)


@hooks.get("/webhooks/{id}/deliveries", summary="What was sent to it", responses=problems(403, 404))
def deliveries(
    ledger: LedgerDep,
    viewer: AdminDep,
    id: Annotated[str, Path(pattern=ID)],  # noqa: A002
    state: Annotated[Literal["due", "delivered", "failed"] | None, Query()] = None,
    limit: LimitQ = 100,
    cursor: CursorQ = None,
) -> models.Listing[models.Delivery]:
    """The latest first, with how the last try went."""
    del viewer
    store = Webhooks(ledger.engine)
    _there(store, id)
    before = None if cursor is None else int(cursors.decode("deliveries", cursor, (int,))[0])
    found = store.deliveries(id, state=state, before=before, limit=limit + 1)
    following = cursors.encode("deliveries", (found[limit - 1].number,)) if len(found) > limit else None
    return models.Listing(
        items=[models.Delivery.model_validate(one) for one in found[:limit]], next=following
    )


@hooks.post(
    "/webhooks/{id}/deliveries/{number}/replay",
    status_code=202,
    summary="Deliver again",
    responses=problems(403, 404),
)
def replay(
    ledger: LedgerDep,
    live: LiveDep,
    viewer: AdminDep,
    id: Annotated[str, Path(pattern=ID)],  # noqa: A002
    number: Annotated[int, Path(ge=1, le=2**62)],
) -> models.Delivery:
    """With the same message id, however it went before."""
    del viewer
    store = Webhooks(ledger.engine)
    _there(store, id)
    found = store.deliveries(id, before=number + 1, limit=1)
    if not found or found[0].number != number or not store.replay([number]):
        raise not_found("such delivery to an open webhook")
    live.kick()
    return models.Delivery.model_validate(store.deliveries(id, before=number + 1, limit=1)[0])


def _key(key: Key | None) -> Key:
    if key is None:
        raise HTTPException(409, _NO_KEY)
    return key


def _there(store: Webhooks, webhook_id: str) -> Webhook:
    try:
        return store.get(webhook_id)
    except WebhookError:
        raise not_found("such webhook") from None


def _shown(one: Webhook) -> models.Webhook:
    return models.Webhook(
        id=one.id,
        url=one.url,
        label=one.label,
        filters=one.wanted.to_json(),
        added_by=one.added_by,
        added_at=one.added_at,
        removed_at=one.removed_at,
        why_removed=one.why_removed,
    )
