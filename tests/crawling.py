"""Web archives made for tests with warcio, which shares no code with the reader."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

FERRY = """Mayor Ada {n} of Larkfield endorsed Cy Dunmore in the race for governor, two weeks before the primary.
“I am supporting Cy Dunmore,” the mayor told the Harbour Times. The candidates meet for a debate on Tuesday, and
the voters of the party choose their nominee for the November election on the Tuesday after that."""
TIDES = """High water at Marrow Bay is at six in the morning this week, and the ferry keeps to its summer
times. Visitors are asked to leave their dogs at home until the seals have left the beach for the year."""


class _Writer(WARCWriter):  # type: ignore[misc]
    """Without warcio's temporary files, which it leaves open."""

    @classmethod
    def _create_temp_file(cls) -> io.BytesIO:
        return io.BytesIO()


@dataclass(frozen=True)
class Page:
    """One answer of a crawled site."""

    body: bytes
    status: str = "200 OK"
    kind: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = field(default=())


def html(text: str, title: str = "News from Larkfield", encoding: str = "utf-8", menu: str = "") -> bytes:
    """A page as a small paper would publish it."""
    paragraphs = "".join(f"<p>{one}</p>" for one in text.split("\n\n"))
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title><style>p {{ margin: 0 }}</style>"
        "<script>var endorsed = 'candidate election senator governor';</script></head><body>"
        f"<nav><ul><li><a href='/'>Home</a></li><li><a href='/tides'>Tides</a></li>{menu}</ul></nav>"
        f"<article><h1>{title}</h1>{paragraphs}</article><footer>The Larkfield Courier</footer></body></html>"
    ).encode(encoding, "xmlcharrefreplace")


def ferry(number: int) -> Page:
    """A page that holds a position."""
    return Page(html(FERRY.format(n=names(number)), f"Mayor backs Dunmore, part {number}"))


def tides(number: int) -> Page:
    """A page that holds none."""
    return Page(html(TIDES, f"Tides, week {number}"))


def names(number: int) -> str:
    """A family name for each number."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number)).capitalize() + "wood"


def write(path: Path, pages: Iterable[Page], *, packed: bool = True) -> list[int]:
    """Write an archive; where each page's record begins."""
    offsets = []
    with path.open("wb") as file:
        writer = _Writer(file, gzip=packed)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "a test"}))
        for number, page in enumerate(pages):
            url = f"https://courier.example/{number}"
            offsets.append(file.tell())
            head = [("Content-Type", page.kind), *page.headers]
            http = StatusAndHeaders(page.status, head, protocol="HTTP/1.1")
            record = writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(page.body),
                http_headers=http,
                warc_headers_dict={"WARC-Date": "2031-09-09T09:09:09Z"},
            )
            writer.write_record(record)
            asked = StatusAndHeaders(
                f"GET /{number} HTTP/1.1", [("Host", "courier.example")], is_http_request=True
            )
            writer.write_record(writer.create_warc_record(url, "request", http_headers=asked))
    return offsets
