"""The count of a contest: who stands where, filtered, grouped and sorted by the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from whipcount import desk
from whipcount.article import Kind, Sourcing, Stand
from whipcount.desk.sight import kept
from whipcount.ledger import Ledger
from whipcount.publish.csv import STANDING
from whipcount.publish.json import standing_json
from whipcount.publish.rules import EXCLUDED, weighed
from whipcount.rosters import Roster, load_roster, rosters_in
from whipcount.web import charts
from whipcount.web.deps import Asked, AskedDep, LedgerDep, OptionsDep
from whipcount.web.downloads import PARQUET, csv_file, jsonl_file
from whipcount.web.links import Links
from whipcount.web.options import WebOptions
from whipcount.web.pages.paging import PageNumber
from whipcount.web.rendering import page

router = APIRouter(include_in_schema=False)
PAGE = 1_000
"""Rows on one page."""
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a count is asked for."""

    contest: str
    rules: tuple[str, ...]
    roster: Roster | None
    filters: desk.Filters
    by: desk.By
    sort: desk.Sort
    backwards: bool


def wanted(
    ledger: LedgerDep,
    options: OptionsDep,
    asked: AskedDep,
    contest: Annotated[str, Query(max_length=64)] = "",
    position: Annotated[list[str] | None, Query()] = None,
    sourcing: Annotated[list[str] | None, Query()] = None,
    kind: Annotated[list[str] | None, Query()] = None,
    office: Annotated[str, Query(max_length=100)] = "",
    party: Annotated[str, Query(max_length=100)] = "",
    state: Annotated[str, Query(max_length=100)] = "",
    endorsee: Annotated[str, Query(max_length=64)] = "",
    q: Annotated[str, Query(max_length=200)] = "",
    roster: Annotated[str, Query(max_length=200)] = "",
    by: str = "",
    sort: str = "",
) -> Wanted:
    """The parameters of a count; empty ones were not given, as a form sends them so."""
    key = sort.removeprefix("-")
    return Wanted(
        contest or foremost(ledger, asked),
        (asked.rules,) if asked.rules else (),
        find_roster(options, roster),
        desk.Filters(
            frozenset(_one(Stand, value, "position") for value in position or () if value),
            frozenset(_one(Sourcing, value, "sourcing") for value in sourcing or () if value),
            frozenset(_one(Kind, value, "kind") for value in kind or () if value),
            office,
            party,
            state,
            endorsee,
            q.strip(),
        ),
        _one(desk.By, by or "endorsee", "by"),
        _one(desk.Sort, key or "position", "sort"),
        sort.startswith("-"),
    )


def foremost(ledger: Ledger, asked: Asked) -> str:
    """The contest of a page that names none."""
    return desk.foremost(desk.contests(ledger, asked.as_known_on))


def find_roster(options: WebOptions, name: str) -> Roster | None:
    """The roster of that name; only those in the desk's folder can be asked for, never a path."""
    if not name:
        return None
    folder = options.rosters_folder
    if name not in rosters_in(folder):
        raise HTTPException(404, f"There is no roster {name}.")
    return load_roster(name, folder)


WantedDep = Annotated[Wanted, Depends(wanted)]


def _one(kinds: type[E], value: str, name: str) -> E:
    try:
        return kinds(value)
    except ValueError:
        raise HTTPException(422, f"{name} is one of {', '.join(kinds)}; not {value}") from None


def counted(ledger: Ledger, wanted: Wanted, asked: Asked, review_below: float) -> desk.Count:
    """The count that is asked for."""
    return desk.count(
        ledger,
        wanted.contest,
        as_of=asked.as_of,
        known_by=asked.as_known_on,
        rules=wanted.rules,
        filters=wanted.filters,
        roster=wanted.roster,
        by=wanted.by,
        sort=wanted.sort,
        backwards=wanted.backwards,
        review_below=review_below,
    )


