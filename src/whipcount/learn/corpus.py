"""PolNeAR's articles as training examples: tags of words, and which span belongs to which."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tokenizers import Tokenizer

from whipcount.read.decode import ROLES, Pairs, Spans, Words, pairs, words_of
from whipcount.read.tokens import Ints, Tokens, tokenize

LINE = re.compile(r"^([TE]\d+)\t(.*)$", re.MULTILINE)
Parts = tuple[tuple[int, int], ...]


class Annotated(NamedTuple):
    """One attribution as annotated: code points, in parts."""

    source: Parts
    cue: Parts
    content: Parts


class Links(NamedTuple):
    """Dependents, their candidate heads with features, and the right candidate (-1: none)."""

    dependents: Spans
    heads: Spans
    pairs: Pairs
    target: Ints


@dataclass(frozen=True, slots=True)
class Example:
    """One article with all that training needs."""

    name: str
    text: str
    tokens: Tokens
    words: Words
    tags: Ints
    content_cue: Links
    cue_source: Links
    attributions: tuple[Annotated, ...]


def parse(annotations: str) -> tuple[Annotated, ...]:
    """The attributions of a stand-off file."""
    spans: dict[str, Parts] = {}
    out = []
    for line in LINE.finditer(annotations):
        if line[1][0] == "T":
            places = line[2].split("\t")[0].split(" ", 1)[1].split(";")
            spans[line[1]] = tuple((int(a), int(b)) for a, b in (place.split() for place in places))
            continue
        found: dict[str, list[tuple[int, int]]] = {role: [] for role in ROLES}
        for argument in line[2].split():
            name, reference = argument.split(":")
            role = re.sub(r"\d+$", "", name).lower()
            if role in found and reference in spans:
                found[role].extend(spans[reference])
        out.append(Annotated(*(tuple(sorted(found[role])) for role in ROLES)))
    return tuple(out)


def read_split(folder: Path) -> list[tuple[str, str, tuple[Annotated, ...]]]:
    """Name, text and attributions of each article; of several annotators the first by name counts."""
    files = sorted((folder / "attributions").glob("*.ann"))
    out = []
    for path in sorted((folder / "text").glob("*.txt")):
        own = [f for f in files if re.fullmatch(re.escape(path.stem) + r"_[^_]{4}\.ann", f.name)]
        if own:
            out.append((path.stem, _read(path), parse(_read(own[0]))))
    return out


def _read(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def example(name: str, text: str, attributions: Sequence[Annotated], tokenizer: Tokenizer) -> Example:
    """An article tokenised, its annotations turned to words."""
    tokens = tokenize(text, tokenizer)
    words = words_of(tokens)
    tags = np.zeros(len(words.piece), dtype=np.int64)
    spans: list[list[tuple[int, int]]] = [[], [], []]
    placed = []
    for attribution in attributions:
        own: list[list[tuple[int, int]]] = []
        for role, parts in enumerate(attribution):
            kept = [
                s
                for s in _to_words(text, words, parts)
                if s in spans[role] or not tags[s[0] : s[1] + 1].any()
            ]
            for first, last in kept:
                begin = 1 + 4 * role
                tags[first : last + 1] = begin + 1
                tags[first], tags[last] = begin, begin + 2
                if first == last:
                    tags[first] = begin + 3
                if (first, last) not in spans[role]:
                    spans[role].append((first, last))
            own.append(kept)
        placed.append(own)
    ordered = [Spans(*np.asarray(sorted(s), dtype=np.int64).reshape(-1, 2).T) for s in spans]
    number = [{s: i for i, s in enumerate(sorted(group))} for group in spans]
    cue_of, source_of = np.full(len(spans[2]), -1), np.full(len(spans[1]), -1)
    for source, cue, content in placed:
        if cue:
            for part in content:
                cue_of[number[2][part]] = number[1][cue[0]]
            if source:
                source_of[number[1][cue[0]]] = number[0][source[0]]
    return Example(
        name,
        text,
        tokens,
        words,
        tags,
        _links(words, ordered, 2, 1, cue_of),
        _links(words, ordered, 1, 0, source_of),
        tuple(attributions),
    )


def _to_words(text: str, words: Words, parts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The words of each part; parts that only white space divides are one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(parts):
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    out = []
    for start, end in joined:
        first = int(np.searchsorted(words.end, start, side="right"))
        last = int(np.searchsorted(words.start, end)) - 1
        if last >= first:
            out.append((first, last))
    return out


def _links(words: Words, roles: Sequence[Spans], dependent: int, head: int, gold: Ints) -> Links:
    found = pairs(words, roles[dependent], roles[head], roles)
    right = (found.heads == gold[:, None]) & (gold[:, None] >= 0)
    target = np.where(right.any(1), right.argmax(1), -1) if len(gold) else gold
    target = np.where(
        (gold >= 0) & (target < 0), -2, target
    )  # -2: there is one, but not among the candidates
    return Links(roles[dependent], roles[head], found, target)


def load(folder: Path, tokenizer: Tokenizer) -> list[Example]:
    """A split of the corpus."""
    return [example(*article, tokenizer) for article in read_split(folder)]
