"""Training of the judge of positions: linear models of sentences, trees over pairs, figures by cross-validation.

Entry: `train(shared, out, recipe)`. Everything is cross-validated by article over one written split; the
shipped weights are then fitted on all labelled articles, and their confidence on the scores of the folds.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, astuple, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from tokenizers import Tokenizer

from whipcount.learn import knowing
from whipcount.learn.positions_data import folds_of, labelled
from whipcount.learn.positions_encoder import Examples, Fit, cross_fitted, pretrained
from whipcount.learn.positions_export import export
from whipcount.learn.positions_measure import (
    best_limits,
    cross_validated,
    evaluate,
    judged,
    scores_of,
    standing,
    write_readings,
)
from whipcount.learn.positions_reports import fit_choice, told, verdicts
from whipcount.learn.positions_sure import Sure
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
from whipcount.read.judge import MANIFEST, MODEL, Judge, Limits, of_arrays, read
from whipcount.read.judge_encoder import NETWORK
from whipcount.read.judge_rows import Row, rows
from whipcount.read.knowing import Weights
from whipcount.read.pairs import ASKED, Floats, Scores, Views, combine
from whipcount.read.parse import readable


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
    whole = kept(
        out / f"linear-all-{digest(t, recipe)}.npz",
        partial(fit_linear, t, np.ones(len(t.label), dtype=np.bool_), recipe),
    )
    pairs = told(articles, t, scores, found)
    note(f"{len(pairs)} pairs, {sum(len(p.rows) for p in pairs)} sentences")
    folds = sorted({a.fold for a in articles})
    choices = {k: fit_choice([p for p in pairs if p.fold != k], recipe.choice_c) for k in folds}
    learnt = knowing.examples(pairs, choices)
    tables = {k: Weights.of(knowing.fit([x for x in learnt if x.fold != k], recipe.knowing_c)) for k in folds}
    bare = verdicts(articles, t, scores, pairs, choices, tables)
    note("verdicts")
    sure = Sure.of(found, bare, np.asarray([p.fold for p in pairs]), recipe)
    weighed = [replace(v, sure=s) for v, s in zip(bare, sure.confidence().tolist(), strict=True)]
    stands = standing(found, weighed)

    shown = best_limits(articles, stands)
    judges = {
        k: of_arrays(
            arrays(
                t.keys, whole, sure.model(sure.fold != k), choices[k], mix, best_limits(articles, stands, k)
            )
        )
        for k in folds
    }
    note(f"limits {shown}, by folds {[judges[k].limits for k in folds]}")
    readings = [
        cross_validated(a, scores_of(scores, t, n), judges[a.fold], tables[a.fold])
        for n, a in enumerate(articles)
    ]
    figures = {
        "shown_from": asdict(shown),
        "recipe": asdict(recipe),
        **evaluate(articles, found, weighed, shown),
    }
    write_readings(articles, readings, out)
    note(json.dumps({k: v for k, v in figures.items() if k != "recipe"}, indent=1))
    everything = np.ones(len(found), dtype=np.bool_)
    choice = fit_choice(pairs, recipe.choice_c)
    write(out, arrays(t.keys, whole, sure.model(everything), choice, mix, shown), figures)
    (out / knowing.TABLE.name).write_text(
        json.dumps(knowing.fit(learnt, recipe.knowing_c), indent=0, sort_keys=True) + "\n", "utf-8"
    )
    (out / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return figures


def _mix(label: NDArray[np.int64], linear: Floats, network: Floats) -> list[float]:
    """How much each model's log odds count."""
    known = label >= 0
    both = np.clip(np.stack([linear, network], 1)[known], 1e-4, 1 - 1e-4)
    model = LogisticRegression().fit(np.log(both / (1 - both)), label[known] > 0)
    return [float(model.intercept_[0]), *(float(x) for x in model.coef_[0])]


def arrays(
    keys: NDArray[np.uint32], linear: Linear, sure: Mapping[str, Any], choice: Mapping[str, float],
    mix: Sequence[float], shown: Limits,
) -> dict[str, Any]:  # fmt: skip
    """A judge's weights as `read_arrays` takes them."""
    return {
        "keys": keys, **asdict(linear), **sure, "choice_names": np.asarray(list(choice)),
        "choice": np.asarray(list(choice.values())), "mix": np.asarray(mix), "limits": np.asarray(astuple(shown)),
    }  # fmt: skip


def write(folder: Path, values: dict[str, Any], figures: dict[str, Any]) -> Judge:
    """The weights and their manifest; read back, so that what ships has been read once."""
    small = {k: values[k].astype(np.float16) for k in ("position", "stand", "past")}
    np.savez_compressed(folder / MODEL, **{**values, **small})
    data = (folder / MODEL).read_bytes()
    network = (folder / NETWORK).read_bytes()
    manifest = {
        "name": "whipcount-positions",
        "sha256": hashlib.sha256(data).hexdigest(),
        "network_sha256": hashlib.sha256(network).hexdigest(),
        "bytes": len(data),
        "numbers": values["asks"].tolist(),
        "figures": figures,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return read(data)


def ship(out: Path, folder: Path) -> None:
    """Copy the weights, their manifest and the network to where the package reads them."""
    for name in (MODEL, MANIFEST, NETWORK):
        shutil.copyfile(out / name, folder / name)
    shutil.copyfile(out / knowing.TABLE.name, knowing.TABLE)
