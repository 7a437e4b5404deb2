"""Web archives, written by another program."""

import datetime as dt
import gzip
import random
from pathlib import Path

import pytest
from fastwarc import ArchiveIterator, ZstdWriter
from hypothesis import given, settings
from hypothesis import strategies as st

from crawling import Page, ferry, html, tides, write
from whipcount.errors import ArticleError, BrokenRecord, TooLarge, Unreadable
from whipcount.gather import warc
from whipcount.gather.warc import Archive, Captured, fingerprint, stretches
from whipcount.gather.warc_bytes import plain_body


def captured(archive: Archive) -> list[Captured]:
    return [item for item in archive if isinstance(item, Captured)]


def urls(archive: Archive) -> list[int]:
    return [int(one.url.rpartition("/")[2]) for one in captured(archive)]


def errors(archive: Archive) -> list[str]:
    return [str(item) for item in archive if isinstance(item, ArticleError)]


@pytest.mark.parametrize("packed", [True, False])
def test_pages_and_nothing_else(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "crawl.warc"
    others = [
        Page(b"<html>gone</html>", status="404 Not Found"),
        Page(b"<html>moved</html>", status="301 Moved Permanently"),
        Page(b"%PDF-1.4", kind="application/pdf"),
        Page(b"{}", kind="application/json"),
    ]
    write(path, [tides(0), *others, ferry(5)], packed=packed)
    archive = Archive(path)
    first, second = captured(archive)
    assert (first.url, second.url) == ("https://courier.example/0", "https://courier.example/5")
    assert second.body == ferry(5).body
    assert second.headers["Content-Type"] == "text/html; charset=utf-8"
    assert second.fetched == dt.datetime(2031, 9, 9, 9, 9, 9, tzinfo=dt.UTC)
    assert first.id != second.id
    assert archive.complete
    assert (archive.pages, archive.kept, archive.broken) == (2, 2, 0)


def test_only_what_is_to_be_kept(tmp_path: Path) -> None:
    write(tmp_path / "a.warc.gz", [tides(0), ferry(1), tides(2)])
    archive = Archive(tmp_path / "a.warc.gz", keep=lambda body: b"endorsed Cy" in body)
    assert urls(archive) == [1]
    assert (archive.pages, archive.kept) == (3, 1)


def in_stretches(path: Path, length: int, start: int = 0) -> list[list[int]]:
    return [urls(Archive(path, start=a, stop=b)) for a, b in stretches(path, start, length)]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("length", [1, 700, 3000, 1_000_000])
def test_in_stretches(tmp_path: Path, packed: bool, length: int) -> None:
    path = tmp_path / "crawl.warc"
    offsets = write(path, [tides(n) for n in range(9)], packed=packed)
    found = in_stretches(path, length)
    assert [one for stretch in found for one in stretch] == list(range(9))
    if length == 1:
        assert max(map(len, found)) == 1
        starts = [start for start, _ in stretches(path, 0, 1)]
        assert set(offsets) <= set(starts)
    for number, place in enumerate(offsets):
        assert urls(Archive(path, start=place)) == list(range(number, 9))
    archive = Archive(path)
    list(archive)
    assert archive.position == path.stat().st_size
    assert urls(Archive(path, start=archive.position)) == []


@pytest.mark.parametrize("packed", [True, False])
def test_a_page_about_archives_cuts_none(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "crawl.warc"
    inside = Page(
        b"<html>" + b"A record begins with\r\n\r\nWARC/1.0\r\nor so. \x1f\x8b\x08\x00 \x28\xb5\x2f\xfd" * 20
    )
    write(path, [tides(0), inside, tides(2)], packed=packed)
    archives = [Archive(path, start=a, stop=b) for a, b in stretches(path, 0, 1)]
    assert [one for archive in archives for one in urls(archive)] == [0, 1, 2]


def test_zstandard_record_by_record(tmp_path: Path) -> None:
    write(tmp_path / "a.warc", [tides(n) for n in range(5)], packed=False)
    path = tmp_path / "a.warc.zst"
    with ZstdWriter(str(path)) as writer:
        for record in ArchiveIterator(str(tmp_path / "a.warc"), parse_http=False):
            record.write(writer)
            writer.finish()
    assert in_stretches(path, 1) == [[], [0], [], [1], [], [2], [], [3], [], [4], []]
    assert urls(Archive(path)) == list(range(5))
    path.write_bytes(path.read_bytes()[:-200])
    assert errors(Archive(path))[0].startswith("cut off")


def test_packed_as_a_whole_it_is_one_stretch(tmp_path: Path) -> None:
    write(tmp_path / "a.warc", [tides(n) for n in range(300)], packed=False)
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress((tmp_path / "a.warc").read_bytes()))
    assert in_stretches(path, 1000) == [list(range(300))]


@pytest.mark.parametrize("packed", [True, False])
def test_a_broken_record_is_passed_over(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "crawl.warc"
    offsets = write(path, [tides(n) for n in range(6)], packed=packed)
    whole = path.read_bytes()
    path.write_bytes(whole[: offsets[2]] + b"\0" * 40 + whole[offsets[2] + 40 :])
    archive = Archive(path)
    items = list(archive)
    assert [int(one.url[-1]) for one in items if isinstance(one, Captured)] == [0, 1, 3, 4, 5]
    assert [type(one) for one in items if isinstance(one, ArticleError)] == [BrokenRecord]
    assert archive.broken == 1
    assert archive.complete


@pytest.mark.parametrize("packed", [True, False])
def test_missing_bytes_in_the_middle(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "crawl.warc"
    offsets = write(path, [tides(n) for n in range(8)], packed=packed)
    whole = path.read_bytes()
    path.write_bytes(whole[: offsets[3] + 100] + whole[offsets[5] :])
    archive = Archive(path)
    found = urls(archive)
    assert found[:3] == [0, 1, 2]
    assert set(found) >= {6, 7}
    assert archive.broken == 1


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("cut", [1, 30, 150, 400])
def test_an_end_that_is_cut_off(tmp_path: Path, packed: bool, cut: int) -> None:
    path = tmp_path / "crawl.warc"
    offsets = write(path, [tides(n) for n in range(5)], packed=packed)
    whole = path.read_bytes()
    path.write_bytes(whole[: offsets[3] + cut])
    archive = Archive(path)
    items = list(archive)
    assert [int(one.url[-1]) for one in items if isinstance(one, Captured)] == [0, 1, 2]
    lines = [str(one) for one in items if isinstance(one, ArticleError)]
    assert len(lines) == 1
    assert lines[0].startswith("cut off or broken")
    assert not archive.complete
    place = archive.position
    assert place <= offsets[3]
    # The rest arrives later: it goes on where it has to, and the archive is still known as the same.
    path.write_bytes(whole)
    assert urls(Archive(path, start=place))[-2:] == [3, 4]


def test_the_fingerprint_is_the_contents(tmp_path: Path) -> None:
    a, b = tmp_path / "a.warc.gz", tmp_path / "b.warc.gz"
    write(a, [tides(n) for n in range(3)])
    b.write_bytes(a.read_bytes())
    assert fingerprint(a) == fingerprint(b)
    write(b, [tides(n) for n in range(3)])
    assert fingerprint(a) != fingerprint(b)
    with pytest.raises(Unreadable, match="no such file"):
        fingerprint(tmp_path / "c.warc.gz")


@pytest.mark.parametrize(
    "content", [b"", b"hello\n" * 100, b"\x1f\x8b\x08" + b"\0" * 500, gzip.compress(b"no archive")]
)
def test_what_is_no_archive(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(content)
    archive = Archive(path)
    items = list(archive)
    assert captured(Archive(path)) == []
    assert len([one for one in items if isinstance(one, ArticleError)]) == bool(content)
    with pytest.raises(Unreadable):
        list(Archive(tmp_path / "none.warc.gz"))


def test_packed_answers(tmp_path: Path) -> None:
    body = html("The ferry sails at noon and comes back at six.")
    packed = gzip.compress(body)
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)
    said = (("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))
    path = tmp_path / "a.warc.gz"
    # As it came; unpacked already, with the headers left as they were; and half of it.
    write(path, [Page(chunked, headers=said), Page(packed, headers=said), Page(body, headers=said)])
    assert [one.body for one in captured(Archive(path))] == [body] * 3


def test_a_bomb_ends_before_it_goes_off() -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 500_000_000, 9), 9)
    with pytest.raises(TooLarge):
        plain_body(gzip.decompress(bomb), None, "gzip", 1_000_000)
    with pytest.raises(BrokenRecord):
        plain_body(b"\x1f\x8b" + b"broken" * 10, None, "gzip", 1_000_000)


def test_a_page_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "LIMIT", 2000)
    write(tmp_path / "a.warc.gz", [tides(0), Page(b"<html>" + b"x" * 3000), tides(2)])
    archive = Archive(tmp_path / "a.warc.gz")
    items = list(archive)
    assert [type(one) for one in items] == [Captured, TooLarge, Captured]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), packed=st.booleans())
def test_damage_anywhere(tmp_path_factory: pytest.TempPathFactory, seed: int, packed: bool) -> None:
    """No damage stops it, makes it give a page twice, or changes a page that it didn't touch."""
    chance = random.Random(seed)
    path = tmp_path_factory.mktemp("damage") / "a.warc"
    write(path, [tides(n) for n in range(6)], packed=packed)
    names = [one.id for one in captured(Archive(path))]
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data))
    match chance.randrange(3):
        case 0:
            data[at : at + chance.randrange(1, 80)] = chance.randbytes(chance.randrange(80))
        case 1:
            del data[at : at + chance.randrange(1, 2000)]
        case _:
            del data[at:]
    path.write_bytes(data)
    # Where nothing is packed, the damage may strike a name.
    found = [names.index(one.id) for one in captured(Archive(path)) if one.id in names]
    assert found == sorted(set(found))
    apart = [
        names.index(one.id)
        for a, b in stretches(path, 0, 1500)
        for one in captured(Archive(path, start=a, stop=b))
        if one.id in names
    ]
    assert set(found) <= set(apart)
    assert apart == sorted(set(apart))
