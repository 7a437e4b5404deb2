"""What the commands of `review` share: who decides, and on what."""

import getpass
from collections.abc import Callable
from typing import Any, TypeVar

import click

from whipcount.errors import ReviewError
from whipcount.ledger import Evidence, Ledger
from whipcount.ledger.review_reads import ReviewReads
from whipcount.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


def by_option(command: Command) -> Command:
    """`--by`."""
    return click.option(
        "--by",
        metavar="NAME",
        help="Who you are. Default: WHIPCOUNT_REVIEWER, else the name you are logged in with.",
    )(command)


def seen_option(command: Command) -> Command:
    """`--seen`."""
    return click.option(
        "--seen",
        type=click.IntRange(0),
        metavar="NUMBER",
        help="The last event on it that you know of, as the queue gives it; where another came since, nothing is kept.",
    )(command)


def reason_option(command: Command) -> Command:
    """`--reason`."""
    return click.option("--reason", metavar="TEXT", help="Why, for whoever reads it later.")(command)


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
