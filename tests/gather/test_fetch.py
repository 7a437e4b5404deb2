"""Pages from a real server that is slow, endless, hostile, gone, changed or polite."""

import datetime as dt
import email.utils
import gzip
import threading
import time
import tracemalloc
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
import pytest

from gather.outlet import Handler, Outlet, endless, fetcher, page, running
from whipcount.errors import (
    FetchError,
    Forbidden,
    PrivateAddress,
    Refused,
    SettingsError,
    TooLarge,
    TooManyRedirects,
    TooMuch,
    TooSlow,
    Unreachable,
)


def failure(outlet: Outlet, path: str, **changes: object) -> FetchError:
    with fetcher(outlet, **changes) as web, pytest.raises(FetchError) as caught:
        web.fetch(outlet.url(path))
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_page(outlet: Outlet) -> None:
    outlet.says(
        "/ferry",
        page(),
        content_type="Text/HTML; charset=UTF-8",
        last_modified="Thu, 03 Jul 2031 06:00:00 GMT",
    )
    with fetcher(outlet, user_agent="Ferrywatch/2 (desk@courier.example)") as web:
        found = web.fetch(outlet.url("/ferry?utm_source=letter#top"))
    assert found.url == outlet.url("/ferry")
    assert found.asked == outlet.url("/ferry?utm_source=letter#top")
    assert (found.status, found.kind, found.changed) == (200, "text/html", True)
    assert found.body == page().encode()
    assert found.headers["Last-Modified"] == found.headers["last-modified"] == "Thu, 03 Jul 2031 06:00:00 GMT"
    assert abs((found.at - dt.datetime.now(dt.UTC)).total_seconds()) < 60
    assert {one.headers["user-agent"] for one in outlet.asked} == {"Ferrywatch/2 (desk@courier.example)"}


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", lambda data: gzip.compress(data[:50]) + gzip.compress(data[50:])),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("br", brotli.compress),
        ("identity", bytes),
    ],
)
def test_packed_pages(outlet: Outlet, encoding: str, pack: "type[bytes]", tmp_path: Path) -> None:
    body = page(more="Tide tables. " * 200_000).encode()
    outlet.says("/ferry", pack(body), content_encoding=encoding, etag='"1"', cache_control="max-age=60")
    with fetcher(outlet, cache=tmp_path) as web:
        assert web.fetch(outlet.url("/ferry")).body == body
        assert web.fetch(outlet.url("/ferry")).body == body


@pytest.mark.parametrize("encoding", ["gzip, gzip", "compress", "gzip", "br"])
def test_what_can_not_be_unpacked(outlet: Outlet, encoding: str) -> None:
    outlet.says("/ferry", page(), content_encoding=encoding)
    assert isinstance(failure(outlet, "/ferry"), Unreachable)


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_a_bomb_ends_early(outlet: Outlet, encoding: str) -> None:
    zeros = bytes(100_000_000)
    bomb = gzip.compress(zeros, 9) if encoding == "gzip" else brotli.compress(zeros, quality=5)
    del zeros
    assert len(bomb) < 1_000_000
    outlet.says("/bomb", bomb, content_encoding=encoding)
    tracemalloc.start()
    try:
        error = failure(outlet, "/bomb", size=2_000_000)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
    assert isinstance(error, TooMuch)
    assert isinstance(error, TooLarge)
    assert str(error) == "larger than 2 MB unpacked"


def drip(handler: Handler) -> None:
    handler.begin()
    for _ in range(200):
        handler.wfile.write(b".")
        handler.wfile.flush()
        time.sleep(0.05)


def drip_headers(handler: Handler) -> None:
    handler.close_connection = True
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(200):
        handler.wfile.write(b"x-%d: y\r\n" % number)
        handler.wfile.flush()
        time.sleep(0.05)


def test_an_endless_page(outlet: Outlet) -> None:
    outlet.answers["/ferry"] = endless
    assert isinstance(failure(outlet, "/ferry", size=500_000), TooMuch)
    outlet.says("/large", bytes(600_000))
    assert isinstance(failure(outlet, "/large", size=500_000), TooMuch)


