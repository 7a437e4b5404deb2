"""What an article says around a pair: how each of the two is described anywhere, and what the next sentences speak of.

Entry: `Around(doc, items, candidates)` and its `features(candidate)`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile

from spacy.tokens import Doc

from whipcount.read.candidates import Candidate
from whipcount.read.judge_items import Item
from whipcount.read.parse import sentences

_SPEAKS_OF = re.compile(
    r"endors|backe?[drs]|back\b|support|\bvot|campaign|stump|neutral|undecid|unfit|oppos|nomin|refus|declin|\bnot\b|yet\b|"
    r"will\b|withdr|rescind|never|against|disavow"
)
_TITLES = frozenset({"sen.", "rep.", "gov.", "mayor", "president"})
_ENOUGH = 30
"""How many mentions of a name are looked at."""
_STOPS = frozenset({".", "!", "?", ";", "”", '"'})
_OPENS = {",": ">", "(": ">", "-": ">", "—": ">", "–": ">", "'s": "s>", "’s": "s>"}
"""What may join a description to the name before it, and the mark of a feature that comes of it."""


class Around:
    """An article's words on each name, and on what its sentences are."""

    def __init__(self, doc: Doc, items: Sequence[Item], candidates: Sequence[Candidate]) -> None:
        self._described = _described(items)
        lines = sentences(doc)
        self._number = {line.start: n for n, line in enumerate(lines)}
        text = doc.text
        self._spoken = [tuple(set(_SPEAKS_OF.findall(line.of(text).lower()))) for line in lines]
        places: dict[tuple[str, str], set[int]] = defaultdict(set)
        for c in candidates:
            places[c.endorser, c.endorsee].add(c.focus.start)
        self._places = {pair: sorted(starts) for pair, starts in places.items()}

    def features(self, candidate: Candidate) -> Iterator[str]:
        """How the two are described, what the sentences beside speak of, how often the article asks about the pair."""
        for role, name in (("d1", candidate.endorser), ("d2", candidate.endorsee)):
            for word in self._described.get(name, ()):
                yield role + word
        number = self._number.get(candidate.focus.start)
        if number is not None:
            for beside, role in ((number - 1, "p"), (number + 1, "q")):
                if 0 <= beside < len(self._spoken):
                    for stem in self._spoken[beside]:
                        yield f"{role}s:{stem}"
        places = self._places[candidate.endorser, candidate.endorsee]
        yield f"both{min(6, len(places))}"
        yield f"nth{min(4, places.index(candidate.focus.start))}"


def _described(items: Sequence[Item]) -> dict[str, set[str]]:
    """The nouns, titles and adjectives before each name, and those after it in an apposition or as its possession."""
    out: dict[str, set[str]] = defaultdict(set)
    seen: Counter[str] = Counter()
    for at, item in enumerate(items):
        mark = item.mark
        if mark is None:
            continue
        seen[mark.name] += 1
        if seen[mark.name] <= _ENOUGH and mark.form not in {"pronoun", "first"}:
            out[mark.name].update(_before(items, at))
            out[mark.name].update(_after(items, at))
    return out


def _before(items: Sequence[Item], at: int) -> Iterator[str]:
    for item in takewhile(
        lambda i: i.mark is None and i.word not in _STOPS, reversed(items[max(0, at - 4) : at])
    ):
        if item.token.pos_ in {"NOUN", "PROPN", "ADJ"} or item.word in _TITLES:
            yield f"<{item.word}"


def _after(items: Sequence[Item], at: int) -> Iterator[str]:
    opening = _OPENS.get(items[at + 1].word) if at + 1 < len(items) else None
    if opening is None:
        return
    for item in items[at + 2 : at + 8]:
        if item.mark is not None or item.word in _STOPS or item.word == ")":
            return
        if item.token.pos_ in {"NOUN", "ADJ", "PROPN"}:
            yield opening + item.word
