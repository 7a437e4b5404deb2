"""Pages from the web, politely and safely. Entry: `Fetcher`.

A request passes, from the outside in: the tries, the redirects, robots.txt, the cache (which asks
whether its copy still holds), the host's turn, the limits of time and size, and the check of the
address that is connected to.
"""

import datetime as dt
import logging
import sqlite3
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import tenacity
from hishel import CacheOptions, SpecificationPolicy, SyncSqliteStorage
from hishel.httpx import SyncCacheTransport

from whipcount.addresses import askable, joined, tidy
from whipcount.errors import FetchError, Refused, SettingsError, TooManyRedirects, TooMuch
from whipcount.gather.hosts import Hosts
from whipcount.gather.network import Network, Resolve, look_up
from whipcount.gather.robots import LIMIT as ROBOTS_LIMIT
from whipcount.gather.robots import Robots
from whipcount.gather.transport import ALLOWANCE, Allowance, Transport, retry_after
from whipcount.gather.unpack import ACCEPTED, Unpacker

# The cache's trouble is ours to tell.
logging.getLogger("hishel").addHandler(logging.NullHandler())

_HEADERS = {
    "accept": "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8",
    "accept-language": "en",
    "accept-encoding": ACCEPTED,
}
_PIECE = 1 << 16
_GOOD = frozenset({200, 203})
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ROBOTS_SECONDS = 20.0
_CACHED_FOR = 30 * 86400.0
"""Seconds after which the cache forgets a page."""
_CLEANED_EVERY = 86400.0


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How pages are fetched. Times are seconds, sizes are bytes."""

    cache: Path | None = None
    """The folder of the cache; None: nothing is kept."""
    user_agent: str = "whipcount"
    """What servers are told; robots.txt is read for the part before the first `/` or space."""
    allow_private: bool = False
    """Whether addresses that are not public may be reached."""
    reachable: frozenset[tuple[str, int]] = frozenset()
    """Single IP addresses and ports that may be reached though they are not public."""
    delay: float = 1.0
    """Between the starts of two requests to one host."""
    at_once: int = 2
    """Requests to one host at the same time."""
    longest_delay: float = 30.0
    """The most that a robots.txt can ask for."""
    patience: float = 60.0
    """How long a host that wants to be left alone is waited for."""
    seconds: float = 60.0
    """For one page, all tries and redirects together; waiting for one's turn does not count."""
    size: int = 10_000_000
    """Of one page, packed and unpacked."""
    tries: int = 3
    redirects: int = 5
    first_wait: float = 1.0
    """About how long to wait before the second try; then twice as long each time."""
    resolve: Resolve = look_up
    tls: ssl.SSLContext | None = None
    """Whose certificates are believed; None: those of the usual authorities."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer with a page in it."""

    url: str
    """Where it was in the end, without tracking parameters."""
    asked: str
    status: int
    headers: Mapping[str, str]
    """Their names in any case."""
    body: bytes
    """Unpacked."""
    kind: str
    """The media type, such as `text/html`; empty where the server gives none."""
    changed: bool
    """False where the copy in the cache still holds."""
    at: dt.datetime
    """When it was, in UTC."""


