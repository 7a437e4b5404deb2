"""Pages that are the same for everybody, kept ready for some seconds: many readers at once cost as much as one.

Only for readers who have not logged in, and never for the API: whoever decides sees at once what came of it, and
who keeps a copy of the count gets no older state than was told of. Entry: `Ready`, a layer around the site.
"""

import asyncio
import time
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from whipcount.desk.sight import MAY_BE_OLD

_MOST = 300
"""Pages that are kept at once."""
_Key = tuple[str, bytes, bool]


@dataclass(frozen=True, slots=True)
class _Page:
    until: float
    messages: tuple[Message, ...]


class Ready:
    """Answers with what it has, asks for the rest; those who ask for one page meanwhile wait for it together."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds
        self._pages: dict[_Key, _Page] = {}
        self._making: dict[_Key, asyncio.Future[_Page | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if not self._seconds or scope["type"] != "http" or _personal(scope):
            await self._app(scope, receive, send)
            return
        key = (
            scope["path"],
            scope["query_string"],
            "gzip" in Headers(scope=scope).get("accept-encoding", ""),
        )
        page = self._pages.get(key)
        if (page is None or page.until < time.monotonic()) and key in self._making:
            page = await asyncio.shield(self._making[key])
        if page is not None and page.until >= time.monotonic():
            for message in page.messages:
                await send(message)
            return
        await self._made(key, scope, receive, send)

    async def _made(self, key: _Key, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask the site, and keep the answer if it is for all."""
        making: asyncio.Future[_Page | None] = asyncio.get_running_loop().create_future()
        self._making[key] = making
        messages: list[Message] | None = []

        async def passed(message: Message) -> None:
            nonlocal messages
            if message["type"] == "http.response.start" and not _for_all(scope, message):
                # A stream is never gathered up, and nobody waits for what is not shared.
                messages = None
                _tell(making, None)
            if messages is not None:
                messages.append(message)
                if message["type"] == "http.response.body" and not message.get("more_body"):
                    self._keep(key, _Page(time.monotonic() + self._seconds, tuple(messages)))
                    _tell(making, self._pages[key])
            await send(message)

        old = MAY_BE_OLD.set(self._seconds)
        try:
            await self._app(scope, receive, passed)
        finally:
            MAY_BE_OLD.reset(old)
            _tell(making, None)
            if self._making.get(key) is making:
                del self._making[key]

    def _keep(self, key: _Key, page: _Page) -> None:
        now = time.monotonic()
        if len(self._pages) >= _MOST:
            self._pages = {k: one for k, one in self._pages.items() if one.until >= now}
        if len(self._pages) >= _MOST:
            self._pages.clear()
        self._pages[key] = page


def _tell(making: asyncio.Future[_Page | None], page: _Page | None) -> None:
    if not making.done():
        making.set_result(page)


def _personal(scope: Scope) -> bool:
    """Whether the answer may depend on who asks, or must be of this very moment."""
    headers = Headers(scope=scope)
    return (
        scope["method"] != "GET"
        or scope["path"].startswith(("/api/", "/static/"))
        or "authorization" in headers
        or "whipcount_session" in headers.get("cookie", "")
    )


def _for_all(scope: Scope, start: Message) -> bool:
    """Whether anybody may have this answer: `rendering.page` says so of a page without a form of ours."""
    given = {name.lower() for name, _ in start["headers"]}
    return (
        bool(scope.get("state", {}).get("for_all")) and start["status"] == 200 and b"set-cookie" not in given
    )
