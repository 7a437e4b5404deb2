"""What the commands of `review` share: who decides, and on what."""

import getpass
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

import click

from whipcount.cli.options import Command, db_option, open_ledger
from whipcount.errors import ReviewError
from whipcount.ledger import Evidence, Ledger
from whipcount.ledger.events import Action, Event
from whipcount.ledger.review_reads import ReviewReads
from whipcount.ledger.reviews import Reviews
from whipcount.settings import Settings
from whipcount.show_review import event_words


def by_option(command: Command) -> Command:
    """`--by`."""
    return click.option(
        "--by",
        metavar="NAME",
        help="Who you are. Default: WHIPCOUNT_REVIEWER, else the name you are logged in with.",
    )(command)


def reviewer(by: str | None) -> str:
    """Who decides: the option, else the setting, else the login name."""
    if name := by or Settings.load().reviewer:
        return name
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise ReviewError("nobody is logged in: say who you are with --by") from None


def evidence_of(ledger: Ledger, evidence_id: str) -> Evidence:
    """The piece of evidence with an id."""
    row = ReviewReads(ledger.engine).rows([evidence_id]).get(evidence_id)
    if row is None:
        raise ReviewError(f"the ledger has no evidence {evidence_id}")
    decided = ledger.decided()
    corrected = decided.corrections.get(evidence_id, {})
    whose = decided.identity(evidence_id, corrected.get("endorser", row.endorser_id))
    return next(one for one in ledger.evidence(about=[whose]) if one.id == evidence_id)


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides, on what they know, in an open ledger."""

    ledger: Ledger
    by: str | None
    seen: int | None = None
    reason: str | None = None

    @property
    def reviews(self) -> Reviews:
        """What was decided so far."""
        return Reviews(self.ledger.engine)

    @property
    def name(self) -> str:
        """Under which decisions are kept."""
        return reviewer(self.by)

    def record(self, action: Action, subject: str, data: Mapping[str, Any]) -> None:
        """Keep a decision with its reason, and say so."""
        given = {**data, "reason": self.reason}
        tell(self.reviews.record(action, subject, self.name, given, seen=self.seen))


def tell(event: Event) -> None:
    """Say what was kept."""
    click.echo(f"{event_words(event)}  on {event.subject}")


def decider_options(command: Callable[..., None]) -> Callable[..., None]:
    """`--db` and `--by`: the command gets a `Decider`."""

    @wraps(command)
    def run(
        *, db: str | None, by: str | None, seen: int | None = None, reason: str | None = None, **given: Any
    ) -> None:
        with open_ledger(db) as ledger:
            command(Decider(ledger, by, seen, reason), **given)

    return db_option(by_option(run))


def informed_options(command: Callable[..., None]) -> Callable[..., None]:
    """`--db`, `--by`, `--seen` and `--reason`: the command gets a `Decider` who has them all."""
    for option in (
        click.option("--reason", metavar="TEXT", help="Why, for whoever reads it later."),
        click.option(
            "--seen",
            type=click.IntRange(0),
            metavar="NUMBER",
            help="The last event on it that you know of, as the queue gives it; where another came since, nothing is kept.",
        ),
    ):
        command = option(command)
    return decider_options(command)
