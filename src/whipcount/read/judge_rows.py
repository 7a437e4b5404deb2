"""A candidate as the judge's encoder takes it: names gone, roles told.

Every mention of the endorser and of the endorsee is marked in the input, and every name becomes one of a
few stand-ins, so that no name can be learnt and who is who is given, not guessed.

Entry: `rows(questions, text, tokenizer)`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from whipcount.article import Kind, Span
from whipcount.read.candidates import Candidate, Mark, Questions
from whipcount.read.tokens import Ints, Tokens, tokenize

ROLES = 6
"""context, focus, endorser in the focus, endorsee in the focus, endorser beside it, endorsee beside it"""
LIMIT = 126
"""Word pieces of a window, the marks of its edges not counted."""
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
    for candidate in questions.candidates:
        low, high = _range(tokens, candidate.window)
        first, last = np.searchsorted(begins, [low, high])
        yield _row(candidate, tokens, low, high, pieces[first:last], words)


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
) -> Row:
    focus_low, focus_high = _range(tokens, candidate.focus)
    ids: list[int] = []
    case: list[int] = []
    quote: list[int] = []
    role: list[int] = []
    at = low

    def copy(stop: int, part: int) -> None:
        for i in range(at, stop):
            ids.append(int(tokens.ids[i]))
            case.append(int(tokens.case[i]))
            quote.append(int(tokens.quote[i]))
            role.append(_role(part, focus_low <= i < focus_high))

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
        at = piece.high
    copy(high, 0)
    return finish(ids, case, quote, role)


def _role(part: int, inside: bool) -> int:
    if part == 0:
        return int(inside)
    return part + 1 if inside else part + 3


def finish(ids: list[int], case: list[int], quote: list[int], role: list[int]) -> Row:
    """Cut to the limit around the two who are asked about, and set the edges."""
    if len(ids) > LIMIT:
        places = [i for i, r in enumerate(role) if r >= 2] or [0]
        middle = (places[0] + places[-1]) // 2
        begin = max(0, min(middle - LIMIT // 2, len(ids) - LIMIT))
        ids, case, quote, role = (x[begin : begin + LIMIT] for x in (ids, case, quote, role))
    return Row(
        np.asarray([CLS, *ids, SEP], dtype=np.int64),
        np.asarray([0, *case, 0], dtype=np.int64),
        np.asarray([0, *quote, 0], dtype=np.int64),
        np.asarray([0, *role, 0], dtype=np.int64),
    )


def collate(batch: Sequence[Row]) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Rows padded to one length: ids, mask, case, quote, role, each (rows, pieces)."""
    length = max(len(row) for row in batch)
    out: NDArray[np.int64] = np.zeros((5, len(batch), length), dtype=np.int64)
    for n, row in enumerate(batch):
        size = len(row)
        for k, values in enumerate((row.ids, None, row.case, row.quote, row.role)):
            out[k, n, :size] = 1 if values is None else values
    return out[0], out[1], out[2], out[3], out[4]
