"""How much words point to an election in which somebody takes sides: the one measure of both gates.

A table gives each word of taking sides and of elections a weight, and each group of such words another, none
below zero. A word's weight counts where the word is there; a group's is taken times the logarithm of one more
than the number of its words. More text never weighs less: what stands around an article on its page can't
hide it. `whipcount learn gate` fits the table.
"""

import csv
from collections import Counter
from functools import cache
from importlib.resources import files
from math import log1p
from typing import NamedTuple

PLAIN = bytes(byte if 97 <= byte <= 122 else byte + 32 if 65 <= byte <= 90 else 32 for byte in range(256))
"""Small letters as they are, capitals small, all else a space: words are the same in every encoding of Latin letters."""
WHOLE = "*"
"""In place of a word: the group's line."""


ELECTORAL = frozenset(
    {"voting", "voters", "nominating", "candidates", "primaries", "elections", "measures", "legislators"}
    | {"executives", "president", "leadership", "parties"}
)
"""Groups that speak of elections and offices: without a few of their words an endorsement is one of knives."""


class Table(NamedTuple):
    """The weights."""

    words: dict[bytes, tuple[int, float, int]]
    """A word's group, its own weight, and a number that tells it from others."""
    groups: tuple[float, ...]
    electoral: tuple[bool, ...]
    threshold: float


class Weighed(NamedTuple):
    """What a text weighs."""

    weight: float
    electoral: int
    """How many of its words speak of elections and offices."""

    def enough(self, electoral: int) -> bool:
        """Whether it is enough for a text that has to hold so many words of elections."""
        return self.electoral >= electoral and self.weight >= table().threshold


@cache
def table() -> Table:
    """The weights that ship with the package."""
    with files("whipcount.page").joinpath("data/gate.tsv").open(encoding="utf-8") as file:
        lines = list(csv.reader(file, delimiter="\t"))
    groups = {name: float(weight) for name, word, weight in lines if word == WHOLE}
    threshold = groups.pop("threshold")
    order = {name: number for number, name in enumerate(groups)}
    words = {
        word.encode(): (order[name], float(weight), number)
        for number, (name, word, weight) in enumerate(lines)
        if word != WHOLE
    }
    return Table(
        words,
        tuple(groups.values()),
        tuple(name in ELECTORAL for name in groups),
        threshold,
    )


def weigh(text: bytes) -> Weighed:
    """How much a text weighs, in any encoding of Latin letters."""
    known = table()
    words = known.words
    # Nearly all words are none of the table's: they are passed over before anything is counted.
    hits = [words[word] for word in text.translate(PLAIN).split() if word in words]
    counts = Counter(hits)
    groups = [0] * len(known.groups)
    total = 0.0
    for (group, value, _), count in counts.items():
        total += value
        groups[group] += count
    total += sum(value * log1p(count) for value, count in zip(known.groups, groups, strict=True))
    return Weighed(total, sum(count for count, one in zip(groups, known.electoral, strict=True) if one))
