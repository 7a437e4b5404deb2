"""From plain text to an `Article`, the text kept as it is."""

import re

from whipcount.article import Article

_LONGEST_TITLE = 200
_BULLET = re.compile(r"\s*(?:[•▪‣◦●·*–—-]\s|\d{1,2}[.)]\s)")
_DATELINE = re.compile(
    r"[^.!?]{0,60}\((?:AP|Reuters|UPI|AFP|CNN)\)|[A-Z][A-Z .,'’-]{3,40}(?:, [A-Z][\w.]+ ?\d{0,2})? [—–-]{1,2} "
)


def plain(text: str, id: str) -> Article:  # noqa: A002 - the field's name
    """The article that a text file holds: `text` unchanged, its first line the title where it reads as one."""
    return Article(id=id, text=text, title=title_of(text))


def title_of(text: str) -> str:
    """The first line, if it is short, no bullet and no dateline, and a blank line or nothing follows."""
    lines = text.lstrip("\ufeff\r\n\t ").splitlines()
    first = lines[0].strip() if lines else ""
    if not first or len(first) > _LONGEST_TITLE or _BULLET.match(first) or _DATELINE.match(first):
        return ""
    return first if len(lines) == 1 or not lines[1].strip() else ""
