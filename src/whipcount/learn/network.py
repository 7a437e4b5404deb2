"""The encoder with its input features and heads, in PyTorch: for training only."""

from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from whipcount.read.tokens import CASES, PLACES, QUOTES

PAIR_WIDTH = 96
PAIR_FEATURES = 64
"""How many indicator features a pair of spans may have: see `read.decode.pair_features`."""


class Batch(NamedTuple):
    """Windows of equal padded length: each (windows, pieces)."""

    ids: Tensor
    mask: Tensor
    case: Tensor
    quote: Tensor
    place: Tensor


class Encoder(nn.Module):
    """A BERT whose word embeddings are joined by casing, quotation state and place."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.bert = BertModel(config, add_pooling_layer=False)
        width = config.hidden_size
        self.case = nn.Embedding(CASES, width)
        self.quote = nn.Embedding(QUOTES, width)
        self.place = nn.Embedding(PLACES, width)
        for table in (self.case, self.quote, self.place):
            nn.init.zeros_(table.weight)

    def forward(self, ids: Tensor, mask: Tensor, case: Tensor, quote: Tensor, place: Tensor) -> Tensor:
        """Hidden states (windows, pieces, width)."""
        words = self.bert.embeddings.word_embeddings(ids)
        inputs = words + self.case(case) + self.quote(quote) + self.place(place)
        hidden: Tensor = self.bert(inputs_embeds=inputs, attention_mask=mask).last_hidden_state
        return hidden


class PairScorer(nn.Module):
    """How well a head span suits a dependent span: an additive layer over both and their features."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.dependent = nn.Linear(2 * width, PAIR_WIDTH)
        self.head = nn.Linear(2 * width, PAIR_WIDTH, bias=False)
        self.features = nn.Linear(PAIR_FEATURES, PAIR_WIDTH, bias=False)
        self.out = nn.Linear(PAIR_WIDTH, 1, bias=False)
        self.prior = nn.Linear(PAIR_FEATURES, 1, bias=False)
        nn.init.zeros_(self.prior.weight)

    def forward(self, dependent: Tensor, head: Tensor, features: Tensor) -> Tensor:
        """Scores (pairs): `dependent` and `head` are (pairs, 2 x width), `features` (pairs, n)."""
        joined = torch.relu(self.dependent(dependent) + self.head(head) + self.features(features))
        scores: Tensor = self.out(joined).squeeze(-1) + self.prior(features).squeeze(-1)
        return scores


class AttributionNet(nn.Module):
    """Encoder, role tags, and the scorers of content to cue and cue to source."""

    def __init__(self, config: BertConfig, labels: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = Encoder(config)
        self.dropout = nn.Dropout(dropout)
        self.tags = nn.Linear(config.hidden_size, labels)
        self.content_cue = PairScorer(config.hidden_size)
        self.cue_source = PairScorer(config.hidden_size)
        self.no_source = nn.Linear(2 * config.hidden_size, 1)

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Tag logits and hidden states of each piece."""
        hidden = self.encoder(*batch)
        hidden = self.dropout(hidden)
        return self.tags(hidden), hidden


def start_config(folder: Path) -> BertConfig:
    """The start model's shape. Dropout inside costs a third of the speed on a CPU and buys nothing here."""
    config = BertConfig.from_pretrained(folder)
    config._attn_implementation = "eager"  # noqa: SLF001 (no public name; the fused one is a third slower to train on a CPU)
    config.attention_probs_dropout_prob = 0.0
    config.hidden_dropout_prob = 0.0
    return config


def load_start(encoder: Encoder, folder: Path) -> None:
    """Fill the encoder with a sentence-embedding model's weights."""
    weights = load_file(folder / "model.safetensors")
    own = encoder.bert.state_dict()
    kept = {k: v for k, v in weights.items() if k in own and own[k].shape == v.shape}
    missing = set(own) - set(kept) - {"embeddings.position_ids", "embeddings.token_type_ids"}
    if missing:
        raise ValueError(f"{folder} lacks {sorted(missing)[:3]}")
    encoder.bert.load_state_dict({**own, **kept})
