"""Fit the table of `read/knowing.py`: how an article knows a position, from the labelled pairs that the judge finds.

Multinomial logistic regression with an L2 penalty (scikit-learn).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from whipcount.article import Sourcing
from whipcount.learn.positions_reports import SPREAD, Told, matrix, often
from whipcount.read.pairs import logit
from whipcount.read.reports import shares, together

TABLE = Path(__file__).parent.parent / "read" / "data" / "knowing.json"
_CLASSES = [str(s) for s in Sourcing]
_LEAST_ODDS = logit(0.05)
"""Pairs whose best sentence is less likely are not learnt from: it is often another matter."""
LEAST_ROWS = 15
"""A feature that fewer rows have is not learnt from."""


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled position as features, its sourcing and its fold."""

    found: dict[str, float]
    sourcing: str
    fold: int


def examples(pairs: Sequence[Told], choices: Mapping[int, Mapping[str, float]]) -> list[Example]:
    """Every labelled pair that is likely enough, at the evidence that the chooser of its fold takes."""
    out: list[Example] = []
    for p in pairs:
        if p.label is None or not p.label.sourcing or p.rows[0]["sentence: likely"] < _LEAST_ODDS:
            continue
        share = shares(p.rows, choices[p.fold])
        found = {**p.rows[int(share.argmax())], **together(p.rows, share)}
        out.append(Example(found, p.label.sourcing, p.fold))
    return out


def fit(rows: Sequence[Example], penalty: float) -> dict[str, list[float]]:
    """Weights by feature, one number a sourcing."""
    names = often([row.found for row in rows], LEAST_ROWS)
    x = matrix([row.found for row in rows], names)
    spread = np.maximum(x.std(0), SPREAD)
    model = LogisticRegression(C=penalty, max_iter=2000).fit(x / spread, [r.sourcing for r in rows])
    known = list(model.classes_)
    table = np.full((len(names), len(_CLASSES)), 0.0)
    always = names.index("always")
    for column, name in enumerate(_CLASSES):
        if name in known:
            table[:, column] = model.coef_[known.index(name)] / spread
            table[always, column] += model.intercept_[known.index(name)]
        else:
            table[always, column] = -9.0
    return {name: [round(float(v), 4) for v in table[i]] for i, name in enumerate(names)}
