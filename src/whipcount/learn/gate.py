"""Training of the gates' table of words: how sure can counts of words be that an article holds no position?

Whatever was not annotated is taken to hold none, at a lesser weight: some do. Weights stay at or above zero, so
that the table serves for whole pages too (`page/gate_words.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from whipcount.learn.positions_data import Labelled, corpus_records, labelled
from whipcount.page.gate_words import ELECTORAL, PLAIN, WHOLE

SHIPPED = Path(__file__).parent.parent / "page" / "data" / "gate.tsv"
GROUPS = {
    "endorsing": "endorse endorsed endorses endorsing endorsement endorsements endorser endorsers endorsers",
    "backing": "back backs backed backing backer backers",
    "supporting": "support supports supported supporting supporter supporters pledged",
    "voting": "vote votes voted voting",
    "voters": "voter voters electorate",
    "opposing": "oppose opposes opposed opposing opposition reject rejects rejected refuse refuses refused refusing "
    "defeat defeating unseat oust unfit never against anybody anyone anti stop distanced",
    "neutral": "neutral undecided uncommitted sidelines",
    "campaigning": "campaign campaigned campaigning campaigns stump stumping stumped trail",
    "helping": "surrogate surrogates behalf rally rallied rallying rallies fundraiser fundraisers barnstorm barnstorming",
    "choosing": "choice pick picks picked picking choose choosing chose chosen favor favors favored prefer prefers "
    "favorite champion championed ally allies lean leaning leans embrace embraced successor committed loyal",
    "urging": "behind nod urge urged urging encouraged",
    "nominating": "nominee nominees nominate nominated nomination nominating presumptive",
    "candidates": "candidate candidates candidacy candidacies contender contenders hopeful hopefuls rival rivals",
    "primaries": "primary primaries caucus caucuses runoff",
    "elections": "election elections elect elected reelect reelection electing electoral",
    "measures": "ballot ballots referendum referendums proposition propositions prop measure measures initiative "
    "initiatives amendment repeal petition signatures",
    "legislators": "senator senators sen sens senate congress congressional congressman congresswoman rep reps "
    "representative lawmakers lawmaker house legislature",
    "executives": "governor governors gov gubernatorial mayor mayoral attorney council",
    "president": "president presidential presidency",
    "leadership": "speaker speakership leadership chairman leader leaders",
    "parties": "republican republicans democrat democrats democratic gop party partisan",
    "wings": "conservative conservatives liberal liberals progressive progressives establishment activists activist",
    "race": "race races run running runs bid bids poll polls polling delegate delegates convention incumbent "
    "incumbents challenger challengers seat seats pac pacs union unions donor donors strategist strategists debate debates",
}
"""Words of taking sides and of elections, none of them of one year."""
FOLDS = 4
_LABELLED_WEIGHT = 3.0
_PENALTY = 1000.0
_LEAST = 0.005
"""Weights under this are left out."""

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as counts of words, with what is known of them."""

    counts: Matrix
    holds: NDArray[np.bool_]
    annotated: NDArray[np.bool_]
    fold: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights of words and groups, and the constant."""

    values: NDArray[np.float64]
    constant: float

    def __call__(self, counts: Matrix) -> NDArray[np.float64]:
        """What texts weigh, the constant included."""
        return features(counts) @ self.values + self.constant


def vocabulary() -> list[tuple[str, str]]:
    """Each word with its group."""
    return [(group, word) for group, words in GROUPS.items() for word in dict.fromkeys(words.split())]


def count(texts: Sequence[str]) -> Matrix:
    """A row of counts a text."""
    place = {word.encode(): number for number, (_, word) in enumerate(vocabulary())}
    out = np.zeros((len(texts), len(place)), np.float32)
    for row, text in zip(out, texts, strict=True):
        for word in text.encode("utf-8", "ignore").translate(PLAIN).split():
            if (number := place.get(word)) is not None:
                row[number] += 1
    return out


def features(counts: Matrix) -> Matrix:
    """What the weights are for: whether each word is there, then how often each group's words are, as a logarithm."""
    group_of = np.array([list(GROUPS).index(group) for group, _ in vocabulary()])
    groups = np.stack([counts[:, group_of == number].sum(1) for number in range(len(GROUPS))], 1)
    return np.concatenate([np.minimum(counts, 1), np.log1p(groups)], 1)


