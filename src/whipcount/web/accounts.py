"""Accounts, browser sessions and API tokens, in the ledger's database.

Entry: `Accounts(ledger.engine)`. Of secrets only hashes are kept: argon2id of passwords, which people choose,
SHA-256 of sessions and tokens, which are 256 random bits.
"""

import datetime as dt
import hashlib
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Connection, delete, func, insert, select, update

from whipcount.errors import AccountError
from whipcount.ledger.account_models import SessionRow, TokenRow, UserRow
from whipcount.ledger.opened import Opened
from whipcount.web.viewer import Role, Viewer

SHORTEST = 10
"""Characters of a password."""
_LONGEST = 1000
_HASHER = PasswordHasher()
_ID = 16
"""Characters of a session's hash that name it."""
TOKEN_PREFIX = "wc_"  # noqa: S105 - so that leaked tokens are found by those who look for them

SCOPES = {"read": Role.READER, "review": Role.REVIEWER, "admin": Role.ADMIN}
"""What a token may be used for: no more than its owner may, and no more than the role beside each."""


@dataclass(frozen=True, slots=True)
class User:
    """An account, without its secrets."""

    id: int
    name: str
    role: Role
    email: str | None
    has_password: bool
    created_at: dt.datetime
    disabled: bool


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is logged in, without its secret."""

    id: str
    """The beginning of the secret's hash: enough to tell an account's sessions apart."""
    created_at: dt.datetime
    expires_at: dt.datetime
    own: bool
    """Whether it is the one that asks."""


@dataclass(frozen=True, slots=True)
class Token:
    """A program's key, without its secret."""

    id: int
    user: str
    label: str
    scopes: tuple[str, ...]
    created_at: dt.datetime
    expires_at: dt.datetime | None
    revoked: bool


