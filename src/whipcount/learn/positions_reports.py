"""What the sentences of all judged pairs say, which of them a reader would take, and how well each verdict does.

Entries: `told`, `fit_choice`, `verdicts`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from whipcount.learn.positions_data import Label
from whipcount.learn.positions_measure import Judged, fits, ground_of, scores_of
from whipcount.learn.positions_table import Prepared, Table
from whipcount.read.judge import Verdict, weigh
from whipcount.read.knowing import Weights
from whipcount.read.pairs import Scores
from whipcount.read.reports import Ground, reports, shares

SEEN = 25
"""A name that fewer sentences of labelled pairs have is not learnt from."""
SPREAD = 0.05
"""A thing that varies less than this is not blown up to vary as much as the others."""

Rows = list[dict[str, float]]


@dataclass(frozen=True, slots=True)
class Told:
    """A judged pair, what is said of each of its sentences, and which ones a reader took."""

    judged: Judged
    fold: int
    rows: Rows
    taken: tuple[int, ...]
    """For each sentence 1: a reader took it for the evidence, 0: another one, -1: not labelled."""
    label: Label | None
    """The label of the pair in the current contest, if there is one."""


def told(articles: Sequence[Prepared], t: Table, scores: Scores, found: Sequence[Judged]) -> list[Told]:
    """All judged pairs with what their sentences say, in their order."""
    grounds: dict[int, tuple[Ground, Scores]] = {}
    out = []
    for j in found:
        a = articles[j.article]
        if j.article not in grounds:
            grounds = {j.article: (ground_of(a), scores_of(scores, t, j.article))}
        first = int(t.first[j.article])
        taken = tuple(int(t.evidence[first + i]) for i in j.pair.members)
        label = next((x for x in a.item.labels if not x.past and fits(x, j.pair)), None)
        out.append(Told(j, a.fold, reports(j.pair, *grounds[j.article]), taken, label))
    return out


def fit_choice(pairs: Sequence[Told], penalty: float) -> dict[str, float]:
    """How much each thing said of a sentence speaks for it, by pairs of sentences (RankSVM's form, logistic loss)."""
    labelled = [p for p in pairs if 0 in p.taken and 1 in p.taken]
    names = often([row for p in labelled for row in p.rows])
    better, weight = [], []
    for p in labelled:
        x = matrix(p.rows, names)
        taken = np.asarray(p.taken)
        gap = (x[taken == 1][:, None] - x[taken == 0][None]).reshape(-1, len(names))
        better.append(gap)
        weight.append(np.full(len(gap), 1 / len(gap)))
    gaps, each = np.concatenate(better), np.concatenate(weight)
    spread = np.maximum(gaps.std(0), 1e-9)
    model = LogisticRegression(C=penalty, fit_intercept=False, max_iter=1000)
    model.fit(
        np.concatenate([gaps, -gaps]) / spread,
        np.repeat([1, 0], len(gaps)),
        sample_weight=np.concatenate([each, each]),
    )
    return dict(zip(names, (model.coef_[0] / spread).tolist(), strict=True))


def verdicts(
    articles: Sequence[Prepared], t: Table, scores: Scores, pairs: Sequence[Told],
    choices: Mapping[int, Mapping[str, float]], tables: Mapping[int, Weights],
) -> list[Verdict]:  # fmt: skip
    """The verdict on each pair but for its confidence, by the chooser and the table of its fold."""
    grounds: dict[int, tuple[Ground, Scores]] = {}
    out = []
    for p in pairs:
        n = p.judged.article
        if n not in grounds:
            grounds = {n: (ground_of(articles[n]), scores_of(scores, t, n))}
        share = shares(p.rows, choices[p.fold])
        out.append(weigh(p.judged.pair, p.rows, share, *grounds[n], tables[p.fold]))
    return out


def often(rows: Sequence[Mapping[str, float]], least: int = SEEN) -> list[str]:
    """The names that enough rows have, in order."""
    count = Counter(name for row in rows for name in row)
    return sorted(name for name, n in count.items() if n >= least)


def matrix(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> np.ndarray:
    """Rows as numbers; what a row does not name is 0."""
    return np.asarray([[row.get(name, 0.0) for name in names] for row in rows], dtype=float).reshape(
        len(rows), len(names)
    )
