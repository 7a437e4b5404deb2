"""Several addresses at once: no host is crowded, none waits for another, and the order stays."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

_WORKERS = 16
_AHEAD = 64
"""How many results may wait to be taken, so that a slow reader does not fill the memory."""


def together(
    items: Sequence[str],
    work: Callable[[str], T],
    *,
    lane: Callable[[str], str],
    at_once: int,
    workers: int = _WORKERS,
    ahead: int = _AHEAD,
) -> Iterator[T]:
    """What `work` makes of each item, in order, while later ones are worked on already.

    At most `at_once` items of one lane are in work at a time. Work begins with the first result that is asked for.
    `work` raises nothing but what should end it all.
    """
    shared = _Shared(items, work, lane, at_once, ahead)
    for _ in range(min(workers, len(items))):
        threading.Thread(target=shared.run, daemon=True, name="together").start()
    try:
        for number in range(len(items)):
            yield shared.take(number)
    finally:
        shared.stop()


class _Shared(Generic[T]):
    """What the workers share."""

    def __init__(
        self,
        items: Sequence[str],
        work: Callable[[str], T],
        lane: Callable[[str], str],
        at_once: int,
        ahead: int,
    ) -> None:
        self._items = items
        self._work = work
        self._lanes = [lane(item) for item in items]
        self._at_once = at_once
        self._ahead = ahead
        self._changed = threading.Condition()
        self._waiting = list(range(len(items)))
        self._in_lane: Counter[str] = Counter()
        self._done: dict[int, T | BaseException] = {}
        self._taken = 0
        self._stopped = False

    def run(self) -> None:
        """A worker's life."""
        while (number := self._next()) is not None:
            try:
                result: T | BaseException = self._work(self._items[number])
            except BaseException as error:  # noqa: BLE001 - raised where the result is taken
                result = error
            with self._changed:
                self._done[number] = result
                self._in_lane[self._lanes[number]] -= 1
                self._changed.notify_all()

    def _next(self) -> int | None:
        """The first item that may be worked on; None when there is nothing more to do."""
        with self._changed:
            while self._waiting and not self._stopped:
                for place, number in enumerate(self._waiting):
                    if number >= self._taken + self._ahead:
                        break
                    if self._in_lane[self._lanes[number]] < self._at_once:
                        del self._waiting[place]
                        self._in_lane[self._lanes[number]] += 1
                        return number
                self._changed.wait()
            return None

    def take(self, number: int) -> T:
        """The result of an item, waited for."""
        with self._changed:
            self._changed.wait_for(lambda: number in self._done)
            result = self._done.pop(number)
            self._taken = number + 1
            self._changed.notify_all()
        if isinstance(result, BaseException):
            raise result
        return result

    def stop(self) -> None:
        """Begin nothing more."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
