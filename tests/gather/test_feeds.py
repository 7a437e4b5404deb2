"""From bytes to entries: every format, and what is wrong with some of them."""

import datetime as dt
import gzip
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeding import item, rss
from whipcount.article import Basis, Dating, Precision
from whipcount.errors import NotAFeed
from whipcount.gather.feeds import Child, Entry, FeedKind, feed

BASE = "http://courier.example/feeds/all.xml"
NIGHT = dt.datetime(2031, 7, 1, 23, 30, tzinfo=dt.timezone(-dt.timedelta(hours=5)))


def test_rss() -> None:
    found = feed(
        rss(
            [item("http://courier.example/a", "Brook & Quill", at=NIGHT), item("../b")],
            extra="<ttl>90</ttl>",
        ),
        BASE,
    )
    assert found.kind is FeedKind.RSS
    assert found.title == "Larkfield Courier"
    assert found.every == dt.timedelta(minutes=90)
    # The day of the outlet's own clock, though it is tomorrow in UTC.
    known = Dating(dt.date(2031, 7, 1), Basis.FEED, Precision.MINUTE, NIGHT.astimezone(dt.UTC))
    assert found.entries == (
        Entry("http://courier.example/a", "Brook & Quill", known),
        Entry("http://courier.example/b", "A title"),
    )


def test_the_syndication_modules_period() -> None:
    def every(inner: str) -> dt.timedelta | None:
        text = f'<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>{inner}</channel></rss>'
        return feed(text.encode(), BASE).every

    assert every("<sy:updatePeriod>daily</sy:updatePeriod>") == dt.timedelta(days=1)
    assert every(
        "<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
    ) == dt.timedelta(minutes=15)
    assert every("<ttl>soon</ttl>") is None
    assert every("<ttl>-5</ttl>") is None
    assert every("<ttl>1e999</ttl>") is None


def test_rss_1_dates_its_entries_by_dublin_core() -> None:
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title></channel>'
        "<item><title>A</title><link>/a</link><dc:date>2031-07-02</dc:date></item></rdf:RDF>"
    )
    [entry] = feed(text.encode(), BASE).entries
    assert entry.dated == Dating(dt.date(2031, 7, 2), Basis.FEED)
    assert entry.updated is None


def test_atoms_change_is_no_publication() -> None:
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>'
        '<entry><title>A</title><link href="a"/><updated>2031-07-02T10:00:00Z</updated></entry>'
        '<entry><title>B</title><link href="b"/><published>2031-07-01T09:15:00+02:00</published>'
        "<updated>2031-07-02T10:00:00Z</updated></entry></feed>"
    )
    found = feed(text.encode(), BASE)
    assert found.kind is FeedKind.ATOM
    first, second = found.entries
    changed = dt.datetime(2031, 7, 2, 10, tzinfo=dt.UTC)
    assert (first.url, first.dated, first.updated) == ("http://courier.example/feeds/a", None, changed)
    assert second.dated
    assert (second.dated.day, second.dated.at) == (
        dt.date(2031, 7, 1),
        dt.datetime(2031, 7, 1, 7, 15, tzinfo=dt.UTC),
    )


def test_json_feed() -> None:
    value = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Herald",
        "items": [
            {"id": "1", "url": "/a", "title": "A", "date_published": "2031-07-01T09:15:00-05:00"},
            {"id": "http://herald.example/b", "external_url": "http://other.example/x"},
            {"id": "http://herald.example/c", "date_modified": "2031-07-02T00:00:00Z"},
            {"id": "4"},
            "not an item",
            {"url": ["http://herald.example/e"]},
        ],
    }
    found = feed(json.dumps(value).encode(), "http://herald.example/feed.json")
    assert [one.url for one in found.entries] == [
        "http://herald.example/a",
        "http://other.example/x",
        "http://herald.example/c",
    ]
    assert found.broken == 3
    assert found.entries[2].updated == dt.datetime(2031, 7, 2, tzinfo=dt.UTC)
    assert found.entries[2].dated is None
    assert not found.ended
    assert feed(json.dumps(value | {"expired": True}).encode(), BASE).ended


SITEMAP = """<?xml version="1.0"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
<!-- <url><loc>http://courier.example/commented-out</loc></url> -->
<url><loc>http://courier.example/a?x=1&amp;y=2</loc><lastmod>2031-07-02T08:00:00Z</lastmod>
<n:news><n:publication_date>2031-07-01T20:00-05:00</n:publication_date><n:title><![CDATA[Brook & Quill]]></n:title></n:news>
<image:image><image:loc>http://courier.example/picture</image:loc></image:image></url>
<url><loc>http://courier.example/b?x=1&y=2</loc></url>
<url><lastmod>2031-07-02</lastmod></url>
<url><loc>ftp://courier.example/c</loc></url>
</urlset>"""


