"""Copies of one report, grouped: reprints, wire copy, light rewrites. Entry: `Stories`.

Two texts are of one story when most of the shorter one's five-word sequences are in the longer
one, whatever the headline and the frame around them. MinHash signatures find that out without
the texts, so that a ledger can keep them beside its articles.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from datasketch import MinHash, MinHashLSH

from whipcount.article import Article, Span

_WORDS = 5
"""In a sequence: long enough that unrelated texts share hardly any."""
_HASHES = 192
"""Numbers in a signature: the overlap is estimated to within some 3 points."""
_SCHEME = "affine32"
_BANDS = (64, 3)
"""How the index cuts signatures: of copies cut to a half it finds all but 1 in 5,000, to a third 9 in 10."""
_SAME = 0.6
"""Least share of the shorter text's sequences that the longer one must hold."""
_FEWEST = 20
"""Texts with fewer sequences are one story only where they are the same: any share would be chance."""
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_SIZE_BYTES = 4


def body(article: Article) -> str:
    """What is compared: the text without its title and debris."""
    text = article.text
    cuts = [*article.debris]
    if article.title and (at := text.find(article.title, 0, len(article.title) + 100)) >= 0:
        cuts.append(Span(at, at + len(article.title)))
    kept: list[str] = []
    end = 0
    for cut in sorted(cuts):
        kept.append(text[end : cut.start])
        end = max(end, cut.end)
    return " ".join([*kept, text[end:]])


def signature(text: str) -> bytes:
    """A text's size in sequences of words and the MinHash of them: 772 bytes, the same everywhere."""
    sequences = _sequences(text)
    sketch = _sketch()
    if sequences:
        sketch.update_batch(sequences)
    values: bytes = sketch.hashvalues.astype("<u4").tobytes()
    return len(sequences).to_bytes(_SIZE_BYTES, "little") + values


def group(articles: Iterable[Article]) -> dict[str, str]:
    """The story of each article, by their ids, the articles taken in order."""
    stories = Stories()
    return {article.id: stories.add(article.id, body(article)) for article in articles}


class Stories:
    """All stories so far; each text joins the story of the text that it shares most with.

    Articles only ever come in, so the order decides in doubt: a story keeps its id, and two
    stories are never joined after the fact.
    """

    def __init__(self) -> None:
        self._index = MinHashLSH(num_perm=_HASHES, params=_BANDS)
        self._known: dict[str, tuple[str, bytes]] = {}

    def __len__(self) -> int:
        return len(self._known)

    def add(self, id: str, text: str) -> str:  # noqa: A002 - the field's name
        """The story of a text, found or new; the same id again gets the same story."""
        if id in self._known:
            return self._known[id][0]
        sign = signature(text)
        story = self.find(sign) or _new_story(text)
        self.put(id, story, sign)
        return story

    def find(self, sign: bytes) -> str | None:
        """The story that a text with this signature is of; None where it is of none so far."""
        near = [self._known[one] for one in self._index.query(_read(sign))]
        candidates = [(_shared(sign, its_sign), story) for story, its_sign in near]
        best = max(candidates, default=(0.0, ""))
        return best[1] if best[0] >= _SAME else None

    def put(self, id: str, story: str, sign: bytes) -> None:  # noqa: A002
        """Take in a text whose story is known, as when a ledger is opened."""
        if id not in self._known:
            self._known[id] = (story, sign)
            self._index.insert(id, _read(sign))


def _sequences(text: str) -> list[bytes]:
    words = _WORD.findall(text.lower().replace("’", "'"))
    count = max(1, len(words) - _WORDS + 1) if words else 0
    return sorted({" ".join(words[at : at + _WORDS]).encode(errors="replace") for at in range(count)})


def _new_story(text: str) -> str:
    words = " ".join(_WORD.findall(text.lower()))
    return f"s_{hashlib.sha256(words.encode(errors='replace')).hexdigest()[:24]}"


def _sketch(values: Any = None) -> Any:
    return MinHash(num_perm=_HASHES, scheme=_SCHEME, hashvalues=values)


def _values(sign: bytes) -> Any:
    return np.frombuffer(sign, dtype="<u4", offset=_SIZE_BYTES)


def _read(sign: bytes) -> Any:
    return _sketch(_values(sign).astype(np.uint32))


def _shared(one: bytes, other: bytes) -> float:
    """The share of the shorter text's sequences that is in the longer one, as the signatures tell it."""
    sizes = sorted(int.from_bytes(sign[:_SIZE_BYTES], "little") for sign in (one, other))
    if sizes[0] < _FEWEST:
        return float(one == other)
    overlap = float(np.mean(_values(one) == _values(other)))
    return min(1.0, overlap * (sizes[0] + sizes[1]) / (1 + overlap) / sizes[0])
