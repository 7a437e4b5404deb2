"""What a reviewer filled in, as the data of a correction: only what differs from what stands. Entry: `correction`.

Words of the article are given as words, with the place where they were selected if a script knew it; so a form
filled in by hand does as well.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from whipcount.article import Span
from whipcount.errors import ReviewError
from whipcount.ledger.evidence import Evidence

CHOICES = ("endorser_kind", "contest", "position", "sourcing")
NAMES = ("endorser", "endorsee")


def correction(
    one: Evidence, text: str, form: Mapping[str, str], identity: Callable[[str], str]
) -> dict[str, Any]:
    """The data for `Reviews.record(Action.CORRECT, …)`; `identity` gives the id of a name."""
    data: dict[str, Any] = {}
    for field in NAMES:
        name = " ".join(form.get(field, "").split())
        if name and name not in {getattr(one, field).name, getattr(one, field).id}:
            data[field] = identity(name)
    for field in CHOICES:
        if field in form and form[field] != getattr(one, field).value:
            data[field] = form[field]
    if "via" in form and (via := " ".join(form["via"].split()) or None) != one.via:
        data["via"] = via
    if "said_on" in form and (form["said_on"] or None) != (one.said_on and one.said_on.isoformat()):
        data["said_on"] = form["said_on"] or None
    if form.get("words", "").strip():
        span = find(text, form["words"], _number(form.get("start")), one.quote.span.start)
        if span != one.quote.span:
            data["span"] = list(span)
    if "conditions" in form:
        lines = [line for line in form["conditions"].splitlines() if line.strip()]
        starts = [_number(part) for part in form.get("condition_starts", "").split(",")]
        starts += [None] * (len(lines) - len(starts))
        spans = [
            find(text, line, start, one.quote.span.start) for line, start in zip(lines, starts, strict=False)
        ]
        if spans != [quote.span for quote in one.conditions]:
            data["conditions"] = [{"start": span.start, "end": span.end} for span in spans]
    return data


def find(text: str, words: str, start: int | None, near: int) -> Span:
    """Where the words stand: at `start` if they do, else the place nearest to `near`."""
    parts = words.split()
    if not parts:
        raise ReviewError("no words are given")
    pattern = re.compile(r"\s+".join(map(re.escape, parts)))
    places = [Span(*hit.span()) for hit in pattern.finditer(text)]
    if not places:
        shown = " ".join(parts)
        raise ReviewError(f"the article does not say “{shown[:80]}{'…' if len(shown) > 80 else ''}”")
    here = near if start is None else start
    return min(places, key=lambda place: abs(place.start - here))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.strip().isdecimal() else None
