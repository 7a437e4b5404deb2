"""What every request passes and every answer bears: limits of size and rate, headers, a line in the log.

Entry: `guard(app, options)`. Whether a form is from our own page is for `forms.py`.
"""

import json
import logging
import time
from collections.abc import MutableMapping
from http import HTTPStatus
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from whipcount.web.options import WebOptions

LOG = logging.getLogger("whipcount.web")

LARGEST_BODY = 1_000_000
"""Bytes that a request may bring."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    # What a page shows depends on who asks.
    "Cache-Control": "private, no-cache",
}


class Limits:
    """How often a client may do something; in memory, as one process serves."""

    LOGIN = RateLimitItemPerMinute(10)
    """Tries to log in by one client."""
    ACCOUNT = RateLimitItemPerHour(30)
    """Tries to log in to one account, by whomever."""
    COMPLAINT = RateLimitItemPerHour(5)
    """Corrections sent by one client."""

    def __init__(self, per_minute: int) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._all = RateLimitItemPerMinute(per_minute) if per_minute else None

    def wait(self, item: RateLimitItem | None, *who: str) -> int:
        """0 where it may be done, which counts; else the seconds until then."""
        if item is None or self._limiter.hit(item, *who):
            return 0
        return max(1, round(self._limiter.get_window_stats(item, *who).reset_time - time.time()) + 1)

    def wait_for_any(self, who: str) -> int:
        """The same for requests of any kind."""
        return self.wait(self._all, "any", who)


def client(scope: MutableMapping[str, Any]) -> str:
    """Who asks, by address; a network of IPv6 is one client, as it is given to one household."""
    host = (scope.get("client") or ("unknown", 0))[0]
    try:
        address = ip_address(host)
    except ValueError:
        return str(host)
    return str(IPv6Network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)


def client_of(request: Request) -> str:
    """Who asks, by address."""
    return client(request.scope)


def protect(headers: MutableHeaders, *, https: bool) -> None:
    """Put on an answer's headers what each answer bears."""
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    headers.add_vary_header("Cookie")
    if https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


class Guard:
    """The outermost layer around the site."""

    def __init__(self, app: ASGIApp, options: WebOptions, limits: Limits) -> None:
        self._app = app
        self._https = options.public_url.startswith("https:")
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def answered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                protect(MutableHeaders(scope=message), https=self._https or scope["scheme"] == "https")
            await send(message)

        try:
            await self._pass(scope, receive, answered)
        finally:
            # The path alone: a query may hold what is nobody's business.
            LOG.info(
                "%s %s %d %.0f ms", scope["method"], _plain(scope["path"]), status, (time.perf_counter() - started) * 1000
            )  # fmt: skip

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith("/static/") and (wait := self._limits.wait_for_any(client(scope))):
            await _refuse(scope, send, 429, "Too many requests; please wait.", {"Retry-After": str(wait)})
            return
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            await _refuse(scope, send, 413, "That is too large.")
            return
        head = scope["method"] == "HEAD"
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > LARGEST_BODY:
                raise HTTPException(413, "That is too large.")
            return message

        async def bodiless(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        # Who asks for the head alone gets that of the page.
        asked = {**scope, "method": "GET", "whipcount.head": True} if head else scope
        await self._app(asked, counted, bodiless if head else send)


async def _refuse(
    scope: Scope, send: Send, status: int, why: str, headers: dict[str, str] | None = None
) -> None:
    kind, body = "text/plain; charset=utf-8", f"{why}\n"
    if scope["path"].startswith("/api/"):
        problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": why}
        kind, body = "application/problem+json", json.dumps(problem)
    given = {"Content-Type": kind, **(headers or {})}
    raw = [(name.lower().encode(), value.encode()) for name, value in given.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body.encode()})


def _plain(path: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in path[:300])


def guard(app: FastAPI, options: WebOptions) -> None:
    """Put the guard around an app; its limits are the app's as well."""
    app.state.limits = Limits(options.rate)
    app.add_middleware(Guard, options=options, limits=app.state.limits)
