"""`people`: the registry in and out, and whom a name stands for."""

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from whipcount.article import Kind
from whipcount.cli.group import complain
from whipcount.cli.options import day, db_option, format_option, json_line, listing, open_ledger
from whipcount.errors import RegistryError, WhipcountError
from whipcount.ledger import Ledger
from whipcount.ledger.registry import People, resolver
from whipcount.people.registry import Entry, Registry
from whipcount.publish.people import ANSWER, PEOPLE, Answer, Listed, answer_json, entry_json, listed_json
from whipcount.show import console
from whipcount.show_people import explain_answer, show_answers, show_entry, show_people

_FILES = click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)  # fmt: skip


@click.group()
def people() -> None:
    """Who is who: people and organizations with ids, names and terms of office."""


@people.group("import")
def import_() -> None:
    """Take people and organizations into the registry."""


@import_.command("congress")
@_FILES
@db_option
def import_congress(*, files: tuple[Path, ...], db: str | None) -> None:
    """Import files of unitedstates/congress-legislators.

    FILE is legislators-current.yaml, legislators-historical.yaml or executive.yaml (presidents and
    vice presidents), as you fetched it. Importing a newer file takes the place of the older one;
    what was known before stays in the ledger's history. Who is in several files is one entry.

    \b
    Examples:
      whipcount people import congress legislators-current.yaml executive.yaml
      whipcount people import congress legislators-historical.yaml --db desk.db
    """  # noqa: D301
    from whipcount.people.congress import congress, source  # noqa: PLC0415 - YAML, which only this needs

    def entries(path: Path) -> list[Entry]:
        with path.open("rb") as file:
            return list(congress(file))

    _import(db, files, entries, lambda _, found: source(found))


@import_.command("csv")
@_FILES
@db_option
@click.option(
    "--source",
    metavar="NAME",
    help="Whose table it is: a newer one of the same source takes its place. Default: the file's name.",
)
def import_csv(*, files: tuple[Path, ...], db: str | None, source: str | None) -> None:
    """Import people and organizations from a table of your own.

    One line a term of office; lines with the same name, kind and ids are one entry. Columns, of
    which only name must be there: name, kind (person or organization), other names (parted by |),
    born, office, chamber, state, city, district, party, start, end, and id:SCHEME for the ids that
    others give (id:wikidata, id:bioguide, …).

    \b
    Examples:
      whipcount people import csv governors.csv
      whipcount people import csv --source unions unions-2031.csv
    """  # noqa: D301
    from whipcount.people.table import table  # noqa: PLC0415

    def entries(path: Path) -> list[Entry]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(table(file))

    _import(db, files, entries, lambda path, _: source or path.name)


def _import(
    db: str | None,
    files: tuple[Path, ...],
    entries: Callable[[Path], list[Entry]],
    source: Callable[[Path, list[Entry]], str],
) -> None:
    """Import one file after the other; the first that is bad ends it, with what came before kept."""
    with open_ledger(db, create=True) as ledger, _progress("files", len(files)) as step:
        kept = People(ledger.engine)
        for path in files:
            try:
                found = entries(path)
            except RegistryError as error:
                raise RegistryError(f"{path}: {error}") from None
            except OSError as error:
                raise RegistryError(f"can't read {path}: {error.strerror}") from None
            came = kept.imported(found, source(path, found))
            step()
            click.echo(f"{path}: {came.new} new, {came.changed} changed, {came.same} as they were", err=True)


@people.command("show")
@click.argument("name", nargs=-1, required=True)
@db_option
@click.option("--on", type=day, metavar="DATE", help="What they were on that day (2024-07-24).")
@format_option("table", "jsonl")
def show(*, name: tuple[str, ...], db: str | None, on: dt.date | None, form: str) -> None:
    """One person or organization: ids, names, terms.

    NAME is a name, an id of ours, or an id of others as SCHEME:ID. Where several have the name,
    all are shown.

    \b
    Examples:
      whipcount people show Ada Brook
      whipcount people show --on 2031-07-24 bioguide:B000999
    """  # noqa: D301
    wanted = " ".join(name)
    found = _called(_registry(db), wanted)
    if not found:
        raise WhipcountError(f"nobody in the registry is called {wanted}")
    for one in found:
        if form == "table":
            show_entry(console(), one, on)
        else:
            own = {} if on is None else {"on": on.isoformat(), "was": [t.office for t in one.was(on)]}
            json_line(entry_json(one) | own)


def _called(registry: Registry, name: str) -> list[Entry]:
    if exact := registry.called(name):
        return exact
    scheme, colon, value = name.partition(":")
    if colon and (one := registry.external(scheme, value)):
        return [one]
    from whipcount.people.match import Names  # noqa: PLC0415 - the matcher, where the exact name did not do

    return [one.entry for one in Names(registry).candidates(name)]


