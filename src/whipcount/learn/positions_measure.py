"""How well judged pairs agree with the labels: the shared scorer's figures, a threshold, a calibration table.

Entries: `judged`, `evaluate`, `cross_validated`.
"""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from whipcount.article import Position, Reading
from whipcount.learn.names_match import same
from whipcount.learn.positions_data import Label
from whipcount.learn.positions_table import Prepared, Table
from whipcount.publish.json import reading_json
from whipcount.read.judge import Judge, Limits, Verdict, decide, distinct
from whipcount.read.knowing import Weights
from whipcount.read.pairs import STANDS, Pair, Scores, gather
from whipcount.read.parse import sentences
from whipcount.read.reports import Ground
from whipcount.read.whole import Surroundings, whole

SETS = ("positions", "positions-single")
"""The annotated sets that are scored, each apart."""


@dataclass(slots=True)
class Judged:
    """A pair of an article with what the labels say of it: 1 right, 0 wrong, -1 not scored."""

    article: int
    pair: Pair
    pair_right: int
    record_right: int


def judged(articles: Sequence[Prepared], t: Table, scores: Scores) -> list[Judged]:
    """Every pair of every article, by scores of all rows."""
    out = []
    for n, a in enumerate(articles):
        for pair in gather(
            a.questions, scores_of(scores, t, n), a.mentions, a.rules, len(a.item.article.text)
        ):
            same_pair = [x for x in a.item.labels if fits(x, pair)]
            count = [x for x in same_pair if x.counts]
            if same_pair and not count:
                out.append(Judged(n, pair, -1, -1))
            else:
                out.append(Judged(n, pair, int(bool(count)), int(any(x.stand is pair.stand for x in count))))
    return out


def scores_of(scores: Scores, t: Table, number: int) -> Scores:
    """Those of one article's candidates."""
    part = slice(int(t.first[number]), int(t.first[number + 1]))
    return Scores(*(getattr(scores, f.name)[part] for f in fields(scores)))


def fits(label: Label, pair: Pair | Position) -> bool:
    """Whether a label speaks of the same endorser and endorsee."""
    return same(label.endorser, pair.endorser, person=label.person) and same(
        label.endorsee, pair.endorsee, person=True
    )


Given = Mapping[int, Sequence[Verdict]]
"""The verdicts that stand for each article, the surest first."""


def standing(found: Sequence[Judged], verdicts: Sequence[Verdict]) -> dict[int, list[Verdict]]:
    """Of each article the verdicts that no surer one says already."""
    groups: dict[int, list[Verdict]] = defaultdict(list)
    for j, verdict in zip(found, verdicts, strict=True):
        groups[j.article].append(verdict)
    return {n: distinct(group) for n, group in groups.items()}


def given(stands: Given, limits: Limits) -> dict[int, list[Verdict]]:
    """The records that are given."""
    return {n: [v for v in group if limits.allow(v)] for n, group in stands.items()}


def tally(
    articles: Sequence[Prepared], stands: Given, source: str, without: int | None = None
) -> dict[str, float]:
    """What the shared scorer counts: pairs, records and polarities right, sourcing and evidence of right pairs.

    Of one set of articles, those of a fold left out.
    """
    side = dict(zip(STANDS, ("for", "for", "for", "open", "against", "against"), strict=True))
    hits = dict.fromkeys(("pair", "polarity", "record", "sourcing", "evidence"), 0)
    gold = predicted = 0
    for n, a in enumerate(articles):
        if a.item.source != source or a.fold == without:
            continue
        left = list(stands.get(n, ()))
        for label in sorted(a.item.labels, key=lambda x: not x.counts):
            found = [v for v in left if fits(label, v.pair)]
            found.sort(
                key=lambda v: (v.pair.stand is not label.stand, side[v.pair.stand] != side[label.stand])
            )
            if not label.counts:
                left = [v for v in left if v not in found]
                continue
            gold += 1
            if found:
                hit = found[0]
                left.remove(hit)
                predicted += 1
                hits["pair"] += 1
                hits["record"] += hit.pair.stand is label.stand
                hits["polarity"] += side[hit.pair.stand] == side[label.stand]
                hits["sourcing"] += hit.sourcing == label.sourcing
                hits["evidence"] += shared(
                    label.evidence.of(a.item.article.text), hit.report.evidence.of(a.item.article.text)
                )
        predicted += len(left)
    out: dict[str, float] = {"gold": gold, "predicted": predicted}
    for name in ("pair", "polarity", "record"):
        out[f"{name}_precision"] = round(hits[name] / max(1, predicted), 4)
        out[f"{name}_recall"] = round(hits[name] / max(1, gold), 4)
        out[f"{name}_f1"] = round(2 * hits[name] / max(1, predicted + gold), 4)
    for name in ("sourcing", "evidence"):
        out[name] = round(hits[name] / max(1, hits["pair"]), 4)
    return out