def test_news_sitemap() -> None:
    found = feed(SITEMAP.encode(), BASE)
    assert found.kind is FeedKind.SITEMAP
    first, second = found.entries
    assert (first.url, first.title) == ("http://courier.example/a?x=1&y=2", "Brook & Quill")
    assert first.dated
    assert (first.dated.day, first.dated.precision) == (dt.date(2031, 7, 1), Precision.MINUTE)
    assert first.updated == dt.datetime(2031, 7, 2, 8, tzinfo=dt.UTC)
    # A bare ampersand breaks the XML, and costs nothing here.
    assert second == Entry("http://courier.example/b?x=1&y=2")
    assert found.broken == 2


def test_a_gzipped_sitemap() -> None:
    assert feed(gzip.compress(SITEMAP.encode()), BASE) == feed(SITEMAP.encode(), BASE)
    with pytest.raises(NotAFeed, match="longer than 50 MB"):
        feed(gzip.compress(b" " * 60_000_000), BASE)
    with pytest.raises(NotAFeed, match="broken gzip"):
        feed(b"\x1f\x8b and then nothing of it", BASE)


def test_an_index_of_sitemaps() -> None:
    text = (
        "<sitemapindex><sitemap><loc>/s1.xml</loc><lastmod>2031-07-01</lastmod></sitemap>"
        "<sitemap><loc>/s2.xml</loc></sitemap></sitemapindex>"
    )
    assert feed(text.encode(), BASE).children == (
        Child("http://courier.example/s1.xml", dt.datetime(2031, 7, 1, tzinfo=dt.UTC)),
        Child("http://courier.example/s2.xml"),
    )


def test_a_broken_entry_is_skipped_and_counted() -> None:
    found = feed(
        rss(
            [
                item("http://courier.example/a"),
                "<item><title>no address</title></item>",
                "<item><link>javascript:alert(1)</link></item>",
                "<item><link>http://courier.example/no closing <b & tag</link>",
                item("http://courier.example/z"),
            ]
        ),
        BASE,
    )
    assert [one.url for one in found.entries] == ["http://courier.example/a", "http://courier.example/z"]
    assert found.broken >= 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2031-07-01", Dating(dt.date(2031, 7, 1), Basis.FEED)),
        ("2031-07", Dating(dt.date(2031, 7, 1), Basis.FEED, Precision.MONTH)),
        ("2031-07-01T00:00:00Z", Dating(dt.date(2031, 7, 1), Basis.FEED)),
        ("2031-07-01T09:15:00", Dating(dt.date(2031, 7, 1), Basis.FEED)),
        (
            "Tue, 01 Jul 2031 09:15:00 GMT",
            Dating(
                dt.date(2031, 7, 1),
                Basis.FEED,
                Precision.MINUTE,
                dt.datetime(2031, 7, 1, 9, 15, tzinfo=dt.UTC),
            ),
        ),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0001-01-01T00:00:00+05:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_what_a_date_tells(text: str, expected: Dating | None) -> None:
    data = json.dumps({"items": [{"url": "/a", "date_published": text}]}).encode()
    assert feed(data, BASE).entries[0].dated == expected


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "an empty answer"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "a web page"),
        (b'{"items": 3}', "it has no items"),
        (b'{"items": [', "malformed JSON"),
        (b"[" * 100_000, "no feed"),
        (b'{"items":' + b"[" * 100_000, "malformed JSON"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "something else"),
    ],
)
def test_what_is_no_feed(data: bytes, why: str) -> None:
    with pytest.raises(NotAFeed, match=why):
        feed(data, BASE)


def test_a_given_kind_is_held_to() -> None:
    with pytest.raises(NotAFeed, match="no sitemap"):
        feed(rss([item("/a")]), BASE, FeedKind.SITEMAP)
    with pytest.raises(NotAFeed, match="JSON"):
        feed(rss([item("/a")]), BASE, FeedKind.JSON)


def test_bytes_are_never_taken_for_an_address_or_a_file() -> None:
    for data in (b"http://127.0.0.1:9/feed", b"/etc/hostname", b"README.md"):
        with pytest.raises(NotAFeed):
            feed(data, BASE)


@pytest.mark.parametrize(
    "data",
    [
        b"<urlset>" + b"<url>" * 100_000,
        b"<urlset>" + b"<url><loc><![CDATA[" * 50_000,
        b"<urlset>" + b"<!--" * 100_000,
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"&a;") for n in range(9))
        + b']><rss version="2.0"><channel><title>&a8;</title></channel></rss>',
    ],
)
def test_hostile_feeds_take_bounded_time(data: bytes) -> None:
    start = time.process_time()
    feed(data, BASE)
    assert time.process_time() - start < 10


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from([*SITEMAP.split("\n"), item("/a"), item("/b", at=NIGHT), "<", "]]>", "\0", "é"])
    ),
    st.sampled_from(["<urlset>", '<rss version="2.0"><channel>', '{"items": [', ""]),
)
def test_whatever_comes_entries_are_addresses(pieces: list[str], head: str) -> None:
    try:
        found = feed((head + "".join(pieces)).encode(), BASE)
    except NotAFeed:
        return
    assert all(one.url.startswith(("http://", "https://")) for one in found.entries)
    assert all(one.dated is None or one.dated.basis is Basis.FEED for one in found.entries)
