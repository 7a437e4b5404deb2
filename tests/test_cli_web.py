"""`read` and `add` with addresses, from a real server to the ledger."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import run
from gather.outlet import Outlet, page, running


@pytest.fixture
def outlet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Outlet]:
    monkeypatch.setenv("WHIPCOUNT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("WHIPCOUNT_FETCH_DELAY", "0")
    with running() as outlet:
        yield outlet


def test_add_an_address_and_add_it_again(outlet: Outlet, db: str, tmp_path: Path) -> None:
    canonical = f'<link rel="canonical" href="http://127.0.0.1:{outlet.port}/ferry">'
    for path in ("/ferry", "/ferry/amp"):
        outlet.says(path, page(canonical), etag='"1"')
    base = f"http://127.0.0.1:{outlet.port}"
    options = ("--allow-private", "--user-agent", "Ferrywatch (desk@courier.example)")
    result = run("add", "--db", db, *options, f"{base}/ferry", f"{base}/gone")
    assert result.exit_code == 3, result.output
    assert result.stderr.splitlines() == [
        f"whipcount: {base}/gone: the server answers 404 (Not Found)",
        "1 added with 2 pieces of evidence, 0 known, 1 failed",
    ]
    result = run("add", "--db", db, *options, f"{base}/ferry?utm_source=x", f"{base}/ferry/amp")
    assert result.exit_code == 0, result.output
    assert result.stderr == "0 added with 0 pieces of evidence, 2 known, 0 failed\n"
    assert {one.headers["user-agent"] for one in outlet.asked} == {"Ferrywatch (desk@courier.example)"}
    assert sum("if-none-match" in one.headers for one in outlet.asked) == 1
    assert (tmp_path / "cache" / "pages.db").exists()


def test_read_an_address(outlet: Outlet, tmp_path: Path) -> None:
    outlet.says("/ferry", page())
    url = f"http://127.0.0.1:{outlet.port}/ferry"
    result = run("read", "--format", "jsonl", "--allow-private", "--cache-dir", "none", url)
    assert result.exit_code == 0, result.output
    reading = json.loads(result.stdout)
    assert reading["article"]["url"] == url
    assert {one["endorser"] for one in reading["positions"]} == {"Ada Brook", "Bo Quill"}
    assert not (tmp_path / "cache").exists()


def test_a_private_address_is_refused(outlet: Outlet, db: str) -> None:
    result = run("add", "--db", db, f"http://127.0.0.1:{outlet.port}/ferry")
    assert result.exit_code == 1
    assert "is not a public address; see --allow-private" in result.stderr
    assert outlet.asked == []


def test_settings_that_make_no_sense(outlet: Outlet, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    url = outlet.url("/ferry")
    for options in (("--user-agent", " "), ("--cache-dir", str(tmp_path / "file"))):
        result = run("read", *options, url)
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 1
