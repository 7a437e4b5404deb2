"""The tables of what a desk decides and knows: events, contests, who stands in them. Only ever added to."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from whipcount.ledger.models import Base

_NUMBER = BigInteger().with_variant(Integer, "sqlite")


class EventRow(Base):
    """One decision of somebody about a subject, or the undoing of one."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "subject"), Index(None, "at"))

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    at: Mapped[dt.datetime]
    by: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(96))
    """The id of the evidence or the identity that it is about."""
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    undoes: Mapped[int | None] = mapped_column(_NUMBER, ForeignKey("events.number"), index=True)
    key: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Given by who sends it, so that the same decision sent twice is kept once."""


class ContestRow(Base):
    """An election or a vote; a later row of the same contest takes the place of an earlier one."""

    __tablename__ = "contests"

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    contest_id: Mapped[str] = mapped_column(String(40), index=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20))
    """office, measure or vote"""
    office: Mapped[str | None] = mapped_column(Text)
    jurisdiction: Mapped[str | None] = mapped_column(Text)
    stage: Mapped[str | None] = mapped_column(String(20))
    opens: Mapped[dt.date | None] = mapped_column(Date)
    """The first day from which reports are taken to be about it."""
    election_day: Mapped[dt.date | None] = mapped_column(Date)
    added_at: Mapped[dt.datetime]


class CandidacyRow(Base):
    """Who or what stands in a contest, from when to when; a later row takes the place of an earlier one."""

    __tablename__ = "candidacies"
    __table_args__ = (Index(None, "contest_id", "identity_id"),)

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    contest_id: Mapped[str] = mapped_column(String(40))
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), index=True)
    party: Mapped[str | None] = mapped_column(Text)
    entered: Mapped[dt.date | None] = mapped_column(Date)
    left: Mapped[dt.date | None] = mapped_column(Date)
    withdrawn: Mapped[bool]
    """True where it was entered by mistake: as if it had never been."""
    added_at: Mapped[dt.datetime]


class AssignmentRow(Base):
    """Which contest a piece of evidence is about; the latest row counts, and one without a contest means unknown."""

    __tablename__ = "assignments"
    __table_args__ = (Index(None, "contest_id", "evidence_id"),)

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"), index=True)
    contest_id: Mapped[str | None] = mapped_column(String(40))
    added_at: Mapped[dt.datetime]


DESK_TABLES = ("events", "contests", "candidacies", "assignments")
