"""From the trained judge to the file that ships: ONNX with int8 weights."""

import copy
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from whipcount.learn.export import _layer, quantize
from whipcount.learn.positions_net import Heads, JudgeNet
from whipcount.read.judge_encoder import INPUTS, OUTPUTS


class _Exported(nn.Module):
    """One candidate without padding: no mask is needed, and none is exported."""

    def __init__(self, net: JudgeNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, ids: Tensor, case: Tensor, quote: Tensor, role: Tensor, said: Tensor) -> Heads:
        net, encoder = self.net, self.net.encoder
        table = encoder.bert.embeddings
        hidden = table.word_embeddings(ids) + encoder.case(case) + encoder.quote(quote)
        hidden = hidden + net.role(role) + net.said(said)
        places = torch.arange(ids.shape[1])[None]
        hidden = table.LayerNorm(
            hidden + table.position_embeddings(places) + table.token_type_embeddings.weight[0]
        )
        even = torch.ones(())  # these channels need no evening out: see docs/trials.md
        for layer in encoder.bert.encoder.layer:
            hidden = _layer(layer, hidden, even, even, even)
        return net.heads(net.mixed(hidden, role))


def export_float(net: JudgeNet, path: Path) -> None:
    """The network as it is, with the length left open."""
    net = copy.deepcopy(net).eval().float()
    sample = tuple(torch.ones(1, 16, dtype=torch.long) for _ in INPUTS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracing exporter is old but gives the graph that quantizes well
        torch.onnx.export(
            _Exported(net).eval(), sample, str(path), input_names=list(INPUTS), output_names=list(OUTPUTS),
            dynamic_axes={name: {1: "length"} for name in INPUTS}, opset_version=17, dynamo=False,
        )  # fmt: skip


def export(net: JudgeNet, path: Path, work: Path) -> None:
    """Write the int8 network to `path`."""
    work.mkdir(parents=True, exist_ok=True)
    export_float(net, work / "positions-float.onnx")
    quantize(work / "positions-float.onnx", path)
