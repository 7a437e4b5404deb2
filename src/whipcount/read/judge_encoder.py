"""The judge's encoder at run time: ONNX Runtime, one candidate at a time.

Candidates are never batched together, for the reason that `encoder.py` gives: what stands beside one must
not change what is said of it. Only those that the linear model thinks possible are read.

Entry: `JudgeEncoder.shipped()` and its `read(rows)`.
"""

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from whipcount.read.encoder import run_time
from whipcount.read.judge_rows import Row
from whipcount.read.pairs import Floats, Views, sigmoid

NETWORK = "positions.onnx"
INPUTS = ("ids", "case", "quote", "role", "said")
OUTPUTS = ("position", "past", "sourcing", "evidence")


class JudgeEncoder:
    """Reads candidates with a network and the tokenizer it was trained with."""

    def __init__(self, network: Path, tokenizer: Path) -> None:
        self.session: onnxruntime.InferenceSession = run_time(network)
        self.tokenizer: Tokenizer = Tokenizer.from_file(str(tokenizer))

    @classmethod
    @lru_cache(maxsize=1)
    def shipped(cls) -> "JudgeEncoder":
        """The network that comes with the package, loaded once."""
        with as_file(files("whipcount") / "models") as folder:
            return cls(folder / NETWORK, folder / "tokenizer.json")

    def read(self, rows: Iterable[Row]) -> Views:
        """What the network makes of each candidate."""
        found = [
            self.session.run(OUTPUTS, {name: getattr(row, name)[None] for name in INPUTS}) for row in rows
        ]
        if not found:
            return Views.blank(0)
        position, past, sourcing, evidence = (
            np.asarray([heads[n][0] for heads in found], dtype=np.float64) for n in range(len(OUTPUTS))
        )
        return Views(_softmax(position), sigmoid(past), _softmax(sourcing), sigmoid(evidence))


def _softmax(logits: Floats) -> Floats:
    scores = np.exp(logits - logits.max(1, keepdims=True))
    out: Floats = scores / scores.sum(1, keepdims=True)
    return out
