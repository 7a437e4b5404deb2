"""What stands around the API: leave for other sites' scripts to read what is public, and answers to OPTIONS."""

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from whipcount.web.options import WebOptions

_READS = ("GET", "HEAD")
_ASKED = ["If-None-Match", "Last-Event-ID"]
_TOLD = ["ETag", "Link", "Retry-After"]


class Outside:
    """Lets public reading through from anywhere, and nothing else from elsewhere."""

    def __init__(self, app: ASGIApp, site: FastAPI, options: WebOptions) -> None:
        self._app = app
        self._site = site
        self._shared = app
        if not options.private:
            # No credentials: what a script of another site reads is what anybody may.
            self._shared = CORSMiddleware(
                app, allow_origins=["*"], allow_methods=_READS, allow_headers=_ASKED, expose_headers=_TOLD, max_age=86400
            )  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the request pass."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        preflight = any(name == b"access-control-request-method" for name, _ in scope["headers"])
        if scope["method"] == "OPTIONS" and not (preflight and self._shared is not self._app):
            await self._options(scope, receive, send)
        elif scope["method"] in {*_READS, "OPTIONS"}:
            await self._shared(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _options(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say which methods there are."""
        methods = {
            method
            for method in ("GET", "POST", "DELETE")
            if any(route.matches({**scope, "method": method})[0] is Match.FULL for route in self._site.routes)
        }
        if not methods:
            await self._app(scope, receive, send)
            return
        allowed = sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set()))
        headers = [(b"allow", ", ".join(allowed).encode())]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
