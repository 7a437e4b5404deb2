"""What both clients have in common: how to ask, and what an answer means. No network here."""

import datetime as dt
import random
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from httpx_sse import ServerSentEvent
from pydantic import BaseModel, ValidationError

from whipcount import __version__
from whipcount.api_models import RecordedChange
from whipcount.errors import ApiError, Busy, Conflict, Expired, Invalid, NeedsToken, NotReached, NotThere

M = TypeVar("M", bound=BaseModel)

_ERRORS: Mapping[int, type[ApiError]] = {
    401: NeedsToken,
    403: NeedsToken,
    404: NotThere,
    409: Conflict,
    410: Expired,
    422: Invalid,
    429: Busy,
    503: Busy,
}
LONGEST_PAUSE = 60.0
"""Seconds between two tries to come back to a stream."""
SILENCE = 45.0
"""Seconds without even a checkpoint after which a stream is given up for another."""


def options(base: str, token: str | None, timeout: float, user_agent: str | None) -> dict[str, Any]:
    """What an httpx client is made with."""
    headers = {"accept": "application/json", "user-agent": user_agent or f"whipcount-client/{__version__}"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    return {"base_url": f"{base.rstrip('/')}/api/v1/", "headers": headers, "timeout": timeout}


def part(id: str) -> str:  # noqa: A002 - what it is
    """An id as a part of an address."""
    return quote(id, safe="")


def query(given: Mapping[str, Any]) -> httpx.QueryParams:
    """Parameters as they go out: what is None is left out, lists are repeated."""
    found: list[tuple[str, str]] = []
    for name, value in given.items():
        values = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
        found += [(name, _text(one)) for one in values if one is not None]
    return httpx.QueryParams(tuple(found))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else str(value)


def checked(response: httpx.Response) -> httpx.Response:
    """The answer, if it is one; raises an `ApiError` that says why not."""
    if response.is_success:
        return response
    kind = _ERRORS.get(response.status_code, ApiError)
    try:
        detail = response.json()
        words = str(detail.get("detail") or detail.get("title") or "")
    except (ValueError, AttributeError):
        words = response.reason_phrase
    after = response.headers.get("retry-after", "")
    raise kind(
        words or f"the server answers {response.status_code}",
        status=response.status_code,
        retry_after=float(after) if after.isdecimal() else None,
    )


def model(kind: type[M], response: httpx.Response) -> M:
    """The answer as a model."""
    try:
        return kind.model_validate_json(response.content)
    except ValidationError as error:
        raise NotReached(
            f"the server's answer is no {kind.__name__}: {error.error_count()} errors"
        ) from error


def not_reached(error: httpx.HTTPError) -> NotReached:
    """No answer, in words."""
    return NotReached(f"the server gives no answer: {error or type(error).__name__}")


def streaming(after: str, filters: Mapping[str, Any]) -> dict[str, Any]:
    """What httpx is given for the stream of changes after a cursor."""
    return {
        "method": "GET",
        "url": "changes/stream",
        "params": query({"after": after, **filters}),
        "headers": {"accept": "text/event-stream", "cache-control": "no-store"},
        "timeout": httpx.Timeout(30.0, read=SILENCE),
    }


class Place:
    """How far a stream has been followed, and how long to wait before it is taken up again."""

    def __init__(self, after: str) -> None:
        self.after = after
        self._failures = 0

    def take(self, event: ServerSentEvent) -> RecordedChange | None:
        """The change that an event tells of; None for one that only says how far the stream is."""
        self._failures = 0
        self.after = event.id or self.after
        return RecordedChange.model_validate_json(event.data) if event.event == "change" else None

    def pause(self, broken: Exception | None) -> float:
        """Seconds: as told, else longer each time, and not all at once. Raises what no waiting can mend."""
        told = None
        if isinstance(broken, (Busy, NotReached)):
            told = broken.retry_after
        elif isinstance(broken, ApiError) and (broken.status is None or broken.status < 500):
            raise broken
        longest = min(LONGEST_PAUSE, 0.5 * 2.0 ** min(self._failures, 10))
        self._failures += 1
        return told if told is not None else random.uniform(longest / 2, longest)  # noqa: S311
