"""The bullet summary that some outlets set above the text."""

import re
from collections.abc import Sequence

from whipcount.article import Span

_BULLET = re.compile(r"[ \t]*[•‣▪●◦–*-][ \t]+(?=\S)")
_LONGEST = 400
_HEADING = re.compile(
    r"(?:key (?:points|takeaways)|at a glance|what to know|in brief)\W{0,2}$", re.IGNORECASE
)
_MOST = 8


def key_points(text: str, title: str, debris: Sequence[Span]) -> tuple[Span, ...]:
    """The bullets' words, without the sign: two or more bullets before the first paragraph."""
    points: list[Span] = []
    at = 0
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        words = line.strip()
        if not words or words == title or words.lstrip("\ufeff") == title or _HEADING.match(words):
            continue
        inner = Span(start + len(line) - len(line.lstrip()), start + len(line.rstrip()))
        if any(span.overlaps(inner) for span in debris):
            continue
        bullet = _BULLET.match(line)
        if not bullet or len(words) > _LONGEST:
            break
        points.append(Span(start + bullet.end(), inner.end))
    # More than a handful of bullets is a list, and a single one is a dash of dialogue.
    return tuple(points) if 2 <= len(points) <= _MOST and text[points[-1].end :].strip() else ()
