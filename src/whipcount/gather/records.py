"""JSON and JSONL: one record after the other, however long the file."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

from whipcount.article import Article, Basis
from whipcount.errors import ArticleError, BrokenRecord, EmptyArticle, TooLarge
from whipcount.outlet_table import OutletKind, outlet_named, outlet_of
from whipcount.page import decode, stamp

LIMIT = 20_000_000
"""The longest article, in characters of text or bytes of file."""
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_AUTHORS = re.compile(r"\s*(?:;|,(?!\s*(?:jr|sr|[iv]+)\b)|\band\b|&)\s*", re.IGNORECASE)
_CHUNK = 1 << 16


def lines(file: io.BufferedReader, stem: str) -> Iterator[Article | ArticleError]:
    """The records of JSON lines; a bad line is an error of its own."""
    number = 0
    while line := file.readline(LIMIT + 1):
        number += 1
        if len(line) > LIMIT:
            while line and not line.endswith(b"\n"):
                line = file.readline(_CHUNK)
            yield TooLarge(f"line {number}: longer than {LIMIT // 1_000_000} MB")
        elif line.strip(b" \t\r\n\xef\xbb\xbf"):
            try:
                yield _article(_loads(line, number), f"{stem}-{number}")
            except ArticleError as error:
                yield type(error)(f"line {number}: {error}")


def document(data: bytes, stem: str) -> Iterator[Article | ArticleError]:
    """The record of a JSON document, or the records of its list."""
    value = _loads(data)
    if isinstance(value, list):
        if not value:
            raise EmptyArticle("a list without records")
        for number, record in enumerate(value, 1):
            try:
                yield _article(record, f"{stem}-{number}")
            except ArticleError as error:
                yield type(error)(f"record {number}: {error}")
    else:
        yield _article(value, stem)


def _loads(data: bytes, line: int | None = None) -> Any:
    try:
        return json.loads(decode(data).removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        text = error.doc.rstrip()
        cut = error.pos >= len(text) or error.msg.startswith("Unterminated string")
        what = "truncated JSON" if cut else f"malformed JSON ({error.msg.lower()})"
        # Of a line its number is said already.
        raise BrokenRecord(what if line else f"{what} at line {error.lineno}") from None
    except RecursionError:
        raise BrokenRecord("JSON nested too deeply") from None
    except ValueError as error:  # a number of thousands of digits
        raise BrokenRecord(f"malformed JSON ({error})") from None


def _article(record: Any, fallback_id: str) -> Article:
    if not isinstance(record, dict):
        raise BrokenRecord(f"a record must be an object, not {type(record).__name__}")
    body = record.get("text")
    if body is None:
        raise BrokenRecord("the record lacks its text")
    if not isinstance(body, str):
        raise BrokenRecord(f"the record's text must be a string, not {type(body).__name__}")
    if not body.strip():
        raise EmptyArticle("the record's text is empty")
    title = _string(record, "title")
    text = f"{title}\n\n{body}" if title else body
    if len(text) > LIMIT:
        raise TooLarge(f"longer than {LIMIT // 1_000_000} MB")
    if "\0" in text or _LONE_SURROGATE.search(text):
        raise BrokenRecord("the record's text holds broken Unicode")
    dated = stamp(_string(record, "published"), Basis.GIVEN)
    url = _string(record, "url") or None
    outlet, original = _outlets(_string(record, "outlet") or None, url)
    return Article(
        id=_string(record, "id") or fallback_id,
        text=text,
        title=title,
        outlet=outlet,
        original_outlet=original,
        published=dated.day if dated else None,
        url=url,
        authors=_authors(record.get("authors")),
        dated=dated,
    )


def _outlets(named: str | None, url: str | None) -> tuple[str | None, str | None]:
    """Who publishes a record, and whom it copies: the table's word on its address goes before a name that nobody knows.

    Collections name a column's author there, or a desk of their own ("News, right").
    """
    there = outlet_of(url)
    if there is None or outlet_named(named):
        return named, None
    return there.name, named if there.kind is OutletKind.AGGREGATOR else None


def _string(record: dict[str, Any], field: str) -> str:
    value = record.get(field)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return ""
    return _LONE_SURROGATE.sub("\ufffd", value).strip()


def _authors(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = _AUTHORS.split(value)
    if not isinstance(value, list):
        return ()
    return tuple(name for one in value if isinstance(one, str) and (name := " ".join(one.split())))
