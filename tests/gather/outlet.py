"""A web server on this machine that plays an outlet, as well and as badly behaved as a test wants it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from whipcount.gather.fetch import Fetcher, FetchSettings

PAGE = """<!DOCTYPE html><html><head><title>Ferry plan divides Larkfield</title>{head}
<meta property="og:site_name" content="Larkfield Courier"></head><body><article><h1>Ferry plan divides Larkfield</h1>
<p>Mayor Ada Brook has endorsed Cy Dunmore for governor, she said at the harbour on Tuesday evening.</p>
<p>"I am not ready to endorse Cy Dunmore," Sen. Bo Quill told the Harbour Times, and asked for a new pier.</p>
<p>{more}</p></article></body></html>"""


def page(head: str = "", more: str = "The ferry runs twice a day.") -> str:
    return PAGE.format(head=head, more=more)


Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Gives what the outlet has for the path; keeps the connection open like a server of today."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        outlet = self.server.outlet
        request = Asked(
            self.path, {name.lower(): text for name, text in self.headers.items()}, time.monotonic()
        )
        with outlet.lock:
            outlet.asked.append(request)
            outlet.running += 1
            outlet.most_running = max(outlet.most_running, outlet.running)
        try:
            outlet.answers.get(self.path, missing)(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with outlet.lock:
                outlet.running -= 1

    def give(self, body: str | bytes = b"", status: int = 200, **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        given = {"content_type": "text/html; charset=utf-8", "content_length": str(len(data)), **headers}
        for name, value in given.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if status != 304:
            self.wfile.write(data)

    def begin(self, **headers: str) -> None:
        """An answer whose length is not told: what is written next, until the connection ends."""
        self.close_connection = True
        self.send_response(200)
        for name, value in {"content_type": "text/html", "connection": "close", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    outlet: "Outlet"


@dataclass(frozen=True)
class Asked:
    path: str
    headers: dict[str, str]
    at: float


@dataclass
class Outlet:
    host: str
    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    running: int = 0
    most_running: int = 0

    def says(self, path: str, body: str | bytes = "", status: int = 200, **headers: str) -> None:
        self.answers[path] = lambda handler: handler.give(body, status, **headers)

    def url(self, path: str, host: str = "courier.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [one.path for one in self.asked if one.path != "/robots.txt"]


def missing(handler: Handler) -> None:
    handler.give("nothing here", 404)


@contextmanager
def running(host: str = "127.0.0.1", port: int = 0) -> Iterator[Outlet]:
    server = Server((host, port), Handler)
    server.outlet = outlet = Outlet(host, server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield outlet
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def settings(*outlets: Outlet, **changes: Any) -> FetchSettings:
    """Settings that reach these outlets under any name, and hurry."""
    hurried: dict[str, Any] = {
        "resolve": lambda _host, _port: [outlets[0].host],
        "reachable": frozenset((outlet.host, outlet.port) for outlet in outlets),
        "delay": 0.0,
        "first_wait": 0.01,
        "seconds": 10.0,
    }
    return FetchSettings(**(hurried | changes))


def fetcher(*outlets: Outlet, **changes: Any) -> Fetcher:
    return Fetcher(settings(*outlets, **changes))


def endless(handler: Handler) -> None:
    handler.begin()
    while True:
        handler.wfile.write(b"<p>And another thing." * 1000)
