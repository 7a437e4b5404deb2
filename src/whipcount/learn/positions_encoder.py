"""Training of the judge's encoder: on directed sentiment first, then on the labelled candidates.

Entries: `pretrained`, `fitted`, `cross_fitted`. Each keeps its networks in files and goes on from them.
"""

import itertools
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import f1_score
from tokenizers import Tokenizer
from torch import Tensor, nn

from whipcount.learn.network import load_start, start_config
from whipcount.learn.positions_net import JudgeNet, Plan, by_length, predict, sentiment_rows, tensors, train
from whipcount.read.judge_rows import Row
from whipcount.read.pairs import Views


@dataclass(slots=True)
class Examples:
    """Candidates to train on or to judge, with their labels (`positions_data.RowLabel`), one entry a candidate."""

    rows: Sequence[Row]
    label: NDArray[np.int64]
    past: NDArray[np.int64]
    sourcing: NDArray[np.int64]
    evidence: NDArray[np.int64]
    fold: NDArray[np.int64]
    score: NDArray[np.float64]
    """The linear model's out-of-fold probability of a position."""


def pretrained(
    start: Path, sentiment: Path, tokenizer: Tokenizer, path: Path, epochs: int = 2, seed: int = 0
) -> dict[str, float]:
    """Train from the start model on who is for and against whom; the figures on its `valid` part."""
    torch.manual_seed(seed)
    net = JudgeNet(start_config(start))
    load_start(net.encoder, start)
    rows, labels = sentiment_rows(sentiment / "train.txt", tokenizer, seed)

    def loss(net: JudgeNet, chosen: Sequence[int]) -> Tensor:
        scores = net.sentiment(net.features(*tensors([rows[i] for i in chosen])))
        return nn.functional.cross_entropy(scores.float(), torch.tensor([labels[i] for i in chosen]))

    train(
        net,
        Plan(epochs, seed=seed),
        itertools.repeat(range(len(rows))),
        [len(r) for r in rows],
        loss,
        "sentiment",
    )
    torch.save(net.state_dict(), path)
    held, gold = sentiment_rows(sentiment / "valid.txt", tokenizer, seed)
    net.eval()
    found = np.zeros(len(held), dtype=np.int64)
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for batch in by_length([len(r) for r in held], 4096, None):
            found[batch] = net.sentiment(net.features(*tensors([held[i] for i in batch]))).argmax(-1).numpy()
    return {
        f"sentiment_{kind}_f1": round(float(f1_score(gold, found, average=kind)), 4)
        for kind in ("micro", "macro")
    }


@dataclass(frozen=True, slots=True)
class Fit:
    """How a network is trained on candidates."""

    epochs: int = 3
    negatives: float = 2.5
    """Candidates without a position to each with one, likely ones first, drawn anew each epoch."""
    siblings: float = 0.5
    """Sentences that name a pair whose evidence stands elsewhere, to each candidate with a position."""
    frozen_layers: int = 2
    """The lowest layers stay as directed sentiment left them: a quarter of the time."""
    seed: int = 0


def fitted(
    start: Path, state: Path, data: Examples, chosen: NDArray[np.bool_], path: Path, how: Fit
) -> JudgeNet:
    """A network trained on the chosen examples, or the one that an earlier run left at `path`."""
    torch.manual_seed(how.seed)
    net = JudgeNet(start_config(start))
    if path.exists():
        net.load_state_dict(torch.load(path, weights_only=True))
        return net
    net.load_state_dict(torch.load(state, weights_only=True))
    for head in (net.position, net.past, net.sourcing, net.evidence):
        head.reset_parameters()
    there = np.flatnonzero(chosen & (data.label > 0))
    others = np.flatnonzero(chosen & (data.label == 0))
    elsewhere = np.flatnonzero(chosen & (data.label < 0) & (data.evidence == 0))
    weight = np.sqrt(data.score[others])
    draw = np.random.default_rng(how.seed)

    def epochs() -> Iterator[list[int]]:
        size = min(len(others), int(how.negatives * len(there)))
        beside = min(len(elsewhere), int(how.siblings * len(there)))
        while True:
            likely = draw.choice(others, size, replace=False, p=weight / weight.sum())
            same_pair = draw.choice(elsewhere, beside, replace=False)
            yield np.concatenate([there, likely, same_pair]).tolist()

    def loss(net: JudgeNet, batch: Sequence[int]) -> Tensor:
        heads = net(*tensors([data.rows[i] for i in batch]))
        total = torch.zeros(())
        for scores, gold, weight in (
            (heads.position, data.label, 1.0),
            (heads.sourcing, data.sourcing, 0.5),
        ):
            own = torch.from_numpy(gold[batch])
            if (own >= 0).any():
                total = total + weight * nn.functional.cross_entropy(scores.float(), own, ignore_index=-1)
        for score, gold, weight in ((heads.past, data.past, 0.3), (heads.evidence, data.evidence, 0.3)):
            own = torch.from_numpy(gold[batch])
            known = own >= 0
            if known.any():
                total = total + weight * nn.functional.binary_cross_entropy_with_logits(
                    score.float()[known], own[known].float()
                )
        return total

    train(
        net,
        Plan(how.epochs, frozen_layers=how.frozen_layers, seed=how.seed),
        epochs(),
        [len(r) for r in data.rows],
        loss,
        path.stem,
    )
    torch.save(net.state_dict(), path)
    return net


@dataclass(frozen=True, slots=True)
class _Job:
    """One network to train: which folds it must not see, and where it is kept."""

    start: Path
    state: Path
    held: tuple[int, ...]
    path: Path
    how: Fit


def _fit(job: _Job, data: Examples) -> Views:
    """Train one network in a process of its own; what it makes of the candidates that it did not see."""
    torch.set_num_threads(1)
    held = np.isin(data.fold, job.held)
    net = fitted(job.start, job.state, data, ~held, job.path, job.how)
    return predict(net, [data.rows[i] for i in np.flatnonzero(held).tolist()])


def cross_fitted(
    start: Path, state: Path, data: Examples, groups: Sequence[Sequence[int]], folder: Path, how: Fit,
    workers: int = 2,
) -> tuple[Views, JudgeNet]:  # fmt: skip
    """What networks that saw nothing of its group of folds make of every example, and a network of them all.

    The networks are trained side by side in processes of one thread each, the last and longest first.
    """
    held = [(), *(tuple(g) for g in groups)]
    jobs = [
        _Job(start, state, own, folder / f"network-{''.join(map(str, own)) or 'all'}.pt", how) for own in held
    ]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(_fit, jobs, [data] * len(jobs)))
    out = Views.blank(len(data.rows))
    for job, views in zip(jobs[1:], found[1:], strict=True):
        at = np.isin(data.fold, job.held)
        for field in fields(out):
            getattr(out, field.name)[at] = getattr(views, field.name)
    return out, fitted(start, state, data, np.ones(len(data.rows), dtype=bool), jobs[0].path, how)
