"""robots.txt as RFC 9309 has it: what it allows, how it is kept, and what an error means."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
from protego import Protego

from whipcount.addresses import host_of
from whipcount.errors import FetchError, Forbidden, Refused, TooManyRedirects

LIMIT = 512 * 1024
"""Bytes of robots.txt that are read; the rest of a longer one is passed over (RFC 9309, 2.5)."""
_KEPT, _KEPT_ERROR = 86400.0, 300.0
"""Seconds for which the rules, or that there are none to be had, are believed."""
_FAILURES = 3


@dataclass(slots=True)
class _Site:
    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: Protego | None = None
    error: FetchError | None = None
    failures: int = 0
    until: float = 0.0


class Robots:
    """The rules of each site, asked for once.

    `get` gives the text of a robots.txt and raises `FetchError`s; `slow_down` takes a host and the delay
    that it asks for. `agent` is the product's name that rules go by.
    """

    def __init__(
        self, get: Callable[[str], str], *, agent: str, slow_down: Callable[[str, float], None]
    ) -> None:
        self._get = get
        self._agent = agent
        self._slow_down = slow_down
        self._lock = threading.Lock()
        self._sites: dict[str, _Site] = {}

    def check(self, url: str) -> None:
        """Raises `Forbidden` where the site's rules forbid the address or can't be had."""
        origin = str(httpx.URL(url).copy_with(raw_path=b"/"))
        with self._lock:
            site = self._sites.setdefault(origin, _Site())
        with site.lock:
            if time.monotonic() >= site.until:
                self._ask(site, origin)
            error, rules = site.error, site.rules
        if error is not None:
            raise _again(error)
        if rules is not None and not rules.can_fetch(url, self._agent):
            raise Forbidden("the site's robots.txt says no")

    def _ask(self, site: _Site, origin: str) -> None:
        site.rules = site.error = None
        try:
            rules = Protego.parse(self._get(f"{origin}robots.txt"))
        except FetchError as error:
            if _means_none(error):
                site.until = time.monotonic() + _KEPT
                return
            site.failures += 1
            site.error = _as_rule(error)
            # What may pass is asked for again with the page; a host that is gone, not for each of its pages.
            if site.failures >= _FAILURES or not error.again:
                site.until = time.monotonic() + _KEPT_ERROR
                site.failures = 0
        else:
            site.rules = rules
            site.failures = 0
            site.until = time.monotonic() + _KEPT
            rate = rules.request_rate(self._agent)
            delays = (rules.crawl_delay(self._agent) or 0.0, rate.seconds / rate.requests if rate else 0.0)
            if max(delays) > 0:
                self._slow_down(host_of(origin), max(delays))


def _means_none(error: FetchError) -> bool:
    """RFC 9309, 2.3.1.3: "unavailable", by a status of 400 to 499 or redirects without end, forbids nothing.

    429 is a server's "not now", like those of 500 and more.
    """
    if isinstance(error, TooManyRedirects):
        return True
    return isinstance(error, Refused) and (error.status < 500 and error.status != 429)


def _as_rule(error: FetchError) -> FetchError:
    """RFC 9309, 2.3.1.4: "unreachable" forbids everything."""
    if isinstance(error, Refused):
        words = f"its robots.txt can't be had ({error}), and so nothing else"
        return Forbidden(words, again=error.again, retry_after=error.retry_after)
    return error


def _again(error: FetchError) -> FetchError:
    """A fresh copy: one exception raised in several threads would grow their tracebacks."""
    if isinstance(error, Refused):
        return Refused(str(error), status=error.status, again=error.again, retry_after=error.retry_after)
    return type(error)(str(error), again=error.again, retry_after=error.retry_after)
