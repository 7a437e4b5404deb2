"""What holds for whatever comes in: text verbatim, spans within it, no error but ours."""

import itertools
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from whipcount.article import Article
from whipcount.errors import ArticleError
from whipcount.gather import gather
from whipcount.page import mark
from whipcount.page.debris import ANYWHERE, LINES

PAGE = b"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Ferry plan</title>
<meta property="article:published_time" content="2031-07-03T06:00:00Z">
<link rel="canonical" href="https://courier.example/ferry">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry plan", "author": [{"name": "Dee Marsh"}]}</script>
</head><body><article><h1>Ferry plan</h1><ul><li>Brook is for it.</li><li>Quill waits.</li></ul>
<p>Mayor Ada Brook endorsed Cy Dunmore on Tuesday at the ferry landing.</p><blockquote><p>I am not ready, said
Bo Quill.</p></blockquote><table><tr><td>Yes</td></tr></table><p>Share this article</p></article></body></html>"""

# Text as articles are made of, with bits of what the patterns look for.
PIECES = st.sampled_from(
    [
        *(one.example for one in (*LINES, *ANYWHERE)),
        "\n",
        "\n\n",
        "• ",
        "  - ",
        "(AP) —",
        "MORE",
        "By ",
        " ",
        "\u2028",
        "\x85",
        "\x0c",
    ]
)
TEXTS = st.lists(
    PIECES | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20), max_size=30
).map("".join)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def gathered(path: Path, data: bytes) -> list[Article | ArticleError]:
    path.write_bytes(data)
    items = list(gather([str(path)]))
    for item in items:
        if isinstance(item, Article):
            assert item.text.strip()
            for spans in (item.debris, item.key_points):
                assert all(0 <= span.start < span.end <= len(item.text) for span in spans)
                assert all(one.end <= other.start for one, other in itertools.pairwise(spans))
        else:
            assert isinstance(item, ArticleError)
            assert str(item).startswith(str(path))
            assert "\n" not in str(item)
    return items


@given(TEXTS)
def test_a_text_is_verbatim(folder: Path, text: str) -> None:
    for item in gathered(folder / "a.txt", text.encode()):
        if isinstance(item, Article) and not text.lstrip("\ufeff \t\r\n\f").startswith(("<", "{", "[")):
            assert item.text == text


@given(TEXTS, st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_a_record_is_its_title_and_text(folder: Path, text: str, title: str) -> None:
    for item in gathered(folder / "a.json", json.dumps({"title": title, "text": text}).encode()):
        if isinstance(item, Article):
            assert item.text == (f"{item.title}\n\n{text}" if item.title else text)


@given(TEXTS, TEXTS)
def test_marks_lie_within_the_text_and_stay(text: str, title: str) -> None:
    once = mark(Article(id="a", text=text, title=title))
    assert mark(once) == once
    assert once.text == text


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.html", "a.json", "a.jsonl", "a.gz"]))
def test_random_bytes(folder: Path, data: bytes, name: str) -> None:
    assert gathered(folder / name, data) or name == "a.jsonl"


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(st.data())
def test_a_mutated_page(folder: Path, data: st.DataObject) -> None:
    page = bytearray(PAGE)
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(page)))
        length = data.draw(st.integers(0, 40))
        page[at : at + length] = data.draw(
            st.binary(max_size=6)
            | st.sampled_from([b"<", b">", b"<p>", b"</article>", b"<!--", b"&#0;", b"&#xd800;", b'"'])
        )
    assert len(gathered(folder / "a.html", bytes(page))) >= 1


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 200), st.binary(max_size=4))
def test_mutated_records(folder: Path, at: int, bytes_: bytes) -> None:
    line = json.dumps(
        {"id": "a", "title": "Ferry plan", "text": "Brook is “for” it.", "authors": ["Dee Marsh"]}
    ).encode()
    gathered(folder / "a.jsonl", line + b"\n" + line[:at] + bytes_ + line[at + 1 :] + b"\n" + line)
