"""Contests, standings, holdouts, and what moved day by day."""

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response

from whipcount import api_models as models
from whipcount import changes, desk
from whipcount.article import Kind, Sourcing, Stand
from whipcount.desk.sight import look, moves
from whipcount.publish.json import evidence_json, standing_json
from whipcount.standing import Standing
from whipcount.web.api import cursors
from whipcount.web.api.answers import ID, WORDS, CursorQ, LimitQ, linked, router
from whipcount.web.api.asked import AskedQ
from whipcount.web.deps import LedgerDep, OptionsDep

count = router("The count")

ContestQ = Annotated[
    str,
    Query(pattern=ID, description="A contest's id, or `current`, `past` or `all` for all of that kind."),
]
Pieces = Annotated[
    Literal["best", "all", "none"], Query(description="Which evidence comes with each standing.")
]
EndorseeQ = Annotated[str | None, Query(pattern=ID, description="Only on this endorsee, by id.")]
EndorserQ = Annotated[str | None, Query(pattern=ID, description="Only of this endorser, by id.")]
_KEYS = (str, str, str, str, str, str)


@count.get("/contests", summary="Contests on which there is evidence")
def contests(ledger: LedgerDep, asked: AskedQ) -> models.Listing[models.ContestRef]:
    """Each with how much there is."""
    found = desk.contests(ledger, asked.as_known_on)
    return models.Listing(
        items=[
            models.ContestRef(id=one.key, name=one.name, evidence=one.evidence, latest=one.latest)
            for one in found
        ]
    )


@count.get("/standings", summary="Who stands where")
def standings(
    request: Request,
    response: Response,
    ledger: LedgerDep,
    options: OptionsDep,
    asked: AskedQ,
    contest: ContestQ = "current",
    endorser: EndorserQ = None,
    endorsee: EndorseeQ = None,
    position: Annotated[list[Stand], Query(description="Only these positions.")] = [],  # noqa: B006 - never changed
    sourcing: Annotated[list[Sourcing], Query(description="Only known in these ways.")] = [],  # noqa: B006
    kind: Annotated[list[Kind], Query(description="Only endorsers of these kinds.")] = [],  # noqa: B006
    office: Annotated[str, Query(pattern=WORDS, max_length=200)] = "",
    party: Annotated[str, Query(pattern=WORDS, max_length=200)] = "",
    state: Annotated[str, Query(pattern=WORDS, max_length=200)] = "",
    q: Annotated[
        str,
        Query(pattern=WORDS, max_length=200, description="Words of the name, the office or the sentence."),
    ] = "",
    evidence: Pieces = "best",
    limit: LimitQ = 100,
    cursor: CursorQ = None,
) -> models.Listing[models.Standing]:
    """The count of a contest, one item a pair of endorser and endorsee, by endorsee and endorser."""
    found = desk.count(
        ledger,
        contest,
        as_of=asked.as_of,
        known_by=asked.as_known_on,
        filters=desk.Filters(
            positions=frozenset(position),
            sourcings=frozenset(sourcing),
            kinds=frozenset(kind),
            office=office,
            party=party,
            state=state,
            endorsee=endorsee or "",
            text=q,
        ),
        review_below=options.review_below,
    )
    rows = [row for row in found.rows if endorser in {None, row.standing.endorser.id}]
    page = cursors.paged(
        rows, lambda row: key(row.standing), listing="standings", kinds=_KEYS, cursor=cursor, limit=limit
    )
    linked(request, response, page.next)
    return models.Listing(
        items=[
            models.Standing.model_validate(shown(row.standing, evidence) | _office(row.office))
            for row in page.items
        ],
        next=page.next,
    )


@count.get("/holdouts", summary="Who holds out")
def holdouts(
    request: Request,
    response: Response,
    ledger: LedgerDep,
    options: OptionsDep,
    asked: AskedQ,
    contest: ContestQ = "current",
    endorsee: EndorseeQ = None,
    evidence: Pieces = "best",
    limit: LimitQ = 100,
    cursor: CursorQ = None,
) -> models.Listing[models.Holdout]:
    """Who is withholding or expected, the longest first; days count up to `as_of`, else today."""
    found = desk.holdouts(
        ledger,
        contest,
        as_of=asked.as_of,
        known_by=asked.as_known_on,
        endorsee=endorsee or "",
        review_below=options.review_below,
    )
    page = cursors.paged(
        found.rows,
        # The first day, and not how many there were since: that is another one tomorrow.
        lambda row: ((row.standing.since or dt.date.max).isoformat(), *key(row.standing)),
        listing="holdouts",
        kinds=(str, *_KEYS),
        cursor=cursor,
        limit=limit,
    )
    linked(request, response, page.next)
    return models.Listing(
        items=[
            models.Holdout.model_validate(
                shown(row.standing, evidence)
                | _office(row.office)
                | {
                    "days": row.days,
                    "asks": [{"words": a.words, "evidence": a.evidence.id} for a in row.asks],
                }
            )
            for row in page.items
        ],
        next=page.next,
    )


@count.get("/history", summary="What moved, day by day")
def history(
    request: Request,
    response: Response,
    ledger: LedgerDep,
    asked: AskedQ,
    contest: ContestQ = "current",
    endorser: EndorserQ = None,
    endorsee: EndorseeQ = None,
    kind: Annotated[list[changes.Move], Query(description="Only changes of these kinds.")] = [],  # noqa: B006
    since: Annotated[dt.date | None, Query(description="The first day.")] = None,
    limit: LimitQ = 100,
    cursor: CursorQ = None,
) -> models.Listing[models.Change]:
    """Every change of every standing, the latest day first, as the evidence has it that is known now.

    What the ledger learned when is in /changes.
    """
    found = [
        one
        for one in moves(look(ledger, contest, asked.as_known_on))
        if (since is None or one.day >= since)
        and (asked.as_of is None or one.day <= asked.as_of)
        and endorser in {None, one.endorser.id}
        and endorsee in {None, one.endorsee.id}
        and (not kind or one.kind in kind)
    ]
    page = cursors.paged(
        found,
        lambda one: (dt.date.max.toordinal() - one.day.toordinal(), *map(str, one.pair)),
        listing="history",
        kinds=(int, str, str, str, str),
        cursor=cursor,
        limit=limit,
    )
    linked(request, response, page.next)
    return models.Listing(items=[change(one) for one in page.items], next=page.next)


def change(one: changes.Change) -> models.Change:
    """A change as the API gives it."""
    return models.Change(
        day=one.day,
        endorser=models.Identity.model_validate(one.endorser),
        endorser_kind=one.endorser_kind,
        endorsee=models.Identity.model_validate(one.endorsee),
        contest=one.contest,
        contest_id=one.contest_id,
        kind=one.kind.value,
        old=one.old,
        new=one.new,
        evidence=[e.id for e in one.evidence],
    )


def key(standing: Standing) -> cursors.Key:
    """The order of standings."""
    return (
        standing.contest.value,
        standing.contest_id or "",
        standing.endorsee.name,
        standing.endorsee.id,
        standing.endorser.name,
        standing.endorser.id,
    )


def shown(standing: Standing, evidence: str) -> dict[str, Any]:
    """A standing with the evidence that is asked for."""
    if evidence == "all":
        return standing_json(standing)
    best = standing.best
    found = standing_json(standing, evidence=False)
    return found | {"evidence": [evidence_json(best)] if evidence == "best" else []}


def _office(office: Any) -> dict[str, Any]:
    return {name: getattr(office, name, None) for name in ("office", "party", "state")}
