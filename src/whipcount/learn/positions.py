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
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from tokenizers import Tokenizer

from whipcount.learn import knowing
from whipcount.learn.positions_data import folds_of, labelled
from whipcount.learn.positions_encoder import Examples, Fit, cross_fitted, pretrained
from whipcount.learn.positions_export import export
from whipcount.learn.positions_measure import (
    Judged,
    best_threshold,
    cross_validated,
    evaluate,
    judged,
    scores_of,
    write_readings,
)
from whipcount.learn.positions_table import (
    Linear,
    Prepared,
    Recipe,
    Table,
    digest,
    fit_linear,
    kept,
    linear_scores,
    prepare_all,
    table,
)
from whipcount.read.judge import MANIFEST, MODEL, Judge, read
from whipcount.read.judge_encoder import NETWORK
from whipcount.read.judge_rows import Row, rows
from whipcount.read.knowing import Weights
from whipcount.read.pairs import ASKED, NUMBERS, Floats, Scores, Views, combine
from whipcount.read.parse import readable


def fit_trees(numbers: Floats, right: NDArray[np.int64], recipe: Recipe) -> HistGradientBoostingClassifier:
    """How likely a record is right, from a pair's numbers."""
    model = HistGradientBoostingClassifier(
        max_depth=recipe.depth, learning_rate=recipe.rate, max_iter=recipe.trees, min_samples_leaf=recipe.leaf,
        l2_regularization=10.0, early_stopping=False, random_state=recipe.seed,
    )  # fmt: skip
    return model.fit(numbers, right)


def train(shared: Path, out: Path, recipe: Recipe, start: Path) -> dict[str, Any]:
    """Cross-validate, write predictions and figures, fit on everything, write the weights; the figures."""
    out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()

    def note(text: str) -> None:
        print(f"{time.monotonic() - began:.0f} s: {text}", flush=True)

    items = labelled(shared)
    folds = folds_of(items)
    articles = []
    for n, a in enumerate(prepare_all(items)):
        a.fold = folds[a.item.article.id]
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
    views, net = cross_fitted(start, state, data, groups, out, Fit(recipe.epochs, seed=recipe.seed))
    export(net, out / NETWORK, out / "export")
    asked = linear.position[at] >= ASKED
    return fit(articles, t, linear, (at[asked], views.of(asked)), out, recipe, note)


def examples(
    articles: Sequence[Prepared], t: Table, linear: Scores, tokenizer: Tokenizer
) -> tuple[Examples, NDArray[np.intp]]:
    """The candidates that the encoder is asked about or learns from, and where they stand in the table."""
    wanted = (linear.position >= ASKED) | (t.label > 0) | (t.evidence == 0)
    found: list[Row] = []
    for n, a in enumerate(articles):
        low, high = int(t.first[n]), int(t.first[n + 1])
        own = [c for c, w in zip(a.questions.candidates, wanted[low:high], strict=True) if w]
        found.extend(rows(replace(a.questions, candidates=tuple(own)), readable(a.item.article), tokenizer))
    at = np.flatnonzero(wanted)
    labels = (t.label[at], t.past[at], t.sourcing[at], t.evidence[at])
    return Examples(found, *labels, t.fold[at], linear.position[at]), at


