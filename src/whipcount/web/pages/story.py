"""The copies of one report, and what differs between them."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response

from whipcount import desk
from whipcount.errors import LedgerError
from whipcount.web.deps import LedgerDep
from whipcount.web.links import Links
from whipcount.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/story/{story_id}")
def story(
    request: Request,
    story_id: str,
    ledger: LedgerDep,
    compare: Annotated[str, Query(alias="with", max_length=64)] = "",
) -> Response:
    """The page; `with` names the copy that is held against the earliest."""
    try:
        found = desk.story(ledger, story_id, compare or None)
    except LedgerError as error:
        raise HTTPException(404, str(error)) from None
    return page(request, "story.html", view=found, links=Links(request))
