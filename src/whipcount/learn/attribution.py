"""Training of the attribution model: from the corpus to the shipped files, resumable at every epoch."""

import copy
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig

from whipcount.article import Attribution
from whipcount.learn import batches
from whipcount.learn.batches import NO_TAG, SHAPES, PairBatch, TrainBatch
from whipcount.learn.corpus import Example
from whipcount.learn.measure import score
from whipcount.learn.network import AttributionNet, PairScorer
from whipcount.read.attribution import relations
from whipcount.read.decode import LABELS, Linker, Scorer
from whipcount.read.tokens import windows

MASK, LAST_SPECIAL = 103, 103


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that a run can be told; the defaults are the shipped model's."""

    epochs: int = 8
    rate: float = 3e-4
    head_rate: float = 1e-3
    layer_decay: float = 0.85
    weight_decay: float = 0.01
    warm_up: float = 0.1
    dropout: float = 0.1
    word_dropout: float = 0.05
    link_weight: float = 0.5
    average: float = 0.995
    seed: int = 0
    shapes: tuple[tuple[int, int], ...] = SHAPES
    compiled: bool = True


@dataclass(slots=True)
class State:
    """A run between two epochs."""

    net: AttributionNet
    average: AttributionNet
    optimizer: torch.optim.AdamW
    step: int = 0
    epoch: int = 0


def train(
    config: BertConfig,
    train_set: Sequence[Example],
    dev_set: Sequence[Example],
    out: Path,
    recipe: Recipe,
    *,
    start: Callable[[AttributionNet], None] = lambda _: None,
) -> AttributionNet:
    """Train, or go on where `out` has a checkpoint; the averaged weights after the last epoch."""
    torch.manual_seed(recipe.seed)
    net = AttributionNet(config, len(LABELS), recipe.dropout)
    start(net)
    net.encoder.bert.embeddings.word_embeddings.weight.requires_grad_(requires_grad=False)
    state = State(net, copy.deepcopy(net).eval(), _optimizer(net, recipe))
    out.mkdir(parents=True, exist_ok=True)
    _resume(state, out, recipe)
    total = sum(len(batches.plan(train_set, _seed(recipe, e), recipe.shapes)) for e in range(recipe.epochs))
    encode = torch.compile(net.encoder, dynamic=False) if recipe.compiled else net.encoder
    while state.epoch < recipe.epochs:
        began = time.monotonic()
        means = _epoch(state, encode, train_set, recipe, total)
        state.epoch += 1
        if rank() == 0:
            taken = time.monotonic() - began
            figures = {
                "epoch": state.epoch,
                **means,
                "seconds": round(taken),
                **evaluate(state.average, dev_set),
            }
            print(json.dumps(figures), flush=True)
            _save(state, out, recipe, figures)
        if workers() > 1:
            dist.barrier()
    return state.average


def rank() -> int:
    """The number of this worker."""
    return dist.get_rank() if dist.is_initialized() else 0


def workers() -> int:
    """How many processes train together, one thread each: half as slow again is what two threads of one cost."""
    return dist.get_world_size() if dist.is_initialized() else 1


def _share_gradients(net: AttributionNet) -> None:
    """The mean of all workers' gradients, in one message."""
    own = [p.grad for p in net.parameters() if p.grad is not None]
    flat = torch.cat([g.flatten() for g in own])
    dist.all_reduce(flat)
    flat /= workers()
    at = 0
    for gradient in own:
        gradient.copy_(flat[at : at + gradient.numel()].view_as(gradient))
        at += gradient.numel()


def _seed(recipe: Recipe, epoch: int) -> int:
    return recipe.seed * 1000 + epoch


def _optimizer(net: AttributionNet, recipe: Recipe) -> torch.optim.AdamW:
    """Lower layers learn slower, new layers faster."""
    depth = len(net.encoder.bert.encoder.layer)
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in net.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith("encoder.bert.encoder.layer."):
            rate = recipe.rate * recipe.layer_decay ** (depth - 1 - int(name.split(".")[4]))
        elif name.startswith("encoder.bert."):
            rate = recipe.rate * recipe.layer_decay**depth
        else:
            rate = recipe.head_rate
        decay = recipe.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return torch.optim.AdamW(
        [
            {"params": p, "lr": rate, "top": rate, "weight_decay": decay}
            for (rate, decay), p in groups.items()
        ],
        betas=(0.9, 0.98),
    )


