"""Who has not come out: since when, what they ask for in their own words, and who moved meanwhile."""

from fastapi import APIRouter, Request, Response

from whipcount import desk
from whipcount.article import Contest
from whipcount.ledger import Ledger
from whipcount.publish.csv import HOLDOUT
from whipcount.publish.json import holdout_json
from whipcount.rosters import rosters_in
from whipcount.standing import Holdout
from whipcount.web.deps import Asked, AskedDep, LedgerDep, OptionsDep
from whipcount.web.downloads import csv_file, jsonl_file
from whipcount.web.links import Links
from whipcount.web.pages.count import Wanted, WantedDep
from whipcount.web.pages.paging import PageNumber, cut
from whipcount.web.rendering import page

router = APIRouter(include_in_schema=False)
PAGE = 100


def _holdouts(ledger: Ledger, wanted: Wanted, asked: Asked, review_below: float) -> desk.Holdouts:
    return desk.holdouts(
        ledger,
        wanted.contest,
        as_of=asked.as_of,
        known_by=asked.as_known_on,
        rules=wanted.rules,
        endorsee=wanted.filters.endorsee,
        roster=wanted.roster,
        review_below=review_below,
    )


@router.get("/holdouts")
def holdouts(
    request: Request,
    ledger: LedgerDep,
    asked: AskedDep,
    wanted: WantedDep,
    options: OptionsDep,
    page_number: PageNumber = 1,
) -> Response:
    """The page."""
    found = _holdouts(ledger, wanted, asked, options.review_below)
    rows, pages = cut(found.rows, page_number, PAGE)
    return page(
        request,
        "holdouts.html",
        holdouts=found,
        rows=rows,
        asked=asked,
        wanted=wanted,
        links=Links(request),
        contests=[c for c in desk.contests(ledger, asked.as_known_on) if c.key != Contest.PAST],
        rosters=rosters_in(options.rosters_folder),
        page_number=page_number,
        pages=pages,
    )


@router.get("/holdouts.csv")
def as_csv(ledger: LedgerDep, asked: AskedDep, wanted: WantedDep, options: OptionsDep) -> Response:
    """Just what the page shows, as CSV."""
    return csv_file("holdouts", _plain(_holdouts(ledger, wanted, asked, options.review_below)), HOLDOUT)


@router.get("/holdouts.jsonl")
def as_jsonl(ledger: LedgerDep, asked: AskedDep, wanted: WantedDep, options: OptionsDep) -> Response:
    """Just what the page shows, with all evidence, as JSON Lines."""
    return jsonl_file(
        "holdouts", _plain(_holdouts(ledger, wanted, asked, options.review_below)), holdout_json
    )


def _plain(found: desk.Holdouts) -> list[Holdout]:
    return [Holdout(row.standing, row.days) for row in found.rows]
