"""`webhook`: who is told of changes, and how that went."""

import getpass

import click

from whipcount.article import Contest
from whipcount.cli.options import db_option, format_option, listing, open_ledger
from whipcount.errors import WebhookError
from whipcount.ledger.hooks import STATES, Delivery, Webhook, Webhooks
from whipcount.ledger.stream import WantedChanges
from whipcount.publish.csv import Columns
from whipcount.publish.signing import Key, key_path
from whipcount.publish.webhooks import register
from whipcount.recorder import DETAIL, Recorder
from whipcount.settings import Settings
from whipcount.show import console
from whipcount.show_webhooks import show_deliveries, show_webhooks

_KINDS = ("first", "switch", "withdrawn", "lapsed", "correction", DETAIL)

WEBHOOK: Columns[Webhook] = {
    "id": lambda w: w.id,
    "url": lambda w: w.url,
    "label": lambda w: w.label,
    "filters": lambda w: " ".join(f"{k}={v}" for k, v in w.wanted.to_json().items()),
    "added_by": lambda w: w.added_by,
    "added_at": lambda w: w.added_at.isoformat(timespec="seconds"),
    "removed_at": lambda w: w.removed_at.isoformat(timespec="seconds") if w.removed_at else None,
    "why_removed": lambda w: w.why_removed,
}
DELIVERY: Columns[Delivery] = {
    "number": lambda d: d.number,
    "webhook": lambda d: d.webhook_id,
    "change": lambda d: d.change,
    "state": lambda d: d.state,
    "tries": lambda d: d.tries,
    "due_at": lambda d: d.due_at.isoformat(timespec="seconds"),
    "tried_at": lambda d: d.tried_at.isoformat(timespec="seconds") if d.tried_at else None,
    "status": lambda d: d.status,
    "error": lambda d: d.error,
}


@click.group()
def webhook() -> None:
    """Who is told of changes by webhook.

    `whipcount serve` sends the messages, signed by the Standard Webhooks scheme, again and again with longer waits
    for three days where they do not arrive.
    """


@webhook.command()
@click.argument("url")
@db_option
@click.option("--label", default="", help="What to call it in lists.")
@click.option(
    "--contest",
    type=click.Choice([one.value for one in Contest]),
    help="Only changes in contests of this kind.",
)
@click.option("--contest-id", metavar="ID", help="Only changes in this contest.")
@click.option("--endorser", metavar="ID", help="Only of this endorser.")
@click.option("--endorsee", metavar="ID", help="Only on this endorsee.")
@click.option("--kind", "kinds", type=click.Choice(_KINDS), multiple=True, help="Only changes of this kind.")
@click.option("--allow-private", is_flag=True, help="Let it lead into private networks, and by plain http.")
def add(
    *, url: str, db: str | None, label: str, contest: str | None, contest_id: str | None, endorser: str | None,
    endorsee: str | None, kinds: tuple[str, ...], allow_private: bool,
) -> None:  # fmt: skip
    """Tell URL of every change from now on.

    Prints the secret that its receiver checks signatures with: now, and never again. It follows from the key in
    WHIPCOUNT_KEY_FILE, which is made the first time and which `whipcount serve` must be able to read.

    \b
    Examples:
      whipcount webhook add https://desk.example/hook --label "The desk"
      whipcount webhook add https://desk.example/hook --kind switch --kind withdrawn
    """  # noqa: D301
    settings = Settings.load()
    key = Key.load(key_path(settings), make=True)
    wanted = WantedChanges(contest, contest_id, endorser, endorsee, kinds or None)
    with open_ledger(db, create=True) as ledger:
        Recorder(ledger.engine).catch_up()  # what was before is not from now on
        made, secret = register(
            Webhooks(ledger.engine), key, url, f"{getpass.getuser()} (command line)", label=label, wanted=wanted,
            allow_private=allow_private or settings.webhooks_private,
        )  # fmt: skip
    click.echo(f"{made.id}  {made.url}\nsecret: {secret}")


@webhook.command("list")
@db_option
@click.option("--removed", is_flag=True, help="Those that were removed as well.")
@format_option("table", "csv", "jsonl")
def list_(*, db: str | None, removed: bool, form: str) -> None:
    """All webhooks, the oldest first.

    \b
    Examples:
      whipcount webhook list
      whipcount webhook list --removed --format jsonl
    """  # noqa: D301
    with open_ledger(db) as ledger:
        found = Webhooks(ledger.engine).all(removed=removed)
    if form == "table":
        show_webhooks(console(), found)
    else:
        listing(form, found, WEBHOOK, lambda w: {name: value(w) for name, value in WEBHOOK.items()})


@webhook.command()
@click.argument("webhook_id", metavar="ID")
@db_option
def remove(*, webhook_id: str, db: str | None) -> None:
    """Tell a webhook nothing more.

    \b
    Examples:
      whipcount webhook remove wh_0a1b2c3d4e5f
    """  # noqa: D301
    with open_ledger(db) as ledger:
        Webhooks(ledger.engine).remove(webhook_id, f"removed by {getpass.getuser()} (command line)")


@webhook.command()
@click.argument("webhook_id", metavar="[ID]", required=False)
@db_option
@click.option("--state", type=click.Choice(STATES), help="Only those.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="The latest.")
@format_option("table", "csv", "jsonl")
def deliveries(*, webhook_id: str | None, db: str | None, state: str | None, limit: int, form: str) -> None:
    """What was sent, the latest first, and how the last try went.

    \b
    Examples:
      whipcount webhook deliveries --state failed
      whipcount webhook deliveries wh_0a1b2c3d4e5f --format csv
    """  # noqa: D301
    with open_ledger(db) as ledger:
        found = Webhooks(ledger.engine).deliveries(webhook_id, state=state, limit=limit)
    if form == "table":
        show_deliveries(console(), found)
    else:
        listing(form, found, DELIVERY, lambda d: {name: value(d) for name, value in DELIVERY.items()})


@webhook.command()
@click.argument("numbers", metavar="[NUMBER]...", type=click.IntRange(1), nargs=-1)
@db_option
@click.option("--failed", "webhook_id", metavar="ID", help="All that failed of this webhook.")
def replay(*, numbers: tuple[int, ...], db: str | None, webhook_id: str | None) -> None:
    """Deliver again, by the numbers that `whipcount webhook deliveries` shows.

    Messages bear the same ids as before, so that a receiver can tell that it has one already.

    \b
    Examples:
      whipcount webhook replay 17 18
      whipcount webhook replay --failed wh_0a1b2c3d4e5f
    """  # noqa: D301
    if bool(numbers) == (webhook_id is not None):
        raise click.UsageError("give either numbers or --failed")
    with open_ledger(db) as ledger:
        store = Webhooks(ledger.engine)
        if webhook_id is not None:
            store.get(webhook_id)
        count = store.replay(numbers, failed_of=webhook_id)
    if numbers and count < len(numbers):
        raise WebhookError(f"{len(numbers) - count} of them are no deliveries to an open webhook")
    click.echo(f"{count} due again; `whipcount serve` delivers them")
