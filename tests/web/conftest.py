"""The real site on a real port, and a real browser."""

import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from whipcount.cli.serve import server_config
from whipcount.ledger import Ledger
from whipcount.web.accounts import Accounts
from whipcount.web.app import WebOptions, create_app
from whipcount.web.viewer import Role

PASSWORD = "sesame under the stair"


@dataclass(frozen=True)
class Site:
    url: str
    ledger: Ledger


@contextmanager
def serving(ledger: Ledger, options: WebOptions) -> Iterator[Site]:
    """The site in a thread of its own; its port is bound before anybody asks."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(server_config(create_app(ledger, options), proxies="127.0.0.1"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{listening.getsockname()[1]}", ledger)
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@pytest.fixture
def serve() -> Callable[[Ledger, WebOptions], AbstractContextManager[Site]]:
    return serving


@pytest.fixture
def site(ledger: Ledger) -> Iterator[Site]:
    with serving(ledger, WebOptions(rate=0)) as found:
        yield found


@pytest.fixture
def ada(ledger: Ledger) -> str:
    """A reviewer's name."""
    return Accounts(ledger.engine).add("Ada Brook", Role.REVIEWER, password=PASSWORD).name


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def browser_page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def log_in(page: Page, site: Site, name: str = "Ada Brook", to: str = "/method") -> None:
    page.goto(f"{site.url}/login?next={to}")
    page.focus("#name")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def token_in(html: str) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', html)
    assert found, html[:500]
    return found[1]


@contextmanager
def signed_in(site: Site, name: str = "Ada Brook", password: str = PASSWORD) -> Iterator[httpx.Client]:
    """A client without a browser that has logged in."""
    with httpx.Client(base_url=site.url) as client:
        answer = client.post(
            "/login", data={"name": name, "password": password, "csrf": token_in(client.get("/login").text)}
        )
        assert answer.status_code == 303, answer.text
        yield client
