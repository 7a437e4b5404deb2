"""A local web server that plays an outlet, and light stand-ins for what fetches and what reads."""

import datetime as dt
import hashlib
import json
import random
import re
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit
from xml.sax.saxutils import escape

import httpx

from whipcount.article import Article, Kind, Position, Reading, Sourcing, Span, Stand
from whipcount.cli import following, main
from whipcount.errors import Refused, Unreachable
from whipcount.ledger import Ledger

START = dt.datetime(2031, 7, 1, 12, 0, tzinfo=dt.timezone(-dt.timedelta(hours=5)))


_FIRST = "Ada Bo Dee Eve Finn Gus Hal Ida Jory Kit".split()
_LAST = "Brook Quill Marsh Tarn Wick Stroud Larkin Penrow Fell Osgood".split()


def person(number: int) -> str:
    """One of a hundred people."""
    return f"{_FIRST[number % 10]} {_LAST[number // 10 % 10]}"


def story(number: int, *, dated: bool = False, more: str = "", who: str = "") -> str:
    """A page that tells of one endorsement by somebody who is on no other page."""
    who = who or f"Endorser No{number}"
    meta = '<meta property="article:published_time" content="2031-06-30T10:00:00Z">' if dated else ""
    return (
        f"<!doctype html><html><head><title>Endorser {number} comes out</title>{meta}</head><body><article>"
        f"<h1>Endorser {number} comes out</h1>"
        f"<p>{who} has endorsed Cy Dunmore for governor, the primary's late favorite in Larkfield.</p>"
        f"<p>The candidate thanked voters of ward {number} in the campaign's last week before the election. {more}</p>"
        "</article></body></html>"
    )


def rss(entries: Sequence[str], *, extra: str = "") -> bytes:
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Larkfield Courier</title>'
        f"{extra}{''.join(entries)}</channel></rss>"
    ).encode()


def item(url: str, title: str = "A title", *, at: dt.datetime | None = None) -> str:
    date = f"<pubDate>{format_datetime(at)}</pubDate>" if at else ""
    return f"<item><title>{escape(title)}</title><link>{escape(url)}</link>{date}</item>"


@dataclass
class Answer:
    body: bytes
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    etag: bool = True


class Outlet:
    """Serves what is put into `answers`, by path; counts who asks for what."""

    def __init__(self, delay: Callable[[], float] = lambda: 0.0) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: Counter[str] = Counter()
        self.not_modified: Counter[str] = Counter()
        outlet = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outlet._answer(self)

            def log_message(self, *args: Any) -> None:
                pass

        self._delay = delay
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        # A client that is killed in the middle is what these tests are about.
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self._server.server_port}{path}"

    def put(self, path: str, body: str | bytes, **more: Any) -> str:
        self.answers[path] = Answer(body.encode() if isinstance(body, str) else body, **more)
        return self.url(path)

    def _answer(self, to: BaseHTTPRequestHandler) -> None:
        path = urlsplit(to.path).path
        self.asked[path] += 1
        answer = self.answers.get(path) or Answer(b"nothing here", 404)
        time.sleep(self._delay())
        etag = f'"{hashlib.md5(answer.body).hexdigest()}"'
        if answer.status == 200 and answer.etag and to.headers.get("If-None-Match") == etag:
            self.not_modified[path] += 1
            to.send_response_only(304)
            to.end_headers()
            return
        to.send_response_only(answer.status)
        for name, value in {
            "Content-Type": answer.kind,
            "Content-Length": str(len(answer.body)),
            **({"ETag": etag} if answer.etag else {}),
            **answer.headers,
        }.items():
            to.send_header(name, value)
        to.end_headers()
        to.wfile.write(answer.body)


@contextmanager
def outlet(delay: Callable[[], float] = lambda: 0.0) -> Iterator[Outlet]:
    found = Outlet(delay)
    try:
        yield found
    finally:
        found.close()


@dataclass(frozen=True)
class Answered:
    url: str
    kind: str
    headers: dict[str, str]
    body: bytes
    changed: bool


class Fetching:
    """Fetches by httpx, with a cache on disk: what is in it is asked for conditionally."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        cache.mkdir(exist_ok=True)
        self._client = httpx.Client(follow_redirects=True, timeout=10)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        self._client.close()

    def fetch(self, url: str) -> Answered:
        place = self._cache / hashlib.sha256(url.encode()).hexdigest()
        known = json.loads(place.read_text()) if place.exists() else None
        try:
            answer = self._client.get(url, headers={"If-None-Match": known["etag"]} if known else {})
        except httpx.HTTPError as error:
            raise Unreachable(f"no answer ({type(error).__name__})", again=True) from error
        if answer.status_code == 304 and known:
            return Answered(
                known["url"], "", dict(answer.headers), known["body"].encode("latin-1"), changed=False
            )
        if answer.status_code != 200:
            after = answer.headers.get("Retry-After")
            raise Refused(
                f"HTTP {answer.status_code}",
                status=answer.status_code,
                retry_after=float(after) if after else None,
            )
        if "ETag" in answer.headers:
            half = place.with_suffix(f".{threading.get_ident()}")
            half.write_text(
                json.dumps(
                    {
                        "etag": answer.headers["ETag"],
                        "url": str(answer.url),
                        "body": answer.content.decode("latin-1"),
                    }
                )
            )
            half.replace(place)
        return Answered(
            str(answer.url),
            answer.headers.get("Content-Type", ""),
            dict(answer.headers),
            answer.content,
            changed=True,
        )


def normal(url: str) -> str:
    """Without a fragment and without a query of tracking."""
    parts = urlsplit(url)
    query = "&".join(part for part in parts.query.split("&") if part and not part.startswith("utm_"))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


_CLAIM = re.compile(r"(Endorser No\d+) has endorsed (Cy Dunmore)[^.]*\.")


def light_read(articles: Sequence[Article], *, pause: float = 0.0) -> Iterator[Reading]:
    """The one endorsement that a `story` tells of, found without any model."""
    for article in articles:
        time.sleep(pause)
        yield Reading(
            article,
            positions=tuple(
                Position(
                    endorser=match[1],
                    endorser_kind=Kind.PERSON,
                    endorsee=match[2],
                    position=Stand.ENDORSED,
                    sourcing=Sourcing.NARRATION,
                    evidence=Span(*match.span()),
                    confidence=0.9,
                    because="a stand-in",
                )
                for match in _CLAIM.finditer(article.text)
            ),
        )


def whipcount(args: Sequence[str], cache: Path, *, light: bool = True, log: Path | None = None) -> None:
    """The command in this process, with the stand-ins: the target of a child process."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if log is not None:
        sys.stderr = log.open("a", buffering=1)
        sys.stdout = sys.stderr

    @contextmanager
    def make_fetcher(*_: object, **__: object) -> Iterator[tuple[Fetching, Callable[[str], str]]]:
        with Fetching(cache) as fetching:
            yield fetching, normal

    following.make_fetcher = make_fetcher
    if light:

        def make_reader(ledger: Ledger) -> Any:
            return following.reader(ledger, lambda some: light_read(some, pause=random.uniform(0, 0.02)))

        following.make_reader = make_reader
        # `add` takes its reader from here, with the language model behind it.
        read = ModuleType("whipcount.read")

        def read_all(articles: Sequence[Article], *, gate: bool) -> Iterator[Reading]:
            assert gate
            return light_read(articles, pause=0.005)

        read.read_all = read_all  # type: ignore[attr-defined]
        sys.modules["whipcount.read"] = read
    main(list(args), prog_name="whipcount")
