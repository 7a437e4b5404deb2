"""Tells webhooks of changes: at least once each, signed, again and again with longer waits where it fails.

Entries: `register`, `Deliverer.run`. Messages go to public addresses alone, over the connections of
`gather.network`, which checks what a name comes to at the moment it connects; redirects are not followed.
"""

import datetime as dt
import json
import logging
import random
import ssl
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpcore
import httpx

from whipcount import __version__
from whipcount.addresses import askable
from whipcount.errors import FetchError, WebhookError
from whipcount.gather.network import DEADLINE, Network
from whipcount.ledger.hooks import Claimed, Webhook, Webhooks
from whipcount.ledger.stream import EVERYTHING, WantedChanges
from whipcount.publish.changes import change_json
from whipcount.publish.signing import Key, signed

LOG = logging.getLogger("whipcount.webhooks")
EVENT = "standing.changed"
WAITS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds before each further try, as the specification proposes; after the last it has failed."""
_GONE = 410
_IN_A_ROW = 100
"""Deliveries to one webhook before the others have their turn."""


@dataclass(frozen=True, slots=True)
class Delivering:
    """How messages are sent."""

    allow_private: bool = False
    """Whether addresses that are not public may be reached, and plain http used."""
    seconds: float = 15.0
    """For one try."""
    waits: Sequence[float] = WAITS
    tls: ssl.SSLContext | None = None


def register(
    hooks: Webhooks, key: Key, url: str, by: str, *, label: str = "", wanted: WantedChanges = EVERYTHING,
    allow_private: bool = False,
) -> tuple[Webhook, str]:  # fmt: skip
    """A new webhook and its secret, which its receiver is to be given; raises `WebhookError` for a bad address."""
    try:
        address = askable(url)
    except FetchError as error:
        raise WebhookError(f"{url!r} can't be a webhook: {error}") from None
    if not address.startswith("https://") and not allow_private:
        raise WebhookError("a webhook's address begins with https://")
    webhook_id = hooks.new_id()
    made = hooks.add(webhook_id, address, by, key.check, label=label.strip()[:200], wanted=wanted)
    return made, key.secret(webhook_id)


class Deliverer:
    """Makes deliveries; close it, or use `closing`."""

    def __init__(self, hooks: Webhooks, key: Key, how: Delivering = Delivering()) -> None:
        self._hooks = hooks
        self._key = key
        self._how = how
        self._lease = dt.timedelta(seconds=4 * how.seconds)
        self._pool = httpcore.ConnectionPool(
            ssl_context=how.tls or httpx.create_ssl_context(trust_env=False),
            network_backend=Network(allow_private=how.allow_private),
            max_connections=16,
            keepalive_expiry=30.0,
        )
        self._workers = ThreadPoolExecutor(4, "webhook")

    def close(self) -> None:
        """Finish what is under way, and hang up."""
        self._workers.shutdown(cancel_futures=True)
        self._pool.close()

    def run(self) -> int:
        """Make all deliveries that are due now; returns how many arrived."""
        return sum(self._workers.map(self._to, self._hooks.webhooks_due()))

    def _to(self, webhook_id: str) -> int:
        """Those to one webhook, in order, until one fails: a receiver that is down is asked once a round."""
        arrived = 0
        while arrived < _IN_A_ROW:
            claimed = self._hooks.claim(webhook_id, self._lease)
            if claimed is None or not self._deliver(claimed):
                break
            arrived += 1
        return arrived

    def _deliver(self, claimed: Claimed) -> bool:
        delivery, hook = claimed.delivery, claimed.webhook
        status: int | None = None
        error: str | None = "its secret was made of another key than the one in use"
        try:
            if hook.key_check == self._key.check:
                status = self._post(claimed)
                error = None if 200 <= status < 300 else f"the receiver answers {status}"
        except FetchError as found:
            error = str(found)
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as found:
            error = f"no answer: {found or type(found).__name__}"
        waits = self._how.waits
        again = None
        if error is not None and delivery.tries < len(waits):
            # So that those that failed together don't come back together.
            again = dt.timedelta(seconds=waits[delivery.tries] * random.uniform(1.0, 1.2))  # noqa: S311
        self._hooks.tried(delivery.number, status=status, error=error, again_in=again)
        if status == _GONE:
            self._hooks.remove(hook.id, "the receiver answered 410: it wants no more")
        if error is not None:
            LOG.warning("webhook %s: change %d did not arrive: %s", hook.id, delivery.change, error)
        return error is None

    def _post(self, claimed: Claimed) -> int:
        change, hook = claimed.change, claimed.webhook
        body = json.dumps(
            {"type": EVENT, "timestamp": change.at.isoformat(), "data": change_json(change)},
            ensure_ascii=False,
        )
        headers = {
            "host": httpx.URL(hook.url).netloc.decode("ascii"),
            "content-type": "application/json",
            "content-length": str(len(body.encode())),
            "user-agent": f"whipcount/{__version__}",
            # The same in every try and replay, so that who has it already can tell.
            **signed(
                self._key.secret(hook.id),
                f"msg_{hook.id.removeprefix('wh_')}_{change.number}",
                dt.datetime.now(dt.UTC),
                body,
            ),
        }
        token = DEADLINE.set(time.monotonic() + self._how.seconds)
        try:
            timeout = dict.fromkeys(("connect", "read", "write", "pool"), self._how.seconds)
            with self._pool.stream(
                "POST",
                hook.url,
                headers=[*headers.items()],
                content=body.encode(),
                extensions={"timeout": timeout},
            ) as answer:
                return answer.status
        finally:
            DEADLINE.reset(token)
