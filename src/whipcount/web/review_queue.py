"""What waits for a reviewer, kept at hand: looking through the whole ledger for every page would be slow.

Entry: `Waiting.items`. What is decided meanwhile is left out at once; what else has changed shows after some seconds.
Of several readers at once each is led to items that no other looks at, as far as there are any.
"""

import threading
import time
from collections.abc import Callable, Sequence

from whipcount.ledger import Ledger
from whipcount.review import Item, queue, read_desk

_FRESH = 20.0
"""Seconds for which the order of the queue is kept."""
_LOOKS = 180.0
"""Seconds for which somebody is taken to look at an item that they were shown."""
_MOST = 5_000
"""Items that are kept for one reader."""


class Waiting:
    """The queue of each reader."""

    def __init__(self, ledger: Ledger, clock: Callable[[], float] = time.monotonic) -> None:
        self._ledger = ledger
        self._clock = clock
        self._kept: dict[str, tuple[float, list[Item]]] = {}
        self._looking: dict[str, tuple[str, float]] = {}
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

    def looks(self, reader: str, item: Item) -> None:
        """The reader has the item before them."""
        with self._lock:
            self._looking[reader] = item.subject, self._clock()

    def take(self, reader: str, items: Sequence[Item]) -> Item | None:
        """The first of these items that no other reader looks at, the first of all where they look at each: it is theirs."""
        now = self._clock()
        with self._lock:
            taken = {
                subject
                for other, (subject, since) in self._looking.items()
                if other != reader and now - since < _LOOKS
            }
            found = next((item for item in items if item.subject not in taken), items[0] if items else None)
            if found is not None:
                self._looking[reader] = found.subject, now
        return found

    def forget(self, reader: str) -> None:
        """Look through the ledger anew for this reader."""
        with self._lock:
            self._kept.pop(reader, None)
