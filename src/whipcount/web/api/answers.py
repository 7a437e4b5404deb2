"""How the API answers: with strong ETags that 304s go by, and problem details where it can't.

Entry: `router()`, which the parts of the API are made with.
"""

import hashlib
from collections.abc import Callable, Coroutine, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict

from whipcount.web.api import cursors

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "There is no such article."}
            ]
        }
    )  # fmt: skip

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of an operation, for its description."""
    words = {
        400: "The body is not JSON.",
        401: "A token is needed, or this one is not good.",
        403: "The token does not allow this.",
        404: "There is no such thing.",
        409: "Somebody else has decided meanwhile.",
        413: "The body is too large.",
        410: "What is asked for is no longer kept: begin anew.",
        422: "What is asked makes no sense; `detail` says why.",
        429: "Too many requests.",
        503: "Too many streams are open.",
    }
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": words[status], "content": content} for status in statuses}


class Conditional(APIRoute):
    """A route whose answers bear a strong ETag; who has them already gets a 304.

    A parameter that it does not know is refused: a filter with a misspelt name would give another count than was
    asked for, and say nothing.
    """

    def get_route_handler(self) -> Handler:
        """The handler, with the check before and the ETag after it."""
        handler = super().get_route_handler()
        known = set(_parameters(self.dependant))

        async def conditional(request: Request) -> Response:
            if unknown := sorted(request.query_params.keys() - known):
                raise HTTPException(422, f"There is no parameter {unknown[0][:80]!r} here.")
            response = await handler(request)
            body = getattr(response, "body", None)
            if request.method != "GET" or response.status_code != 200 or not isinstance(body, bytes):
                return response
            tag = _etag(request, body)
            response.headers.setdefault("Cache-Control", "private, no-cache")
            response.headers["ETag"] = tag
            if not _has(request, tag):
                return response
            kept = {
                name: value
                for name, value in response.headers.items()
                if name in {"etag", "cache-control", "link", "vary"}
            }
            return Response(status_code=304, headers=kept)

        return conditional


def _parameters(dependant: Dependant) -> Iterator[str]:
    """The names of all parameters that a route and what it depends on take."""
    yield from (field.alias for field in dependant.query_params)
    for one in dependant.dependencies:
        yield from _parameters(one)


def _etag(request: Request, body: bytes) -> str:
    # Packed on the way out or not, these are two answers, whose strong tags must differ (RFC 9110, 8.8.3).
    packed = "-z" if "gzip" in request.headers.get("accept-encoding", "") else ""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}{packed}"'


def _has(request: Request, tag: str) -> bool:
    given = ",".join(request.headers.getlist("if-none-match"))
    known = {one.strip().removeprefix("W/") for one in given.split(",")}
    return "*" in known or tag in known


def router(tag: str) -> APIRouter:
    """A part of the API."""
    return APIRouter(tags=[tag], route_class=Conditional, responses=problems(401, 422, 429))


def not_found(what: str) -> HTTPException:
    """To raise where there is nothing."""
    return HTTPException(404, f"There is no {what}.")


LimitQ = Annotated[int, Query(ge=1, le=1000, description="Items in one answer.")]
CursorQ = Annotated[
    str | None,
    Query(
        pattern=cursors.PATTERN, description="`next` of the answer before; with the same other parameters."
    ),
]
ID = r"^[A-Za-z0-9_.@:-]{1,96}$"
"""What ids look like."""
WORDS = r"^[^\x00-\x1f\x7f]*$"
"""What people may look for."""


def linked(request: Request, response: Response, cursor: str | None) -> None:
    """Say where the next page is, for those who go by headers."""
    if cursor is not None:
        url = request.url.include_query_params(cursor=cursor)
        response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
