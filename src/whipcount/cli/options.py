"""Options that several commands share, and how listings go out."""

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from whipcount.article import Contest
from whipcount.errors import WhipcountError
from whipcount.ledger import Ledger
from whipcount.people import Identity
from whipcount.publish.csv import Columns, write_csv
from whipcount.settings import Settings

if TYPE_CHECKING:
    from whipcount.gather.fetch import FetchSettings

T = TypeVar("T")
Command = TypeVar("Command", bound=Callable[..., Any])


def day(value: str) -> dt.date:
    """A day from YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no day; write it as 2024-07-24") from None


def db_option(command: Command) -> Command:
    """`--db`."""
    return click.option(
        "--db",
        metavar="URL",
        help="The ledger: an SQLAlchemy URL, or the path of an SQLite file. "
        "Default: WHIPCOUNT_DB, else whipcount.db in the working folder.",
    )(command)


def format_option(*formats: str) -> Callable[[Command], Command]:
    """`--format`, the first being the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="table is for people, the others are for programs.",
    )


def as_of_option(command: Command) -> Command:
    """`--as-of`."""
    return click.option(
        "--as-of",
        type=day,
        metavar="DATE",
        help="As it was on that day (2024-07-24). Evidence without any date is left out.",
    )(command)


def known_option(command: Command) -> Command:
    """`--as-known-on`, as the moment at the end of that day."""
    return click.option(
        "--as-known-on",
        "known_by",
        type=_end_of_day,
        metavar="DATE",
        help="What this ledger would have said at the end of that day (UTC): without what was added or decided since.",
    )(command)


def _end_of_day(value: str) -> dt.datetime:
    return dt.datetime.combine(day(value), dt.time.max, dt.UTC)


def contest_option(*words: str) -> Callable[[Command], Command]:
    """`--contest`: one of these words, or a contest of the ledger."""
    return click.option(
        "--contest",
        metavar="NAME",
        default=Contest.CURRENT.value,
        show_default=True,
        help=f"A contest's id, or its name or words that only its name has; or {', '.join(words)}: "
        "by whether the articles cover it or look back on it.",
    )


def rules_option(command: Command) -> Command:
    """`--rules`."""
    return click.option(
        "--rules",
        metavar="NAME|FILE",
        multiple=True,
        help="Count by these rules: house, first-choice, encyclopedia, points, or a TOML file of your own. "
        "May be given several times; what any of them leaves out does not count.",
    )(command)


def fetch_options(command: Command) -> Command:
    """`--cache-dir`, `--user-agent` and `--allow-private`."""
    for option in (
        click.option(
            "--allow-private",
            is_flag=True,
            help="Let addresses lead to this machine and into private networks.",
        ),
        click.option(
            "--user-agent",
            metavar="NAME",
            help="What web servers are told. Default: WHIPCOUNT_USER_AGENT, else whipcount.",
        ),
        click.option(
            "--cache-dir",
            metavar="FOLDER",
            help="Where fetched pages are kept; none: nowhere. Default: WHIPCOUNT_CACHE_DIR, else ~/.cache/whipcount.",
        ),
    ):
        command = option(command)
    return command


def fetch_settings(cache_dir: str | None, user_agent: str | None, *, allow_private: bool) -> "FetchSettings":
    """How to fetch, by the options and the settings."""
    from whipcount.gather.fetch import FetchSettings  # noqa: PLC0415 - the HTTP machinery, where it is wanted

    settings = Settings.load()
    folder = settings.cache_dir if cache_dir is None else cache_dir
    try:
        cache = None if folder in {"", "none"} else Path(folder).expanduser()
    except RuntimeError:  # nobody's home
        cache = None
    return FetchSettings(
        cache=cache,
        user_agent=settings.user_agent if user_agent is None else user_agent,
        allow_private=allow_private,
        delay=settings.fetch_delay,
        seconds=settings.fetch_seconds,
        size=int(settings.fetch_megabytes * 1_000_000),
    )


def open_ledger(db: str | None, *, create: bool = False) -> Ledger:
    """The ledger that `--db` or the settings name."""
    settings = Settings.load()
    ledger = Ledger.open(db or settings.db, create=create, lock_wait=settings.lock_wait)
    ledger.calibrate_from = int(settings.calibrate_from)
    return ledger


def one_of(found: list[Identity], name: str) -> Identity:
    """The one identity that a name means; an error says which others it may be."""
    if not found:
        raise WhipcountError(f"nobody in the ledger is called {name}")
    if len(found) > 1:
        raise WhipcountError(f"{name} may be {', '.join(one.name for one in found[:8])}; give the full name")
    return found[0]


def json_line(value: dict[str, Any]) -> None:
    """One JSON object on a line of standard output."""
    click.echo(json.dumps(value, ensure_ascii=False))


def listing(
    form: str, items: Iterable[T], columns: Columns[T], to_json: Callable[[T], dict[str, Any]]
) -> None:
    """A listing on standard output as CSV or JSON Lines."""
    if form == "csv":
        write_csv(items, columns, sys.stdout)
    else:
        for item in items:
            json_line(to_json(item))
