"""`count`, `holdouts`, `show` and `export`: the ledger out."""

import datetime as dt
import sys
from pathlib import Path

import click

from whipcount.article import Contest, Stand
from whipcount.cli.group import complain
from whipcount.cli.options import (
    as_of_option,
    contest_option,
    day,
    db_option,
    format_option,
    known_option,
    listing,
    one_of,
    open_ledger,
)
from whipcount.conflicts import disputed
from whipcount.errors import WhipcountError
from whipcount.ledger import Evidence
from whipcount.publish.csv import EVIDENCE, HOLDOUT, STANDING, TRACKER, write_csv
from whipcount.publish.json import evidence_json, holdout_json, standing_json
from whipcount.review import read_conflicts
from whipcount.settings import Settings
from whipcount.show import console, show_count, show_history, show_holdouts
from whipcount.standing import Standing, reports, standings
from whipcount.standing import holdouts as holdouts_of


@click.command()
@db_option
@as_of_option
@known_option
@contest_option
@click.option(
    "--position",
    "positions",
    type=click.Choice([stand.value for stand in Stand]),
    multiple=True,
    help="Only this position; may be given several times.",
)
@click.option("--endorsee", metavar="NAME", help="Only this candidate or measure.")
@format_option("table", "csv", "jsonl")
def count(
    *,
    db: str | None,
    as_of: dt.date | None,
    known_by: dt.datetime | None,
    contest: str,
    positions: tuple[str, ...],
    endorsee: str | None,
    form: str,
) -> None:
    """The standing of every endorser for each endorsee.

    The latest report wins; on one day the one nearest to the endorser does. Copies of one
    report count once, voters not at all.

    \b
    Examples:
      whipcount count --as-of 2024-07-24
      whipcount count --as-of 2024-07-24 --as-known-on 2024-07-25
      whipcount count --position endorsed --position supports
      whipcount count --contest past --format csv > past.csv
    """  # noqa: D301
    found = _standings(db, as_of, known_by, contest, endorsee)
    if positions:
        found = [standing for standing in found if standing.position in positions]
    if form == "table":
        show_count(console(), found)
    else:
        listing(form, found, STANDING, standing_json)


@click.command()
@db_option
@click.option(
    "--as-of",
    type=day,
    metavar="DATE",
    help="As it was on that day, days counted up to it. Evidence without any date is left out. "
    "Default: today, or the day of --as-known-on.",
)
@known_option
@click.option("--endorsee", metavar="NAME", help="Only this candidate or measure.")
@format_option("table", "csv", "jsonl")
def holdouts(
    *, db: str | None, as_of: dt.date | None, known_by: dt.datetime | None, endorsee: str | None, form: str
) -> None:
    """Who is withholding or expected: since when, what they ask for, their last words.

    The longest come first. Sourcing and last words are those of the report nearest to the
    endorser.

    \b
    Examples:
      whipcount holdouts
      whipcount holdouts --as-of 2024-07-24 --format csv
    """  # noqa: D301
    today = known_by.date() if known_by else dt.datetime.now().astimezone().date()
    found = holdouts_of(_standings(db, as_of, known_by, Contest.CURRENT, endorsee), as_of or today)
    if form == "table":
        show_holdouts(console(), found)
    else:
        listing(form, found, HOLDOUT, holdout_json)


@click.command()
@click.argument("name", nargs=-1, required=True)
@db_option
@as_of_option
@known_option
@format_option("table", "csv", "jsonl")
def show(
    *, name: tuple[str, ...], db: str | None, as_of: dt.date | None, known_by: dt.datetime | None, form: str
) -> None:
    """One endorser's or endorsee's history, oldest first.

    NAME is the full name, or the part of it that no other name has, or an id. What does not count
    stays in the list and says why: rejected, set aside, taken back, retracted, gone from its page.

    \b
    Examples:
      whipcount show Ada Brook
      whipcount show Ada Brook --as-known-on 2024-07-24
      whipcount show --format jsonl "Larkfield Courier"
    """  # noqa: D301
    wanted = " ".join(name)
    with open_ledger(db) as ledger:
        identity = one_of(ledger.find(wanted), wanted)
        every = ledger.evidence(about=[identity.id], known_by=known_by)
        clashes = read_conflicts(ledger, every, as_of)
    # What a newer version of the same page says again is told once.
    every = [one for one in every if one.until != dt.date.min and _seen_by(one, as_of)]
    found = reports(one for one in every if not one.excluded)
    rest = [one for one in every if one.excluded]
    if form == "table":
        show_history(console(), identity, found, rest, clashes, as_of)
    else:
        listing(form, [*(one for report in found for one in report.all), *rest], EVIDENCE, evidence_json)


def _seen_by(one: Evidence, as_of: dt.date | None) -> bool:
    """Whether there was a report of it by that day, whatever became of it later."""
    return as_of is None or (one.last_day is not None and one.last_day <= as_of)


@click.group()
def export() -> None:
    """Write the count as a file for others."""


@export.command("csv")
@db_option
@as_of_option
@known_option
@contest_option
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write. Default: standard output.",
)
def export_csv(
    *, db: str | None, as_of: dt.date | None, known_by: dt.datetime | None, contest: str, output: Path | None
) -> None:
    """One row a standing, with the columns of the known endorsement trackers and ours.

    The trackers' own are date, position (which there means the endorser's office), city, state,
    endorser, endorsee, endorser party and source. Office, city, state and party stay empty until
    the ledger knows who holds which office. Ours are standing, sourcing, via, evidence,
    conditions, confidence and article url. A cell that begins like a formula gets a ' in front.

    \b
    Examples:
      whipcount export csv -o endorsements.csv
      whipcount export csv --as-of 2024-07-24
    """  # noqa: D301
    found = _standings(db, as_of, known_by, contest, None)
    if output is None:
        write_csv(found, TRACKER, sys.stdout)
        return
    try:
        with output.open("w", encoding="utf-8", newline="") as file:
            write_csv(found, TRACKER, file)
    except OSError as error:
        raise WhipcountError(f"can't write {output}: {error.strerror}") from None


def _standings(
    db: str | None, as_of: dt.date | None, known_by: dt.datetime | None, contest: str, endorsee: str | None
) -> list[Standing]:
    with open_ledger(db) as ledger:
        only = None if endorsee is None else one_of(ledger.find(endorsee), endorsee)
        evidence = ledger.evidence(contest=None if contest == "all" else Contest(contest), known_by=known_by)
        clashes = read_conflicts(ledger, evidence, as_of)
    undated = sum(one.day is None for one in evidence)
    if as_of and undated:
        complain(f"{undated} of {len(evidence)} pieces of evidence have no date and are left out of --as-of")
    found = disputed(standings(evidence, as_of, review_below=Settings.load().review_below), clashes)
    if only:
        found = [standing for standing in found if standing.endorsee.id == only.id]
    if not found:
        complain("nothing to show: no evidence fits")
    return found