class Fetcher:
    """Fetches pages; close it, or use it as a context manager. Safe to use from several threads."""

    def __init__(self, settings: FetchSettings | None = None) -> None:
        """Raises `SettingsError` where the cache can't be opened or a setting makes no sense."""
        self._settings = settings = settings or FetchSettings()
        if (
            not settings.user_agent.strip()
            or not settings.user_agent.isascii()
            or not settings.user_agent.isprintable()
        ):
            raise SettingsError("the user agent must be a name in plain ASCII")
        self._hosts = Hosts(
            delay=settings.delay,
            at_once=settings.at_once,
            longest_delay=settings.longest_delay,
            patience=settings.patience,
        )
        network = Network(
            resolve=settings.resolve, allow_private=settings.allow_private, reachable=settings.reachable
        )
        self._network = Transport(network, self._hosts, settings.tls)
        self._cached = self._network if settings.cache is None else _cache(settings.cache, self._network)
        self._robots = Robots(
            self._robots_txt,
            agent=settings.user_agent.replace("/", " ").split()[0],
            slow_down=self._hosts.slow_down,
        )

    def close(self) -> None:
        """Hang up, and close the cache."""
        self._cached.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def fetch(self, url: str) -> Fetched:
        """The page at an address, after redirects; raises a `FetchError` that says why there is none."""
        address = askable(tidy(url))
        with _allowed(Allowance(self._settings.seconds, self._settings.size)):
            for attempt in tenacity.Retrying(
                stop=tenacity.stop_after_attempt(self._settings.tries),
                wait=tenacity.wait_exponential(multiplier=self._settings.first_wait, max=30.0)
                + tenacity.wait_random(0, self._settings.first_wait),
                retry=tenacity.retry_if_exception(
                    lambda error: isinstance(error, FetchError) and error.again
                ),
                reraise=True,
            ):
                with attempt:
                    return self._follow(address, robots=True).fetched(url, self._settings.size)
        raise AssertionError("a try ends in a page or an error")

    def _robots_txt(self, url: str) -> str:
        with _allowed(Allowance(min(_ROBOTS_SECONDS, self._settings.seconds), ROBOTS_LIMIT, cut=True)):
            answer = self._follow(url, robots=False)
        return answer.unpacked(ROBOTS_LIMIT, cut=True).decode("utf-8", "replace").removeprefix("\ufeff")

    def _follow(self, url: str, *, robots: bool) -> "_Answer":
        """The answer at the end of the redirects."""
        cookies = httpx.Cookies()  # some sites send a visitor in circles until the cookie comes back
        seen: set[tuple[str, str]] = set()
        for _ in range(self._settings.redirects + 1):
            if robots:
                self._robots.check(url)
            answer = self._ask(url, cookies)
            target = answer.response.headers.get("location")
            if answer.response.status_code not in _REDIRECTS or not target:
                return answer
            cookies.extract_cookies(answer.response)
            here = (url := joined(url, target), repr(sorted(cookies.items())))
            if here in seen:
                raise TooManyRedirects("redirects in a circle")
            seen.add(here)
        raise TooManyRedirects(f"redirects more than {self._settings.redirects} times")

    def _ask(self, url: str, cookies: httpx.Cookies) -> "_Answer":
        """What the server says, or the cache where its copy still holds; raises `Refused` for an error."""
        request = httpx.Request("GET", url, headers={"user-agent": self._settings.user_agent, **_HEADERS})
        cookies.set_cookie_header(request)
        try:
            answer = _Answer(request, self._cached.handle_request(request))
        except (sqlite3.Error, ValueError):
            # A full disk or a broken cache keeps nobody from reading.
            answer = _Answer(request, self._network.handle_request(request))
        status = answer.response.status_code
        if status not in _GOOD | _REDIRECTS:
            raise Refused(
                f"the server answers {_named(status)}",
                status=status,
                again=status in _TRANSIENT,
                retry_after=retry_after(answer.response.headers),
            )
        return answer


class _Answer:
    """A whole answer, its body still packed."""

    def __init__(self, request: httpx.Request, response: httpx.Response) -> None:
        self._body = b"".join(response.iter_raw())
        response.request = request
        self.response = response

    def unpacked(self, limit: int, *, cut: bool = False) -> bytes:
        """The body; `cut` off at the limit, else `TooMuch` is raised for more."""
        unpacker = Unpacker(self.response.headers.get("content-encoding", ""), limit)
        pieces: list[bytes] = []
        try:
            for start in range(0, len(self._body), _PIECE):
                pieces.extend(unpacker.feed(self._body[start : start + _PIECE]))
        except TooMuch:
            if not cut:
                raise
        return b"".join(pieces)

    def fetched(self, asked: str, limit: int) -> Fetched:
        """As it is handed on."""
        told = self.response.extensions
        held = bool(told.get("hishel_from_cache"))
        now = dt.datetime.now(dt.UTC)
        fresh = held and not told.get("hishel_revalidated")
        return Fetched(
            url=tidy(str(self.response.request.url)),
            asked=asked,
            status=self.response.status_code,
            headers=self.response.headers,
            body=self.unpacked(limit),
            kind=self.response.headers.get("content-type", "").partition(";")[0].strip().lower(),
            changed=not held,
            at=dt.datetime.fromtimestamp(told["hishel_created_at"], dt.UTC) if fresh else now,
        )


@contextmanager
def _allowed(allowance: Allowance) -> Iterator[None]:
    token = ALLOWANCE.set(allowance)
    try:
        yield
    finally:
        ALLOWANCE.reset(token)


def _named(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)


def _cache(folder: Path, network: Transport) -> SyncCacheTransport:
    """The cache in a folder, in front of the network."""
    cleaned = folder / "cleaned"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        storage = SyncSqliteStorage(database_path=folder / "pages.db", default_ttl=_CACHED_FOR)
        if not cleaned.exists() or cleaned.stat().st_mtime < time.time() - _CLEANED_EVERY:
            # By itself it does so five minutes after its start, when most runs are over.
            storage.last_cleanup = 0
            cleaned.touch()
        storage.get_entries("")
    except (OSError, sqlite3.Error) as error:
        network.close()
        raise SettingsError(f"can't keep a cache in {folder}: {error}") from error
    # For one reader: what is marked as private may be kept, and rules for proxies do not bind.
    return SyncCacheTransport(network, storage, SpecificationPolicy(cache_options=CacheOptions(shared=False)))
