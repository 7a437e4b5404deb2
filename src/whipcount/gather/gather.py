"""Everything that the paths name, one article or one error after the other."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from whipcount.addresses import host_of, is_address
from whipcount.article import Article
from whipcount.errors import ArticleError, EmptyArticle, FetchError, NotAnArticle, TooLarge
from whipcount.gather import records
from whipcount.gather.fetch import Fetched, Fetcher, FetchSettings
from whipcount.gather.files import Source, opened, sources
from whipcount.gather.given import Given
from whipcount.gather.kinds import HEAD, Kind, kind_of, what_binary
from whipcount.gather.records import LIMIT
from whipcount.gather.together import together
from whipcount.page import charset_of, decode, mark, pages, plain, without_repeats

_LIST_LIMIT = 5 * LIMIT
"""Bytes of a JSON list, which has to be read whole; each of its articles has the limit of one."""


def gather(
    paths: Sequence[str],
    *,
    published: dt.date | None = None,
    outlet: str | None = None,
    url: str | None = None,
    stdin: BinaryIO | None = None,
    fetching: FetchSettings | None = None,
) -> Iterator[Article | ArticleError]:
    """The articles of files, folders, `-` (standard input) and addresses (`https://…`), in order.

    They are taken some dozens at a time: what recurs across pages of one outlet is debris, however
    unknown. One article alone is always marked the same.

    What can't be read is an `ArticleError` in its place, one line that names the item, and the
    rest goes on. `published`, `outlet` and `url` fill in what an article lacks. Addresses are fetched
    several at a time, as `fetching` has it, while the articles before them are worked on.
    Raises `SettingsError` where that makes no sense.
    """
    given = Given(published, outlet, url)
    yield from without_repeats(_each(paths, given, stdin, fetching or FetchSettings()))


def _each(
    paths: Sequence[str],
    given: Given,
    stdin: BinaryIO | None,
    fetching: FetchSettings,
) -> Iterator[Article | ArticleError]:
    """The articles with what the user gave where they lack it."""
    answers = _answers([path for path in paths if is_address(path)], fetching)
    for path in paths:
        items = _answered(next(answers)) if is_address(path) else _found(path, given.url, stdin)
        for item in items:
            if isinstance(item, ArticleError):
                yield item
            else:
                yield mark(given.fill(item))


def _found(path: str, url: str | None, stdin: BinaryIO | None) -> Iterator[Article | ArticleError]:
    """The articles of a file, a folder or standard input."""
    for source in sources([path]):
        if isinstance(source, ArticleError):
            yield source
            continue
        try:
            with opened(source, stdin) as file:
                yield from _named(source, _articles(source, file, url))
        except ArticleError as error:
            yield _about(source.name, error)


def _answers(urls: Sequence[str], settings: FetchSettings) -> Iterator[tuple[str, Fetched | FetchError]]:
    """What became of each address."""
    if not urls:
        return
    with Fetcher(settings) as fetcher:

        def fetch(url: str) -> tuple[str, Fetched | FetchError]:
            try:
                return url, fetcher.fetch(url)
            except FetchError as error:
                return url, error

        yield from together(urls, fetch, lane=_lane, at_once=settings.at_once)


def _lane(url: str) -> str:
    return host_of(url) or url


def _answered(answer: tuple[str, Fetched | FetchError]) -> Iterator[Article | ArticleError]:
    """The articles of what was fetched: a page mostly, but records and texts as well."""
    asked, fetched = answer
    if isinstance(fetched, FetchError):
        yield _about(asked, fetched)
        return
    parts = urlsplit(fetched.url)
    source = Source(asked, Path(next(filter(None, reversed(parts.path.split("/"))), parts.netloc)))
    with BufferedReader(BytesIO(fetched.body), HEAD) as file:
        try:
            yield from _named(source, _articles(source, file, fetched.url, fetched.headers))
        except ArticleError as error:
            yield _about(asked, error)


def _named(source: Source, items: Iterator[Article | ArticleError]) -> Iterator[Article | ArticleError]:
    for item in items:
        yield _about(source.name, item) if isinstance(item, ArticleError) else item


def _about(name: str, error: ArticleError) -> ArticleError:
    """The error as the one line that names the item; whatever else it knows stays with it."""
    error.args = (f"{name}: {error}",)
    return error


def _articles(
    source: Source, file: "BufferedReader[Any]", url: str | None, headers: Mapping[str, str] | None = None
) -> Iterator[Article | ArticleError]:
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
    text = decode(data, charset_of(headers))
    if not text.replace("\ufeff", "").strip():
        raise EmptyArticle("empty")
    if kind is Kind.PAGE:
        yield from pages(text, id=source.stem, url=url, headers=headers)
    else:
        yield replace(plain(text, source.stem), url=url)
