"""A candidate as the judge's encoder takes it: names gone, roles told, and who says each word.

Every mention of the endorser and of the endorsee is marked in the input, and every name becomes one of a
few stand-ins, so that no name can be learnt and who is who is given, not guessed. What an attribution holds
is marked by whose statement it is.

Entry: `rows(questions, text, tokenizer)`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from whipcount.article import Attribution, Kind, Sourcing, Span
from whipcount.read.candidates import Candidate, Mark, Questions
from whipcount.read.tokens import Ints, Tokens, tokenize

ROLES = 6
"""context, focus, endorser in the focus, endorsee in the focus, endorser beside it, endorsee beside it"""
LIMIT = 126
"""Word pieces of a window, the marks of its edges not counted."""
BEFORE, AFTER = 16, 24
"""Pieces of the text around a window that are read with it."""
SAID = 7
"""whose statement: nobody's, the endorser's, his spokesperson's, the endorsee's, another's, an unnamed source's, an outlet's"""
CLS, SEP = 101, 102
_STAND_INS = {
    (Kind.PERSON, 0): "johnson",
    (Kind.PERSON, 1): "smith",
    (Kind.PERSON, 2): "jones",
    (Kind.ORGANIZATION, 0): "company",
    (Kind.ORGANIZATION, 1): "organization",
    (Kind.ORGANIZATION, 2): "measure",
}
"""Common words that the encoder knows the grammar of; any name becomes one of them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One encoded candidate; all arrays have one entry a piece, edges included."""

    ids: Ints
    case: Ints
    quote: Ints
    role: Ints
    said: Ints

    def __len__(self) -> int:
        return len(self.ids)


def stand_ins(tokenizer: Tokenizer) -> dict[tuple[Kind, int], int]:
    """The vocabulary's numbers of the words that names become, by kind and role (0 other, 1 endorser, 2 endorsee)."""
    out = {}
    for key, word in _STAND_INS.items():
        number = tokenizer.token_to_id(word)
        if number is None:
            raise ValueError(f"the vocabulary lacks {word!r}")
        out[key] = number
    return out


@dataclass(frozen=True, slots=True)
class _Piece:
    """A mark with the pieces that it covers."""

    mark: Mark
    low: int
    high: int


def rows(questions: Questions, text: str, tokenizer: Tokenizer) -> Iterator[Row]:
    """The rows of all candidates, in their order."""
    if not questions.candidates:
        return
    tokens = tokenize(text, tokenizer)
    words = stand_ins(tokenizer)
    lows = np.searchsorted(tokens.start, [m.span.start for m in questions.marks])
    highs = np.searchsorted(tokens.start, [m.span.end for m in questions.marks])
    pieces = [
        _Piece(mark, low, high)
        for mark, low, high in zip(questions.marks, lows.tolist(), highs.tolist(), strict=True)
        if high > low
    ]
    begins = [p.low for p in pieces]
    statements = _statements(tokens, questions.attributions)
    for candidate in questions.candidates:
        low, high = _range(tokens, candidate.window)
        low, high = max(0, low - BEFORE), min(len(tokens), high + AFTER)
        first, last = np.searchsorted(begins, [low, high])
        if first and pieces[first - 1].high > low:
            low = pieces[first - 1].high  # half a name would be one
        if last > first and pieces[last - 1].high > high:
            last -= 1
            high = pieces[last].low
        own = pieces[first:last]
        told = np.asarray([0, *(whose(a, candidate) for a in questions.attributions)])
        yield _row(candidate, tokens, low, high, own, words, told[statements[low:high] + 1].tolist())


def _statements(tokens: Tokens, attributions: Sequence[Attribution]) -> Ints:
    """Which attribution's content each piece stands in, the shortest where several hold it; -1: none."""
    out: Ints = np.full(len(tokens), -1, dtype=np.int64)
    parts = [(part, n) for n, a in enumerate(attributions) for part in a.content]
    for part, n in sorted(parts, key=lambda x: x[0].start - x[0].end):
        low, high = _range(tokens, part)
        out[low:high] = n
    return out


