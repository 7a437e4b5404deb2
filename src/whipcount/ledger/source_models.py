"""The tables of gathering: what is followed and how far it has come.

Unlike evidence these rows say where the work stands, so they are updated as it goes on.
"""

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from whipcount.ledger.models import Base


class SourceRow(Base):
    """A feed or sitemap that is followed, or was."""

    __tablename__ = "sources"

    url: Mapped[str] = mapped_column(Text, primary_key=True)
    parent: Mapped[str | None] = mapped_column(ForeignKey("sources.url"), index=True)
    """The index of sitemaps that names it; None for what the user lists."""
    kind: Mapped[str | None] = mapped_column(String(12))
    outlet: Mapped[str | None] = mapped_column(Text)
    every: Mapped[float | None] = mapped_column(Float)
    """Minutes, where the user sets them."""
    listed: Mapped[bool] = mapped_column(Boolean)
    """False since the user, or the index, no longer names it."""
    interval: Mapped[float | None] = mapped_column(Float)
    """Minutes between the latest visit and the next, before jitter."""
    next_at: Mapped[dt.datetime] = mapped_column(index=True)
    digest: Mapped[str | None] = mapped_column(String(64))
    """Of the last answer whose entries are all in `pages`."""
    broken: Mapped[int] = mapped_column(Integer)
    """Entries of that answer which could not be used."""
    failures: Mapped[int] = mapped_column(Integer)
    """In a row."""
    gone: Mapped[bool] = mapped_column(Boolean)
    """The server says that it is no more: tried rarely."""
    last_success: Mapped[dt.datetime | None]
    last_new: Mapped[dt.datetime | None]
    """The latest visit that found a page not yet known."""
    last_error_at: Mapped[dt.datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    added_at: Mapped[dt.datetime]


class PageRow(Base):
    """A page that a source named."""

    __tablename__ = "pages"
    __table_args__ = (
        Index(None, "state", "next_at"),
        Index(None, "source", "found_at"),
    )

    url: Mapped[str] = mapped_column(Text, primary_key=True)
    """Normalized."""
    asked: Mapped[str] = mapped_column(Text)
    """As the source gives it."""
    host: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(ForeignKey("sources.url"))
    """The first listed source that named it."""
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    """due, fetched, read, empty (holds no article) or failed."""
    found_at: Mapped[dt.datetime]
    next_at: Mapped[dt.datetime]
    """Not to be fetched before."""
    tries: Mapped[int] = mapped_column(Integer)
    """Failed ones since it was last due."""
    fed_day: Mapped[dt.date | None] = mapped_column(Date)
    fed_precision: Mapped[str | None] = mapped_column(String(12))
    fed_at: Mapped[dt.datetime | None]
    updated: Mapped[dt.datetime | None]
    """The latest change that a source told of."""
    again: Mapped[int] = mapped_column(Integer)
    """How often it was fetched anew for such a change."""
    final: Mapped[str | None] = mapped_column(Text, index=True)
    """Where its redirects ended, normalized."""
    headers: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What was fetched and is still to be read, compressed."""
    digest: Mapped[str | None] = mapped_column(String(64))
    """Of the body that was read last."""
    article_id: Mapped[str | None] = mapped_column(ForeignKey("articles.id"))
    dated: Mapped[bool | None] = mapped_column(Boolean)
    cut_off: Mapped[bool | None] = mapped_column(Boolean)
    error: Mapped[str | None] = mapped_column(Text)


SOURCE_TABLES = ("sources", "pages")