@pytest.mark.parametrize("slow", [drip, drip_headers])
def test_a_slow_drip_ends(outlet: Outlet, slow: "type[None]") -> None:
    outlet.answers["/ferry"] = slow
    start = time.monotonic()
    error = failure(outlet, "/ferry", seconds=0.8)
    assert isinstance(error, TooSlow)
    assert str(error) == "takes longer than 0.8 seconds"
    assert time.monotonic() - start < 3
    # The one that ended does not hold up the next.
    outlet.says("/tides", page())
    with fetcher(outlet, seconds=0.8) as web:
        with pytest.raises(TooSlow):
            web.fetch(outlet.url("/ferry"))
        assert web.fetch(outlet.url("/tides")).status == 200


def test_time_is_for_all_redirects_together(outlet: Outlet) -> None:
    def later(handler: Handler) -> None:
        time.sleep(0.3)
        handler.give("", 302, location=f"{handler.path}x")

    for number in range(6):
        outlet.answers["/" + "x" * number] = later
    assert isinstance(failure(outlet, "/", seconds=0.8), TooSlow)


def test_redirects(outlet: Outlet) -> None:
    outlet.says("/old", "", 301, location="/older?gclid=1")
    outlet.says("/older?gclid=1", "", 302, location=f"//herald.example:{outlet.port}/ferry?fbclid=3#x")
    outlet.says("/ferry?fbclid=3", page())
    with fetcher(outlet) as web:
        assert web.fetch(outlet.url("/old")).url == outlet.url("/ferry", "herald.example")
    assert outlet.asked[-1].headers["host"] == f"herald.example:{outlet.port}"


def test_redirects_without_end(outlet: Outlet) -> None:
    outlet.says("/a", "", 302, location="/b")
    outlet.says("/b", "", 302, location="/a")
    error = failure(outlet, "/a")
    assert isinstance(error, TooManyRedirects)
    assert "circle" in str(error)
    for number in range(20):
        outlet.says(f"/{number}", "", 302, location=f"/{number + 1}")
    assert isinstance(failure(outlet, "/0"), TooManyRedirects)
    assert len([path for path in outlet.paths() if path[1:].isdecimal()]) == 6


def test_a_circle_that_a_cookie_opens(outlet: Outlet) -> None:
    def gate(handler: Handler) -> None:
        if "seen=1" in handler.headers.get("cookie", ""):
            handler.give(page())
        else:
            handler.give("", 302, location="/ferry", set_cookie="seen=1; Path=/")

    outlet.answers["/ferry"] = gate
    with fetcher(outlet) as web:
        assert web.fetch(outlet.url("/ferry")).status == 200
        web.fetch(outlet.url("/ferry"))
    # It is forgotten with the page.
    assert ["cookie" in one.headers for one in outlet.asked[1:]] == [False, True, False, True]


@pytest.mark.parametrize(
    "target",
    ["ftp://courier.example/x", "file:///etc/passwd", "javascript:alert(1)", "http://", "http://[x/"],
)
def test_a_redirect_to_what_is_no_page(outlet: Outlet, target: str) -> None:
    outlet.says("/ferry", "", 302, location=target)
    assert isinstance(failure(outlet, "/ferry"), FetchError)


@pytest.mark.parametrize(
    "url", ["ftp://courier.example/x", "file:///etc/passwd", "ferry.html", "http:///x", ""]
)
def test_what_is_no_address(outlet: Outlet, url: str) -> None:
    with fetcher(outlet) as web, pytest.raises(FetchError, match="address"):
        web.fetch(url)


@pytest.mark.parametrize(
    ("status", "tries"), [(404, 1), (410, 1), (403, 1), (204, 1), (500, 3), (503, 3), (999, 1)]
)
def test_errors(outlet: Outlet, status: int, tries: int) -> None:
    outlet.says("/ferry", "" if status == 204 else "gone", status)
    error = failure(outlet, "/ferry")
    assert isinstance(error, Refused)
    assert error.status == status
    assert str(status) in str(error)
    assert outlet.paths() == ["/ferry"] * tries


def test_a_server_that_comes_to_itself(outlet: Outlet) -> None:
    def hiccup(handler: Handler) -> None:
        number = len(outlet.paths())
        if number == 1:
            handler.give("", 502)
        elif number == 2:
            handler.give("<p>Cut", content_length="5000")
            handler.close_connection = True
        else:
            handler.give(page())

    outlet.answers["/ferry"] = hiccup
    with fetcher(outlet) as web:
        assert web.fetch(outlet.url("/ferry")).body == page().encode()


