"""What `follow` tells while it works: lines for people, or JSON Lines for programs, on stderr."""

import datetime as dt
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from urllib.parse import urlsplit

from rich.console import Console
from rich.status import Status
from rich.text import Text

from whipcount.gather.follow import Done, Event, Tell
from whipcount.show import plain

_STYLES = {"added": "green", "missed": "yellow", "put_off": "yellow", "failed": "red"}
_LABELS = {"missed": "no answer", "put_off": "put off", "empty": "no article"}


@contextmanager
def log(form: str, done: Done) -> Iterator[Tell]:
    """How to tell of an event; `form` is `text` or `jsonl`, `done` what the status line shows."""
    if form == "jsonl":
        yield _json_lines(sys.stderr)
        return
    out = Console(stderr=True, highlight=False, emoji=False, markup=False, soft_wrap=True)
    if not out.is_terminal:
        yield lambda event: out.print(_line(event))
        return
    with out.status(_progress(done)) as status:
        yield _with_status(out, status, done)


def _with_status(out: Console, status: Status, done: Done) -> Tell:
    def tell(event: Event) -> None:
        out.print(_line(event))
        status.update(_progress(done))

    return tell


def _json_lines(file: IO[str]) -> Tell:
    def tell(event: Event) -> None:
        line = {
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
            "event": event.what,
            "bad": event.bad,
            "url": event.url,
            "text": event.text,
            **event.figures,
        }
        # One write a line: several threads tell.
        file.write(json.dumps(line, ensure_ascii=True) + "\n")
        file.flush()

    return tell


def _line(event: Event) -> Text:
    label = _LABELS.get(event.what, event.what)
    line = Text.assemble(
        (f"{dt.datetime.now().astimezone():%H:%M:%S}  ", "dim"),
        (f"{label:<10}  ", _STYLES.get(event.what, "")),
        plain(_short(event.url)),
    )
    return line.append(f"  {plain(event.text)}") if event.text else line


def _short(url: str) -> str:
    """An address without its scheme."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "") if parts.netloc else url


def _progress(done: Done) -> str:
    return (
        f"{done.visits} visits, {done.missed} without answer; {done.fetched} pages fetched, {done.added} added, "
        f"{done.evidence} pieces of evidence, {done.failed} failed"
    )
