"""Copies of one report, grouped: reprints, wire copy, light rewrites. Entry: `Stories`.

Two texts are copies when most of the shorter one's sequences of three words are in the longer
one, whatever the headline, the frame around them and where one is cut; less is enough where two
outlets print the same long stretches within days, as papers print what a wire sends (`same`).
A story is all that hangs together by copies, so it is the same whatever the order in which they come.

Two steps find the copies of a text among a million. MinHash signatures, cut into bands, give
keys that copies are likely to share (`Sketch.keys`), so that a table of keys names the few texts
to look at; those are then compared word by word. The keys need no texts and no memory: the
ledger keeps them in a table of its own, and `Stories` does the same in a dictionary.
"""

import datetime as dt
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np
from datasketch import MinHash

from whipcount.article import Article, Span
from whipcount.outlet_table import outlet_key

_WORDS = 3
"""In a sequence: one word changed in ten leaves 73 of 100 sequences as they were (of five words, 59)."""
_SAME = 0.6
"""Least share of the shorter text's sequences that the longer one must hold."""
_FAR = dt.timedelta(days=31)
_SAME_FAR = 0.85
"""The least share where more days than that lie between: a column that says again what it said in
spring, or a gallery under each of a year's pages, is no reprint."""
_WIRE, _WIRE_RUN = 0.45, 15
"""The share that is enough between two outlets on near days, and the sequences in a row of which it must be made up.

What two reports quote of one speech is less, or in shorter stretches."""
_WIRE_FEWEST = 220
"""Sequences in these stretches at least: a statement that both print in full is seldom longer."""
_WIRE_DAYS = dt.timedelta(days=3)
_FEWEST = 20
"""Texts with fewer sequences are one story only where they are the same: any share would be chance."""
_PART = 3
"""A text that is so many times shorter must be the beginning of the other, as what a site cuts off is.

Else a round-up would make one story of all that it quotes."""
_HASHES = 192
_OPENING_HASHES = 72
_OPENING_WORDS = 150
"""The opening has keys of its own: a short teaser shares few with the whole report."""
_ROWS = 3
"""Hashes in a band: of a million pairs of real articles fewer than two meet in a key."""
_SCHEME = "affine32"
_NEAR = 0.25
"""How far the signatures' estimate may fall short of `_WIRE` before a text is not looked at."""
_LOOKED_AT = 40
"""Texts compared word by word at most, the likeliest first."""
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_SIZE_BYTES = 4
_MIX = np.uint64(0x9E3779B97F4A7C15)


def body(article: Article) -> str:
    """What is compared: the text without its title, debris and asides, which one copy has and another has not."""
    text = article.text
    cuts = [*article.debris, *article.asides]
    if article.title and (at := text.find(article.title, 0, len(article.title) + 100)) >= 0:
        cuts.append(Span(at, at + len(article.title)))
    kept: list[str] = []
    end = 0
    for cut in sorted(cuts):
        kept.append(text[end : cut.start])
        end = max(end, cut.end)
    return " ".join([*kept, text[end:]])


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """What is needed of a text to find its copies."""

    sequences: Any
    """Its sequences of words in order, each as a 32-bit number."""
    signature: bytes
    """The number of different sequences and their MinHash: 772 bytes, the same everywhere."""
    keys: tuple[int, ...]
    """64-bit numbers, of which a copy shares at least one; none for a text without words."""
    day: dt.date | None = None
    """Of publication, where it is known."""
    outlet: str | None = None
    """What the names of its outlet have in common."""


@dataclass(frozen=True, slots=True)
class Near:
    """A text that shares a key: perhaps a copy."""

    id: str
    story: str
    signature: bytes


def sketch_of(article: Article) -> Sketch:
    """What is needed to find the copies of an article."""
    return sketch(body(article), article.published, article.outlet)


def sketch(text: str, day: dt.date | None = None, outlet: str | None = None) -> Sketch:
    """What is needed to find the copies of a text: pure, and the same everywhere."""
    sequences = _sequences(text)
    key = outlet_key(outlet) if outlet else None
    if not len(sequences):
        return Sketch(sequences, bytes(_SIZE_BYTES), (), day, key)
    distinct = np.unique(sequences)
    whole = _minhash(distinct, _HASHES)
    opening = _minhash(np.unique(sequences[:_OPENING_WORDS]), _OPENING_HASHES)
    return Sketch(
        sequences,
        len(distinct).to_bytes(_SIZE_BYTES, "little") + whole.tobytes(),
        tuple(_keys(whole, b"w")) + tuple(_keys(opening, b"o")),
        day,
        key,
    )