def test_nobody_there(outlet: Outlet) -> None:
    with running() as gone:
        pass
    with fetcher(gone) as web, pytest.raises(Unreachable, match="takes no connections"):
        web.fetch(gone.url("/ferry"))

    def unknown(host: str, _port: int) -> list[str]:
        raise OSError(host)

    assert "courier.example can't be found" in str(failure(outlet, "/ferry", resolve=unknown))
    assert isinstance(failure(outlet, "/ferry", resolve=lambda *_: []), Unreachable)


def test_a_look_up_that_takes_for_ever(outlet: Outlet) -> None:
    waiting = threading.Event()

    def never(_host: str, _port: int) -> list[str]:
        waiting.wait(20)
        return ["127.0.0.1"]

    start = time.monotonic()
    assert isinstance(failure(outlet, "/ferry", resolve=never, seconds=0.3), FetchError)
    assert time.monotonic() - start < 5
    waiting.set()


class TestAskedToWait:
    @pytest.mark.parametrize("dated", [False, True])
    def test_for_a_while(self, outlet: Outlet, dated: bool) -> None:
        def busy(handler: Handler) -> None:
            if len(outlet.paths()) == 1:
                until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2)
                handler.give(
                    "", 429, retry_after=email.utils.format_datetime(until, usegmt=True) if dated else "1"
                )
            else:
                handler.give(page())

        outlet.answers["/ferry"] = busy
        with fetcher(outlet) as web:
            assert web.fetch(outlet.url("/ferry")).status == 200
        first, second = (one.at for one in outlet.asked if one.path == "/ferry")
        assert second - first >= (0.9 if dated else 1.0)

    @pytest.mark.parametrize("status", [429, 503])
    def test_for_long(self, outlet: Outlet, status: int) -> None:
        outlet.says("/ferry", "", status, retry_after="3600")
        outlet.says("/tides", page())
        with fetcher(outlet) as web:
            for path in ("/ferry", "/tides"):
                with pytest.raises(Refused, match="left alone") as caught:
                    web.fetch(outlet.url(path))
                assert caught.value.status == status
                assert 3500 < (caught.value.retry_after or 0) <= 3600
            # Another host is not concerned.
            assert web.fetch(outlet.url("/tides", "herald.example")).status == 200
        assert outlet.paths() == ["/ferry", "/tides"]


