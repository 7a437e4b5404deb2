"""Fit the table of `read/knowing.py`: how an article knows a position, from labelled evidence.

Multinomial logistic regression with an L2 penalty (scikit-learn), cross-validated over the written folds.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from whipcount.article import Attribution, Contest, Kind, Mention, Position, Sourcing
from whipcount.learn.names_match import same
from whipcount.learn.positions_data import Label, Labelled, folds_of, labelled
from whipcount.read.attribution import attribute_all
from whipcount.read.knowing import Weights
from whipcount.read.knowing_features import features
from whipcount.read.mentions import mentions
from whipcount.read.parse import parse, readable, sentences
from whipcount.read.sourcing import resolve

TABLE = Path(__file__).parent.parent / "read" / "data" / "knowing.json"
_CLASSES = [str(s) for s in Sourcing]


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled position as features, its sourcing and its fold."""

    found: dict[str, float]
    sourcing: str
    fold: int


def position_of(label: Label, named: Sequence[Mention]) -> Position:
    """A label as the reader would have it: under the article's own names."""
    names = list(dict.fromkeys(m.name for m in named))
    endorser = next((n for n in names if same(label.endorser, n, person=label.person)), label.endorser)
    endorsee = next((n for n in names if same(label.endorsee, n, person=True)), label.endorsee)
    kind = Kind.PERSON if label.person else Kind.ORGANIZATION
    contest = Contest.PAST if label.past else Contest.CURRENT
    return Position(endorser, kind, endorsee, label.stand, Sourcing.NARRATION, label.evidence, contest)


def examples(items: Iterable[Labelled], folds: dict[str, int]) -> list[Example]:
    """Every labelled position with its features, the article's attributions read by the shipped model."""
    out: list[Example] = []
    for item in items:
        labels = [x for x in item.labels if x.evidence.end > x.evidence.start]
        if not labels:
            continue
        doc = parse(item.article)
        named, lines = mentions(item.article, doc), sentences(doc)
        told: tuple[Attribution, ...] = resolve(
            item.article, named, attribute_all([readable(item.article)])[0], lines
        )
        for label in labels:
            position = position_of(label, named)
            found = features(position, item.article.text, len(item.article.title), named, told)
            out.append(Example(found, label.sourcing, folds[item.article.id]))
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


def cross_validated(rows: Sequence[Example]) -> float:
    """Share of positions whose sourcing is right, each judged by a table fitted without its fold."""
    right = 0
    for fold in sorted({r.fold for r in rows}):
        table = Weights.of(fit([r for r in rows if r.fold != fold]))
        right += sum(table.choose(r.found) == r.sourcing for r in rows if r.fold == fold)
    return right / max(1, len(rows))


def learn(shared: Path) -> float:
    """Fit on everything labelled, write the table, and say how right it is in cross-validation."""
    items = labelled(shared)
    rows = examples(items, folds_of(items))
    right = cross_validated(rows)
    TABLE.write_text(json.dumps(fit(rows), indent=0, sort_keys=True) + "\n", encoding="utf-8")
    return right
