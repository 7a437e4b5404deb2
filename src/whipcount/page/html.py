"""One saved page to one `Article`, or a live blog to several. Entries: `page` and `pages`.

trafilatura finds the text.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

from trafilatura import bare_extraction
from trafilatura.utils import load_html

from whipcount.addresses import own
from whipcount.article import Article, Dating, Fact, Span
from whipcount.errors import NotAnArticle
from whipcount.page.encoding import charset_of, decode
from whipcount.page.facts import facts_of_page
from whipcount.page.live import Entry, entries
from whipcount.page.metadata import Metadata, metadata
from whipcount.page.walk import words

# trafilatura reports trouble with a page in its log; what users need to know is in our errors.
for _name in ("trafilatura", "htmldate"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

_FEWEST_WORDS = 12
"""Less than this is a menu, a notice or an error page."""
_BULLET = "• "
_ASIDES = (
    "//figcaption | //blockquote[contains(@class, 'pull')] | //aside[contains(@class, 'pull')]"
    " | //*[contains(@class, 'pullquote') or contains(@class, 'pull-quote') or contains(@class, 'pull_quote')]"
    " | //*[contains(@class, 'caption') or contains(@class, 'photo-credit') or contains(@class, 'image-credit')]"
)
_PAYWALL = "//*[contains(@class, 'paywall') or contains(@id, 'paywall') or contains(@class, 'subscribe-') or contains(@class, 'regwall') or contains(@class, 'meter-')]"
_LONGEST_ASIDE = 1000
_MOST = 200


@dataclass(frozen=True, slots=True)
class _Found:
    """What a page holds."""

    about: Metadata
    body: tuple[str, ...] = ()
    asides: frozenset[str] = frozenset()
    """The words of captions and pull quotes, which may stand among the paragraphs."""
    pleas: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()


def page(
    html: bytes | str,
    *,
    id: str,  # noqa: A002 - the field's name
    url: str | None = None,
    headers: Mapping[str, str] | None = None,
    fed: Dating | None = None,
) -> Article:
    """The article on a page, not yet marked.

    `url` is where the page was found, `headers` are those of the answer that brought it, `fed` is the date
    that a feed gave. `text` is the title, a blank line, and the paragraphs with blank lines between them;
    items of a list begin with "• ". Raises `NotAnArticle` where the page holds none.
    """
    return _whole(_extracted(html, url, headers or {}, fed, live=False), id, url)


def pages(
    html: bytes | str,
    *,
    id: str,  # noqa: A002
    url: str | None = None,
    headers: Mapping[str, str] | None = None,
    fed: Dating | None = None,
) -> list[Article]:
    """The articles on a page: one, or each dated entry of a live blog, in the page's order.

    Takes and raises what `page` does. Entries have the ids `ID-1`, `ID-2` and so on, and their own dates.
    """
    found = _extracted(html, url, headers or {}, fed, live=True)
    if not found.entries:
        return [_whole(found, id, url)]
    about = found.about
    base = own(url, about.url)
    facts = facts_of_page(about.linked, about.section, (), ()) | {Fact.LIVE_BLOG}
    out: dict[str, Article] = {}
    for entry in found.entries:
        text = "\n\n".join([entry.title, *entry.paragraphs] if entry.title else entry.paragraphs)
        if text in out:
            continue
        dated = entry.dated
        out[text] = Article(
            id=f"{id}-{len(out) + 1}",
            text=text,
            title=entry.title,
            outlet=about.origin.outlet,
            original_outlet=about.origin.original,
            published=dated.day if dated else None,
            url=_joined(base, entry.anchor),
            authors=entry.authors or _authors(about),
            dated=dated,
            facts=facts,
        )
    return list(out.values())


def _whole(found: _Found, id: str, url: str | None) -> Article:  # noqa: A002
    about, body = found.about, list(found.body)
    if body and body[0] == about.title:
        del body[0]
    if sum(len(paragraph.split()) for paragraph in body) < _FEWEST_WORDS:
        raise NotAnArticle("no article on the page")
    text = "\n\n".join([about.title, *body] if about.title else body)
    dated = about.dates.published
    return Article(
        id=id,
        text=text,
        title=about.title,
        outlet=about.origin.outlet,
        original_outlet=about.origin.original,
        published=dated.day if dated else None,
        url=own(url, about.url),
        authors=_authors(about),
        dated=dated,
        modified=about.dates.modified,
        facts=facts_of_page(about.linked, about.section, body, found.pleas),
        asides=tuple(_spans(text, body, found.asides)),
    )


def _authors(about: Metadata) -> tuple[str, ...]:
    return about.authors or ((about.byline,) if about.byline else ())


def _joined(base: str | None, anchor: str | None) -> str | None:
    try:
        return urljoin(base or "", anchor) if anchor else base
    except ValueError:
        return base


def _spans(text: str, body: Sequence[str], asides: frozenset[str]) -> Iterator[Span]:
    """Where the paragraphs stand that are captions or pull quotes."""
    at = len(text) - sum(map(len, body)) - 2 * max(0, len(body) - 1)
    for line in body:
        if line in asides:
            yield Span(at, at + len(line))
        at += len(line) + 2


def _extracted(
    html: bytes | str, url: str | None, headers: Mapping[str, str], fed: Dating | None, *, live: bool
) -> _Found:
    source = html if isinstance(html, str) else decode(html, charset_of(headers))
    try:
        return _extract(source.removeprefix("\ufeff"), url, headers, fed, live=live)
    except Exception as error:  # the libraries raise all sorts of things on hostile pages
        raise NotAnArticle(f"the page can't be parsed ({type(error).__name__})") from error


def _extract(
    source: str, url: str | None, headers: Mapping[str, str], fed: Dating | None, *, live: bool
) -> _Found:
    tree = load_html(source)
    if tree is None:
        return _Found(Metadata())
    about = metadata(tree, url, headers, fed)
    found = _Found(
        about,
        asides=frozenset(_texts(tree, _ASIDES)),
        pleas=tuple(_texts(tree, _PAYWALL)),
        entries=entries(tree, about.linked) if live else (),
    )
    if found.entries:
        return found
    # Extraction takes the tree apart, so it comes last.
    text: Any = bare_extraction(tree, url=url, include_comments=False, include_tables=False)
    return replace(found, body=() if text is None or text.body is None else tuple(_paragraphs(text.body)))


def _texts(tree: Any, path: str) -> list[str]:
    texts = (words(element, _LONGEST_ASIDE) for element in tree.xpath(path)[:_MOST])
    return [text for text in texts if text and len(text) <= _LONGEST_ASIDE]


def _paragraphs(body: Any) -> Iterator[str]:
    for element in body:
        if element.tag in {"list", "quote", "table"} and len(element):
            parts = [element.text]
            for child in element:
                parts += ["".join(child.itertext()), child.tail]
            bullet = _BULLET if element.tag == "list" else ""
            yield from (bullet + line for part in parts if (line := _line(part)))
        elif line := _line("".join(element.itertext())):
            yield line
        if tail := _line(element.tail):
            yield tail


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
