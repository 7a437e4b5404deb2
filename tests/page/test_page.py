"""Pages to articles: what they say of themselves, and their paragraphs."""

import datetime as dt
from contextlib import suppress

import pytest

from whipcount.errors import ArticleError, NotAnArticle
from whipcount.page import page

PARAGRAPHS = (
    "Mayor Ada Brook endorsed Cy Dunmore for governor on Tuesday at the ferry landing.",
    "Sen. Bo Quill has not said whom he supports, and asks for a plan for the harbour first.",
    "The vote on the ferry is in November, and three more mayors are expected to come out.",
)


def html(head: str = "", body: str | None = None) -> str:
    inner = body if body is not None else "".join(f"<p>{words}</p>" for words in PARAGRAPHS)
    return (
        f"<!DOCTYPE html><html><head>{head}</head><body><header><nav><a href='/'>Home</a> <a href='/p'>Politics</a>"
        f"</nav></header><article><h1>Ferry plan divides Larkfield</h1>{inner}</article>"
        "<footer>Contact us. Terms of use.</footer></body></html>"
    )


LINKED = """<title>Ferry plan divides Larkfield - Courier</title><script type="application/ld+json">
{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "courier"}, {"@type": "NewsArticle",
 "headline": "Ferry plan divides Larkfield", "datePublished": "2031-07-03T06:00:00-05:00",
 "dateModified": "2031-07-09T06:00:00-05:00", "author": [{"@type": "Person", "name": "Dee Marsh"}, {"name": "Eli Stone"}],
 "publisher": {"@type": "Organization", "name": "Larkfield Courier"}}]}</script>"""


def test_title_blank_line_paragraphs() -> None:
    article = page(html(), id="ferry")
    assert article.id == "ferry"
    assert article.title == "Ferry plan divides Larkfield"
    assert article.text == "\n\n".join(["Ferry plan divides Larkfield", *PARAGRAPHS])


def test_linked_data_comes_first() -> None:
    meta = '<meta property="og:site_name" content="courier"><meta name="author" content="Web Desk">'
    article = page(html(meta + LINKED), id="ferry")
    assert article.title == "Ferry plan divides Larkfield"
    assert article.outlet == "Larkfield Courier"
    assert article.published == dt.date(2031, 7, 3)
    assert article.authors == ("Dee Marsh", "Eli Stone")


def test_meta_elements() -> None:
    article = page(
        html(
            '<meta property="og:site_name" content="Larkfield Courier"><meta name="author" content="Dee Marsh">'
            '<meta property="article:published_time" content="2031-07-03T06:00:00Z">'
            '<link rel="canonical" href="https://courier.example/ferry">'
        ),
        id="ferry",
    )
    assert article.outlet == "Larkfield Courier"
    assert article.published == dt.date(2031, 7, 3)
    assert article.authors == ("Dee Marsh",)
    assert article.url == "https://courier.example/ferry"
    assert article.original_outlet is None


def test_broken_linked_data_is_passed_over() -> None:
    article = page(html('<script type="application/ld+json">{"@type": "NewsArticle", </script>'), id="ferry")
    assert article.title == "Ferry plan divides Larkfield"
    assert article.published is None


def test_no_date_is_made_of_the_text() -> None:
    body = "".join(f"<p>{words} It was on 4 May 2029.</p>" for words in PARAGRAPHS)
    assert page(html(body=body), id="ferry").published is None


def test_canonical_page_elsewhere_names_the_origin() -> None:
    head = '<link rel="canonical" href="https://www.harbourtimes.example/ferry">'
    article = page(html(head), id="ferry", url="https://courier.example/ferry")
    assert article.url == "https://courier.example/ferry"
    assert article.original_outlet == "harbourtimes.example"
    assert page(html(head), id="ferry", url="https://www.harbourtimes.example/f?x=1").original_outlet is None


def test_items_of_a_list_have_bullets() -> None:
    items = "<ul><li>Ada Brook is for the plan and says so.</li><li>Bo Quill waits for the money.</li></ul>"
    body = "".join(f"<p>{words}</p>" for words in PARAGRAPHS)
    lines = page(html(body=items + body), id="ferry").text.split("\n\n")
    assert lines[1:3] == ["• Ada Brook is for the plan and says so.", "• Bo Quill waits for the money."]


def test_what_the_page_declares_of_its_encoding() -> None:
    text = html(
        '<meta charset="windows-1251">', body="".join(f"<p>Жанна. {words}</p>" for words in PARAGRAPHS)
    )
    assert "Жанна." in page(text.encode("cp1251"), id="ferry").text
    text = html('<meta charset="utf-8">', body="".join(f"<p>Zoë’s. {words}</p>" for words in PARAGRAPHS))
    assert "Zoë’s." in page(text.encode("cp1252"), id="ferry").text
    text = html(
        '<meta charset="ISO-8859-1">', body="".join(f"<p>“Zoë’s.” {words}</p>" for words in PARAGRAPHS)
    )
    assert "“Zoë’s.”" in page(text.encode("cp1252"), id="ferry").text


@pytest.mark.parametrize(
    "source",
    [
        "",
        "<html></html>",
        "<html><body><p>Page not found.</p></body></html>",
        html(body=""),
        "plain",
        b"<html>\0",
    ],
)
def test_no_article(source: str | bytes) -> None:
    with pytest.raises(NotAnArticle) as caught:
        page(source, id="ferry")
    assert isinstance(caught.value, ArticleError)
    assert "\n" not in str(caught.value)


def test_a_page_nested_without_end() -> None:
    deep = html(body="<div>" * 20_000 + PARAGRAPHS[0] * 3)
    with suppress(NotAnArticle):
        assert page(deep, id="ferry").text


def test_what_the_server_declares_of_its_encoding() -> None:
    text = html(body="".join(f"<p>Жанна. {words}</p>" for words in PARAGRAPHS)).encode("cp1251")
    assert (
        "Жанна." in page(text, id="ferry", headers={"Content-Type": "text/html; charset=windows-1251"}).text
    )
    # A server's word may be wrong: UTF-8 that is UTF-8 is read so, and the page's own word goes first.
    text = html(body="".join(f"<p>Жанна. {words}</p>" for words in PARAGRAPHS)).encode()
    assert "Жанна." in page(text, id="ferry", headers={"Content-Type": "text/html; charset=iso-8859-1"}).text
