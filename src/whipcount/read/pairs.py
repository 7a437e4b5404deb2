"""From judged sentences to judged pairs: everything an article says of one endorser and one endorsee, together.

Entry: `gather(questions, scores, mentions, rules, text_length)`. The numbers of a pair are what the last
model, which gives the confidence, looks at; names are in none of them.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from whipcount.article import Contest, Kind, Mention, Position, Sourcing, Stand
from whipcount.read.candidates import Candidate, Questions

STANDS = tuple(Stand)
Floats = NDArray[np.float64]
KNOWN = len(Sourcing)
LEAST = 0.02
"""Pairs whose best sentence is less likely than this, and that no rule found, are let go."""
NUMBERS = (
    "best", "second", "any", "windows", "likely", "possible", "best_same_sentence", "rule", "rule_agrees", "rule_past",
    "endorser_mentions", "endorsee_mentions", "endorsee_rank", "endorser_rank", "endorsee_gets", "endorser_gets",
    "endorser_gives", "other_endorsee_here", "other_endorser_here", "turned", "organization", "past", "stand_sure",
    "stand", *(f"is_{s}" for s in STANDS), "title", "sentences", "same_sentence", "place", "pairs", "linear", "network",
    "network_second",
)  # fmt: skip
"""The names of a pair's numbers, in order: for training reports and `read --explain`."""


CHOICES = (
    "likely", "likely to the likeliest", "linear", "network", "evidence", "stand", "own words", "title",
    "first", "later ones", "both in it", "rule",
)  # fmt: skip
"""The names of what speaks for a sentence as the evidence of its pair."""


