"""The client for programs without an event loop. Entry: `Client`."""

import time
from collections.abc import Iterator
from typing import Any, Self, TypeVar

import httpx
import httpx_sse
from pydantic import BaseModel

from whipcount import api_models as models
from whipcount.client import wire
from whipcount.client.calls import Call, Calls, Pages
from whipcount.errors import ApiError

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


class Client(Calls):
    """A Whipcount server; close it, or use it as a context manager."""

    def __init__(
        self, base: str, token: str | None = None, *, timeout: float = 30.0, user_agent: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:  # fmt: skip
        self._http = httpx.Client(**wire.options(base, token, timeout, user_agent), transport=transport)

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, call: Call[T]) -> T:
        """The answer to a call."""
        try:
            return call.take(wire.checked(self._http.request(**call.request())))
        except httpx.HTTPError as error:
            raise wire.not_reached(error) from error

    def each(self, pages: Pages[M]) -> Iterator[M]:
        """The items of a listing; the next page is asked for when it is needed."""
        cursor: str | None = None
        while True:
            page = self.ask(pages.at(cursor))
            yield from page.items
            cursor = page.next
            if cursor is None:
                return

    def follow(self, after: str = "latest", **filters: Any) -> Iterator[models.RecordedChange]:
        """Changes as they come, for ever: a stream that breaks off is taken up where it was.

        Raises `Expired` where the server no longer keeps what came meanwhile: begin anew from the standings.
        """
        place = wire.Place(after)
        while True:
            broken: Exception | None = None
            try:
                for event in self._events(wire.streaming(place.after, filters)):
                    if change := place.take(event):
                        yield change
            except (ApiError, httpx.HTTPError) as error:
                broken = error
            time.sleep(place.pause(broken))

    def _events(self, request: dict[str, Any]) -> Iterator[httpx_sse.ServerSentEvent]:
        with self._http.stream(**request) as answer:
            if not answer.is_success:
                answer.read()
            yield from httpx_sse.EventSource(wire.checked(answer)).iter_sse()
