"""Evens out a network's channels before int8: fewer roundings that matter.

A few channels are far larger than the rest, and one scale for all rounds the rest away. Each
channel is divided by a factor and its weights are multiplied by it (SmoothQuant, Xiao et al.,
ICML 2023): the product stays the same.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from whipcount.learn.network import AttributionNet, Batch

SHARE = 0.8
"""How much of the evening out goes to the inputs: weights have a scale for each output, and bear more."""

Scales = tuple[Tensor, Tensor, Tensor]
"""A layer's divisors: before attention, before and after the inner activation."""


def smooth(net: AttributionNet, sample: Sequence[Batch]) -> list[Scales]:
    """Widen the weights of `net` in place and give what their inputs must be divided by."""
    watched = [[_Watch(linears) for linears in _users(layer)] for layer in net.encoder.bert.encoder.layer]
    with torch.no_grad():
        for batch in sample:
            net.encoder(*batch)
        out: list[Scales] = []
        for watches in watched:
            query, inner, outer = (watch.widen() for watch in watches)
            out.append((query, inner, outer))
    return out


def _users(layer: nn.Module) -> tuple[tuple[nn.Linear, ...], ...]:
    """The linear layers that share an input, for each of the three inputs."""
    attention = layer.attention.self
    return (
        (attention.query, attention.key, attention.value),
        (layer.intermediate.dense,),
        (layer.output.dense,),
    )


class _Watch:
    """The largest input of each channel of linear layers that share it."""

    def __init__(self, linears: Sequence[nn.Linear]) -> None:
        self.linears = linears
        self.most = torch.zeros(linears[0].in_features)
        self.hook = linears[0].register_forward_pre_hook(self.look)

    def look(self, _: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        """Take note of one batch."""
        self.most = torch.maximum(self.most, inputs[0].detach().abs().flatten(0, -2).amax(0))

    def widen(self) -> Tensor:
        """Multiply the weights by each channel's factor, and give the factors."""
        self.hook.remove()
        weights = torch.stack([linear.weight.abs().amax(0) for linear in self.linears]).amax(0)
        factors = self.most.clamp(min=1e-4) ** SHARE / weights.clamp(min=1e-4) ** (1 - SHARE)
        for linear in self.linears:
            linear.weight *= factors
        return factors
