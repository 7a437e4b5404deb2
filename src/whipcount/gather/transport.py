"""One request and its answer over the network: in turn, to public addresses alone, within time and size."""

import contextlib
import datetime as dt
import email.utils
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import httpcore
import httpx

from whipcount.addresses import host_of
from whipcount.errors import TooMuch, TooSlow, Unreachable
from whipcount.gather.hosts import Hosts
from whipcount.gather.network import DEADLINE, Network
from whipcount.gather.unpack import Unpacker

_CONNECT, _IDLE = 10.0, 15.0
"""Seconds for a connection, and between two pieces of an answer."""
_KEPT = frozenset({200, 301, 308, 304})
"""What the cache may keep: an error or a passing redirect is asked for again."""
_NONE_THERE = frozenset({404, 410})
_FRESHEST = 3600
"""Seconds for which a page is taken from the cache without asking: a correction should not be missed for long."""
_ROBOTS_FRESH = (3600, 86400)
"""The same for robots.txt, at least and at most (RFC 9309, 2.4)."""
_MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NO_STORE = re.compile(r"\bno-store\b", re.IGNORECASE)
_PAUSE = 5.0
"""Seconds to leave a host alone that says it is asked too often and not until when."""


@dataclass(slots=True)
class Allowance:
    """What one page may cost, over all tries and redirects."""

    seconds: float
    size: int
    cut: bool = False
    """Whether a longer answer is cut off there; else it is an error."""
    spent: float = 0.0
    """Seconds used up."""

    def too_slow(self) -> TooSlow:
        """What to raise once they are."""
        return TooSlow(f"takes longer than {self.seconds:g} seconds")


ALLOWANCE: ContextVar[Allowance] = ContextVar("allowance")
"""What the request that this thread makes may cost."""


class Transport(httpx.BaseTransport):
    """Sends requests within the `ALLOWANCE` and gives whole answers, packed as they came.

    Raises `FetchError`s. The cache stands above it, so only what goes over the network waits its turn.
    """

    def __init__(self, network: Network, hosts: Hosts, tls: ssl.SSLContext | None) -> None:
        self._hosts = hosts
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls or httpx.create_ssl_context(trust_env=False),
            network_backend=network,
            http2=True,
            max_connections=64,
            max_keepalive_connections=32,
            keepalive_expiry=30.0,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The whole answer."""
        host = host_of(str(request.url))
        allowance = ALLOWANCE.get()
        with self._hosts.turn(host), _spending(allowance):
            response = self._exchange(request, allowance)
        if response.status_code in {429, 503}:
            wait = retry_after(response.headers)
            if wait is not None or response.status_code == 429:
                self._hosts.leave_alone(host, _PAUSE if wait is None else wait, response.status_code)
        response.headers["cache-control"] = _freshness(request, response)
        return response

    def close(self) -> None:
        """Hang up everywhere."""
        self._pool.close()

    def _exchange(self, request: httpx.Request, allowance: Allowance) -> httpx.Response:
        url = request.url
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            extensions={"timeout": {"connect": _CONNECT, "read": _IDLE, "write": _IDLE, "pool": _CONNECT}},
        )
        try:
            answer = self._pool.handle_request(asked)
            with contextlib.closing(answer):
                body = httpx.ByteStream(_body(answer, allowance))
                return httpx.Response(answer.status, headers=answer.headers, stream=body)
        except httpcore.TimeoutException as error:
            if time.monotonic() >= DEADLINE.get():
                raise allowance.too_slow() from error
            if isinstance(error, httpcore.ReadTimeout):
                raise TooSlow(f"sends nothing for {_IDLE:.0f} seconds", again=True) from error
            raise Unreachable("takes no connection in time", again=True) from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise _unreachable(error) from error


def _body(answer: httpcore.Response, allowance: Allowance) -> bytes:
    """The body as it came: it is unpacked on the way to know how large it is, and kept packed."""
    headers = httpx.Headers(answer.headers)
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > allowance.size and not allowance.cut:
        raise TooMuch(f"larger than {allowance.size / 1_000_000:g} MB")
    unpacker = Unpacker(headers.get("content-encoding", ""), allowance.size)
    pieces: list[bytes] = []
    try:
        for piece in answer.iter_stream():
            pieces.append(piece)
            for _ in unpacker.feed(piece):
                if time.monotonic() >= DEADLINE.get():
                    raise allowance.too_slow()
    except TooMuch:
        if not allowance.cut:
            raise
    return b"".join(pieces)


@contextmanager
def _spending(allowance: Allowance) -> Iterator[None]:
    """The time that it takes comes off the allowance, and it ends when that is used up."""
    start = time.monotonic()
    if allowance.spent >= allowance.seconds:
        raise allowance.too_slow()
    token = DEADLINE.set(start + allowance.seconds - allowance.spent)
    try:
        yield
    finally:
        DEADLINE.reset(token)
        allowance.spent += time.monotonic() - start


def _freshness(request: httpx.Request, response: httpx.Response) -> str:
    """The answer's Cache-Control, so that the cache keeps what we want kept and asks when we want it to.

    Without a word from the server a cache may take an old page for fresh for days (RFC 9111, 4.2.2):
    here it then asks whether the page has changed, each time.
    """
    given = response.headers.get("cache-control", "")
    rules = request.url.path == "/robots.txt"
    kept = _KEPT | _NONE_THERE if rules else _KEPT
    if response.status_code not in kept or _NO_STORE.search(given):
        return "no-store"
    said = _MAX_AGE.search(given)
    age = int(said[1]) if said and "no-cache" not in given.lower() else 0
    spent = response.headers.get("age", "")  # in caches on the way, which ours does not look at
    age = max(0, age - int(spent[:9])) if spent.isdecimal() else age
    return f"max-age={min(max(age, _ROBOTS_FRESH[0]), _ROBOTS_FRESH[1]) if rules else min(age, _FRESHEST)}"


def retry_after(headers: httpx.Headers) -> float | None:
    """The seconds for which the server asks to be left alone, where it does."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return float(value[:9])
    try:
        at = email.utils.parsedate_to_datetime(value)
        at = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
        return max(0.0, (at - dt.datetime.now(dt.UTC)).total_seconds())
    except (ValueError, OverflowError):
        return None


def _unreachable(error: Exception) -> Unreachable:
    """What went wrong with a connection, in words."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Unreachable(f"its certificate is not good: {cause.verify_message}")
        if isinstance(cause, ConnectionRefusedError):
            return Unreachable("takes no connections", again=True)
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpcore.ConnectError):
        return Unreachable(f"can't be reached: {error or type(error).__name__}", again=True)
    return Unreachable("breaks off before the answer is complete", again=True)
