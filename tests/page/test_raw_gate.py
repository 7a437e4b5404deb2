"""The gate on a page's bytes, on invented pages in many dresses."""

from html.entities import codepoint2name

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawling import TIDES, ferry, html, tides
from whipcount.page.gate_words import table, weigh
from whipcount.page.raw_gate import may_hold
from whipcount.read.gate import passes

POSITION = """Mayor Ada Brook – of Larkfield – said she “can’t yet endorse” Cy Dunmore for governor. The candidates meet
before the primary, and Sen. Raúl Quill backs nobody’s campaign so far: the party’s voters decide the election."""


def dressed(text: str, how: str) -> bytes:
    """A page with the text as different sites write it."""
    match how:
        case "utf-8" | "cp1252" | "utf-16":
            return html(text, encoding=how)
        case "named":
            quoted = "".join(f"&{codepoint2name[ord(c)]};" if ord(c) > 127 else c for c in text)
            return html(quoted)
        case "numbered":
            return html("".join(f"&#{ord(c)};" if ord(c) > 127 else c for c in text))
        case "soft hyphens":
            return html(text.replace("endorse", "en&shy;dorse").replace("candidates", "can\xaddidates"))
        case "links":
            return html(
                text.replace("Cy Dunmore", "<a href='/d'>Cy Dunmore</a>").replace(
                    "endorse", "<em>endorse</em>"
                )
            )
        case "capitals":
            return html(text).replace(b"<p>", b"<P>").replace(b"script", b"SCRIPT")
        case "one line":
            return html(text.replace("\n", "&nbsp;"))
        case "script":
            body = b'{"@type": "NewsArticle", "articleBody": "%b"}' % text.encode()
            return (
                b"<html><script type='application/ld+json'>" + body + b"</script><p>Please wait.</p></html>"
            )
        case _:
            raise AssertionError(how)


@pytest.mark.parametrize(
    "how",
    [
        "utf-8",
        "cp1252",
        "utf-16",
        "named",
        "numbered",
        "soft hyphens",
        "links",
        "capitals",
        "one line",
        "script",
    ],
)
def test_a_position_in_any_dress(how: str) -> None:
    assert passes(POSITION)
    assert may_hold(dressed(POSITION, how))


def test_what_readers_dont_see_counts_for_nothing() -> None:
    menu = "<li><a href='/elections'>Elections</a></li><li>Senate endorsements</li><li>Candidates</li>"
    script = b"<script>endorsed(candidate, election, senator, governor, supporter, campaign)</script>"
    page = html(TIDES, menu=menu).replace(b"</body>", script * 20 + b"</body>")
    assert not may_hold(page)
    assert may_hold(html(TIDES + " Mayor Brook has endorsed Cy Dunmore.", menu=menu))


@pytest.mark.parametrize(
    "page", [b"", b"<html>", b"\xff\xfe", b"<script>" * 1000, b"<nav" * 1000, b"\x00" * 1000, tides(1).body]
)
def test_odd_pages(page: bytes) -> None:
    assert may_hold(page) == (page[:2] in {b"\xff\xfe", b"\x00\x00"})


def test_pages_of_the_tests_pass() -> None:
    assert may_hold(ferry(1).body)


@settings(max_examples=200)
@given(
    words=st.lists(st.sampled_from([*(one.decode() for one in table().words), "ferry", "the", "Dunmore"])),
    more=st.text(),
)
def test_more_text_never_weighs_less(words: list[str], more: str) -> None:
    less, all_ = weigh(" ".join(words).encode()), weigh(f"{' '.join(words)} {more}".encode("utf-8", "ignore"))
    assert all_.weight >= less.weight - 1e-9
    assert all_.electoral >= less.electoral


@settings(max_examples=100)
@given(
    words=st.lists(
        st.sampled_from(["endorsed", "candidate", "Senator", "campaign", "ferry", "tide", "supporter"]),
        min_size=120,
    ),
    chrome=st.lists(
        st.sampled_from(
            ["<br>", "<b>x</b>", "<a href='/'>more</a>", "<script>if (a<b) c()</script>", "<!-- no -->"]
        )
    ),
)
def test_a_page_passes_where_its_article_does(words: list[str], chrome: list[str]) -> None:
    text = " ".join(words)
    if passes(text):
        assert may_hold(html(f" {' '.join(chrome)} ".join([text, TIDES])))


def test_no_weight_below_zero() -> None:
    known = table()
    assert min(weight for _, weight in known.weights) >= 0
    assert min(weight for _, weight in known.groups) >= 0


def test_no_words_of_one_year() -> None:
    # Names would be words that are no words of elections: the table is short enough to be read.
    assert len(table().words) < 300
    assert all(word.islower() for word in table().words)
