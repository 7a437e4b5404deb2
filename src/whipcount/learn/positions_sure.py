"""The confidence of a record: two forests, their calibration, and from where on a record is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from whipcount.learn.positions_measure import Judged
from whipcount.learn.positions_reports import matrix, often
from whipcount.learn.positions_table import Recipe
from whipcount.read.forest import Forest
from whipcount.read.judge import Verdict
from whipcount.read.pairs import Floats, sigmoid

SURE, SUREST = 0.9, 0.89
"""A record is called sure only where those so called out of fold keep it; else none is called surer than `SUREST`."""
_ENOUGH = 50
"""Records to judge that by."""


_TOLD = 40
"""What fewer verdicts have to say is not asked about."""


@dataclass(frozen=True, slots=True)
class Sure:
    """All verdicts as numbers, whether each is right, and what is fitted on some of them."""

    recipe: Recipe
    asks: list[str]
    """The names of the numbers."""
    numbers: NDArray[np.float32]
    right: NDArray[np.int64]
    """Whether the record is right; -1: not scored."""
    fold: NDArray[np.int64]
    raw: Floats
    """What trees that saw nothing of its fold make of each."""

    @classmethod
    def of(
        cls, found: Sequence[Judged], verdicts: Sequence[Verdict], fold: NDArray[np.int64], recipe: Recipe
    ) -> Self:
        """From the judged pairs and the verdicts on them."""
        said = [v.said for v in verdicts]
        asks = often(said, _TOLD)
        right = np.asarray([j.record_right for j in found])
        numbers = matrix(said, asks).astype(np.float32)
        raw = np.zeros(len(found))
        for k in sorted(set(fold.tolist())):
            own = (fold != k) & (right >= 0)
            raw[fold == k] = fit_trees(numbers[own], right[own], recipe).predict(numbers[fold == k])
        return cls(recipe, asks, numbers, right, fold, raw)

    def confidence(self) -> Floats:
        """The confidence of each by a curve that saw nothing of its fold."""
        out = np.zeros(len(self.raw))
        for k in sorted(set(self.fold.tolist())):
            out[self.fold == k] = self._curve(self.fold != k).predict(self.raw[self.fold == k])
        return out

    def _curve(self, chosen: NDArray[np.bool_]) -> "Curve":
        own = chosen & (self.right >= 0)
        return calibrated(self.raw[own], self.right[own])

    def model(self, chosen: NDArray[np.bool_]) -> dict[str, Any]:
        """Trees and curve from the chosen verdicts, as `Judge` takes them."""
        own = chosen & (self.right >= 0)
        curve = self._curve(chosen)
        trees = fit_trees(self.numbers[own], self.right[own], self.recipe)
        return {
            **trees.arrays(),
            "asks": np.asarray(self.asks),
            "calibration_x": curve.x,
            "calibration_y": curve.y,
        }


@dataclass(frozen=True, slots=True)
class Trees:
    """Boosted trees and random ones, which are wrong in different places."""

    boosted: HistGradientBoostingClassifier
    random: ExtraTreesClassifier

    def predict(self, numbers: NDArray[np.float32]) -> Floats:
        """How likely each record is right, before calibration."""
        odds = self.boosted.decision_function(numbers) + _odds(self.random.predict_proba(numbers)[:, 1])
        return sigmoid(odds / 2)

    def arrays(self) -> dict[str, Any]:
        """As `Judge` takes them."""
        return {
            **_boosted(self.boosted).arrays("boosted"),
            **_random(self.random).arrays("random"),
            "baseline": float(np.ravel(self.boosted._baseline_prediction)[0]),  # noqa: SLF001
        }


def fit_trees(numbers: NDArray[np.float32], right: NDArray[np.int64], recipe: Recipe) -> Trees:
    """How likely a record is right, from all that is said of its pair."""
    boosted = HistGradientBoostingClassifier(
        max_depth=recipe.depth, learning_rate=recipe.rate, max_iter=recipe.trees, min_samples_leaf=recipe.leaf,
        max_features=recipe.share, l2_regularization=10.0, early_stopping=False, random_state=recipe.seed,
    )  # fmt: skip
    random = ExtraTreesClassifier(
        recipe.random_trees, min_samples_leaf=recipe.random_leaf, max_features=recipe.share, random_state=recipe.seed
    )  # fmt: skip
    return Trees(boosted.fit(numbers, right), random.fit(numbers, right))


def _boosted(model: HistGradientBoostingClassifier) -> Forest:
    trees = [tree.nodes for (tree,) in model._predictors]  # noqa: SLF001 (no public way to the trees)
    return _joined(
        [
            (
                np.where(n["is_leaf"], -1, n["feature_idx"]),
                n["num_threshold"],
                n["left"],
                n["right"],
                n["value"],
            )
            for n in trees
        ]
    )


def _random(model: ExtraTreesClassifier) -> Forest:
    trees = [one.tree_ for one in model.estimators_]
    return _joined(
        [
            (
                np.where(n.children_left < 0, -1, n.feature),
                n.threshold,
                np.maximum(n.children_left, 0),
                np.maximum(n.children_right, 0),
                n.value[:, 0, 1] / n.value[:, 0].sum(1) / len(trees),
            )
            for n in trees
        ]
    )


def _joined(trees: Sequence[tuple[Any, ...]]) -> Forest:
    """Trees in one row, each node's children counted from its beginning."""
    sizes = [len(tree[0]) for tree in trees]
    begins = np.cumsum([0, *sizes[:-1]])
    moved = [
        (s, x, left + at, right + at, v)
        for (s, x, left, right, v), at in zip(trees, begins.tolist(), strict=True)
    ]
    split, threshold, left, right, value = (np.concatenate(part) for part in zip(*moved, strict=True))
    return Forest(
        begins.astype(np.int32),
        split.astype(np.int16),
        threshold.astype(float),
        left.astype(np.int32),
        right.astype(np.int32),
        value.astype(np.float32),
    )


@dataclass(frozen=True, slots=True)
class Curve:
    """From the trees' probability to the confidence: points to read between."""

    x: Floats
    y: Floats

    def predict(self, raw: Floats) -> Floats:
        """The confidence of each."""
        out: Floats = np.interp(raw, self.x, self.y)
        return out


def calibrated(raw: Floats, right: NDArray[np.int64]) -> Curve:
    """A logistic curve: steps fitted to so few of the surest promise more than they keep."""
    x = np.linspace(0.0, 1.0, 401)
    model = LogisticRegression(C=10.0).fit(_odds(raw)[:, None], right)
    sure = model.predict_proba(_odds(raw)[:, None])[:, 1] >= SURE
    kept = sure.sum() >= _ENOUGH and right[sure].mean() >= SURE
    y = model.predict_proba(_odds(x)[:, None])[:, 1]
    return Curve(x, y if kept else np.minimum(y, SUREST))


def _odds(p: Floats) -> Floats:
    held = np.clip(p, 1e-4, 1 - 1e-4)
    out: Floats = np.log(held / (1 - held))
    return out
