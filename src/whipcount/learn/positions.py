"""Training of the judge of positions: linear models of sentences, trees over pairs, figures by cross-validation.

Entry: `train(shared, out, recipe)`. Everything is cross-validated by article over one written split; the
shipped weights are then fitted on all labelled articles, and their confidence on the scores of the folds.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from tokenizers import Tokenizer

from whipcount.learn.positions_data import folds_of, labelled
from whipcount.learn.positions_encoder import Examples, fitted, out_of_fold, pretrained
from whipcount.learn.positions_export import export
from whipcount.learn.positions_measure import best_threshold, evaluate, judged
from whipcount.learn.positions_table import (
    Attribute,
    Linear,
    Prepared,
    Recipe,
    Table,
    digest,
    fit_linear,
    kept,
    linear_scores,
    prepare,
    table,
)
from whipcount.read.judge import MANIFEST, MODEL, Judge, read
from whipcount.read.judge_encoder import NETWORK
from whipcount.read.judge_rows import Row, rows
from whipcount.read.pairs import ASKED, NUMBERS, Floats, Scores, combine
from whipcount.read.parse import readable


def fit_trees(numbers: Floats, right: NDArray[np.int64], recipe: Recipe) -> HistGradientBoostingClassifier:
    """How likely a record is right, from a pair's numbers."""
    model = HistGradientBoostingClassifier(
        max_depth=recipe.depth, learning_rate=recipe.rate, max_iter=recipe.trees, min_samples_leaf=recipe.leaf,
        l2_regularization=10.0, early_stopping=False, random_state=recipe.seed,
    )  # fmt: skip
    return model.fit(numbers, right)


