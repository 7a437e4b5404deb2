"""`read` and `add`: articles in."""

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from whipcount.article import Article, Reading
from whipcount.cli.group import FAILED, SOME_FAILED, complain
from whipcount.cli.options import (
    Command,
    day,
    db_option,
    fetch_options,
    fetch_settings,
    format_option,
    json_line,
    open_ledger,
)
from whipcount.errors import ArticleError
from whipcount.ledger.registry import resolver
from whipcount.machine import cores
from whipcount.publish.json import reading_json
from whipcount.show import console, show_reading


@dataclass(frozen=True, slots=True)
class _Input:
    """What to read, and what is known of it: the options that `read` and `add` share."""

    paths: tuple[str, ...]
    published: dt.date | None
    outlet: str | None
    url: str | None
    cache_dir: str | None
    user_agent: str | None
    allow_private: bool


def _article_options(command: Command) -> Command:
    command = fetch_options(command)
    for option in (
        click.option("--url", help="The address, for articles that lack it."),
        click.option("--outlet", metavar="NAME", help="Who published it, for articles that lack it."),
        click.option(
            "--published", type=day, metavar="DATE", help="The day of publication, for articles that lack it."
        ),
        click.argument("paths", metavar="PATH...", nargs=-1, required=True),
    ):
        command = option(command)
    return command


@click.command()
@_article_options
@click.option("--explain", is_flag=True, help="Show what each position rests on.")
@format_option("table", "jsonl")
def read(
    *,
    explain: bool,
    form: str,
    **options: Any,
) -> None:
    """Read articles and show what they say, storing nothing.

    PATH is a file, a folder, - for standard input, or the address of a page (https://…). Kinds:
    saved pages (.html), plain text (.txt), records (.json and .jsonl), each also as .gz.

    Pages are fetched politely: as robots.txt allows, in turn, and from public addresses alone.

    \b
    Examples:
      whipcount read --published 2024-07-24 article.txt
      whipcount read --explain page.html
      whipcount read https://example.org/story
      whipcount read --format jsonl articles/ > readings.jsonl
    """  # noqa: D301
    from whipcount.read import read_all  # noqa: PLC0415 - the language model; `--help` needs none

    run = _Run()
    out = console()
    for reading in read_all(run.articles(_Input(**options))):
        run.done += 1
        if form == "table":
            show_reading(out, reading, explain=explain)
        else:
            json_line(reading_json(reading, explain=explain))
    run.exit()


@click.command()
@_article_options
@db_option
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Processes that read a web archive; all cores without it.",
)
@click.option(
    "--again", is_flag=True, help="Read web archives from their start, also those that were read before."
)
def add(*, db: str | None, jobs: int | None, again: bool, **options: Any) -> None:
    """Read articles and keep what they say in the ledger.

    Adding the same article again changes nothing: same text, same address (URL, else outlet)
    and same day of publication. A page has one address, however it was reached: the one that it
    gives as its own, else the one where it was found, without tracking. An article that can't be
    read is reported and skipped. PATH and its kinds are as for `read`, and web archives (.warc,
    .warc.gz, .warc.zst): they are read on all cores, and an archive whose reading was interrupted
    goes on where it stopped.

    \b
    Examples:
      whipcount add articles/
      whipcount add --outlet "Larkfield Courier" --published 2024-07-24 article.txt
      whipcount add https://example.org/story https://example.net/another
      xargs whipcount add < addresses.txt
      whipcount add crawl-2031-07.warc.gz
    """  # noqa: D301
    from whipcount.gather.files import archives, is_archive  # noqa: PLC0415

    run = _Run()
    given = _Input(**options)
    crawls = archives(given.paths)
    single = replace(given, paths=tuple(path for path in given.paths if not is_archive(path)))
    added = known = evidence = unclear = 0
    with open_ledger(db, create=True) as ledger, _progress() as step:

        def unknown() -> Iterator[Article]:
            nonlocal known
            for article in run.articles(single):
                try:
                    already = ledger.knows(article)
                except ArticleError as error:
                    run.fail(error, article)
                    continue
                if already:
                    known += 1
                    step()
                else:
                    yield article

        resolve = resolver(ledger.engine)
        for reading in _readings(unknown()) if single.paths else ():
            step()
            if reading.errors:
                # Half a reading would be kept as if there were no more to find.
                run.fail("; ".join(reading.errors), reading.article)
                continue
            try:
                result = ledger.add(reading, resolve=resolve)
            except ArticleError as error:
                run.fail(error, reading.article)
                continue
            added += result.new
            known += not result.new
            evidence += result.evidence
            unclear += result.unclear
    if crawls:
        from whipcount.cli.archives import add_archives  # noqa: PLC0415
        from whipcount.gather.given import Given  # noqa: PLC0415

        with open_ledger(db) as ledger:
            tally = add_archives(
                ledger,
                crawls,
                Given(given.published, given.outlet, given.url),
                jobs=jobs or cores(),
                again=again,
                fail=run.fail,
            )
        added, known = added + tally.added, known + tally.known
        evidence, unclear = evidence + tally.evidence, unclear + tally.unclear
        run.done += tally.finished or tally.pages
        click.echo(tally.line(), err=True)
    run.done += added + known
    pieces = "1 piece" if evidence == 1 else f"{evidence} pieces"
    waiting = f" and {unclear} unclear, for review" if unclear else ""
    click.echo(
        f"{added} added with {pieces} of evidence{waiting}, {known} known, {run.failed} failed", err=True
    )
    run.exit()


def _readings(articles: Iterator[Article]) -> Iterator[Reading]:
    from whipcount.read import read_all  # noqa: PLC0415 - the language model, where there is something to read

    yield from read_all(articles, gate=True)


class _Run:
    """Counts what became of the articles of one command."""

    def __init__(self) -> None:
        self.done = 0
        self.failed = 0

    def articles(self, given: _Input) -> Iterator[Article]:
        """The articles that can be read; the others are reported."""
        from whipcount.gather import gather  # noqa: PLC0415 - loads the HTML machinery

        for item in gather(
            given.paths,
            published=given.published,
            outlet=given.outlet,
            url=given.url,
            stdin=sys.stdin.buffer,
            fetching=fetch_settings(given.cache_dir, given.user_agent, allow_private=given.allow_private),
        ):
            if isinstance(item, Article):
                yield item
            else:
                self.fail(item)

    def fail(self, error: ArticleError | str, article: Article | None = None) -> None:
        """Report an article that failed."""
        self.failed += 1
        complain(f"{article.id}: {error}" if article else str(error))

    def exit(self) -> None:
        """Leave with the code that tells how it went."""
        if self.failed:
            click.get_current_context().exit(SOME_FAILED if self.done else FAILED)


@contextmanager
def _progress() -> Iterator[Callable[[], None]]:
    """A step counter, drawn on stderr where that is a terminal."""
    columns = (SpinnerColumn(), TextColumn("{task.completed:.0f} articles"), TimeElapsedColumn())
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as progress:
        task = progress.add_task("")
        yield lambda: progress.advance(task)
