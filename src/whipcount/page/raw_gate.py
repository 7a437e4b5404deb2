"""The first gate: can a page's bytes hold a position at all? Before any parse, in a fraction of its time.

What a reader never sees is cut away (scripts, styles) and so are menus and footers, where they say that they
are; the rest is weighed by its words like an article's text, and passes where it weighs enough. More text never
weighs less, so a page passes wherever the article on it would (`read/gate.py`), save one of two sentences.

Nearly all pages of a crawl hold nothing, so they are weighed first with all their tags and menus, which takes a
fraction of the time: what is too light even then needs no closer look. Hyperscan finds all words in one pass.
"""

import re
from collections.abc import Sequence
from threading import local

from hyperscan import HS_FLAG_CASELESS, Database

from whipcount.page.gate_words import table, weigh, weighed

_SCRIPT = len(b"</script")
_UNSEEN = tuple((b"<" + name, b"</" + name) for name in (b"style", b"svg", b"select", b"nav", b"footer"))
_LINKED, _ARTICLE_BODY = b"ld+json", b'"articleBody"'
"""A page may carry its text in a script, for programs, which then is looked at."""
_TAG = 200
"""Bytes in which an opening tag says its kind."""
_BETWEEN_TAGS = re.compile(rb">([^<]+)")
_SHY = rb"&shy;|&#173;|&#xad;|\xc2\xad"
"""Soft hyphens stand within words."""
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_ELECTORAL = 1


def may_hold(raw: bytes) -> bool:
    """Whether a page is worth parsing, by its bytes in any encoding of Latin letters; what is in another passes."""
    if raw.startswith(_WIDE) or b"\0" in raw[:256]:
        return True
    page = _without_scripts(raw)
    words = [word for word, _ in _finders.words(page)]
    if _finders.shy in words:
        page = re.sub(_SHY, b"", page)
        words = [word for word, _ in _finders.words(page)]
    return weighed(words).enough(_ELECTORAL) and weigh(_seen(page)).enough(_ELECTORAL)


def _seen(page: bytes) -> bytes:
    """What of a page without scripts a reader would see, roughly. Tags in capitals are not known: what they hide is weighed too."""
    for opening, closing in _UNSEEN:
        page = _without(page, opening, closing)
    return b" ".join(_BETWEEN_TAGS.findall(b">" + page))


class _Finder:
    """Finds any of many expressions, in whatever case."""

    def __init__(self, expressions: Sequence[bytes]) -> None:
        self._database = Database()
        self._database.compile(expressions=expressions, flags=[HS_FLAG_CASELESS] * len(expressions))

    def __call__(self, data: bytes) -> list[tuple[int, int]]:
        """The number of each expression that was found, and the byte after it, in order."""
        found: list[tuple[int, int]] = []

        def take(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            found.append((number, end))

        self._database.scan(data, match_event_handler=take)
        return found


class _Finders(local):
    """Those of a thread: a search needs memory of its own."""

    def __init__(self) -> None:
        self.scripts = _Finder([b"<script", b"</script"])
        words = [b"[^a-zA-Z]" + word + b"[^a-zA-Z]" for word in table().words]
        self.words = _Finder([*words, _SHY])
        self.shy = len(words)


_finders = _Finders()


def _without_scripts(page: bytes) -> bytes:
    """A page without its scripts, save those that carry the article; one that is never closed stays.

    Blanks around it make its first and last words like the others.
    """
    parts = [b""]
    done, opened = 0, -1
    for closing, end in _finders.scripts(page):
        if not closing:
            opened = end if opened < 0 and _is_whole_name(page, end) else opened
        elif opened >= 0:
            if not _has_text(page, opened, end):
                parts.append(page[done : opened - _SCRIPT + 1])
                done = end
            opened = -1
    return b" ".join([*parts, page[done:], b""])


def _is_whole_name(page: bytes, end: int) -> bool:
    """Whether a tag's name does not go on: <navigation>."""
    follows = page[end : end + 1]
    return not follows.isalnum() and follows != b"-"


def _has_text(page: bytes, start: int, end: int) -> bool:
    """Whether a script carries the article."""
    return page.find(_LINKED, start, start + _TAG) >= 0 and page.find(_ARTICLE_BODY, start, end) >= 0


def _without(page: bytes, opening: bytes, closing: bytes) -> bytes:
    """A page without its elements of one name; one that is never closed stays."""
    at = page.find(opening)
    if at < 0:
        return page
    parts, done = [], 0
    while at >= 0:
        if not _is_whole_name(page, at + len(opening)):
            at = page.find(opening, at + len(opening))
            continue
        end = page.find(closing, at)
        if end < 0:
            break
        parts.append(page[done:at])
        done = end + len(closing)
        at = page.find(opening, end)
    parts.append(page[done:])
    return b" ".join(parts)
