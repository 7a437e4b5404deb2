"""Labelled articles as a table of candidates and features, and the linear models over it.

Entries: `prepare_all`, `table`, `linear_scores`.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from spacy.tokens import Doc

from whipcount.article import Attribution
from whipcount.learn.positions_data import Labelled, RowLabel, row_label
from whipcount.read.attribution import attribute_all
from whipcount.read.candidates import Questions, candidates
from whipcount.read.judge import number
from whipcount.read.judge_features import Frame, title_end
from whipcount.read.mentions import mentions
from whipcount.read.pairs import STANDS, Scores, sigmoid
from whipcount.read.parse import parse_all, readable, sentences
from whipcount.read.positions import positions
from whipcount.read.sourcing import resolve

_BATCH = 64


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides a training."""

    folds: int = 5
    seed: int = 0
    least_count: int = 3
    position_c: float = 0.04
    stand_c: float = 0.3
    positive_weight: float = 3.0
    choice_c: float = 0.003
    knowing_c: float = 0.01
    trees: int = 150
    depth: int = 3
    rate: float = 0.05
    leaf: int = 40
    random_trees: int = 200
    random_leaf: int = 4
    share: float = 0.2
    """How many of all numbers a node of the trees may choose from."""
    groups: int = 3
    """The encoder is cross-validated in fewer, larger parts of the folds: it is slow to train."""
    epochs: int = 3


@dataclass(slots=True)
class Prepared:
    """A labelled article with everything about it that no label or fold changes."""

    item: Labelled
    questions: Questions
    rows: list[NDArray[np.uint32]]
    """The feature numbers of each candidate."""
    labels: list[RowLabel]
    rules: tuple[Any, ...]
    mentions: tuple[Any, ...]
    doc: Doc
    fold: int = 0


def prepare_all(items: Sequence[Labelled]) -> Iterator[Prepared]:
    """Read labelled articles as far as no label goes, in their order."""
    for low in range(0, len(items), _BATCH):
        own = items[low : low + _BATCH]
        texts = [readable(x.article) for x in own]
        docs = parse_all(texts)
        told = attribute_all(texts)
        yield from (prepare(*each) for each in zip(own, docs, told, strict=True))


def prepare(item: Labelled, doc: Doc, told: Sequence[Attribution]) -> Prepared:
    """Lay out the candidates of a parsed article whose attributions are marked."""
    article = item.article
    found = mentions(article, doc)
    said = resolve(article, found, told, sentences(doc))
    questions = candidates(doc, found, said)
    rules = positions(article, doc, found, said)
    frame = Frame(doc, questions, rules, title_end(article.text, article.title))
    numbers = [
        np.unique(np.asarray([number(f) for f in frame.features(c)], dtype=np.uint32))
        for c in questions.candidates
    ]
    return Prepared(
        item, questions, numbers, [row_label(c, item.labels) for c in questions.candidates], rules, found, doc
    )


@dataclass(slots=True)
class Table:
    """All candidates of all articles as one sparse matrix."""

    keys: NDArray[np.uint32]
    X: Any
    label: NDArray[np.int64]
    past: NDArray[np.int64]
    sourcing: NDArray[np.int64]
    evidence: NDArray[np.int64]
    fold: NDArray[np.int64]
    first: NDArray[np.int64]
    """Where each article's rows begin; one more at the end."""


def table(articles: Sequence[Prepared], recipe: Recipe) -> Table:
    """Features that occur too seldom to learn from are dropped."""
    count: Counter[int] = Counter()
    positive: Counter[int] = Counter()
    for a in articles:
        for row, label in zip(a.rows, a.labels, strict=True):
            count.update(row.tolist())
            if label.stand > 0:
                positive.update(row.tolist())
    kept = [k for k, n in count.items() if n >= recipe.least_count and (positive[k] >= 2 or n >= 40)]
    keys = np.asarray(sorted(kept), dtype=np.uint32)
    indices: list[NDArray[np.intp]] = []
    pointers = [0]
    for a in articles:
        for row in a.rows:
            at = np.searchsorted(keys, row)
            at[at == len(keys)] = 0  # any column will do: the next line compares
            good = at[keys[at] == row]
            indices.append(good)
            pointers.append(pointers[-1] + len(good))
    flat = np.concatenate(indices) if indices else np.zeros(0, dtype=np.int64)
    X = csr_matrix((np.ones(len(flat), np.float32), flat, pointers), shape=(len(indices), len(keys)))
    first = np.cumsum(np.asarray([0, *(len(a.rows) for a in articles)]))
    labels = np.asarray([x for a in articles for x in a.labels]).reshape(-1, 4).T
    fold = np.repeat([a.fold for a in articles], [len(a.rows) for a in articles])
    return Table(keys, X, labels[0], labels[1], labels[2], labels[3], fold, first)


