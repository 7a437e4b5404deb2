"""Names made comparable, and the best form of several."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

_APOSTROPHES = re.compile(r"['’‘ʼ`´.]")
_NOT_WORD = re.compile(r"[^\w]+")
# Accents of European scripts only: in others the marks are letters of their own.
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_INITIALS = re.compile(r"\b(?:[^\W\d_] )+[^\W\d_]\b")
_JUNIOR = {"junior": "jr", "senior": "sr"}


@lru_cache(maxsize=1 << 16)
def normal_name(name: str) -> str:
    """The form under which two spellings of one name are equal.

    Case, accents, punctuation and a leading "the" go; initials close up ("J. D." is "jd");
    Jr and Sr stay, as father and son are two people.
    """
    folded = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold()
    plain = _APOSTROPHES.sub("", _ACCENTS.sub("", folded))
    words = unicodedata.normalize("NFC", _NOT_WORD.sub(" ", plain).strip()).split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    if len(words) > 2:
        words[-1] = _JUNIOR.get(words[-1], words[-1])
    joined = _INITIALS.sub(lambda run: run.group().replace(" ", ""), " ".join(words))
    return joined or folded.strip()


def best_name(names: Iterable[str]) -> str:
    """The form to show of several spellings of one name: the same whatever their order.

    The commonest; among equals one that is not in capitals, then the one with accents, then
    the longer.
    """
    counts = Counter(names)
    if len(counts) == 1:
        return next(iter(counts))
    return max(
        counts, key=lambda name: (counts[name], not name.isupper(), not name.isascii(), len(name), name)
    )