@people.command("list")
@db_option
@click.option("--office", metavar="OFFICE", help="senator, representative, president, governor, …")
@click.option("--chamber", metavar="CHAMBER", help="senate, house, …")
@click.option("--state", metavar="STATE", help="A state's name or code.")
@click.option("--party", metavar="PARTY", help="As the source has it: Democrat, Republican, …")
@click.option(
    "--kind", type=click.Choice(["person", "organization"]), help="Only people, or only organizations."
)
@click.option("--on", type=day, metavar="DATE", help="Who it was on that day. Default: who it is today.")
@click.option("--ever", is_flag=True, help="Who ever was.")
@format_option("table", "csv", "jsonl")
def list_people(
    *, db: str | None, office: str | None, chamber: str | None, state: str | None, party: str | None, kind: str | None,
    on: dt.date | None, ever: bool, form: str,
) -> None:  # fmt: skip
    """Who holds, or held, which office.

    \b
    Examples:
      whipcount people list --office senator --state Ohio --on 2031-07-24
      whipcount people list --chamber house --party Democrat --format csv > house.csv
      whipcount people list --kind organization
    """  # noqa: D301
    from whipcount.people.registry import Filter  # noqa: PLC0415

    try:
        wanted = Filter.of(office=office, chamber=chamber, state=state, party=party)
    except ValueError as error:
        raise WhipcountError(str(error)) from None
    moment = None if ever else on or dt.datetime.now().astimezone().date()
    found = sorted(
        (
            Listed(one, moment)
            for one in _registry(db)
            if (kind is None or one.kind is Kind(kind)) and wanted.fits(one, moment)
        ),
        key=lambda one: (one.entry.name, one.entry.id),
    )
    if not found:
        complain("nothing to show: nobody in the registry fits")
    if form == "table":
        show_people(console(), found)
    else:
        listing(form, found, PEOPLE, listed_json)


@people.command("resolve")
@click.argument("name", nargs=-1)
@db_option
@click.option("--article", metavar="ID", help="As it is named in that article of the ledger.")
@click.option("--on", type=day, metavar="DATE", help="As it would be on that day, with no article around it.")
@click.option("--explain", is_flag=True, help="Show what speaks for and against each who may be meant.")
@click.option(
    "--all", "everything", is_flag=True, help="Every name of the ledger that is provisional: who it may be."
)
@click.option(
    "--apply", is_flag=True, help="With --all: let what is sure be so, and keep the rest for review."
)
@click.option(
    "--by", metavar="NAME", default="registry", show_default=True, help="With --apply: who decides."
)
@format_option("table", "csv", "jsonl")
def resolve(
    *, name: tuple[str, ...], db: str | None, article: str | None, on: dt.date | None, explain: bool, everything: bool,
    apply: bool, by: str, form: str,
) -> None:  # fmt: skip
    """Whom a name stands for, and why.

    With --article the name is as the article has it; without NAME everybody whom it names. With
    --all every name that was added before the registry knew it is asked again, which changes
    nothing; --apply gives the evidence that is sure to whom it belongs, by decisions that can be
    undone one by one, and keeps the unsure ones for review.

    \b
    Examples:
      whipcount people resolve Brook --on 2031-07-24
      whipcount people resolve "Ada Brook" --article a_0123456789abcdef01234567 --explain
      whipcount people resolve --all --format csv > proposals.csv
      whipcount people resolve --all --apply --by "Desk"
    """  # noqa: D301
    wanted = " ".join(name)
    if everything == bool(wanted or article) or (apply and not everything):
        raise click.UsageError("give a NAME or --article, or --all (alone, or with --apply)")
    with open_ledger(db) as ledger:
        if People(ledger.engine).is_empty():
            raise WhipcountError("the registry is empty; `whipcount people import` fills it")
        answers = _ask_all(ledger, apply=apply, by=by) if everything else _ask(ledger, wanted, article, on)
    if not answers:
        complain("nothing to show: the registry knows none of them")
    if form != "table":
        listing(form, answers, ANSWER, answer_json)
    elif explain:
        for one in answers:
            explain_answer(console(), one)
    else:
        show_answers(console(), answers)


def _ask(ledger: Ledger, name: str, article_id: str | None, on: dt.date | None) -> list[Answer]:
    """The names of one article, or a name on its own."""
    from whipcount.article import Article, Reading  # noqa: PLC0415

    if article_id is None:
        reading = Reading(Article("", name, published=on))
        return [Answer("", name, resolver(ledger.engine)(name, None, reading))]
    from whipcount.read import read  # noqa: PLC0415 - the language model

    answer = resolver(ledger.engine)
    reading = read(ledger.article(article_id))
    kinds = {one.name: one.kind for one in reading.mentions}
    if name and name not in kinds:
        raise WhipcountError(f"{article_id} names nobody {name}; it names {', '.join(sorted(kinds)[:12])}")
    wanted = [name] if name else list(kinds)
    return [Answer(article_id, one, answer(one, kinds[one], reading)) for one in wanted]


def _ask_all(ledger: Ledger, *, apply: bool, by: str) -> list[Answer]:
    """The provisional names of the whole ledger."""
    from whipcount.ledger.reresolve import Again  # noqa: PLC0415
    from whipcount.read import name_all  # noqa: PLC0415 - the language model

    again = Again(ledger.engine)
    decided = ledger.decided()
    with _progress("articles", again.articles(decided)) as step:
        found = list(again.proposals(decided, resolver(ledger.engine), name_all, step))
    if apply:
        came = again.apply(decided, found, by)
        click.echo(f"{came.moved} names given to whom they belong, {came.waiting} wait for review", err=True)
    return [
        Answer(p.article_id, p.asked.name, p.asked.resolution, p.asked.evidence_id, p.asked.role)
        for p in found
    ]


def _registry(db: str | None) -> Registry:
    with open_ledger(db) as ledger:
        found = People(ledger.engine).load()
    if not len(found):
        raise WhipcountError("the registry is empty; `whipcount people import` fills it")
    return found


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A step counter, drawn on stderr where that is a terminal."""
    columns = (SpinnerColumn(), BarColumn(), TextColumn("{task.completed:.0f} of {task.total:.0f} {task.description}"),
               TimeElapsedColumn())  # fmt: skip
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as progress:
        task = progress.add_task(what, total=total)
        yield lambda: progress.advance(task)
