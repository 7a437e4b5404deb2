"""The JSON-LD of a page: what it says of its article to machines."""

import json
import re
from collections.abc import Iterator
from typing import Any

_ARTICLE = re.compile(
    r"(?:News|Report|Opinion|Review|Analysis|Background|Blog|LiveBlog|Satirical|Advertiser)?"
    r"(?:NewsArticle|Article|Posting)$"
)
_DEEPEST = 6
""" "@graph" of lists of objects is three."""


def article_object(tree: Any) -> dict[str, Any]:
    """The object that describes the article; empty where there is none that can be read."""
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        try:
            value = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for one in _objects(value, depth=0):
            if any(_ARTICLE.search(kind) for kind in kinds(one)):
                return one
    return {}


def kinds(value: dict[str, Any]) -> tuple[str, ...]:
    """An object's types."""
    found = value.get("@type")
    return tuple(kind for kind in (found if isinstance(found, list) else [found]) if isinstance(kind, str))


def text(value: Any) -> str | None:
    """A string with its white space evened out; None for anything else or nothing."""
    return " ".join(value.split()) or None if isinstance(value, str) else None


def name(value: Any) -> str | None:
    """The name of a person or organization, given as text, object or list of them."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        inner = value.get("name") or (
            value.get("publisher") if isinstance(value.get("publisher"), dict) else None
        )
        return name(inner) if isinstance(inner, dict) else name(text(inner))
    found = text(value)
    return found if found and "://" not in found else None


def names(value: Any) -> tuple[str, ...]:
    """The names of one or several."""
    values = value if isinstance(value, list) else [value]
    return tuple(found for found in map(name, values) if found)


def address(value: Any) -> str | None:
    """The web address of a thing, given as text, object or list of them."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("url") or value.get("@id")
    found = text(value)
    return found if found and found.startswith(("http://", "https://")) else None


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(value.get(key), depth + 1)
    elif isinstance(value, list):
        for one in value:
            yield from _objects(one, depth + 1)
