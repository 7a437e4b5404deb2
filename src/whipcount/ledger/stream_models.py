"""The tables of the stream of changes: what is still to be looked at, what moved, and who is told by webhook.

`notes`, `changes` and `change_passes` are only ever added to. Webhooks and deliveries are operational.
"""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from whipcount.ledger.models import Base

_NUMBER = BigInteger().with_variant(Integer, "sqlite")


class NoteRow(Base):
    """Something was added that standings may rest on; triggers of the store write it, whoever adds."""

    __tablename__ = "notes"
    __table_args__ = (Index(None, "what", "subject"),)

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    what: Mapped[str] = mapped_column(String(20))
    """The table: evidence, supersessions, story_joins, events or assignments."""
    subject: Mapped[str] = mapped_column(String(96))
    """The id of the evidence, the article or the story, the number of the event or the assignment."""
    article_id: Mapped[str | None] = mapped_column(String(40))
    """The article that brought it, where the row says so."""
    at: Mapped[dt.datetime]


class ChangeRow(Base):
    """The ledger learned that a standing is another."""

    __tablename__ = "changes"
    __table_args__ = (Index(None, "endorser_id"), Index(None, "endorsee_id"), Index(None, "at"))

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    at: Mapped[dt.datetime]
    """When the ledger learned it."""
    endorser_id: Mapped[str] = mapped_column(String(40))
    endorser_name: Mapped[str] = mapped_column(Text)
    endorser_kind: Mapped[str] = mapped_column(String(20))
    endorsee_id: Mapped[str] = mapped_column(String(40))
    endorsee_name: Mapped[str] = mapped_column(Text)
    contest: Mapped[str] = mapped_column(String(20))
    contest_id: Mapped[str | None] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    old: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    new: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    cause: Mapped[dict[str, Any]] = mapped_column(JSON)
    """{"kind": "article", "event" or "assignment", "id"}"""


class ChangePassRow(Base):
    """The notes until a number have been looked at."""

    __tablename__ = "change_passes"

    note: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime]


class WebhookRow(Base):
    """Somebody who is told of changes. Its secret is stored nowhere: see `publish.signing`."""

    __tablename__ = "webhooks"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    filters: Mapped[dict[str, Any]] = mapped_column(JSON)
    """`changes.Wanted` as JSON: which changes."""
    key_check: Mapped[str] = mapped_column(String(16))
    """Tells whether the key that the secret is made of is still the same."""
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[dt.datetime]
    removed_at: Mapped[dt.datetime | None]
    why_removed: Mapped[str | None] = mapped_column(Text)


class DeliveryRow(Base):
    """A change on its way to a webhook."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (UniqueConstraint("webhook_id", "change"), Index(None, "state", "due_at"))

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhooks.id"))
    change: Mapped[int] = mapped_column(_NUMBER, ForeignKey("changes.number"))
    state: Mapped[str] = mapped_column(String(20))
    """due, delivered or failed"""
    tries: Mapped[int] = mapped_column(Integer)
    due_at: Mapped[dt.datetime]
    """When it is tried next; in the future while a process is at it."""
    added_at: Mapped[dt.datetime]
    tried_at: Mapped[dt.datetime | None]
    status: Mapped[int | None] = mapped_column(Integer)
    """What the receiver answered last."""
    error: Mapped[str | None] = mapped_column(Text)


STREAM_TABLES = ("notes", "changes", "change_passes", "webhooks", "webhook_deliveries")
