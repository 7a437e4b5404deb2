"""The sentences of a pair as reports of its position: named numbers, in which nobody's name occurs.

Entries: `reports(pair, ground, scores)` for each sentence, `together(rows, shares)` for all of them.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from whipcount.article import Article, Contest, Mention, Position, Sourcing, Span
from whipcount.read.candidates import Candidate, Questions
from whipcount.read.knowing_features import features
from whipcount.read.pairs import CHOICES, STANDS, Floats, Pair, Scores, logit

_WORDS = {
    "endorse": r"endors",
    "vote": r"\bvot(?:e|es|ed|ing)\b|\bballot",
    "back": r"\bback(?:s|ed|ing|ers?)?\b",
    "support": r"support",
    "campaign": r"campaign|stump|rall(?:y|ied)",
    "nominate": r"nomin",
    "refuse": r"refus|never|won.t|will not|oppos|unfit|reject",
    "hold out": r"neutral|not ready|declin|yet to|undecided|has not|hasn.t",
    "expect": r"expected|plans? to|will endorse|poised|set to",
    "president": r"president",
    "say": r"\b(?:said|says|told|wrote|tweeted|announced|declared|added|called|saying)\b",
    "but": r"^\W*(?:but|and|although|while|despite|after|even|since|though|earlier|previously|still|meanwhile|other|unlike|like)\b",
    "then": r"\b(?:earlier|previously|last (?:week|month|year)|ago|once|already|had (?:endorsed|backed|supported))\b",
}
_SAYS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _WORDS.items()}
_QUOTATION = re.compile('[“"][^”"]*[”"]?')
_OF_ALL = (
    "own touches", "own holds cue", "own quoted", "first person", "own holds most", "says: say", "occasion",
    "relative", "apposed", "headline",
)  # fmt: skip
"""What is also asked of all sentences of a pair together."""


@dataclass(frozen=True)
class Ground:
    """An article as the judge stands on it."""

    article: Article
    lines: tuple[Span, ...]
    """Its sentences."""
    questions: Questions
    mentions: Sequence[Mention]
    rules: Sequence[Position]

    @cached_property
    def starts(self) -> list[int]:
        """Where the sentences begin."""
        return [line.start for line in self.lines]

    @cached_property
    def marked(self) -> list[int]:
        """Where the marks begin."""
        return [mark.span.start for mark in self.questions.marks]

    @cached_property
    def reported(self) -> dict[tuple[str, str], Position]:
        """The surest rule's word on each pair."""
        surest = sorted(self.rules, key=lambda r: r.confidence)
        return {(r.endorser, r.endorsee): r for r in surest if r.contest is Contest.CURRENT}


def report_of(pair: Pair, at: int, ground: Ground, scores: Scores) -> Position:
    """A pair's position as one of its candidates reports it."""
    focus = ground.questions.candidates[at].focus
    rule = ground.reported.get((pair.endorser, pair.endorsee))
    cue = rule.cue if rule is not None and rule.cue is not None and rule.cue.overlaps(focus) else None
    leaning = tuple(scores.sourcing[at].tolist()) if scores.network[at] > 0 else ()
    return Position(
        pair.endorser, pair.kind, pair.endorsee, pair.stand, Sourcing.NARRATION, focus, cue=cue, leaning=leaning
    )  # fmt: skip


def reports(pair: Pair, ground: Ground, scores: Scores) -> list[dict[str, float]]:
    """What is to be said of each sentence of a pair, in the order of its members."""
    candidates = ground.questions.candidates
    places = {candidates[i].focus.start: i for i in pair.members}
    out = []
    for at, choices in zip(pair.members, pair.choices.tolist(), strict=True):
        candidate = candidates[at]
        row = features(
            report_of(pair, at, ground, scores), ground.article.text, len(ground.article.title),
            ground.mentions, ground.questions.attributions,
        )  # fmt: skip
        row |= {f"sentence: {name}": value for name, value in zip(CHOICES, choices, strict=True)}
        row |= _persons(candidate, ground)
        row |= _wording(candidate.focus, ground.article.text)
        row["sentence: stand sure"] = float(scores.stand[at].max())
        row["sentence: same stand"] = float(STANDS[int(scores.stand[at].argmax())] is pair.stand)
        row["sentence: past"] = float(scores.past[at])
        row |= _neighbours(candidate.focus, ground, scores, places)
        out.append(row)
    return out


