"""The tables. All but the index of stories are only ever added to: triggers refuse update and delete."""

import datetime as dt
from functools import lru_cache
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[dt.datetime]):
    """A moment in UTC, also on stores that keep no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """To UTC; without its zone where the store has none."""
        if value is None:
            return None
        moment = value.astimezone(dt.UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Always with its zone."""
        del dialect
        return None if value is None else _in_utc(value)


@lru_cache(maxsize=1 << 14)
def _in_utc(value: dt.datetime) -> dt.datetime:
    """Kept, as what was added together bears one moment."""
    return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Base(DeclarativeBase):
    """The ledger's tables; the names of constraints are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {dt.datetime: UtcTime, list[Any]: JSON}


class ArticleRow(Base):
    """One article, its text verbatim."""

    __tablename__ = "articles"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    content_hash: Mapped[str] = mapped_column(String(64), unique=True)
    record_id: Mapped[str] = mapped_column(Text)
    """The file's stem or the record's id."""
    story: Mapped[str] = mapped_column(String(40), index=True)
    """As found when it was added; `story_joins` says what became of it."""
    outlet: Mapped[str | None] = mapped_column(Text)
    original_outlet: Mapped[str | None] = mapped_column(Text)
    published: Mapped[dt.date | None] = mapped_column(Date, index=True)
    published_basis: Mapped[str | None] = mapped_column(String(20))
    """How it is known; None where nobody said, like all down to `asides`."""
    published_precision: Mapped[str | None] = mapped_column(String(20))
    published_at: Mapped[dt.datetime | None]
    modified: Mapped[dt.date | None] = mapped_column(Date)
    modified_basis: Mapped[str | None] = mapped_column(String(20))
    modified_precision: Mapped[str | None] = mapped_column(String(20))
    modified_at: Mapped[dt.datetime | None]
    facts: Mapped[list[Any] | None]
    asides: Mapped[list[Any] | None]
    url: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    authors: Mapped[list[Any]]
    text: Mapped[str] = mapped_column(Text)
    debris: Mapped[list[Any]]
    key_points: Mapped[list[Any]]
    reader: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[dt.datetime]


class IdentityRow(Base):
    """A person, an organization, a group or a measure."""

    __tablename__ = "identities"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    normal_name: Mapped[str] = mapped_column(Text, index=True)
    name: Mapped[str] = mapped_column(Text)
    """As first met; what is shown is the commonest form in the evidence."""
    provisional: Mapped[bool]
    added_at: Mapped[dt.datetime]


class AttributionRow(Base):
    """One reported statement of an article: source, cue and content as lists of [start, end]."""

    __tablename__ = "attributions"
    __table_args__ = (UniqueConstraint("article_id", "ordinal"),)

    id: Mapped[str] = mapped_column(String(48), primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"))
    ordinal: Mapped[int] = mapped_column(Integer)
    source: Mapped[list[Any]]
    cue: Mapped[list[Any]]
    content: Mapped[list[Any]]
    speaker: Mapped[str | None] = mapped_column(Text)
    sourcing: Mapped[str] = mapped_column(String(20))
    via: Mapped[str | None] = mapped_column(Text)


class EvidenceRow(Base):
    """One position, as one article reports it."""

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("article_id", "ordinal"),
        CheckConstraint("0 <= start_at AND start_at < end_at", name="span"),
        CheckConstraint("0 <= confidence AND confidence <= 1", name="confidence"),
        Index(None, "endorser_id", "endorsee_id", "contest"),
    )

    id: Mapped[str] = mapped_column(String(48), primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"))
    ordinal: Mapped[int] = mapped_column(Integer)
    attribution_id: Mapped[str | None] = mapped_column(ForeignKey("attributions.id"))
    endorser_id: Mapped[str] = mapped_column(ForeignKey("identities.id"))
    endorser_name: Mapped[str] = mapped_column(Text)
    """As the article has it, like `endorsee_name`."""
    endorser_kind: Mapped[str] = mapped_column(String(20))
    endorsee_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), index=True)
    endorsee_name: Mapped[str] = mapped_column(Text)
    contest: Mapped[str] = mapped_column(String(20))
    position: Mapped[str] = mapped_column(String(20))
    sourcing: Mapped[str] = mapped_column(String(20))
    via: Mapped[str | None] = mapped_column(Text)
    start_at: Mapped[int] = mapped_column(Integer)
    end_at: Mapped[int] = mapped_column(Integer)
    exact: Mapped[str] = mapped_column(Text)
    conditions: Mapped[list[Any]]
    """Each {"exact", "start", "end"}, like `reasons`."""
    reasons: Mapped[list[Any]]
    said_on: Mapped[dt.date | None] = mapped_column(Date)
    confidence: Mapped[float] = mapped_column(Float)
    because: Mapped[str] = mapped_column(Text)
    reader: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[dt.datetime]
    unclear: Mapped[bool] = mapped_column(server_default=false())
    """Whether it was read too unclearly to count before a reader has decided on it."""


_NUMBER = BigInteger().with_variant(Integer, "sqlite")


class StoryTextRow(Base):
    """A text in the index of stories; of several with one signature the first."""

    __tablename__ = "story_texts"

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"), unique=True)
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class StoryKeyRow(Base):
    """A key that copies of a text are likely to share with it."""

    __tablename__ = "story_keys"
    # The rows are the index: without a row id each is stored once.
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    text: Mapped[int] = mapped_column(
        _NUMBER, ForeignKey("story_texts.number"), primary_key=True, autoincrement=False
    )


class StoryJoinRow(Base):
    """Two stories that a copy of both showed to be one: the younger goes on under the older's id."""

    __tablename__ = "story_joins"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    """The story that joined another."""
    into: Mapped[str] = mapped_column(String(40), index=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"))
    """The copy that showed it."""
    added_at: Mapped[dt.datetime]


class AddressRow(Base):
    """The address of an article's page, which its versions share."""

    __tablename__ = "addresses"

    id: Mapped[str] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    address: Mapped[str] = mapped_column(Text, index=True)
    modified: Mapped[dt.date | None] = mapped_column(Date)
    """The latest change that the page told of: which of two versions is the newer."""


class SupersessionRow(Base):
    """A version of a page that a newer one took the place of."""

    __tablename__ = "supersessions"

    id: Mapped[str] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    newer_id: Mapped[str] = mapped_column(ForeignKey("articles.id"), index=True)
    changed_on: Mapped[dt.date] = mapped_column(Date)
    """The day of the change as the page gives it, else the day on which it was seen."""
    added_at: Mapped[dt.datetime]


class AnchorRow(Base):
    """Where the words of a piece of evidence stand in another version of its page."""

    __tablename__ = "anchors"
    __table_args__ = (CheckConstraint("(start_at IS NULL) = (held = 'gone')", name="span"),)

    id: Mapped[str] = mapped_column(String(96), primary_key=True)
    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"))
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"), index=True)
    held: Mapped[str] = mapped_column(String(10))
    """exact, edited or gone."""
    start_at: Mapped[int | None] = mapped_column(Integer)
    end_at: Mapped[int | None] = mapped_column(Integer)
    added_at: Mapped[dt.datetime]


TABLES = ("articles", "identities", "attributions", "evidence")
"""What every article with evidence adds to."""
