"""Readings made by hand, for the stages that come after reading."""

import datetime as dt
from dataclasses import dataclass

from whipcount.article import (
    Article,
    Attribution,
    Contest,
    Kind,
    Position,
    Reading,
    Sourcing,
    Span,
    Stand,
)
from whipcount.ledger import Evidence, Ledger

COURIER, HERALD = "Larkfield Courier", "Marrow Bay Herald"


@dataclass(frozen=True)
class Claim:
    """A position to be written into an article as one sentence."""

    endorser: str
    position: Stand
    endorsee: str = "Cy Dunmore"
    sourcing: Sourcing = Sourcing.NARRATION
    via: str | None = None
    said_on: dt.date | None = None
    asks: tuple[str, ...] = ()
    contest: Contest = Contest.CURRENT
    kind: Kind = Kind.PERSON
    confidence: float = 0.9
    unclear: bool = False


def july(day: int) -> dt.date:
    return dt.date(2031, 7, day)


def reading(
    *claims: Claim,
    id: str = "larkfield-1",  # noqa: A002
    published: dt.date | None = None,
    outlet: str | None = COURIER,
    url: str | None = None,
    lead: str = "News from Larkfield.",
    original_outlet: str | None = None,
) -> Reading:
    text = f"{lead}\n"
    positions: list[Position] = []
    unclear: list[Position] = []
    attributions = []
    for claim in claims:
        start = len(text)
        text += f"{claim.endorser} stands at {claim.position.value} on {claim.endorsee}"
        conditions = []
        for ask in claim.asks:
            text += ", asking for "
            conditions.append(Span(len(text), len(text) + len(ask)))
            text += ask
        text += "."
        evidence = Span(start, len(text))
        text += "\n"
        (unclear if claim.unclear else positions).append(
            Position(
                endorser=claim.endorser,
                endorser_kind=claim.kind,
                endorsee=claim.endorsee,
                position=claim.position,
                sourcing=claim.sourcing,
                evidence=evidence,
                contest=claim.contest,
                via=claim.via,
                conditions=tuple(conditions),
                said_on=claim.said_on,
                confidence=claim.confidence,
                because="made by hand",
            )
        )
        if claim.sourcing is not Sourcing.NARRATION:
            source = Span(start, start + len(claim.endorser))
            attributions.append(
                Attribution(
                    source=(source,),
                    cue=(Span(source.end + 1, source.end + 7),),
                    content=(Span(source.end + 8, evidence.end),),
                    speaker=claim.endorser,
                    sourcing=claim.sourcing,
                    via=claim.via,
                )
            )
    article = Article(
        id=id,
        text=text,
        title=f"Headline of {id}",
        outlet=outlet,
        original_outlet=original_outlet,
        published=published,
        url=url,
        key_points=(Span(0, len(lead)),),
    )
    return Reading(article, (), tuple(attributions), tuple(positions), unclear=tuple(unclear))


def the(ledger: Ledger, endorser: str) -> Evidence:
    """The first evidence of an endorser."""
    return next(one for one in ledger.evidence() if one.endorser.name == endorser)
