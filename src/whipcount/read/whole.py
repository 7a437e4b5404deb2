"""From judged positions to whole ones: how the article knows, when it was said, what is asked for.

Entry: `whole(judged, around, table)`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from whipcount.article import Article, Attribution, Mention, Position, Sourcing, Span, Stand
from whipcount.read.conditions import conditions, reasons
from whipcount.read.dates import said_on
from whipcount.read.knowing import Weights, knowing, own_statement
from whipcount.read.settle import settle

_ASKS = frozenset({Stand.WITHHOLDING, Stand.EXPECTED, Stand.REFUSED, Stand.SUPPORTS})
"""Positions that may come with conditions."""
_HELD = frozenset({Stand.WITHHOLDING, Stand.REFUSED})
_RANK = {sourcing: rank for rank, sourcing in enumerate(Sourcing)}


OWN_ELSEWHERE = "says so himself elsewhere in the article"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All else that was read in the article of a position."""

    article: Article
    doc: Doc
    lines: tuple[Span, ...]
    """Its sentences."""
    named: tuple[Mention, ...]
    attributions: tuple[Attribution, ...]
    reports: tuple[Position, ...]
    """What the rules read."""


def whole(judged: Sequence[Position], around: Surroundings, table: Weights) -> tuple[Position, ...]:
    """The judge's positions, settled with the rules' and with everything else that the contract asks for."""
    return tuple(
        _complete(_nearest(p, around, table), around) for p in settle(judged, around.reports)
    )


def _nearest(position: Position, around: Surroundings, table: Weights) -> Position:
    """A position with how it is known and the day: of several sentences that say so, the one nearest to the endorser."""
    article, named, attributions = around.article, around.named, around.attributions
    said = [
        replace(position, evidence=r.evidence, cue=r.cue, leaning=())
        for r in around.reports
        if (r.endorser, r.endorsee, r.position) == (position.endorser, position.endorsee, position.position)
        and r.evidence != position.evidence
    ]
    known = [_known(p, around, table) for p in [position, *said]]
    best = min(known, key=lambda p: _RANK[p.sourcing])
    when = next((day for p in [best, *known] if (day := said_on(article, p.evidence))), None)
    if best.position in _HELD and (own := own_statement(best, article.text, named, attributions)):
        if own.attribution is not None and when is None:
            when = said_on(article, own.attribution.content[0])
        if best.sourcing is Sourcing.NARRATION:
            best = replace(best, sourcing=own.sourcing, via=own.via, known_by=(OWN_ELSEWHERE,))
    return replace(best, said_on=when)


def _known(position: Position, around: Surroundings, table: Weights) -> Position:
    """A report with how it is known."""
    known = knowing(position, around.article, around.named, around.attributions, table)
    return replace(position, sourcing=known.sourcing, via=known.via, known_by=known.because)


def _complete(position: Position, around: Surroundings) -> Position:
    """A position with what is asked for, and why."""
    own = (around.article, around.doc, position, around.lines, around.attributions, around.named)
    return replace(
        position,
        conditions=conditions(*own) if position.position in _ASKS else (),
        reasons=reasons(*own),
    )
