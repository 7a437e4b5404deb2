"""What waits for a reviewer, kept at hand: looking through the whole ledger for every page would be slow.

Entry: `Waiting.items`. What is decided meanwhile is left out at once; what else has changed shows after some seconds.
"""

import threading
import time
from collections.abc import Callable

from whipcount.ledger import Ledger
from whipcount.review import Item, queue, read_desk

_FRESH = 20.0
"""Seconds for which the order of the queue is kept."""
_MOST = 5_000
"""Items that are kept for one reader."""


class Waiting:
    """The queue of each reader."""

    def __init__(self, ledger: Ledger, clock: Callable[[], float] = time.monotonic) -> None:
        self._ledger = ledger
        self._clock = clock
        self._kept: dict[str, tuple[float, list[Item]]] = {}
        self._lock = threading.Lock()

    def items(self, reader: str) -> list[Item]:
        """What waits for this reader, the most pressing first."""
        with self._lock:
            made, found = self._kept.get(reader, (float("-inf"), []))
            if self._clock() - made > _FRESH:
                found = queue(read_desk(self._ledger), _MOST, reader)
                self._kept[reader] = (self._clock(), found)
        seen = self._ledger.decided().seen
        return [item for item in found if seen.get(item.subject, 0) == item.seen]

    def forget(self, reader: str) -> None:
        """Look through the ledger anew for this reader."""
        with self._lock:
            self._kept.pop(reader, None)
