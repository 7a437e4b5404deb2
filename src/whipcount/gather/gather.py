"""Everything that the paths name, one article or one error after the other."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BufferedReader
from typing import BinaryIO

from whipcount.article import Article, Basis, Dating
from whipcount.errors import ArticleError, EmptyArticle, NotAnArticle, TooLarge
from whipcount.gather import records
from whipcount.gather.files import Source, opened, sources
from whipcount.gather.kinds import HEAD, Kind, kind_of, what_binary
from whipcount.gather.records import LIMIT
from whipcount.page import Repetition, decode, mark, pages, plain

_LIST_LIMIT = 5 * LIMIT
"""Bytes of a JSON list, which has to be read whole; each of its articles has the limit of one."""
_WINDOW, _WINDOW_SIZE = 64, 4_000_000
"""Articles, and characters of them, that are looked at together."""


def gather(
    paths: Sequence[str],
    *,
    published: dt.date | None = None,
    outlet: str | None = None,
    url: str | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Article | ArticleError]:
    """The articles of files, folders and `-` (standard input), in order.

    They are taken some dozens at a time: what recurs across pages of one outlet is debris, however
    unknown. One article alone is always marked the same.

    What can't be read is an `ArticleError` in its place, one line that names the item, and the
    rest goes on. `published`, `outlet` and `url` fill in what an article lacks.
    """
    yield from _without_repeats(_each(paths, published, outlet, url, stdin))


def _without_repeats(items: Iterator[Article | ArticleError]) -> Iterator[Article | ArticleError]:
    """The same items, with what recurs across an outlet's pages marked: those of a window together, and all later ones."""
    learner = Repetition()
    window: list[Article | ArticleError] = []
    size = 0
    for item in items:
        window.append(item)
        if isinstance(item, Article):
            learner.add(item)
            size += len(item.text)
        if len(window) >= _WINDOW or size >= _WINDOW_SIZE:
            yield from _marked(window, learner)
            window, size = [], 0
    yield from _marked(window, learner)


def _marked(window: list[Article | ArticleError], learner: Repetition) -> Iterator[Article | ArticleError]:
    known = learner.known()
    for item in window:
        yield known.mark(item) if isinstance(item, Article) else item


def _each(
    paths: Sequence[str],
    published: dt.date | None,
    outlet: str | None,
    url: str | None,
    stdin: BinaryIO | None,
) -> Iterator[Article | ArticleError]:
    given = Dating(published, Basis.GIVEN) if published else None
    for source in sources(paths):
        if isinstance(source, ArticleError):
            yield source
            continue
        try:
            with opened(source, stdin) as file:
                for item in _articles(source, file, url):
                    if isinstance(item, ArticleError):
                        yield type(item)(f"{source.name}: {item}")
                    else:
                        yield mark(
                            replace(
                                item,
                                published=item.published or published,
                                dated=item.dated or (None if item.published else given),
                                outlet=item.outlet or outlet,
                                url=item.url or url,
                            )
                        )
        except ArticleError as error:
            yield type(error)(f"{source.name}: {error}")


def _articles(source: Source, file: BufferedReader, url: str | None) -> Iterator[Article | ArticleError]:
    head = file.peek(HEAD)[:HEAD]
    kind = kind_of(head, source.ending)
    if kind is Kind.BINARY:
        raise NotAnArticle(f"not text but {what_binary(head)}")
    if kind is Kind.LINES:
        yield from records.lines(file, source.stem)
        return
    listed = kind is Kind.JSON and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
    most = _LIST_LIMIT if listed else LIMIT
    data = file.read(most + 1)
    if len(data) > most:
        raise TooLarge(f"longer than {most // 1_000_000} MB")
    if kind is Kind.JSON:
        yield from records.document(data, source.stem)
        return
    text = decode(data)
    if not text.replace("\ufeff", "").strip():
        raise EmptyArticle("empty")
    if kind is Kind.PAGE:
        yield from pages(text, id=source.stem, url=url)
    else:
        yield plain(text, source.stem)
