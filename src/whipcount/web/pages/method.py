"""How the count is made, in words."""

from fastapi import APIRouter, Request, Response

from whipcount.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/method")
def method(request: Request) -> Response:
    """The method page."""
    return page(request, "method.html")
