"""What moved in a contest, day by day."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from whipcount import desk
from whipcount.changes import Change
from whipcount.ledger import Ledger
from whipcount.publish.csv import Columns
from whipcount.web.deps import Asked, AskedDep, LedgerDep
from whipcount.web.downloads import csv_file
from whipcount.web.links import Links
from whipcount.web.pages.count import Wanted, WantedDep
from whipcount.web.rendering import page

router = APIRouter(include_in_schema=False)
DAYS = 30
"""Days on which something moved, on one page."""
_ALL = 1_000_000
COLUMNS: Columns[Change] = {
    "date": lambda c: c.day,
    "endorser": lambda c: c.endorser.name,
    "endorsee": lambda c: c.endorsee.name,
    "contest": lambda c: c.contest.value,
    "contest_id": lambda c: c.contest_id,
    "old": lambda c: c.old and c.old.value,
    "new": lambda c: c.new and c.new.value,
    "kind": lambda c: c.kind.value,
    "evidence": lambda c: c.evidence[0].quote.exact if c.evidence else None,
    "url": lambda c: c.evidence[0].article.url if c.evidence else None,
}


def moved(ledger: Ledger, wanted: Wanted, asked: Asked, days: int) -> desk.Moved:
    """The latest changes that are asked for, of so many days on which something moved."""
    return desk.changes(
        ledger,
        wanted.contest,
        days=days,
        until=asked.as_of,
        known_by=asked.as_known_on,
        rules=wanted.rules,
        endorsee=wanted.filters.endorsee,
    )


@router.get("/changes")
def changes(
    request: Request,
    ledger: LedgerDep,
    asked: AskedDep,
    wanted: WantedDep,
    days: Annotated[int, Query(ge=1, le=366)] = DAYS,
) -> Response:
    """The page."""
    return page(
        request,
        "changes.html",
        moved=moved(ledger, wanted, asked, days),
        asked=asked,
        wanted=wanted,
        links=Links(request),
        contests=desk.contests(ledger, asked.as_known_on),
    )


@router.get("/changes.csv")
def as_csv(ledger: LedgerDep, asked: AskedDep, wanted: WantedDep) -> Response:
    """All changes, the latest first, as CSV."""
    found = moved(ledger, wanted, asked, _ALL)
    return csv_file("changes", [change for day in found.days for change in day.changes], COLUMNS)
