"""What a feed is once it is parsed, whatever its format: entries, and the dates that it gives them."""

import datetime as dt
import email.utils
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urljoin, urlsplit

from whipcount.article import Basis, Dating, Precision


class FeedKind(StrEnum):
    """The format of a source."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"
    SITEMAP = "sitemap"
    """A sitemap, of news or not, or an index of sitemaps."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that a feed names."""

    url: str
    """Absolute, http or https."""
    title: str = ""
    dated: Dating | None = None
    """The publication as the feed gives it; None where it gives none."""
    updated: dt.datetime | None = None
    """The latest change as the feed gives it."""

    @property
    def moment(self) -> dt.datetime | None:
        """The latest that is known of it, for telling new from old."""
        if self.updated or self.dated is None:
            return self.updated
        return self.dated.at or dt.datetime.combine(self.dated.day, dt.time.max, dt.UTC)


@dataclass(frozen=True, slots=True)
class Child:
    """A sitemap that an index names."""

    url: str
    updated: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """One answer of a source."""

    kind: FeedKind
    entries: tuple[Entry, ...] = ()
    children: tuple[Child, ...] = ()
    broken: int = 0
    """Entries that were skipped: no address, or none that can be fetched."""
    title: str = ""
    every: dt.timedelta | None = None
    """How long the feed asks to be left alone after a visit."""
    ended: bool = False
    """The feed says that nothing will ever be added to it."""


_LONGEST_URL = 2000
"""Bytes. PostgreSQL keeps no longer ones in an index, and no article has one."""
_ODD = re.compile(r"[\x00-\x20\x7f-\x9f\ud800-\udfff\u2028\u2029]")
_EARLIEST = 1990
"""Nothing on the web is older: such dates are empty fields (1970-01-01) and slips."""
_HAS_TIME = re.compile(r"\d{1,2}:\d{2}")
_MIDNIGHT = re.compile(r"(?<![\d:+-])0?0:00(?::00(?:\.0+)?)?(?![\d:])")
_HAS_ZONE = re.compile(r"(?:[zZ]|[+-]\d{2}:?\d{2}|\b[A-Z]{1,4}T|\bGMT|\bUTC?)\s*$")


def address(link: object, base: str) -> str | None:
    """A link as an absolute address of the web, or None: `link` may be anything that a feed holds."""
    if not isinstance(link, str) or not link.strip() or len(link) > _LONGEST_URL:
        return None
    try:
        url = urljoin(base, link.strip())
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or (parts.port or 1) < 1:
            return None
    except ValueError:
        return None
    return None if _ODD.search(url) or len(url.encode()) > _LONGEST_URL else url


def moment(text: object) -> dt.datetime | None:
    """A point in time of ISO 8601 or RFC 822, in its own zone; UTC where it names none."""
    found = _parse(text)
    if found is None:
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def dating(text: object, fallback: dt.datetime | None = None) -> Dating | None:
    """The publication that a feed's field gives; None where it gives none.

    The day is the one on the outlet's own clock, as written ("23:30 -0500" is not yet tomorrow).
    Midnight sharp, and a time without a zone, tell of the day alone. `fallback` is the same
    moment as another parser reads it, for forms that are neither ISO 8601 nor RFC 822.
    """
    if not isinstance(text, str):
        return None
    found = _parse(text) or fallback
    if found is None or found.year < _EARLIEST:
        return None
    timed = bool(_HAS_TIME.search(text)) and not _MIDNIGHT.search(text)
    if timed and found.tzinfo is not None and _HAS_ZONE.search(text):
        return Dating(found.date(), Basis.FEED, Precision.MINUTE, found.astimezone(dt.UTC))
    if re.fullmatch(r"\s*\d{4}-\d{2}\s*", text):
        return Dating(found.date(), Basis.FEED, Precision.MONTH)
    return Dating(found.date(), Basis.FEED)


def _parse(text: object) -> dt.datetime | None:
    if not isinstance(text, str):
        return None
    text = text.strip()
    if re.fullmatch(r"\d{4}-\d{2}", text):
        text += "-01"
    for parse in (dt.datetime.fromisoformat, email.utils.parsedate_to_datetime):
        try:
            found = parse(text)
            found.astimezone(dt.UTC)  # the first and last days of the calendar have no other zone
        except (ValueError, OverflowError, IndexError, TypeError):
            continue
        return found if found.year >= _EARLIEST else None
    return None
