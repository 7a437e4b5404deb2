"""Reading speed: words a second through the whole reader, and as a ratio to the bare NLP pipeline.

    python -m benchmarks.reading [--rounds N]

Both read the same articles in turn (A B A B …) in one process, so that the ratio holds when the
machine's speed drifts. The articles are the examples and, where it is there, a sample of WHIPCOUNT_SHARED.
"""

import argparse
import gzip
import itertools
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from whipcount.article import Article
from whipcount.gather import gather
from whipcount.read.attribution import attribute_all
from whipcount.read.parse import language, readable
from whipcount.read.reader import read_all

ROOT = Path(__file__).resolve().parent.parent


def articles() -> list[Article]:
    """The example articles, and 100 records where the shared data is there."""
    out = [a for a in gather([str(ROOT / "examples")]) if isinstance(a, Article)]
    shared = Path(os.environ.get("WHIPCOUNT_SHARED", ROOT.parent / "shared")) / "data/articles/2014.jsonl.gz"
    if shared.exists():
        with gzip.open(shared, "rt", encoding="utf-8") as file:
            records = [json.loads(line) for line in itertools.islice(file, 100)]
        out += [Article(r["id"], f"{r['title']}\n\n{r['text']}", title=r["title"]) for r in records]
    return out


def main() -> None:
    """Time the bare pipeline, attributions alone, the reader, and the reader behind the gate."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    batch = articles()
    words = sum(len(a.text.split()) for a in batch)
    ways: dict[str, Callable[[], object]] = {
        "bare spaCy pipeline": lambda: list(language().pipe((readable(a) for a in batch), batch_size=16)),
        "attributions alone": lambda: attribute_all([readable(a) for a in batch]),
        "reader": lambda: list(read_all(batch)),
        "reader behind the gate": lambda: list(read_all(batch, gate=True)),
    }
    for way in ways.values():  # load the models before the clock runs
        way()
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(chosen.rounds):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - began)
    bare = times["bare spaCy pipeline"]
    sys.stdout.write(
        f"{len(batch)} articles, {words:,} words, spaCy {version('spacy')}, onnxruntime {version('onnxruntime')}\n"
    )
    for name, took in times.items():
        ratio = statistics.median(t / b for t, b in zip(took, bare, strict=True))
        sys.stdout.write(
            f"{name:<24}{words / statistics.median(took):>9,.0f} words/s   {ratio:5.2f} times the bare pipeline's time\n"
        )


if __name__ == "__main__":
    main()
