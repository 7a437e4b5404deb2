"""The bytes of a web archive: where records begin and end, and what a body is once it is unpacked."""

import io
import re
import zlib
from typing import BinaryIO

from fastwarc.stream_io import BrotliReader, ChunkedReader, ZstdReader

from whipcount.errors import BrokenRecord, TooLarge

_GZIP, _ZSTD, _PLAIN = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"WARC/1."
"""How a record begins: packed on its own by gzip or by Zstandard, or not packed."""
_BETWEEN = b"\r\n\r\n" + _PLAIN
_STEP = 1 << 20
_SMALL = 1 << 12
_CHUNK_HEAD = re.compile(rb"[0-9A-Fa-f]{1,8}[ \t]*(?:;[^\r\n]{0,200})?\r?\n")


def next_record(file: BinaryIO, start: int, size: int) -> int | None:
    """The first byte from `start` on at which a record begins, looked for in the archive's own packing."""
    file.seek(0)
    head = file.read(len(_BETWEEN))
    magic = next((magic for magic in (_GZIP, _ZSTD) if head.startswith(magic)), _BETWEEN)
    skip = 4 if magic is _BETWEEN else 0
    at = max(0, start - skip)
    while at < size:
        file.seek(at)
        piece = file.read(_STEP + len(magic) - 1)
        found = piece.find(magic)
        while found >= 0:
            if _is_record(file, at + found + skip):
                return at + found + skip
            found = piece.find(magic, found + 1)
        at += _STEP
    return None


def _is_record(file: BinaryIO, at: int) -> bool:
    """Whether what begins at this byte is a record once it is unpacked."""
    file.seek(at)
    head = file.read(512)
    try:
        if head.startswith(_GZIP):
            head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, len(_PLAIN))
        elif head.startswith(_ZSTD):
            file.seek(at)
            head = ZstdReader(file, buffer_size=_SMALL).read(len(_PLAIN))
    except (OSError, zlib.error):
        return False
    return head.startswith(_PLAIN)


def is_whole(file: BinaryIO, at: int, size: int) -> bool:
    """Whether the file goes on from this record to the end of one; Zstandard's reader says so itself."""
    file.seek(at)
    head = file.read(8)
    if head.startswith(_GZIP):
        return _ends_with_a_member(file, at)
    if head.startswith(_PLAIN):
        file.seek(max(at, size - 4))
        return file.read() == b"\r\n\r\n"
    return True


def _ends_with_a_member(file: BinaryIO, at: int) -> bool:
    file.seek(at)
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    packed = b""
    while packed or (packed := file.read(_STEP)):
        if member.eof:
            packed = packed.lstrip(b"\0")  # padding
            member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            continue
        try:
            member.decompress(packed, _STEP)
        except zlib.error:
            return False
        packed = member.unused_data if member.eof else member.unconsumed_tail
    return member.eof


def plain_body(body: bytes, transfer: str | None, content: str | None, limit: int) -> bytes:
    """A body without its transfer and content encodings, where it has them: crawlers often keep just the headers.

    Raises `TooLarge` where more than `limit` bytes come out, `BrokenRecord` for broken packed data.
    """
    try:
        if "chunked" in (transfer or "").lower() and _CHUNK_HEAD.match(body):
            body = ChunkedReader(io.BytesIO(body)).read(limit + 1)
        coding = (content or "").strip().lower()
        if body.startswith(b"\x1f\x8b") or (coding == "deflate" and body[:1] == b"\x78"):
            body = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, limit + 1)
        elif coding == "br" and body.lstrip()[:1] != b"<":
            body = BrotliReader(io.BytesIO(body)).read(limit + 1)
    except (OSError, ValueError, zlib.error):
        raise BrokenRecord("broken compressed data") from None
    if len(body) > limit:
        raise TooLarge(f"longer than {limit // 1_000_000} MB")
    return body
