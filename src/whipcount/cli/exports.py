"""`export`: the count as files for others, in the forms that their trades use."""

import datetime as dt
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from whipcount.article import Stand
from whipcount.cli.counts import Count, take_count
from whipcount.cli.group import complain
from whipcount.cli.options import (
    Command,
    as_of_option,
    contest_option,
    db_option,
    format_option,
    json_line,
    known_option,
    open_ledger,
    rules_option,
)
from whipcount.errors import WhipcountError
from whipcount.people.registry import Office, office_on
from whipcount.publish.csv import tracker, write_csv
from whipcount.publish.json import standing_json
from whipcount.standing import Standing

_GIVEN = {Stand.ENDORSED, Stand.SUPPORTS}


@click.group()
def export() -> None:
    """Write the count as a file for others.

    \b
    Examples:
      whipcount export csv -o endorsements.csv
      whipcount export wikitext --contest "governor general" --against page.wiki
      whipcount export parquet -o standings.parquet
    """  # noqa: D301


def output_option(command: Command) -> Command:
    """`--output`."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        help="The file to write. Default: standard output.",
    )(command)


def counted(command: Command) -> Command:
    """The options by which a count is chosen."""
    for option in (output_option, rules_option, contest_option("current", "past", "all"), known_option, as_of_option, db_option):  # fmt: skip
        command = option(command)
    return command


@export.command("csv")
@counted
def export_csv(*, output: Path | None, **chosen: Any) -> None:
    """One row a standing, with the columns of the known endorsement trackers and ours.

    The trackers' own are date, position (which there means the endorser's office), city, state,
    endorser, endorsee, endorser party and source. Office, city, state and party are those that the
    registry has for the day (`whipcount people`). Ours are standing, sourcing, via, evidence,
    conditions, confidence and article url. A cell that begins like a formula gets a ' in front.

    \b
    Examples:
      whipcount export csv -o endorsements.csv
      whipcount export csv --as-of 2024-07-24
      whipcount export csv --rules encyclopedia --contest "governor general"
    """  # noqa: D301
    count = _count(**chosen)
    _written(output, lambda file: write_csv(count.counted.standings, tracker(count.registry), file))


@export.command("jsonl")
@counted
def export_jsonl(*, output: Path | None, **chosen: Any) -> None:
    """One standing a line with all its evidence, as `count --format jsonl` gives it.

    \b
    Examples:
      whipcount export jsonl -o count.jsonl
    """  # noqa: D301
    count = _count(**chosen)
    _written(
        output,
        lambda file: file.writelines(
            json.dumps(standing_json(one), ensure_ascii=False) + "\n" for one in count.counted.standings
        ),
    )


@export.command("wikitext")
@counted
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="PAGE",
    help="The wikitext of a page that there is: show what it lacks, and what of it the count lacks.",
)
@format_option("table", "jsonl")
def export_wikitext(*, output: Path | None, against: Path | None, form: str, **chosen: Any) -> None:
    """An endorsement list for an encyclopedia, grouped by office, each row with its `cite news` reference.

    Only what the rules of counting "encyclopedia" let pass is in it, unless --rules says otherwise:
    endorsements and support of notable endorsers, by an independent source. With --against, lines that begin with + are
    rows that the page lacks, with ? names on the page of whom the count has no row, with ! names on
    the page without a reference.

    \b
    Examples:
      whipcount export wikitext -o list.wiki
      whipcount export wikitext --against page.wiki
      whipcount export wikitext --against page.wiki --format jsonl
    """  # noqa: D301
    from whipcount.publish.wikitext import compared, line, wikitext  # noqa: PLC0415

    count = _count(**{**chosen, "rules": chosen["rules"] or ("encyclopedia",)})
    rows = [one for one in count.counted.standings if one.position in _GIVEN]
    if against is None:
        _written(output, lambda file: file.write(wikitext(rows, count_office(count))))
        return
    try:
        page = against.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WhipcountError(f"can't read {against}: {error}") from None
    found = compared(rows, page)
    if form == "jsonl":
        for one in found.missing:
            json_line(
                {
                    "change": "missing",
                    "endorser": one.endorser.name,
                    "line": line(one, count_office(count)(one)),
                }
            )
        for change, names in (("unknown", found.unknown), ("unsourced", found.unsourced)):
            for name in names:
                json_line({"change": change, "endorser": name, "line": None})
        return
    lines = [f"+ {line(one, count_office(count)(one))}" for one in found.missing]
    lines += [f"? {name}" for name in found.unknown] + [f"! {name}" for name in found.unsourced]
    _written(output, lambda file: file.writelines(f"{one}\n" for one in lines))


@export.command("jsonld")
@counted
def export_jsonld(*, output: Path | None, **chosen: Any) -> None:
    """Linked data: schema.org's EndorseAction where it fits, terms of our own where it has none.

    \b
    Examples:
      whipcount export jsonld -o count.jsonld
    """  # noqa: D301
    from whipcount.publish.jsonld import graph  # noqa: PLC0415

    count = _count(**chosen)
    document = graph(count.counted.standings, count.registry)
    _written(output, lambda file: file.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n"))


@export.command("annotations")
@counted
def export_annotations(*, output: Path | None, **chosen: Any) -> None:
    """The evidence of the count as W3C Web Annotations: which words of which page say what.

    \b
    Examples:
      whipcount export annotations -o evidence.jsonld
    """  # noqa: D301
    from whipcount.publish.annotations import page  # noqa: PLC0415

    count = _count(**chosen)
    with open_ledger(chosen["db"]) as ledger:
        texts: dict[str, str] = {}

        def text_of(article_id: str) -> str:
            if article_id not in texts:
                texts[article_id] = ledger.article(article_id).text
            return texts[article_id]

        evidence = [one for standing in count.counted.standings for one in standing.evidence]
        document = page(evidence, text_of)
    _written(output, lambda file: file.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n"))


@export.command("parquet")
@counted
@click.option(
    "--what",
    type=click.Choice(["standings", "evidence"]),
    default="standings",
    show_default=True,
    help="A row a standing, or a row a piece of evidence that a standing rests on.",
)
def export_parquet(*, output: Path | None, what: str, **chosen: Any) -> None:
    """Standings or evidence as Parquet, for those who compute with them; needs --output.

    \b
    Examples:
      whipcount export parquet -o standings.parquet
      whipcount export parquet --what evidence -o evidence.parquet
    """  # noqa: D301
    from whipcount.publish.parquet import write_evidence, write_standings  # noqa: PLC0415

    if output is None:
        raise click.UsageError("Parquet is no text: name the file with --output")
    count = _count(**chosen)
    if what == "standings":
        write_standings(count.counted.standings, output)
    else:
        write_evidence((one for s in count.counted.standings for one in s.evidence), output)


@export.command("atom")
@counted
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=100, show_default=True, help="Entries at most."
)
@click.option(
    "--site",
    metavar="URL",
    default="urn:whipcount",
    help="Where the site is, for the feed's links.",
)
def export_atom(*, output: Path | None, limit: int, site: str, **chosen: Any) -> None:
    """What moved, the latest first, as an Atom feed.

    \b
    Examples:
      whipcount export atom -o changes.atom --site https://tracker.example
    """  # noqa: D301
    from whipcount.changes import steps  # noqa: PLC0415
    from whipcount.publish.atom import feed  # noqa: PLC0415

    count = _count(**chosen)
    evidence = [one for standing in count.counted.standings for one in standing.evidence]
    moved = steps(evidence)[-limit:][::-1]
    _written(output, lambda file: file.write(feed(moved, site)))


def count_office(count: Count) -> Callable[[Standing], Office | None]:
    """What the registry says that the endorser of a standing was on its first day."""

    def office(standing: Standing) -> Office | None:
        entry = count.registry.entries.get(standing.endorser.id)
        return office_on(entry, standing.since or dt.datetime.now(dt.UTC).date()) if entry else None

    return office


def _count(
    *, db: str | None, as_of: dt.date | None, known_by: dt.datetime | None, contest: str, rules: tuple[str, ...]
) -> Count:  # fmt: skip
    count = take_count(db, as_of, contest, rules, known_by=known_by, registry=True)
    if not count.counted.standings:
        complain("nothing to write: no evidence fits, or the rules leave out all of it (count --explain)")
    return count


def _written(output: Path | None, write: Callable[[Any], object]) -> None:
    if output is None:
        write(sys.stdout)
        return
    try:
        with output.open("w", encoding="utf-8", newline="") as file:
            write(file)
    except OSError as error:
        raise WhipcountError(f"can't write {output}: {error.strerror}") from None