@dataclass(frozen=True, slots=True)
class Views:
    """What the encoder says of the candidates that it read, as probabilities."""

    classes: Floats
    """of none and the six positions (candidates, 7)"""
    past: Floats
    """of a past contest, if there is a position (candidates)"""
    sourcing: Floats
    """of how it is known, if there is one (candidates, 6)"""
    evidence: Floats
    """that a reader would take this sentence for the evidence, if the pair takes the position (candidates)"""

    @classmethod
    def blank(cls, count: int) -> Self:
        """Room for so many candidates."""
        return cls(
            np.zeros((count, 1 + len(STANDS))), np.zeros(count), np.zeros((count, KNOWN)), np.zeros(count)
        )

    def of(self, chosen: NDArray[np.intp] | NDArray[np.bool_]) -> Self:
        """Those of some candidates alone."""
        return type(self)(*(getattr(self, f.name)[chosen] for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Scores:
    """What the sentence model says of each candidate."""

    position: Floats
    """The probability that the endorser takes a position on the endorsee here (candidates)."""
    stand: Floats
    """If so, of each stand (candidates, 6)."""
    past: Floats
    """If so, of a past contest (candidates)."""
    linear: Floats
    """The linear model's own probability of a position (candidates)."""
    network: Floats
    """The encoder's; 0 where it was not asked (candidates)."""
    sourcing: Floats
    """The encoder's view of how it is known; 0 where it was not asked (candidates, 6)."""
    evidence: Floats
    """That a reader would take this sentence; 0 where the encoder was not asked (candidates)."""

    @classmethod
    def linear_only(cls, position: Floats, stand: Floats, past: Floats) -> Self:
        """Scores before the encoder was asked."""
        count = len(position)
        zero = np.zeros(count)
        return cls(position, stand, past, position, zero, np.zeros((count, KNOWN)), zero)


@dataclass(frozen=True, slots=True)
class Pair:
    """One endorser and one endorsee, with the sentence that says most and the numbers of the pair."""

    endorser: str
    kind: Kind
    endorsee: str
    stand: Stand
    best: Candidate
    """The likeliest to hold the position."""
    number: int
    """Which candidate `best` is."""
    past: float
    numbers: tuple[float, ...]
    members: tuple[int, ...]
    """All candidates of the pair, the likeliest first."""
    choices: Floats
    """What each of them has to be the evidence (members, `CHOICES`)."""


ASKED = 0.02
"""Candidates from this linear probability up are read by the encoder."""


def combine(linear: Scores, asked: NDArray[np.intp], views: Views, mix: Sequence[float]) -> Scores:
    """The linear model's scores and, for the candidates that it asked the encoder about, the encoder's."""
    classes = views.classes
    network = np.zeros(len(linear.position))
    network[asked] = 1 - classes[:, 0]
    position = linear.position * 0.1
    own = np.clip(linear.position[asked], 1e-4, 1 - 1e-4)
    other = np.clip(network[asked], 1e-4, 1 - 1e-4)
    position[asked] = sigmoid(
        mix[0] + mix[1] * np.log(own / (1 - own)) + mix[2] * np.log(other / (1 - other))
    )
    stand = linear.stand.copy()
    both = np.sqrt(
        np.maximum(stand[asked], 1e-6)
        * np.maximum(classes[:, 1:] / np.maximum(1e-6, 1 - classes[:, :1]), 1e-6)
    )
    stand[asked] = both / both.sum(1, keepdims=True)
    gone = linear.past.copy()
    gone[asked] = (gone[asked] + views.past) / 2
    sourcing, evidence = linear.sourcing.copy(), linear.evidence.copy()
    sourcing[asked], evidence[asked] = views.sourcing, views.evidence
    return Scores(position, stand, gone, linear.linear, network, sourcing, evidence)


def logit(p: float) -> float:
    """The log odds of a probability, held within 1 to 10,000 either way."""
    return math.log(max(p, 1e-4) / max(1 - p, 1e-4))


def sigmoid(odds: Floats) -> Floats:
    """The probabilities of log odds."""
    out: Floats = 1 / (1 + np.exp(-odds))
    return out


def gather(
    questions: Questions, scores: Scores, mentions: Sequence[Mention], rules: Sequence[Position], length: int
) -> list[Pair]:
    """The pairs worth a verdict, in the order in which the article first asks about them."""
    found = questions.candidates
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    here: dict[object, list[int]] = defaultdict(list)
    for i, c in enumerate(found):
        groups[c.endorser, c.endorsee].append(i)
        here[c.focus].append(i)
    likely = scores.position.tolist()
    best = {key: max(likely[i] for i in members) for key, members in groups.items()}
    gets: dict[str, float] = defaultdict(float)
    gives: dict[str, float] = defaultdict(float)
    for (one, two), p in best.items():
        gets[two] += p
        gives[one] += p
    count = Counter(m.name for m in mentions)
    people = Counter(m.name for m in mentions if m.kind in {Kind.PERSON, Kind.VOTER})
    rank = {name: n for n, (name, _) in enumerate(people.most_common())}
    current = {
        (r.endorser, r.endorsee): r
        for r in sorted(rules, key=lambda r: r.confidence)
        if r.contest is Contest.CURRENT
    }
    gone = {(r.endorser, r.endorsee) for r in rules if r.contest is Contest.PAST}
    out = []
    for (one, two), members in groups.items():
        if best[one, two] < LEAST and (one, two) not in current:
            continue
        order = sorted(members, key=lambda i: -likely[i])
        top = order[0]
        c = found[top]
        p = scores.position[order]
        stand = (scores.stand[order] * p[:, None]).sum(0) / max(1e-9, float(p.sum()))
        rule = current.get((one, two))
        mixed = 0.7 * stand
        if rule is not None:
            mixed[STANDS.index(rule.position)] += 0.3 * rule.confidence
        chosen = int(mixed.argmax())
        beside = [i for i in here[c.focus] if i != top]
        numbers = (
            logit(likely[top]),
            logit(likely[order[1]]) if len(order) > 1 else -7.0,
            logit(1 - math.prod(1 - likely[i] for i in order)),
            float(len(order)),
            float(sum(likely[i] > 0.5 for i in order)),
            float(sum(likely[i] > 0.2 for i in order)),
            max((logit(likely[i]) for i in order if found[i].focus == found[i].window), default=-7.0),
            rule.confidence if rule is not None else 0.0,
            float(rule is not None and STANDS.index(rule.position) == chosen),
            float((one, two) in gone),
            math.log1p(count[one]),
            math.log1p(count[two]),
            float(min(rank.get(two, 20), 20)),
            float(min(rank.get(one, 20), 20)),
            math.log(max(0.0, gets[two] - best[one, two]) + 0.05),
            math.log(gets[one] + 0.05),
            math.log(max(0.0, gives[one] - best[one, two]) + 0.05),
            logit(
                max(
                    (likely[i] for i in beside if found[i].endorser == one and found[i].endorsee != two),
                    default=0.0,
                )
            ),
            logit(
                max(
                    (likely[i] for i in beside if found[i].endorser != one and found[i].endorsee == two),
                    default=0.0,
                )
            ),
            logit(best.get((two, one), 0.0)),
            float(c.kind is Kind.ORGANIZATION),
            float(scores.past[top]),
            float(stand.max()),
            float(chosen),
            *(float(s) for s in stand),
            float(c.focus.start == 0),
            float(len(here)),
            float(c.focus == c.window),
            c.focus.start / max(1, length),
            float(len(groups)),
            max(logit(float(scores.linear[i])) for i in order),
            logit(float(scores.network[top])),
            max((logit(float(scores.network[i])) for i in order[1:]), default=-10.0),
        )
        choices = _choices(found, order, scores, chosen, rule)
        out.append(
            Pair(
                one,
                c.kind,
                two,
                STANDS[chosen],
                c,
                top,
                float(scores.past[top]),
                numbers,
                tuple(order),
                choices,
            )
        )
    return out


def _choices(
    found: Sequence[Candidate], order: Sequence[int], scores: Scores, stand: int, rule: Position | None
) -> Floats:
    """`Pair.choices` of the candidates of a pair."""
    likeliest = logit(float(scores.position[order[0]]))
    places = sorted(found[i].focus.start for i in order)
    rows = []
    for i in order:
        focus = found[i].focus
        place = places.index(focus.start)
        rows.append(
            (
                logit(float(scores.position[i])),
                logit(float(scores.position[i])) - likeliest,
                logit(float(scores.linear[i])),
                logit(float(scores.network[i])),
                logit(float(scores.evidence[i])) if scores.network[i] else 0.0,
                float(scores.stand[i, stand]),
                float(scores.sourcing[i, 0]),
                float(focus.start == 0),
                float(place == 0),
                math.log1p(place),
                float(focus == found[i].window),
                float(rule is not None and rule.evidence.overlaps(focus)),
            )
        )
    return np.asarray(rows)