def _persons(candidate: Candidate, ground: Ground) -> dict[str, float]:
    """How the two are called in the sentence, and how many others are."""
    focus = candidate.focus
    here = ground.questions.marks[
        bisect_left(ground.marked, focus.start) : bisect_left(ground.marked, focus.end)
    ]
    out: dict[str, float] = {}
    for name, role in ((candidate.endorser, "endorser"), (candidate.endorsee, "endorsee")):
        forms = {mark.form for mark in here if mark.name == name}
        out |= {f"{role} by {form}": 1.0 for form in sorted(forms)}
        out[f"no {role}"] = float(not forms)
    out["others"] = float(len({mark.name for mark in here} - {candidate.endorser, candidate.endorsee}))
    return out


def _wording(focus: Span, text: str) -> dict[str, float]:
    said = focus.of(text)
    out = {f"says: {name}": 1.0 for name, pattern in _SAYS.items() if pattern.search(said)}
    out["sentence: words"] = math.log1p(len(said.split()))
    out["sentence: place"] = focus.start / max(1, len(text))
    out["sentence: quoted share"] = sum(len(q) for q in _QUOTATION.findall(said)) / max(1, len(said))
    return out


def _neighbours(focus: Span, ground: Ground, scores: Scores, places: Mapping[int, int]) -> dict[str, float]:
    """How far down the sentence stands, and what the sentences beside it have of the pair."""
    number = bisect_left(ground.starts, focus.start)
    out = {"sentence: number": math.log1p(number)}
    for step, name in ((-1, "before"), (1, "after")):
        n = number + step
        at = places.get(ground.starts[n]) if 0 <= n < len(ground.starts) else None
        out[f"{name}: likely"] = -8.0 if at is None else logit(float(scores.position[at]))
        read = at is not None and scores.network[at] > 0
        out[f"{name}: evidence"] = logit(float(scores.evidence[at])) if read else -3.0
    return out


def shares(rows: Sequence[Mapping[str, float]], choice: Mapping[str, float]) -> Floats:
    """How likely each sentence of a pair is the one that a reader would take, by the weights of what speaks for it."""
    pull = np.asarray([sum(choice.get(name, 0.0) * value for name, value in row.items()) for row in rows])
    likely = np.exp(pull - pull.max())
    out: Floats = likely / likely.sum()
    return out


def together(rows: Sequence[Mapping[str, float]], share: Floats) -> dict[str, float]:
    """What all sentences of a pair say together, each weighed by its share, and how clear the choice is."""
    weight = share / share.max()
    out = {}
    for sourcing in Sourcing:
        logs = np.asarray([row.get(f"encoder {sourcing}", math.nan) for row in rows])
        read = ~np.isnan(logs)
        known, own = np.exp(logs[read]), share[read]
        out[f"all: encoder {sourcing}"] = (
            float((known * own).sum() / max(1e-9, own.sum())) if len(own) else 1 / 6
        )
        out[f"any: encoder {sourcing}"] = float((known * weight[read]).max()) if len(own) else 0.0
    for name in _OF_ALL:
        values = np.asarray([row.get(name, 0.0) for row in rows])
        out[f"any: {name}"] = float((values * weight).max())
        out[f"all: {name}"] = float((values * share).sum())
    first, *others = sorted(share.tolist(), reverse=True)
    second = others[0] if others else 0.0
    out["choice: share"], out["choice: next"] = first, second
    out["choice: clear"] = math.log(first + 1e-6) - math.log(second + 1e-3)
    out["choice: sentences"] = math.log(len(rows))
    return out
