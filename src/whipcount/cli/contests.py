"""`contest`: what is decided when, and who stands for it."""

import datetime as dt
from pathlib import Path
from typing import Any

import click

from whipcount.cli.options import day, db_option, format_option, listing, open_ledger
from whipcount.contest_file import Planned, contest_file, planned
from whipcount.contests import ContestKind, Stage
from whipcount.errors import ContestError
from whipcount.ledger.contests import Contests, Entered
from whipcount.publish.contests import CANDIDACY, CONTEST, candidacy_json, contest_json
from whipcount.show import console
from whipcount.show_desk import show_contests

_DAYS: dict[str, Any] = {"type": day, "metavar": "DATE"}


@click.group()
def contest() -> None:
    """Contests: what is decided when, and who stands for it."""


@contest.command("add")
@click.argument("name", nargs=-1)
@db_option
@click.option(
    "--kind",
    type=click.Choice(list(ContestKind)),
    default=ContestKind.OFFICE,
    show_default=True,
    help="An office, a measure put to the voters, or a vote in a chamber.",
)
@click.option("--office", metavar="NAME", help="The office; needed where the kind is office.")
@click.option("--jurisdiction", metavar="NAME", help="Of what: a state, a district, a city, a chamber.")
@click.option("--stage", type=click.Choice(list(Stage)), help="The step of the race.")
@click.option("--opens", **_DAYS, help="The first day whose reports may be about it.")
@click.option("--election-day", **_DAYS, help="The day of the election or the vote.")
@click.option(
    "--candidate", "candidates", metavar="NAME", multiple=True, help="Who stands; may be given several times."
)
def add(
    *, name: tuple[str, ...], db: str | None, kind: ContestKind, office: str | None, jurisdiction: str | None,
    stage: Stage | None, opens: dt.date | None, election_day: dt.date | None, candidates: tuple[str, ...],
) -> None:  # fmt: skip
    """Enter a contest, and say which evidence is about it.

    NAME is what it is to be called; without it, its office, jurisdiction and year.

    \b
    Examples:
      whipcount contest add --office governor --jurisdiction Ossawa --stage general \\
        --opens 2025-06-11 --election-day 2025-11-04 --candidate "Marguerite Dallow"
      whipcount contest add "Measure 12" --kind measure --election-day 2025-11-04
    """  # noqa: D301
    one = planned(
        " ".join(name) or None,
        kind=ContestKind(kind),
        office=office,
        jurisdiction=jurisdiction,
        stage=Stage(stage) if stage else None,
        opens=opens,
        election_day=election_day,
        candidates=tuple(Planned(who) for who in candidates),
    )
    with open_ledger(db, create=True) as ledger:
        entered = Contests(ledger.engine).add(one)
    click.echo(f"{one.race.name} is {one.race.id}; {_assigned(entered.assigned)}")


@contest.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@db_option
def import_(*, file: Path, db: str | None) -> None:
    """Enter the contests of a TOML file with their candidates, or what is new in it.

    The same file again changes nothing. A candidate who is no longer in it stays; `contest candidate
    --remove` takes out whom you entered by mistake.

    \b
    Examples:
      whipcount contest import examples/contests.toml
    """  # noqa: D301
    given = contest_file(file)
    with open_ledger(db, create=True) as ledger:
        entered = Contests(ledger.engine).imported(given)
    click.echo(_counts(entered))


@contest.command("list")
@db_option
@format_option("table", "csv", "jsonl")
def list_(*, db: str | None, form: str) -> None:
    """All contests with their candidates, the earliest first.

    \b
    Examples:
      whipcount contest list
      whipcount contest list --format jsonl | jq -r .id
    """  # noqa: D301
    with open_ledger(db) as ledger:
        races = Contests(ledger.engine).all()
    if form == "table":
        show_contests(console(), races)
    else:
        listing(form, races, CONTEST, contest_json)


