"""A made-up corpus in the stand-off format, and an encoder of a few thousand weights."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

SPEAKERS = ("Ada Quill", "the harbour board", "Mayor Tove Lind", "a spokesman for Bram Osei")
CUES = ("said", "told The Fenwick Courier", "added", "wrote")
CONTENTS = ("the bridge will open in May", "nobody asked the ferrymen", "she backs the levy", "talks go on")


def relation(number: int, text: str, source: str, cue: str, content: str) -> str:
    """The stand-off lines of one attribution."""
    lines = []
    for k, (role, part) in enumerate((("Source", source), ("Cue", cue), ("Content", content))):
        at = text.index(part)
        lines.append(f"T{number + k}\t{role} {at} {at + len(part)}\t{part}")
    at = text.index(cue)
    lines.append(f"T{number + 3}\tAttribution {at} {at + len(cue)}\t{cue}")
    lines.append(
        f"E{number}\tAttribution:T{number + 3} Source:T{number} Cue:T{number + 1} Content:T{number + 2}"
    )
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve articles to learn from and three to measure on."""
    folder = tmp_path_factory.mktemp("corpus")
    for split, count in (("train", 12), ("dev", 3)):
        (folder / split / "text").mkdir(parents=True)
        (folder / split / "attributions").mkdir()
        for n in range(count):
            source, cue, content = (
                group[(n * k + n) % 4] for k, group in ((1, SPEAKERS), (2, CUES), (3, CONTENTS))
            )
            text = f"News of day {n}\n\n{source} {cue} that {content}.\n\nIt rained on the quay."
            name = f"gazette_{n:03}"
            (folder / split / "text" / f"{name}.txt").write_text(text, encoding="utf-8")
            (folder / split / "attributions" / f"{name}_anna.ann").write_text(
                relation(1, text, source, cue, content), encoding="utf-8"
            )
    return folder


@pytest.fixture(scope="session")
def tokenizer(corpus: Path) -> Tokenizer:
    """Word pieces with the special pieces where BERT has them."""
    words = {w for p in corpus.rglob("*.txt") for w in p.read_text().lower().replace(".", " . ").split()}
    vocabulary = {f"[unused{n}]": n for n in range(104)}
    for name, number in (("[PAD]", 0), ("[UNK]", 100), ("[CLS]", 101), ("[SEP]", 102), ("[MASK]", 103)):
        vocabulary.pop(f"[unused{number}]")
        vocabulary[name] = number
    vocabulary |= {word: 104 + n for n, word in enumerate(sorted(words))}
    made = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made
