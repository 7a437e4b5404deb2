"""From an article to what it says. Entry: `read`, or `read_all` for many.

Pure: text in, spans out, the same result every time, no disk and no network once the models are loaded.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from spacy.tokens import Doc

from whipcount.article import Article, Attribution, Reading
from whipcount.read.attribution import attribute_all
from whipcount.read.gate import passes
from whipcount.read.judge import judge
from whipcount.read.knowing import weights
from whipcount.read.mentions import mentions
from whipcount.read.parse import parse_all, readable, sentences
from whipcount.read.positions import positions
from whipcount.read.sourcing import resolve
from whipcount.read.whole import Surroundings, whole, whole_unclear

_BATCH = 32


def read(article: Article) -> Reading:
    """Everything that one article says: mentions, attributions, positions."""
    return next(read_all([article]))


def read_all(articles: Iterable[Article], *, gate: bool = False) -> Iterator[Reading]:
    """Readings in the order of the articles; with `gate`, those that can hold no position come back bare."""
    waiting = iter(articles)
    while batch := list(islice(waiting, _BATCH)):
        yield from _read_batch(batch, gate=gate)


def name_all(articles: Iterable[Article]) -> Iterator[Reading]:
    """Readings with nothing but the mentions, for those who only ask who is named."""
    waiting = iter(articles)
    while batch := list(islice(waiting, _BATCH)):
        for article, doc in zip(batch, parse_all(map(readable, batch)), strict=True):
            yield Reading(article, mentions(article, doc))


def _read_batch(articles: Sequence[Article], *, gate: bool) -> Iterator[Reading]:
    open_ = [a for a in articles if not gate or passes(a.text)]
    texts = [readable(a) for a in open_]
    docs = parse_all(texts)
    spans = attribute_all(texts)
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
    judged = judge(article, doc, named, attributions, reports)
    around = Surroundings(article, doc, lines, named, attributions, reports)
    stands = whole(judged.given, around, weights())
    unclear = whole_unclear(judged.unclear, stands, around, weights()) if judged.unclear else ()
    return Reading(article, named, attributions, stands, unclear=unclear)
