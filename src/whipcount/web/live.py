"""What runs beside the site: changes are recorded, those who wait for them told, webhooks delivered.

Entry: `Live`, which the app starts and stops. Two threads do the work; requests wait in the event loop.
"""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from whipcount.errors import WhipcountError
from whipcount.ledger import Ledger
from whipcount.ledger.hooks import Webhooks
from whipcount.ledger.stream import Stream
from whipcount.publish.signing import Key
from whipcount.publish.webhooks import Deliverer, Delivering
from whipcount.recorder import Recorder
from whipcount.web.options import WebOptions

LOG = logging.getLogger("whipcount.live")


class Live:
    """The recorder, the deliverer, and those who wait."""

    def __init__(self, ledger: Ledger, options: WebOptions) -> None:
        self._recorder = Recorder(ledger.engine)
        self._stream = Stream(ledger.engine)
        self._hooks = Webhooks(ledger.engine)
        self._key, self._how = options.key, options.delivering
        self._every, self._most = options.record_every, options.most_streams
        self._lock = threading.Lock()
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._last = 0
        self._ending = threading.Event()
        self._kicked = threading.Event()
        self._streams = 0

    @property
    def key(self) -> Key | None:
        """What the secrets of webhooks are made of; None where this site delivers none."""
        return self._key

    @property
    def how(self) -> Delivering:
        """How messages are sent."""
        return self._how

    @property
    def streams(self) -> int:
        """How many are open."""
        return self._streams

    @property
    def ending(self) -> bool:
        """Whether everybody is to go home."""
        return self._ending.is_set()

    def enter(self) -> bool:
        """Take a place among the streams; False where there is none."""
        with self._lock:
            if self._streams >= self._most:
                return False
            self._streams += 1
            return True

    def leave(self) -> None:
        """Give it back."""
        with self._lock:
            self._streams -= 1

    def kick(self) -> None:
        """Something was added: look now."""
        self._kicked.set()

    async def wait(self, number: int, seconds: float) -> bool:
        """Wait for a change after a number; False where none came in time, or all is ending."""
        told = asyncio.Event()
        with self._lock:
            if self._last > number or self.ending:
                return self._last > number
            self._waiting[told] = asyncio.get_running_loop()
        try:
            await asyncio.wait_for(told.wait(), seconds)
        except TimeoutError:
            return False
        finally:
            with self._lock:
                self._waiting.pop(told, None)
        return not self.ending

    def end_streams(self) -> None:
        """Let all who wait go home, before the server asks them to."""
        self._ending.set()
        self._kicked.set()
        self._wake()

    @asynccontextmanager
    async def running(self, _app: FastAPI) -> AsyncIterator[None]:
        """While the app runs."""
        self._ending.clear()
        threads = [threading.Thread(target=self._record, name="recorder", daemon=True)]
        if self._key is not None:
            threads.append(
                threading.Thread(target=self._deliver, args=(self._key,), name="deliverer", daemon=True)
            )
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.end_streams()
            for thread in threads:
                await asyncio.to_thread(thread.join, 30.0)

    def _record(self) -> None:
        while not self.ending:
            self._kicked.clear()
            try:
                self._recorder.catch_up()
                last = self._stream.bounds()[1]
            except WhipcountError as error:
                LOG.warning("%s", error)
            else:
                if last > self._last:
                    with self._lock:
                        self._last = last
                    self._wake()
            self._kicked.wait(self._every)

    def _deliver(self, key: Key) -> None:
        deliverer = Deliverer(self._hooks, key, self._how)
        try:
            while not self._ending.wait(self._every):
                try:
                    deliverer.run()
                except WhipcountError as error:
                    LOG.warning("%s", error)
        finally:
            deliverer.close()

    def _wake(self) -> None:
        with self._lock:
            for told, loop in self._waiting.items():
                if not loop.is_closed():
                    loop.call_soon_threadsafe(told.set)
