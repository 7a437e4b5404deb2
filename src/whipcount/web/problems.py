"""What goes wrong, as a page for people and as problem details (RFC 9457) for programs."""

from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from whipcount.errors import WhipcountError
from whipcount.web.cookies import https
from whipcount.web.deps import NeedsLogin
from whipcount.web.rendering import page
from whipcount.web.security import protect
from whipcount.web.viewer import ANYBODY


def for_programs(request: Request) -> bool:
    """Whether a program asks."""
    return request.url.path.startswith("/api/")


def problem(status: int, detail: str = "", *, headers: dict[str, str] | None = None) -> Response:
    """Problem details for a program."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    return JSONResponse(
        {**body, "detail": detail} if detail else body,
        status,
        headers=headers,
        media_type="application/problem+json",
    )


def _failed(
    request: Request, status: int, detail: str = "", headers: dict[str, str] | None = None
) -> Response:
    if for_programs(request):
        return problem(status, detail, headers=headers)
    title = HTTPStatus(status).phrase
    shown = detail if detail != title else ""
    response = page(request, "failed.html", status=status, title=title, detail=shown)
    response.headers.update(headers or {})
    return response


def install(app: FastAPI) -> None:
    """Let the app answer so."""

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        return _failed(request, error.status_code, str(error.detail or ""), dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        return _failed(request, 422, f"{where}: {first['msg']}")

    @app.exception_handler(WhipcountError)
    def _ours(request: Request, error: WhipcountError) -> Response:
        return _failed(request, 422, str(error))

    @app.exception_handler(Exception)
    def _broken(request: Request, error: Exception) -> Response:
        del error  # the server logs it
        if not hasattr(request.state, "viewer"):
            request.state.viewer = ANYBODY  # what broke may be the store that knows who asks
        response = _failed(request, 500, "Something went wrong here. It is in the log.")
        # This answer is made outside of the guard.
        protect(response.headers, https=https(request))
        return response

    @app.exception_handler(NeedsLogin)
    def _login(request: Request, _error: NeedsLogin) -> Response:
        if for_programs(request):
            return problem(401, "This needs a token.", headers={"WWW-Authenticate": "Bearer"})
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?next={quote(here, safe='')}", 303)