@cache
def shared(one: str, other: str) -> bool:
    """Whether two pieces of evidence are one to the shared scorer: half the words of the shorter."""
    a, b = (set(re.findall(r"\w+", text.lower())) for text in (one, other))
    return len(a & b) >= 0.5 * max(1, min(len(a), len(b)))


WANTED = {"sourcing": 0.87, "evidence": 0.945}
"""The shares of right pairs aimed at: a little above what a desk needs, as the choice is made on few records."""
_SHORT = 5.0
"""How much a share that falls short counts against F1."""
_SURE = 0.16
"""The confidence from which a record is given, if its evidence and its sourcing are clear."""
_CLEAR = tuple(round(0.1 * n, 1) for n in range(51))


def best_limits(articles: Sequence[Prepared], stands: Given, without: int | None = None) -> Limits:
    """From where on records are given: the best record F1 whose sourcing and evidence are as wanted, in both sets.

    The articles of a fold, if one is left out, have no say.
    """
    most = given(stands, Limits(_SURE, _CLEAR[0]))

    def value(limits: Limits) -> float:
        out = 0.0
        for source in SETS:
            figures = tally(articles, given(most, limits), source, without)
            short = sum(max(0.0, least - figures[name]) for name, least in WANTED.items())
            out += figures["record_f1"] - _SHORT * short
        return out

    return max((Limits(_SURE, least) for least in _CLEAR), key=value)


def evaluate(
    articles: Sequence[Prepared], found: Sequence[Judged], verdicts: Sequence[Verdict], limits: Limits
) -> dict[str, Any]:
    """The figures of both annotated sets, by the judge alone."""
    stands = given(standing(found, verdicts), limits)
    sure = [v.sure for v in verdicts]
    return {
        source: {
            **tally(articles, stands, source),
            "calibration": calibration(articles, found, sure, source),
        }
        for source in SETS
    }


def ground_of(a: Prepared) -> Ground:
    """An article as the judge stands on it."""
    return Ground(a.item.article, sentences(a.doc), a.questions, a.mentions, a.rules)


def cross_validated(a: Prepared, scores: Scores, judge: Judge, table: Weights) -> Reading:
    """An article as the reader gives it, by models that did not see it."""
    article, told = a.item.article, a.questions.attributions
    stands = decide(judge, ground_of(a), scores, table)
    around = Surroundings(article, a.doc, sentences(a.doc), a.mentions, told, a.rules)
    return Reading(article, a.mentions, told, whole(stands, around, table))


def write_readings(articles: Sequence[Prepared], readings: Sequence[Reading], out: Path) -> None:
    """The cross-validated readings of both annotated sets as JSON Lines, for the shared scorer."""
    for source in SETS:
        with (out / f"predicted-{source}.jsonl").open("w", encoding="utf-8") as file:
            for a, reading in zip(articles, readings, strict=True):
                if a.item.source == source:
                    file.write(json.dumps(reading_json(reading)) + "\n")


def calibration(
    articles: Sequence[Prepared], found: Sequence[Judged], sure: Sequence[float], source: str
) -> list[dict[str, float]]:
    """How many of the records of each confidence are right."""
    held = [
        (s, j.record_right)
        for s, j in zip(sure, found, strict=True)
        if j.record_right >= 0 and articles[j.article].item.source == source
    ]
    rows = []
    for low, high in ((0.0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.01)):
        inside = [(s, r) for s, r in held if low <= s < high]
        mean = sum(s for s, _ in inside) / max(1, len(inside))
        rows.append(
            {
                "from": low,
                "records": len(inside),
                "confidence": round(mean, 3),
                "right": round(sum(r for _, r in inside) / max(1, len(inside)), 3),
            }
        )
    return rows
