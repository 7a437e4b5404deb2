"""What a page says of itself: JSON-LD first, then meta elements and what trafilatura finds."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from trafilatura.metadata import extract_metadata

_ARTICLE = re.compile(
    r"(?:News|Report|Opinion|Review|Analysis|Background|Blog|LiveBlog)?(?:Article|Posting)$"
)
_NO_EARLIEST = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}
"""For htmldate: the day of publication, never guessed from the text, and the same today as tomorrow."""
_BYLINES = (
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' byline ') or contains(@class, 'byline')"
    " or contains(@class, 'article-author') or @rel='author' or @itemprop='author']"
)
_LONGEST_BYLINE = 200


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself."""

    title: str = ""
    outlet: str | None = None
    published: dt.date | None = None
    url: str | None = None
    """The page's own address as it gives it: the canonical one."""
    authors: tuple[str, ...] = ()
    byline: str = ""
    based_on: str | None = None
    """The outlet that the page names as its source, in JSON-LD."""


def metadata(tree: Any, url: str | None) -> Metadata:
    """What the page says of itself; `url` is the address that it was fetched from."""
    linked = _article_object(tree)
    found = extract_metadata(tree, url, dict(_NO_EARLIEST))
    canonical = _canonical(tree, url)
    return Metadata(
        title=_one_line(_text(linked.get("headline")) or found.title or ""),
        outlet=_name(linked.get("publisher")) or _site(found.sitename, canonical or url),
        published=_day(linked.get("datePublished")) or _day(found.date),
        url=canonical or url,
        authors=_names(linked.get("author")) or _split_authors(found.author),
        byline=_byline(tree),
        based_on=_name(linked.get("sourceOrganization")) or _name(linked.get("isBasedOn")),
    )


def _article_object(tree: Any) -> dict[str, Any]:
    """The JSON-LD object that describes the article."""
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        try:
            value = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for one in _objects(value, depth=0):
            kinds = one.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and _ARTICLE.search(kind) for kind in kinds):
                return one
    return {}


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 6:  # "@graph" of lists of objects is three
        return
    if isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(value.get(key), depth + 1)
    elif isinstance(value, list):
        for one in value:
            yield from _objects(one, depth + 1)


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _name(value: Any) -> str | None:
    """The name of a person or organization, as text, object or list of them."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or (
            value.get("publisher") if isinstance(value.get("publisher"), dict) else None
        )
        return _name(value) if isinstance(value, dict) else _name(_text(value))
    text = _text(value)
    return _one_line(text) if text and "://" not in text else None


def _names(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(name for name in map(_name, values) if name)


def _split_authors(names: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (names or "").split(";") if name.strip())


def _site(name: str | None, url: str | None) -> str | None:
    """The site's name; None where trafilatura only gives its host."""
    host = _host(url)
    return None if not name or (host and name.lower().removeprefix("www.") == host) else _one_line(name)


def _host(url: str | None) -> str | None:
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value.strip()[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _canonical(tree: Any, url: str | None) -> str | None:
    for href in tree.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"):
        try:
            address: str = urljoin(url or "", href.strip())
            if urlsplit(address).scheme in {"http", "https"}:
                return address
        except ValueError:
            continue
    return None


def _byline(tree: Any) -> str:
    for element in tree.xpath(_BYLINES):
        text = _one_line(element.text_content())
        if text and len(text) <= _LONGEST_BYLINE:
            return text
    return ""