def train(
    shared: Path, out: Path, recipe: Recipe, start: Path, attribute: Attribute | None = None
) -> dict[str, Any]:
    """Cross-validate, write predictions and figures, fit on everything, write the weights; the figures."""
    out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()

    def note(text: str) -> None:
        print(f"{time.monotonic() - began:.0f} s: {text}", flush=True)

    items = labelled(shared)
    folds = folds_of(items)
    articles = []
    for n, item in enumerate(items):
        a = prepare(item, attribute)
        a.fold = folds[item.article.id]
        articles.append(a)
        if n % 200 == 199:
            note(f"{n + 1} of {len(items)} articles read")
    tokenizer = Tokenizer.from_file(str(start / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    t = table(articles, recipe)
    linear = linear_scores(t, out, recipe, note)
    state = out / "network-start.pt"
    if not state.exists():
        note(
            json.dumps(
                pretrained(start, shared / "data" / "directed-sentiment", tokenizer, state, seed=recipe.seed)
            )
        )
    data, at = examples(articles, t, linear, tokenizer)
    groups = [[k for k in range(recipe.folds) if k % recipe.groups == g] for g in range(recipe.groups)]
    classes, past = out_of_fold(start, state, data, groups, out, epochs=recipe.epochs)
    net = fitted(
        start, state, data, np.ones(len(at), dtype=bool), out / "network-all.pt", epochs=recipe.epochs
    )
    export(net, out / NETWORK, out / "export")
    asked = linear.position[at] >= ASKED
    return fit(articles, t, linear, (at[asked], classes[asked], past[asked]), out, recipe, note)


def examples(
    articles: Sequence[Prepared], t: Table, linear: Scores, tokenizer: Tokenizer
) -> tuple[Examples, NDArray[np.intp]]:
    """The candidates that the encoder is asked about or learns from, and where they stand in the table."""
    wanted = (linear.position >= ASKED) | (t.label > 0)
    found: list[Row] = []
    for n, a in enumerate(articles):
        low, high = int(t.first[n]), int(t.first[n + 1])
        own = [c for c, w in zip(a.questions.candidates, wanted[low:high], strict=True) if w]
        found.extend(rows(replace(a.questions, candidates=tuple(own)), readable(a.item.article), tokenizer))
    at = np.flatnonzero(wanted)
    return Examples(found, t.label[at], t.past[at], t.fold[at], linear.position[at]), at


Network = tuple[NDArray[np.intp], Floats, Floats]
"""Candidates that the encoder read, its probabilities of none and the positions, and of a past contest."""


def fit(
    articles: Sequence[Prepared],
    t: Table,
    linear: Scores,
    network: Network,
    out: Path,
    recipe: Recipe,
    note: Callable[[str], None],
) -> dict[str, Any]:
    """Join both models' out-of-fold scores, fit the trees and the confidence on them, measure, write."""
    asked, classes, past = network
    mix = _mix(t.label[asked], linear.position[asked], 1 - classes[:, 0])
    scores = combine(linear, asked, classes, past, mix)
    known = t.label[asked] >= 0
    gold = t.label[asked][known] > 0
    note(
        f"asked {len(asked)} of {len(t.label)} candidates, which hold {int((t.label[asked] > 0).sum())} of {int((t.label > 0).sum())} positions; mix {mix}"
    )
    for name, own in (
        ("linear", linear.position[asked]),
        ("encoder", 1 - classes[:, 0]),
        ("both", scores.position[asked]),
    ):
        note(f"average precision of what was asked, {name}: {average_precision_score(gold, own[known]):.3f}")
    found = judged(articles, t, scores)
    numbers = np.asarray([j.pair.numbers for j in found])
    right = np.asarray([j.record_right for j in found])
    fold = np.asarray([articles[j.article].fold for j in found])
    raw = np.zeros(len(found))
    for k in range(recipe.folds):
        chosen = (fold != k) & (right >= 0)
        raw[fold == k] = fit_trees(numbers[chosen], right[chosen], recipe).predict_proba(numbers[fold == k])[
            :, 1
        ]
    sure = np.zeros(len(found))
    for k in range(recipe.folds):
        chosen = (fold != k) & (right >= 0)
        sure[fold == k] = _calibrated(raw[chosen], right[chosen]).predict(raw[fold == k])
    shown = best_threshold(articles, found, sure)
    figures = {"shown_from": shown, "recipe": asdict(recipe), **evaluate(articles, found, sure, shown, out)}
    note(json.dumps({k: v for k, v in figures.items() if k != "recipe"}, indent=1))
    everything = np.ones(len(t.label), dtype=np.bool_)
    whole = kept(out / f"linear-all-{digest(t, recipe)}.npz", partial(fit_linear, t, everything, recipe))
    chosen = right >= 0
    trees = fit_trees(numbers[chosen], right[chosen], recipe)
    write(out, t.keys, whole, trees, _calibrated(raw[chosen], right[chosen]), mix, shown, figures)
    (out / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return figures


def _mix(label: NDArray[np.int64], linear: Floats, network: Floats) -> list[float]:
    """How much each model's log odds count."""
    known = label >= 0
    both = np.clip(np.stack([linear, network], 1)[known], 1e-4, 1 - 1e-4)
    model = LogisticRegression().fit(np.log(both / (1 - both)), label[known] > 0)
    return [float(model.intercept_[0]), *(float(x) for x in model.coef_[0])]


SUREST = 0.89
"""No record is called surer: of the surest in cross-validation, fewer than nine in ten are right."""


@dataclass(frozen=True, slots=True)
class Curve:
    """From the trees' probability to the confidence: points to read between."""

    x: Floats
    y: Floats

    def predict(self, raw: Floats) -> Floats:
        """The confidence of each."""
        out: Floats = np.interp(raw, self.x, self.y)
        return out


def _calibrated(raw: Floats, right: NDArray[np.int64]) -> Curve:
    """A logistic curve: steps fitted to so few of the surest promise more than they keep."""
    x = np.linspace(0.0, 1.0, 401)
    model = LogisticRegression(C=10.0).fit(_odds(raw), right)
    return Curve(x, np.minimum(model.predict_proba(_odds(x))[:, 1], SUREST))


def _odds(p: Floats) -> Floats:
    held = np.clip(p, 1e-4, 1 - 1e-4)
    out: Floats = np.log(held / (1 - held))[:, None]
    return out


def write(
    folder: Path, keys: NDArray[np.uint32], linear: Linear, trees: HistGradientBoostingClassifier,
    curve: Curve, mix: Sequence[float], shown: float, figures: dict[str, Any],
) -> Judge:  # fmt: skip
    """The weights and their manifest; read back, so that what ships has been read once."""
    parts, roots, at = [], [], 0
    for (tree,) in trees._predictors:  # noqa: SLF001 (no public way to the trees)
        nodes = tree.nodes
        roots.append(at)
        parts.append(
            (
                np.where(nodes["is_leaf"], -1, nodes["feature_idx"]),
                nodes["num_threshold"],
                nodes["left"] + at,
                nodes["right"] + at,
                nodes["value"],
            )
        )
        at += len(nodes)
    split, threshold, left, right, value = (np.concatenate(x) for x in zip(*parts, strict=True))
    small: dict[str, Any] = {"position": linear.position, "stand": linear.stand, "past": linear.past}
    np.savez_compressed(
        folder / MODEL, keys=keys, **{k: v.astype(np.float16) for k, v in small.items()}, position_bias=linear.position_bias,
        stand_bias=linear.stand_bias, past_bias=linear.past_bias, roots=np.asarray(roots, np.int32), split=split.astype(np.int16),
        threshold=threshold.astype(float), left=left.astype(np.int32), right=right.astype(np.int32), value=value.astype(np.float32),
        baseline=float(np.ravel(trees._baseline_prediction)[0]), calibration_x=curve.x, calibration_y=curve.y, mix=np.asarray(mix), shown=shown,  # noqa: SLF001
    )  # fmt: skip
    data = (folder / MODEL).read_bytes()
    network = (folder / NETWORK).read_bytes()
    manifest = {
        "name": "whipcount-positions",
        "sha256": hashlib.sha256(data).hexdigest(),
        "network_sha256": hashlib.sha256(network).hexdigest(),
        "bytes": len(data),
        "numbers": list(NUMBERS),
        "figures": figures,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return read(data)


def ship(out: Path, folder: Path) -> None:
    """Copy the weights, their manifest and the network to where the package reads them."""
    for name in (MODEL, MANIFEST, NETWORK):
        shutil.copyfile(out / name, folder / name)
