"""Where words of one text stand in another version of it. Entry: `anchor`.

As the W3C Web Annotation model has it: the exact words, told apart by what stands before and
after them (a text quote selector); where they were edited, the stretch that is most like them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from whipcount.article import Span

_CONTEXT = 60
"""Characters before and after that tell equal words apart."""
_LIKE = 0.75
"""Least likeness of an edited sentence: one word in four may be another, or a third as many more be there."""
_LONGEST = 200
"""Words of a sentence that are compared; what is longer is found by its exact words or not at all."""
_MOST = 100
"""Stretches that are compared at most, those first that have most of the words."""
_WORD = re.compile(r"\w+(?:['’]\w+)*")


class Held(StrEnum):
    """How the words are held in the other version."""

    EXACT = "exact"
    """They are there, give or take spacing."""
    EDITED = "edited"
    """A stretch much like them is."""
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the words stand; no span where they are gone."""

    held: Held
    span: Span | None = None


def anchor(span: Span, old: str, new: str, names: Iterable[str] = ()) -> Anchor:
    """Where the words of `old` under `span` stand in `new`: exact, else edited, else gone.

    Of several places, the one with the same surroundings, then the one nearest in the order of
    the text. An edited stretch must keep those of the `names` that the words had: with another
    name in it, it says something else. The time is bounded whatever the texts.
    """
    places = _exact(span.of(old), new)
    if places:
        return Anchor(Held.EXACT, max(places, key=lambda place: _fit(span, old, place, new)))
    kept = {word for name in names for word in _words(name)} & set(_words(span.of(old)))
    edited = _edited(span, old, new, kept)
    return Anchor(Held.EDITED, edited) if edited else Anchor(Held.GONE)


def _exact(words: str, new: str) -> list[Span]:
    parts = words.split()
    if not parts:
        return []
    pattern = re.compile(r"\s+".join(map(re.escape, parts)))
    return [Span(*hit.span()) for hit in pattern.finditer(new)]


def _fit(span: Span, old: str, place: Span, new: str) -> tuple[float, float]:
    before = _common_end(old[max(0, span.start - _CONTEXT) : span.start], new[: place.start])
    after = _common_end(
        old[span.end : span.end + _CONTEXT][::-1], new[place.end : place.end + _CONTEXT][::-1]
    )
    moved = abs(span.start / max(1, len(old)) - place.start / max(1, len(new)))
    return before + after, -moved


def _common_end(one: str, other: str) -> int:
    count = 0
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b:
            break
        count += 1
    return count


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _edited(span: Span, old: str, new: str, kept: set[str]) -> Span | None:
    wanted = _words(span.of(old))
    if not 0 < len(wanted) <= _LONGEST:
        return None
    hits = list(_WORD.finditer(new))
    words = [hit[0].lower() for hit in hits]
    longest = len(wanted) * 5 // 4 + 1
    best: tuple[float, float, Span] | None = None
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    for start in _likely(wanted, words):
        stretch = words[start : start + longest]
        if not kept <= set(stretch):
            continue
        matcher.set_seq1(stretch)
        blocks = [block for block in matcher.get_matching_blocks() if block.size]
        if not blocks:
            continue
        # The stretch ends where its last word in common does: an edit may have made it shorter.
        first, last = blocks[0].a, blocks[-1].a + blocks[-1].size
        like = 2 * sum(block.size for block in blocks) / (len(wanted) + last - first)
        if like < _LIKE or not kept <= set(stretch[first:last]):
            continue
        place = Span(hits[start + first].start(), hits[start + last - 1].end())
        found = (like, _fit(span, old, place, new)[1], place)
        best = max(best, found) if best else found
    return best[2] if best else None


def _likely(wanted: list[str], words: list[str]) -> list[int]:
    """Where stretches begin that have most of the words wanted, the best first."""
    known = set(wanted)
    length = len(wanted)
    inside = sum(word in known for word in words[:length])
    counts = [(inside, 0)]
    for start in range(1, max(1, len(words) - length // 2)):
        inside -= words[start - 1] in known
        inside += start + length - 1 < len(words) and words[start + length - 1] in known
        counts.append((inside, start))
    least = _LIKE * length * 0.8
    likely = [(-count, start) for count, start in counts if count >= least]
    return [start for _, start in sorted(likely)[:_MOST]]
