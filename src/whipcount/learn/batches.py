"""Windows of articles as batches of fixed shapes, which the compiled encoder needs."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from whipcount.learn.corpus import Example, Links
from whipcount.learn.network import Batch
from whipcount.read.tokens import Tokens, windows

CLS, SEP = 101, 102
SHAPES = ((160, 26), (256, 16))
"""Lengths with their number of windows: each batch holds some 4,000 pieces."""
NO_TAG = -100


class Window(NamedTuple):
    """A stretch of an example's pieces."""

    example: Example
    start: int
    end: int


class PairBatch(NamedTuple):
    """Dependent spans with their candidates, as flat indices into (windows x pieces)."""

    dependent: Tensor
    """(spans, 2): first and last word's piece."""
    head: Tensor
    """(spans, candidates, 2)"""
    features: Tensor
    valid: Tensor
    target: Tensor
    """The right candidate; -1: none."""


@dataclass(frozen=True, slots=True)
class TrainBatch:
    """Inputs and what to predict."""

    inputs: Batch
    tags: Tensor
    content_cue: PairBatch
    cue_source: PairBatch


def collate(items: Sequence[tuple[Tokens, int, int]], length: int, rows: int | None = None) -> Batch:
    """Pad windows to one length, and to `rows` with empty ones, each between its two marks."""
    arrays = np.zeros((5, rows or len(items), length), dtype=np.int64)
    arrays[1, :, 0] = 1
    for row, (tokens, start, end) in enumerate(items):
        n = end - start
        arrays[0, row, 0], arrays[0, row, n + 1] = CLS, SEP
        arrays[1, row, : n + 2] = 1
        for k, values in ((0, tokens.ids), (2, tokens.case), (3, tokens.quote), (4, tokens.place)):
            arrays[k, row, 1 : n + 1] = values[start:end]
    return Batch(*torch.from_numpy(arrays))


def sample(examples: Sequence[Example], count: int, length: int = 256) -> list[Batch]:
    """The beginnings of some articles, one a batch."""
    chosen = random.Random(0).sample(list(examples), min(count, len(examples)))
    return [collate([(e.tokens, 0, min(length - 2, len(e.tokens)))], length) for e in chosen]


def epoch(
    examples: Sequence[Example],
    seed: int,
    shapes: Sequence[tuple[int, int]] = SHAPES,
    rank: int = 0,
    workers: int = 1,
) -> Iterator[TrainBatch]:
    """A worker's share of every batch: all articles once, cut and ordered differently with every seed."""
    for group, length, rows in plan(examples, seed, shapes):
        yield batch(group[rank::workers], length, rows // workers)


def plan(
    examples: Sequence[Example], seed: int, shapes: Sequence[tuple[int, int]] = SHAPES
) -> list[tuple[list[Window], int, int]]:
    """The epoch's batches as windows with their shape."""
    rng = random.Random(seed)
    longest = shapes[-1][0] - 2
    found = []
    for item in examples:
        size = rng.randint(longest * 5 // 8, longest)
        found += [Window(item, w.start, w.end) for w in windows(item.tokens, item.text, size, size // 8)]
    rng.shuffle(found)
    groups = []
    shorter = 0
    for length, rows in shapes:
        own = [w for w in found if shorter < w.end - w.start + 2 <= length]
        groups += [(own[i : i + rows], length, rows) for i in range(0, len(own), rows)]
        shorter = length
    rng.shuffle(groups)
    return groups


def batch(group: Sequence[Window], length: int, rows: int) -> TrainBatch:
    """One batch with its targets."""
    inputs = collate([(w.example.tokens, w.start, w.end) for w in group], length, rows)
    tags = np.full((rows, length), NO_TAG, dtype=np.int64)
    for row, window in enumerate(group):
        lo, hi = _word_range(window)
        tags[row, window.example.words.piece[lo:hi] - window.start + 1] = window.example.tags[lo:hi]
    return TrainBatch(
        inputs,
        torch.from_numpy(tags),
        _pairs([w.example.content_cue for w in group], group, length),
        _pairs([w.example.cue_source for w in group], group, length),
    )


def _word_range(window: Window) -> tuple[int, int]:
    lo, hi = np.searchsorted(window.example.words.piece, [window.start, window.end])
    return int(lo), int(hi)


def _pairs(links: Sequence[Links], group: Sequence[Window], length: int) -> PairBatch:
    """The dependents that lie in a window with the head they need; other heads outside count for nothing."""
    parts = []
    for row, (own, window) in enumerate(zip(links, group, strict=True)):
        if not len(own.dependents.first):
            continue
        lo, hi = _word_range(window)
        here = (own.dependents.first >= lo) & (own.dependents.last < hi)
        heads = np.maximum(own.pairs.heads, 0)
        if len(own.heads.first):
            h_first, h_last = own.heads.first[heads], own.heads.last[heads]
        else:
            h_first, h_last = np.full_like(heads, -1), np.full_like(heads, -1)
        valid = (own.pairs.heads >= 0) & (h_first >= lo) & (h_last < hi)
        target = own.target
        fine = np.where(
            target >= 0, np.take_along_axis(valid, np.maximum(target, 0)[:, None], 1)[:, 0], target == -1
        )
        keep = np.flatnonzero(here & fine)
        piece = window.example.words.piece
        shift = row * length + 1 - window.start

        def at(words: np.ndarray, piece: np.ndarray = piece, shift: int = shift) -> np.ndarray:
            return piece[words] + shift

        dependent = np.stack([at(own.dependents.first[keep]), at(own.dependents.last[keep])], -1)
        ok = valid[keep]
        head = np.stack([at(np.where(ok, h_first[keep], lo)), at(np.where(ok, h_last[keep], lo))], -1)
        parts.append((dependent, head, own.pairs.features[keep], ok, target[keep]))
    if not parts:
        return PairBatch(
            torch.zeros(0, 2, dtype=torch.long),
            torch.zeros(0, 1, 2, dtype=torch.long),
            torch.zeros(0, 1, 64),
            torch.zeros(0, 1, dtype=torch.bool),
            torch.zeros(0, dtype=torch.long),
        )
    return PairBatch(*(torch.from_numpy(np.concatenate(column)) for column in zip(*parts, strict=True)))
