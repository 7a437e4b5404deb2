"""The first gate: can a page's bytes hold a position at all? Before any parse, in a fraction of its time.

What a reader never sees is cut away (scripts, styles) and so are menus and footers, where they say that they
are; the rest is weighed by its words like an article's text, and passes where it weighs enough. More text never
weighs less, so a page passes wherever the article on it would (`read/gate.py`), save one of two sentences.
"""

import re
from collections.abc import Callable

from whipcount.page.gate_words import weigh

_SCRIPT = (b"<script", b"</script")
_UNSEEN = tuple((b"<" + name, b"</" + name) for name in (b"style", b"svg", b"select", b"nav", b"footer"))
_LINKED, _ARTICLE_BODY = b"ld+json", b'"articleBody"'
"""A page may carry its text in a script, for programs, which then is looked at."""
_TAG = 200
"""Bytes in which an opening tag says its kind."""
_BETWEEN_TAGS = re.compile(rb">([^<]+)")
_SHY = re.compile(rb"&shy;|&#173;|&#xad;|\xc2\xad")
"""Soft hyphens stand within words."""
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_ELECTORAL = 1


def may_hold(raw: bytes) -> bool:
    """Whether a page is worth parsing, by its bytes in any encoding of Latin letters; what is in another passes."""
    if raw.startswith(_WIDE) or b"\0" in raw[:256]:
        return True
    return weigh(_seen(raw)).enough(_ELECTORAL)


def _seen(page: bytes) -> bytes:
    """What of a page a reader would see, roughly. Tags in capitals are not known: what they hide is weighed too."""
    page = _without(page, *_SCRIPT, but=_has_text)
    for opening, closing in _UNSEEN:
        page = _without(page, opening, closing)
    text = b" ".join(_BETWEEN_TAGS.findall(b">" + page))
    return _SHY.sub(b"", text) if b"&shy;" in text or b"\xc2\xad" in text or b"&#" in text else text


def _has_text(element: bytes) -> bool:
    """Whether a script carries the article."""
    return _LINKED in element[:_TAG] and _ARTICLE_BODY in element


def _without(
    page: bytes, opening: bytes, closing: bytes, but: Callable[[bytes], bool] | None = None
) -> bytes:
    """A page without its elements of one name, save those for which `but` holds; one that is never closed stays."""
    at = page.find(opening)
    if at < 0:
        return page
    parts, done = [], 0
    while at >= 0:
        follows = page[at + len(opening) : at + len(opening) + 1]
        if follows.isalnum() or follows == b"-":  # the name goes on: <navigation>
            at = page.find(opening, at + len(opening))
            continue
        end = page.find(closing, at)
        if end < 0:
            break
        if but is None or not but(page[at:end]):
            parts.append(page[done:at])
            done = end + len(closing)
        at = page.find(opening, end)
    parts.append(page[done:])
    return b" ".join(parts)
