"""The dated entries of a live blog. Entry: `entries`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import html as lxml_html
from lxml.etree import ParserError

from whipcount.article import Basis, Dating
from whipcount.page import linked as ld
from whipcount.page.dates import stamp
from whipcount.page.walk import visible, words

_FEWEST = 2
"""One dated block is an article; from two on they are entries."""
_FEWEST_WORDS = 4
_MOST = 2000
_LONGEST = 100_000
_MOST_PLACES = 8
_LIVE = re.compile(r"(?:^|[\s_-])live-?_?(?:blog|updates?|coverage|feed|stream)", re.IGNORECASE)
_ENTRY = re.compile(
    r"(?:^|\s)(?:[\w-]*live-?_?(?:blog|update|feed)[\w-]*?[_-]+(?:post|entry|update|item|card|block)|live-?(?:post|entry|update|item)|(?:post|entry|update|block)(?:[_-]+(?:block|item|card))?)(?=\s|$)",
    re.IGNORECASE,
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4"))
_PARAGRAPHS = frozenset(("p", "li", "blockquote"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a live blog."""

    title: str
    paragraphs: tuple[str, ...]
    dated: Dating | None = None
    anchor: str | None = None
    """Its address, or its place on the page (`#…`)."""
    authors: tuple[str, ...] = ()


def entries(tree: Any, linked: Mapping[str, Any]) -> tuple[Entry, ...]:
    """The entries in the page's order, from JSON-LD where it has their text, else from the page; empty for any other page."""
    declared = "LiveBlogPosting" in ld.kinds(dict(linked))
    found = tuple(_from_linked(linked)) if declared else ()
    for place in [] if len(found) >= _FEWEST else _places(tree, declared=declared):
        found = tuple(_from_page(place))
        if len(found) >= _FEWEST:
            break
    return found if len(found) >= _FEWEST else ()


def _from_linked(linked: Mapping[str, Any]) -> Iterator[Entry]:
    updates = linked.get("liveBlogUpdate")
    for one in (updates if isinstance(updates, list) else [updates])[:_MOST]:
        if not isinstance(one, dict):
            continue
        body = one.get("articleBody") or one.get("description")
        paragraphs = tuple(_lines(body)) if isinstance(body, str) else ()
        if sum(len(line.split()) for line in paragraphs) >= _FEWEST_WORDS:
            yield Entry(
                title=ld.text(one.get("headline")) or "",
                paragraphs=paragraphs,
                dated=stamp(one.get("datePublished"), Basis.JSON_LD)
                or stamp(one.get("dateModified"), Basis.JSON_LD),
                anchor=ld.address(one),
                authors=ld.names(one.get("author")),
            )


def _lines(body: str) -> Iterator[str]:
    body = body[:_LONGEST]
    if "<" in body:
        try:
            tree = lxml_html.fragment_fromstring(body, create_parent="div")
        except (ParserError, ValueError):
            return
        for block in tree.iter("p", "li", "br", "div"):
            block.tail = f"\n{block.tail or ''}"
        body = tree.text_content()
    for line in body.splitlines():
        if found := " ".join(line.split()):
            yield found


def _places(tree: Any, *, declared: bool) -> list[Any]:
    """Where on the page a live blog may be: what is called so, and all of it where JSON-LD says that it is one."""
    called = [
        element
        for element in tree.iter("body", "main", "article", "section", "div", "ul", "ol")
        if _LIVE.search(f"{element.get('class') or ''} {element.get('id') or ''}")
        or (element.get("itemtype") or "").endswith("LiveBlogPosting")
    ]
    return [*called[:_MOST_PLACES], *([tree] if declared else [])]


def _from_page(tree: Any) -> Iterator[Entry]:
    block: Any = None
    inside: set[Any] = set()
    blocks = 0
    for element in visible(tree):
        # Elements come in order, so those of a block follow it.
        if block is not None and element.getparent() in inside:
            inside.add(element)
            continue
        block = None
        if element.tag in {"div", "article", "section", "li"} and _ENTRY.search(
            f"{element.get('class') or ''}"
        ):
            when = next(iter(element.iter("time")), None)
            if when is not None and when.get("datetime"):
                block, inside = element, {element}
                blocks += 1
                if blocks > _MOST:
                    return
                if entry := _entry(element, when.get("datetime")):
                    yield entry


def _entry(block: Any, when: str) -> Entry | None:
    title = ""
    paragraphs: list[str] = []
    for element in visible(block):
        if element.tag in _HEADINGS and not title:
            title = words(element, _LONGEST)
        elif element.tag in _PARAGRAPHS and element.getparent().tag not in _PARAGRAPHS:
            line = words(element, _LONGEST)
            if line:
                paragraphs.append(line)
    if sum(len(line.split()) for line in paragraphs) < _FEWEST_WORDS:
        return None
    return Entry(
        title=title,
        paragraphs=tuple(paragraphs),
        dated=stamp(when, Basis.META),
        anchor=f"#{block.get('id')}" if block.get("id") else None,
    )
