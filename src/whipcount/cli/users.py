"""`user`: who may use the site, and by which passwords and tokens."""

import datetime as dt
import sys
from typing import TypeVar

import click
from rich.table import Table

from whipcount.cli.group import complain
from whipcount.cli.options import db_option, format_option, listing
from whipcount.errors import AccountError
from whipcount.publish.csv import Columns
from whipcount.settings import Settings
from whipcount.show import console, plain
from whipcount.web.accounts import SCOPES, SHORTEST, Accounts, Token, User
from whipcount.web.viewer import Role

T = TypeVar("T")
_ROLES = click.Choice([role.value for role in Role])

USERS: Columns[User] = {
    "name": lambda u: u.name,
    "role": lambda u: u.role.value,
    "email": lambda u: u.email,
    "logs_in_by": lambda u: "password" if u.has_password else "openid",
    "disabled": lambda u: "yes" if u.disabled else "no",
    "since": lambda u: u.created_at.date().isoformat(),
}

TOKENS: Columns[Token] = {
    "number": lambda t: t.id,
    "user": lambda t: t.user,
    "label": lambda t: t.label,
    "scopes": lambda t: " ".join(t.scopes),
    "since": lambda t: t.created_at.date().isoformat(),
    "until": lambda t: t.expires_at and t.expires_at.date().isoformat(),
    "revoked": lambda t: "yes" if t.revoked else "no",
}


@click.group()
def user() -> None:
    """Who may use the site.

    A reader reads where reading is private, a reviewer decides on what was read, an admin does both and all
    that is left. Without any account everybody may read, unless WHIPCOUNT_WEB_PRIVATE is set.
    """


def _password_option(command: click.decorators.FC) -> click.decorators.FC:
    return click.option(
        "--password-stdin",
        is_flag=True,
        help="Read the password from standard input. Without it, it is asked for.",
    )(command)


@user.command("add")
@click.argument("name")
@click.option(
    "--role", type=_ROLES, default=Role.READER.value, show_default=True, help="What the account may do."
)
@click.option(
    "--email", metavar="ADDRESS", help="By which an OpenID provider's account is known the first time."
)
@click.option("--openid", is_flag=True, help="No password: only the OpenID provider lets this account in.")
@_password_option
@db_option
def add(
    *, name: str, role: str, email: str | None, openid: bool, password_stdin: bool, db: str | None
) -> None:
    """Make an account.

    NAME is what its decisions are signed with. A password has at least 10 characters.

    \b
    Examples:
      whipcount user add "Ada Brook" --role reviewer
      whipcount user add bo --openid --email bo@desk.example
      pass show desk | whipcount user add cy --role admin --password-stdin
    """  # noqa: D301
    if openid and not email:
        raise click.UsageError("--openid needs --email")
    with _accounts(db, create=True) as accounts:
        made = accounts.add(
            name, Role(role), password=None if openid else _password(stdin=password_stdin), email=email
        )
    click.echo(f"{made.name} may log in as {made.role.value}")


@user.command("list")
@format_option("table", "csv", "jsonl")
@db_option
def list_(*, form: str, db: str | None) -> None:
    """All accounts.

    \b
    Examples:
      whipcount user list
      whipcount user list --format csv
    """  # noqa: D301
    with _accounts(db) as accounts:
        _show(form, accounts.users(), USERS)


@user.command("password")
@click.argument("name")
@_password_option
@db_option
def password(*, name: str, password_stdin: bool, db: str | None) -> None:
    """Set another password; wherever the account is logged in, it no longer is.

    \b
    Examples:
      whipcount user password "Ada Brook"
    """  # noqa: D301
    with _accounts(db) as accounts:
        accounts.set_password(name, _password(stdin=password_stdin))
    click.echo("done")


@user.command("role")
@click.argument("name")
@click.argument("role", type=_ROLES)
@db_option
def role_(*, name: str, role: str, db: str | None) -> None:
    """Let an account do more or less; wherever it is logged in, it no longer is.

    \b
    Examples:
      whipcount user role "Ada Brook" admin
    """  # noqa: D301
    with _accounts(db) as accounts:
        accounts.set_role(name, Role(role))
    click.echo("done")


@user.command("disable")
@click.argument("name")
@click.option("--undo", is_flag=True, help="Let it in again.")
@db_option
def disable(*, name: str, undo: bool, db: str | None) -> None:
    """Let nobody in by an account, nor by its tokens. What it decided stays, under its name.

    \b
    Examples:
      whipcount user disable "Ada Brook"
      whipcount user disable "Ada Brook" --undo
    """  # noqa: D301
    with _accounts(db) as accounts:
        accounts.disable(name, disabled=not undo)
    click.echo("done")


@user.command("token")
@click.argument("name")
@click.option("--label", required=True, help="What it is for, to tell it from others.")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(list(SCOPES)),
    multiple=True,
    default=["read"],
    show_default=True,
    help="What it may be used for, never more than its owner may; each includes those before it.",
)
@click.option(
    "--days",
    type=click.FloatRange(0, 36500, min_open=True),
    help="How long it is good. Default: until revoked.",
)
@db_option
def token(*, name: str, label: str, scopes: tuple[str, ...], days: float | None, db: str | None) -> None:
    """Make an API token for a program. It is shown once, on standard output, and kept as a hash only.

    \b
    Examples:
      whipcount user token "Ada Brook" --label "graphics desk"
      whipcount user token cy --label import --scope review --days 30
    """  # noqa: D301
    with _accounts(db) as accounts:
        lasting = None if days is None else dt.timedelta(days=days)
        secret, made = accounts.add_token(name, label, scopes, lasting)
    complain(f"token {made.id} for {made.user}; this is the only time it is shown")
    click.echo(secret)


@user.command("tokens")
@format_option("table", "csv", "jsonl")
@db_option
def tokens(*, form: str, db: str | None) -> None:
    """All API tokens, without their secrets.

    \b
    Examples:
      whipcount user tokens
    """  # noqa: D301
    with _accounts(db) as accounts:
        _show(form, accounts.tokens(), TOKENS)


@user.command("revoke")
@click.argument("number", type=int)
@db_option
def revoke(*, number: int, db: str | None) -> None:
    """Let nobody in by an API token any more. NUMBER is what `whipcount user tokens` shows.

    \b
    Examples:
      whipcount user revoke 3
    """  # noqa: D301
    with _accounts(db) as accounts:
        accounts.revoke_token(number)
    click.echo("done")


def _accounts(db: str | None, *, create: bool = False) -> Accounts:
    settings = Settings.load()
    return Accounts.open(db or settings.db, create=create, lock_wait=settings.lock_wait)


def _password(*, stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise AccountError("there is no terminal to ask for a password; use --password-stdin")
    found: str = click.prompt(
        f"Password (at least {SHORTEST} characters)", hide_input=True, confirmation_prompt=True
    )
    return found


def _show(form: str, items: list[T], columns: Columns[T]) -> None:
    if form != "table":
        listing(form, items, columns, lambda one: {name: value(one) for name, value in columns.items()})
        return
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for name in columns:
        table.add_column(name.replace("_", " "), overflow="fold")
    for one in items:
        table.add_row(
            *(plain(str(value(one) if value(one) is not None else "")) for value in columns.values())
        )
    console().print(table)
