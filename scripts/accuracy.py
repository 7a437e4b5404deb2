"""Score the reader on the annotated articles and hold it to its pinned floors.

    python -m scripts.accuracy                 score, write docs/accuracy.md, fail below a floor
    python -m scripts.accuracy --raise-floors  pin the floors to what was reached (never lowers one)
    python -m scripts.accuracy --lower-floors  pin them even where they go down

The place of the annotated articles is WHIPCOUNT_SHARED (default: ../shared beside the project).
"""

import argparse
import contextlib
import importlib.util
import io
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from whipcount.article import Reading
from whipcount.learn.positions_data import labelled, polnear
from whipcount.publish.json import reading_json
from whipcount.read.reader import read_all

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("WHIPCOUNT_SHARED", ROOT.parent / "shared"))
FLOORS = ROOT / "tests" / "floors.json"
REPORT = ROOT / "docs" / "accuracy.md"
_SLACK = 0.005
"""A figure may fall short of its floor by so much before the gate fails: float noise between processors."""


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise SystemExit(
            f"no scorer at {path}: set WHIPCOUNT_SHARED to the folder with the annotated articles"
        )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _write(readings: Iterable[Reading], path: Path) -> tuple[int, float]:
    """Readings as JSON Lines; the number of words read and the seconds it took."""
    words, began = 0, time.perf_counter()
    with path.open("w", encoding="utf-8") as file:
        for reading in readings:
            words += len(reading.article.text.split())
            file.write(json.dumps(reading_json(reading)) + "\n")
    return words, time.perf_counter() - began


def _figures(printed: str) -> dict[str, float]:
    """The scorer's printed rows as numbers."""
    out: dict[str, float] = {}
    for line in printed.splitlines():
        if hit := re.match(r"(pair|polarity|record) +P ([\d.]+) +R ([\d.]+) +F1 ([\d.]+)", line):
            for key, value in zip(("P", "R", "F1"), hit.groups()[1:], strict=True):
                out[f"{hit[1]} {key}"] = float(value)
        elif hit := re.match(r"(sourcing|via|evidence|conditions) +([\d.]+)", line):
            out[hit[1]] = float(hit[2])
    return out


def score_positions(folder: str, path: Path) -> tuple[dict[str, float], str]:
    """Figures of `score_positions.py` for one annotated folder, and what it printed."""
    scorer = _module(SHARED / "annotation/score_positions.py")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        scorer.score(SHARED / "annotation" / folder, path)
    return _figures(printed.getvalue()), printed.getvalue()


def score_attributions(path: Path) -> dict[str, float]:
    """F1 of spans and relations on PolNeAR dev, in percent."""
    scorer = _module(SHARED / "attribution/score_attributions.py")
    predicted = {}
    with path.open(encoding="utf-8") as file:
        for line in file:
            item = json.loads(line)
            predicted[item["article"]["id"]] = item["attributions"]
    result: dict[str, Any] = scorer.score(scorer.load_gold(SHARED / "data/polnear/dev"), predicted)
    out = {f"span {role}": 100 * result["span"][role]["f1"] for role in ("source", "cue", "content")}
    out["content@.5"] = 100 * result["content@.5"]["f1"]
    out["relation"] = 100 * result["relation"]["f1"]
    return {key: round(value, 1) for key, value in out.items()}


SETS = ("positions", "positions-single")
"""The annotated folders."""


def measure(folders: Iterable[str] = SETS) -> tuple[dict[str, float], list[str]]:
    """Every figure under its name, and the report's sections."""
    figures: dict[str, float] = {}
    sections: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        annotated = labelled(SHARED, further=())
        for name in folders:
            path = Path(folder) / f"{name}.jsonl"
            words, seconds = _write(read_all(x.article for x in annotated if x.source == name), path)
            got, printed = score_positions(name, path)
            figures.update({f"{name}: {key}": value for key, value in got.items()})
            sections.append(
                f"## {name}\n\n{words:,} words in {seconds:.0f} s.\n\n```\n{printed.strip()}\n```\n"
            )
        path = Path(folder) / "dev.jsonl"
        names = sorted(p.stem for p in (SHARED / "data/polnear/dev/text").glob("*.txt"))
        _write(read_all(polnear(SHARED, names)), path)
        got = score_attributions(path)
        figures.update({f"attributions: {key}": value for key, value in got.items()})
        rows = "\n".join(f"| {key} | {value} |" for key, value in got.items())
        sections.append(f"## Attributions (PolNeAR dev, F1 in percent)\n\n| | |\n|---|---|\n{rows}\n")
    return figures, sections


def below(figures: dict[str, float]) -> list[str]:
    """Floors of the figures given that are not held, one line each."""
    floors: dict[str, float] = json.loads(FLOORS.read_text("utf-8"))
    return [
        f"{key}: {figures[key]:.3f} is below its floor of {floor:.3f}"
        for key, floor in floors.items()
        if key in figures and figures[key] < floor - (_SLACK * (100 if key.startswith("attributions") else 1))
    ]


def main() -> None:
    """Measure, report, hold to the floors."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--raise-floors", action="store_true")
    options.add_argument("--lower-floors", action="store_true")
    chosen = options.parse_args()
    if not SHARED.exists():
        raise SystemExit(f"no annotated articles at {SHARED}: set WHIPCOUNT_SHARED")
    figures, sections = measure()
    before = REPORT.read_text("utf-8") if REPORT.exists() else "# Accuracy\n"
    kept = before.split("<!-- measured -->")[0].rstrip()
    REPORT.write_text(kept + "\n\n<!-- measured -->\n" + "\n".join(sections), "utf-8")
    sys.stdout.write("\n".join(sections))
    if chosen.raise_floors or chosen.lower_floors:
        old = json.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}
        new = {k: v if chosen.lower_floors else max(v, old.get(k, 0)) for k, v in figures.items()}
        FLOORS.write_text(json.dumps(new, indent=1) + "\n", "utf-8")
    elif missed := below(figures):
        raise SystemExit("\n".join(missed))


if __name__ == "__main__":
    main()
