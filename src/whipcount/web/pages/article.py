"""An article with what was found in it, marked in place."""

from fastapi import APIRouter, HTTPException, Request, Response

from whipcount import desk
from whipcount.errors import LedgerError
from whipcount.web.deps import AskedDep, LedgerDep
from whipcount.web.links import Links
from whipcount.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/article/{article_id}")
def article(request: Request, article_id: str, ledger: LedgerDep, asked: AskedDep) -> Response:
    """The page."""
    try:
        found = desk.article(ledger, article_id, asked.as_known_on)
    except LedgerError as error:
        raise HTTPException(404, str(error)) from None
    return page(request, "article.html", view=found, links=Links(request))
