"""Fit the table of `read/knowing.py`: how an article knows a position, from the labelled pairs that the judge finds.

Multinomial logistic regression with an L2 penalty (scikit-learn).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from whipcount.article import Sourcing
from whipcount.learn.positions_measure import fits, scores_of
from whipcount.learn.positions_table import Prepared, Table
from whipcount.read.judge import Judge, decide
from whipcount.read.knowing_features import features
from whipcount.read.pairs import Scores

TABLE = Path(__file__).parent.parent / "read" / "data" / "knowing.json"
_CLASSES = [str(s) for s in Sourcing]
LEAST = 0.1
"""Pairs of a lower confidence are not learnt from: their sentence is often another matter."""


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled position as features, its sourcing and its fold."""

    found: dict[str, float]
    sourcing: str
    fold: int


def examples(
    articles: Sequence[Prepared], t: Table, scores: Scores, judges: Mapping[int, Judge]
) -> list[Example]:
    """Every labelled pair that the judge of its fold finds, at the evidence that it takes."""
    out: list[Example] = []
    for n, a in enumerate(articles):
        text, title = a.item.article.text, len(a.item.article.title)
        own = scores_of(scores, t, n)
        found = decide(judges[a.fold], a.questions, own, a.mentions, (), len(text), LEAST)
        for position in found:
            label = next((x for x in a.item.labels if not x.past and fits(x, position)), None)
            if label is not None and label.sourcing:
                named = features(position, text, title, a.mentions, a.questions.attributions)
                out.append(Example(named, label.sourcing, a.fold))
    return out


def fit(rows: Sequence[Example], penalty: float = 1.0) -> dict[str, list[float]]:
    """Weights by feature, one number a sourcing."""
    names = sorted({name for row in rows for name in row.found})
    x = _matrix(rows, names)
    model = LogisticRegression(C=penalty, max_iter=2000, fit_intercept=False).fit(
        x, [r.sourcing for r in rows]
    )
    known = list(model.classes_)
    table = np.full((len(names), len(_CLASSES)), 0.0)
    for column, name in enumerate(_CLASSES):
        table[:, column] = model.coef_[known.index(name)] if name in known else -9.0
    return {name: [round(float(v), 4) for v in table[i]] for i, name in enumerate(names)}


def _matrix(rows: Sequence[Example], names: Sequence[str]) -> NDArray[np.float64]:
    at = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(rows), len(names)))
    for n, row in enumerate(rows):
        for name, value in row.found.items():
            if name in at:
                x[n, at[name]] = value
    return x
