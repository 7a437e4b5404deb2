"""The client for programs with an event loop. Entry: `AsyncClient`, which has the methods of `sync.Client`."""

import asyncio
from collections.abc import AsyncIterator
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


class AsyncClient(Calls):
    """A Whipcount server; close it, or use it as a context manager."""

    def __init__(
        self, base: str, token: str | None = None, *, timeout: float = 30.0, user_agent: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:  # fmt: skip
        self._http = httpx.AsyncClient(**wire.options(base, token, timeout, user_agent), transport=transport)

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def ask(self, call: Call[T]) -> T:
        """The answer to a call."""
        try:
            return call.take(wire.checked(await self._http.request(**call.request())))
        except httpx.HTTPError as error:
            raise wire.not_reached(error) from error

    async def each(self, pages: Pages[M]) -> AsyncIterator[M]:
        """The items of a listing; the next page is asked for when it is needed."""
        cursor: str | None = None
        while True:
            page = await self.ask(pages.at(cursor))
            for item in page.items:
                yield item
            cursor = page.next
            if cursor is None:
                return

    async def follow(self, after: str = "latest", **filters: Any) -> AsyncIterator[models.RecordedChange]:
        """Changes as they come, for ever: a stream that breaks off is taken up where it was.

        Raises `Expired` where the server no longer keeps what came meanwhile: begin anew from the standings.
        """
        place = wire.Place(after)
        while True:
            broken: Exception | None = None
            try:
                async for event in self._events(wire.streaming(place.after, filters)):
                    if change := place.take(event):
                        yield change
            except (ApiError, httpx.HTTPError) as error:
                broken = error
            await asyncio.sleep(place.pause(broken))

    async def _events(self, request: dict[str, Any]) -> AsyncIterator[httpx_sse.ServerSentEvent]:
        async with self._http.stream(**request) as answer:
            if not answer.is_success:
                await answer.aread()
            async for event in httpx_sse.EventSource(wire.checked(answer)).aiter_sse():
                yield event
