"""When two names in annotations and readings mean the same, by the rules of the shared scorer."""

import re
import unicodedata
from functools import cache

_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "sen",
        "senator",
        "rep",
        "representative",
        "gov",
        "governor",
        "president",
        "vice",
        "former",
        "secretary",
        "the",
        "sir",
        "hon",
        "judge",
        "justice",
        "mayor",
        "jr",
        "sr",
        "ii",
        "iii",
        "iv",
        "of",
        "for",
        "and",
    ]
)


def words(name: str) -> list[str]:
    """A name in plain lower-case words, titles left out."""
    flat = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    flat = re.sub(r"'s\b|’s\b", "", flat)
    return [w for w in re.findall(r"[a-z0-9]+", flat) if w not in _TITLES]


@cache
def same(one: str, other: str, *, person: bool) -> bool:
    """The same person (surnames equal, and one name holds the other or both begin alike) or organization."""
    x, y = words(one), words(other)
    if not x or not y:
        return False
    if x == y:
        return True
    if person:
        return x[-1] == y[-1] and (set(x) <= set(y) or set(y) <= set(x) or x[0][0] == y[0][0])
    return set(x) <= set(y) or set(y) <= set(x) or len(set(x) & set(y)) / len(set(x) | set(y)) >= 0.5
