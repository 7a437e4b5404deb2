"""How the article knows a position, and through which outlet: from the attributions around its evidence.

A linear model over named yes-or-no features (`knowing_features.py`), fitted by
`python -m whipcount.learn positions`; its weights are a table that a person can read.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Self

import numpy as np
from numpy.typing import NDArray

from whipcount.article import Article, Attribution, Mention, Position, Sourcing
from whipcount.read.knowing_features import cue_of, features
from whipcount.read.via import SUPPORT, speaks, via_of

_REASONS = 4
"""As many as a person takes in at a glance."""


@dataclass(frozen=True, slots=True)
class Knowing:
    """Sourcing and via of a position, and the attribution they come from (None for narration)."""

    sourcing: Sourcing
    via: str | None
    attribution: Attribution | None
    because: tuple[str, ...] = ()
    """The features that speak most for this sourcing against the next likely one."""


@dataclass(frozen=True, slots=True)
class Weights:
    """One row a feature, one column a sourcing in the order of `Sourcing`."""

    rows: dict[str, NDArray[np.float64]]

    @classmethod
    def of(cls, table: Mapping[str, Sequence[float]]) -> Self:
        """The weights of a table of numbers."""
        return cls({name: np.asarray(row) for name, row in table.items()})

    def likely(self, found: Mapping[str, float]) -> NDArray[np.float64]:
        """The probability of each sourcing."""
        pulls = (self.rows[name] * value for name, value in found.items() if name in self.rows)
        total = sum(pulls, np.zeros(len(Sourcing)))
        shares = np.exp(total - total.max())
        out: NDArray[np.float64] = shares / shares.sum()
        return out

    def chosen(
        self, found: Mapping[str, float], clues: Mapping[str, float]
    ) -> tuple[Sourcing, tuple[str, ...]]:
        """The likeliest sourcing, and the features found that speak most for it against the next likely one."""
        second, first = np.argsort(self.likely({**found, **clues}))[-2:].tolist()
        pulls = {name: self.rows[name] * value for name, value in found.items() if name in self.rows}
        gain = {name: float(pull[first] - pull[second]) for name, pull in pulls.items()}
        names = sorted((n for n in gain if gain[n] > 0), key=lambda n: -gain[n])
        return list(Sourcing)[first], tuple(names[:_REASONS])


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The shipped table."""
    table = json.loads(resources.files("whipcount.read").joinpath("data/knowing.json").read_text("utf-8"))
    return Weights.of(table)


def knowing(
    position: Position, article: Article, mentions: Sequence[Mention], attributions: Sequence[Attribution],
    table: Weights,
) -> Knowing:  # fmt: skip
    """How a position with its evidence is known, by the order of the guidelines' table."""
    if position.clues:
        found = features(position, article.text, len(article.title), mentions, attributions)
        sourcing, because = table.chosen(found, dict(position.clues))
    else:
        # The table leans on what the judge says of a pair: of what only a rule reads it knows too little.
        sourcing, because = _stated(position, article.text, mentions, attributions), ("no word of the judge",)
    attribution = behind(position, sourcing, article.text, mentions, attributions)
    via = via_of(position, sourcing, attribution, article, mentions, attributions)
    return Knowing(sourcing, via, attribution, because)


def _stated(
    position: Position, text: str, mentions: Sequence[Mention], attributions: Sequence[Attribution]
) -> Sourcing:
    """How a sentence makes a position known: a statement of the endorser's there, else what holds the cue, else none."""
    cue = cue_of(position, text) or position.evidence
    own = [m.span for m in mentions if m.name == position.endorser]
    mine = [
        a
        for a in attributions
        if any(part.overlaps(position.evidence) for part in a.content)
        and any(part.overlaps(position.evidence) for part in a.source)
        and speaks(a, position.endorser, own, text)
    ]
    others = [a for a in attributions if any(part.overlaps(cue) for part in a.content)]
    if mine:
        return min((a.sourcing for a in mine), key=list(Sourcing).index)
    if not others:
        return Sourcing.NARRATION
    told = min(others, key=lambda a: sum(part.end - part.start for part in a.content))
    return Sourcing.NAMED_SOURCE if told.sourcing in _NEAREST else told.sourcing


_NEAREST = {Sourcing.OWN_WORDS, Sourcing.SPOKESPERSON}


def own_statement(
    position: Position, text: str, mentions: Sequence[Mention], attributions: Sequence[Attribution]
) -> Attribution | None:
    """What a holdout says himself of the candidacy elsewhere in the article."""
    about = [m.span for m in mentions if m.name == position.endorsee]
    said = [
        a
        for a in attributions
        if a.speaker == position.endorser
        and a.sourcing is Sourcing.OWN_WORDS
        and any(SUPPORT.search(c.of(text)) and any(c.overlaps(m) for m in about) for c in a.content)
    ]
    return min(said, key=lambda a: a.via is None, default=None)


def behind(
    position: Position,
    sourcing: Sourcing,
    text: str,
    mentions: Sequence[Mention],
    attributions: Sequence[Attribution],
) -> Attribution | None:
    """The attribution that a sourcing rests on: the one that holds the cue, the shortest first."""
    if sourcing is Sourcing.NARRATION:
        return None
    cue = cue_of(position, text) or position.evidence
    own = [m.span for m in mentions if m.name == position.endorser]
    fits: list[tuple[bool, bool, int, Attribution]] = []
    for a in attributions:
        parts = [p for p in a.content if p.overlaps(position.evidence)]
        if not parts:
            continue
        mine = speaks(a, position.endorser, own, text)
        if mine != (sourcing in {Sourcing.OWN_WORDS, Sourcing.SPOKESPERSON}):
            continue
        size = sum(p.end - p.start for p in a.content)
        fits.append((a.via is None, not any(p.overlaps(cue) for p in parts), size, a))
    return min(fits, key=lambda f: f[:3])[3] if fits else None
