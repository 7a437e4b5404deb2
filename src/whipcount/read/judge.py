"""The learned judge: which pairs take a position, which one, and how sure that is.

Three models, trained by `python -m whipcount.learn positions`: linear ones that look at each candidate in
its sentence, an encoder that reads those that are possible, and trees that look at all that an article
says of the pair and give the confidence.

Entry: `judge(article, doc, mentions, attributions, rules)`.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from io import BytesIO
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from whipcount.article import ANY_CANDIDATE, Article, Attribution, Contest, Kind, Mention, Position, Sourcing
from whipcount.read.candidates import Questions, candidates
from whipcount.read.encoder import ModelError
from whipcount.read.judge_encoder import JudgeEncoder
from whipcount.read.judge_features import Frame, title_end
from whipcount.read.judge_rows import rows
from whipcount.read.names import person_fits
from whipcount.read.pairs import ASKED, Floats, Pair, Scores, combine, gather
from whipcount.read.positions import latest

MODEL = "positions.npz"
MANIFEST = "positions.json"


def number(feature: str) -> int:
    """A feature's number: the weights are kept under it, so that no word of any article is shipped."""
    return crc32(feature.encode())


@dataclass(frozen=True, slots=True)
class Judge:
    """The weights: `keys` are the sorted feature numbers, one column each in the linear models; then the trees."""

    keys: NDArray[np.uint32]
    position: NDArray[np.float32]
    position_bias: float
    stand: NDArray[np.float32]
    """(features, 6)"""
    stand_bias: NDArray[np.float32]
    past: NDArray[np.float32]
    past_bias: float
    roots: NDArray[np.int32]
    split: NDArray[np.int16]
    """The pair's number that a node asks about; -1 at a leaf."""
    threshold: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]
    baseline: float
    mix: NDArray[np.float64]
    """How the linear model's and the encoder's log odds of a position are joined: bias, linear, encoder."""
    choice: NDArray[np.float64]
    """How much each of `pairs.CHOICES` speaks for a sentence as the evidence."""
    calibration_x: NDArray[np.float64]
    calibration_y: NDArray[np.float64]
    shown: float
    """The confidence from which a record is given: the best F1 in cross-validation."""

    def columns(self, features: Sequence[str]) -> NDArray[np.intp]:
        """Where the known ones of some features stand."""
        numbers = np.asarray([number(f) for f in features], dtype=np.uint32)
        at: NDArray[np.intp] = np.searchsorted(self.keys, numbers)
        at[at == len(self.keys)] = 0
        known: NDArray[np.intp] = at[self.keys[at] == numbers]
        return known

    def scores(self, rows: Sequence[NDArray[np.intp]]) -> Scores:
        """What the linear models make of candidates, given as columns."""
        position = np.zeros(len(rows))
        stand = np.zeros((len(rows), len(self.stand_bias)))
        past = np.zeros(len(rows))
        for n, row in enumerate(rows):
            position[n] = self.position[row].sum() + self.position_bias
            stand[n] = self.stand[row].sum(0) + self.stand_bias
            past[n] = self.past[row].sum() + self.past_bias
        stand = np.exp(stand - stand.max(1, keepdims=True)) if len(rows) else stand
        likely = _sigmoid(position)
        return Scores.linear_only(
            likely, stand / np.maximum(stand.sum(1, keepdims=True), 1e-12), _sigmoid(past)
        )

    def sure(self, pair: Pair) -> float:
        """How likely the record of a pair is right."""
        total = self.baseline
        numbers = pair.numbers
        for root in self.roots.tolist():
            node = root
            while self.split[node] >= 0:
                node = (
                    self.left[node] if numbers[self.split[node]] <= self.threshold[node] else self.right[node]
                )
            total += float(self.value[node])
        raw = 1 / (1 + np.exp(-total))
        return float(np.interp(raw, self.calibration_x, self.calibration_y))


def _sigmoid(x: Floats) -> Floats:
    out: Floats = 1 / (1 + np.exp(-x))
    return out


