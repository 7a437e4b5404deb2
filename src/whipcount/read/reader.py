"""From an article to what it says. Entry: `read`, or `read_all` for many.

Pure: text in, spans out, the same result every time, no disk and no network once the models are loaded.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from spacy.tokens import Doc

from whipcount.article import Article, Attribution, Mention, Position, Reading, Sourcing, Span, Stand
from whipcount.read.attribution import attribute_all
from whipcount.read.conditions import conditions, reasons
from whipcount.read.dates import said_on
from whipcount.read.gate import passes
from whipcount.read.judge import judge
from whipcount.read.knowing import knowing, own_statement
from whipcount.read.mentions import mentions
from whipcount.read.parse import parse_all, readable, sentences
from whipcount.read.positions import positions
from whipcount.read.settle import settle
from whipcount.read.sourcing import resolve

_BATCH = 32
_ASKS = frozenset({Stand.WITHHOLDING, Stand.EXPECTED, Stand.REFUSED, Stand.SUPPORTS})
"""Positions that may come with conditions."""
_HELD = frozenset({Stand.WITHHOLDING, Stand.REFUSED})
_RANK = {sourcing: rank for rank, sourcing in enumerate(Sourcing)}


def read(article: Article) -> Reading:
    """Everything that one article says: mentions, attributions, positions."""
    return next(read_all([article]))


def read_all(articles: Iterable[Article], *, gate: bool = False) -> Iterator[Reading]:
    """Readings in the order of the articles; with `gate`, those that can hold no position come back bare."""
    waiting = iter(articles)
    while batch := list(islice(waiting, _BATCH)):
        yield from _read_batch(batch, gate=gate)


def _read_batch(articles: Sequence[Article], *, gate: bool) -> Iterator[Reading]:
    open_ = [a for a in articles if not gate or passes(a.text)]
    docs = parse_all(open_)
    spans = attribute_all([readable(a) for a in open_])
    readings = {id(a): _safely(a, doc, found) for a, doc, found in zip(open_, docs, spans, strict=True)}
    for article in articles:
        yield readings.get(id(article)) or Reading(article)


def _safely(article: Article, doc: Doc, found: tuple[Attribution, ...]) -> Reading:
    """A reading, or a bare one that says what went wrong: one odd article must not stop the rest."""
    try:
        return _assemble(article, doc, found)
    except Exception as error:  # noqa: BLE001 - whatever a rule trips over, the article is reported by name
        return Reading(article, errors=(f"{type(error).__name__} while reading: {error}",))


def _assemble(article: Article, doc: Doc, found: tuple[Attribution, ...]) -> Reading:
    named = mentions(article, doc)
    lines = sentences(doc)
    attributions = resolve(article, named, found, lines)
    reports = positions(article, doc, named, attributions)
    judged = settle(judge(article, doc, named, attributions, reports), reports)
    known = (_nearest(p, reports, article, named, attributions) for p in judged)
    stands = tuple(_complete(p, article, doc, lines, attributions, named) for p in known)
    return Reading(article, named, attributions, stands)


def _nearest(
    position: Position,
    reports: Sequence[Position],
    article: Article,
    named: Sequence[Mention],
    attributions: Sequence[Attribution],
) -> Position:
    """A position with how it is known and the day: of several sentences that say so, the one nearest to the endorser."""
    said = [
        replace(position, evidence=r.evidence, cue=r.cue)
        for r in reports
        if (r.endorser, r.endorsee, r.position) == (position.endorser, position.endorsee, position.position)
        and r.evidence != position.evidence
    ]
    known = [_known(p, article, named, attributions) for p in [position, *said]]
    best = min(known, key=lambda p: _RANK[p.sourcing])
    when = next((day for p in [best, *known] if (day := said_on(article, p.evidence))), None)
    if best.position in _HELD and (own := own_statement(best, article.text, named, attributions)):
        if own.attribution is not None and when is None:
            when = said_on(article, own.attribution.content[0])
        if best.sourcing is Sourcing.NARRATION:
            best = replace(best, sourcing=own.sourcing, via=own.via)
    return replace(best, said_on=when)


def _known(
    position: Position, article: Article, named: Sequence[Mention], attributions: Sequence[Attribution]
) -> Position:
    """A report with how it is known."""
    known = knowing(position, article, named, attributions)
    return replace(position, sourcing=known.sourcing, via=known.via)


def _complete(
    position: Position,
    article: Article,
    doc: Doc,
    lines: Sequence[Span],
    attributions: Sequence[Attribution],
    named: Sequence[Mention],
) -> Position:
    """A position with what is asked for, and why."""
    return replace(
        position,
        conditions=conditions(article, doc, position, lines, attributions, named)
        if position.position in _ASKS
        else (),
        reasons=reasons(article, doc, position, lines, attributions, named),
    )
