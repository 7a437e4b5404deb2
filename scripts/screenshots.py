"""Pictures of every reading page, made from the example articles.

    python -m scripts.screenshots [--out docs/screenshots]

It reads `examples/` into a ledger for once, serves it, and takes each page with a desktop's and a phone's window,
the count in dark as well. Needs the `dev` group and Chromium.
"""

import argparse
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import uvicorn
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from whipcount import desk
from whipcount.article import Article, Reading
from whipcount.contest_file import contest_file
from whipcount.gather.gather import gather
from whipcount.ledger import Ledger
from whipcount.ledger.contests import Contests
from whipcount.read.reader import read_all
from whipcount.web.app import WebOptions, create_app

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
REPRINTED = "merriwick-endorses-dallow"
"""The example that another outlet prints as well, for the page of a story."""
DAY = "as_of=2025-10-28"
"""The day after the last of the examples."""
WINDOWS = {"desktop": (1280, 1600), "phone": (390, 1200)}
_COLOURS = 96


def fill(ledger: Ledger) -> None:
    """Read the examples and their contests into a ledger."""
    Contests(ledger.engine).imported(contest_file(EXAMPLES / "contests.toml"))
    articles = (item for item in gather([str(EXAMPLES)]) if isinstance(item, Article))
    for reading in read_all(articles, gate=True):
        ledger.add(reading)
        if reading.article.id == REPRINTED:
            ledger.add(reprint(reading))


def reprint(reading: Reading) -> Reading:
    """The same report as another outlet would print it: a new headline, a word here and there, a credit."""
    article = reading.article
    body = article.text[len(article.title) :].replace(" on Tuesday", " this week").rstrip()
    title = f"In brief: {article.title}"
    text = f"{title}{body}\n\nThis report first appeared in {article.outlet}."
    copy = Article(
        f"{article.id}-reprint", text, title, "Upper Lakes Wire", article.outlet, article.published
    )
    return Reading(copy)


def pages(ledger: Ledger) -> dict[str, str]:
    """The address of each page by the name of its picture; of those about one thing, the richest."""
    rows = desk.count(ledger, "all").rows
    articles = sorted({row.best.article.id for row in rows})
    article = max(articles, key=lambda one: len(desk.article(ledger, one).found))
    story = max(articles, key=lambda one: len(ledger.story(one).copies))
    who = max(rows, key=lambda row: len(desk.endorser(ledger, row.standing.endorser.id).timeline)).standing
    return {
        "count": f"/?{DAY}",
        "holdouts": f"/holdouts?{DAY}",
        "changes": f"/changes?{DAY}",
        "sources": "/sources",
        "endorser": f"/endorser/{who.endorser.id}",
        "article": f"/article/{article}",
        "story": f"/story/{ledger.story(story).id}",
    }


@contextmanager
def served(ledger: Ledger) -> Iterator[str]:
    """The site at a free port."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(ledger, WebOptions(rate=0)), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def take(browser: Browser, address: str, size: str, scheme: str, out: Path) -> None:
    """One picture, with as few colours as it needs."""
    width, height = WINDOWS[size]
    dark: Literal["dark", "light"] = "dark" if scheme == "dark" else "light"
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=dark)
    page.goto(address)
    tall = min(height, page.evaluate("document.body.getBoundingClientRect().bottom"))
    page.screenshot(path=out, clip={"x": 0, "y": 0, "width": width, "height": tall}, full_page=True)
    page.close()
    with Image.open(out) as taken:
        packed = taken.convert("RGB").quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    packed.save(out, optimize=True)


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=EXAMPLES.parent / "docs" / "screenshots")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, Ledger.open(str(Path(folder) / "l.db")) as ledger:
        fill(ledger)
        with served(ledger) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            for name, path in pages(ledger).items():
                for size in WINDOWS:
                    take(browser, url + path, size, "light", out / f"{name}-{size}.png")
            take(browser, url + f"/?{DAY}", "desktop", "dark", out / "count-dark.png")
            browser.close()


if __name__ == "__main__":
    main()