class Accounts(Opened):
    """The accounts in a ledger's database."""

    def add(self, name: str, role: Role, *, password: str | None = None, email: str | None = None) -> User:
        """A new account; without a password only an OpenID provider lets its owner in, by the address."""
        shown = " ".join(unicodedata.normalize("NFC", name).split())
        if not 0 < len(shown) <= 80 or not shown.isprintable():
            raise AccountError("a name has 1 to 80 characters, on one line")
        if password is None and not email:
            raise AccountError("an account needs a password, or the email address of an OpenID account")
        hashed = None if password is None else _hash(password)
        address = _address(email)
        with self._writing(f"add the account {shown}") as connection:
            if connection.scalar(select(UserRow.id).where(UserRow.normal_name == _normal(shown))):
                raise AccountError(f"there is an account named {shown} already")
            if address and connection.scalar(select(UserRow.id).where(UserRow.email == address)):
                raise AccountError(f"there is an account with the address {address} already")
            connection.execute(
                insert(UserRow).values(
                    name=shown, normal_name=_normal(shown), role=role.value, password=hashed, email=address,
                    created_at=self._clock(),
                )
            )  # fmt: skip
            return _to_user(_row(connection, shown))

    def user(self, name: str) -> User:
        """The account with this name; raises `AccountError` where there is none."""
        with self._reading() as connection:
            return _to_user(_row(connection, name))

    def users(self) -> list[User]:
        """All accounts, by name."""
        with self._reading() as connection:
            return [
                _to_user(row)
                for row in connection.execute(select(UserRow.__table__).order_by(UserRow.normal_name))
            ]

    def set_password(self, name: str, password: str) -> None:
        """Another password; all sessions of the account end."""
        self._change(name, {"password": _hash(password)})

    def set_role(self, name: str, role: Role) -> None:
        """Another role; all sessions of the account end."""
        self._change(name, {"role": role.value})

    def disable(self, name: str, *, disabled: bool = True) -> None:
        """Let nobody in by this account any more, nor by its tokens; or let them in again."""
        self._change(name, {"disabled_at": self._clock() if disabled else None})

    def check(self, name: str, password: str) -> User | None:
        """The account with this name and password; None where there is none, after just as long."""
        with self._reading() as connection:
            row = connection.execute(
                select(UserRow.__table__).where(UserRow.normal_name == _normal(name))
            ).first()
        hashed = row.password if row is not None else None
        right = _verify(hashed or _nobodys(), password) and hashed is not None
        if row is None or not right or row.disabled_at is not None:
            return None
        if _HASHER.check_needs_rehash(row.password):
            with self._writing("store a password") as connection:
                connection.execute(
                    update(UserRow).where(UserRow.id == row.id).values(password=_HASHER.hash(password))
                )
        return _to_user(row)

    def by_openid(self, issuer: str, subject: str, email: str | None) -> User | None:
        """The account of somebody whom an OpenID provider knows; `email` only where the provider verified it.

        The first time the address decides, from then on what the provider calls the account.
        """
        known = f"{issuer} {subject}"
        with self._writing("log in") as connection:
            row = connection.execute(select(UserRow.__table__).where(UserRow.oidc == known)).first()
            if row is None and email:
                fits = (UserRow.email == _address(email), UserRow.oidc.is_(None))
                row = connection.execute(select(UserRow.__table__).where(*fits)).first()
                if row is not None:
                    connection.execute(update(UserRow).where(UserRow.id == row.id).values(oidc=known))
        return None if row is None or row.disabled_at is not None else _to_user(row)

    def open_session(self, user: User, lasting: dt.timedelta) -> str:
        """The secret of a new session; those that have expired go."""
        secret = secrets.token_urlsafe(32)
        now = self._clock()
        with self._writing("log in") as connection:
            connection.execute(delete(SessionRow).where(SessionRow.expires_at <= now))
            connection.execute(
                insert(SessionRow).values(
                    secret_hash=_digest(secret), user_id=user.id, created_at=now, expires_at=now + lasting
                )
            )
        return secret

    def close_session(self, secret: str) -> None:
        """End a session."""
        with self._writing("log out") as connection:
            connection.execute(delete(SessionRow).where(SessionRow.secret_hash == _digest(secret)))

    def by_session(self, secret: str) -> Viewer | None:
        """Who has this session, while it lasts."""
        query = (
            select(UserRow.name, UserRow.role)
            .join(SessionRow, SessionRow.user_id == UserRow.id)
            .where(
                SessionRow.secret_hash == _digest(secret),
                SessionRow.expires_at > self._clock(),
                UserRow.disabled_at.is_(None),
            )
        )
        with self._reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else Viewer(row.name, Role(row.role), session=secret)

    def sessions(self, name: str, secret: str | None = None) -> list[Session]:
        """Where an account is logged in, the latest first; `secret` is that of the session that asks."""
        query = (
            select(SessionRow.__table__)
            .join(UserRow, UserRow.id == SessionRow.user_id)
            .where(UserRow.normal_name == _normal(name), SessionRow.expires_at > self._clock())
            .order_by(SessionRow.created_at.desc(), SessionRow.secret_hash)
        )
        own = _digest(secret) if secret else None
        with self._reading() as connection:
            return [
                Session(row.secret_hash[:_ID], row.created_at, row.expires_at, row.secret_hash == own)
                for row in connection.execute(query)
            ]

    def end_session(self, name: str, session_id: str) -> None:
        """End one session of an account, by its id."""
        with self._writing("end a session") as connection:
            theirs = SessionRow.user_id == _row(connection, name).id
            is_it = func.substr(SessionRow.secret_hash, 1, _ID) == session_id
            if not connection.execute(delete(SessionRow).where(theirs, is_it)).rowcount:
                raise AccountError("there is no such session; it may have ended")

    def add_token(
        self, name: str, label: str, scopes: Iterable[str], lasting: dt.timedelta | None = None
    ) -> tuple[str, Token]:
        """A new token, whose secret is shown now and never again."""
        given = tuple(scope for scope in SCOPES if scope in set(scopes))
        if not given:
            raise AccountError(f"a token needs a scope: {', '.join(SCOPES)}")
        if not 0 < len(label.strip()) <= 80:
            raise AccountError("a token needs a label of 1 to 80 characters, to tell it from others")
        secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
        now = self._clock()
        with self._writing("add a token") as connection:
            owner = _to_user(_row(connection, name))
            if wrong := [scope for scope in given if not owner.role.covers(SCOPES[scope])]:
                raise AccountError(f"{owner.name} is a {owner.role.value}, and may not {wrong[0]}")
            number = connection.scalar(
                insert(TokenRow)
                .values(
                    secret_hash=_digest(secret), user_id=owner.id, label=label.strip(), scopes=" ".join(given),
                    created_at=now, expires_at=now + lasting if lasting else None,
                )
                .returning(TokenRow.id)
            )  # fmt: skip
        assert number is not None
        return secret, Token(
            number, owner.name, label.strip(), given, now, now + lasting if lasting else None, False
        )

    def tokens(self, owner: str | None = None) -> list[Token]:
        """All tokens, or those of one account, the oldest first."""
        query = (
            select(TokenRow.__table__, UserRow.name)
            .join(UserRow, UserRow.id == TokenRow.user_id)
            .order_by(TokenRow.id)
        )
        if owner is not None:
            query = query.where(UserRow.normal_name == _normal(owner))
        with self._reading() as connection:
            return [
                Token(
                    row.id, row.name, row.label, tuple(row.scopes.split()), row.created_at, row.expires_at,
                    row.revoked_at is not None,
                )
                for row in connection.execute(query)
            ]  # fmt: skip

    def revoke_token(self, number: int, owner: str | None = None) -> None:
        """Let nobody in by this token any more; only if it is the owner's, where one is named."""
        with self._writing("revoke a token") as connection:
            change = update(TokenRow).where(TokenRow.id == number).values(revoked_at=self._clock())
            if owner is not None:
                change = change.where(TokenRow.user_id == _row(connection, owner).id)
            if not connection.execute(change).rowcount:
                raise AccountError(f"there is no token {number}; `whipcount user tokens` shows all")

    def by_token(self, secret: str) -> Viewer | None:
        """Who has this token, with the role that its scopes leave."""
        query = (
            select(UserRow.name, UserRow.role, TokenRow.scopes, TokenRow.expires_at)
            .join(TokenRow, TokenRow.user_id == UserRow.id)
            .where(
                TokenRow.secret_hash == _digest(secret),
                TokenRow.revoked_at.is_(None),
                UserRow.disabled_at.is_(None),
            )
        )
        with self._reading() as connection:
            row = connection.execute(query).first()
        if row is None or (row.expires_at is not None and row.expires_at <= self._clock()):
            return None
        owner = Role(row.role)
        # The owner's role may have become less since.
        left = [SCOPES[scope] for scope in row.scopes.split() if owner.covers(SCOPES[scope])]
        order = list(Role)
        return Viewer(row.name, max(left, key=order.index)) if left else None

    def _change(self, name: str, values: dict[str, object]) -> None:
        with self._writing(f"change the account {name}") as connection:
            user_id = _row(connection, name).id
            connection.execute(update(UserRow).where(UserRow.id == user_id).values(values))
            connection.execute(delete(SessionRow).where(SessionRow.user_id == user_id))


def _row(connection: Connection, name: str) -> Any:
    row = connection.execute(select(UserRow.__table__).where(UserRow.normal_name == _normal(name))).first()
    if row is None:
        raise AccountError(f"there is no account named {name}; `whipcount user list` shows all")
    return row


def _to_user(row: Any) -> User:
    return User(
        row.id, row.name, Role(row.role), row.email, row.password is not None, row.created_at,
        row.disabled_at is not None,
    )  # fmt: skip


def _normal(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:80]


def _address(email: str | None) -> str | None:
    if email is None:
        return None
    address = email.strip().lower()
    local, at, host = address.rpartition("@")
    if not (local and at and host) or len(address) > 254 or len(address.split()) != 1:
        raise AccountError(f"{email!r} is no email address")
    return address


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _hash(password: str) -> str:
    if not SHORTEST <= len(password) <= _LONGEST:
        raise AccountError(f"a password has at least {SHORTEST} characters")
    return _HASHER.hash(password)


def _verify(hashed: str, password: str) -> bool:
    try:
        return len(password) <= _LONGEST and _HASHER.verify(hashed, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """What passwords are compared with where there is no account, so that this takes as long."""
    return _HASHER.hash(secrets.token_urlsafe(32))