@dataclass(slots=True)
class Linear:
    """The three linear models of a candidate."""

    position: NDArray[np.float32]
    position_bias: float
    stand: NDArray[np.float32]
    stand_bias: NDArray[np.float32]
    past: NDArray[np.float32]
    past_bias: float

    def scores(self, X: Any) -> Scores:
        """What they make of the rows of a matrix."""
        stand = X @ self.stand + self.stand_bias
        stand = np.exp(stand - stand.max(1, keepdims=True)).astype(float)
        likely = sigmoid(np.asarray(X @ self.position + self.position_bias, dtype=float))
        past = sigmoid(np.asarray(X @ self.past + self.past_bias, dtype=float))
        return Scores.linear_only(likely, stand / stand.sum(1, keepdims=True), past)


def fit_linear(t: Table, chosen: NDArray[np.bool_], recipe: Recipe) -> Linear:
    """Whether there is a position, which one if so, and whether it is past, from the chosen rows."""
    known = np.flatnonzero(chosen & (t.label >= 0))
    there = np.flatnonzero(chosen & (t.label > 0))
    y = (t.label[known] > 0).astype(int)
    a = LogisticRegression(C=recipe.position_c, solver="liblinear", max_iter=60, random_state=recipe.seed)
    a.fit(t.X[known], y, sample_weight=np.where(y > 0, recipe.positive_weight, 1.0))
    b = LogisticRegression(C=recipe.stand_c, max_iter=100)
    b.fit(t.X[there], t.label[there])
    c = LogisticRegression(C=0.1, solver="liblinear", random_state=recipe.seed)
    c.fit(t.X[there], t.past[there])
    stand = np.zeros((len(t.keys), len(STANDS)), np.float32)
    bias = np.full(len(STANDS), -20.0, np.float32)
    stand[:, b.classes_ - 1] = b.coef_.T
    bias[b.classes_ - 1] = b.intercept_
    return Linear(
        a.coef_[0].astype(np.float32),
        float(a.intercept_[0]),
        stand,
        bias,
        c.coef_[0].astype(np.float32),
        float(c.intercept_[0]),
    )


def digest(t: Table, recipe: Recipe) -> str:
    """What a linear model depends on, in eight letters: a stopped run goes on only with its own."""
    part = (recipe.folds, recipe.position_c, recipe.stand_c, recipe.positive_weight, recipe.seed)
    parts = (
        t.keys.tobytes(),
        t.X.indices.tobytes(),
        t.label.tobytes(),
        t.fold.tobytes(),
        repr(part).encode(),
    )
    return hashlib.sha256(b"".join(hashlib.sha256(p).digest() for p in parts)).hexdigest()[:8]


def kept(path: Path, fitted: Callable[[], Linear]) -> Linear:
    """A linear model from an earlier run, or a new one, which is kept."""
    if path.exists():
        with np.load(path) as file:
            values: dict[str, Any] = {k: file[k] if file[k].ndim else float(file[k]) for k in file.files}
            return Linear(**values)
    model = fitted()
    np.savez(path, **asdict(model))
    return model


def linear_scores(t: Table, out: Path, recipe: Recipe, note: Callable[[str], None]) -> Scores:
    """The linear models' scores of every candidate, each by models that saw nothing of its fold."""
    count = len(t.label)
    scores = Scores.linear_only(np.zeros(count), np.zeros((count, len(STANDS))), np.zeros(count))
    own_digest = digest(t, recipe)
    for k in range(recipe.folds):
        held = t.fold == k
        model = kept(out / f"linear-{k}-{own_digest}.npz", partial(fit_linear, t, ~held, recipe))
        own = model.scores(t.X[held])
        scores.position[held], scores.stand[held], scores.past[held] = own.position, own.stand, own.past
        known, there = held & (t.label >= 0), held & (t.label > 0)
        precision = average_precision_score(t.label[known] > 0, scores.position[known])
        stand_right = float((scores.stand[there].argmax(1) + 1 == t.label[there]).mean())
        note(f"fold {k}: sentences' average precision {precision:.3f}, stand right {stand_right:.3f}")
    return scores
