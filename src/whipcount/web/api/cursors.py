"""Cursors: opaque marks of how far a reader has come, that hold their place whatever is added meanwhile.

A cursor names the key of the last item that was given, not its number: what comes before it or goes away moves
nothing. It is checked to be one of the listing that it is used with, so that no other value gets further than here.
"""

import base64
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from whipcount.errors import WhipcountError

T = TypeVar("T")
Key = tuple[str | int, ...]

PATTERN = "^[A-Za-z0-9_-]{1,1000}$"


class BadCursor(WhipcountError):
    """It is no cursor of this listing."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items, and the cursor of those after them."""

    items: list[T]
    next: str | None


def encode(listing: str, key: Key) -> str:
    """The cursor after the item with a key."""
    raw = json.dumps([listing, *key], ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(listing: str, cursor: str, kinds: tuple[type, ...]) -> Key:
    """The key in a cursor; raises `BadCursor` for what is none of this listing."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        name, *key = json.loads(raw)
    except (ValueError, TypeError, RecursionError):
        raise BadCursor("this is no cursor; take one that an answer gave") from None
    if name != listing or [type(part) for part in key] != list(kinds):
        raise BadCursor("this cursor belongs to another listing")
    if any(isinstance(part, int) and not 0 <= part < 2**62 for part in key):
        raise BadCursor("this is no cursor; take one that an answer gave")
    return tuple(key)


def paged(
    items: Iterable[T], key: Callable[[T], Key], *, listing: str, kinds: tuple[type, ...], cursor: str | None,
    limit: int,
) -> Page[T]:  # fmt: skip
    """The items after a cursor, in the order of their keys."""
    after = None if cursor is None else decode(listing, cursor, kinds)
    ordered = sorted(((key(item), item) for item in items), key=lambda pair: pair[0])
    found = [pair for pair in ordered if after is None or pair[0] > after][: limit + 1]
    more = len(found) > limit
    found = found[:limit]
    return Page([item for _, item in found], encode(listing, found[-1][0]) if more else None)
