"""Addresses among the paths: pages to articles, one page one article, errors in their place."""

import time
from pathlib import Path

import pytest

from gather.outlet import Outlet, endless, page, settings
from whipcount.article import Article, Reading
from whipcount.errors import ArticleError, FetchError, NotAnArticle, PrivateAddress, Refused
from whipcount.gather import gather
from whipcount.ledger import Ledger
from whipcount.page import charset_of, decode


def articles(outlet: Outlet, *paths: str, **changes: object) -> list[Article | ArticleError]:
    urls = [path if path.startswith("./") or "://" in path else outlet.url(path) for path in paths]
    return list(gather([url.removeprefix("./") for url in urls], fetching=settings(outlet, **changes)))


def one(outlet: Outlet, path: str) -> Article:
    [article] = articles(outlet, path)
    assert isinstance(article, Article), article
    return article


def test_a_page_an_error_and_a_file_each_in_its_place(outlet: Outlet, tmp_path: Path) -> None:
    outlet.says("/2031/ferry-plan.html", page())
    outlet.says("/report.pdf", b"%PDF-1.7 \x00\x01", content_type="application/pdf")
    outlet.says(
        "/news.jsonl",
        '{"id": "r1", "text": "Ada Brook endorsed Cy Dunmore.", "url": "https://courier.example/1"}\n',
    )
    outlet.says("/note.txt", "Ferry note\n\nAda Brook endorsed Cy Dunmore.", content_type="text/plain")
    (tmp_path / "tides.txt").write_text("Tide tables")
    found = articles(
        outlet,
        "/2031/ferry-plan.html?utm_source=x",
        "/gone",
        f"./{tmp_path}/tides.txt",
        "/report.pdf",
        "ftp://courier.example/x",
        "/news.jsonl",
        "/note.txt",
    )
    kinds = [type(item) for item in found]
    assert kinds == [Article, Refused, Article, NotAnArticle, FetchError, Article, Article]
    ferry, gone, tides, report, other, record, note = found
    assert isinstance(ferry, Article)
    assert isinstance(record, Article)
    assert isinstance(note, Article)
    assert isinstance(gone, Refused)
    assert (ferry.id, ferry.url, ferry.outlet) == (
        "ferry-plan",
        outlet.url("/2031/ferry-plan.html"),
        "Larkfield Courier",
    )
    assert ferry.published is None  # that it was fetched today is no date
    assert str(gone) == f"{outlet.url('/gone')}: the server answers 404 (Not Found)"
    assert gone.status == 404
    assert str(report) == f"{outlet.url('/report.pdf')}: not text but a PDF"
    assert str(other) == "ftp://courier.example/x: only http and https addresses are fetched"
    assert (record.id, record.url) == ("r1", "https://courier.example/1")
    assert (note.id, note.url, note.title) == ("note", outlet.url("/note.txt"), "Ferry note")
    assert isinstance(tides, Article)


def test_the_outlet_is_asked_while_articles_are_read(outlet: Outlet) -> None:
    for number in range(6):
        outlet.says(f"/{number}", page(more=f"Edition {number} of the day."))
    items = gather([outlet.url(f"/{number}") for number in range(6)], fetching=settings(outlet))
    assert isinstance(next(items), Article)
    until = time.monotonic() + 10
    while len(outlet.paths()) < 6 and time.monotonic() < until:
        time.sleep(0.01)
    assert len(outlet.paths()) == 6
    texts = [item.text for item in items if isinstance(item, Article)]
    assert [f"Edition {number} " in text for number, text in enumerate(texts, 1)] == [True] * 5


def test_a_page_at_several_addresses_is_one_article(outlet: Outlet, ledger: Ledger) -> None:
    canonical = f'<link rel="canonical" href="{outlet.url("/ferry", "www.courier.example")}">'
    for path in ("/ferry", "/amp/ferry", "/ferry.amp"):
        outlet.says(path, page(canonical))
    outlet.says("/story?id=7", page('<link rel="canonical" href="/">', "Another day."))
    outlet.says("/story?id=8", page("", "Another day."))
    hosts = ("www.courier.example", "courier.example", "m.courier.example")
    urls = [outlet.url(path, host) for path in ("/ferry", "/amp/ferry", "/ferry.amp") for host in hosts]
    found = [
        item
        for item in articles(outlet, *urls, outlet.url("/ferry?fbclid=1#top"))
        if isinstance(item, Article)
    ]
    assert {item.url for item in found[:-1]} == {outlet.url("/ferry", "www.courier.example")}
    assert [ledger.add(Reading(item)).new for item in found[:-1]] == [True] + [False] * 8
    # Pages without a word on their own address: their addresses decide.
    seventh, eighth = articles(outlet, "/story?id=7", "/story?id=8")
    assert isinstance(seventh, Article)
    assert isinstance(eighth, Article)
    assert [ledger.add(Reading(item)).new for item in (seventh, eighth)] == [True, True]


def test_a_copy_elsewhere_is_kept_beside_it(outlet: Outlet, ledger: Ledger) -> None:
    outlet.says("/ferry", page())
    outlet.says("/copy", page('<link rel="canonical" href="https://courier.example/ferry">'))
    [first, copy] = articles(outlet, outlet.url("/ferry"), outlet.url("/copy", "aggregator.test"))
    assert isinstance(first, Article)
    assert isinstance(copy, Article)
    assert copy.url == outlet.url("/copy", "aggregator.test")
    assert [ledger.add(Reading(item)).new for item in (first, copy)] == [True, True]


NAMES = "Łukasz Dvořák has endorsed Cy Dunmore for governor, as he said at the “harbour” on Tuesday evening."


@pytest.mark.parametrize(
    ("header", "encoding", "head"),
    [
        ("text/html; charset=windows-1250", "cp1250", ""),
        ('text/html;Charset="WINDOWS-1250"', "cp1250", '<meta charset="iso-8859-1">'),
        ("text/html; charset=iso-8859-1", "utf-8", ""),  # says so of all its pages
        ("text/html; charset=utf-8", "cp1250", '<meta charset="windows-1250">'),
        ("text/html; charset=nonsense", "cp1250", '<meta charset="windows-1250">'),
        ("text/html; charset=utf-16le", "utf-16-le", ""),
    ],
)
def test_the_encoding_that_the_server_names(outlet: Outlet, header: str, encoding: str, head: str) -> None:
    outlet.says("/ferry", page(head, NAMES).encode(encoding), content_type=header)
    if encoding == "utf-16-le":
        body = page(head, NAMES)
        assert decode(body.encode(encoding), charset_of({"content-type": header})) == body
    else:
        assert NAMES in one(outlet, "/ferry").text


def test_an_endless_page_among_others(outlet: Outlet) -> None:
    outlet.answers["/endless"] = endless
    outlet.says("/ferry", page())
    first, second = articles(outlet, "/endless", "/ferry", size=300_000)
    assert str(first) == f"{outlet.url('/endless')}: larger than 0.3 MB"
    assert isinstance(second, Article)


def test_a_private_address_by_default(outlet: Outlet) -> None:
    [error] = gather([f"http://127.0.0.1:{outlet.port}/ferry"])
    assert isinstance(error, PrivateAddress)
    assert outlet.asked == []
