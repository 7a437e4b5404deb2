"""Contests, standings, holdouts, and what moved day by day."""

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import Path, Query, Request, Response

from whipcount import api_models as models
from whipcount import changes, desk
from whipcount.article import Kind, Sourcing, Stand
from whipcount.desk.sight import look, moves
from whipcount.publish.contests import contest_json
from whipcount.publish.json import evidence_json, standing_json
from whipcount.publish.rules import excluded_json
from whipcount.rosters import rosters_in
from whipcount.standing import Standing
from whipcount.web.api import cursors
from whipcount.web.api.answers import ID, WORDS, CursorQ, LimitQ, linked, not_found, problems, router
from whipcount.web.api.asked import AskedQ, RosterQ, RulesQ, find_roster
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


@count.get("/contests", summary="Contests, with who stands in them")
def contests(ledger: LedgerDep, asked: AskedQ) -> models.Listing[models.ContestRef]:
    """The one decided last first, then all present and all past ones as one each."""
    return models.Listing(items=[_contest(one) for one in desk.contests(ledger, asked.as_known_on)])


@count.get("/contests/{id}", summary="One contest", responses=problems(404))
def contest(ledger: LedgerDep, asked: AskedQ, id: Annotated[str, Path(pattern=ID)]) -> models.ContestRef:  # noqa: A002
    """With who stands in it."""
    for one in desk.contests(ledger, asked.as_known_on):
        if one.key == id:
            return _contest(one)
    raise not_found("such contest")


def _contest(one: desk.ContestChoice) -> models.ContestRef:
    return models.ContestRef(
        id=one.key,
        name=one.name,
        evidence=one.evidence,
        latest=one.latest,
        race=models.Race.model_validate(contest_json(one.race)) if one.race else None,
    )


@count.get("/rules", summary="Rules of counting")
def all_rules() -> models.Listing[models.RulesModel]:
    """What `rules` can be, the house's first."""
    return models.Listing(
        items=[
            models.RulesModel(
                name=one.name,
                title=one.title,
                about=one.about,
                sourcings=list(one.sourcings),
                positions=list(one.positions),
                kinds=list(one.kinds),
                past=one.past,
                words=list(one.words),
                independent=one.independent,
                notable=one.notable,
                one_choice=one.one_choice,
                points=dict(one.points.offices) if one.points else None,
            )
            for one in desk.all_rules()
        ]
    )


@count.get("/excluded", summary="What does not count, and why")
def excluded(
    request: Request,
    response: Response,
    ledger: LedgerDep,
    asked: AskedQ,
    contest: ContestQ = "current",
    rules: RulesQ = [],  # noqa: B006 - never changed
    limit: LimitQ = 100,
    cursor: CursorQ = None,
) -> models.Listing[models.Excluded]:
    """By the rules that are asked for: reports and standings, each with the first reason to leave it out."""
    found = desk.count(ledger, contest, as_of=asked.as_of, known_by=asked.as_known_on, rules=rules).excluded
    page = cursors.paged(
        [excluded_json(one) for one in found],
        lambda one: (one["id"], one["what"], one["rules"], one["reason"]),
        listing="excluded",
        kinds=(str, str, str, str),
        cursor=cursor,
        limit=limit,
    )
    linked(request, response, page.next)
    return models.Listing(items=[models.Excluded.model_validate(one) for one in page.items], next=page.next)


@count.get("/rosters", summary="Lists of people who are watched")
def rosters(options: OptionsDep) -> models.Listing[models.RosterRef]:
    """By name."""
    return models.Listing(items=[models.RosterRef(name=name) for name in rosters_in(options.rosters_folder)])


@count.get("/rosters/{name}", summary="Where everybody on a roster stands", responses=problems(404))
def roster(
    ledger: LedgerDep,
    options: OptionsDep,
    asked: AskedQ,
    name: Annotated[str, Path(pattern=WORDS, min_length=1, max_length=200)],
    contest: Annotated[
        str | None,
        Query(pattern=ID, description="A contest's id, or current, past or all; else the roster's."),
    ] = None,
    rules: RulesQ = [],  # noqa: B006 - never changed
    evidence: Pieces = "best",
) -> models.Listing[models.Watched]:
    """The silent too, on whom there is no evidence at all."""
    of = find_roster(options, name)
    found = desk.count(
        ledger,
        contest or of.contest or "current",
        as_of=asked.as_of,
        known_by=asked.as_known_on,
        rules=rules,
        roster=of,
        review_below=options.review_below,
    )
    return models.Listing(
        items=[
            models.Watched(
                id=one.member.id,
                name=one.member.name,
                **_office(one.member.office),
                standing=one.state,
                last_said=one.last_said,
                days=one.days,
                not_counted=list(one.reasons),
                standings=[
                    models.Standing.model_validate(shown(standing, evidence))
                    for standing in ((one.standing, *one.others) if one.standing else ())
                ],
            )
            for one in found.watched
        ]
    )


@count.get("/standings", summary="Who stands where", responses=problems(404))
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
    roster: RosterQ = None,
    rules: RulesQ = [],  # noqa: B006
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
        rules=rules,
        roster=roster,
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
            models.Standing.model_validate(
                shown(row.standing, evidence) | _office(row.office) | {"points": row.points}
            )
            for row in page.items
        ],
        next=page.next,
    )


@count.get("/holdouts", summary="Who holds out", responses=problems(404))
def holdouts(
    request: Request,
    response: Response,
    ledger: LedgerDep,
    options: OptionsDep,
    asked: AskedQ,
    contest: ContestQ = "current",
    endorsee: EndorseeQ = None,
    roster: RosterQ = None,
    rules: RulesQ = [],  # noqa: B006 - never changed
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
        rules=rules,
        roster=roster,
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
                    "points": row.weight,
                    "days": row.days,
                    "asks": [{"words": a.words, "evidence": a.evidence.id} for a in row.asks],
                }
            )
            for row in page.items
        ],
        next=page.next,
    )


@count.get("/over-time", summary="How the count went")
def over_time(
    ledger: LedgerDep,
    asked: AskedQ,
    contest: ContestQ = "current",
    endorsee: EndorseeQ = None,
    rules: RulesQ = [],  # noqa: B006 - never changed
) -> models.Listing[models.Series]:
    """How many back each endorsee, or for one endorsee how many hold each position, from day to day."""
    found = desk.over_time(
        ledger, contest, as_of=asked.as_of, known_by=asked.as_known_on, rules=rules, endorsee=endorsee or ""
    )
    return models.Listing(
        items=[
            models.Series(
                key=one.key, name=one.name, points=[models.Point(day=day, count=n) for day, n in one.points]
            )
            for one in found
        ]
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
    rules: RulesQ = [],  # noqa: B006
    limit: LimitQ = 100,
    cursor: CursorQ = None,
) -> models.Listing[models.Change]:
    """Every change of every standing, the latest day first, as the evidence has it that is known now.

    What the ledger learned when is in /changes.
    """
    found = [
        one
        for one in moves(look(ledger, contest, asked.as_known_on, rules))
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
