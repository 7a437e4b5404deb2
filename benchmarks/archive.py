"""Speed and memory of `whipcount add` on a web archive, on a crawl that this makes.

    python -m benchmarks.archive [--pages N] [--rounds N] [--memory]

The crawl is of English news pages of some 80 kB, 95 in 100 of which hold nothing for us, with text from
WHIPCOUNT_SHARED (without it there is nothing realistic to weigh, and it stops with a line that says so).
Measured in turn, in one process (A B C A B C …), so that ratios hold where the machine's speed drifts:

  iterate      fastwarc going through the records, each answer's body read
  gate         the same through `Archive` with the raw gate
  extract      trafilatura alone on the pages that hold something
  page + gate  archive, raw gate, page stage and text gate

the last two also on all cores, without the time that their processes take to start.

`--memory` writes archives of 0.5, 1 and 2 GB by repeating the crawl, goes through each in a process of its
own, shows the highest memory of each, and deletes them.
"""

import argparse
import gzip
import html
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastwarc import ArchiveIterator, WarcRecordType
from trafilatura import bare_extraction

from whipcount.crawl import Read, articles_of, crawl
from whipcount.gather.given import Given
from whipcount.gather.warc import Archive, Captured
from whipcount.machine import cores
from whipcount.page.raw_gate import may_hold
from whipcount.read.gate import passes

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("WHIPCOUNT_SHARED", ROOT.parent / "shared"))
RELEVANT = 0.05
_MENU = "Home World Politics Elections Congress Business Technology Sports Opinion Health Style Travel Video".split()
_LONGER = 8
_SIZES = (500_000_000, 1_000_000_000, 2_000_000_000)


def texts() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Records of the shared articles that pass the text gate, and that don't."""
    folder = SHARED / "data" / "articles"
    if not folder.is_dir():
        sys.exit(f"benchmarks.archive: no articles to make a crawl of in {folder}; set WHIPCOUNT_SHARED")
    records: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            records += map(json.loads, file)
    random.Random(0).shuffle(records)  # noqa: S311 - not for secrets
    records = records[:4000]
    held = [passes(f"{one['title']}\n\n{one['text']}") for one in records]
    return (
        [one for one, yes in zip(records, held, strict=True) if yes],
        [one for one, yes in zip(records, held, strict=True) if not yes],
    )


def page(record: dict[str, Any], chance: random.Random) -> bytes:
    """A record as a news site would serve it: menus, scripts, cards of other stories."""
    title = html.escape(record["title"])
    script = "".join(
        f"function f{n}(e,t){{return e.candidate?t.vote({n}):e.push({{id:{n},support:!0}})}}\n"
        for n in range(chance.randrange(200, 1400))
    )
    paragraphs = "".join(
        f'<p class="story-text" data-words="{len(one.split())}">{html.escape(one)}</p>\n'
        for one in record["text"].split("\n")
        if one.strip()
    )
    menu = "".join(
        f'<li class="item"><a href="/{one.lower()}" data-track="menu">{one}</a></li>\n' for one in _MENU
    )
    cards = "".join(
        f'<div class="card"><a href="/{n}"><img src="/{n}.jpg" alt="" width="300"><h3>Ferry times, part {n}</h3></a></div>\n'
        for n in range(25)
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{'.a { margin: 0 }' * 300}</style><script>{script}</script></head><body><nav><ul>{menu}</ul></nav>"
        f'<div class="sections">{menu}</div><main><article><h1>{title}</h1>{paragraphs}</article>'
        f"<aside>{cards}</aside></main><footer><ul>{menu}</ul></footer></body></html>"
    ).encode()


def write_crawl(path: Path, count: int) -> list[bytes]:
    """Write a crawl of so many pages; the pages that hold something."""
    chance = random.Random(1)  # noqa: S311
    yes, no = texts()
    relevant: list[bytes] = []
    with path.open("wb") as file:
        for number in range(count):
            is_relevant = number % round(1 / RELEVANT) == 0
            body = page(chance.choice(yes if is_relevant else no), chance)
            if is_relevant:
                relevant.append(body)
            file.write(gzip.compress(_record(number, body), 6))
    return relevant


