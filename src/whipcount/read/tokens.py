"""Text as the encoder takes it: word pieces with offsets, casing, quotation state and windows."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Ints = NDArray[np.int64]

MARKS = re.compile("[\"“”„‟«»＂〝〞]|``|''")
CLOSING = frozenset("”»〞")
OPENING = frozenset("“„«〝")
SENTENCE_END = frozenset(".!?")
CASES = 6
"""special, lower, Capitalized, UPPER, miXed, no letters"""
NO_LETTERS = 5
QUOTES = 4
"""outside, inside, opening mark, closing mark"""
PLACES = 3
"""within a paragraph, its first word, the first word of the text"""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The word pieces of one text; all arrays have one entry a piece."""

    ids: Ints
    start: Ints
    end: Ints
    first: NDArray[np.bool_]
    """Whether the piece begins a word."""
    case: Ints
    quote: Ints
    place: Ints
    paragraph: Ints

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces `start` to `end` are read together; what is said of `core_start` to `core_end` counts."""

    start: int
    end: int
    core_start: int
    core_end: int


def tokenize(text: str, tokenizer: Tokenizer) -> Tokens:
    """Cut `text` into word pieces with all that the encoder is told of them."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    count = len(encoding.ids)
    offsets = np.asarray(encoding.offsets, dtype=np.int64).reshape(count, 2)
    start, end = offsets[:, 0], offsets[:, 1]
    words = np.asarray(encoding.word_ids, dtype=np.int64).reshape(count)
    first = np.ones(count, dtype=np.bool_)
    first[1:] = words[1:] != words[:-1]
    breaks = np.asarray([m.start() for m in re.finditer("\n", text)], dtype=np.int64)
    paragraph = np.searchsorted(breaks, start)
    place = np.zeros(count, dtype=np.int64)
    place[1:] = paragraph[1:] != paragraph[:-1]
    place[:1] = 2
    return Tokens(
        ids=np.asarray(encoding.ids, dtype=np.int64),
        start=start,
        end=end,
        first=first,
        case=_cases(text, start, end, first),
        quote=_quotes(text, start),
        place=place,
        paragraph=paragraph,
    )


def _cases(text: str, start: Ints, end: Ints, first: NDArray[np.bool_]) -> Ints:
    """The casing of each piece's whole word."""
    heads = np.flatnonzero(first)
    if not len(heads):
        return np.zeros(0, dtype=np.int64)
    tails = np.append(heads[1:], len(start)) - 1
    known: dict[str, int] = {}
    out = []
    for s, e in zip(start[heads].tolist(), end[tails].tolist(), strict=True):
        word = text[s:e]
        case = known.get(word)
        if case is None:
            case = known[word] = _case(word)
        out.append(case)
    return np.repeat(np.asarray(out, dtype=np.int64), tails - heads + 1)


def _case(word: str) -> int:
    if word.islower():
        return 1
    if word.isupper():
        return 3 if len(word) > 1 else 2
    if word[:1].isupper() and (word[1:].islower() or not word[1:]):
        return 2
    return 4 if any(c.isalpha() for c in word) else NO_LETTERS


def _quotes(text: str, start: Ints) -> Ints:
    """Whether each piece lies inside quotation marks; paragraphs begin outside, and reopen with a mark."""
    states: list[tuple[int, int, int]] = []  # (offset of a mark, what the mark is, state after it)
    inside, last = False, 0
    for mark in MARKS.finditer(text):
        at, sign = mark.start(), mark[0]
        if text.find("\n", last, at) >= 0:
            inside = False
        last = at
        before, after = text[at - 1 : at], text[mark.end() : mark.end() + 1]
        starts = not before or before.isspace() or before in "([—–-"
        opens = sign in OPENING or (
            sign not in CLOSING
            and (sign == "``" or (not inside) or (starts and not (not after or after.isspace())))
        )
        inside = opens
        states.append((at, 2 if opens else 3, int(opens)))
    out = np.zeros(len(start), dtype=np.int64)
    if not states:
        return out
    offsets = [s[0] for s in states]
    breaks = [m.start() for m in re.finditer("\n", text)]
    for number, (at, kind, after_state) in enumerate(states):
        stop = offsets[number + 1] if number + 1 < len(states) else len(text)
        line = bisect_left(breaks, at)
        stop = min(stop, breaks[line] if line < len(breaks) else len(text))
        lo, hi = np.searchsorted(start, [at, stop])
        if after_state:
            out[lo:hi] = 1
        sign = lo
        width = 2 if text[at] in "`'" else 1
        while sign < len(start) and start[sign] < at + width:
            out[sign] = kind
            sign += 1
    return out


def cut(tokens: Tokens, start: int, end: int) -> Tokens:
    """The pieces from `start` to `end`; offsets stay those of the whole text."""
    return Tokens(*(getattr(tokens, name)[start:end] for name in Tokens.__dataclass_fields__))


def windows(tokens: Tokens, text: str, size: int = 254, context: int = 32) -> list[Window]:
    """Whole paragraphs packed up to `size` pieces; a longer paragraph is cut at sentences, with context."""
    count = len(tokens)
    starts = [*np.flatnonzero(tokens.place).tolist(), count]
    out: list[Window] = []
    begin = 0
    for here, after in pairwise(starts):
        if after - begin <= size:
            continue
        if begin < here:
            out.append(Window(begin, here, begin, here))
        begin = here
        if after - here > size:
            out.extend(_cut(tokens, text, (here, after), size, context))
            begin = after
    if begin < count:
        out.append(Window(begin, count, begin, count))
    return out


def _cut(tokens: Tokens, text: str, paragraph: tuple[int, int], size: int, context: int) -> list[Window]:
    """One long paragraph: cores that end with a sentence or a word, each with context on both sides."""
    out = []
    here, stop = paragraph
    core = size - 2 * context
    begin = here
    while begin < stop:
        end = min(begin + core, stop)
        if end < stop:
            low = begin + core // 2
            ends = [
                i for i in range(low + 1, end + 1) if tokens.first[i] and _ends_sentence(text, tokens, i)
            ] or [i for i in range(low + 1, end + 1) if tokens.first[i]]
            end = ends[-1] if ends else end
        left = max(here, begin - context)
        out.append(Window(left, min(stop, left + size, end + context), begin, end))
        begin = end
    return out


def _ends_sentence(text: str, tokens: Tokens, i: int) -> bool:
    """Whether a sentence may end before piece `i`."""
    tail = text[max(0, int(tokens.end[i - 1]) - 2) : int(tokens.end[i - 1])]
    return bool(tail) and (tail[-1] in SENTENCE_END or (tail[-1] in "\"”'’" and tail[0] in SENTENCE_END))
