"""From a trained network to the shipped files: ONNX with int8 weights, tokenizer, linker, manifest."""

import copy
import hashlib
import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor, nn

from whipcount.learn.attribution import linker_of
from whipcount.learn.network import AttributionNet, Batch
from whipcount.learn.smooth import Scales, smooth
from whipcount.read.decode import Linker, Scorer
from whipcount.read.encoder import INPUTS

SOURCE_OFFSET = 0.4
"""Added to the logits of sources, chosen on dev: a missed source costs a whole relation."""


class _Exported(nn.Module):
    """One window without padding: no mask is needed, and none is exported."""

    def __init__(self, net: AttributionNet, scales: Sequence[Scales]) -> None:
        super().__init__()
        self.net = net
        self.scales = [tuple(1 / divisor for divisor in own) for own in scales]

    def forward(self, ids: Tensor, case: Tensor, quote: Tensor, place: Tensor) -> tuple[Tensor, Tensor]:
        encoder = self.net.encoder
        table = encoder.bert.embeddings
        hidden = table.word_embeddings(ids) + encoder.case(case) + encoder.quote(quote) + encoder.place(place)
        places = torch.arange(ids.shape[1])[None]
        hidden = hidden + table.position_embeddings(places) + table.token_type_embeddings.weight[0]
        hidden = table.LayerNorm(hidden)
        for layer, (attended, inner, outer) in zip(encoder.bert.encoder.layer, self.scales, strict=True):
            hidden = _layer(layer, hidden, attended, inner, outer)
        return self.net.tags(hidden), hidden


def _layer(layer: nn.Module, hidden: Tensor, attended: Tensor, inner: Tensor, outer: Tensor) -> Tensor:
    """A BERT layer in plain operators, its channels evened out before each int8 product."""
    attention = layer.attention.self
    batch, length, width = hidden.shape
    heads = attention.num_attention_heads
    each = width // heads

    def split(states: Tensor) -> Tensor:
        return states.reshape(batch, length, heads, each).permute(0, 2, 1, 3)

    even = hidden * attended
    query = split(attention.query(even))
    key = split(attention.key(even))
    value = split(attention.value(even))
    weights = torch.softmax(torch.matmul(query, key.transpose(-1, -2)) / each**0.5, dim=-1)
    mixed = torch.matmul(weights, value).permute(0, 2, 1, 3).reshape(batch, length, width)
    out = layer.attention.output
    hidden = out.LayerNorm(out.dense(mixed) + hidden)
    states = nn.functional.gelu(layer.intermediate.dense(hidden * inner)) * outer
    result: Tensor = layer.output.LayerNorm(layer.output.dense(states) + hidden)
    return result


def export(
    net: AttributionNet,
    tokenizer: Tokenizer,
    folder: Path,
    card: Mapping[str, object],
    sample: Sequence[Batch],
) -> None:
    """Write the model's files into `folder` with a manifest of their hashes; int8 is fitted to `sample`."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as work:
        export_float(net, Path(work) / "float.onnx", sample)
        quantize(Path(work) / "float.onnx", folder / "reader.onnx")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    save_linker(linker_of(net), folder / "linker.npz")
    names = {"model": "reader.onnx", "tokenizer": "tokenizer.json", "linker": "linker.npz"}
    manifest = {
        **card,
        "files": {
            role: {
                "name": name,
                "bytes": (folder / name).stat().st_size,
                "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest(),
            }
            for role, name in names.items()
        },
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def export_float(net: AttributionNet, path: Path, sample: Sequence[Batch]) -> None:
    """The network as it is, with window length left open."""
    net = copy.deepcopy(net).eval().float()
    with torch.no_grad():
        net.tags.bias[1:5] += SOURCE_OFFSET
    scales = smooth(net, sample)
    shown = tuple(torch.ones(1, 16, dtype=torch.long) for _ in INPUTS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracing exporter is old but gives the graph that fuses
        torch.onnx.export(
            _Exported(net, scales).eval(),
            shown,
            str(path),
            input_names=list(INPUTS),
            output_names=["logits", "hidden"],
            dynamic_axes={name: {1: "length"} for name in (*INPUTS, "logits", "hidden")},
            opset_version=17,
            dynamo=False,
        )


def quantize(plain: Path, out: Path) -> None:
    """int8 weights by channel; activations are scaled at run time, a window at a time."""
    model = onnx.load(plain)
    keep = [n.name for n in model.graph.node if n.op_type == "MatMul" and _is_small(n, model)]
    quantize_dynamic(
        str(plain),
        str(out),
        per_channel=True,
        reduce_range=False,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Gather", "Attention"],
        nodes_to_exclude=keep,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )


def _is_small(node: onnx.NodeProto, model: onnx.ModelProto) -> bool:
    """Heads stay in float: they cost nothing."""
    weights = {i.name: i.dims for i in model.graph.initializer}
    return any(name in weights and min(weights[name]) < 32 for name in node.input)


def save_linker(linker: Linker, path: Path) -> None:
    """The pair scorers' arrays under plain names."""
    arrays = {"no_source": linker.no_source, "no_source_bias": linker.no_source_bias}
    for name in ("content_cue", "cue_source"):
        scorer: Scorer = getattr(linker, name)
        arrays.update(
            {f"{name}.{part}": np.asarray(value, np.float32) for part, value in scorer._asdict().items()}
        )
    np.savez(path, **arrays)  # type: ignore[arg-type]  # names of arrays, not options