class TestRobots:
    def test_what_it_forbids(self, outlet: Outlet) -> None:
        outlet.says(
            "/robots.txt", "User-agent: *\nDisallow: /private/\n\nUser-agent: ferrywatch\nDisallow: /ferry\n"
        )
        for path in ("/ferry", "/private/x", "/tides"):
            outlet.says(path, page())
        outlet.says("/way-in", "", 302, location="/ferry")
        with fetcher(outlet, user_agent="Ferrywatch/2.0 (desk@courier.example)") as web:
            assert web.fetch(outlet.url("/private/x")).status == 200
            for path in ("/ferry", "/way-in"):
                with pytest.raises(Forbidden, match=r"robots\.txt"):
                    web.fetch(outlet.url(path))
        with fetcher(outlet) as web, pytest.raises(Forbidden):
            web.fetch(outlet.url("/private/x"))
        assert outlet.paths() == ["/private/x", "/way-in"]
        assert len(outlet.asked) == 4  # each asked for the rules once

    @pytest.mark.parametrize("status", [401, 403, 404, 410])
    def test_none_there(self, outlet: Outlet, status: int) -> None:
        outlet.says("/robots.txt", "", status)
        outlet.says("/ferry", page())
        with fetcher(outlet) as web:
            assert web.fetch(outlet.url("/ferry")).status == 200

    @pytest.mark.parametrize("status", [429, 500, 503])
    def test_not_to_be_had(self, outlet: Outlet, status: int) -> None:
        outlet.says("/robots.txt", "", status, retry_after="0")
        outlet.says("/ferry", page())
        with fetcher(outlet) as web:
            for _ in range(5):
                with pytest.raises(Forbidden, match=str(status)):
                    web.fetch(outlet.url("/ferry"))
        assert outlet.paths() == []
        assert len(outlet.asked) == 3

    def test_redirected(self, outlet: Outlet) -> None:
        outlet.says("/robots.txt", "", 301, location="/rules.txt")
        outlet.says("/rules.txt", "User-agent: *\nDisallow: /ferry")
        assert isinstance(failure(outlet, "/ferry"), Forbidden)
        outlet.says("/robots.txt", "", 301, location="/robots.txt")
        outlet.says("/ferry", page())
        with fetcher(outlet) as web:
            assert web.fetch(outlet.url("/ferry")).status == 200

    def test_endless(self, outlet: Outlet) -> None:
        def rules(handler: Handler) -> None:
            handler.begin(content_type="text/plain")
            handler.wfile.write(b"User-agent: *\nDisallow: /ferry\n")
            while True:
                handler.wfile.write(b"# and so on\n" * 1000)

        outlet.answers["/robots.txt"] = rules
        outlet.says("/tides", page())
        with fetcher(outlet) as web:
            assert web.fetch(outlet.url("/tides")).status == 200
            with pytest.raises(Forbidden):
                web.fetch(outlet.url("/ferry"))

    def test_delay(self, outlet: Outlet) -> None:
        outlet.says("/robots.txt", "User-agent: *\nCrawl-delay: 0.3")
        outlet.says("/ferry", page())
        start = time.monotonic()
        with fetcher(outlet) as web, ThreadPoolExecutor(4) as pool:
            list(pool.map(web.fetch, [outlet.url("/ferry")] * 4))
        assert time.monotonic() - start >= 4 * 0.3
        assert outlet.most_running == 1

    def test_delay_beyond_reason(self, outlet: Outlet) -> None:
        outlet.says("/robots.txt", "User-agent: *\nCrawl-delay: 86400")
        outlet.says("/ferry", page())
        with fetcher(outlet, longest_delay=0.2) as web:
            assert web.fetch(outlet.url("/ferry")).status == 200


def test_a_host_is_not_crowded(outlet: Outlet) -> None:
    def slow(handler: Handler) -> None:
        time.sleep(0.1)
        handler.give(page())

    outlet.answers["/ferry"] = slow
    with fetcher(outlet) as web, ThreadPoolExecutor(8) as pool:
        list(pool.map(web.fetch, [outlet.url("/ferry")] * 8))
    assert outlet.most_running == 2
    start = time.monotonic()
    with fetcher(outlet, delay=0.1, at_once=8) as web, ThreadPoolExecutor(8) as pool:
        list(pool.map(web.fetch, [outlet.url("/ferry")] * 5))
    assert time.monotonic() - start >= 5 * 0.1  # the sixth is for the rules


