"""How right the count is: by the desk's own reviews, by annotated articles, and what can't both hold."""

from typing import Annotated

from fastapi import Query, Request, Response

from whipcount import api_models as models
from whipcount.conflicts import Clash, Conflict
from whipcount.desk import figures as of_reviews
from whipcount.desk.sight import evidence as evidence_of
from whipcount.desk.sight import look
from whipcount.publish.reviews import conflict_json
from whipcount.review import read_conflicts
from whipcount.web.api import cursors
from whipcount.web.api.answers import CursorQ, LimitQ, linked, router
from whipcount.web.api.asked import AskedQ
from whipcount.web.api.counts import ContestQ
from whipcount.web.deps import LedgerDep
from whipcount.web.measured import measured

figures = router("Figures")


@figures.get("/precision", summary="How often the program was right, by reviews")
def precision(
    ledger: LedgerDep,
    by: Annotated[
        str | None,
        Query(
            pattern=r"^(all|outlet|pattern|sourcing|position|confidence)$",
            description="Only put together by this.",
        ),
    ] = None,
) -> models.Listing[models.Precision]:
    """Of what readers decided on. They look first at what is least sure, so the whole is better than this."""
    found = [one for one in of_reviews.precise(ledger) if by in {None, one.by}]
    return models.Listing(items=[models.Precision.model_validate(one) for one in found])


@figures.get("/calibration", summary="What a confidence was worth, by reviews")
def calibration(ledger: LedgerDep) -> models.Listing[models.Calibration]:
    """By tenths of the program's confidence, with the confidence that is shown in its place."""
    return models.Listing(items=[models.Calibration.model_validate(one) for one in of_reviews.worth(ledger)])


@figures.get("/agreement", summary="How far readers agree")
def agreement(ledger: LedgerDep) -> models.Listing[models.Agreement]:
    """On the evidence that two of them or more decided on, field by field: Krippendorff's alpha."""
    return models.Listing(items=[models.Agreement.model_validate(one) for one in of_reviews.agreed(ledger)])


@figures.get("/accuracy", summary="How right the shipped model is on annotated articles")
def accuracy() -> models.Listing[models.Measured]:
    """On articles that it had not learned from, by set."""
    return models.Listing(items=[models.Measured.model_validate(one) for one in measured()])


@figures.get("/conflicts", summary="Reports that can't both hold")
def conflicts(
    request: Request,
    response: Response,
    ledger: LedgerDep,
    asked: AskedQ,
    contest: ContestQ = "all",
    kind: Annotated[list[Clash], Query(description="Only conflicts of these kinds.")] = [],  # noqa: B006 - never changed
    limit: LimitQ = 100,
    cursor: CursorQ = None,
) -> models.Listing[models.Conflict]:
    """Which of them counts, and by which rule; what a reader has settled is in none any more."""
    found = read_conflicts(ledger, evidence_of(look(ledger, contest, asked.as_known_on)), asked.as_of)
    page = cursors.paged(
        [one for one in found if not kind or one.kind in kind],
        _key,
        listing="conflicts",
        kinds=(int, str, str),
        cursor=cursor,
        limit=limit,
    )
    linked(request, response, page.next)
    return models.Listing(
        items=[models.Conflict.model_validate(conflict_json(one)) for one in page.items], next=page.next
    )


def _key(one: Conflict) -> cursors.Key:
    return list(Clash).index(one.kind), one.winner.id, one.losers[0].id
