"""How much words point to an election in which somebody takes sides: the one measure of both gates.

A table gives each word of taking sides and of elections a weight, and each group of such words another, none
below zero. A word's weight counts where the word is there; a group's is taken times the logarithm of one more
than the number of its words. More text never weighs less: what stands around an article on its page can't
hide it. `whipcount learn gate` fits the table.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
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

    words: dict[bytes, int]
    """The number of each."""
    weights: tuple[tuple[int, float], ...]
    """The group of each, and its own weight."""
    groups: tuple[tuple[int, float], ...]
    """The groups that weigh anything."""
    electoral: tuple[int, ...]
    """The groups that speak of elections."""
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
    words = [line for line in lines if line[1] != WHOLE]
    return Table(
        {word.encode(): number for number, (_, word, _) in enumerate(words)},
        tuple((order[name], float(weight)) for name, _, weight in words),
        tuple((order[name], weight) for name, weight in groups.items() if weight),
        tuple(order[name] for name in groups if name in ELECTORAL),
        threshold,
    )


def weigh(text: bytes) -> Weighed:
    """How much a text weighs, in any encoding of Latin letters."""
    words = table().words
    # Nearly all words are none of the table's: they are passed over before anything is counted.
    return weighed([words[word] for word in text.translate(PLAIN).split() if word in words])


def weighed(numbers: Iterable[int]) -> Weighed:
    """How much a text weighs that holds these words of the table, each as often as it is named."""
    known = table()
    groups: defaultdict[int, int] = defaultdict(int)
    total = 0.0
    for number, count in Counter(numbers).items():
        group, value = known.weights[number]
        total += value
        groups[group] += count
    total += sum(value * log1p(groups[group]) for group, value in known.groups)
    return Weighed(total, sum(groups[group] for group in known.electoral))
