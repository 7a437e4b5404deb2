"""Politeness: how often and how many at a time a host is asked, and when it wants to be left alone."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from whipcount.errors import Refused


@dataclass(slots=True)
class _Host:
    delay: float
    at_once: int
    next: float = 0.0
    """When the next request may start."""
    running: int = 0
    away_until: float = 0.0
    """When the host wants to be asked again."""
    status: int = 0
    """What it said so with."""


class Hosts:
    """What is known of each host; safe to use from several threads."""

    def __init__(
        self,
        *,
        delay: float,
        at_once: int,
        longest_delay: float,
        patience: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._delay = delay
        self._at_once = at_once
        self._longest_delay = longest_delay
        self._patience = patience
        self._clock = clock
        self._changed = threading.Condition()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """Waits until the host may be asked; raises `Refused` where it wants to be left alone for long."""
        with self._changed:
            host = self._host(name)
            while True:
                now = self._clock()
                away = host.away_until - now
                if away > self._patience:
                    raise Refused(
                        f"asks to be left alone for {away:.0f} more seconds",
                        status=host.status,
                        retry_after=away,
                    )
                wait = max(host.next - now, away)
                if wait <= 0 and host.running < host.at_once:
                    break
                self._changed.wait(wait if wait > 0 else None)
            host.next = now + host.delay
            host.running += 1
        try:
            yield
        finally:
            with self._changed:
                host.running -= 1
                self._changed.notify_all()

    def slow_down(self, name: str, delay: float) -> None:
        """Take the delay that a host's robots.txt asks for, within reason, and one request at a time."""
        with self._changed:
            host = self._host(name)
            if delay > host.delay:
                host.next += min(delay, self._longest_delay) - host.delay
                host.delay = min(delay, self._longest_delay)
                host.at_once = 1

    def leave_alone(self, name: str, seconds: float, status: int) -> None:
        """The host said when it wants to be asked again."""
        with self._changed:
            host = self._host(name)
            host.away_until = max(host.away_until, self._clock() + seconds)
            host.status = status

    def _host(self, name: str) -> _Host:
        return self._hosts.setdefault(name, _Host(self._delay, self._at_once))
