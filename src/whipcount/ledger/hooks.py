"""Webhooks and their deliveries, in the ledger's database. Entry: `Webhooks(ledger.engine)`."""

import datetime as dt
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update

from whipcount.errors import WebhookError
from whipcount.ledger.opened import Opened
from whipcount.ledger.stream import EVERYTHING, Recorded, WantedChanges, to_recorded
from whipcount.ledger.stream_models import ChangeRow, DeliveryRow, WebhookRow

DUE, DELIVERED, FAILED = STATES = ("due", "delivered", "failed")


@dataclass(frozen=True, slots=True)
class Webhook:
    """Somebody who is told of changes."""

    id: str
    url: str
    label: str
    wanted: WantedChanges
    key_check: str
    """Of the key that its secret is made of."""
    added_by: str
    added_at: dt.datetime
    removed_at: dt.datetime | None = None
    why_removed: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A change on its way to a webhook."""

    number: int
    webhook_id: str
    change: int
    state: str
    tries: int
    due_at: dt.datetime
    added_at: dt.datetime
    tried_at: dt.datetime | None
    status: int | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this process is to make now."""

    delivery: Delivery
    webhook: Webhook
    change: Recorded


class Webhooks(Opened):
    """All webhooks; shares a ledger's database."""

    def new_id(self) -> str:
        """An id that nobody has."""
        return f"wh_{secrets.token_hex(12)}"

    def add(
        self,
        webhook_id: str,
        url: str,
        by: str,
        key_check: str,
        *,
        label: str = "",
        wanted: WantedChanges = EVERYTHING,
    ) -> Webhook:
        """Tell an address of all changes from now on that are wanted."""
        now = self._clock()
        with self._writing("add a webhook") as connection:
            connection.execute(
                insert(WebhookRow).values(
                    id=webhook_id,
                    url=url,
                    label=label,
                    filters=wanted.to_json(),
                    key_check=key_check,
                    added_by=by,
                    added_at=now,
                )
            )
        return Webhook(webhook_id, url, label, wanted, key_check, by, now)

    def all(self, *, removed: bool = False) -> list[Webhook]:
        """The webhooks, the oldest first."""
        query = select(WebhookRow.__table__).order_by(WebhookRow.added_at, WebhookRow.id)
        if not removed:
            query = query.where(WebhookRow.removed_at.is_(None))
        with self._reading() as connection:
            return [_webhook(row) for row in connection.execute(query)]

    def get(self, webhook_id: str) -> Webhook:
        """The webhook with this id; raises `WebhookError` where there is none."""
        with self._reading() as connection:
            row = connection.execute(select(WebhookRow.__table__).where(WebhookRow.id == webhook_id)).first()
        if row is None:
            raise WebhookError(f"there is no webhook {webhook_id}; `whipcount webhook list` shows all")
        return _webhook(row)

    def remove(self, webhook_id: str, why: str) -> None:
        """Tell it nothing any more; what was due fails."""
        now = self._clock()
        with self._writing("remove a webhook") as connection:
            open_ = (WebhookRow.id == webhook_id, WebhookRow.removed_at.is_(None))
            gone = update(WebhookRow).where(*open_).values(removed_at=now, why_removed=why)
            if not connection.execute(gone).rowcount:
                raise WebhookError(f"there is no webhook {webhook_id}; `whipcount webhook list` shows all")
            due = (DeliveryRow.webhook_id == webhook_id, DeliveryRow.state == DUE)
            connection.execute(
                update(DeliveryRow).where(*due).values(state=FAILED, error="the webhook was removed")
            )

    def deliveries(
        self,
        webhook_id: str | None = None,
        *,
        state: str | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[Delivery]:
        """Deliveries, the latest first."""
        query = select(DeliveryRow.__table__).order_by(DeliveryRow.number.desc()).limit(limit)
        if webhook_id is not None:
            query = query.where(DeliveryRow.webhook_id == webhook_id)
        if state is not None:
            query = query.where(DeliveryRow.state == state)
        if before is not None:
            query = query.where(DeliveryRow.number < before)
        with self._reading() as connection:
            return [_delivery(row) for row in connection.execute(query)]

    def totals(self) -> dict[str, dict[str, int]]:
        """By webhook and state, how many deliveries there are."""
        query = select(DeliveryRow.webhook_id, DeliveryRow.state, func.count()).group_by(
            DeliveryRow.webhook_id, DeliveryRow.state
        )
        found: dict[str, dict[str, int]] = {}
        with self._reading() as connection:
            for webhook_id, state, count in connection.execute(query):
                found.setdefault(webhook_id, {})[state] = count
        return found

    def changes(self, numbers: Collection[int]) -> dict[int, Recorded]:
        """The changes with these numbers, also those that the stream no longer tells of."""
        query = select(ChangeRow.__table__).where(ChangeRow.number.in_(sorted(numbers)))
        with self._reading() as connection:
            return {row.number: to_recorded(row) for row in connection.execute(query)}

    def replay(self, numbers: Iterable[int] = (), *, failed_of: str | None = None) -> int:
        """Make deliveries due again, or all that failed of a webhook; returns how many."""
        open_ = select(WebhookRow.id).where(WebhookRow.removed_at.is_(None))
        which = (
            DeliveryRow.number.in_(list(numbers))
            if failed_of is None
            else (DeliveryRow.webhook_id == failed_of) & (DeliveryRow.state == FAILED)
        )
        with self._writing("replay deliveries") as connection:
            again = (
                update(DeliveryRow)
                .where(which, DeliveryRow.webhook_id.in_(open_))
                .values(state=DUE, tries=0, due_at=self._clock())
            )
            return connection.execute(again).rowcount

    def due(self) -> int:
        """How many deliveries wait."""
        query = select(func.count()).select_from(DeliveryRow).where(DeliveryRow.state == DUE)
        with self._reading() as connection:
            return connection.scalar(query) or 0

    def webhooks_due(self) -> list[str]:
        """The webhooks for which something is to be delivered now."""
        query = (
            select(DeliveryRow.webhook_id)
            .where(DeliveryRow.state == DUE, DeliveryRow.due_at <= self._clock())
            .distinct()
        )
        with self._reading() as connection:
            return sorted(connection.scalars(query))

    def claim(self, webhook_id: str, lease: dt.timedelta) -> Claimed | None:
        """The webhook's next delivery, for this process alone until the lease ends: who is killed has only held it up."""
        now = self._clock()
        query = (
            select(DeliveryRow.__table__)
            .where(DeliveryRow.webhook_id == webhook_id, DeliveryRow.state == DUE, DeliveryRow.due_at <= now)
            .order_by(DeliveryRow.number)
            .limit(1)
        )
        with self._writing("claim a delivery") as connection:
            row = connection.execute(query).first()
            if row is None:
                return None
            held = update(DeliveryRow).where(DeliveryRow.number == row.number)
            connection.execute(held.values(due_at=now + lease))
            hook = connection.execute(select(WebhookRow.__table__).where(WebhookRow.id == webhook_id)).one()
            change = connection.execute(
                select(ChangeRow.__table__).where(ChangeRow.number == row.change)
            ).one()
        return Claimed(_delivery(row), _webhook(hook), to_recorded(change))

    def tried(
        self, number: int, *, status: int | None, error: str | None, again_in: dt.timedelta | None
    ) -> None:
        """How a try went: delivered where there is no error, else to be tried again, or given up."""
        now = self._clock()
        state = DELIVERED if error is None else FAILED if again_in is None else DUE
        values: dict[str, Any] = {
            "state": state,
            "tries": DeliveryRow.tries + 1,
            "tried_at": now,
            "status": status,
            "error": error,
            "due_at": now + (again_in or dt.timedelta(0)),
        }
        with self._writing("keep how a delivery went") as connection:
            connection.execute(update(DeliveryRow).where(DeliveryRow.number == number).values(values))


def _webhook(row: Any) -> Webhook:
    return Webhook(
        row.id, row.url, row.label, WantedChanges.from_json(row.filters), row.key_check, row.added_by, row.added_at,
        row.removed_at, row.why_removed,
    )  # fmt: skip


def _delivery(row: Any) -> Delivery:
    return Delivery(
        row.number, row.webhook_id, row.change, row.state, row.tries, row.due_at, row.added_at, row.tried_at,
        row.status, row.error,
    )  # fmt: skip
