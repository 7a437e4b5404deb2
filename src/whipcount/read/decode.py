"""From tag scores to spans, and from spans to who belongs with whom.

Tags mark the begin, inside, end and singles of sources, cues and contents; the best legal
sequence of a paragraph is found exactly. A content part is then tied to one cue and a cue
to at most one source, by scorers over pairs of spans.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from whipcount.read.tokens import Ints, Tokens

Floats = NDArray[np.float32]

ROLES = ("source", "cue", "content")
LABELS = ("O", *(f"{place}-{role}" for role in ROLES for place in "BIES"))
"""The tags: label 1 + 4 x role + place, places in the order begin, inside, end, single."""
CANDIDATES = 4
"""How many heads on each side of a span are considered."""
PAIR_FEATURES = 64
DISTANCES = np.asarray([0, 1, 2, 3, 4, 6, 9, 13, 21, 36, 61])
FAR_BELOW = np.float32(-1e4)
STOPS = (1012, 999, 1029)
"""The vocabulary's `.`, `!` and `?`."""


class Words(NamedTuple):
    """The words of a text: one entry a word, all arrays alike long."""

    piece: Ints
    """The first piece of each word."""
    start: Ints
    end: Ints
    paragraph: Ints
    sentence: Ints
    quoted: Ints


class Spans(NamedTuple):
    """Spans of one role in order of place: first and last word, inclusive."""

    first: Ints
    last: Ints


@dataclass(frozen=True, slots=True)
class Pairs:
    """For each dependent span its candidate heads (-1: none) and the features of each pair."""

    heads: Ints
    features: Floats


def words_of(tokens: Tokens) -> Words:
    """The word view of a text's pieces."""
    piece = np.flatnonzero(tokens.first)
    last = np.append(piece[1:], len(tokens)) - 1 if len(piece) else piece
    stop = np.isin(tokens.ids[piece], STOPS)
    begins = (tokens.case[piece] > 1) | (tokens.quote[piece] == 2)
    ends = np.zeros(len(piece), dtype=np.int64)
    if len(piece):
        ends[1:] = stop[:-1] & begins[1:]
        ends |= tokens.place[piece] > 0
    return Words(
        piece,
        tokens.start[piece],
        tokens.end[last],
        tokens.paragraph[piece],
        np.cumsum(ends),
        (tokens.quote[piece] > 0).astype(np.int64),
    )


