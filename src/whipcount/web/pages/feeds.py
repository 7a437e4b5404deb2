"""What moved, for feed readers."""

from fastapi import APIRouter, Request, Response

from whipcount.publish.atom import feed
from whipcount.web.deps import AskedDep, LedgerDep
from whipcount.web.pages.changes import moved
from whipcount.web.pages.count import WantedDep

router = APIRouter(include_in_schema=False)
_DAYS = 60
"""Days on which something moved that a feed goes back."""


@router.get("/changes.atom")
def changes(request: Request, ledger: LedgerDep, asked: AskedDep, wanted: WantedDep) -> Response:
    """The latest changes as Atom."""
    found = moved(ledger, wanted, asked, _DAYS)
    site = request.app.state.options.public_url or str(request.base_url)
    query = f"?{request.url.query}" if request.url.query else ""
    text = feed((one for day in found.days for one in day.changes), site, path=f"/changes.atom{query}")
    return Response(text, media_type="application/atom+xml")
