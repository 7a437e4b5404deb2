"""Every kind of input, every way in which one can be bad, and what the options fill in."""

import datetime as dt
import gzip
import io
import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from whipcount.article import Article, Basis, Dating
from whipcount.errors import (
    ArticleError,
    BrokenRecord,
    EmptyArticle,
    NotAnArticle,
    TooLarge,
    Unreadable,
)
from whipcount.gather import gather
from whipcount.gather.records import LIMIT

BODY = "Mayor Ada Brook endorsed Cy Dunmore for governor on Tuesday.\n\nSen. Bo Quill has not said whom he supports."
RECORD = {
    "id": "r1",
    "outlet": "Larkfield Courier",
    "url": "https://courier.example/ferry",
    "published": "2031-07-03",
    "authors": "Dee Marsh; Eli Stone",
    "title": "Ferry plan divides Larkfield",
    "text": BODY,
}
PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Ferry plan divides Larkfield</title>
<meta property="og:site_name" content="Larkfield Courier">
<meta property="article:published_time" content="2031-07-03T06:00:00Z"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Ferry plan divides Larkfield</h1>
<p>{BODY.replace(chr(10) * 2, "</p><p>")}</p></article></body></html>"""


def one(path: Path, data: bytes | str) -> Article:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    [article] = gather([str(path)])
    assert isinstance(article, Article), article
    return article


def error(path: Path, data: bytes | str) -> ArticleError:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    [found] = gather([str(path)])
    assert isinstance(found, ArticleError), found
    message = str(found)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return found


@pytest.mark.parametrize(
    "text",
    [
        f"Ferry plan\n\n{BODY}",
        f"Ferry plan\r\n\r\n{BODY}\r\n",
        f"\ufeffFerry plan\n\n{BODY}  \n\n",
        "Ferry\x85plan\u2028 \U0001f6a2\n\nA naïve — “plan”.\r",
    ],
)
def test_text_is_kept_to_the_last_code_point(tmp_path: Path, text: str) -> None:
    assert one(tmp_path / "ferry.txt", text).text == text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"Ferry plan\n\n{BODY}", "Ferry plan"),
        (f"\ufeffFerry plan \n \n{BODY}", "Ferry plan"),
        ("Ferry plan divides town", "Ferry plan divides town"),
        (f"Ferry plan\n{BODY}", ""),
        (f"• Ferry plan\n\n{BODY}", ""),
        (f"{'Ferry plan ' * 30}\n\n{BODY}", ""),
    ],
)
def test_title_of_a_text(tmp_path: Path, text: str, title: str) -> None:
    assert one(tmp_path / "ferry.txt", text).title == title


def test_page(tmp_path: Path) -> None:
    article = one(tmp_path / "ferry.html", PAGE)
    assert article.id == "ferry"
    assert article.title == "Ferry plan divides Larkfield"
    assert article.text == f"{article.title}\n\n{BODY}"
    assert article.outlet == "Larkfield Courier"
    assert article.published == dt.date(2031, 7, 3)


def test_record_begins_with_its_title(tmp_path: Path) -> None:
    article = one(tmp_path / "anything.json", json.dumps(RECORD))
    assert article == Article(
        id="r1",
        text=f"{RECORD['title']}\n\n{BODY}",
        title=RECORD["title"],
        outlet="Larkfield Courier",
        url="https://courier.example/ferry",
        published=dt.date(2031, 7, 3),
        authors=("Dee Marsh", "Eli Stone"),
        dated=Dating(dt.date(2031, 7, 3), Basis.GIVEN),
    )
    # The title comes first even where the text begins with it: offsets rest on that.
    again = one(tmp_path / "twice.json", json.dumps({**RECORD, "text": article.text}))
    assert again.text == f"{RECORD['title']}\n\n{article.text}"


@pytest.mark.parametrize(
    ("named", "url", "outlet", "original"),
    [
        ("Dee Marsh", "https://www.politico.com/1", "Politico", None),
        ("AP", "https://www.politico.com/1", "AP", None),
        ("Larkfield Courier", "https://www.yahoo.com/1", "Yahoo News", "Larkfield Courier"),
        ("Dee Marsh", "https://courier.example/1", "Dee Marsh", None),
        (None, "https://www.politico.com/1", "Politico", None),
    ],
)
def test_who_publishes_a_record(
    tmp_path: Path, named: str | None, url: str, outlet: str, original: str | None
) -> None:
    article = one(tmp_path / "a.json", json.dumps({**RECORD, "outlet": named, "url": url}))
    assert (article.outlet, article.original_outlet) == (outlet, original)


def test_record_with_its_text_alone(tmp_path: Path) -> None:
    article = one(tmp_path / "ferry.json", json.dumps({"text": BODY}))
    assert (article.id, article.text, article.title) == ("ferry", BODY, "")


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("2031-07-03T23:30:00-05:00", dt.date(2031, 7, 3)),
        ("Thu, 03 Jul 2031 23:30:00 -0500", dt.date(2031, 7, 3)),
        ("one fine day", None),
        (None, None),
        (["2031-07-03"], None),
    ],
)
def test_day_of_a_record(tmp_path: Path, published: object, day: dt.date | None) -> None:
    assert one(tmp_path / "ferry.json", json.dumps({**RECORD, "published": published})).published == day


RECORDS = [{**RECORD, "id": f"r{number}"} for number in range(3)]
LINES = "\n".join(map(json.dumps, RECORDS))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", json.dumps(RECORDS)),
        ("a.json", json.dumps(RECORDS, indent=2)),
        ("a.json", LINES),
        ("a.jsonl", LINES + "\n\n"),
        ("a.jsonl", "\ufeff" + LINES),
        ("a.jsonl", json.dumps(RECORDS)),
        ("a.jsonl", json.dumps(RECORDS, indent=2)),
        ("a.txt", LINES),
        ("a.txt", json.dumps(RECORDS, indent=1)),
        ("a", LINES),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_records_in_any_form(tmp_path: Path, name: str, content: str, packed: bool) -> None:
    data = gzip.compress(content.encode()) if packed else content.encode()
    for path in (tmp_path / name, tmp_path / f"{name}.gz"):
        path.write_bytes(data)
        assert [item.id for item in gather([str(path)]) if isinstance(item, Article)] == ["r0", "r1", "r2"]


def test_kind_goes_by_content(tmp_path: Path) -> None:
    assert one(tmp_path / "a.txt", PAGE).title == "Ferry plan divides Larkfield"
    assert one(tmp_path / "b.html", BODY).text == BODY
    assert one(tmp_path / "c.html", json.dumps(RECORD)).id == "r1"
    assert one(tmp_path / "d.txt", gzip.compress(BODY.encode())).text == BODY
    assert one(tmp_path / "e.html.gz", PAGE).id == "e"
    assert one(tmp_path / "g.txt", "[Update] " + BODY).text == "[Update] " + BODY


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-32"])
def test_older_encodings(tmp_path: Path, encoding: str) -> None:
    text = "Ferry plan\n\n“I’m for Zoë Núñez – naturally,” said Ada Brook of Larkfield in the café.\n"
    assert one(tmp_path / "a.txt", text.encode(encoding)).text.removeprefix("\ufeff") == text
    line = json.dumps({"text": text}, ensure_ascii=False).encode("cp1252")
    assert one(tmp_path / "a.jsonl", line).text == text


@pytest.mark.parametrize(
    ("name", "data", "kind", "words"),
    [
        ("a.txt", b"", EmptyArticle, "empty"),
        ("a.txt", b" \r\n\t\n", EmptyArticle, "empty"),
        ("a.txt", "\ufeff\n".encode(), EmptyArticle, "empty"),
        ("a.html", b"", EmptyArticle, "empty"),
        ("a.json", b"", EmptyArticle, "empty"),
        ("a.json", b"[]", EmptyArticle, "without records"),
        ("a.gz", gzip.compress(b""), EmptyArticle, "empty"),
        ("a.txt", bytes(range(256)) * 40, NotAnArticle, "binary"),
        ("a.txt", b"%PDF-1.7\n%abc", NotAnArticle, "PDF"),
        ("a.html", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, NotAnArticle, "picture"),
        ("a.txt", BODY.encode() * 2000 + b"\0\1\2\3" * 500, NotAnArticle, "binary"),
        ("a.txt", "“Café” — naïve ".encode() * 9 + b"\xff\xfe", NotAnArticle, "broken UTF-8 at byte 207"),
        ("a.html", b"<html><body><nav><a href='/'>Home</a></nav></body></html>", NotAnArticle, "no article"),
        ("a.html", b"<html></html>", NotAnArticle, "no article"),
        ("a.json", b'{"id": "x",\n "text": "Half a rec', BrokenRecord, "truncated JSON at line 2"),
        ("a.json", b'[\n{"text": "Whole."},\n{"text": ', BrokenRecord, "truncated JSON at line 3"),
        ("a.json", b'{"text": "one"\n "title": "two"}', BrokenRecord, "malformed JSON"),
        ("a.json", b'{"title": "no text"}', BrokenRecord, "lacks its text"),
        ("a.json", b'{"text": 7}', BrokenRecord, "must be a string"),
        ("a.json", b'{"text": " "}', EmptyArticle, "empty"),
        ("a.json", b'{"text": "half \\ud83d of it"}', BrokenRecord, "broken Unicode"),
        ("a.json", b'{"text": "nothing \\u0000 here"}', BrokenRecord, "broken Unicode"),
        ("a.json", b"[7]", BrokenRecord, "must be an object"),
        ("a.json", b"[" * 100_000, BrokenRecord, "nested too deeply"),
        ("a.txt.gz", gzip.compress(BODY.encode() * 50)[:-30], Unreadable, "truncated gzip"),
    ],
)
def test_bad_input_is_one_clear_line(
    tmp_path: Path, name: str, data: bytes, kind: type[ArticleError], words: str
) -> None:
    found = error(tmp_path / name, data)
    assert type(found) is kind, found
    assert words in str(found)


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.json"])
def test_too_large(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"<html>" if name == "a.html" else b'{"text": "' if name == "a.json" else b"A")
    with path.open("r+b") as file:
        file.seek(0, os.SEEK_END)
        file.write(b"word " * (LIMIT // 5 + 1))
    [found] = gather([str(path)])
    assert isinstance(found, TooLarge)
    assert "20 MB" in str(found)


def test_a_list_may_be_longer_than_an_article(tmp_path: Path) -> None:
    record = {"title": "Ferry", "text": "Tide table.", "scan": "A" * (LIMIT // 4)}
    path = tmp_path / "a.json"
    path.write_text(json.dumps([record] * 5), encoding="utf-8")
    assert path.stat().st_size > LIMIT
    assert [item.text for item in gather([str(path)]) if isinstance(item, Article)] == [
        "Ferry\n\nTide table."
    ] * 5


def test_a_packed_bomb_is_not_unpacked(tmp_path: Path) -> None:
    assert isinstance(error(tmp_path / "a.txt.gz", gzip.compress(b"a " * LIMIT, 1)), TooLarge)


def test_a_bad_line_stops_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    good = json.dumps(RECORD)
    path.write_text("\n".join([good, '{"text": "cut', "", "[1]", '"no"', good, good[:-20]]), encoding="utf-8")
    items = list(gather([str(path)]))
    assert [isinstance(item, Article) for item in items] == [True, False, False, False, True, False]
    errors = [str(item) for item in items if not isinstance(item, Article)]
    assert [line.split(": ")[1] for line in errors] == ["line 2", "line 4", "line 5", "line 7"]
    assert "truncated" in errors[0]


def test_a_line_too_long_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(json.dumps(RECORD).encode() + b'\n{"text": "')
        file.write(b"a" * (LIMIT + 200_000) + b'"}\n' + json.dumps(RECORD).encode())
    items = list(gather([str(path)]))
    assert [type(item) for item in items] == [Article, TooLarge, Article]
    assert "line 2" in str(items[1])


def test_lines_are_read_one_by_one() -> None:
    letters = itertools.cycle((json.dumps(RECORD) + "\n").encode())

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            buffer[0] = next(letters)
            return 1

    items: Iterator[object] = gather(["-"], stdin=io.BufferedReader(Endless()))
    assert all(isinstance(next(items), Article) for _ in range(1000))


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("b/2.txt", "c.html", "a.txt", ".x.txt", ".hidden/1.txt", "a.gold.json", "b/1.json"):
        (tmp_path / name).write_text(
            PAGE if name == "c.html" else BODY if "json" not in name else json.dumps(RECORD)
        )
    (tmp_path / "c_files").mkdir()
    (tmp_path / "c_files" / "advert.html").write_text(PAGE)
    assert [item.id for item in gather([str(tmp_path)]) if isinstance(item, Article)] == ["a", "r1", "2", "c"]


def test_one_unreadable_item_stops_nothing(tmp_path: Path) -> None:
    for name in ("1.txt", "3.txt"):
        (tmp_path / name).write_text(BODY)
    (tmp_path / "2.txt").symlink_to(tmp_path / "gone.txt")
    items = list(gather([str(tmp_path), str(tmp_path / "missing"), "null\0byte"]))
    assert [type(item) for item in items] == [Article, Unreadable, Article, Unreadable, Unreadable]
    assert "2.txt: can't be read: no such file" in str(items[1])


def test_links_in_a_circle_and_pipes_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text(BODY)
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe")
    assert len(list(gather([str(tmp_path)]))) == 1
    [found] = gather([str(tmp_path / "pipe")])
    assert isinstance(found, Unreadable)


def test_standard_input() -> None:
    for data, name in ((PAGE.encode(), "stdin"), (BODY.encode(), "stdin"), (LINES.encode(), "r0")):
        first = next(gather(["-"], stdin=io.BytesIO(data)))
        assert isinstance(first, Article)
        assert first.id == name
    [found] = gather(["-"], stdin=io.BytesIO(b""))
    assert isinstance(found, EmptyArticle)
    assert "standard input" in str(found)
    [found] = gather(["-"])
    assert isinstance(found, Unreadable)


def test_options_fill_in_what_is_missing(tmp_path: Path) -> None:
    day = dt.date(2030, 1, 1)
    (tmp_path / "a.txt").write_text(BODY)
    (tmp_path / "b.json").write_text(json.dumps(RECORD))
    lacking, having = gather(
        [str(tmp_path)], published=day, outlet="Harbour Times", url="https://harbour.example/1"
    )
    assert isinstance(lacking, Article)
    assert isinstance(having, Article)
    assert (lacking.published, lacking.outlet, lacking.url) == (
        day,
        "Harbour Times",
        "https://harbour.example/1",
    )
    assert (having.published, having.outlet, having.url) == (
        dt.date(2031, 7, 3),
        "Larkfield Courier",
        "https://courier.example/ferry",
    )


def test_every_kind_is_marked(tmp_path: Path) -> None:
    line = "Read the original article on Harbour Times"
    for name, data in (
        ("a.txt", f"{BODY}\n\n{line}"),
        ("b.json", json.dumps({**RECORD, "text": f"{BODY}\n\n{line}"})),
        ("c.html", PAGE.replace("</article>", f"<p>{line}</p></article>")),
    ):
        article = one(tmp_path / name, data)
        assert [span.of(article.text) for span in article.debris] == [line]
        assert article.original_outlet == "Harbour Times"
