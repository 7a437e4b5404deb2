"""A real server on a ledger, for tests that need one."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from whipcount.ledger import Ledger
from whipcount.web.app import create_app
from whipcount.web.options import WebOptions


@contextmanager
def serving(ledger: Ledger, options: WebOptions | None = None, port: int = 0) -> Iterator[str]:
    """The address at which the site is served."""
    app = create_app(ledger, options or WebOptions(rate=0, record_every=0.05))
    listening = socket.create_server(("127.0.0.1", port))
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5, lifespan="on")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        app.state.live.end_streams()
        server.should_exit = True
        thread.join(20)
        listening.close()
        assert not thread.is_alive()
