"""`review`: the queue and what was decided; the decisions themselves are in `decide`."""

import dataclasses

import click

from whipcount.cli import decide
from whipcount.cli.group import complain
from whipcount.cli.options import db_option, format_option, json_line, listing, open_ledger
from whipcount.cli.reviewer import by_option, evidence_of, reviewer
from whipcount.conflicts import Clash
from whipcount.desk import figures as of_desk
from whipcount.ledger.review_reads import ReviewReads
from whipcount.ledger.reviews import Reviews
from whipcount.publish.json import as_read_json, evidence_json
from whipcount.publish.reviews import (
    CONFLICT,
    EVENT,
    ITEM,
    conflict_json,
    event_json,
    figure_json,
    item_json,
)
from whipcount.review import Item, Why, queue, read_conflicts, read_desk
from whipcount.settings import Settings
from whipcount.show import console
from whipcount.show_review import show_conflicts, show_evidence, show_figures, show_log, show_queue

_AROUND = 400


@click.group()
def review() -> None:
    """Decide on what was read: a queue, decisions that can be undone, figures."""


@review.command("next")
@db_option
@by_option
@format_option("table", "jsonl")
def next_(*, db: str | None, by: str | None, form: str) -> None:
    """The most pressing question that you have not decided.

    \b
    Examples:
      whipcount review next
      whipcount review next --by Ines --format jsonl
    """  # noqa: D301
    found = _queue(db, by, 1, ())
    if form == "jsonl":
        for item in found:
            json_line(item_json(item))
    else:
        show_queue(console(), found)


@review.command("list")
@db_option
@by_option
@click.option(
    "--kind",
    "kinds",
    type=click.Choice([kind.value for kind in Why]),
    multiple=True,
    help="Only this kind; may be given several times.",
)
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="So many, the most pressing first."
)
@format_option("table", "csv", "jsonl")
def list_(*, db: str | None, by: str | None, kinds: tuple[str, ...], limit: int, form: str) -> None:
    """What is uncertain and matters, the most pressing first, each with why it is there.

    Left out is what you have decided yourself.

    \b
    Examples:
      whipcount review list
      whipcount review list --kind conflict --kind request
      whipcount review list --limit 500 --format csv > morning.csv
    """  # noqa: D301
    found = _queue(db, by, limit, kinds)
    if form == "table":
        show_queue(console(), found)
    else:
        listing(form, found, ITEM, item_json)


def _queue(db: str | None, by: str | None, limit: int, kinds: tuple[str, ...]) -> list[Item]:
    with open_ledger(db) as ledger:
        desk = read_desk(ledger)
    chosen = [Why(kind) for kind in kinds] or list(Why)
    share = Settings.load().second_share
    found = queue(desk, limit, reviewer(by), second_share=share, kinds=chosen)
    if not found:
        complain("nothing waits for you")
    return found


@review.command("show")
@click.argument("evidence_id", metavar="ID")
@db_option
@format_option("table", "jsonl")
def show(*, evidence_id: str, db: str | None, form: str) -> None:
    """One piece of evidence: its sentence in place, its statement, all decisions on it.

    What the program read stands beside what a reader corrected.

    \b
    Examples:
      whipcount review show a_4f0c2b7d9e1a35680cd2417b.e0
      whipcount review show a_4f0c2b7d9e1a35680cd2417b.e0 --format jsonl
    """  # noqa: D301
    with open_ledger(db) as ledger:
        one = evidence_of(ledger, evidence_id)
        article = ledger.article(one.article.id)
        attribution = ReviewReads(ledger.engine).attribution(evidence_id)
        events = Reviews(ledger.engine).events(evidence_id)
    if form == "table":
        show_evidence(console(), one, article, attribution, events)
        return
    start, end = one.quote.span
    json_line(
        {
            **evidence_json(one),
            "read": as_read_json(one),
            "because": one.because,
            "before": article.text[max(0, start - _AROUND) : start],
            "after": article.text[end : end + _AROUND],
            "attribution": None if attribution is None else dataclasses.asdict(attribution),
            "events": [event_json(event) for event in events],
            "seen": events[-1].number if events else 0,
        }
    )


for _command in decide.COMMANDS:
    review.add_command(_command)


@review.command("log")
@click.argument("subject", required=False)
@db_option
@click.option("--by", metavar="NAME", help="Only this reader's.")
@format_option("table", "csv", "jsonl")
def log(*, subject: str | None, db: str | None, by: str | None, form: str) -> None:
    """All decisions, or those on one SUBJECT, the oldest first: who, when, what.

    \b
    Examples:
      whipcount review log
      whipcount review log a_4f0c2b7d9e1a35680cd2417b.e0
      whipcount review log --by Ines --format jsonl
    """  # noqa: D301
    with open_ledger(db) as ledger:
        found = Reviews(ledger.engine).events(subject)
    found = [event for event in found if by is None or event.by == by]
    if form == "table":
        show_log(console(), found)
    else:
        listing(form, found, EVENT, event_json)


@review.command("conflicts")
@db_option
@click.option("--kind", type=click.Choice([kind.value for kind in Clash]), help="Only this kind.")
@format_option("table", "csv", "jsonl")
def conflicts(*, db: str | None, kind: str | None, form: str) -> None:
    """Reports that can't both hold: what they are, which one counts and by which rule.

    `whipcount review prevail` overrules the rule, or confirms it; then the conflict is settled.

    \b
    Examples:
      whipcount review conflicts
      whipcount review conflicts --kind claim --format csv
    """  # noqa: D301
    with open_ledger(db) as ledger:
        found = read_conflicts(ledger, ledger.evidence())
    found = [one for one in found if kind is None or one.kind == kind]
    if form == "table":
        show_conflicts(console(), found)
    else:
        listing(form, found, CONFLICT, conflict_json)


@review.command("figures")
@db_option
@format_option("table", "jsonl")
def figures(*, db: str | None, form: str) -> None:
    """How far readers agree, how often the program is right, what its confidence is worth.

    \b
    Examples:
      whipcount review figures
      whipcount review figures --format jsonl
    """  # noqa: D301
    with open_ledger(db) as ledger:
        agreed, precise, calibrated = of_desk.agreed(ledger), of_desk.precise(ledger), of_desk.worth(ledger)
    if form == "table":
        show_figures(console(), agreed, precise, calibrated)
    else:
        figures_of = [*map(figure_json, agreed), *map(figure_json, precise), *map(figure_json, calibrated)]
        for values in figures_of:
            json_line(values)
