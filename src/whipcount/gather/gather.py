"""Everything that the paths name, one article or one error after the other."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BufferedReader
from typing import BinaryIO

from whipcount.article import Article
from whipcount.errors import ArticleError, EmptyArticle, NotAnArticle, TooLarge
from whipcount.gather import records
from whipcount.gather.files import Source, opened, sources
from whipcount.gather.kinds import HEAD, Kind, kind_of, what_binary
from whipcount.gather.records import LIMIT
from whipcount.page import decode, mark, page, plain

_LIST_LIMIT = 5 * LIMIT
"""Bytes of a JSON list, which has to be read whole; each of its articles has the limit of one."""


def gather(
    paths: Sequence[str],
    *,
    published: dt.date | None = None,
    outlet: str | None = None,
    url: str | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Article | ArticleError]:
    """The articles of files, folders and `-` (standard input), in order.

    What can't be read is an `ArticleError` in its place, one line that names the item, and the
    rest goes on. `published`, `outlet` and `url` fill in what an article lacks.
    """
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
    yield page(text, id=source.stem, url=url) if kind is Kind.PAGE else plain(text, source.stem)
