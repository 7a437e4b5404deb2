"""Hold the example articles to the answers written beside them.

    python -m scripts.examples           check the answers against the texts, and print what the reader gets right
    python -m scripts.examples --write   also write what the program reads now to examples/.read/, for reviews

The answers (NAME.gold.json) are written by people who read the article, never from the program's output.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whipcount.article import Article, Reading
from whipcount.gather.gather import gather
from whipcount.publish.json import reading_json
from whipcount.read.reader import read

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
READ = EXAMPLES / ".read"
"""Hidden, so that a folder of articles stays one: what is in it is output."""


@dataclass(frozen=True, slots=True)
class Example:
    """An article beside what a careful reader finds in it."""

    article: Article
    gold: dict[str, Any]


def examples() -> Iterator[Example]:
    """All of them in the order of their names."""
    for key in sorted(EXAMPLES.glob("*.gold.json")):
        answers: dict[str, Any] = json.loads(key.read_text("utf-8"))
        stem = key.name.removesuffix(".gold.json")
        source = next(
            EXAMPLES / f"{stem}{end}"
            for end in (".html", ".txt", ".jsonl")
            if (EXAMPLES / f"{stem}{end}").exists()
        )
        for item in gather([str(source)]):
            if not isinstance(item, Article):
                raise SystemExit(f"{source}: {item}")
            yield Example(item, answers[item.id] if source.suffix == ".jsonl" else answers)


def problems(example: Example) -> list[str]:
    """Answers that are no exact part of the text, one line each.

    Debris of a page may be cut from its text; what is left of it must be there word for word.
    """
    text, gold = example.article.text, example.gold
    said = [(p, "evidence", p["evidence"]) for p in gold["positions"]]
    said += [(p, "condition", words) for p in gold["positions"] for words in p["conditions"]]
    out = [
        f"{example.article.id}: {p['endorser']}: {role} not in the text: {words}"
        for p, role, words in said
        if words not in text
    ]
    out += [
        f"{example.article.id}: key point not in the text: {w}"
        for w in gold["article"]["key_points"]
        if w not in text
    ]
    out += [
        f"{example.article.id}: {p['endorser']}: {role} not in the text: {p[role]}"
        for p in gold["positions"]
        for role in ("endorser", "endorsee")
        if p[role] not in text and p[role] not in (example.article.outlet, "any candidate")
    ]
    return out


@dataclass
class Score:
    """Counts over all examples; rates by `figures`."""

    gold: int = 0
    predicted: int = 0
    pairs: int = 0
    records: int = 0
    sourcing: int = 0
    via: int = 0
    conditions_gold: int = 0
    conditions: int = 0
    debris_gold: int = 0
    debris: int = 0

    def figures(self) -> dict[str, float]:
        """Precision and recall of pairs and records; shares of the right pairs whose knowing is right too."""
        return {
            "pair recall": self.pairs / max(1, self.gold),
            "pair precision": self.pairs / max(1, self.predicted),
            "record recall": self.records / max(1, self.gold),
            "record precision": self.records / max(1, self.predicted),
            "sourcing": self.sourcing / max(1, self.pairs),
            "via": self.via / max(1, self.pairs),
            "condition recall": self.conditions / max(1, self.conditions_gold),
            "debris recall": self.debris / max(1, self.debris_gold),
        }


def _words(name: str) -> list[str]:
    return [w for w in re.findall(r"\w+", name.lower()) if w != "the"]


def same(one: str, other: str) -> bool:
    """Whether two names are forms of one: the words of the shorter are all in the longer."""
    a, b = set(_words(one)), set(_words(other))
    return bool(a and b) and (a <= b or b <= a)


def aside(position: dict[str, Any]) -> bool:
    """Records that count neither way, as in the accuracy report: voters, nameless groups, past contests, nobody."""
    return (
        position["endorser_kind"] in ("voter", "group")
        or position["contest"] == "past"
        or position["endorsee"] == "any candidate"
    )


def score(readings: Iterable[tuple[Example, Reading]]) -> tuple[Score, list[str]]:
    """The counts, and one line for each record that is missed, false or wrong."""
    total, lines = Score(), []
    for example, reading in readings:
        lines += _debris(total, example)
        left = reading_json(reading)["positions"]
        for gold in sorted(example.gold["positions"], key=aside):
            fits = [
                p
                for p in left
                if same(p["endorser"], gold["endorser"]) and same(p["endorsee"], gold["endorsee"])
            ]
            fits.sort(key=lambda p: bool(p["position"] != gold["position"]))
            where = f"{example.article.id}: {gold['endorser']} / {gold['endorsee']}"
            if fits:
                left.remove(fits[0])
            if aside(gold):
                continue
            total.gold += 1
            total.conditions_gold += len(gold["conditions"])
            if not fits:
                lines.append(f"missed {where}: {gold['position']}")
                continue
            _count(total, gold, fits[0])
            if fits[0]["position"] != gold["position"]:
                lines.append(f"wrong  {where}: {gold['position']}, not {fits[0]['position']}")
        false = [p for p in left if not aside(p)]
        total.predicted += len(false)
        lines += [
            f"false  {example.article.id}: {p['endorser']} / {p['endorsee']}: {p['position']}" for p in false
        ]
    return total, lines


def _debris(total: Score, example: Example) -> list[str]:
    """What is left of a page's debris in the text must be marked; what is cut needs no mark."""
    marked = [span.of(example.article.text) for span in example.article.debris]
    wanted: list[str] = example.gold["article"]["debris"]
    out = [w for w in wanted if w in example.article.text and not any(w in m or m in w for m in marked)]
    total.debris_gold += len(wanted)
    total.debris += len(wanted) - len(out)
    return [f"debris {example.article.id}: {words}" for words in out]


def _count(total: Score, gold: dict[str, Any], found: dict[str, Any]) -> None:
    """A right pair, and what else of it is right."""
    total.predicted += 1
    total.pairs += 1
    total.records += found["position"] == gold["position"]
    total.sourcing += found["sourcing"] == gold["sourcing"]
    total.via += _words(found["via"] or "") == _words(gold["via"] or "")
    total.conditions += sum(
        any(set(_words(words)) <= set(_words(c["exact"])) or words in c["exact"] for c in found["conditions"])
        for words in gold["conditions"]
    )


def main() -> None:
    """Check, read, compare."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--write", action="store_true")
    chosen = options.parse_args()
    found = list(examples())
    wrong = [line for example in found for line in problems(example)]
    readings = [(example, read(example.article)) for example in found]
    total, lines = score(readings)
    if chosen.write:
        READ.mkdir(exist_ok=True)
        for example, reading in readings:
            shown = json.dumps(reading_json(reading, explain=True), indent=1, ensure_ascii=False)
            (READ / f"{example.article.id}.json").write_text(shown + "\n", "utf-8")
    figures = (f"{name:<18}{value:.3f}" for name, value in total.figures().items())
    sys.stdout.write("\n".join([*lines, f"gold {total.gold}  predicted {total.predicted}", *figures]) + "\n")
    if wrong:
        raise SystemExit("\n".join(wrong))


if __name__ == "__main__":
    main()
