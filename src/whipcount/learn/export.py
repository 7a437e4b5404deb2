"""From a trained network to the shipped files: ONNX with int8 weights, tokenizer, linker, manifest."""

import copy
import hashlib
import json
import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer as fuser
from tokenizers import Tokenizer
from torch import Tensor, nn

from whipcount.learn.attribution import linker_of
from whipcount.learn.network import AttributionNet
from whipcount.read.decode import Linker, Scorer
from whipcount.read.encoder import INPUTS


SOURCE_OFFSET = 0.4
"""Added to the logits of sources, chosen on dev: a missed source costs a whole relation."""


class _Exported(nn.Module):
    """One window without padding: no mask is needed, and none is exported."""

    def __init__(self, net: AttributionNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, ids: Tensor, case: Tensor, quote: Tensor, place: Tensor) -> tuple[Tensor, Tensor]:
        encoder = self.net.encoder
        table = encoder.bert.embeddings
        hidden = table.word_embeddings(ids) + encoder.case(case) + encoder.quote(quote) + encoder.place(place)
        places = torch.arange(ids.shape[1])[None]
        hidden = hidden + table.position_embeddings(places) + table.token_type_embeddings.weight[0]
        hidden = table.LayerNorm(hidden)
        for layer in encoder.bert.encoder.layer:
            hidden = _layer(layer, hidden)
        return self.net.tags(hidden), hidden


def _layer(layer: nn.Module, hidden: Tensor) -> Tensor:
    """A BERT layer in the plain form that ONNX Runtime knows how to fuse."""
    attention = layer.attention.self
    batch, length, width = hidden.shape
    heads = attention.num_attention_heads
    each = width // heads

    def split(states: Tensor) -> Tensor:
        return states.reshape(batch, length, heads, each).permute(0, 2, 1, 3)

    query = split(attention.query(hidden))
    key = split(attention.key(hidden))
    value = split(attention.value(hidden))
    weights = torch.softmax(torch.matmul(query, key.transpose(-1, -2)) / each**0.5, dim=-1)
    mixed = torch.matmul(weights, value).permute(0, 2, 1, 3).reshape(batch, length, width)
    out = layer.attention.output
    hidden = out.LayerNorm(out.dense(mixed) + hidden)
    inner = nn.functional.gelu(layer.intermediate.dense(hidden))
    result: Tensor = layer.output.LayerNorm(layer.output.dense(inner) + hidden)
    return result


def export(
    net: AttributionNet, tokenizer: Tokenizer, folder: Path, card: Mapping[str, object], work: Path
) -> None:
    """Write the model's files into `folder`, with a manifest of their hashes."""
    folder.mkdir(parents=True, exist_ok=True)
    work.mkdir(parents=True, exist_ok=True)
    plain = work / "float.onnx"
    export_float(net, plain)
    quantize(plain, folder / "reader.onnx")
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


def export_float(net: AttributionNet, path: Path) -> None:
    """The network as it is, with window length left open."""
    net = copy.deepcopy(net).eval().float()
    with torch.no_grad():
        net.tags.bias[1:5] += SOURCE_OFFSET
    sample = tuple(torch.ones(1, 16, dtype=torch.long) for _ in INPUTS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracing exporter is old but gives the graph that fuses
        torch.onnx.export(
            _Exported(net).eval(),
            sample,
            str(path),
            input_names=list(INPUTS),
            output_names=["logits", "hidden"],
            dynamic_axes={name: {1: "length"} for name in (*INPUTS, "logits", "hidden")},
            opset_version=17,
            dynamo=False,
        )


def fuse(plain: Path, fused: Path, heads: int, width: int) -> None:
    """Attention, layer norms and GELU each as one operator."""
    model = fuser.optimize_model(
        str(plain), model_type="bert", num_heads=heads, hidden_size=width, opt_level=0
    )
    model.save_model_to_file(str(fused))


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
    np.savez(path, **arrays)
