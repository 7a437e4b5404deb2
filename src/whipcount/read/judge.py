"""The learned judge: which pairs take a position, which one, and how sure that is.

Three models, trained by `python -m whipcount.learn positions`: linear ones that look at each candidate in
its sentence, an encoder that reads those that are possible, and trees that look at all that an article
says of the pair and give the confidence.

Entry: `judge(article, doc, mentions, attributions, rules)`.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from io import BytesIO
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from whipcount.article import ANY_CANDIDATE, Article, Attribution, Contest, Kind, Mention, Position, Sourcing
from whipcount.read.candidates import candidates
from whipcount.read.encoder import ModelError
from whipcount.read.forest import Forest
from whipcount.read.judge_encoder import JudgeEncoder
from whipcount.read.judge_features import Frame, title_end
from whipcount.read.judge_rows import rows
from whipcount.read.knowing import Weights, weights
from whipcount.read.names import person_fits
from whipcount.read.pairs import ASKED, NUMBERS, Floats, Pair, Scores, combine, gather, logit, sigmoid
from whipcount.read.parse import sentences
from whipcount.read.positions import latest
from whipcount.read.reports import Ground, report_of, reports, shares, together

MODEL = "positions.npz"
MANIFEST = "positions.json"


def number(feature: str) -> int:
    """A feature's number: the weights are kept under it, so that no word of any article is shipped."""
    return crc32(feature.encode())


@dataclass(frozen=True, slots=True)
class Limits:
    """What a record must have to be given."""

    sure: float
    """The confidence that it is right."""
    clear: float
    """`Verdict.clear`: how clear its evidence and its sourcing are."""

    def allow(self, verdict: "Verdict") -> bool:
        """Whether a record is given."""
        return verdict.sure >= self.sure and verdict.clear >= self.clear


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
    boosted: Forest
    """Trees whose leaves add up to the log odds that a record is right."""
    random: Forest
    """Trees whose leaves add up to its probability."""
    asks: tuple[str, ...]
    """The names of what the trees are asked about, in order."""
    baseline: float
    mix: NDArray[np.float64]
    """How the linear model's and the encoder's log odds of a position are joined: bias, linear, encoder."""
    choice: dict[str, float]
    """How much each thing that `reports` says of a sentence speaks for it as the evidence."""
    calibration_x: NDArray[np.float64]
    calibration_y: NDArray[np.float64]
    limits: Limits

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
        likely = sigmoid(position)
        return Scores.linear_only(
            likely, stand / np.maximum(stand.sum(1, keepdims=True), 1e-12), sigmoid(past)
        )

    def sure(self, said: Mapping[str, float]) -> float:
        """How likely a record is right, by all that is to be said of it."""
        numbers = np.asarray([said.get(name, 0.0) for name in self.asks], dtype=np.float32)
        odds = (self.baseline + self.boosted.total(numbers) + logit(self.random.total(numbers))) / 2
        return float(np.interp(1 / (1 + math.exp(-odds)), self.calibration_x, self.calibration_y))


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
        return of_arrays({name: file[name] for name in file.files})


