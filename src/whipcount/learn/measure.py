"""F1 of attributions against annotated ones: spans of each role, and whole relations."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from whipcount.article import Attribution
from whipcount.learn.corpus import Annotated, Parts
from whipcount.read.decode import ROLES

TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass
class Tally:
    """Hits, predicted and gold: summed over articles."""

    hit: int = 0
    predicted: int = 0
    gold: int = 0

    def add(self, hit: int, predicted: int, gold: int) -> None:
        """Count one article."""
        self.hit += hit
        self.predicted += predicted
        self.gold += gold

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, in percent."""
        return 200 * self.hit / max(1, self.predicted + self.gold)


@dataclass
class Score:
    """What the training prints of an epoch."""

    spans: dict[str, Tally] = field(default_factory=lambda: {role: Tally() for role in ROLES})
    matched: Tally = field(default_factory=Tally)
    relation: Tally = field(default_factory=Tally)

    def figures(self) -> dict[str, float]:
        """F1 in percent by name."""
        named = {**self.spans, "content@.5": self.matched, "relation": self.relation}
        return {name: round(tally.f1, 2) for name, tally in named.items()}


def score(articles: Iterable[tuple[str, Sequence[Annotated], Sequence[Attribution]]]) -> Score:
    """Score (text, annotated, predicted) of each article.

    A span counts if it equals a gold one but for edge punctuation. A relation counts if its
    content shares at least half of the joint tokens and source and cue each share one.
    """
    out = Score()
    for text, annotated, predicted in articles:
        found = [Annotated(a.source, a.cue, a.content) for a in predicted]
        for role, name in enumerate(ROLES):
            gold = {part for a in annotated for part in trimmed(text, a[role])}
            ours = {part for a in found for part in trimmed(text, a[role])}
            out.spans[name].add(len(gold & ours), len(ours), len(gold))
        _relations(text, annotated, found, out)
    return out


def trimmed(text: str, spans: Parts) -> Parts:
    """Spans joined where only white space parts them, their edges freed of signs and white space."""
    out: list[tuple[int, int]] = []
    for first, last in sorted((s, e) for s, e in spans):
        start, end = first, last
        while start < end and not text[start].isalnum():
            start += 1
        while end > start and not text[end - 1].isalnum():
            end -= 1
        if end <= start:
            continue
        if out and not text[out[-1][1] : start].strip():
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return tuple(out)


def _relations(text: str, annotated: Sequence[Annotated], found: Sequence[Annotated], out: Score) -> None:
    index = [-1] * len(text)
    for number, token in enumerate(TOKEN.finditer(text)):
        index[token.start() : token.end()] = [number] * (token.end() - token.start())

    def tokens(spans: Parts) -> set[int]:
        return {index[i] for s, e in spans for i in range(s, min(e, len(text))) if index[i] >= 0}

    gold = [tuple(tokens(part) for part in a) for a in annotated if a.content]
    ours = [tuple(tokens(part) for part in a) for a in found if a.content]
    alike = []
    for i, a in enumerate(gold):
        for j, b in enumerate(ours):
            common = len(a[2] & b[2])
            if common and 2 * common >= len(a[2] | b[2]):
                alike.append((-common / len(a[2] | b[2]), not a[0] & b[0], not a[1] & b[1], i, j))
    match: dict[int, int] = {}
    for *_, i, j in sorted(alike):
        if i not in match and j not in match.values():
            match[i] = j
    whole = sum(all(not gold[i][r] or gold[i][r] & ours[j][r] for r in (0, 1)) for i, j in match.items())
    out.matched.add(len(match), len(ours), len(gold))
    out.relation.add(whole, len(ours), len(gold))
