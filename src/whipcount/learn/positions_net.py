"""The judge's network and its training steps, in PyTorch."""

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig

from whipcount.article import Kind, Sourcing
from whipcount.learn.network import Encoder
from whipcount.read.judge_rows import ROLES, SAID, Row, collate, finish, stand_ins
from whipcount.read.pairs import Views
from whipcount.read.tokens import tokenize

CLASSES = 7
"""None and the six positions."""
SENTIMENTS = 5


class Heads(NamedTuple):
    """Logits of a batch of candidates."""

    position: Tensor
    """none and the six positions (rows, 7)"""
    past: Tensor
    """a past contest (rows)"""
    sourcing: Tensor
    """how a position here is known (rows, 6)"""
    evidence: Tensor
    """that a reader would take this sentence for the evidence (rows)"""


class JudgeNet(nn.Module):
    """An encoder told who is asked about and who says what, and heads for all that is asked of a candidate."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        width = config.hidden_size
        self.encoder = Encoder(config)
        self.role = nn.Embedding(ROLES, width)
        nn.init.normal_(self.role.weight, std=0.05)
        self.said = nn.Embedding(SAID, width)
        nn.init.normal_(self.said.weight, std=0.02)
        self.dropout = nn.Dropout(0.1)
        self.mix = nn.Linear(3 * width, width)
        self.position = nn.Linear(width, CLASSES)
        self.past = nn.Linear(width, 1)
        self.sourcing = nn.Linear(width, len(Sourcing))
        self.evidence = nn.Linear(width, 1)
        self.sentiment = nn.Linear(width, SENTIMENTS)

    def features(
        self, ids: Tensor, mask: Tensor, case: Tensor, quote: Tensor, role: Tensor, said: Tensor
    ) -> Tensor:
        """What the encoder makes of the first piece, the endorser and the endorsee: (rows, width)."""
        encoder = self.encoder
        words = encoder.bert.embeddings.word_embeddings(ids)
        inputs = words + encoder.case(case) + encoder.quote(quote) + self.role(role) + self.said(said)
        hidden = encoder.bert(inputs_embeds=inputs, attention_mask=mask).last_hidden_state
        return self.mixed(hidden, role)

    def mixed(self, hidden: Tensor, role: Tensor) -> Tensor:
        """The first piece's state joined with the endorser's and the endorsee's."""
        parts = [hidden[:, 0]]
        for one, two in ((2, 4), (3, 5)):
            own = ((role == one) | (role == two)).to(hidden.dtype).unsqueeze(-1)
            parts.append((hidden * own).sum(1) / own.sum(1).clamp(min=1.0))
        out: Tensor = torch.tanh(self.mix(self.dropout(torch.cat(parts, -1))))
        return out

    def forward(self, *inputs: Tensor) -> Heads:
        """All logits of a padded batch (see `tensors`)."""
        return self.heads(self.dropout(self.features(*inputs)))

    def heads(self, mixed: Tensor) -> Heads:
        """What the heads make of `features`."""
        return Heads(
            self.position(mixed),
            self.past(mixed).squeeze(-1),
            self.sourcing(mixed),
            self.evidence(mixed).squeeze(-1),
        )


def tensors(rows: Sequence[Row]) -> tuple[Tensor, ...]:
    """A padded batch."""
    return tuple(torch.from_numpy(x) for x in collate(rows))


