"""How well judged pairs agree with the labels: the shared scorer's figures, a threshold, a calibration table.

Entries: `judged`, `evaluate`, `cross_validated`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from whipcount.article import Position, Reading
from whipcount.learn.names_match import same
from whipcount.learn.positions_data import Label
from whipcount.learn.positions_table import Prepared, Table
from whipcount.publish.json import reading_json
from whipcount.read.judge import Judge, decide, distinct
from whipcount.read.knowing import Weights
from whipcount.read.pairs import STANDS, Floats, Pair, Scores, gather
from whipcount.read.parse import sentences
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


def records(
    articles: Sequence[Prepared], found: Sequence[Judged], sure: Floats, least: float
) -> dict[int, list[tuple[float, Pair]]]:
    """The records given for each article from a confidence up."""
    groups: dict[int, list[tuple[float, Pair]]] = {n: [] for n in range(len(articles))}
    for j, s in zip(found, sure.tolist(), strict=True):
        if s >= least:
            groups[j.article].append((s, j.pair))
    return {n: distinct(group) for n, group in groups.items()}


def tally(
    articles: Sequence[Prepared], given: dict[int, list[tuple[float, Pair]]], source: str
) -> dict[str, float]:
    """Pairs, records and polarities right, as the shared scorer counts them."""
    side = dict(zip(STANDS, ("for", "for", "for", "open", "against", "against"), strict=True))
    gold = predicted = pairs = rights = sides = 0
    for n, a in enumerate(articles):
        if a.item.source != source:
            continue
        left = [p for _, p in given[n]]
        for label in sorted(a.item.labels, key=lambda x: not x.counts):
            found = [p for p in left if fits(label, p)]
            found.sort(key=lambda p: (p.stand is not label.stand, side[p.stand] != side[label.stand]))
            if not label.counts:
                left = [p for p in left if p not in found]
                continue
            gold += 1
            if found:
                left.remove(found[0])
                predicted += 1
                pairs += 1
                rights += found[0].stand is label.stand
                sides += side[found[0].stand] == side[label.stand]
        predicted += len(left)
    out: dict[str, float] = {"gold": gold, "predicted": predicted}
    for name, hits in (("pair", pairs), ("polarity", sides), ("record", rights)):
        out[f"{name}_precision"] = round(hits / max(1, predicted), 4)
        out[f"{name}_recall"] = round(hits / max(1, gold), 4)
        out[f"{name}_f1"] = round(2 * hits / max(1, predicted + gold), 4)
    return out


def best_threshold(articles: Sequence[Prepared], found: Sequence[Judged], sure: Floats) -> float:
    """The confidence from which records are given: the best record F1 over both sets together."""
    steps: list[float] = [round(0.1 + 0.02 * n, 2) for n in range(20)]
    most = records(articles, found, sure, steps[0])

    def value(least: float) -> float:
        given = {n: [v for v in group if v[0] >= least] for n, group in most.items()}
        return sum(tally(articles, given, s)["record_f1"] for s in SETS)

    return max(steps, key=value)


def evaluate(
    articles: Sequence[Prepared], found: Sequence[Judged], sure: Floats, shown: float
) -> dict[str, Any]:
    """The figures of both annotated sets, by the judge alone."""
    given = records(articles, found, sure, shown)
    return {
        source: {
            **tally(articles, given, source),
            "calibration": calibration(articles, found, sure, source),
        }
        for source in SETS
    }


def cross_validated(a: Prepared, scores: Scores, judge: Judge, table: Weights) -> Reading:
    """An article as the reader gives it, by models that did not see it."""
    article, told = a.item.article, a.questions.attributions
    stands = decide(judge, a.questions, scores, a.mentions, a.rules, len(article.text))
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
    articles: Sequence[Prepared], found: Sequence[Judged], sure: Floats, source: str
) -> list[dict[str, float]]:
    """How many of the records of each confidence are right."""
    held = [
        (s, j.record_right)
        for s, j in zip(sure.tolist(), found, strict=True)
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
