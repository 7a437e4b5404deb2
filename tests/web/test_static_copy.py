import datetime as dt
import posixpath
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import feedparser
import pytest
from click.testing import CliRunner
from lxml import html
from playwright.sync_api import Page

from making import HERALD, Claim, reading
from whipcount.article import Sourcing, Stand
from whipcount.cli import main
from whipcount.ledger import Ledger
from whipcount.web.static_copy import file_of


@pytest.fixture
def site(db: str, tmp_path: Path) -> Path:
    with Ledger.open(db) as ledger:
        brook = Claim("Ada Brook", Stand.WITHHOLDING, sourcing=Sourcing.OWN_WORDS, asks=("a plan",))
        ledger.add(
            reading(
                brook,
                Claim("Bo Quill", Stand.ENDORSED),
                published=dt.date(2024, 7, 3),
                url="https://courier.example/a",
            )
        )
        evil = Claim("Eve <script>alert(1)</script>", Stand.ENDORSED, endorsee="Dora Vale")
        ledger.add(reading(evil, published=dt.date(2024, 7, 5), id="b-2", outlet=HERALD, lead="More."))
    folder = tmp_path / "site"
    # In a process of its own: the browser's library has a loop running in this one.
    script = "from whipcount.cli import main; main()"
    args = ["publish", str(folder), "--db", db, "--public-url", "https://t.example"]
    subprocess.run([sys.executable, "-c", script, *args], check=True)
    return folder


def links(page: Path, root: Path) -> list[str]:
    """Where the links of a page lead within the copy."""
    here = posixpath.dirname(page.relative_to(root).as_posix())
    out = []
    for _, _, link, _ in html.document_fromstring(page.read_bytes()).iterlinks():
        parts = urlsplit(link)
        if not parts.scheme and parts.path:
            out.append(posixpath.normpath(posixpath.join(here, unquote(parts.path))))
    return out


def test_every_link_leads_to_a_file(site: Path) -> None:
    found = list(site.rglob("*.html"))
    assert len(found) > 10
    for page in found:
        for link in links(page, site):
            assert not link.startswith(".."), (page, link)
            assert (site / link).is_file(), (page, link)
    kinds = {page.relative_to(site).parts[0] for page in found}
    assert kinds >= {"article", "changes", "endorser", "holdouts", "index.html", "method", "sources", "story"}


def test_every_place_that_a_link_names_is_on_its_page(site: Path) -> None:
    places = {
        page: set(html.document_fromstring(page.read_bytes()).xpath("//@id")) for page in site.rglob("*.html")
    }
    asked = 0
    for page in places:
        for link in html.document_fromstring(page.read_bytes()).xpath("//a/@href"):
            parts = urlsplit(link)
            if not parts.scheme and parts.fragment:
                target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
                assert unquote(parts.fragment) in places[target], (page, link)
                asked += 1
    assert asked > 10


def test_what_needs_a_server_is_left_out(site: Path) -> None:
    for page in site.rglob("*.html"):
        read = html.document_fromstring(page.read_bytes())
        assert not list(read.iter("form", "script"))
        assert not [link for link in links(page, site) if "login" in link or "review" in link]
        assert "default" not in read.xpath("string(//meta[@http-equiv]/@content)")
    assert not (site / "review").exists()
    assert (site / "method" / "index.html").is_file()
    assert (site / "count.csv").is_file()
    feed = feedparser.parse((site / "changes.atom").read_bytes())
    assert feed.entries[0].link.startswith("https://t.example/endorser/")


def test_it_opens_from_the_disk(site: Path, browser_page: Page) -> None:
    told: list[str] = []
    browser_page.on("pageerror", lambda error: told.append(str(error)))
    browser_page.on("dialog", lambda dialog: told.append(dialog.message))
    browser_page.goto((site / "index.html").as_uri())
    browser_page.get_by_role("link", name="Ada Brook").first.click()
    assert "Ada Brook" in browser_page.title()
    assert "/endorser/" in browser_page.url
    browser_page.get_by_role("link", name="Holdouts").first.click()
    assert browser_page.get_by_text("a plan").first.is_visible()
    assert told == []


def test_a_folder_of_somebody_s_is_left_alone_and_a_copy_is_replaced(
    site: Path, db: str, tmp_path: Path
) -> None:
    runner = CliRunner()
    (site / "stale.html").touch()
    script = "from whipcount.cli import main; main()"
    subprocess.run([sys.executable, "-c", script, "publish", str(site), "--db", db], check=True)
    assert not (site / "stale.html").exists()
    other = tmp_path / "thesis"
    other.mkdir()
    (other / "chapter-1.txt").write_text("years of work")
    done = runner.invoke(main, ["publish", str(other), "--db", db])
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert (other / "chapter-1.txt").read_text() == "years of work"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_addresses_become_files_that_no_two_share() -> None:
    assert file_of("/") == "index.html"
    assert file_of("/holdouts") == "holdouts/index.html"
    assert file_of("/holdouts?contest=c_1") == "holdouts/index-contest-c_1.html"
    assert file_of("/count.csv?contest=c_1") == "count-contest-c_1.csv"
    assert file_of("/../../etc/x") == "etc/x/index.html"
    assert file_of("/story/../x?page=../2") == "x/index-page-..~2f2.html"