Network = tuple[NDArray[np.intp], Views]
"""Candidates that the encoder read, and what it makes of them."""


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
    asked, views = network
    likely = 1 - views.classes[:, 0]
    mix = _mix(t.label[asked], linear.position[asked], likely)
    scores = combine(linear, asked, views, mix)
    known = t.label[asked] >= 0
    gold = t.label[asked][known] > 0
    note(
        f"asked {len(asked)} of {len(t.label)} candidates, which hold {int((t.label[asked] > 0).sum())} of {int((t.label > 0).sum())} positions; mix {mix}"
    )
    for name, own in (
        ("linear", linear.position[asked]),
        ("encoder", likely),
        ("both", scores.position[asked]),
    ):
        note(f"average precision of what was asked, {name}: {average_precision_score(gold, own[known]):.3f}")
    found = judged(articles, t, scores)
    evidence = Evidence.of(articles, t, found, recipe)
    folds = sorted({a.fold for a in articles})
    raw = np.zeros(len(found))
    for k in folds:
        raw[evidence.fold == k] = evidence.trees(evidence.fold != k).predict_proba(
            evidence.numbers[evidence.fold == k]
        )[:, 1]
    sure = np.zeros(len(found))
    for k in folds:
        sure[evidence.fold == k] = evidence.curve(raw, evidence.fold != k).predict(raw[evidence.fold == k])
    shown = best_threshold(articles, found, sure)
    everything = np.ones(len(found), dtype=np.bool_)
    whole = kept(
        out / f"linear-all-{digest(t, recipe)}.npz",
        partial(fit_linear, t, np.ones(len(t.label), dtype=np.bool_), recipe),
    )

    def model(chosen: NDArray[np.bool_]) -> dict[str, Any]:
        parts = (evidence.trees(chosen), evidence.curve(raw, chosen), evidence.choice(chosen))
        return arrays(t.keys, whole, *parts, mix, shown)

    judges = {k: Judge(**model(evidence.fold != k)) for k in folds}
    learnt = knowing.examples(articles, t, scores, judges)
    tables = {k: Weights.of(knowing.fit([x for x in learnt if x.fold != k])) for k in folds}
    readings = [
        cross_validated(a, scores_of(scores, t, n), judges[a.fold], tables[a.fold])
        for n, a in enumerate(articles)
    ]
    figures = {
        "shown_from": shown,
        "recipe": asdict(recipe),
        **evaluate(articles, found, sure, shown),
    }
    write_readings(articles, readings, out)
    note(json.dumps({k: v for k, v in figures.items() if k != "recipe"}, indent=1))
    write(out, model(everything), figures)
    (out / knowing.TABLE.name).write_text(
        json.dumps(knowing.fit(learnt), indent=0, sort_keys=True) + "\n", "utf-8"
    )
    (out / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return figures


@dataclass(frozen=True, slots=True)
class Evidence:
    """All judged pairs as arrays, and what is fitted on some of them."""

    recipe: Recipe
    numbers: Floats
    right: NDArray[np.int64]
    """Whether the record is right; -1: not scored."""
    fold: NDArray[np.int64]
    preferred: list[Floats]
    """For each pair that has a label: how its evidence differs from each of its other sentences (`CHOICES`)."""
    preferred_fold: NDArray[np.int64]

    @classmethod
    def of(cls, articles: Sequence[Prepared], t: Table, found: Sequence[Judged], recipe: Recipe) -> Self:
        """From the judged pairs of all articles."""
        preferred, folds = [], []
        for j in found:
            label = t.evidence[int(t.first[j.article]) + np.asarray(j.pair.members)]
            gold, other = np.flatnonzero(label == 1), np.flatnonzero(label == 0)
            if len(gold) and len(other):
                best = gold[0]
                preferred.append(j.pair.choices[best] - j.pair.choices[other])
                folds.append(articles[j.article].fold)
        return cls(
            recipe,
            np.asarray([j.pair.numbers for j in found]),
            np.asarray([j.record_right for j in found]),
            np.asarray([articles[j.article].fold for j in found]),
            preferred,
            np.asarray(folds),
        )

    def trees(self, chosen: NDArray[np.bool_]) -> HistGradientBoostingClassifier:
        """How likely a record is right, from the chosen pairs."""
        own = chosen & (self.right >= 0)
        return fit_trees(self.numbers[own], self.right[own], self.recipe)

    def curve(self, raw: Floats, chosen: NDArray[np.bool_]) -> "Curve":
        """From the trees' out-of-fold probability to the confidence."""
        own = chosen & (self.right >= 0)
        return _calibrated(raw[own], self.right[own])

    def choice(self, chosen: NDArray[np.bool_]) -> Floats:
        """How much each of `CHOICES` speaks for a sentence, by pairs of sentences (RankSVM's form, logistic loss)."""
        folds = set(self.fold[chosen].tolist())
        own = [d for d, k in zip(self.preferred, self.preferred_fold, strict=True) if k in folds]
        better = np.concatenate(own)
        weight = np.concatenate([np.full(len(d), 1 / len(d)) for d in own])
        model = LogisticRegression(C=1.0, fit_intercept=False)
        model.fit(
            np.concatenate([better, -better]),
            np.repeat([1, 0], len(better)),
            sample_weight=np.concatenate([weight, weight]),
        )
        out: Floats = model.coef_[0]
        return out


def _mix(label: NDArray[np.int64], linear: Floats, network: Floats) -> list[float]:
    """How much each model's log odds count."""
    known = label >= 0
    both = np.clip(np.stack([linear, network], 1)[known], 1e-4, 1 - 1e-4)
    model = LogisticRegression().fit(np.log(both / (1 - both)), label[known] > 0)
    return [float(model.intercept_[0]), *(float(x) for x in model.coef_[0])]


SURE, SUREST = 0.9, 0.89
"""A record is called sure only where those so called out of fold keep it; else none is called surer than `SUREST`."""
_ENOUGH = 50
"""Records to judge that by."""


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
    sure = model.predict_proba(_odds(raw))[:, 1] >= SURE
    kept = sure.sum() >= _ENOUGH and right[sure].mean() >= SURE
    y = model.predict_proba(_odds(x))[:, 1]
    return Curve(x, y if kept else np.minimum(y, SUREST))


def _odds(p: Floats) -> Floats:
    held = np.clip(p, 1e-4, 1 - 1e-4)
    out: Floats = np.log(held / (1 - held))[:, None]
    return out


def arrays(
    keys: NDArray[np.uint32], linear: Linear, trees: HistGradientBoostingClassifier, curve: Curve, choice: Floats,
    mix: Sequence[float], shown: float,
) -> dict[str, Any]:  # fmt: skip
    """A judge's weights by the names of `Judge`."""
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
    return {
        "keys": keys, **asdict(linear), "roots": np.asarray(roots, np.int32), "split": split.astype(np.int16),
        "threshold": threshold.astype(float), "left": left.astype(np.int32), "right": right.astype(np.int32),
        "value": value.astype(np.float32), "baseline": float(np.ravel(trees._baseline_prediction)[0]),  # noqa: SLF001
        "choice": choice, "calibration_x": curve.x, "calibration_y": curve.y, "mix": np.asarray(mix), "shown": shown,
    }  # fmt: skip


def write(folder: Path, weights: dict[str, Any], figures: dict[str, Any]) -> Judge:
    """The weights and their manifest; read back, so that what ships has been read once."""
    small = {k: weights[k].astype(np.float16) for k in ("position", "stand", "past")}
    np.savez_compressed(folder / MODEL, **{**weights, **small})
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
    shutil.copyfile(out / knowing.TABLE.name, knowing.TABLE)
