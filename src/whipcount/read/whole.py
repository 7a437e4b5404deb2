"""From judged positions to whole ones: how the article knows, when it was said, what is asked for.

Entries: `whole(judged, around, table)`, and `whole_unclear` for what waits for review.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from spacy.tokens import Doc

from whipcount.article import Article, Attribution, Mention, Position, Sourcing, Span, Stand
from whipcount.read.appointments import appointees
from whipcount.read.conditions import conditions, reasons
from whipcount.read.dates import said_on
from whipcount.read.knowing import Weights, knowing, own_statement
from whipcount.read.settle import held_back, settle

_ASKS = frozenset({Stand.WITHHOLDING, Stand.EXPECTED, Stand.REFUSED, Stand.SUPPORTS})
"""Positions that may come with conditions."""
_HELD = frozenset({Stand.WITHHOLDING, Stand.REFUSED})


@dataclass(frozen=True)
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

    @cached_property
    def confirmed(self) -> frozenset[str]:
        """Whom the article has up for confirmation and not for election."""
        return appointees(self.article.text, self.lines, self.named)


def whole(judged: Sequence[Position], around: Surroundings, table: Weights) -> tuple[Position, ...]:
    """The judge's positions, settled with the rules' and with everything else that the contract asks for."""
    settled = [_known(p, around, table) for p in settle(judged, around.reports, around.article.text)]
    added = (_known(p, around, table) for p in held_back(judged, around.reports))
    # That somebody holds out is not for another to say ("whether Finch would endorse him, Castell could not tell").
    settled += [p for p in added if p.sourcing is not Sourcing.NAMED_SOURCE]
    return _finished(settled, around)


def whole_unclear(
    unclear: Sequence[Position], given: Sequence[Position], around: Surroundings, table: Weights
) -> tuple[Position, ...]:
    """What is unclear in the same way, where what is given does not speak of the pair already."""
    told = {(p.endorser, p.endorsee, p.contest) for p in given}
    settled = settle(unclear, around.reports, around.article.text)
    untold = (p for p in settled if (p.endorser, p.endorsee, p.contest) not in told)
    return _finished((_known(p, around, table) for p in untold), around)


def _finished(settled: Iterable[Position], around: Surroundings) -> tuple[Position, ...]:
    """Whole positions in the order of the text, those on appointees left out."""
    own = (p for p in settled if p.endorsee not in around.confirmed)
    return tuple(_complete(p, around) for p in sorted(own, key=lambda p: p.evidence))


def _known(position: Position, around: Surroundings, table: Weights) -> Position:
    """A position with how it is known, and the day."""
    article, named, attributions = around.article, around.named, around.attributions
    known = knowing(position, article, named, attributions, table)
    found = replace(position, sourcing=known.sourcing, via=known.via, known_by=known.because)
    when = said_on(article, position.evidence)
    if position.position in _HELD and when is None:
        own = own_statement(position, article.text, named, attributions)
        if own is not None:
            when = said_on(article, own.content[0])
    return replace(found, said_on=when)


def _complete(position: Position, around: Surroundings) -> Position:
    """A position with what is asked for, and why."""
    own = (around.article, around.doc, position, around.lines, around.attributions, around.named)
    return replace(
        position,
        conditions=conditions(*own) if position.position in _ASKS else (),
        reasons=reasons(*own),
    )
