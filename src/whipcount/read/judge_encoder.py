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
from numpy.typing import NDArray
from tokenizers import Tokenizer

from whipcount.read.encoder import run_time
from whipcount.read.judge_rows import Row

NETWORK = "positions.onnx"
INPUTS = ("ids", "case", "quote", "role")


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

    def read(self, rows: Iterable[Row]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Probabilities of none and the six positions (rows, 7), and of a past contest (rows)."""
        logits, past = [], []
        for row in rows:
            inputs = {
                name: values[None]
                for name, values in zip(INPUTS, (row.ids, row.case, row.quote, row.role), strict=True)
            }
            one, two = self.session.run(("position", "past"), inputs)
            logits.append(one[0])
            past.append(two[0])
        if not logits:
            return np.zeros((0, 7)), np.zeros(0)
        scores = np.asarray(logits, dtype=np.float64)
        scores = np.exp(scores - scores.max(1, keepdims=True))
        return scores / scores.sum(1, keepdims=True), 1 / (1 + np.exp(-np.asarray(past, dtype=np.float64)))