@lru_cache(maxsize=1)
def load() -> Judge:
    """The weights that ship with the package, checked against their manifest."""
    folder = resources.files("whipcount").joinpath("models")
    try:
        data = folder.joinpath(MODEL).read_bytes()
        manifest = json.loads(folder.joinpath(MANIFEST).read_text("utf-8"))
    except OSError as error:
        raise ModelError(f"the judge's weights are missing: {error}") from error
    if hashlib.sha256(data).hexdigest() != manifest["sha256"]:
        raise ModelError(f"{MODEL} is not the file that its manifest names: install the package again")
    return read(data)


def read(data: bytes) -> Judge:
    """Weights from the bytes of their file."""
    with np.load(BytesIO(data), allow_pickle=False) as file:
        values = {name: file[name] for name in file.files}
    for name in ("position_bias", "past_bias", "baseline", "shown"):
        values[name] = float(values[name])
    for name in ("position", "stand", "stand_bias", "past", "value"):
        values[name] = values[name].astype(np.float32)
    return Judge(**values)


def judge(
    article: Article, doc: Doc, mentions: Sequence[Mention], attributions: Sequence[Attribution], rules: Sequence[Position],
    least: float | None = None,
) -> tuple[Position, ...]:  # fmt: skip
    """Every position of an article with its confidence, from `least` up (by default what is worth showing)."""
    model = load()
    questions = candidates(doc, mentions, attributions)
    frame = Frame(doc, questions, rules, title_end(article.text, article.title))
    scores = model.scores([model.columns(frame.features(c)) for c in questions.candidates])
    asked = np.flatnonzero(scores.position >= ASKED)
    encoder = JudgeEncoder.shipped()
    some = replace(questions, candidates=tuple(questions.candidates[i] for i in asked))
    scores = combine(scores, asked, encoder.read(rows(some, doc.text, encoder.tokenizer)), model.mix.tolist())
    return decide(model, questions, scores, mentions, rules, len(article.text), least)


def decide(
    model: Judge, questions: Questions, scores: Scores, mentions: Sequence[Mention], rules: Sequence[Position],
    length: int, least: float | None = None,
) -> tuple[Position, ...]:  # fmt: skip
    """The positions that follow from the scores of an article's candidates."""
    least = model.shown if least is None else least
    verdicts = [(model.sure(pair), pair) for pair in gather(questions, scores, mentions, rules, length)]
    out = [
        _position(pair, sure, questions, scores, model) for sure, pair in distinct(verdicts) if sure >= least
    ]
    out += latest([r for r in rules if _alone(r)])
    return tuple(sorted(out, key=lambda p: p.evidence))


def distinct(verdicts: Sequence[tuple[float, Pair]]) -> list[tuple[float, Pair]]:
    """The surest first, none of which only says again what a surer one says under a longer or shorter name."""
    kept: list[tuple[float, Pair]] = []
    for sure, pair in sorted(verdicts, key=lambda v: -v[0]):
        if not any(_same(pair.endorser, k.endorser) and _same(pair.endorsee, k.endorsee) for _, k in kept):
            kept.append((sure, pair))
    return kept


def _same(one: str, other: str) -> bool:
    return one == other or person_fits(one, other) or person_fits(other, one)


def _position(pair: Pair, sure: float, questions: Questions, scores: Scores, model: Judge) -> Position:
    at = pair.members[int((pair.choices @ model.choice).argmax())]
    read = scores.network[at] > 0
    return Position(
        pair.endorser,
        pair.kind,
        pair.endorsee,
        pair.stand,
        Sourcing.NARRATION,
        questions.candidates[at].focus,
        Contest.CURRENT,
        confidence=round(sure, 3),
        because=f"judge: a position here {scores.position[pair.number]:.2f}, {pair.stand} {scores.stand[pair.number].max():.2f}",
        leaning=tuple(scores.sourcing[at].tolist()) if read else (),
    )


def _alone(rule: Position) -> bool:
    """Whether only rules read such: neutrality in a whole race, groups without a name, past contests."""
    return rule.endorsee == ANY_CANDIDATE or rule.endorser_kind is Kind.GROUP or rule.contest is Contest.PAST
