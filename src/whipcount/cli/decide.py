"""The decisions of `review`: each is one event, and each can be undone."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import click

from whipcount.article import Contest, Kind, Sourcing, Span, Stand
from whipcount.cli.options import day, db_option, one_of, open_ledger
from whipcount.cli.reviewer import by_option, evidence_of, reason_option, reviewer, seen_option
from whipcount.errors import ReviewError
from whipcount.ledger import Evidence, Ledger
from whipcount.ledger.events import Action, Event
from whipcount.ledger.reviews import Reviews
from whipcount.review import quoted
from whipcount.show_review import event_words

_copies = click.option(
    "--copies", is_flag=True, help="The same on all copies of the report that say the same of the same pair."
)


def _tell(event: Event) -> None:
    click.echo(f"{event_words(event)}  on {event.subject}")


def _verdict(
    action: Action,
    evidence_id: str,
    data: Mapping[str, Any],
    *,
    db: str | None,
    by: str | None,
    seen: int | None,
    copies: bool,
) -> None:
    with open_ledger(db) as ledger:
        reviews = Reviews(ledger.engine)
        also = _copies_of(ledger, evidence_of(ledger, evidence_id)) if copies else []
        _tell(reviews.record(action, evidence_id, reviewer(by), data, seen=seen))
        for one in also:
            _tell(reviews.record(action, one.id, reviewer(by), data))


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
@db_option
@by_option
@seen_option
@reason_option
@_copies
def accept(
    *,
    evidence_id: str,
    db: str | None,
    by: str | None,
    seen: int | None,
    reason: str | None,
    copies: bool,
) -> None:
    """The evidence is right as it stands: its confidence is 1 from now on.

    \b
    Examples:
      whipcount review accept a_4f0c2b7d9e1a35680cd2417b.e0
      whipcount review accept a_4f0c2b7d9e1a35680cd2417b.e0 --copies --seen 0
    """  # noqa: D301
    _verdict(Action.ACCEPT, evidence_id, {"reason": reason}, db=db, by=by, seen=seen, copies=copies)


@click.command()
@click.argument("evidence_id", metavar="ID")
@db_option
@by_option
@seen_option
@reason_option
@_copies
def reject(
    *,
    evidence_id: str,
    db: str | None,
    by: str | None,
    seen: int | None,
    reason: str | None,
    copies: bool,
) -> None:
    """It is no position, or not this one: it no longer counts, and `show` says so.

    \b
    Examples:
      whipcount review reject a_4f0c2b7d9e1a35680cd2417b.e0 --reason "praise, no endorsement"
      whipcount review reject a_4f0c2b7d9e1a35680cd2417b.e0 --copies
    """  # noqa: D301
    _verdict(Action.REJECT, evidence_id, {"reason": reason}, db=db, by=by, seen=seen, copies=copies)


def _choice(values: type[Stand] | type[Sourcing] | type[Kind] | type[Contest]) -> click.Choice[str]:
    return click.Choice([one.value for one in values])


@click.command()
@click.argument("evidence_id", metavar="ID")
@db_option
@by_option
@seen_option
@reason_option
@click.option("--position", type=_choice(Stand), help="Where the endorser stands.")
@click.option("--sourcing", type=_choice(Sourcing), help="How the article knows.")
@click.option("--endorser", metavar="NAME", help="Whose position it is: a name or an id.")
@click.option("--endorser-kind", type=_choice(Kind), help="What sort of endorser.")
@click.option("--endorsee", metavar="NAME", help="The candidate or measure: a name or an id.")
@click.option(
    "--contest", type=_choice(Contest), help="The election that the article covers, or an earlier one."
)
@click.option("--contest-id", metavar="ID", help="Which contest; an empty text: unknown.")
@click.option(
    "--via", metavar="OUTLET", help="The outlet it was said to or is credited with; an empty text: none."
)
@click.option("--said-on", metavar="DATE", help="The day it was said; an empty text: unknown.")
@click.option(
    "--span", type=int, nargs=2, metavar="START END", help="Where the article says so, in code points."
)
@click.option(
    "--quote", metavar="TEXT", help="Where the article says so, by its words, which must be there once."
)
@click.option(
    "--asks",
    "asks",
    metavar="TEXT",
    multiple=True,
    help="What the endorser asks for, in the article's words; may be given several times.",
)
@click.option("--asks-nothing", is_flag=True, help="The endorser asks for nothing.")
def correct(
    *, evidence_id: str, db: str | None, by: str | None, seen: int | None, span: tuple[int, int] | None, quote: str | None,
    asks: tuple[str, ...], asks_nothing: bool, **fields: str | None,
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
    with open_ledger(db) as ledger:
        one = evidence_of(ledger, evidence_id)
        text = ledger.article(one.article.id).text
        reviews = Reviews(ledger.engine)
        if where := _place(text, span, quote):
            data["span"] = list(where)
        if asks or asks_nothing:
            data["conditions"] = [list(quoted(text, words)) for words in asks]
        for name in ("endorser", "endorsee"):
            if name in data:
                data[name] = _whose(ledger, reviews, data[name])
        _tell(reviews.record(Action.CORRECT, evidence_id, reviewer(by), data, seen=seen))


def _place(text: str, span: tuple[int, int] | None, quote: str | None) -> Span | None:
    if span and quote:
        raise ReviewError("give --span or --quote, not both")
    if span:
        return Span(*span)
    return quoted(text, quote) if quote else None


def _whose(ledger: Ledger, reviews: Reviews, name: str) -> str:
    """The id of somebody by id or full name; one whom the ledger does not know becomes known."""
    exact = [one for one in ledger.find(name) if name in {one.id, one.name}]
    return one_of(exact, name).id if exact else reviews.identity(name)


@click.command("add")
@click.argument("article_id", metavar="ARTICLE")
@db_option
@by_option
@click.option("--endorser", metavar="NAME", required=True, help="Whose position it is: a name or an id.")
@click.option("--endorsee", metavar="NAME", required=True, help="The candidate or measure: a name or an id.")
@click.option("--position", type=_choice(Stand), required=True, help="Where the endorser stands.")
@click.option(
    "--sourcing",
    type=_choice(Sourcing),
    default=Sourcing.NARRATION.value,
    show_default=True,
    help="How the article knows.",
)
@click.option(
    "--endorser-kind",
    type=_choice(Kind),
    default=Kind.PERSON.value,
    show_default=True,
    help="What sort of endorser.",
)
@click.option(
    "--contest",
    type=_choice(Contest),
    default=Contest.CURRENT.value,
    show_default=True,
    help="The election that the article covers, or an earlier one.",
)
@click.option("--via", metavar="OUTLET", help="The outlet it was said to or is credited with.")
@click.option("--said-on", type=day, metavar="DATE", help="The day it was said.")
@click.option(
    "--span", type=int, nargs=2, metavar="START END", help="Where the article says so, in code points."
)
@click.option(
    "--quote", metavar="TEXT", help="Where the article says so, by its words, which must be there once."
)
@click.option(
    "--asks",
    "asks",
    metavar="TEXT",
    multiple=True,
    help="What the endorser asks for, in the article's words; may be given several times.",
)
def add(
    *, article_id: str, db: str | None, by: str | None, endorser: str, endorsee: str, position: str, sourcing: str,
    endorser_kind: str, contest: str, via: str | None, said_on: dt.date | None, span: tuple[int, int] | None,
    quote: str | None, asks: tuple[str, ...],
) -> None:  # fmt: skip
    """Enter a position that the program missed, with where the ARTICLE of that id says so.

    \b
    Examples:
      whipcount review add a_4f0c2b7d9e1a35680cd2417b --endorser "Bo Quill" --endorsee "Cy Dunmore" \\
        --position endorsed --quote "Quill is with Dunmore"
    """  # noqa: D301
    with open_ledger(db) as ledger:
        text = ledger.article(article_id).text
        where = _place(text, span, quote)
        if where is None:
            raise ReviewError("say where the article says so, with --quote or --span")
        reviews = Reviews(ledger.engine)
        event = reviews.add(
            article_id,
            reviewer(by),
            endorser=_whose(ledger, reviews, endorser),
            endorsee=_whose(ledger, reviews, endorsee),
            position=Stand(position),
            sourcing=Sourcing(sourcing),
            span=where,
            endorser_kind=Kind(endorser_kind),
            contest=Contest(contest),
            via=via,
            conditions=[quoted(text, words) for words in asks],
            said_on=said_on,
        )
        _tell(event)


@click.command()
@click.argument("one")
@click.argument("into")
@db_option
@by_option
@seen_option
@reason_option
def merge(
    *, one: str, into: str, db: str | None, by: str | None, seen: int | None, reason: str | None
) -> None:
    """ONE is the same person or organization as INTO, and goes on under its name. Both are names or ids.

    \b
    Examples:
      whipcount review merge "A. Brook" "Ada Brook"
      whipcount review merge p_4f0c2b7d9e1a3568 p_80cd2417b5a6e9f1 --reason "married in May"
    """  # noqa: D301
    with open_ledger(db) as ledger:
        data = {"into": one_of(ledger.find(into), into).id, "reason": reason}
        subject = one_of(ledger.find(one), one).id
        _tell(Reviews(ledger.engine).record(Action.MERGE, subject, reviewer(by), data, seen=seen))


@click.command()
@click.argument("one")
@db_option
@by_option
@seen_option
@reason_option
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
def split(
    *, one: str, db: str | None, by: str | None, seen: int | None, reason: str | None, evidence: Sequence[str], to: str
) -> None:  # fmt: skip
    """Of the evidence of ONE, give some to somebody else.

    \b
    Examples:
      whipcount review split "Brook" --evidence a_4f0c2b7d9e1a35680cd2417b.e0 --to "Cal Brook"
    """  # noqa: D301
    with open_ledger(db) as ledger:
        reviews = Reviews(ledger.engine)
        subject = one_of(ledger.find(one), one).id
        data = {"evidence": list(evidence), "to": _whose(ledger, reviews, to), "reason": reason}
        _tell(reviews.record(Action.SPLIT, subject, reviewer(by), data, seen=seen))


@click.command()
@click.argument("evidence_id", metavar="ID")
@db_option
@by_option
@seen_option
@reason_option
@click.option(
    "--over",
    metavar="ID",
    multiple=True,
    required=True,
    help="A report that does not hold; may be given several times.",
)
def prevail(
    *, evidence_id: str, db: str | None, by: str | None, seen: int | None, reason: str | None, over: Sequence[str]
) -> None:  # fmt: skip
    """Of reports that can't all hold, this one does; the others are set aside.

    \b
    Examples:
      whipcount review prevail a_4f0c2b7d9e1a35680cd2417b.e0 --over a_80cd2417b4f0c2b7d9e1a356.e2
    """  # noqa: D301
    with open_ledger(db) as ledger:
        data = {"over": list(over), "reason": reason}
        _tell(Reviews(ledger.engine).record(Action.PREVAIL, evidence_id, reviewer(by), data, seen=seen))


@click.command()
@click.argument("subject")
@click.argument("text")
@db_option
@by_option
@click.option("--request", is_flag=True, help="It asks for a correction, and joins the queue.")
@click.option(
    "--answers",
    type=click.IntRange(1),
    metavar="NUMBER",
    help="The request that it answers, which leaves the queue.",
)
def note(
    *, subject: str, text: str, db: str | None, by: str | None, request: bool, answers: int | None
) -> None:  # fmt: skip
    """Leave a remark on SUBJECT: the id of evidence, of an identity or of an article.

    \b
    Examples:
      whipcount review note a_4f0c2b7d9e1a35680cd2417b.e0 "asked the mayor's office"
      whipcount review note a_4f0c2b7d9e1a35680cd2417b.e0 "She said so on air." --answers 12
    """  # noqa: D301
    with open_ledger(db) as ledger:
        data = {"text": text, "request": request, "answers": answers}
        _tell(Reviews(ledger.engine).record(Action.NOTE, subject, reviewer(by), data))


@click.command()
@click.argument("number", type=click.IntRange(1))
@db_option
@by_option
def undo(*, number: int, db: str | None, by: str | None) -> None:
    """Take the event of that NUMBER back, whoever's it was; an undoing can be undone too.

    \b
    Examples:
      whipcount review undo 12
    """  # noqa: D301
    with open_ledger(db) as ledger:
        _tell(Reviews(ledger.engine).undo(number, reviewer(by)))


COMMANDS = (accept, reject, correct, add, merge, split, prevail, note, undo)
"""In the order in which help lists them."""
