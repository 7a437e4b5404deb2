"""What a page says of itself: JSON-LD first, then meta elements and what trafilatura finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from trafilatura.metadata import extract_metadata

from whipcount.article import Dating
from whipcount.outlet_table import bare_host
from whipcount.page import linked as ld
from whipcount.page.dates import PageDates, page_dates
from whipcount.page.origin import Origin, origin
from whipcount.page.walk import words

_NO_DATE = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}
"""For htmldate, which trafilatura asks in any case: the same today as tomorrow. Its date is not used."""
_BYLINES = (
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' byline ') or contains(@class, 'byline')"
    " or contains(@class, 'article-author') or @rel='author' or @itemprop='author']"
)
_LONGEST_BYLINE = 200


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself."""

    title: str = ""
    origin: Origin = field(default_factory=Origin)
    dates: PageDates = field(default_factory=PageDates)
    url: str | None = None
    """The page's own address as it gives it: the canonical one."""
    authors: tuple[str, ...] = ()
    byline: str = ""
    linked: Mapping[str, Any] = field(default_factory=dict)
    """Its JSON-LD object."""
    section: str = ""
    """The part of the paper, as JSON-LD or a meta element has it."""


def metadata(tree: Any, url: str | None, headers: Mapping[str, str], fed: Dating | None) -> Metadata:
    """What the page says of itself; `url` is the address that it was fetched from."""
    linked = ld.article_object(tree)
    found = extract_metadata(tree, url, dict(_NO_DATE))
    canonical = _canonical(tree, url)
    return Metadata(
        title=ld.text(linked.get("headline")) or ld.text(found.title) or "",
        origin=origin(
            tree, linked, url=url, canonical=canonical, site=_site(found.sitename, canonical or url)
        ),
        dates=page_dates(tree, linked, url=url or canonical, headers=headers, fed=fed),
        url=canonical or url,
        authors=ld.names(linked.get("author")) or _split_authors(found.author),
        byline=_byline(tree),
        linked=linked,
        section=_section(tree, linked),
    )


def _split_authors(names: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (names or "").split(";") if name.strip())


def _site(name: str | None, url: str | None) -> str | None:
    """The site's name; None where trafilatura only gives its host."""
    host = bare_host(url)
    return None if not name or (host and name.lower().removeprefix("www.") == host) else ld.text(name)


def _section(tree: Any, linked: Mapping[str, Any]) -> str:
    said = linked.get("articleSection")
    parts = [one for one in (said if isinstance(said, list) else [said]) if isinstance(one, str)]
    parts += tree.xpath("//meta[@property='article:section' or @name='section']/@content")
    return " | ".join(" ".join(part.split()) for part in parts)


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
        line = words(element, _LONGEST_BYLINE)
        if line and len(line) <= _LONGEST_BYLINE:
            return line
    return ""
