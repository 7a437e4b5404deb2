"""Mutated pages: no crash but our own error, no hang. WHIPCOUNT_TEST_FUZZ sets how many."""

import json
import os
import random
import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from whipcount.errors import ArticleError
from whipcount.page import mark, pages

INPUTS = int(os.environ.get("WHIPCOUNT_TEST_FUZZ", "150"))
SLOWEST = 2.0
"""Seconds of this process's time."""

SEEDS = [path.read_bytes() for path in sorted((Path(__file__).parents[2] / "examples").glob("*.html"))]
SEEDS.append(
    b"""<html><head><script type="application/ld+json">{"@type": "LiveBlogPosting", "datePublished": "2031-07-03T06:00:00Z",
"liveBlogUpdate": [{"headline": "One", "datePublished": "2031-07-03T06:00:00Z", "articleBody": "<p>Ada Brook is for it all.</p>"},
{"headline": "Two", "articleBody": "Bo Quill waits for the harbour."}]}</script><link rel="canonical" href="https://a.example/2031/07/03/f">
<meta name="syndication-source" content="https://b.example/f"></head><body class="live-blog"><div class="live-post" id="e"><time
datetime="2031-07-03T06:00:00Z">Published July 3, 2031</time><h3>Three</h3><p>Cy Dunmore thanked them all for it.</p></div>
<figcaption>A gull. (AP Photo/Dee Marsh)</figcaption><blockquote class="pullquote">Not yet.</blockquote></body></html>"""
)
BITS = (
    b"<", b">", b"<p>", b"</article>", b"<!--", b"&#0;", b"&#xd800;", b'"', b"<div class='live-blog'>", b"<form>", b"<time datetime='",
    b"2031-99-99", b"9999-12-31T23:59:59-14:00", b"0001-01-01T00:00:00+14:00", b"<script type='application/ld+json'>[[[[",
    b"</script>", b"\xff\xfe", b"{", b"}", b"null", b"<base href='http://['>", b"http://[", b"\xe2\x80\xa8", b"MORE ", b"<svg>", b"<meta name='date' content='",
    b"Updated ", b"<table><tr><td>", b"Related: ", b"(AP) \xe2\x80\x94 ",
)  # fmt: skip


def mutated(seed: int) -> bytes:
    """One of the pages with some of it cut, doubled, swapped or broken; the same for the same number."""
    rng = random.Random(seed)
    data = bytearray(rng.choice(SEEDS))
    for _ in range(rng.randint(1, 12)):
        at = rng.randrange(len(data) + 1)
        length = min(rng.choice((0, 1, 5, 40, 400)), len(data) - at)
        match rng.randrange(6):
            case 0:
                del data[at : at + length]
            case 1:
                data[at:at] = data[at : at + length] * rng.choice((1, 2, 30))
            case 2:
                other = rng.choice(SEEDS)
                start = rng.randrange(len(other))
                data[at : at + length] = other[start : start + rng.choice((10, 200, 2000))]
            case 3:
                data[at:at] = rng.choice(BITS) * rng.choice((1, 1, 1, 50, 500))
            case 4:
                data[at : at + length] = rng.randbytes(rng.randint(0, 8))
            case _:
                data[at:at] = rng.choice(BITS)
    return bytes(data)


def check(data: bytes) -> None:
    began = time.process_time()
    try:
        for article in pages(
            data, id="a", url="https://courier.example/2031/07/03/ferry", headers={"Date": "soon"}
        ):
            once = mark(article)
            assert once.text == article.text
            assert once.text.strip()
            assert once.published == (once.dated.day if once.dated else None)
            for spans in (once.debris, once.asides, once.key_points):
                assert all(0 <= span.start < span.end <= len(once.text) for span in spans)
            assert not any(one.overlaps(other) for one in once.debris for other in once.asides)
    except ArticleError as error:
        message = str(error)
    else:
        message = ""
    assert "\n" not in message
    assert time.process_time() - began < SLOWEST


@settings(max_examples=INPUTS, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(st.integers(0, 2**32))
def test_mutated_pages(seed: int) -> None:
    check(mutated(seed))


def test_pages_made_to_take_long() -> None:
    texts = (
        b"<div class='byline'>" * 3000 + b"Ada",
        b"<p>" + b"Ada Brook " * 20_000,
        b"<p>" + b"A" * 200_000,
        b"".join(b"<p>Ada Brook said it is on again today, and on. %d</p>" % n for n in range(4000)),
        b"<p>" + b"Published " * 20_000,
        b"<p>Note: " + b"Correction: " * 5_000,
        b"<p>" + b"( " * 30_000,
        b"<p>" + b"| " * 30_000,
        b"<script type='application/ld+json'>"
        + json.dumps({"@graph": [{"@type": "x"}] * 5000}).encode()
        + b"</script><p>a",
    )
    for text in texts:
        check(b"<html><head></head><body><article><h1>Ferry plan</h1>" + text + b"</article></body></html>")
