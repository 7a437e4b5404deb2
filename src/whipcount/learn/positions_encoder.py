"""Training of the judge's encoder: on directed sentiment first, then on the labelled candidates.

Entries: `pretrained`, `fitted`, `out_of_fold`. Each keeps its network in a file and goes on from it.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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


@dataclass(slots=True)
class Examples:
    """Candidates to train on or to judge: `score` is the linear model's out-of-fold probability."""

    rows: Sequence[Row]
    label: NDArray[np.int64]
    past: NDArray[np.int64]
    fold: NDArray[np.int64]
    score: NDArray[np.float64]


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


def fitted(
    start: Path,
    state: Path,
    data: Examples,
    chosen: NDArray[np.bool_],
    path: Path,
    *,
    epochs: int = 3,
    negatives: float = 4.0,
    seed: int = 0,
) -> JudgeNet:
    """A network trained on the chosen examples: all with a position, and other ones, likely ones first, anew each epoch."""
    torch.manual_seed(seed)
    net = JudgeNet(start_config(start))
    if path.exists():
        net.load_state_dict(torch.load(path, weights_only=True))
        return net
    net.load_state_dict(torch.load(state, weights_only=True))
    net.position.reset_parameters()
    net.past.reset_parameters()
    there = np.flatnonzero(chosen & (data.label > 0))
    others = np.flatnonzero(chosen & (data.label == 0))
    weight = np.sqrt(data.score[others])
    draw = np.random.default_rng(seed)

    def epochs_() -> Iterator[list[int]]:
        size = min(len(others), int(negatives * len(there)))
        while True:
            yield np.concatenate(
                [there, draw.choice(others, size, replace=False, p=weight / weight.sum())]
            ).tolist()

    def loss(net: JudgeNet, batch: Sequence[int]) -> Tensor:
        scores, gone = net(*tensors([data.rows[i] for i in batch]))
        gold = torch.from_numpy(data.label[list(batch)])
        total = nn.functional.cross_entropy(scores.float(), gold)
        if (gold > 0).any():
            past = torch.from_numpy(data.past[list(batch)]).float()
            total = total + 0.3 * nn.functional.binary_cross_entropy_with_logits(
                gone.float()[gold > 0], past[gold > 0]
            )
        return total

    train(net, Plan(epochs, seed=seed), epochs_(), [len(r) for r in data.rows], loss, path.stem)
    torch.save(net.state_dict(), path)
    return net


def out_of_fold(
    start: Path, state: Path, data: Examples, groups: Sequence[Sequence[int]], folder: Path, **options: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Probabilities for every example by a network that saw none of its group of folds: (examples, 7) and (examples)."""
    out = np.zeros((len(data.rows), 7))
    past = np.zeros(len(data.rows))
    for group in groups:
        held = np.isin(data.fold, list(group))
        name = "network-" + "".join(map(str, group)) + ".pt"
        net = fitted(start, state, data, ~held, folder / name, **options)  # type: ignore[arg-type]
        at = np.flatnonzero(held)
        out[at], past[at] = predict(net, [data.rows[i] for i in at.tolist()])
    return out, past
