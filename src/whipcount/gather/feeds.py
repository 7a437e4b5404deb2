"""From a source's bytes to the pages that it names. Entry: `feed`. Pure: no network, no clock.

One broken entry is skipped and counted; the rest goes on.
"""

import calendar
import datetime as dt
import io
import json
import re
import zlib
from contextlib import suppress
from typing import Any

import feedparser

from whipcount.errors import NotAFeed
from whipcount.gather.feed_entries import Child, Entry, Feed, FeedKind, address, dating, moment
from whipcount.gather.sitemaps import sitemap

__all__ = ["Child", "Entry", "Feed", "FeedKind", "feed"]

_HEAD = 4096
_MOST = 5000
"""Entries of one feed: the longest that outlets keep have some hundreds."""
_LONGEST = 16_000_000
"""Bytes of RSS or Atom: the parser does some 50 kB a second of the worst that can be sent."""
_GZIP = b"\x1f\x8b"
_LONGEST_UNZIPPED = 50_000_000
"""Bytes: what the protocol of sitemaps allows."""
_SITEMAP = re.compile(rb"<(?:[\w-]+:)?(?:urlset|sitemapindex)[\s>]")
_XML_FEED = re.compile(rb"<(?:[\w-]+:)?(?:rss|feed|RDF|channel)[\s>]")
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_PERIODS = {
    "hourly": dt.timedelta(hours=1),
    "daily": dt.timedelta(days=1),
    "weekly": dt.timedelta(weeks=1),
    "monthly": dt.timedelta(days=30),
    "yearly": dt.timedelta(days=365),
}


def feed(data: bytes, base: str, kind: FeedKind | None = None) -> Feed:
    """The feed that `data` is, fetched from `base`; `kind` is guessed from the data where not given.

    Raises `NotAFeed` where it is none.
    """
    if data.startswith(_GZIP):
        data = _unzipped(data)
    kind = kind or _guess(data)
    if kind is FeedKind.JSON:
        return _json_feed(data, base)
    if kind is FeedKind.SITEMAP:
        if not _SITEMAP.search(data[:_HEAD]):
            raise NotAFeed(f"no sitemap but {_what(data)}")
        return sitemap(_utf8(data), base)
    return _xml_feed(data, base)


def _unzipped(data: bytes) -> bytes:
    """What is packed in a `.xml.gz`, which servers send as it is."""
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        found = unpacker.decompress(data, _LONGEST_UNZIPPED + 1)
    except zlib.error:
        raise NotAFeed("no feed but broken gzip") from None
    if len(found) > _LONGEST_UNZIPPED:
        raise NotAFeed(f"a feed longer than {_LONGEST_UNZIPPED // 1_000_000} MB")
    return found


def _guess(data: bytes) -> FeedKind:
    head = data[:_HEAD]
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return FeedKind.JSON
    if _SITEMAP.search(head):
        return FeedKind.SITEMAP
    return FeedKind.RSS  # or Atom: their parser tells


def _what(data: bytes) -> str:
    if not data.strip():
        return "an empty answer"
    return "a web page" if _PAGE.search(data[:_HEAD]) else "something else"


def _utf8(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")


def _xml_feed(data: bytes, base: str) -> Feed:
    if len(data) > _LONGEST:
        raise NotAFeed(f"a feed longer than {_LONGEST // 1_000_000} MB")
    # A stream, as feedparser takes a bare string for an address to fetch or a file to open.
    try:
        parsed: Any = feedparser.parse(
            io.BytesIO(data),
            response_headers={"content-location": base},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # it raises all sorts of things on hostile input
        raise NotAFeed(f"a feed that can't be parsed ({type(error).__name__})") from error
    if not parsed.get("version") and not (parsed["entries"] and _XML_FEED.search(data[:_HEAD])):
        raise NotAFeed(f"no feed but {_what(data)}")
    kind = FeedKind.ATOM if str(parsed.get("version", "")).startswith("atom") else FeedKind.RSS
    found = [_xml_entry(one, base, kind) for one in parsed["entries"][:_MOST]]
    entries = tuple(one for one in found if one is not None)
    about = parsed["feed"]
    return Feed(
        kind,
        entries,
        broken=len(found) - len(entries),
        title=_line(about.get("title")),
        every=_every(about),
    )


def _xml_entry(one: Any, base: str, kind: FeedKind) -> Entry | None:
    # The address that an entry had before a distributor put its counter in front.
    url = address(one.get("feedburner_origlink"), base) or address(one.get("link"), base)
    if url is None:
        return None
    # `in` first: asked for `updated`, feedparser answers with `published` and a warning.
    published, read = one.get("published"), one.get("published_parsed")
    updated = one.get("updated") if "updated" in one else None
    changed = one.get("updated_parsed") if "updated_parsed" in one else None
    if published is None and kind is FeedKind.RSS:
        # RSS 1.0 gives the publication as dc:date, which feedparser calls `updated`. In Atom that
        # is the latest change, which says nothing of when the page came out.
        published, read, updated, changed = updated, changed, None, None
    return Entry(
        url,
        _line(one.get("title")),
        dating(published, _utc(read)),
        moment(updated) or (_utc(changed) if updated else None),
    )


def _utc(parsed: Any) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(calendar.timegm(parsed), dt.UTC) if parsed else None
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def _every(about: Any) -> dt.timedelta | None:
    """The feed's own pace: RSS's `ttl` in minutes, or the syndication module's period."""
    paces = []
    with suppress(ValueError, OverflowError):
        paces.append(dt.timedelta(minutes=float(about.get("ttl", ""))))
    period = _PERIODS.get(str(about.get("sy_updateperiod", "")).strip().lower())
    if period:
        try:
            paces.append(period / max(1, int(about.get("sy_updatefrequency", "1"))))
        except (ValueError, OverflowError):
            paces.append(period)
    longest = max(paces, default=dt.timedelta())
    return longest if longest > dt.timedelta() else None


def _json_feed(data: bytes, base: str) -> Feed:
    try:
        value = json.loads(_utf8(data))
    except (ValueError, RecursionError):
        raise NotAFeed("no feed but malformed JSON") from None
    if not isinstance(value, dict) or not isinstance(value.get("items"), list):
        raise NotAFeed("no feed but other JSON: it has no items")
    found = [_json_entry(one, base) for one in value["items"][:_MOST]]
    entries = tuple(one for one in found if one is not None)
    return Feed(
        FeedKind.JSON,
        entries,
        broken=len(found) - len(entries),
        title=_line(value.get("title")),
        ended=value.get("expired") is True,
    )


def _json_entry(one: Any, base: str) -> Entry | None:
    if not isinstance(one, dict):
        return None
    # The id is the address where an item has no other; an external_url is somebody else's page.
    links = [one.get("url"), one.get("external_url")]
    identity = one.get("id")
    if isinstance(identity, str) and "://" in identity:
        links.append(identity)
    url = next((found for link in links if (found := address(link, base))), None)
    if url is None:
        return None
    return Entry(
        url, _line(one.get("title")), dating(one.get("date_published")), moment(one.get("date_modified"))
    )


def _line(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
