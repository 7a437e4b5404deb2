"""How the count is made, how right it is, and where to complain."""

import json
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from whipcount.agreement import UNCLEAR, Precision, precision
from whipcount.article import Sourcing, Stand
from whipcount.errors import LedgerError, ReviewError
from whipcount.ledger import Ledger
from whipcount.ledger.events import Action
from whipcount.ledger.review_reads import ReviewReads
from whipcount.ledger.reviews import Reviews
from whipcount.rules import Rules, load_rules, shipped
from whipcount.web.deps import LedgerDep, LimitsDep
from whipcount.web.rendering import page
from whipcount.web.security import Limits, client_of

router = APIRouter(prefix="/method", include_in_schema=False)

STANDS = {
    Stand.ENDORSED: "has come out for somebody by a formal or public act, or said in so many words to endorse",
    Stand.SUPPORTS: "backs somebody, will vote for or campaigns for them, short of that",
    Stand.EXPECTED: "is reported to be about to endorse, and has not",
    Stand.WITHHOLDING: "has not endorsed, says so or is said to, and is not against",
    Stand.REFUSED: "has said no: will not endorse, support or vote for somebody",
    Stand.WITHDRAWN: "has taken an endorsement back",
}
SOURCINGS = {
    Sourcing.OWN_WORDS: "the endorser says so, in speech or writing",
    Sourcing.SPOKESPERSON: "somebody who speaks for the endorser says so",
    Sourcing.NAMED_SOURCE: "somebody else says so, by name",
    Sourcing.UNNAMED_SOURCE: "people say so whom the article does not name",
    Sourcing.OUTLET: "the article has it from another outlet",
    Sourcing.NARRATION: "the article tells it in its own voice",
}
_LONGEST = 4000
ASKER = "a reader of the site"
"""Who asks for a correction; the name given is part of the text, as nobody has checked it."""
ELSEWHERE = "site"
"""What a request is about that names nothing in the ledger."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What the shipped model was found to be worth on articles it had not seen."""

    gold: int
    precision: float
    recall: float
    pair_precision: float
    pair_recall: float
    bands: tuple[tuple[str, int, float], ...]
    """From which confidence on, how many records, and the share that was right."""


@cache
def measured() -> tuple[Measured, ...]:
    """By the figures in the manifest that ships with the model."""
    manifest = json.loads(files("whipcount.models").joinpath("positions.json").read_text("utf-8"))
    return tuple(_measured(manifest["figures"][name]) for name in ("positions", "positions-single"))


def _measured(figures: dict[str, Any]) -> Measured:
    bands = [one for one in figures["calibration"] if one["records"]]
    return Measured(
        figures["gold"],
        figures["record_precision"],
        figures["record_recall"],
        figures["pair_precision"],
        figures["pair_recall"],
        tuple((f"{one['from']:.1f}", one["records"], one["right"]) for one in bands),
    )


@cache
def _rules() -> tuple[Rules, ...]:
    return tuple(load_rules(name) for name in shipped())


def _reviewed(ledger: Ledger) -> list[Precision]:
    decided = ledger.decided()
    found = precision(ReviewReads(ledger.engine).rows(decided.verdicts), decided)
    return [one for one in found if one.by in {"all", UNCLEAR, "position", "sourcing"}]


@router.get("")
def method(request: Request, ledger: LedgerDep, about: str = "", sent: int = 0) -> Response:
    """The page; `about` is what a complaint is about: the id of evidence or of an article."""
    return _page(request, ledger, about=about, sent=sent)


@router.post("/complain")
def complain(
    request: Request,
    ledger: LedgerDep,
    limits: LimitsDep,
    text: Annotated[str, Form()] = "",
    about: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    website: Annotated[str, Form()] = "",
) -> Response:
    """Put a request for a correction into the review queue."""
    words, who = text.strip(), " ".join(name.split())[:80]
    if website:
        # Only a program fills in what nobody sees; it need not know that we noticed.
        return RedirectResponse("/method?sent=1#complain", 303)
    if not words or len(words) > _LONGEST:
        trouble = f"Please say what is wrong, in at most {_LONGEST} characters."
        return _page(request, ledger, about=about, trouble=trouble, text=text, name=name, status=422)
    if wait := limits.wait(Limits.COMPLAINT, "complaint", client_of(request)):
        trouble = f"That is the fifth request within an hour. Please wait {-(-wait // 60)} min."
        response = _page(request, ledger, about=about, trouble=trouble, text=text, name=name, status=429)
        response.headers["Retry-After"] = str(wait)
        return response
    given = f"{words}\n— {who}, as they call themselves" if who else words
    try:
        Reviews(ledger.engine).record(
            Action.NOTE, _subject(ledger, about), ASKER, {"text": given, "request": True}
        )
    except ReviewError as error:
        return _page(request, ledger, about=about, trouble=str(error), text=text, name=name, status=422)
    return RedirectResponse("/method?sent=1#complain", 303)


def _subject(ledger: Ledger, about: str) -> str:
    """The evidence or article that is meant, as far as the ledger has it."""
    key = about.strip().rstrip("/").rsplit("/", 1)[-1].partition("#")[0]
    if key and len(key) <= 96:
        if ledger.evidence(ids=[key]):
            return key
        with suppress(LedgerError):
            ledger.article(key)
            return key
    return ELSEWHERE


def _page(
    request: Request, ledger: Ledger, *, about: str, sent: int = 0, trouble: str = "", text: str = "",
    name: str = "", status: int = 200,
) -> Response:  # fmt: skip
    return page(
        request,
        "method.html",
        status=status,
        stands=STANDS,
        sourcings=SOURCINGS,
        rules=_rules(),
        measured=measured(),
        reviewed=_reviewed(ledger),
        about=about[:300],
        sent=bool(sent),
        trouble=trouble,
        text=text,
        name=name,
        longest=_LONGEST,
    )
