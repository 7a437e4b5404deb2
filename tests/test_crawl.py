"""Pages of archives become articles."""

import datetime as dt
from pathlib import Path

import pytest

from crawling import FERRY, Page, html, names, write
from whipcount.article import Article, Basis
from whipcount.crawl import articles_of, crawl
from whipcount.gather.given import Given
from whipcount.gather.warc import Archive, Captured

WORDS = "Mayor Raúl Quill “backs” Cy Dunmore, whom he endorsed for governor, a senator and candidate in the primary."


def articles(tmp_path: Path, page: Page, given: Given | None = None) -> list[Article]:
    write(tmp_path / "a.warc.gz", [page])
    return [
        article
        for one in Archive(tmp_path / "a.warc.gz")
        if isinstance(one, Captured)
        for article in articles_of(one, given or Given())
    ]


@pytest.mark.parametrize(
    ("encoding", "text"), [("cp1252", WORDS), ("utf-8", WORDS), ("koi8-r", f"Мэр Зорин. {WORDS}")]
)
def test_the_server_says_the_encoding(tmp_path: Path, encoding: str, text: str) -> None:
    text = text if encoding != "koi8-r" else text.replace("ú", "u").replace("“", '"').replace("”", '"')
    (article,) = articles(
        tmp_path, Page(html(text, encoding=encoding), kind=f"text/html; charset={encoding}")
    )
    assert text in article.text


def test_the_day_of_the_crawl_is_not_that_of_publication(tmp_path: Path) -> None:
    (article,) = articles(tmp_path, Page(html(WORDS)))
    assert (article.published, article.dated) == (None, None)
    (article,) = articles(tmp_path, Page(html(WORDS)), Given(dt.date(2031, 7, 3), "Larkfield Courier"))
    assert article.published == dt.date(2031, 7, 3)
    assert article.dated
    assert article.dated.basis is Basis.GIVEN
    assert article.outlet == "Larkfield Courier"


def test_a_page_without_an_article(tmp_path: Path) -> None:
    assert articles(tmp_path, Page(b"<html><p>endorsed candidate senator</p></html>")) == []


def test_what_recurs_on_an_outlets_pages_is_debris(tmp_path: Path) -> None:
    box = "The harbour desk welcomes letters about tides and boats."
    pages = [
        Page(
            html(
                f"{FERRY.format(n=names(n))}\n\n{box}\n\nThe {names(n)} council met {n} times, and the {names(n)} boats left the landing late on each day.",
                f"Part {n}",
            )
        )
        for n in range(6)
    ]
    write(tmp_path / "a.warc.gz", pages)
    [stretch] = crawl(tmp_path / "a.warc.gz")
    assert (len(stretch.readings), stretch.passed_over) == (6, 0)
    for reading in stretch.readings:
        assert box in [span.of(reading.article.text) for span in reading.article.debris]
        assert reading.positions
