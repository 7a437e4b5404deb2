"""One saved page to one `Article`: trafilatura finds the text. Entry: `page`."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from trafilatura import bare_extraction
from trafilatura.utils import load_html

from whipcount.article import Article
from whipcount.errors import NotAnArticle
from whipcount.page.encoding import charset_of, decode
from whipcount.page.metadata import Metadata, metadata

# trafilatura reports trouble with a page in its log; what users need to know is in our errors.
for _name in ("trafilatura", "htmldate"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

_FEWEST_WORDS = 12
"""Less than this is a menu, a notice or an error page."""
_BULLET = "• "


def page(
    html: bytes | str,
    *,
    id: str,  # noqa: A002 - the field's name
    url: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Article:
    """The article on a page, not yet marked; `url` is where the page was found, if that is known.

    `headers` are those that it came with. The article's address is the one that the page gives as its own
    (`addresses.own`), so that a page which was found at several is one article. `text` is the title, a blank line, and the paragraphs with blank lines between them; items
    of a list begin with "• ". Raises `NotAnArticle` where the page holds none.
    """
    from whipcount.gather.addresses import own  # noqa: PLC0415 - gather itself loads this stage

    source = html if isinstance(html, str) else decode(html, charset_of(headers))
    try:
        about, body = _extract(source.removeprefix("\ufeff"), url)
    except Exception as error:  # the libraries raise all sorts of things on hostile pages
        raise NotAnArticle(f"the page can't be parsed ({type(error).__name__})") from error
    if body and body[0] == about.title:
        del body[0]
    if sum(len(paragraph.split()) for paragraph in body) < _FEWEST_WORDS:
        raise NotAnArticle("no article on the page")
    return Article(
        id=id,
        text="\n\n".join([about.title, *body] if about.title else body),
        title=about.title,
        outlet=about.outlet,
        original_outlet=about.based_on or _elsewhere(about.url, url),
        published=about.published,
        url=own(url, about.url),
        authors=about.authors or ((about.byline,) if about.byline else ()),
    )


def _extract(source: str, url: str | None) -> tuple[Metadata, list[str]]:
    tree = load_html(source)
    if tree is None:
        return Metadata(), []
    about = metadata(tree, url)
    # Extraction takes the tree apart, so it comes last.
    found: Any = bare_extraction(tree, url=url, include_comments=False, include_tables=False)
    return about, [] if found is None or found.body is None else list(_paragraphs(found.body))


def _paragraphs(body: Any) -> Iterator[str]:
    for element in body:
        if element.tag in {"list", "quote", "table"} and len(element):
            parts = [element.text]
            for child in element:
                parts += ["".join(child.itertext()), child.tail]
            bullet = _BULLET if element.tag == "list" else ""
            yield from (bullet + words for part in parts if (words := _line(part)))
        elif words := _line("".join(element.itertext())):
            yield words
        if tail := _line(element.tail):
            yield tail


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _elsewhere(canonical: str | None, url: str | None) -> str | None:
    """The canonical page's site where it is not that of the page."""
    here, there = _site(url), _site(canonical)
    return there if here and there and here != there else None


def _site(url: str | None) -> str | None:
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None
