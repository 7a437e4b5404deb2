"""The tables of the registry, and of names that were not resolved for sure. Only ever added to."""

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from whipcount.ledger.models import Base

_NUMBER = BigInteger().with_variant(Integer, "sqlite")


class RegistryEntryRow(Base):
    """A person or an organization."""

    __tablename__ = "registry_entries"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    added_at: Mapped[dt.datetime]


class RegistryVersionRow(Base):
    """What one source says of an entry; its latest version counts, and what other sources say stands beside it."""

    __tablename__ = "registry_versions"
    __table_args__ = (Index(None, "entry_id", "source"),)

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("registry_entries.id"))
    source: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    born: Mapped[dt.date | None] = mapped_column(Date)
    digest: Mapped[str] = mapped_column(String(64))
    """Of all that it says: an import of the same adds nothing."""
    added_at: Mapped[dt.datetime]


class RegistryNameRow(Base):
    """A name in a version."""

    __tablename__ = "registry_names"

    version: Mapped[int] = mapped_column(_NUMBER, ForeignKey("registry_versions.number"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(Integer, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    normal_name: Mapped[str] = mapped_column(Text, index=True)
    called: Mapped[str] = mapped_column(String(20))
    given: Mapped[str] = mapped_column(Text)
    surname: Mapped[str] = mapped_column(Text)
    suffix: Mapped[str] = mapped_column(String(20))


class RegistryIdRow(Base):
    """An id that others give, in a version."""

    __tablename__ = "registry_ids"
    __table_args__ = (Index(None, "scheme", "value"),)

    version: Mapped[int] = mapped_column(_NUMBER, ForeignKey("registry_versions.number"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(Integer, primary_key=True)
    scheme: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(Text)


class RegistryTermRow(Base):
    """A term of office in a version."""

    __tablename__ = "registry_terms"

    version: Mapped[int] = mapped_column(_NUMBER, ForeignKey("registry_versions.number"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(Integer, primary_key=True)
    office: Mapped[str] = mapped_column(Text)
    start: Mapped[dt.date | None] = mapped_column(Date)
    end: Mapped[dt.date | None] = mapped_column(Date)
    chamber: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str | None] = mapped_column(String(10))
    city: Mapped[str | None] = mapped_column(Text)
    district: Mapped[str | None] = mapped_column(Text)
    party: Mapped[str | None] = mapped_column(Text)


class ResolutionRow(Base):
    """A name in a piece of evidence that may be somebody's of the registry; the latest row of both counts."""

    __tablename__ = "resolutions"
    __table_args__ = (Index(None, "evidence_id", "role"),)

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"))
    role: Mapped[str] = mapped_column(String(10))
    """endorser or endorsee"""
    name: Mapped[str] = mapped_column(Text)
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), index=True)
    """The provisional one that it went to."""
    alternatives: Mapped[list[Any]]
    """Each {"id", "name", "score", "why"}, the likeliest first."""
    why: Mapped[str] = mapped_column(Text)
    added_at: Mapped[dt.datetime]


REGISTRY_TABLES = (
    "registry_entries",
    "registry_versions",
    "registry_names",
    "registry_ids",
    "registry_terms",
    "resolutions",
)