def _epoch(
    state: State, encode: Callable[..., Tensor], train_set: Sequence[Example], recipe: Recipe, total: int
) -> dict[str, float]:
    """One pass over the articles; the mean losses."""
    torch.manual_seed(_seed(recipe, state.epoch) * 8 + 1 + rank())
    state.net.train()
    warm = max(1, int(total * recipe.warm_up))
    sums = np.zeros(3)
    count = 0
    for item in batches.epoch(train_set, _seed(recipe, state.epoch), recipe.shapes, rank(), workers()):
        share = (
            (state.step + 1) / warm
            if state.step < warm
            else max(0.0, (total - state.step) / max(1, total - warm))
        )
        for group in state.optimizer.param_groups:
            group["lr"] = group["top"] * share
        parts = losses(state.net, encode, item, recipe)
        loss = parts[0] + recipe.link_weight * (parts[1] + parts[2])
        state.optimizer.zero_grad()
        loss.backward()
        if workers() > 1:
            _share_gradients(state.net)
        nn.utils.clip_grad_norm_(state.net.parameters(), 1.0)
        state.optimizer.step()
        state.step += 1
        _follow(state, min(recipe.average, (1 + state.step) / (10 + state.step)))
        sums += [float(p.detach()) for p in parts]
        count += 1
        if count % 50 == 0 and rank() == 0:
            print(f"  step {state.step}/{total}: {np.round(sums / count, 4).tolist()}", flush=True)
    names = ("loss_tags", "loss_content_cue", "loss_cue_source")
    return dict(zip(names, (round(float(x), 4) for x in sums / max(1, count)), strict=True))


@torch.no_grad()
def _follow(state: State, keep: float) -> None:
    """Move the averaged weights towards the present ones."""
    for ours, new in zip(state.average.parameters(), state.net.parameters(), strict=True):
        if new.requires_grad:
            ours.lerp_(new, 1 - keep)


def losses(
    net: AttributionNet, encode: Callable[..., Tensor], item: TrainBatch, recipe: Recipe
) -> tuple[Tensor, Tensor, Tensor]:
    """Of the tags, of content to cue, of cue to source."""
    inputs = item.inputs
    drop = (torch.rand(inputs.ids.shape) < recipe.word_dropout) & (inputs.ids > LAST_SPECIAL)
    inputs = inputs._replace(ids=torch.where(drop, MASK, inputs.ids))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = encode(*inputs)
    hidden = net.dropout(hidden.float())
    tags = nn.functional.cross_entropy(
        net.tags(hidden).flatten(0, 1), item.tags.flatten(), ignore_index=NO_TAG, reduction="sum"
    ) / max(1, int((item.tags != NO_TAG).sum()))
    flat = hidden.flatten(0, 1)
    cue = _pair_loss(net.content_cue, flat, item.content_cue, None)
    source = _pair_loss(net.cue_source, flat, item.cue_source, net.no_source)
    return tags, cue, source


def _pair_loss(scorer: PairScorer, flat: Tensor, found: PairBatch, none: nn.Linear | None) -> Tensor:
    """Cross-entropy over each dependent's candidates, and over having none where that may be."""
    keep = torch.ones_like(found.target, dtype=torch.bool) if none is not None else found.target >= 0
    if not bool(keep.any()):  # every weight still needs a gradient, for the workers to exchange
        idle = [*scorer.parameters(), *(none.parameters() if none is not None else ())]
        return sum((p.sum() * 0.0 for p in idle), flat.sum() * 0.0)
    dependent = flat[found.dependent[keep]].flatten(1)
    heads = flat[found.head[keep]].flatten(2)
    scores = scorer(dependent[:, None, :], heads, found.features[keep])
    scores = scores.masked_fill(~found.valid[keep], -1e4)
    target = found.target[keep]
    if none is not None:
        scores = torch.cat([none(dependent), scores], 1)
        target = target + 1
    return nn.functional.cross_entropy(scores, target)