def gathered(shared: Path) -> tuple[Texts, list[Labelled]]:
    """The annotated articles, in order, and after them all others of the corpus."""
    items = labelled(shared)
    known = {item.article.id for item in items}
    others = {
        name: f"{record['title']}\n\n{record['text']}"
        for name, record in corpus_records(shared).items()
        if name not in known
    }
    names = [*(item.article.id for item in items), *others]
    texts = Texts(
        counts=count([*(item.article.text for item in items), *others.values()]),
        holds=np.array([bool(item.labels) for item in items] + [False] * len(others)),
        annotated=np.arange(len(names)) < len(items),
        fold=np.array([crc32(name.encode()) % FOLDS for name in names]),
    )
    return texts, items


def fit(texts: Texts, rows: NDArray[np.bool_]) -> Fit:
    """Weights from the texts of these rows: a logistic model whose weights are held at or above zero."""
    x = features(texts.counts[rows]).astype(np.float64)
    scale = x.std(0) + 1e-3
    x /= scale
    sign = np.where(texts.holds[rows], 1.0, -1.0)
    share = np.where(texts.holds[rows], _LABELLED_WEIGHT, 1.0)

    def loss(p: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = sign * (x @ p[:-1] + p[-1])
        slope = -sign * share / (1 + np.exp(np.clip(margin, -50, 50)))
        value = (share * np.logaddexp(0, -margin)).sum() + _PENALTY / 2 * (p[:-1] ** 2).sum()
        return float(value), np.append(x.T @ slope + _PENALTY * p[:-1], slope.sum())

    width = x.shape[1]
    found: Any = minimize(
        loss,
        np.zeros(width + 1),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0, None)] * width + [(None, None)],
        options={"maxiter": 200},
    )
    return Fit(found.x[:-1] / scale, float(found.x[-1]))


def out_of_fold(texts: Texts) -> NDArray[np.float64]:
    """Each text's weight by a model that has not seen it."""
    out = np.zeros(len(texts.holds))
    for fold in range(FOLDS):
        out[texts.fold == fold] = fit(texts, texts.fold != fold)(texts.counts[texts.fold == fold])
    return out


def threshold_for(weights: NDArray[np.float64], holds: NDArray[np.bool_], recall: float) -> float:
    """The highest threshold that keeps this share of those that hold a position."""
    lost = int((1 - recall) * holds.sum())
    return float(np.sort(weights[holds])[lost])


def write(found: Fit, threshold: float, path: Path) -> None:
    """The table that the gates read."""
    width = len(vocabulary())
    lines = [("threshold", WHOLE, f"{threshold - found.constant:.3f}")]
    lines += [(group, WHOLE, f"{v:.3f}") for group, v in zip(GROUPS, found.values[width:], strict=True)]
    lines += [
        (group, word, f"{v:.3f}") for (group, word), v in zip(vocabulary(), found.values[:width], strict=True)
    ]
    # A word without a weight of its own still counts for its group, where that matters.
    weighty = {group for group, word, v in lines if word == WHOLE and float(v) >= _LEAST}
    kept = [
        one
        for one in lines
        if one[1] == WHOLE or float(one[2]) >= _LEAST or one[0] in weighty or one[0] in ELECTORAL
    ]
    path.write_text("".join("\t".join(one) + "\n" for one in kept), encoding="utf-8")


def learn(shared: Path, path: Path = SHIPPED, recall: float = 0.996) -> list[str]:
    """Fit the table, write it, and say what it does out of fold, a line a set."""
    texts, items = gathered(shared)
    weights = out_of_fold(texts)
    threshold = threshold_for(weights, texts.holds, recall)
    found = fit(texts, np.ones(len(weights), bool))
    write(found, min(threshold, threshold_for(found(texts.counts), texts.holds, recall)), path)
    return report(weights >= threshold, texts, items)


def report(passed: NDArray[np.bool_], texts: Texts, items: Sequence[Labelled]) -> list[str]:
    """Recall on each set, of articles with scored labels and with any, and the share of the corpus that passes."""
    first = passed[: len(items)]
    source = np.array([item.source for item in items])
    scored = np.array([any(label.counts for label in item.labels) for item in items])
    holds = texts.holds[: len(items)]
    out = []
    for name in ("positions", "positions-single", "further", "all"):
        here = (source == name) | (name == "all")
        out.append(
            f"{name}: recall {first[here & scored].mean():.4f} of {(here & scored).sum()} with scored labels, "
            f"{first[here & holds].mean():.4f} of {(here & holds).sum()} with any; "
            f"{first[here & ~holds].mean():.3f} of {(here & ~holds).sum()} without pass"
        )
    corpus = np.append(source != "positions", np.ones(len(passed) - len(items), bool))
    out.append(f"of the corpus's {corpus.sum()} articles {passed[corpus].mean():.4f} pass")
    return out
