"""`count`, `holdouts` and `show`: the ledger out."""

import datetime as dt

import click

from whipcount.article import Contest, Stand
from whipcount.cli.counts import Count, take_count
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
    rules_option,
)
from whipcount.publish.csv import EVIDENCE, HOLDOUT, STANDING
from whipcount.publish.json import evidence_json, holdout_json, standing_json
from whipcount.publish.rules import EXCLUDED, excluded_json, weighed
from whipcount.review import read_conflicts
from whipcount.show import console, show_count, show_history, show_holdouts
from whipcount.show_desk import show_excluded
from whipcount.standing import holdouts as holdouts_of
from whipcount.standing import in_history, reports


@click.command()
@db_option
@as_of_option
@known_option
@contest_option("current", "past", "all")
@rules_option
@click.option(
    "--explain",
    is_flag=True,
    help="Show what does not count and why: below the table, and in the other formats instead of the count.",
)
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
    rules: tuple[str, ...],
    explain: bool,
    positions: tuple[str, ...],
    endorsee: str | None,
    form: str,
) -> None:
    """The standing of every endorser for each endorsee.

    The latest report wins; on one day the one nearest to the endorser does. Copies of one
    report count once, voters not at all. Other rules of counting leave out more, and --explain
    says what and why.

    \b
    Examples:
      whipcount count --as-of 2024-07-24
      whipcount count --as-of 2024-07-24 --as-known-on 2024-07-25
      whipcount count --position endorsed --position supports
      whipcount count --contest past --format csv > past.csv
      whipcount count --contest "governor general" --rules encyclopedia --explain
      whipcount count --rules first-choice --rules points
    """  # noqa: D301
    count = _count(db, as_of, known_by, contest, rules, endorsee, explain=explain)
    found = [one for one in count.counted.standings if not positions or one.position in positions]
    if form == "table":
        show_count(console(), found, count.contests, count.points if count.weighs else None)
        if explain:
            show_excluded(console(), count.counted.excluded)
    elif explain:
        listing(form, count.counted.excluded, EXCLUDED, excluded_json)
    elif count.weighs:
        listing(form, found, weighed(count.points), lambda s: {**standing_json(s), "points": count.points(s)})
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
@contest_option("current")
@rules_option
@click.option("--endorsee", metavar="NAME", help="Only this candidate or measure.")
@format_option("table", "csv", "jsonl")
def holdouts(
    *, db: str | None, as_of: dt.date | None, known_by: dt.datetime | None, contest: str, rules: tuple[str, ...],
    endorsee: str | None, form: str,
) -> None:  # fmt: skip
    """Who is withholding or expected: since when, what they ask for, their last words.

    The longest come first. Sourcing and last words are those of the report nearest to the
    endorser.

    \b
    Examples:
      whipcount holdouts
      whipcount holdouts --as-of 2024-07-24 --format csv
      whipcount holdouts --contest "measure 12"
    """  # noqa: D301
    if contest in {Contest.PAST.value, "all"}:
        raise click.BadParameter(f"nobody holds out in {contest} contests; give one, or current")
    today = known_by.date() if known_by else dt.datetime.now().astimezone().date()
    count = _count(db, as_of, known_by, contest, rules, endorsee, positions=False)
    found = holdouts_of(count.counted.standings, as_of or today)
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
    every = in_history(every, as_of)
    found = reports(one for one in every if not one.excluded)
    rest = [one for one in every if one.excluded]
    if form == "table":
        show_history(console(), identity, found, rest, clashes, as_of)
    else:
        listing(form, [*(one for report in found for one in report.all), *rest], EVIDENCE, evidence_json)


def _count(
    db: str | None, as_of: dt.date | None, known_by: dt.datetime | None, contest: str, rules: tuple[str, ...],
    endorsee: str | None, *, registry: bool = False, explain: bool = False, positions: bool = True,
) -> Count:  # fmt: skip
    count = take_count(
        db,
        as_of,
        contest,
        rules,
        endorsee=endorsee,
        known_by=known_by,
        registry=registry,
        positions=positions,
    )
    if not count.counted.standings and not (explain and count.counted.excluded):
        out = len(count.counted.excluded)
        complain(
            f"nothing to show: the rules leave out all of it, {out} exclusions; count --explain tells them"
            if out and rules
            else "nothing to show: no evidence fits"
        )
    return count
