"""Labelled articles for the judge of positions: where they come from, how they are split, what a row's label is."""

import csv
import datetime as dt
import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from whipcount.article import ANY_CANDIDATE, Article, Contest, Sourcing, Span, Stand
from whipcount.learn.names_match import same
from whipcount.read.candidates import Candidate

STANDS = tuple(Stand)
_SOURCINGS = tuple(str(s) for s in Sourcing)
NONE = 0
"""The class of a pair that takes no position here; `1 + STANDS.index(stand)` are the others."""
LEFT_OUT = -1
"""A row that the labels say nothing sure of."""


@dataclass(frozen=True, slots=True)
class Label:
    """One annotated position, its evidence as a span."""

    endorser: str
    person: bool
    endorsee: str
    stand: Stand
    past: bool
    evidence: Span
    counts: bool
    """False for voters, groups, past contests and "any candidate", which are scored neither way."""
    sourcing: str = ""
    """How the article knows, as annotated."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article with its annotated positions; `source` is `positions`, `positions-single` or `further`."""

    source: str
    article: Article
    labels: tuple[Label, ...]


def _evidence(value: Any, text: str) -> Span:
    """An exact substring, or the two offsets of one."""
    if isinstance(value, list):
        return Span(*value)
    exact = value["exact"] if isinstance(value, dict) else value
    start = text.find(exact)
    return Span(start, start + len(exact)) if start >= 0 else Span(0, 0)


def _label(item: Mapping[str, Any], text: str) -> Label:
    kind, past = item["endorser_kind"], item["contest"] == Contest.PAST
    anybody = item["endorsee"].lower().startswith(ANY_CANDIDATE)
    return Label(
        item["endorser"],
        kind in {"person", "voter"},
        item["endorsee"],
        Stand(item["position"]),
        past,
        _evidence(item["evidence"], text),
        not (kind in {"voter", "group"} or past or anybody),
        item["sourcing"],
    )


def corpus_records(shared: Path) -> dict[str, dict[str, Any]]:
    """The articles of the corpus by id."""
    out = {}
    for path in sorted((shared / "data" / "articles").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                record = json.loads(line)
                out[record["id"]] = record
    return out


def _from_record(record: Mapping[str, Any]) -> Article:
    published = dt.date.fromisoformat(record["published"][:10]) if record["published"] else None
    return Article(
        record["id"],
        f"{record['title']}\n\n{record['text']}",
        record["title"],
        record["outlet"],
        published=published,
    )


def polnear(shared: Path, names: Iterable[str]) -> Iterator[Article]:
    """Articles of PolNeAR by name, with outlet and date from its table."""
    with (shared / "data" / "polnear" / "metadata.tsv").open(encoding="utf-8", newline="") as file:
        facts = {row["article"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    for name in names:
        place = next((shared / "data" / "polnear").glob(f"*/text/{name}.txt"))
        with place.open(encoding="utf-8", newline="") as file:
            text = file.read()
        title = text.split("\n")[0].strip()
        day = dt.date.fromisoformat(facts[name]["published"])
        yield Article(name, text, title if len(title) < 200 else "", facts[name]["publisher"], published=day)


FURTHER = Path(__file__).parent / "data" / "positions.jsonl"
"""Stand-off labels of further articles, made for training: see the README beside them."""


def labelled(shared: Path, further: Iterable[Path] = (FURTHER,)) -> list[Labelled]:
    """All annotated articles of the shared data, and those of further files of stand-off labels."""
    out = []
    items = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((shared / "annotation" / "positions").glob("*.json"))
    }
    for article in polnear(shared, items):
        labels = tuple(_label(p, article.text) for p in items[article.id]["positions"])
        out.append(Labelled("positions", article, labels))
    records = corpus_records(shared)
    for path in sorted((shared / "annotation" / "positions-single").glob("*.json")):
        item = json.loads(path.read_text(encoding="utf-8"))
        article = _from_record(records[item["article"]])
        out.append(
            Labelled("positions-single", article, tuple(_label(p, article.text) for p in item["positions"]))
        )
    known = {x.article.id for x in out}
    for path in sorted(further):
        for line in path.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            if item["article"] in known:
                continue
            known.add(item["article"])
            article = _from_record(records[item["article"]])
            out.append(
                Labelled("further", article, tuple(_label(p, article.text) for p in item["positions"]))
            )
    return out


SPLIT = Path(__file__).parent / "data" / "split.json"


def folds_of(items: Iterable[Labelled]) -> dict[str, int]:
    """A fold for each article: the written one for the annotated ones, by the id's digest for the further ones."""
    written = json.loads(SPLIT.read_text(encoding="utf-8"))
    known: dict[str, int] = written["articles"]
    folds: int = written["folds"]
    return {
        item.article.id: known[item.article.id]
        if item.source != "further"
        else crc32(item.article.id.encode()) % folds
        for item in items
    }


def split(items: Iterable[Labelled], folds: int, seed: int = 0) -> dict[str, int]:
    """A fold for each annotated article, stratified by set and outlet: how the written split was made."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for item in items:
        if item.source != "further":
            groups[item.source, item.article.outlet or ""].append(item.article.id)
    chance = random.Random(seed)
    out: dict[str, int] = {}
    turn = 0
    for key in sorted(groups):
        names = sorted(groups[key])
        chance.shuffle(names)
        for name in names:
            out[name] = turn % folds
            turn += 1
    return out


class RowLabel(NamedTuple):
    """What the labels say of a candidate; -1 where a question means nothing."""

    stand: int
    past: int = -1
    """0 or 1"""
    sourcing: int = -1
    """its place in `Sourcing`"""
    evidence: int = -1
    """1: a reader took this sentence for the evidence; 0: he took another one of the same pair"""


def row_label(candidate: Candidate, labels: Sequence[Label]) -> RowLabel:
    """What the labels say of a candidate."""
    found = RowLabel(LEFT_OUT - 1)
    for label in sorted(labels, key=lambda x: not x.counts):
        inside = candidate.focus.overlaps(label.evidence)
        if not same(label.endorser, candidate.endorser, person=label.person):
            continue
        if label.endorsee.lower().startswith(ANY_CANDIDATE):
            if inside:
                found = max(found, RowLabel(LEFT_OUT))
            continue
        if not same(label.endorsee, candidate.endorsee, person=True):
            continue
        if inside and found.stand < 1:
            sourcing = _SOURCINGS.index(label.sourcing) if label.sourcing else -1
            found = RowLabel(1 + STANDS.index(label.stand), int(label.past), sourcing, 1)
        else:
            found = max(found, RowLabel(LEFT_OUT, evidence=0))
    return RowLabel(NONE) if found.stand < LEFT_OUT else found
