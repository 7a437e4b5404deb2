"""Webhooks and deliveries as tables for people."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from whipcount.ledger.hooks import Delivery, Webhook


def show_webhooks(console: Console, webhooks: Sequence[Webhook]) -> None:
    """Who is told of what."""
    table = Table(box=None, pad_edge=False)
    for name in ("id", "url", "label", "wants", "added"):
        table.add_column(name)
    for one in webhooks:
        wants = " ".join(f"{key}={value}" for key, value in one.wanted.to_json().items()) or "everything"
        gone = f"removed {one.removed_at:%Y-%m-%d}: {one.why_removed}" if one.removed_at else wants
        table.add_row(one.id, Text(one.url), Text(one.label), Text(gone), f"{one.added_at:%Y-%m-%d}")
    console.print(table)


def show_deliveries(console: Console, deliveries: Sequence[Delivery]) -> None:
    """What became of each."""
    table = Table(box=None, pad_edge=False)
    for name in ("number", "webhook", "change", "state", "tries", "next or last try", "why"):
        table.add_column(name)
    for one in deliveries:
        moment = one.due_at if one.state == "due" else one.tried_at
        table.add_row(
            str(one.number), one.webhook_id, str(one.change), one.state, str(one.tries),
            f"{moment:%Y-%m-%d %H:%M}" if moment else "", Text(one.error or ""),
        )  # fmt: skip
    console.print(table)
