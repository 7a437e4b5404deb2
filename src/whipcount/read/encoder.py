"""The shipped model at run time: ONNX Runtime, one window at a time, several at once.

A window is never batched with others: the int8 kernels scale each run's activations
together, so that a batch would let one article change another's scores.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from copy import copy
from dataclasses import dataclass
from importlib.resources import as_file, files
from itertools import islice
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from whipcount.errors import WhipcountError
from whipcount.machine import cores
from whipcount.read.decode import Floats, Linker, Scorer
from whipcount.read.tokens import Tokens, Window, cut, tokenize, windows

CLS, SEP = 101, 102
SECTION = 50_000
"""A longer text is read in sections of so many pieces, which bounds memory."""
GROUP = 32
"""How many texts are taken at once, to share the threads among their windows."""


class ModelError(WhipcountError):
    """The model's files are missing, or not the ones that the manifest names."""


@dataclass(frozen=True, slots=True)
class Section:
    """A text, or a stretch of a very long one, with the scores and hidden states of its pieces."""

    tokens: Tokens
    logits: Floats
    hidden: Floats


class Encoder:
    """Reads texts with the model in a folder."""

    def __init__(self, folder: Path) -> None:
        paths = check(folder)
        self.folder = folder
        self.session = run_time(paths["model"])
        self.tokenizer = Tokenizer.from_file(str(paths["tokenizer"]))
        self.linker = load_linker(paths["linker"])

    def with_session(self, session: onnxruntime.InferenceSession) -> "Encoder":
        """The same with another network, to compare."""
        other = copy(self)
        other.session = session
        return other

    @classmethod
    def shipped(cls) -> "Encoder":
        """The model that comes with the package."""
        with as_file(files("whipcount") / "models") as folder:
            return cls(folder)

    def encode_all(self, texts: Iterable[str], threads: int | None = None) -> Iterator[list[Section]]:
        """The sections of each text, in order; at most `threads` windows are read at once."""
        workers = threads or cores()
        incoming = iter(texts)
        with ThreadPoolExecutor(workers) if workers > 1 else nullcontext() as pool:
            while group := list(islice(incoming, GROUP)):
                yield from self._group(group, pool)

    def _group(self, texts: Sequence[str], pool: ThreadPoolExecutor | None) -> Iterator[list[Section]]:
        laid = [self._lay_out(text) for text in texts]
        jobs = [(tokens, window) for sections in laid for tokens, own in sections for window in own]
        order = sorted(range(len(jobs)), key=lambda k: jobs[k][1].start - jobs[k][1].end)  # longest first
        run = pool.map if pool else map
        done = dict(zip(order, run(self._read, [jobs[k] for k in order]), strict=True))
        number = 0
        for sections in laid:
            out = []
            for tokens, own in sections:
                parts = [done[number + k] for k in range(len(own))]
                number += len(own)
                if parts:
                    logits = np.concatenate([p[0] for p in parts])
                    out.append(Section(tokens, logits, np.concatenate([p[1] for p in parts])))
            yield out

    def _lay_out(self, text: str) -> list[tuple[Tokens, list[Window]]]:
        """The windows of a text, by section."""
        tokens = tokenize(text, self.tokenizer)
        found = windows(tokens, text)
        if len(tokens) <= SECTION:
            return [(tokens, found)]
        out, begin = [], 0
        for number, window in enumerate(found):
            last = number + 1 == len(found)
            if window.core_end - found[begin].core_start >= SECTION or last:
                lo, hi = found[begin].core_start, window.core_end
                own = [
                    Window(max(w.start, lo) - lo, min(w.end, hi) - lo, w.core_start - lo, w.core_end - lo)
                    for w in found[begin : number + 1]
                ]
                out.append((cut(tokens, lo, hi), own))
                begin = number + 1
        return out

    def _read(self, job: tuple[Tokens, Window]) -> tuple[Floats, Floats]:
        """Scores and hidden states of a window's core."""
        tokens, window = job
        inputs = {name: np.zeros((1, window.end - window.start + 2), dtype=np.int64) for name in INPUTS}
        inputs["ids"][0, 0], inputs["ids"][0, -1] = CLS, SEP
        for name, values in zip(INPUTS, (tokens.ids, tokens.case, tokens.quote, tokens.place), strict=True):
            inputs[name][0, 1:-1] = values[window.start : window.end]
        logits, hidden = self.session.run(("logits", "hidden"), inputs)
        lo, hi = window.core_start - window.start + 1, window.core_end - window.start + 1
        return logits[0, lo:hi], hidden[0, lo:hi]


def run_time(path: Path) -> onnxruntime.InferenceSession:
    """A network ready to run, each run on one thread: several run side by side."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


INPUTS = ("ids", "case", "quote", "place")


def check(folder: Path) -> dict[str, Path]:
    """The model's files, each with the hash that the manifest gives."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        out = {}
        for role, entry in manifest["files"].items():
            path = folder / entry["name"]
            if hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
                raise ModelError(f"{path} is not the file that the manifest names: install the package again")
            out[role] = path
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"the model in {folder} can't be read: {error}") from error
    return out


def load_linker(path: Path) -> Linker:
    """The pair scorers' weights."""
    with np.load(path, allow_pickle=False) as arrays:
        cue, source = (
            Scorer(*(arrays[f"{name}.{part}"] for part in Scorer._fields))
            for name in ("content_cue", "cue_source")
        )
        return Linker(cue, source, arrays["no_source"], arrays["no_source_bias"])
