"""The decisions of `review`: each is one event, and each can be undone."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import click

from whipcount.article import Contest, Kind, Sourcing, Span, Stand
from whipcount.cli.options import Command, day, one_of
from whipcount.cli.reviewer import Decider, decider_options, evidence_of, informed_options, tell
from whipcount.errors import ReviewError
from whipcount.ledger import Evidence, Ledger
from whipcount.ledger.events import Action
from whipcount.review import quoted

_copies = click.option(
    "--copies", is_flag=True, help="The same on all copies of the report that say the same of the same pair."
)


def _choice(values: type[Stand] | type[Sourcing] | type[Kind] | type[Contest]) -> click.Choice[str]:
    return click.Choice([one.value for one in values])


# What a position says, to be corrected or to be entered.
_endorser = partial(click.option, "--endorser", metavar="NAME", help="Whose position it is: a name or an id.")
_endorsee = partial(
    click.option, "--endorsee", metavar="NAME", help="The candidate or measure: a name or an id."
)
_position = partial(click.option, "--position", type=_choice(Stand), help="Where the endorser stands.")
_sourcing = partial(
    click.option, "--sourcing", type=_choice(Sourcing), show_default=True, help="How the article knows."
)
_endorser_kind = partial(
    click.option, "--endorser-kind", type=_choice(Kind), show_default=True, help="What sort of endorser."
)
_contest = partial(
    click.option,
    "--contest",
    type=_choice(Contest),
    show_default=True,
    help="The election that the article covers, or an earlier one.",
)


def _place_options(command: Command) -> Command:
    """`--span`, `--quote` and `--asks`: what the article says, and where."""
    for option in (
        click.option(
            "--asks",
            metavar="TEXT",
            multiple=True,
            help="What the endorser asks for, in the article's words; may be given several times.",
        ),
        click.option(
            "--quote",
            metavar="TEXT",
            help="Where the article says so, by its words, which must be there once.",
        ),
        click.option(
            "--span",
            type=int,
            nargs=2,
            metavar="START END",
            help="Where the article says so, in code points.",
        ),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("evidence_id", metavar="ID")
@informed_options
@_copies
def accept(decider: Decider, *, evidence_id: str, copies: bool) -> None:
    """The evidence is right as it stands: its confidence is 1 from now on.

    \b
    Examples:
      whipcount review accept a_4f0c2b7d9e1a35680cd2417b.e0
      whipcount review accept a_4f0c2b7d9e1a35680cd2417b.e0 --copies --seen 0
    """  # noqa: D301
    _verdict(decider, Action.ACCEPT, evidence_id, copies=copies)


@click.command()
@click.argument("evidence_id", metavar="ID")
@informed_options
@_copies
def reject(decider: Decider, *, evidence_id: str, copies: bool) -> None:
    """It is no position, or not this one: it no longer counts, and `show` says so.

    \b
    Examples:
      whipcount review reject a_4f0c2b7d9e1a35680cd2417b.e0 --reason "praise, no endorsement"
      whipcount review reject a_4f0c2b7d9e1a35680cd2417b.e0 --copies
    """  # noqa: D301
    _verdict(decider, Action.REJECT, evidence_id, copies=copies)


def _verdict(decider: Decider, action: Action, evidence_id: str, *, copies: bool) -> None:
    ledger = decider.ledger
    also = _copies_of(ledger, evidence_of(ledger, evidence_id)) if copies else []
    decider.record(action, evidence_id, {})
    for one in also:
        replace(decider, seen=None).record(action, one.id, {})


def _copies_of(ledger: Ledger, one: Evidence) -> list[Evidence]:
    """Evidence of the same story that says the same, and on which nobody has decided."""
    return [
        other
        for other in ledger.evidence(about=[one.endorser.id])
        if other.id != one.id
        and other.article.story == one.article.story
        and (other.endorsee, other.contest, other.position) == (one.endorsee, one.contest, one.position)
        and other.verdict is None
    ]


@click.command()
@click.argument("evidence_id", metavar="ID")
@informed_options
@_position()
@_sourcing()
@_endorser()
@_endorser_kind()
@_endorsee()
@_contest()
@click.option("--contest-id", metavar="ID", help="Which contest; an empty text: unknown.")
@click.option(
    "--via", metavar="OUTLET", help="The outlet it was said to or is credited with; an empty text: none."
)
@click.option("--said-on", metavar="DATE", help="The day it was said; an empty text: unknown.")
@_place_options
@click.option("--asks-nothing", is_flag=True, help="The endorser asks for nothing.")
def correct(
    decider: Decider, *, evidence_id: str, span: tuple[int, int] | None, quote: str | None, asks: tuple[str, ...],
    asks_nothing: bool, **fields: str | None,
) -> None:  # fmt: skip
    """Put other values in the place of what was read; that stays beside them.

    \b
    Examples:
      whipcount review correct a_4f0c2b7d9e1a35680cd2417b.e0 --position withholding
      whipcount review correct a_4f0c2b7d9e1a35680cd2417b.e0 --endorser "Ada Brook" --quote "has yet to endorse"
      whipcount review correct a_4f0c2b7d9e1a35680cd2417b.e0 --via "" --asks "a plan for the ferry"
    """  # noqa: D301
    data: dict[str, Any] = {name: value for name, value in fields.items() if value is not None}
    for name in ("contest_id", "via", "said_on"):
        if data.get(name) == "":
            data[name] = None
    one = evidence_of(decider.ledger, evidence_id)
    text = decider.ledger.article(one.article.id).text
    if where := _place(text, span, quote):
        data["span"] = list(where)
    if asks or asks_nothing:
        data["conditions"] = [list(quoted(text, words)) for words in asks]
    for name in ("endorser", "endorsee"):
        if name in data:
            data[name] = _whose(decider, data[name])
    decider.record(Action.CORRECT, evidence_id, data)


def _place(text: str, span: tuple[int, int] | None, quote: str | None) -> Span | None:
    if span and quote:
        raise ReviewError("give --span or --quote, not both")
    if span:
        return Span(*span)
    return quoted(text, quote) if quote else None


def _whose(decider: Decider, name: str) -> str:
    """The id of somebody by id or full name; one whom the ledger does not know becomes known."""
    exact = [one for one in decider.ledger.find(name) if name in {one.id, one.name}]
    return one_of(exact, name).id if exact else decider.reviews.identity(name)


@click.command("add")
@click.argument("article_id", metavar="ARTICLE")
@decider_options
@_endorser(required=True)
@_endorsee(required=True)
@_position(required=True)
@_sourcing(default=Sourcing.NARRATION.value)
@_endorser_kind(default=Kind.PERSON.value)
@_contest(default=Contest.CURRENT.value)
@click.option("--via", metavar="OUTLET", help="The outlet it was said to or is credited with.")
@click.option("--said-on", type=day, metavar="DATE", help="The day it was said.")
@_place_options
def add(
    decider: Decider, *, article_id: str, endorser: str, endorsee: str, position: str, sourcing: str, endorser_kind: str,
    contest: str, via: str | None, said_on: dt.date | None, span: tuple[int, int] | None, quote: str | None,
    asks: tuple[str, ...],
) -> None:  # fmt: skip
    """Enter a position that the program missed, with where the ARTICLE of that id says so.

    \b
    Examples:
      whipcount review add a_4f0c2b7d9e1a35680cd2417b --endorser "Bo Quill" --endorsee "Cy Dunmore" \\
        --position endorsed --quote "Quill is with Dunmore"
    """  # noqa: D301
    text = decider.ledger.article(article_id).text
    where = _place(text, span, quote)
    if where is None:
        raise ReviewError("say where the article says so, with --quote or --span")
    event = decider.reviews.add(
        article_id,
        decider.name,
        endorser=_whose(decider, endorser),
        endorsee=_whose(decider, endorsee),
        position=Stand(position),
        sourcing=Sourcing(sourcing),
        span=where,
        endorser_kind=Kind(endorser_kind),
        contest=Contest(contest),
        via=via,
        conditions=[quoted(text, words) for words in asks],
        said_on=said_on,
    )
    tell(event)


@click.command()
@click.argument("one")
@click.argument("into")
@informed_options
def merge(decider: Decider, *, one: str, into: str) -> None:
    """ONE is the same person or organization as INTO, and goes on under its name. Both are names or ids.

    \b
    Examples:
      whipcount review merge "A. Brook" "Ada Brook"
      whipcount review merge p_4f0c2b7d9e1a3568 p_80cd2417b5a6e9f1 --reason "married in May"
    """  # noqa: D301
    find = decider.ledger.find
    data = {"into": one_of(find(into), into).id}
    decider.record(Action.MERGE, one_of(find(one), one).id, data)


@click.command()
@click.argument("one")
@informed_options
@click.option(
    "--evidence",
    "evidence",
    metavar="ID",
    multiple=True,
    required=True,
    help="What is somebody else's; may be given several times.",
)
@click.option(
    "--to",
    metavar="NAME",
    required=True,
    help="Whose it is: a name or an id; a name nobody has makes somebody new.",
)
def split(decider: Decider, *, one: str, evidence: Sequence[str], to: str) -> None:
    """Of the evidence of ONE, give some to somebody else.

    \b
    Examples:
      whipcount review split "Brook" --evidence a_4f0c2b7d9e1a35680cd2417b.e0 --to "Cal Brook"
    """  # noqa: D301
    subject = one_of(decider.ledger.find(one), one).id
    data = {"evidence": list(evidence), "to": _whose(decider, to)}
    decider.record(Action.SPLIT, subject, data)


@click.command()
@click.argument("evidence_id", metavar="ID")
@informed_options
@click.option(
    "--over",
    metavar="ID",
    multiple=True,
    required=True,
    help="A report that does not hold; may be given several times.",
)
def prevail(decider: Decider, *, evidence_id: str, over: Sequence[str]) -> None:
    """Of reports that can't all hold, this one does; the others are set aside.

    \b
    Examples:
      whipcount review prevail a_4f0c2b7d9e1a35680cd2417b.e0 --over a_80cd2417b4f0c2b7d9e1a356.e2
    """  # noqa: D301
    decider.record(Action.PREVAIL, evidence_id, {"over": list(over)})


@click.command()
@click.argument("subject")
@click.argument("text")
@decider_options
@click.option("--request", is_flag=True, help="It asks for a correction, and joins the queue.")
@click.option(
    "--answers",
    type=click.IntRange(1),
    metavar="NUMBER",
    help="The request that it answers, which leaves the queue.",
)
def note(decider: Decider, *, subject: str, text: str, request: bool, answers: int | None) -> None:
    """Leave a remark on SUBJECT: the id of evidence, of an identity or of an article.

    \b
    Examples:
      whipcount review note a_4f0c2b7d9e1a35680cd2417b.e0 "asked the mayor's office"
      whipcount review note a_4f0c2b7d9e1a35680cd2417b.e0 "She said so on air." --answers 12
    """  # noqa: D301
    decider.record(Action.NOTE, subject, {"text": text, "request": request, "answers": answers})


@click.command()
@click.argument("number", type=click.IntRange(1))
@decider_options
def undo(decider: Decider, *, number: int) -> None:
    """Take the event of that NUMBER back, whoever's it was; an undoing can be undone too.

    \b
    Examples:
      whipcount review undo 12
    """  # noqa: D301
    tell(decider.reviews.undo(number, decider.name))


COMMANDS = (accept, reject, correct, add, merge, split, prevail, note, undo)
"""In the order in which help lists them."""
