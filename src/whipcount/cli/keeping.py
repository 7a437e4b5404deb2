"""`check`, `dump` and `load`: a ledger proved whole, and taken elsewhere."""

import gzip
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from whipcount.cli.group import FAILED
from whipcount.cli.options import db_option, format_option, json_line, open_ledger
from whipcount.errors import LedgerError, WhipcountError
from whipcount.settings import Settings


@click.command()
@db_option
@format_option("table", "jsonl")
@click.pass_context
def check(context: click.Context, *, db: str | None, form: str) -> None:
    """Verify a ledger: every offset, every reference, every chain of decisions.

    Each piece of evidence must be the words that stand at its place in its article, each article the one
    that its id was made of, and nothing may lead in a circle or to what is not there. Exit code 1
    where anything is wrong.

    \b
    Examples:
      whipcount check
      whipcount check --db postgresql+psycopg://desk@/whipcount --format jsonl
    """  # noqa: D301
    from whipcount.ledger.check import problems  # noqa: PLC0415

    count = 0
    with open_ledger(db) as ledger, _counting("rows checked") as step:
        checked = 0
        for found in problems(ledger.engine):
            if found.wrong is None:
                checked += found.rows
                step(checked)
                continue
            count += 1
            if form == "jsonl":
                json_line({"table": found.table, "id": found.id, "wrong": found.wrong})
            else:
                click.echo(f"{found.table} {found.id}: {found.wrong}")
    click.echo(f"{checked:,} rows checked, {count:,} problems", err=True)
    if count:
        context.exit(FAILED)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@db_option
def dump(*, file: Path | None, db: str | None) -> None:
    """Write the whole ledger as JSON Lines to FILE, or to standard output.

    All that was read and decided, with when; accounts and their secrets stay behind. A FILE that ends
    in .gz is packed. `whipcount load` makes the same ledger of it again, on either store.

    \b
    Examples:
      whipcount dump ledger.jsonl.gz
      whipcount dump | sha256sum
    """  # noqa: D301
    from whipcount.ledger.dump import dump as lines  # noqa: PLC0415

    with open_ledger(db) as ledger, _writing(file) as out, _counting("rows written") as step:
        for number, line in enumerate(lines(ledger.engine)):
            out.write(line)
            if number % 1000 == 0:
                step(number)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@db_option
def load(*, file: Path, db: str | None) -> None:
    """Make a ledger of a dump, in a database that is empty or not there yet: all of it or nothing.

    \b
    Examples:
      whipcount load ledger.jsonl.gz --db new.db
      whipcount load - --db postgresql+psycopg://desk@/whipcount < ledger.jsonl
    """  # noqa: D301
    from whipcount.ledger.dump import load as loaded  # noqa: PLC0415
    from whipcount.ledger.engine import connect  # noqa: PLC0415

    settings = Settings.load()
    engine = connect(db or settings.db, lock_wait=settings.lock_wait, create=True, empty=True)
    try:
        with _reading(file) as lines, _counting("rows loaded") as step:
            rows = loaded(engine, _stepping(lines, step))
    finally:
        engine.dispose()
    open_ledger(db).close()  # an older dump is brought up to date
    click.echo(f"{rows:,} rows loaded", err=True)


def _stepping(lines: IO[str], step: "Step") -> Iterator[str]:
    for number, line in enumerate(lines):
        if number % 1000 == 0:
            step(number)
        yield line


class Step:
    """Shows how far it has come."""

    def __init__(self, progress: Progress, what: str) -> None:
        self._progress = progress
        self._task = progress.add_task(what, total=None, count=0)

    def __call__(self, count: int) -> None:
        """Show that it has come to `count`."""
        self._progress.update(self._task, count=f"{count:,}")


@contextmanager
def _counting(what: str) -> Iterator[Step]:
    columns = (SpinnerColumn(), TextColumn("{task.fields[count]} {task.description}"), TimeElapsedColumn())
    out = Console(stderr=True)
    with Progress(*columns, console=out, transient=True, disable=not sys.stderr.isatty()) as progress:
        yield Step(progress, what)


@contextmanager
def _writing(file: Path | None) -> Iterator[IO[str]]:
    if file is None:
        yield sys.stdout
        return
    try:
        if file.suffix == ".gz":
            # No name and no time in it: the same ledger gives the same file.
            with (
                file.open("wb") as raw,
                gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed,
            ):
                text = io.TextIOWrapper(packed, encoding="utf-8", newline="\n")
                yield text
                text.flush()
        else:
            with file.open("w", encoding="utf-8", newline="\n") as out:
                yield out
    except OSError as error:
        raise WhipcountError(f"can't write {file}: {error.strerror}") from None


@contextmanager
def _reading(file: Path) -> Iterator[IO[str]]:
    if str(file) == "-":
        yield sys.stdin
        return
    try:
        with (
            gzip.open(file, "rt", encoding="utf-8")
            if file.suffix == ".gz"
            else file.open(encoding="utf-8") as lines
        ):
            yield lines
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise LedgerError(f"can't read {file}: {error}") from None
