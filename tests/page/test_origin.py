"""Who published a page, and whose report it is."""

import pytest

from whipcount.article import Article
from whipcount.outlet_table import OutletKind, bare_host, outlet_named, outlets, same_name, same_site
from whipcount.page import mark, outlet_of, page

BODY = "".join(
    f"<p>{words}</p>"
    for words in (
        "Mayor Ada Brook endorsed Cy Dunmore for governor on Tuesday at the ferry landing.",
        "Sen. Bo Quill has not said whom he supports, and asks for a plan for the harbour first.",
        "The vote on the ferry is in November, and three more mayors are expected to come out.",
    )
)


def published(head: str, url: str | None, below: str = "") -> tuple[str | None, str | None]:
    html = f"<html><head>{head}</head><body><article><h1>Ferry plan</h1>{BODY}{below}</article></body></html>"
    article = mark(page(html, id="ferry", url=url))
    return article.outlet, article.original_outlet


def linked(more: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {more}}}</script>'


COURIER = '"publisher": {"name": "Larkfield Courier"}'
SITE = '<meta property="og:site_name" content="Newsgrab">'
AGGREGATOR = next(one for one in outlets() if one.kind is OutletKind.AGGREGATOR and one.domains)


@pytest.mark.parametrize(
    ("head", "url", "expected"),
    [
        (linked(COURIER), "https://courier.example/ferry", ("Larkfield Courier", None)),
        (linked(f'{COURIER}, "sourceOrganization": "Harbour Times"'), "https://courier.example/f", ("Larkfield Courier", "Harbour Times")),
        (linked(f'{COURIER}, "provider": {{"name": "Associated Press"}}'), "https://courier.example/f", ("Larkfield Courier", "The Associated Press")),
        (linked(f'{COURIER}, "isBasedOn": "https://harbourtimes.example/f"'), "https://courier.example/f", ("Larkfield Courier", "harbourtimes.example")),
        (linked(f'{COURIER}, "isBasedOn": {{"publisher": {{"name": "Harbour Times"}}}}'), None, ("Larkfield Courier", "Harbour Times")),
        (linked(COURIER) + '<meta name="syndication-source" content="https://www.reuters.com/f">', "https://courier.example/f", ("Larkfield Courier", "Reuters")),
        (linked(COURIER) + '<link rel="canonical" href="https://harbourtimes.example/f">', "https://courier.example/f", ("Larkfield Courier", "harbourtimes.example")),
        # Subdomains and the mobile site are no other outlet.
        (linked(COURIER) + '<link rel="canonical" href="https://www.courier.example/f">', "https://m.courier.example/f", ("Larkfield Courier", None)),
        # An aggregator's copy: known by its domain, or by a canonical address elsewhere.
        (linked(COURIER), f"https://{AGGREGATOR.domains[0]}/f", (AGGREGATOR.name, "Larkfield Courier")),
        (SITE + linked(COURIER) + '<link rel="canonical" href="https://courier.example/f">', "https://newsgrab.example/f", ("Newsgrab", "Larkfield Courier")),
    ],
)  # fmt: skip
def test_outlet_and_original(head: str, url: str | None, expected: tuple[str | None, str | None]) -> None:
    assert published(head, url) == expected


def test_the_text_knows_better_than_the_page() -> None:
    head = linked(f'{COURIER}, "isBasedOn": "https://harbourtimes.example/f"')
    assert published(head, None, "<p>This story was first published by Marrow Bay Herald.</p>") == (
        "Larkfield Courier",
        "Marrow Bay Herald",
    )


@pytest.mark.parametrize(
    ("line", "original"),
    [
        ("This article first appeared on Harbour Times at 9:01 a.m. on July 3, 2031.", "Harbour Times"),
        ("This story was originally published by Harbour Times, a nonprofit newsroom.", "Harbour Times"),
        ("Originally published on Harbour Times.", "Harbour Times"),
        ("Republished with permission from Harbour Times.", "Harbour Times"),
        ("Via Harbour Times", "Harbour Times"),
        ("Source: A plan for the harbour", None),
        ("This article was first published in July 2031 and has been updated.", None),
        ("Copyright 2031 Harbour Times. All rights reserved.", None),
        ("By Dee Marsh\nAssociated Press", "The Associated Press"),
    ],
)
def test_credits_in_the_text(line: str, original: str | None) -> None:
    text = f"{line}\n\nMayor Ada Brook endorsed Cy Dunmore on Tuesday."
    assert mark(Article(id="a", text=text, outlet="Larkfield Courier")).original_outlet == original


def test_an_outlet_credits_itself_by_another_name() -> None:
    text = "Ada Brook is for it.\n\nThis article first appeared on NYT."
    article = Article(id="a", text=text, url="https://www.nytimes.com/f")
    assert mark(article).original_outlet is None


def test_the_table() -> None:
    ids = [one.id for one in outlets()]
    domains = [domain for one in outlets() for domain in one.domains]
    assert len(ids) == len(set(ids))
    assert len(domains) == len(set(domains))
    assert all(domain == bare_host(f"https://{domain}/") for domain in domains)
    for one in outlets():
        assert outlet_named(one.name) is not None
        for domain in one.domains:
            assert outlet_of(f"https://www.{domain}/politics/f") == one
            assert outlet_of(f"https://blogs.{domain}/f") is not None
            assert outlet_of(f"https://not{domain}/f") != one


@pytest.mark.parametrize(
    "url", [None, "", "ferry", "https://", "https://[", "https://courier.example/", "http://127.0.0.1/"]
)
def test_addresses_of_nobody_known(url: str | None) -> None:
    assert outlet_of(url) is None


def test_names_and_sites_of_one_outlet() -> None:
    assert same_name("the associated press", "AP")
    assert same_name("The Harbour Times", "harbour times")
    assert same_name("El Péndulo", "el pendulo")
    assert same_name("politico.com", "Politico")
    assert same_name("Larkfield.com", "Larkfield")
    assert not same_name("Harbour Times", "Harbour Post")
    assert not same_name(None, None)
    assert same_site("https://m.courier.example/a", "https://www.courier.example/b")
    assert not same_site("https://courier.example/a", "https://herald.example/a")
    assert not same_site(None, "https://herald.example/a")
