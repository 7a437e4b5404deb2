"""`roster`: everybody on a list, whether anything was heard of them or not."""

import datetime as dt
from pathlib import Path

import click

from whipcount.cli.counts import take_count
from whipcount.cli.group import complain
from whipcount.cli.options import day, db_option, format_option, known_option, listing, rules_option
from whipcount.publish.rosters import WATCHED, watched_json
from whipcount.rosters import load_roster, members, watch
from whipcount.settings import Settings
from whipcount.show import console
from whipcount.show_desk import show_roster


@click.command()
@click.argument("name")
@db_option
@click.option(
    "--contest",
    metavar="NAME",
    help="A contest's id, or its name or words that only its name has; or current, past, all. "
    "Default: that of the roster, else current.",
)
@click.option(
    "--as-of",
    type=day,
    metavar="DATE",
    help="As it was on that day: offices, standings, days. Evidence without any date is left out. Default: today.",
)
@known_option
@rules_option
@format_option("table", "csv", "jsonl")
def roster(
    *, name: str, db: str | None, contest: str | None, as_of: dt.date | None, known_by: dt.datetime | None, rules: tuple[str, ...], form: str
) -> None:  # fmt: skip
    """Where everybody on a list stands, since when, and for how many days they have said nothing.

    NAME is a roster file (TOML, or a name on each line), or what it is called in the folder
    WHIPCOUNT_ROSTERS. The silent, on whom there is no evidence at all, are told apart from those
    who are withholding; "not counted" are those of whom the rules leave out all that was heard; what positions a set of
    rules counts makes no difference here.

    \b
    Examples:
      whipcount roster "Senate Democrats" --contest president
      whipcount roster council.txt --as-of 2025-10-01 --format csv
    """  # noqa: D301
    folder = Path(Settings.load().rosters)
    watched = load_roster(name, folder)
    on = as_of or (known_by.date() if known_by else dt.datetime.now().astimezone().date())
    count = take_count(
        db, as_of, contest or watched.contest or "current", rules, registry=True, positions=False
    )
    on_it = members(watched, count.registry, on, count.joined)
    if not on_it:
        complain(f"nobody in the registry fits the roster {watched.name} on {on}")
    found = watch(on_it, count.counted, on)
    if form == "table":
        show_roster(console(), watched.name, found)
    else:
        listing(form, found, WATCHED, watched_json)
