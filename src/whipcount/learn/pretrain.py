"""Masked-word training of the encoder on unannotated news, before any task.

The start model was tuned to embed whole sentences and never saw casing or quotation state;
a quarter of an hour of filling gaps in news brings back what it knew of single words.
"""

import gzip
import json
import math
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig

from whipcount.learn.network import Batch, Encoder
from whipcount.read.tokens import Tokens, tokenize, windows

MASK, CLS, SEP = 103, 101, 102


class GapFiller(nn.Module):
    """The encoder and a head whose output table is the input's word table."""

    def __init__(self, encoder: Encoder, config: BertConfig) -> None:
        super().__init__()
        self.encoder = encoder
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.norm = nn.LayerNorm(config.hidden_size)
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))

    def forward(self, batch: Batch, gaps: Tensor, encode: Callable[..., Tensor]) -> Tensor:
        """Logits over the vocabulary at the gaps (a mask of windows x pieces)."""
        hidden = encode(*batch)[gaps]
        hidden = self.norm(nn.functional.gelu(self.dense(hidden)))
        return nn.functional.linear(hidden, self.encoder.bert.embeddings.word_embeddings.weight, self.bias)


def article_texts(shared: Path, seed: int) -> Iterator[str]:
    """Texts of the unannotated articles, the election year first, shuffled within a year."""
    for path in sorted((shared / "data" / "articles").glob("*.jsonl.gz"), reverse=True):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            lines = file.readlines()
        random.Random(seed).shuffle(lines)
        for line in lines:
            record = json.loads(line)
            yield f"{record.get('title') or ''}\n\n{record.get('text') or ''}"


def chunks(texts: Iterator[str], tokenizer: Tokenizer, size: int) -> Iterator[tuple[Tokens, int, int]]:
    """Stretches of at most `size` pieces."""
    for text in texts:
        tokens = tokenize(text, tokenizer)
        for window in windows(tokens, text, size=size, context=0):
            if window.end - window.start > size // 3:
                yield tokens, window.start, window.end


def collate(items: list[tuple[Tokens, int, int]], size: int) -> Batch:
    """Windows padded to `size` and two, with the marks that open and close each.

    One shape for all batches, since the compiled encoder is made for one.
    """
    length = size + 2
    arrays = np.zeros((5, len(items), length), dtype=np.int64)
    for row, (tokens, start, end) in enumerate(items):
        n = end - start
        arrays[0, row, 0], arrays[0, row, n + 1] = CLS, SEP
        arrays[1, row, : n + 2] = 1
        for k, values in ((0, tokens.ids), (2, tokens.case), (3, tokens.quote), (4, tokens.place)):
            arrays[k, row, 1 : n + 1] = values[start:end]
    return Batch(*torch.from_numpy(arrays))


def pretrain(
    encoder: Encoder,
    config: BertConfig,
    texts: Iterator[str],
    tokenizer: Tokenizer,
    *,
    minutes: float,
    batch: int = 32,
    size: int = 126,
    rate: float = 4e-4,
    tokens_a_second: float = 6000.0,
    seed: int = 0,
) -> list[float]:
    """Train for so many steps as `minutes` hold at the given speed; the losses of each 100 steps."""
    torch.manual_seed(seed)
    model = GapFiller(encoder, config).train()
    compiled = torch.compile(encoder, dynamic=False)
    encoder.bert.embeddings.word_embeddings.weight.requires_grad_(requires_grad=False)
    steps = max(1, int(minutes * 60 * tokens_a_second / (batch * size)))
    optimizer = torch.optim.AdamW(
        [p for p in model.parameters() if p.requires_grad], lr=rate, weight_decay=0.01, betas=(0.9, 0.98)
    )
    warm = max(1, steps // 15)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / warm, max(0.0, (steps - s) / max(1, steps - warm)))
    )
    source, losses, sums = chunks(texts, tokenizer, size), [], []
    began = time.monotonic()
    pool: list[tuple[Tokens, int, int]] = []
    for step in range(steps):
        if len(pool) < batch:
            pool = [c for c, _ in zip(source, range(batch * 16), strict=False)]
            if len(pool) < batch:
                break
            pool.sort(key=lambda c: c[2] - c[1])
            groups = [pool[i : i + batch] for i in range(0, len(pool), batch)]
            random.Random(seed + step).shuffle(groups)
            pool = [c for group in groups for c in group]
        inputs, pool = collate(pool[:batch], size), pool[batch:]
        real = (inputs.mask == 1) & (inputs.ids != CLS) & (inputs.ids != SEP)
        gaps = real & (torch.rand(inputs.ids.shape) < 0.18)
        hidden_ids = torch.where(gaps & (torch.rand(inputs.ids.shape) < 0.85), MASK, inputs.ids)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(inputs._replace(ids=hidden_ids), gaps, compiled)
        loss = nn.functional.cross_entropy(logits.float(), inputs.ids[gaps])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        sums.append(float(loss.detach()))
        if math.isnan(sums[-1]):
            raise ArithmeticError("the loss is no number")
        if len(sums) == 100:
            losses.append(sum(sums) / len(sums))
            sums = []
            print(
                f"gap filling {step + 1}/{steps}: loss {losses[-1]:.3f}, {time.monotonic() - began:.0f} s",
                flush=True,
            )
    return losses
