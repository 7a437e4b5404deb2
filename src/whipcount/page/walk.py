"""Going through a page's elements once, leaving out what is not about its article."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

_OUTSIDE_TAGS = frozenset("script style noscript template svg nav footer aside iframe select".split())
_OUTSIDE = re.compile(
    r"(?:comments?|disqus|related|sidebar|recirc|recommended|most-?(?:read|popular|viewed)|teasers?|promos?|trending"
    r"|newsletter|footer|nav|menu|more-?(?:stories|news|from)|widget)(?:[_-].*)?",
    re.IGNORECASE,
)
_NEVER_OUTSIDE = frozenset(("html", "head", "body", "main", "article", "meta", "link", "title", "h1", "time"))


def visible(tree: Any) -> Iterator[Any]:
    """The page's elements in order, without menus, comments, lists of other articles and what is never shown."""
    for event, element in _steps(tree):
        if event == "start":
            yield element


def strings(tree: Any) -> Iterator[str]:
    """The pieces of text among them, in order, white space evened out."""
    for event, element in _steps(tree):
        text = element.text if event == "start" else element.tail
        if text and (words := " ".join(text.split())):
            yield words


def words(element: Any, most: int) -> str:
    """An element's text with its white space evened out; cut once it is longer than `most`."""
    parts: list[str] = []
    size = 0
    for part in element.itertext():
        parts.append(part)
        size += len(part)
        if size > most:
            break
    return " ".join(" ".join(parts).split())


def is_outside(element: Any) -> bool:
    """Whether an element by its name or class is not about the article."""
    if element.tag in _OUTSIDE_TAGS:
        return True
    if element.tag in _NEVER_OUTSIDE:
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    return any(_OUTSIDE.fullmatch(name) for name in names)


def _steps(tree: Any) -> Iterator[tuple[str, Any]]:
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        if not isinstance(element.tag, str):
            continue
        if event == "start" and is_outside(element):
            # Its end still comes: its tail is part of what is around it.
            walker.skip_subtree()
        else:
            yield event, element