def _record(number: int, body: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>\r\n"
        f"WARC-Target-URI: https://courier.example/{number}\r\nWARC-Date: 2031-07-03T10:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def iterate(path: Path) -> None:
    """Fastwarc alone."""
    for record in ArchiveIterator(str(path), record_types=WarcRecordType.response):
        record.reader.read()


def gate(path: Path) -> int:
    """The archive through the raw gate; how many pages pass."""
    archive = Archive(path, keep=may_hold)
    for _ in archive:
        pass
    return archive.kept


def page_and_gate(path: Path, jobs: int) -> None:
    """All but the reading model."""
    for _ in crawl(path, jobs=jobs, reader=partial(extracted)):
        pass


def gate_alone(path: Path, jobs: int) -> None:
    """The archive through the raw gate, and nothing done with what passes."""
    for _ in crawl(path, jobs=jobs, reader=partial(nothing)):
        pass


def extracted(pages: Iterable[Captured]) -> Read:
    """Parse pages and weigh their text; read nothing."""
    return Read((), sum(not any(passes(a.text) for a in articles_of(one, Given())) for one in pages))


def nothing(pages: Iterable[Captured]) -> Read:
    """Do nothing with pages."""
    return Read((), sum(1 for _ in pages))


def extract(pages: list[bytes]) -> None:
    """Trafilatura alone."""
    for one in pages:
        bare_extraction(one.decode(), with_metadata=True)


def measure(path: Path, relevant: list[bytes], count: int, rounds: int) -> Iterator[str]:
    """The figures, a line each."""
    ways: dict[str, Callable[[], object]] = {
        "iterate": lambda: iterate(path),
        "gate": lambda: gate(path),
        "extract": lambda: extract(relevant),
        "page + gate": lambda: page_and_gate(path, 1),
        "gate, all cores": lambda: gate_alone(longer, cores()),
        "page + gate, all cores": lambda: page_and_gate(longer, cores()),
        "start of processes": lambda: page_and_gate(short, cores()),
    }
    longer, short = path.with_name("longer.warc.gz"), path.with_name("short.warc.gz")
    longer.write_bytes(path.read_bytes() * _LONGER)
    write_crawl(short, 1000 // 20)
    kept = gate(path)
    extract(relevant[:5])
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - began)
    yield (
        f"{count} pages, {len(relevant)} of them relevant, {kept} through the raw gate; "
        f"{path.stat().st_size / 1e6:.0f} MB packed; fastwarc {version('fastwarc')}, trafilatura {version('trafilatura')}"
    )
    # On all cores: over a longer archive, without the time that processes take to start.
    for name in ("gate, all cores", "page + gate, all cores"):
        pairs = zip(times[name], times["start of processes"], strict=True)
        times[name] = [(took - start) / _LONGER for took, start in pairs]
    del times["start of processes"]
    for name, took in times.items():
        pages = len(relevant) if name == "extract" else count
        yield f"{name:<22} {pages / statistics.median(took):>9,.0f} pages/s  {statistics.median(took):8.2f} s"
    mid = {name: statistics.median(took) for name, took in times.items()}
    for name in ("gate", "gate, all cores", "page + gate", "page + gate, all cores"):
        yield f"{name}: speed as a share of fastwarc's own {mid['iterate'] / mid[name]:.3f}"
    for kind in ("", ", all cores"):
        beyond = mid[f"page + gate{kind}"] - mid[f"gate{kind}"]
        yield f"page stage and text gate{kind}: time as a share of trafilatura's on the same pages {beyond / mid['extract']:.2f}"


def peak_memory() -> float:
    """The highest resident memory of this program so far, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage says there is at least what the parent had when it started this
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def memory(path: Path) -> Iterator[str]:
    """The highest memory over ever longer archives, each in a process of its own."""
    one = path.read_bytes()
    longer = path.with_name("longer.warc.gz")
    for size in _SIZES:
        with longer.open("wb") as file:
            while file.tell() < size:
                file.write(one)
        out = subprocess.run(  # noqa: S603 - this program again
            [sys.executable, "-m", "benchmarks.archive", "--go-through", str(longer)],
            check=True,
            capture_output=True,
            text=True,
        )
        yield f"{longer.stat().st_size / 1e9:.1f} GB: {out.stdout.strip()}"
        longer.unlink()


def main() -> None:
    """Make the crawl, measure, print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--pages", type=int, default=2000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--memory", action="store_true")
    options.add_argument("--go-through", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.go_through:
        kept = gate(chosen.go_through)
        sys.stdout.write(f"{peak_memory():.0f} MB at most, {kept} pages through the raw gate\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crawl.warc.gz"
        relevant = write_crawl(path, chosen.pages)
        for line in memory(path) if chosen.memory else measure(path, relevant, chosen.pages, chosen.rounds):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
