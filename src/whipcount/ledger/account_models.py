"""The tables of accounts, sessions and tokens. They say who may do what today, and are updated."""

import datetime as dt

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from whipcount.ledger.models import Base


class UserRow(Base):
    """Somebody with an account; never deleted, as decisions bear the name."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(80))
    normal_name: Mapped[str] = mapped_column(String(80), unique=True)
    """The name whatever its case, so that no two look the same."""
    role: Mapped[str] = mapped_column(String(20))
    password: Mapped[str | None] = mapped_column(Text)
    """An argon2id hash with its parameters; None for who logs in elsewhere."""
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    """By which an OpenID provider's verified account is known the first time."""
    oidc: Mapped[str | None] = mapped_column(String(400), unique=True)
    """The provider's issuer and its lasting name for the account, from the first login on."""
    created_at: Mapped[dt.datetime]
    disabled_at: Mapped[dt.datetime | None]


class SessionRow(Base):
    """A browser that is logged in."""

    __tablename__ = "web_sessions"

    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)


class TokenRow(Base):
    """A program's key."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    label: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[str] = mapped_column(String(80))
    """Names with a space between."""
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]


ACCOUNT_TABLES = ("users", "web_sessions", "api_tokens")
