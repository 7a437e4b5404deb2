"""Sitemaps, those of news among them, and indexes of sitemaps.

Read with regular expressions over each entry and not as XML: a stray "&" (the commonest fault)
costs its entry alone, and there are no entities to blow up. Every step is linear in the text.
"""

import html
import re

from whipcount.gather.feed_entries import Child, Entry, Feed, FeedKind, address, dating, moment

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ENTRY = re.compile(r"<(?:[\w-]+:)?(url|sitemap)(?:\s[^<>]*)?>")
_FIELD = re.compile(
    r"<(?:([\w-]+):)?(loc|lastmod|publication_date|title)(?:\s[^<>]*)?>(?:\s*<!\[CDATA\[(.*?)\]\]>|([^<]*))",
    re.DOTALL,
)
_MOST = 50_000
"""The protocol's own limit."""
_LONGEST = 20_000
"""Characters of one entry that are looked at."""


def sitemap(text: str, base: str) -> Feed:
    """The entries of a sitemap, or the children of an index; `base` is its address."""
    pieces = _ENTRY.split(_COMMENT.sub("", text))
    entries: list[Entry] = []
    children: list[Child] = []
    broken = 0
    # What stands before the first entry is of no interest; then come a name and a piece by turns.
    for name, piece in list(zip(pieces[1::2], pieces[2::2], strict=True))[:_MOST]:
        fields = _fields(piece[:_LONGEST])
        url = address(fields.get("loc"), base)
        if url is None:
            broken += 1
        elif name == "sitemap":
            children.append(Child(url, moment(fields.get("lastmod"))))
        else:
            entries.append(
                Entry(
                    url,
                    fields.get("title", ""),
                    dating(fields.get("publication_date")),
                    moment(fields.get("lastmod")),
                )
            )
    return Feed(FeedKind.SITEMAP, tuple(entries), tuple(children), broken)


def _fields(piece: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _FIELD.finditer(piece):
        prefix, name, quoted, plain = match.groups()
        # An image or a video of the page has a place and a title of its own.
        if prefix not in {"image", "video"}:
            value = quoted if quoted is not None else html.unescape(plain)
            found.setdefault(name, " ".join(value.split()))
    return found
