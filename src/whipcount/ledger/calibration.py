"""The confidence to show: how often readers found right what the program was as sure of.

Pure. Entry: `fit`. Isotonic regression by pooling adjacent violators (Ayer, Brunk, Ewing, Reid and
Silverman, "An empirical distribution function for sampling with incomplete information", Annals of
Mathematical Statistics 26, 1955), over groups of reviews so that a single one moves little.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from whipcount.ledger.events import Action, Decisions

_GROUP = 20
"""Reviews of neighbouring confidence that are looked at together, at least."""

DECISIVE = ("endorser", "endorsee", "contest", "position")
"""A reading with one of these corrected was wrong; with another span or sourcing it was right."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A reading on which a reader has decided."""

    confidence: float
    """The program's own."""
    right: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """From the program's confidence to the share that was right: never falling, straight between its points."""

    confidences: tuple[float, ...]
    shares: tuple[float, ...]
    reviews: int

    def __call__(self, confidence: float) -> float:
        """The share right among readings of this confidence."""
        at = bisect_right(self.confidences, confidence)
        if at == 0:
            return self.shares[0]
        if at == len(self.confidences):
            return self.shares[-1]
        left, right = self.confidences[at - 1], self.confidences[at]
        part = (confidence - left) / (right - left)
        return self.shares[at - 1] + part * (self.shares[at] - self.shares[at - 1])


@dataclass(frozen=True, slots=True)
class _Block:
    right: int
    reviews: int
    confidence: float
    """The sum of all."""

    @property
    def share(self) -> float:
        # One more of each, so that twenty right ones do not make it certain.
        return (self.right + 1) / (self.reviews + 2)

    def __add__(self, other: "_Block") -> "_Block":
        return _Block(
            self.right + other.right, self.reviews + other.reviews, self.confidence + other.confidence
        )


def fit(judged: Iterable[Judged], least: int) -> Curve | None:
    """The curve of what was reviewed; None where that is fewer than `least`. The same in whatever order."""
    ordered = sorted(judged, key=lambda one: one.confidence)
    if len(ordered) < max(1, least):
        return None
    blocks: list[_Block] = []
    for block in _groups(ordered):
        blocks.append(block)
        while len(blocks) > 1 and blocks[-2].share >= blocks[-1].share:
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    return Curve(
        tuple(block.confidence / block.reviews for block in blocks),
        tuple(block.share for block in blocks),
        len(ordered),
    )


def _groups(ordered: Sequence[Judged]) -> list[_Block]:
    """Reviews of neighbouring confidence; those of the same are never parted."""
    found: list[_Block] = []
    for confidence, same in groupby(ordered, key=lambda one: one.confidence):
        of_one = list(same)
        block = _Block(sum(one.right for one in of_one), len(of_one), confidence * len(of_one))
        if found and found[-1].reviews < _GROUP:
            found[-1] += block
        else:
            found.append(block)
    if len(found) > 1 and found[-1].reviews < _GROUP:
        found[-2:] = [found[-2] + found[-1]]
    return found


def judged(rows: Iterable[Any], decided: Decisions) -> list[Judged]:
    """What readers made of what the program read; `rows` are of evidence, as read.

    The latest decision on each counts. Evidence that was entered by hand says nothing of the program, and what was
    read as unclear nothing of what its confidence is worth where all is clear.
    """
    found = []
    for row in rows:
        verdict = decided.verdict(row.id)
        if verdict is None or row.unclear or row.id in decided.by_hand or row.id in decided.undone:
            continue
        rejected = verdict.action is Action.REJECT
        found.append(
            Judged(row.confidence, right=not rejected and not wrong(row, decided.corrections.get(row.id, {})))
        )
    return found


def wrong(row: Any, corrections: Mapping[str, Any]) -> bool:
    """Whether corrections say that the record was not right in what matters."""
    read = {"endorser": row.endorser_id, "endorsee": row.endorsee_id}
    return any(
        name in corrections and corrections[name] != read.get(name, getattr(row, name, None))
        for name in DECISIVE
    )
