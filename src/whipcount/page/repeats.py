"""What stands in one article twice: doubled paragraphs, and pull quotes that repeat a sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from whipcount.article import Span, lines

_FEWEST_DOUBLED = 8
"""Words of a paragraph that is not there twice by chance."""
_FEWEST_PULLED, _FEWEST_QUOTED = 8, 5
"""Words of a line that repeats part of a paragraph: a short one, such as a name in a list, may do so by chance."""
_MOST_PULLED = 70
_LONGEST_TEXT = 500_000
"""Longer texts are books and transcripts."""
_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"\s*[\"“‘']|.*[\"”]\s*(?:$|[—–-])")
_BULLET = re.compile(r"\s*[•‣▪●◦*–-]\s")
_CREDITED = re.compile(r"\s*[—–-]{1,2}\s?[A-Z][^.!?\n]{2,60}$")
"""Who is quoted, after a pull quote."""


@dataclass(frozen=True, slots=True)
class _Line:
    span: Span
    words: tuple[str, ...]
    text: str


def doubled(text: str, title: str = "") -> Iterator[Span]:
    """Paragraphs that stood there before word for word, and the title where the text begins with it again."""
    seen: set[tuple[str, ...]] = set()
    head = tuple(_WORD.findall(title.lower()))
    for number, line in enumerate(_lines(text)):
        if number == 0 and line.words == head:
            continue
        if (number <= 1 and head and line.words == head) or line.words in seen:
            yield line.span
        elif len(line.words) >= _FEWEST_DOUBLED and not _BULLET.match(line.text):
            seen.add(line.words)


def pulled(text: str, title: str = "") -> Iterator[Span]:
    """Lines whose words stand, in order and together, within a longer paragraph."""
    if len(text) > _LONGEST_TEXT:
        return
    lines = [line for line in _lines(text) if line.text != title.strip()]
    wanted = [line for line in lines if _may_be_pulled(line)]
    if not wanted:
        return
    # Where each line's first words stand in others.
    openings: dict[tuple[str, ...], list[tuple[_Line, int]]] = {}
    needed = {line.words[:_FEWEST_QUOTED] for line in wanted}
    for line in lines:
        for at in range(len(line.words) - _FEWEST_QUOTED + 1):
            key = line.words[at : at + _FEWEST_QUOTED]
            if key in needed:
                openings.setdefault(key, []).append((line, at))
    for line in wanted:
        size = len(line.words)
        # A hundred places are a text of formulas, not of quotes.
        for other, at in openings.get(line.words[:_FEWEST_QUOTED], [])[:100]:
            if len(other.words) > size and other.words[at : at + size] == line.words:
                yield line.span
                break


def _may_be_pulled(line: _Line) -> bool:
    fewest = _FEWEST_QUOTED if _QUOTED.match(line.text) else _FEWEST_PULLED
    return fewest <= len(line.words) <= _MOST_PULLED and not _BULLET.match(line.text)


def _lines(text: str) -> Iterator[_Line]:
    for span in lines(text):
        words = span.of(text)
        said = _CREDITED.sub("", words) if _QUOTED.match(words) else words
        yield _Line(span, tuple(_WORD.findall(said.lower())), words)