def by_length(lengths: Sequence[int], pieces: int, chance: random.Random | None) -> list[list[int]]:
    """Indices in batches of at most so many pieces after padding, like lengths together; shuffled with `chance`."""
    order = list(range(len(lengths)))
    if chance is not None:
        chance.shuffle(order)
    order.sort(key=lambda i: lengths[i] // 8)
    out: list[list[int]] = []
    batch: list[int] = []
    longest = 0
    for i in order:
        longest = max(longest, lengths[i])
        if batch and longest * (len(batch) + 1) > pieces:
            out.append(batch)
            batch, longest = [], lengths[i]
        batch.append(i)
    if batch:
        out.append(batch)
    if chance is not None:
        chance.shuffle(out)
    return out


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to train."""

    epochs: int
    rate: float = 2e-4
    head_rate: float = 1e-3
    pieces: int = 2048
    frozen_layers: int = 0
    seed: int = 0


def _pace(step: int, total: int, warm: int) -> float:
    """Up to the full rate, then down to nearly nothing."""
    return min((step + 1) / warm, max(0.02, (total - step) / max(1, total - warm)))


Loss = Callable[[JudgeNet, Sequence[int]], Tensor]


def train(
    net: JudgeNet,
    plan: Plan,
    epochs: Iterator[Sequence[int]],
    lengths: Sequence[int],
    loss_of: Loss,
    name: str,
) -> None:
    """Run through the indices that `epochs` yields each time; `loss_of` gets the indices of a batch."""
    torch.manual_seed(plan.seed)
    chance = random.Random(plan.seed)
    encoder = net.encoder.bert
    encoder.embeddings.word_embeddings.weight.requires_grad = False
    for layer in encoder.encoder.layer[: plan.frozen_layers]:
        layer.requires_grad_(requires_grad=False)
    inner = [p for p in encoder.parameters() if p.requires_grad]
    known = {id(p) for p in encoder.parameters()}
    outer = [p for p in net.parameters() if id(p) not in known]
    optimizer = torch.optim.AdamW(
        [{"params": inner, "lr": plan.rate}, {"params": outer, "lr": plan.head_rate}], weight_decay=0.01
    )
    schedule: torch.optim.lr_scheduler.LambdaLR | None = None
    net.train()
    for number in range(plan.epochs):
        chosen = list(next(epochs))
        batches = by_length([lengths[i] for i in chosen], plan.pieces, chance)
        if schedule is None:
            total = len(batches) * plan.epochs
            warm = max(1, total // 12)
            schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, partial(_pace, total=total, warm=warm))
        began, sums = time.monotonic(), 0.0
        for batch in batches:
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = loss_of(net, [chosen[i] for i in batch])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            sums += float(loss.detach())
            if math.isnan(sums):
                raise ArithmeticError("the loss is no number")
        pieces = sum(lengths[i] for i in chosen)
        seconds = time.monotonic() - began
        print(
            f"{name} {number + 1}/{plan.epochs}: loss {sums / len(batches):.4f}, {len(chosen)} rows, {pieces / seconds:.0f} pieces/s, {seconds:.0f} s",
            flush=True,
        )


def predict(net: JudgeNet, rows: Sequence[Row], pieces: int = 4096) -> Views:
    """What the network makes of each row."""
    net.eval()
    out = Views.blank(len(rows))
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for batch in by_length([len(r) for r in rows], pieces, None):
            heads = net(*tensors([rows[i] for i in batch]))
            out.classes[batch] = torch.softmax(heads.position.float(), -1).numpy()
            out.past[batch] = torch.sigmoid(heads.past.float()).numpy()
            out.sourcing[batch] = torch.softmax(heads.sourcing.float(), -1).numpy()
            out.evidence[batch] = torch.sigmoid(heads.evidence.float()).numpy()
    return out


def sentiment_rows(path: Path, tokenizer: Tokenizer, seed: int = 0) -> tuple[list[Row], list[int]]:
    """Sentences of the directed-sentiment set with both entities masked, and their labels."""
    chance = random.Random(seed)
    words = stand_ins(tokenizer)
    rows, labels = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        text, p, q, label = line.split("\t")
        spans = []
        for name in (p, q):
            at = text.find(f"[{name}]")
            spans.append((at, at + len(name) + 2))
        if min(s[0] for s in spans) < 0:
            continue
        ids: list[int] = []
        case: list[int] = []
        quote: list[int] = []
        role: list[int] = []
        at = 0
        for (start, end), part in sorted(zip(spans, (1, 2), strict=True)):
            if start < at:
                continue
            _append(text[at:start], tokenizer, ids, case, quote, role)
            # A piece of a word may be left behind the bracket ("[Democrat]s"): it belongs to the name.
            kind = Kind.PERSON if chance.random() < 0.7 else Kind.ORGANIZATION
            ids.append(words[kind, part if kind is Kind.PERSON else min(part, 1)])
            case.append(2)
            quote.append(0)
            role.append(part + 1)
            at = end
            while at < len(text) and text[at].isalpha():
                at += 1
        _append(text[at:], tokenizer, ids, case, quote, role)
        rows.append(finish(ids, case, quote, role, [0] * len(ids)))
        labels.append(int(label))
    return rows, labels


def _append(
    text: str, tokenizer: Tokenizer, ids: list[int], case: list[int], quote: list[int], role: list[int]
) -> None:
    tokens = tokenize(text, tokenizer)
    ids += tokens.ids.tolist()
    case += tokens.case.tolist()
    quote += tokens.quote.tolist()
    role += [1] * len(tokens)
