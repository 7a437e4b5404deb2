"""One person's or body's whole history."""

from fastapi import APIRouter, HTTPException, Request, Response

from whipcount import desk
from whipcount.errors import LedgerError
from whipcount.ledger import Ledger
from whipcount.publish.csv import EVIDENCE
from whipcount.publish.json import evidence_json
from whipcount.web.deps import Asked, AskedDep, LedgerDep
from whipcount.web.downloads import csv_file, jsonl_file
from whipcount.web.links import Links
from whipcount.web.pages.paging import PageNumber, cut
from whipcount.web.rendering import page

router = APIRouter(include_in_schema=False)
PAGE = 50


def _history(ledger: Ledger, identity: str, asked: Asked) -> desk.History:
    try:
        return desk.endorser(ledger, identity, as_of=asked.as_of, known_by=asked.as_known_on)
    except LedgerError as error:
        raise HTTPException(404, str(error)) from None


@router.get("/endorser/{identity}")
def endorser(
    request: Request, identity: str, ledger: LedgerDep, asked: AskedDep, page_number: PageNumber = 1
) -> Response:
    """The page."""
    found = _history(ledger, identity, asked)
    shown, pages = cut(found.timeline, page_number, PAGE)
    return page(
        request,
        "endorser.html",
        history=found,
        shown=shown,
        asked=asked,
        links=Links(request),
        page_number=page_number,
        pages=pages,
    )


@router.get("/endorser/{identity}/history.csv")
def as_csv(identity: str, ledger: LedgerDep, asked: AskedDep) -> Response:
    """Every report and every copy, as CSV."""
    found = _history(ledger, identity, asked)
    return csv_file("history", [one for told in found.timeline for one in told.report.all], EVIDENCE)


@router.get("/endorser/{identity}/history.jsonl")
def as_jsonl(identity: str, ledger: LedgerDep, asked: AskedDep) -> Response:
    """The same as JSON Lines."""
    found = _history(ledger, identity, asked)
    return jsonl_file("history", [one for told in found.timeline for one in told.report.all], evidence_json)