@router.get("/")
def count(
    request: Request,
    ledger: LedgerDep,
    asked: AskedDep,
    wanted: WantedDep,
    options: OptionsDep,
    page_number: PageNumber = 1,
) -> Response:
    """The page."""
    found = counted(ledger, wanted, asked, options.review_below)
    contests = desk.contests(ledger, asked.as_known_on)
    series = _series(ledger, wanted, asked)
    groups, pages = paged(found.groups, page_number)
    return page(
        request,
        "count.html",
        count=found,
        groups=groups,
        asked=asked,
        wanted=wanted,
        links=Links(request),
        contests=contests,
        race=next((one.race for one in contests if one.key == wanted.contest), None),
        series=series,
        chart=_lines(series, bool(wanted.filters.endorsee)),
        bars=bars(found.groups) if wanted.by is desk.By.ENDORSEE and len(found.groups) > 1 else "",
        page_number=page_number,
        pages=pages,
        By=desk.By,
        Sort=desk.Sort,
        rosters=rosters_in(options.rosters_folder),
        all_rules=desk.all_rules(),
        parquet=PARQUET,
    )


@router.get("/count.csv")
def as_csv(ledger: LedgerDep, asked: AskedDep, wanted: WantedDep, options: OptionsDep) -> Response:
    """Just what the page shows, as CSV."""
    found = counted(ledger, wanted, asked, options.review_below)
    points = {id(row.standing): row.points for row in found.rows}
    weighs = any(one is not None for one in points.values())
    return csv_file("count", found.standings, weighed(lambda s: points[id(s)]) if weighs else STANDING)


@router.get("/count.jsonl")
def as_jsonl(ledger: LedgerDep, asked: AskedDep, wanted: WantedDep, options: OptionsDep) -> Response:
    """Just what the page shows, with all evidence, as JSON Lines."""
    return jsonl_file("count", counted(ledger, wanted, asked, options.review_below).standings, standing_json)


@router.get("/count/excluded.csv")
def excluded(ledger: LedgerDep, asked: AskedDep, wanted: WantedDep, options: OptionsDep) -> Response:
    """What does not count by the rules, each with the reason."""
    return csv_file("excluded", counted(ledger, wanted, asked, options.review_below).excluded, EXCLUDED)


@router.get("/count/over-time.csv")
def over_time(ledger: LedgerDep, asked: AskedDep, wanted: WantedDep) -> Response:
    """What the chart is drawn from."""
    found = [(one.name, day, value) for one in _series(ledger, wanted, asked) for day, value in one.points]
    name = "position" if wanted.filters.endorsee else "endorsee"
    return csv_file(
        "over-time", found, {"date": lambda p: p[1], name: lambda p: p[0], "count": lambda p: p[2]}
    )


def _series(ledger: Ledger, wanted: Wanted, asked: Asked) -> tuple[desk.Series, ...]:
    return desk.over_time(
        ledger,
        wanted.contest,
        as_of=asked.as_of,
        known_by=asked.as_known_on,
        rules=wanted.rules,
        endorsee=wanted.filters.endorsee,
    )


@kept(32)
def _lines(series: tuple[desk.Series, ...], of_one: bool) -> str:
    title = "The count over time" if of_one else "Who backs whom, over time"
    return charts.lines(series, title, say(series))


def bars(groups: Sequence[desk.Group]) -> str:
    """How many hold each position in each group."""
    return _bars(tuple((group.name, tuple(group.totals.items())) for group in groups))


@kept(32)
def _bars(groups: tuple[tuple[str, tuple[tuple[Stand, int], ...]], ...]) -> str:
    told = (f"{name}: {', '.join(f'{n} {stand.value}' for stand, n in totals)}" for name, totals in groups)
    return charts.bars(groups, "Where endorsers stand on each", "; ".join(told))


def say(series: tuple[desk.Series, ...]) -> str:
    """What a chart of lines shows, in words."""
    return "; ".join(
        f"{one.name} from {one.points[0][1]} on {one.points[0][0]} to {one.points[-1][1]} on {one.points[-1][0]}"
        for one in series
    )


def paged(
    groups: tuple[desk.Group, ...], number: int
) -> tuple[list[tuple[desk.Group, tuple[desk.Row, ...]]], int]:
    """The groups with the rows of one page, and how many pages there are."""
    skip, left = (number - 1) * PAGE, PAGE
    found = []
    for group in groups:
        rows = group.rows[skip : skip + left]
        skip = max(0, skip - len(group.rows))
        left -= len(rows)
        if rows:
            found.append((group, rows))
    total = sum(len(group.rows) for group in groups)
    return found, max(1, -(-total // PAGE))