def same(one: Sketch, other: Sketch) -> bool:
    """Whether the two are copies of one report."""
    short, long = sorted((one.sequences, other.sequences), key=len)
    distinct, among = np.unique(short), np.unique(long)
    if len(distinct) < _FEWEST:
        return np.array_equal(distinct, among)
    if len(short) * _PART < len(long):
        among = np.unique(long[: len(short) * 3 // 2])
    shared = np.intersect1d(distinct, among, assume_unique=True)
    apart = abs(one.day - other.day) if one.day and other.day else None
    least = _SAME_FAR if apart and apart > _FAR else _SAME
    if len(shared) >= least * min(len(distinct), len(among)):
        return True
    between = one.outlet and other.outlet and one.outlet != other.outlet
    near = apart is not None and apart <= _WIRE_DAYS
    return bool(between and near) and _in_runs(short, among) >= max(_WIRE * len(short), _WIRE_FEWEST)


def _in_runs(short: Any, among: Any) -> int:
    """How many of a text's sequences are in the other, of those in long stretches."""
    inside = np.concatenate(([False], np.isin(short, among), [False])).astype(np.int8)
    edges = np.flatnonzero(np.diff(inside))
    lengths = edges[1::2] - edges[::2]
    return int(lengths[lengths >= _WIRE_RUN].sum())


def copies(of: Sketch, near: Iterable[Near], read: Callable[[str], Sketch]) -> Iterator[Near]:
    """One copy from each story that the text has copies in, the likeliest first.

    `near` are texts that share a key; `read` gives the sketch of one by its id and is asked for
    few of them.
    """
    ranked = sorted(((_estimate(of.signature, one.signature), one.id, one) for one in near), reverse=True)
    likely = [one for estimate, _, one in ranked if estimate >= _WIRE - _NEAR]
    found: set[str] = set()
    for one in likely[:_LOOKED_AT]:
        if one.story not in found and (one.signature == of.signature or same(of, read(one.id))):
            found.add(one.story)
            yield one


def new_story(text: str) -> str:
    """The id of the story that a text begins."""
    words = " ".join(_WORD.findall(text.lower())) or text
    return f"s_{hashlib.sha256(words.encode(errors='replace')).hexdigest()[:24]}"


def group(articles: Iterable[Article]) -> dict[str, str]:
    """The story of each article, by their ids."""
    stories = Stories()
    ids = [one.id for one in articles if stories.add(one.id, body(one), one.published, one.outlet)]
    return {one: stories.story(one) for one in ids}


class Stories:
    """All stories so far, in memory.

    A text that is a copy of texts in two stories joins them: the younger goes on under the
    older one's id.
    """

    def __init__(self) -> None:
        self._by_key: defaultdict[int, list[str]] = defaultdict(list)
        self._known: dict[str, tuple[str, Sketch]] = {}
        self._age: dict[str, int] = {}
        self._into: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._known)

    def story(self, id: str) -> str:  # noqa: A002 - the field's name
        """The story of a text that was added, as of now."""
        return self._root(self._known[id][0])

    def add(self, id: str, text: str, day: dt.date | None = None, outlet: str | None = None) -> str:  # noqa: A002
        """The story of a text, found or new; the same id again changes nothing."""
        if id in self._known:
            return self.story(id)
        made = sketch(text, day, outlet)
        shared = Counter(other for key in made.keys for other in self._by_key[key])
        near = [Near(one, self.story(one), self._known[one][1].signature) for one in shared]
        found = list(copies(made, near, lambda one: self._known[one][1]))
        story = min((one.story for one in found), key=self._age.__getitem__, default="") or new_story(text)
        for one in found:
            if one.story != story:
                self._into[one.story] = story
        # A text with the signature of a known one leads nowhere that the known one does not.
        known = any(one.signature == made.signature for one in found)
        self.take_in(Near(id, story, made.signature), made, () if known else made.keys)
        return story

    def take_in(self, text: Near, made: Sketch, keys: Iterable[int]) -> None:
        """A text whose story is known, to be found by these keys."""
        self._age.setdefault(text.story, len(self._age))
        self._known[text.id] = (text.story, made)
        for key in keys:
            self._by_key[key].append(text.id)

    def _root(self, story: str) -> str:
        while story in self._into:
            story = self._into[story]
        return story


def _sequences(text: str) -> Any:
    """The text's sequences of words in order, each as a 32-bit number."""
    words = _WORD.findall(text.lower().replace("’", "'"))
    # All words are encoded at once, and hashed without a function of ours between.
    encoded = "\n".join(words).encode(errors="replace").split(b"\n") if words else []
    hashes = np.fromiter(map(crc32, encoded), dtype=np.uint64, count=len(words))
    count = max(1, len(words) - _WORDS + 1) if words else 0
    mixed = np.zeros(count, dtype=np.uint64)
    for at in range(min(_WORDS, len(words))):
        mixed = (mixed ^ hashes[at : at + count]) * _MIX
        mixed ^= mixed >> np.uint64(32)
    return (mixed & np.uint64(0xFFFFFFFF)).astype(np.uint32)


@lru_cache
def _permutations(hashes: int) -> Any:
    """Drawn once: they are the same for every text, and take longer than hashing one."""
    return MinHash(num_perm=hashes, scheme=_SCHEME, hashfunc=int).permutations


def _minhash(distinct: Any, hashes: int) -> Any:
    made = MinHash(num_perm=hashes, scheme=_SCHEME, hashfunc=int, permutations=_permutations(hashes))
    made.update_batch(distinct.tolist())
    return made.hashvalues.astype("<u4")


def _keys(values: Any, kind: bytes) -> Iterator[int]:
    rows, width = values.tobytes(), _ROWS * values.itemsize
    for band_number, start in enumerate(range(0, len(rows), width)):
        at = band_number * _ROWS
        band = kind + at.to_bytes(2, "little") + rows[start : start + width]
        yield int.from_bytes(hashlib.blake2b(band, digest_size=8).digest(), "little", signed=True)


def _values(signature: bytes) -> Any:
    return np.frombuffer(signature, dtype="<u4", offset=_SIZE_BYTES)


def _estimate(one: bytes, other: bytes) -> float:
    """About the share of the shorter text's sequences that is in the longer one, by the signatures."""
    sizes = sorted(int.from_bytes(signature[:_SIZE_BYTES], "little") for signature in (one, other))
    overlap = float(np.mean(_values(one) == _values(other)))
    return min(1.0, overlap * (sizes[0] + sizes[1]) / (1 + overlap) / max(1, sizes[0]))