def linker_of(net: AttributionNet) -> Linker:
    """The pair scorers as arrays for the run time."""

    def array(tensor: Tensor) -> Any:
        return tensor.detach().float().numpy().copy()

    def scorer(module: PairScorer) -> Scorer:
        return Scorer(
            array(module.dependent.weight),
            array(module.dependent.bias),
            array(module.head.weight),
            array(module.features.weight),
            array(module.out.weight[0]),
            array(module.prior.weight[0]),
        )

    return Linker(
        scorer(net.content_cue),
        scorer(net.cue_source),
        array(net.no_source.weight[0]),
        array(net.no_source.bias),
    )


@torch.no_grad()
def predict(
    net: AttributionNet, examples: Sequence[Example], size: int = 254
) -> list[tuple[Attribution, ...]]:
    """The attributions of each article, by the same decoding as at run time."""
    net.eval()
    linker = linker_of(net)
    jobs = [(n, w) for n, item in enumerate(examples) for w in windows(item.tokens, item.text, size)]
    jobs.sort(key=lambda job: job[1].end - job[1].start)
    width = net.tags.in_features
    logits = [np.zeros((len(e.tokens), len(LABELS)), dtype=np.float32) for e in examples]
    hidden = [np.zeros((len(e.tokens), width), dtype=np.float32) for e in examples]
    for at in range(0, len(jobs), 16):
        group = jobs[at : at + 16]
        longest = max(w.end - w.start for _, w in group) + 2
        inputs = batches.collate([(examples[n].tokens, w.start, w.end) for n, w in group], longest)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = net.encoder(*inputs).float()
        scores = net.tags(states)
        for row, (n, w) in enumerate(group):
            lo, hi = w.core_start - w.start + 1, w.core_end - w.start + 1
            logits[n][w.core_start : w.core_end] = scores[row, lo:hi].numpy()
            hidden[n][w.core_start : w.core_end] = states[row, lo:hi].numpy()
    return [relations(e.tokens, s, h, linker) for e, s, h in zip(examples, logits, hidden, strict=True)]


def evaluate(net: AttributionNet, examples: Sequence[Example]) -> dict[str, float]:
    """F1 in percent on `examples`."""
    found = predict(net, examples)
    return score((e.text, e.attributions, a) for e, a in zip(examples, found, strict=True)).figures()


def _save(state: State, out: Path, recipe: Recipe, figures: dict[str, float]) -> None:
    """Write the checkpoint whole or not at all, then the metrics."""
    saved = {
        "net": state.net.state_dict(),
        "average": state.average.state_dict(),
        "optimizer": state.optimizer.state_dict(),
        "step": state.step,
        "epoch": state.epoch,
        "recipe": asdict(recipe),
    }
    torch.save(saved, out / "checkpoint.new")
    (out / "checkpoint.new").replace(out / "checkpoint.pt")
    lines = (out / "metrics.jsonl").read_text().splitlines() if (out / "metrics.jsonl").exists() else []
    kept = [line for line in lines if json.loads(line)["epoch"] < state.epoch]
    (out / "metrics.jsonl").write_text("\n".join([*kept, json.dumps(figures)]) + "\n")


def _resume(state: State, out: Path, recipe: Recipe) -> None:
    """Take up a checkpoint of the same recipe."""
    path = out / "checkpoint.pt"
    if not path.exists():
        return
    saved = torch.load(path, weights_only=True)
    if saved["recipe"] != asdict(recipe):
        raise ValueError(f"{path} is of another recipe: give another --out, or remove it")
    state.net.load_state_dict(saved["net"])
    state.average.load_state_dict(saved["average"])
    state.optimizer.load_state_dict(saved["optimizer"])
    state.step, state.epoch = saved["step"], saved["epoch"]


def tokenizer_of(folder: Path) -> Tokenizer:
    """The start model's tokenizer, without its cutting and padding."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