_SOURCES = {Sourcing.UNNAMED_SOURCE: 5, Sourcing.OUTLET: 6}


def whose(attribution: Attribution, candidate: Candidate) -> int:
    """A number of `SAID` for an attribution, as the pair of a candidate sees it."""
    if attribution.speaker == candidate.endorser:
        return 2 if attribution.sourcing is Sourcing.SPOKESPERSON else 1
    if attribution.speaker == candidate.endorsee:
        return 3
    return _SOURCES.get(attribution.sourcing, 4)


def _range(tokens: Tokens, span: Span) -> tuple[int, int]:
    low, high = np.searchsorted(tokens.start, [span.start, span.end])
    return int(low), int(high)


def _row(
    candidate: Candidate,
    tokens: Tokens,
    low: int,
    high: int,
    pieces: Sequence[_Piece],
    words: dict[tuple[Kind, int], int],
    told: list[int],
) -> Row:
    focus_low, focus_high = _range(tokens, candidate.focus)
    ids: list[int] = []
    case: list[int] = []
    quote: list[int] = []
    role: list[int] = []
    said: list[int] = []
    at = low

    def copy(stop: int, part: int) -> None:
        for i in range(at, stop):
            ids.append(int(tokens.ids[i]))
            case.append(int(tokens.case[i]))
            quote.append(int(tokens.quote[i]))
            role.append(_role(part, focus_low <= i < focus_high))
            said.append(told[i - low])

    for piece in pieces:
        copy(piece.low, 0)
        at = piece.low
        mark = piece.mark
        part = 1 if mark.name == candidate.endorser else 2 if mark.name == candidate.endorsee else 0
        if mark.form in {"pronoun", "first", "nominee"}:
            copy(piece.high, part)
        else:
            kind = Kind.ORGANIZATION if mark.kind is Kind.ORGANIZATION else Kind.PERSON
            ids.append(words[kind, part])
            case.append(2)
            quote.append(int(tokens.quote[piece.low]))
            role.append(_role(part, focus_low <= piece.low < focus_high))
            said.append(told[piece.low - low])
        at = piece.high
    copy(high, 0)
    return finish(ids, case, quote, role, said)


def _role(part: int, inside: bool) -> int:
    if part == 0:
        return int(inside)
    return part + 1 if inside else part + 3


def finish(ids: list[int], case: list[int], quote: list[int], role: list[int], said: list[int]) -> Row:
    """Cut to the limit around the focus, and set the edges."""
    parts = (ids, case, quote, role, said)
    if len(ids) > LIMIT:
        places = [i for i, r in enumerate(role) if r in {2, 3}] or [i for i, r in enumerate(role) if r] or [0]
        middle = (places[0] + places[-1]) // 2
        begin = max(0, min(middle - LIMIT // 2, len(ids) - LIMIT))
        parts = (ids[begin : begin + LIMIT], case[begin : begin + LIMIT], quote[begin : begin + LIMIT],
                 role[begin : begin + LIMIT], said[begin : begin + LIMIT])  # fmt: skip
    own = [np.asarray([CLS, *parts[0], SEP], dtype=np.int64)]
    own += [np.asarray([0, *part, 0], dtype=np.int64) for part in parts[1:]]
    return Row(*own)


def collate(batch: Sequence[Row]) -> tuple[Ints, ...]:
    """Rows padded to one length: ids, mask, case, quote, role, said, each (rows, pieces)."""
    length = max(len(row) for row in batch)
    out: NDArray[np.int64] = np.zeros((6, len(batch), length), dtype=np.int64)
    for n, row in enumerate(batch):
        size = len(row)
        for k, values in enumerate((row.ids, None, row.case, row.quote, row.role, row.said)):
            out[k, n, :size] = 1 if values is None else values
    return tuple(out)
