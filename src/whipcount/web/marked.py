"""A stretch of an article's text cut where marks begin and end. Entry: `pieces`."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from whipcount.article import Span

_AROUND = 700
"""Characters of context on each side, before it is widened to whole lines."""
_LINE = 2000
"""A line longer than this is cut."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of the text with the names of all marks on it."""

    text: str
    marks: tuple[str, ...] = ()


def context(text: str, span: Span) -> Span:
    """The stretch to show around a span: whole lines."""
    start = text.rfind("\n", max(0, span.start - _AROUND - _LINE), max(0, span.start - _AROUND)) + 1
    end = text.find("\n", min(len(text), span.end + _AROUND), span.end + _AROUND + _LINE)
    least = max(0, span.start - _AROUND - _LINE)
    return Span(max(start, least) if span.start > _AROUND else 0, len(text) if end < 0 else end)


def pieces(text: str, window: Span, marks: Iterable[tuple[Span, str]]) -> list[Piece]:
    """The window's text in order; together the pieces are the window to the letter."""
    inside = [(span, name) for span, name in marks if span.overlaps(window)]
    cuts = {window.start, window.end}
    for span, _ in inside:
        cuts |= {max(span.start, window.start), min(span.end, window.end)}
    ordered = sorted(cuts)
    found = []
    for start, end in pairwise(ordered):
        here = Span(start, end)
        names = tuple(dict.fromkeys(name for span, name in inside if span.holds(here)))
        found.append(Piece(here.of(text), names))
    return found