class TestCache:
    def test_asks_whether_it_changed(self, outlet: Outlet, tmp_path: Path) -> None:
        body = [page()]

        def tagged(handler: Handler) -> None:
            tag = f'"{len(body)}"'
            if handler.headers.get("if-none-match") == tag:
                handler.give(status=304, etag=tag)
            else:
                handler.give(gzip.compress(body[-1].encode()), etag=tag, content_encoding="gzip")

        outlet.answers["/ferry"] = tagged
        for expected in (True, False, False):
            with fetcher(outlet, cache=tmp_path / "cache") as web:
                found = web.fetch(outlet.url("/ferry"))
            assert (found.changed, found.status, found.body) == (expected, 200, body[-1].encode())
            assert found.kind == "text/html"
        body.append(page(more="Correction: the ferry runs once a day."))
        time.sleep(1.1)  # dates are in seconds
        with fetcher(outlet, cache=tmp_path / "cache") as web:
            changed = [web.fetch(outlet.url("/ferry")) for _ in range(2)]
        assert [one.changed for one in changed] == [True, False]
        assert all(b"Correction" in one.body for one in changed)
        assert outlet.paths() == ["/ferry"] * 5
        assert [one.path for one in outlet.asked].count("/robots.txt") == 1

    def test_last_modified_is_no_promise(self, outlet: Outlet, tmp_path: Path) -> None:
        # A cache may take a page that is old for one that stays: a correction would be missed.
        outlet.says("/ferry", page(), last_modified="Thu, 03 Jul 2003 06:00:00 GMT")
        with fetcher(outlet, cache=tmp_path) as web:
            assert [web.fetch(outlet.url("/ferry")).changed for _ in range(2)] == [True, True]
        assert "if-modified-since" in outlet.asked[-1].headers

    def test_takes_the_servers_word(self, outlet: Outlet, tmp_path: Path) -> None:
        outlet.says("/ferry", page(), cache_control="public, max-age=600")
        outlet.says("/tides", page(), cache_control="no-store, max-age=600")
        outlet.says("/piers", page(), cache_control="max-age=600", age="100000")
        with fetcher(outlet, cache=tmp_path) as web:
            for path in ("/ferry", "/tides", "/piers"):
                first, second = (web.fetch(outlet.url(path)) for _ in range(2))
                assert (first.changed, second.changed) == (True, path != "/ferry")
        assert sorted(outlet.paths()) == ["/ferry", "/piers", "/piers", "/tides", "/tides"]

    def test_keeps_no_error(self, outlet: Outlet, tmp_path: Path) -> None:
        outlet.says("/ferry", page(), etag='"1"')
        with fetcher(outlet, cache=tmp_path) as web:
            web.fetch(outlet.url("/ferry"))
            for status in (410, 503):
                outlet.says("/ferry", "gone", status, cache_control="max-age=600")
                with pytest.raises(Refused):
                    web.fetch(outlet.url("/ferry"))
            outlet.says("/ferry", page(more="Back again."))
            assert b"Back again" in web.fetch(outlet.url("/ferry")).body

    def test_keeps_nothing_by_halves(self, outlet: Outlet, tmp_path: Path) -> None:
        outlet.answers["/ferry"] = drip
        with fetcher(outlet, cache=tmp_path, seconds=0.3) as web, pytest.raises(TooSlow):
            web.fetch(outlet.url("/ferry"))
        outlet.says("/ferry", page())
        with fetcher(outlet, cache=tmp_path) as web:
            assert web.fetch(outlet.url("/ferry")).body == page().encode()

    def test_a_folder_that_can_not_be(self, outlet: Outlet, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x")
        (tmp_path / "broken").mkdir()
        (tmp_path / "broken" / "pages.db").write_bytes(b"no database" * 100)
        for name in ("file", "broken"):
            with pytest.raises(SettingsError, match="cache"):
                fetcher(outlet, cache=tmp_path / name)

    def test_a_cache_that_breaks_meanwhile(self, outlet: Outlet, tmp_path: Path) -> None:
        outlet.says("/ferry", page(), cache_control="max-age=600")
        with fetcher(outlet, cache=tmp_path) as web:
            web.fetch(outlet.url("/ferry"))
            for name in ("pages.db", "pages.db-wal"):
                (tmp_path / name).write_bytes(b"no database" * 1000)
            assert web.fetch(outlet.url("/ferry")).body == page().encode()

    def test_several_at_once(self, outlet: Outlet, tmp_path: Path) -> None:
        for number in range(30):
            outlet.says(f"/{number}", page(more=f"Edition {number}."), etag=f'"{number}"')
        urls = [outlet.url(f"/{number}") for number in range(30)]
        with fetcher(outlet, cache=tmp_path, at_once=8) as web, ThreadPoolExecutor(8) as pool:
            for number, found in enumerate(pool.map(web.fetch, urls)):
                assert f"Edition {number}.".encode() in found.body


@pytest.mark.parametrize("name", ["", "  ", "näme", "two\nlines"])
def test_a_name_that_is_none(outlet: Outlet, name: str) -> None:
    with pytest.raises(SettingsError):
        fetcher(outlet, user_agent=name)


def test_private_addresses_are_refused_by_default(outlet: Outlet) -> None:
    outlet.says("/ferry", page())
    error = failure(outlet, "/ferry", reachable=frozenset())
    assert isinstance(error, PrivateAddress)
    assert str(error) == "courier.example (127.0.0.1) is not a public address; see --allow-private"
    assert outlet.asked == []
    with fetcher(outlet, reachable=frozenset(), allow_private=True) as web:
        assert web.fetch(outlet.url("/ferry")).status == 200