@contest.command("show")
@click.argument("name", nargs=-1, required=True)
@db_option
@format_option("table", "csv", "jsonl")
def show(*, name: tuple[str, ...], db: str | None, form: str) -> None:
    """One contest: who stands in it, of which party, from when to when.

    NAME is its id, its name, or words that only its name has.

    \b
    Examples:
      whipcount contest show governor general
      whipcount contest show c_5d0c2f1b7a8e9f10 --format csv
    """  # noqa: D301
    with open_ledger(db) as ledger:
        race = Contests(ledger.engine).find(" ".join(name))
    if form == "table":
        show_contests(console(), [race])
    else:
        listing(form, race.candidacies, CANDIDACY, candidacy_json)


@contest.command("change")
@click.argument("name", nargs=-1, required=True)
@db_option
@click.option("--rename", metavar="NAME", help="What it is called from now on.")
@click.option("--opens", **_DAYS, help="The first day whose reports may be about it.")
@click.option("--election-day", **_DAYS, help="The day of the election or the vote, where it was put off.")
def change(
    *, name: tuple[str, ...], db: str | None, rename: str | None, opens: dt.date | None, election_day: dt.date | None
) -> None:  # fmt: skip
    """Rename a contest or move its days; its id stays, and what it was stays in the ledger.

    \b
    Examples:
      whipcount contest change governor primary --election-day 2025-06-24
    """  # noqa: D301
    values: dict[str, Any] = {"name": rename, "opens": opens, "election_day": election_day}
    given = {key: value for key, value in values.items() if value is not None}
    if not given:
        raise ContestError("say what to change: --rename, --opens or --election-day")
    with open_ledger(db) as ledger:
        contests = Contests(ledger.engine)
        entered = contests.change(contests.find(" ".join(name)).id, **given)
    click.echo(_counts(entered))


@contest.command("candidate")
@click.argument("name")
@click.argument("candidate", nargs=-1, required=True)
@db_option
@click.option("--party", metavar="NAME", help="The candidate's party in this contest.")
@click.option("--entered", **_DAYS, help="The first day; that of the contest without it.")
@click.option("--left", **_DAYS, help="The last day, of one who dropped out.")
@click.option("--remove", is_flag=True, help="Entered by mistake: as if the candidate had never stood.")
def candidate_(
    *, name: str, candidate: tuple[str, ...], db: str | None, party: str | None, entered: dt.date | None,
    left: dt.date | None, remove: bool,
) -> None:  # fmt: skip
    """Say who stands in a contest, or that somebody dropped out.

    NAME is the contest's id or name, CANDIDATE a name or an id. What is not given is kept as it was.

    \b
    Examples:
      whipcount contest candidate "governor general" Marguerite Dallow --party Harbor
      whipcount contest candidate "governor general" Lyle Stoddart --left 2025-10-02
    """  # noqa: D301
    who = " ".join(candidate)
    with open_ledger(db) as ledger:
        contests = Contests(ledger.engine)
        race = contests.find(name)
        if remove:
            click.echo(_counts(contests.remove(race.id, who)))
            return
        known = race.candidate(who)
        one = Planned(
            known.identity_id if known else who,
            party or (known.party if known else None),
            entered or (known.entered if known else None),
            left or (known.left if known else None),
        )
        click.echo(_counts(contests.stand(race.id, one)))


@contest.command("assign")
@db_option
def assign(*, db: str | None) -> None:
    """Look at all evidence anew and say which contest it is about.

    It happens by itself when evidence is added, a contest changes or a reader decides: this is for
    a ledger whose rows came in another way.

    \b
    Examples:
      whipcount contest assign
    """  # noqa: D301
    with open_ledger(db) as ledger:
        click.echo(_assigned(Contests(ledger.engine).assign()))


def _counts(entered: Entered) -> str:
    words = f"{entered.new} new, {entered.changed} changed, {entered.same} as they were"
    return f"{words}; {_assigned(entered.assigned)}"


def _assigned(number: int) -> str:
    pieces = "1 piece" if number == 1 else f"{number} pieces"
    return f"{pieces} of evidence assigned anew"
