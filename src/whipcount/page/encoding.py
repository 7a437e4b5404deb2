"""Bytes to text: UTF-8, what the page declares, or what the bytes look like."""

import codecs
import logging
import re
from collections.abc import Mapping

import charset_normalizer

from whipcount.errors import NotAnArticle

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_DECLARED_WITHIN = 4096
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE | re.ASCII)
_WIDE = ("utf-16", "utf-32")
"""Without a byte order mark nothing in the bytes tells these."""
# Pages that declare these are written in Windows-1252, and browsers read them so: their curly
# quotation marks would be control characters otherwise.
_MEANT = dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii"), "cp1252")
_SAMPLE = 200_000
_VALID = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_STRAY = re.compile(r"[\ud800-\udfff]")
# What no text holds: control characters but tab, line and page ends, and the C1 block.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_CONTROL_SHARE = 0.002

logging.getLogger("charset_normalizer").setLevel(logging.WARNING)


def charset_of(headers: Mapping[str, str] | None) -> str | None:
    """The character encoding that an answer's Content-Type names."""
    kinds = (text for name, text in (headers or {}).items() if name.lower() == "content-type")
    found = _CHARSET.search(next(kinds, ""))
    return found[1].lower() if found else None


def decode(data: bytes, charset: str | None = None) -> str:
    """The text of `data`, a byte order mark of UTF-8 kept as the character it is.

    `charset` is what the server says: believed before what the page says of itself, but not
    before the bytes, as servers name one encoding for all they have. Raises `NotAnArticle` for binary content and for UTF-8 with broken bytes in it.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return _text(data.decode(encoding))
            except UnicodeDecodeError:
                raise NotAnArticle(f"broken {encoding.upper()} text") from None
    if charset and charset.startswith(_WIDE) and (text := _as(data, charset)) is not None:
        return _text(text)
    try:
        return _text(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        if _is_broken_utf8(data):
            raise NotAnArticle(f"broken UTF-8 at byte {error.start}") from None
    declared = _DECLARED.search(data[:_DECLARED_WITHIN])
    for name in (charset, declared and declared[1].decode("ascii").lower()):
        if name and (text := _as(data, name)) is not None:
            return _text(text)
    return _text(_guess(data))


def _as(data: bytes, name: str) -> str | None:
    """The text in an encoding of that name; None where there is no such thing: a page may declare anything."""
    try:
        return data.decode(_MEANT.get(name, name))
    except (LookupError, UnicodeError):
        return None


def _guess(data: bytes) -> str:
    if b"\0" in data:
        raise NotAnArticle("binary content")
    # Western text is mostly ASCII: there Windows-1252 is the one to expect, and too few other
    # bytes are there for a guess from their frequency.
    if _ascii_share(data) > 0.9:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            pass
        else:
            if not _CONTROL.search(text):
                return text
    best = charset_normalizer.from_bytes(data[:_SAMPLE]).best()
    if best is None:
        raise NotAnArticle("binary content")
    try:
        return data.decode(best.encoding)
    except UnicodeDecodeError:
        raise NotAnArticle("binary content") from None


def _ascii_share(data: bytes) -> float:
    sample = data[:_SAMPLE]
    return sum(byte < 0x80 for byte in sample) / max(1, len(sample))


def _is_broken_utf8(data: bytes) -> bool:
    """Whether most of the bytes beyond ASCII are UTF-8: then the rest is damage, not another encoding."""
    strays = len(_STRAY.findall(data.decode("utf-8", errors="surrogateescape")))
    return len(_VALID.findall(data)) * 2 >= strays


def _text(text: str) -> str:
    if "\0" in text or len(_CONTROL.findall(text)) > max(2, len(text) * _CONTROL_SHARE):
        raise NotAnArticle("binary content")
    return text
