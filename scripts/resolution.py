"""How often a name of a member of Congress or a president goes to the right id, on annotated articles.

    python -m scripts.resolution          score
    python -m scripts.resolution --list   and name what is wrong or missed

The names are labelled in src/whipcount/learn/data/resolution.jsonl (see the README beside it). The articles and the
files of congress-legislators are those of WHIPCOUNT_SHARED (default: ../shared beside the project).
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from whipcount.learn.positions_data import labelled
from whipcount.people import normal_name
from whipcount.people.congress import congress
from whipcount.people.identity import Outcome, Resolution
from whipcount.people.outlets import outlet_entries
from whipcount.people.registry import Entry, Registry
from whipcount.people.resolve import Resolver
from whipcount.read import read_all

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("WHIPCOUNT_SHARED", ROOT.parent / "shared"))
GOLD = ROOT / "src" / "whipcount" / "learn" / "data" / "resolution.jsonl"
PRECISION, RECALL = 0.98, 0.90
"""What is asked for."""
NOBODY = "none"
_FILES = ("legislators-current.yaml", "executive.yaml")


@dataclass(frozen=True, slots=True)
class Item:
    """A name as an article has it, and whose it is: another's id of him or her, or `none`."""

    article: str
    name: str
    id: str
    part: str
    """`looked`: looked at while the rules were made; `held`: not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an item."""

    item: Item
    meant: Entry | None
    """Whom the label names."""
    resolution: Resolution | None
    """None where the reader has no such name."""

    @property
    def taken(self) -> str | None:
        """The id of the entry that it was resolved to."""
        return (
            self.resolution.identity.id
            if self.resolution and self.resolution.outcome is Outcome.RESOLVED
            else None
        )

    @property
    def right(self) -> bool:
        """Whether it went to whom the label names."""
        return self.taken is not None and self.meant is not None and self.taken == self.meant.id


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one part."""

    named: int
    taken: int
    right: int
    unsure: int

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> "Score":
        """The counts of some answers."""
        return cls(
            sum(one.meant is not None for one in answers),
            sum(one.taken is not None for one in answers),
            sum(one.right for one in answers),
            sum(
                one.resolution is not None
                and one.resolution.outcome is Outcome.UNSURE
                and one.meant is not None
                for one in answers
            ),
        )

    @property
    def precision(self) -> float:
        """Of those resolved, the share that is right."""
        return self.right / self.taken if self.taken else 1.0

    @property
    def recall(self) -> float:
        """Of the members and presidents named, the share that is resolved rightly."""
        return self.right / self.named if self.named else 1.0


def registry(shared: Path = SHARED) -> Registry:
    """Members of Congress and presidents, and the outlets."""
    entries: list[Entry] = []
    for name in _FILES:
        with (shared / "data" / "congress" / name).open("rb") as file:
            entries += congress(file)
    return Registry.of(entries).joined(outlet_entries())


def gold() -> list[Item]:
    """The labelled names."""
    lines = GOLD.read_text(encoding="utf-8").splitlines()
    return [Item(**json.loads(line)) for line in lines]


def answers(items: Iterable[Item], shared: Path = SHARED) -> list[Answer]:
    """Read the articles and ask for each name, as `whipcount add` does."""
    wanted: dict[str, list[Item]] = {}
    for item in items:
        wanted.setdefault(item.article, []).append(item)
    known = registry(shared)
    resolver = Resolver(known)
    articles = (one.article for one in labelled(shared, further=()) if one.article.id in wanted)
    found: list[Answer] = []
    for reading in read_all(articles):
        kinds = {normal_name(one.name): (one.name, one.kind) for one in reading.mentions}
        for item in wanted[reading.article.id]:
            name, kind = kinds.get(normal_name(item.name), (None, None))
            answer = resolver(name, kind, reading) if name else None
            found.append(Answer(item, _meant(known, item.id), answer))
    return found


def _meant(known: Registry, key: str) -> Entry | None:
    if key == NOBODY:
        return None
    schemes = ("bioguide", "wikidata", "govtrack")
    found = next((one for scheme in schemes if (one := known.external(scheme, key))), None)
    if found is None:
        raise SystemExit(f"a label names {key}, whom the registry does not have")
    return found


def _line(title: str, score: Score) -> str:
    return (
        f"{title:<28} {score.named:>6} {score.taken:>9} {score.right:>6} {score.precision:>10.3f} "
        f"{score.recall:>7.3f} {score.unsure:>7}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Score, print, and fail below what is asked for."""
    options = argparse.ArgumentParser(description="Score whom names resolve to.")
    options.add_argument("--list", action="store_true", help="name what is wrong or missed")
    given = options.parse_args(arguments)
    if not (SHARED / "data" / "congress").is_dir() or not (SHARED / "annotation").is_dir():
        print(f"skipped: no annotated articles at {SHARED}; set WHIPCOUNT_SHARED", file=sys.stderr)  # noqa: T201
        return 0
    found = answers(gold())
    whole = Score.of(found)
    presidents = [one for one in found if one.meant and any(t.office == "president" for t in one.meant.terms)]
    people = {one.meant.id for one in found if one.meant}
    lines = [
        f"{'':<28} {'named':>6} {'resolved':>9} {'right':>6} {'precision':>10} {'recall':>7} {'unsure':>7}",
        _line("all", whole),
        _line("not looked at before", Score.of([one for one in found if one.item.part == "held"])),
        _line("presidents", Score.of(presidents)),
        _line("members alone", Score.of([one for one in found if one.meant and one not in presidents])),
        _line("nobody of the registry", Score.of([one for one in found if one.meant is None])),
        f"{len(found)} names in {len({one.item.article for one in found})} articles, {len(people)} people meant",
    ]
    print("\n".join(lines))  # noqa: T201
    if given.list:
        for one in found:
            if (one.meant is not None or one.taken is not None) and not one.right:
                who = one.meant.name if one.meant else NOBODY
                why = one.resolution.why if one.resolution else "no such name was read"
                print(f"{one.item.article}: {one.item.name} is {who}, taken for {one.taken}: {why}")  # noqa: T201
    return int(whole.precision < PRECISION or whole.recall < RECALL)


if __name__ == "__main__":
    raise SystemExit(main())