def of_arrays(values: Mapping[str, Any]) -> Judge:
    """Weights from the arrays of their file."""
    choice = zip(values["choice_names"].tolist(), values["choice"].tolist(), strict=True)
    return Judge(
        keys=values["keys"],
        position=values["position"].astype(np.float32),
        stand=values["stand"].astype(np.float32),
        stand_bias=values["stand_bias"].astype(np.float32),
        past=values["past"].astype(np.float32),
        position_bias=float(values["position_bias"]),
        past_bias=float(values["past_bias"]),
        baseline=float(values["baseline"]),
        boosted=Forest.of(values, "boosted"),
        random=Forest.of(values, "random"),
        asks=tuple(values["asks"].tolist()),
        mix=values["mix"],
        choice=dict(choice),
        calibration_x=values["calibration_x"],
        calibration_y=values["calibration_y"],
        limits=Limits(*values["limits"].tolist()),
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """The positions of an article, each with its confidence, in the order of the text."""

    given: tuple[Position, ...]
    unclear: tuple[Position, ...]
    """What is kept for review and not counted."""


def judge(
    article: Article, doc: Doc, mentions: Sequence[Mention], attributions: Sequence[Attribution], rules: Sequence[Position],
    least: float | None = None,
) -> Judged:  # fmt: skip
    """Every position of an article; with `least` all from that confidence up are given."""
    model = load()
    questions = candidates(doc, mentions, attributions)
    frame = Frame(doc, questions, rules, title_end(article.text, article.title))
    scores = model.scores([model.columns(frame.features(c)) for c in questions.candidates])
    asked = np.flatnonzero(scores.position >= ASKED)
    encoder = JudgeEncoder.shipped()
    some = replace(questions, candidates=tuple(questions.candidates[i] for i in asked))
    scores = combine(scores, asked, encoder.read(rows(some, doc.text, encoder.tokenizer)), model.mix.tolist())
    ground = Ground(article, sentences(doc), questions, mentions, rules)
    found = verdicts(model, ground, scores, weights())
    limits = model.limits if least is None else Limits(least, -math.inf)
    return Judged(_given(found, limits, ground, scores), _unclear(found, limits, scores))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge thinks of a pair."""

    pair: Pair
    at: int
    """The candidate whose sentence is the evidence."""
    report: Position
    said: Mapping[str, float]
    """All that is to be said of that sentence and of the others of the pair."""
    sourcing: Sourcing
    sure: float = 0.0
    evidence_sure: float = 0.0
    sourcing_sure: float = 0.0

    @property
    def clear(self) -> float:
        """How clear the evidence and the sourcing are, the confidence with them: a sum of log odds."""
        return (
            logit(self.evidence_sure) + _OF_SOURCING * logit(self.sourcing_sure) + _OF_SURE * logit(self.sure)
        )


_OF_SOURCING, _OF_SURE = 0.7, 0.25
"""How much the sourcing and the confidence count beside the evidence, from cross-validation."""


def weigh(
    pair: Pair, rows: Sequence[Mapping[str, float]], share: Floats, ground: Ground, scores: Scores, table: Weights
) -> Verdict:  # fmt: skip
    """A verdict but for its confidence, from what the sentences of a pair say and the share of each."""
    best = int(share.argmax())
    said = {**rows[best], **together(rows, share)}
    likely = table.likely(said)
    said |= {f"pair: {name}": value for name, value in zip(NUMBERS, pair.numbers, strict=True)}
    said |= {f"known: {name}": value for name, value in zip(Sourcing, likely.tolist(), strict=True)}
    at = pair.members[best]
    return Verdict(
        pair,
        at,
        report_of(pair, at, ground, scores),
        said,
        list(Sourcing)[int(likely.argmax())],
        evidence_sure=float(share[best]),
        sourcing_sure=float(likely.max()),
    )


def verdicts(model: Judge, ground: Ground, scores: Scores, table: Weights) -> list[Verdict]:
    """What follows from the scores of an article's candidates, one verdict a pair, the surest first."""
    found = []
    for pair in gather(ground.questions, scores, ground.mentions, ground.rules, len(ground.article.text)):
        rows = reports(pair, ground, scores)
        verdict = weigh(pair, rows, shares(rows, model.choice), ground, scores, table)
        found.append(replace(verdict, sure=model.sure(verdict.said)))
    return distinct(found)


def decide(model: Judge, ground: Ground, scores: Scores, table: Weights) -> tuple[Position, ...]:
    """The positions that are clear enough to be given."""
    return _given(verdicts(model, ground, scores, table), model.limits, ground, scores)


def _given(found: Sequence[Verdict], limits: Limits, ground: Ground, scores: Scores) -> tuple[Position, ...]:
    out = [_position(v, scores) for v in found if limits.allow(v)]
    alone = latest([r for r in ground.rules if _alone(r)])
    out += [replace(r, confidence=min(r.confidence, _ALONE)) for r in alone]
    return tuple(sorted(out, key=lambda p: p.evidence))


def _unclear(found: Sequence[Verdict], limits: Limits, scores: Scores) -> tuple[Position, ...]:
    """What is sure enough, but not clear enough to be given."""
    out = [_position(v, scores) for v in found if v.sure >= limits.sure and not limits.allow(v)]
    return tuple(sorted(out, key=lambda p: p.evidence))


def distinct(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The surest first, none of which only says again what a surer one says under a longer or shorter name."""
    kept: list[Verdict] = []
    for verdict in sorted(verdicts, key=lambda v: -v.sure):
        own = verdict.pair
        if not any(
            _same(own.endorser, k.pair.endorser) and _same(own.endorsee, k.pair.endorsee) for k in kept
        ):
            kept.append(verdict)
    return kept


def _same(one: str, other: str) -> bool:
    return one == other or person_fits(one, other) or person_fits(other, one)


_CLUES = (
    "sentence: ",
    "endorser by ",
    "endorsee by ",
    "no end",
    "others",
    "says: ",
    "before: ",
    "after: ",
    "all: ",
    "any: ",
    "choice: ",
)
"""How the names begin of what is said beside the features of `knowing_features`."""


def _position(verdict: Verdict, scores: Scores) -> Position:
    pair = verdict.pair
    return replace(
        verdict.report,
        confidence=round(verdict.sure, 3),
        because=f"judge: a position here {scores.position[pair.number]:.2f}, {pair.stand} {scores.stand[pair.number].max():.2f}",
        clues=tuple((name, value) for name, value in verdict.said.items() if name.startswith(_CLUES)),
    )


_ALONE = 0.57
"""Of the 44 records that only rules read in the annotated articles, 25 are right, those of heavy patterns no more often."""


def _alone(rule: Position) -> bool:
    """Whether only rules read such: neutrality in a whole race, groups without a name, past contests."""
    return rule.endorsee == ANY_CANDIDATE or rule.endorser_kind is Kind.GROUP or rule.contest is Contest.PAST