def _legal() -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Which tag may follow which, which may come first, and which last."""
    n = len(LABELS)
    opens = np.asarray([tag[0] in "BI" for tag in LABELS])
    goes_on = np.asarray([tag[0] in "IE" for tag in LABELS])
    follow = np.zeros((n, n), dtype=np.bool_)
    for i, before in enumerate(LABELS):
        for j, after in enumerate(LABELS):
            follow[i, j] = (
                before[1:] == after[1:] if opens[i] and goes_on[j] else not opens[i] and not goes_on[j]
            )
    return follow, ~goes_on, ~opens


FOLLOW, FIRST, LAST = _legal()


def best_tags(scores: Sequence[Floats]) -> list[Ints]:
    """The best legal tag sequence of each paragraph; `scores` are log-probabilities (words, tags)."""
    out: list[Ints] = [np.zeros(0, dtype=np.int64)] * len(scores)
    order = sorted(range(len(scores)), key=lambda k: len(scores[k]))
    at = 0
    while at < len(order):
        longest = max(8, 2 * len(scores[order[at]]))
        group = [order[at]]
        while at + len(group) < len(order) and len(scores[order[at + len(group)]]) <= longest:
            group.append(order[at + len(group)])
        at += len(group)
        for k, tags in zip(group, _viterbi([scores[k] for k in group]), strict=True):
            out[k] = tags
    return out


def _viterbi(scores: Sequence[Floats]) -> list[Ints]:
    """`best_tags` for paragraphs of like length, all at once; each row is on its own."""
    lengths = [len(s) for s in scores]
    longest = max(lengths)
    if not longest:
        return [np.zeros(0, dtype=np.int64) for _ in scores]
    padded = np.zeros((longest, len(scores), len(LABELS)), dtype=np.float32)
    padded[:, :, 1:] = FAR_BELOW  # past its end a paragraph can only go on outside, which must be legal
    for row, s in enumerate(scores):
        padded[: len(s), row] = s
    step = np.where(FOLLOW, np.float32(0), FAR_BELOW)
    total = padded[0] + np.where(FIRST, np.float32(0), FAR_BELOW)
    back = np.zeros((longest, len(scores), len(LABELS)), dtype=np.int8)
    for t in range(1, longest):
        ways = total[:, :, None] + step
        back[t] = ways.argmax(1)
        total = ways.max(1) + padded[t]
    total += np.where(LAST, np.float32(0), FAR_BELOW)
    path = np.zeros((longest, len(scores)), dtype=np.int64)
    path[-1] = total.argmax(1)
    rows = np.arange(len(scores))
    for t in range(longest - 1, 0, -1):
        path[t - 1] = back[t, rows, path[t]]
    return [path[:n, row] for row, n in enumerate(lengths)]


def spans_of(tags: Ints, role: int) -> Spans:
    """The spans of a role in a legal tag sequence."""
    begin = 1 + 4 * role
    single = tags == begin + 3
    return Spans(np.flatnonzero((tags == begin) | single), np.flatnonzero((tags == begin + 2) | single))


def pairs(words: Words, dependents: Spans, heads: Spans, roles: Sequence[Spans]) -> Pairs:
    """Candidate heads of each dependent, the nearest on both sides, and each pair's features.

    `roles` are all the spans of the three roles, for what lies between.
    """
    n, m = len(dependents.first), len(heads.first)
    if not n or not m:
        return Pairs(
            np.full((n, 2 * CANDIDATES), -1), np.zeros((n, 2 * CANDIDATES, PAIR_FEATURES), np.float32)
        )
    middle = np.searchsorted(heads.first, dependents.first)
    numbers = middle[:, None] + np.arange(-CANDIDATES, CANDIDATES)
    valid = (numbers >= 0) & (numbers < m)
    safe = np.clip(numbers, 0, m - 1)
    d_first, d_last = dependents.first[:, None], dependents.last[:, None]
    h_first, h_last = heads.first[safe], heads.last[safe]
    after = (h_first > d_first).astype(np.int64)
    left = np.where(after == 1, d_last, h_last)
    right = np.where(after == 1, h_first, d_first)
    features = np.zeros((n, 2 * CANDIDATES, PAIR_FEATURES), dtype=np.float32)

    def mark(offset: int, value: Ints) -> None:
        np.put_along_axis(features, (offset + value)[:, :, None], 1.0, axis=2)

    gap = np.maximum(right - left - 1, 0)
    mark(0, after * 11 + np.searchsorted(DISTANCES, gap, side="right") - 1)
    offset = 22
    for spans, most in zip(roles, (2, 3, 2), strict=True):
        before = np.searchsorted(spans.first, np.stack([right, left + 1]))
        mark(offset, after * (most + 1) + np.clip(before[0] - before[1], 0, most))
        offset += 2 * (most + 1)
    mark(42, np.clip(words.paragraph[right] - words.paragraph[left], 0, 2))
    mark(45, words.quoted[np.broadcast_to(d_first, h_first.shape)] * 2 + words.quoted[h_first])
    mark(49, after * 3 + np.clip(words.sentence[right] - words.sentence[left], 0, 2))
    return Pairs(np.where(valid, numbers, -1), features)


class Scorer(NamedTuple):
    """The weights of one additive pair scorer: see `learn.network.PairScorer`."""

    dependent: Floats
    bias: Floats
    head: Floats
    features: Floats
    out: Floats
    prior: Floats

    def __call__(self, dependents: Floats, heads: Floats, found: Pairs) -> Floats:
        """Scores (dependents, candidates); candidates that do not exist score far below."""
        if not len(heads):
            return np.full(found.heads.shape, FAR_BELOW)
        d = _rowwise(dependents, self.dependent) + self.bias
        h = _rowwise(heads, self.head)
        joined = d[:, None, :] + h[np.maximum(found.heads, 0)] + found.features @ self.features.T
        scores = np.maximum(joined, 0) @ self.out + found.features @ self.prior
        return np.where(found.heads >= 0, scores, FAR_BELOW).astype(np.float32)


def _rowwise(rows: Floats, weights: Floats) -> Floats:
    product: Floats = rows @ weights.T
    return product


class Linker(NamedTuple):
    """Content to cue, cue to source, and a cue's score for having no source."""

    content_cue: Scorer
    cue_source: Scorer
    no_source: Floats
    no_source_bias: Floats


class Relation(NamedTuple):
    """Numbers of spans that belong together."""

    source: int | None
    cue: int | None
    contents: tuple[int, ...]


def span_states(hidden: Callable[[Ints], Floats], words: Words, spans: Spans) -> Floats:
    """A span's representation: the hidden states of its first and its last word."""
    return np.concatenate([hidden(words.piece[spans.first]), hidden(words.piece[spans.last])], axis=1)


def link(
    linker: Linker, words: Words, roles: Sequence[Spans], hidden: Callable[[Ints], Floats]
) -> list[Relation]:
    """Tie each content part to its cue and each cue to its source."""
    sources, cues, contents = roles
    states = [span_states(hidden, words, spans) for spans in roles]
    to_cue = pairs(words, contents, cues, roles)
    to_source = pairs(words, cues, sources, roles)
    cue_scores = linker.content_cue(states[2], states[1], to_cue)
    source_scores = linker.cue_source(states[1], states[0], to_source)
    none = states[1] @ linker.no_source + linker.no_source_bias
    parts: dict[int, list[int]] = {}
    loose = []
    for content in range(len(contents.first)):
        best = int(cue_scores[content].argmax())
        if to_cue.heads[content, best] >= 0:
            parts.setdefault(int(to_cue.heads[content, best]), []).append(content)
        else:
            loose.append(Relation(None, None, (content,)))
    out = []
    for cue in range(len(cues.first)):
        best = int(source_scores[cue].argmax())
        held = to_source.heads[cue, best] >= 0 and source_scores[cue, best] > none[cue]
        source = int(to_source.heads[cue, best]) if held else None
        out.append(Relation(source, cue, tuple(parts.get(cue, ()))))
    return out + loose
