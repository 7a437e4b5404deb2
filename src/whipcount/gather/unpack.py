"""Compressed answers unpacked a little at a time, so that a bomb ends before it goes off."""

import zlib
from collections.abc import Iterator
from typing import Any

import brotli

from whipcount.errors import TooMuch, Unreachable

ACCEPTED = "gzip, deflate, br"
_STEP = 1 << 18
"""Bytes that one step of unpacking may give."""


class Unpacker:
    """Takes packed pieces, gives unpacked ones; raises `TooMuch` once there are more than `limit` bytes of either.

    `encoding` is the Content-Encoding header. Raises `Unreachable` for one that nobody asked
    for and for broken data.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        # A server that packs twice is up to something.
        names = [name for one in encoding.lower().split(",") if (name := one.strip()) not in {"", "identity"}]
        if len(names) > 1 or not set(names) <= {"gzip", "x-gzip", "deflate", "br"}:
            raise Unreachable(f"answers in a compression that was not asked for ({encoding[:40]})")
        self._name = names[0].removeprefix("x-") if names else ""
        self._limit = limit
        self._taken = self._given = 0
        self._begun = False
        self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 16 if self._name == "gzip" else zlib.MAX_WBITS)
        self._brotli: Any = brotli.Decompressor() if self._name == "br" else None

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """The unpacked bytes of a piece, in pieces."""
        self._taken += len(packed)
        self._check(self._taken)  # much may unpack to little
        try:
            for piece in self._steps(packed):
                self._given += len(piece)
                self._check(self._given)
                if piece:
                    yield piece
        except (zlib.error, brotli.error):
            raise Unreachable("answers with broken compressed data") from None

    def _check(self, count: int) -> None:
        if count > self._limit:
            unpacked = " unpacked" if self._name and count == self._given else ""
            raise TooMuch(f"larger than {self._limit / 1_000_000:g} MB{unpacked}")

    def _steps(self, packed: bytes) -> Iterator[bytes]:
        if not self._name:
            yield packed
        elif self._brotli is not None:
            piece = self._brotli.process(packed, output_buffer_limit=_STEP)
            yield piece
            # It may have taken all and still have more to give.
            while not self._brotli.is_finished() and (piece or not self._brotli.can_accept_more_data()):
                piece = self._brotli.process(b"", output_buffer_limit=_STEP)
                yield piece
        else:
            yield from self._inflated(packed)

    def _inflated(self, packed: bytes) -> Iterator[bytes]:
        if self._name == "deflate" and not self._begun and packed and not _is_zlib(packed):
            self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)  # as some servers understand "deflate"
        self._begun = self._begun or bool(packed)
        while packed:
            if self._inflate.eof:
                if self._name != "gzip" or not packed.startswith(b"\x1f\x8b"):
                    return  # padding after the end, which browsers pass over
                self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
            yield self._inflate.decompress(packed, _STEP)
            packed = self._inflate.unconsumed_tail or self._inflate.unused_data


def _is_zlib(head: bytes) -> bool:
    return head[0] & 0x0F == 8 and (len(head) < 2 or (head[0] << 8 | head[1]) % 31 == 0)
