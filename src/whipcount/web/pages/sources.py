"""What the outlets are worth: how much they have, how it is sourced, how right it was."""

from fastapi import APIRouter, Request, Response

from whipcount import desk
from whipcount.desk.outlets import Outlet
from whipcount.publish.csv import Columns
from whipcount.web.deps import AskedDep, LedgerDep
from whipcount.web.downloads import csv_file
from whipcount.web.links import Links
from whipcount.web.pages.paging import PageNumber, cut
from whipcount.web.rendering import page

router = APIRouter(include_in_schema=False)
PAGE = 200
COLUMNS: Columns[Outlet] = {
    "outlet": lambda o: o.name,
    "articles": lambda o: o.articles,
    "latest": lambda o: o.latest,
    "positions": lambda o: o.positions,
    "unnamed_share": lambda o: None if o.unnamed is None else f"{o.unnamed:.3f}",
    "accepted": lambda o: o.accepted,
    "corrected": lambda o: o.corrected,
    "rejected": lambda o: o.rejected,
    "precision": lambda o: None if o.precision is None else f"{o.precision:.3f}",
}


@router.get("/sources")
def sources(request: Request, ledger: LedgerDep, asked: AskedDep, page_number: PageNumber = 1) -> Response:
    """The page."""
    found = desk.sources(ledger, asked.as_known_on)
    shown, pages = cut(found, page_number, PAGE)
    return page(
        request,
        "sources.html",
        outlets=shown,
        total=len(found),
        reviewed=sum(one.reviewed for one in found),
        asked=asked,
        links=Links(request),
        page_number=page_number,
        pages=pages,
    )


@router.get("/sources.csv")
def as_csv(ledger: LedgerDep, asked: AskedDep) -> Response:
    """The same as CSV."""
    return csv_file("sources", desk.sources(ledger, asked.as_known_on), COLUMNS)
