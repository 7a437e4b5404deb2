import datetime as dt
from collections.abc import Iterator

import pytest

from whipcount.errors import AccountError
from whipcount.ledger import Ledger
from whipcount.web.accounts import Accounts
from whipcount.web.viewer import Role

PASSWORD = "a heron on the pier"
NOW = dt.datetime(2031, 7, 1, 12, tzinfo=dt.UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(store: str, clock: Clock) -> Iterator[Accounts]:
    with Ledger.open(store) as ledger:
        yield Accounts(ledger.engine, clock)


def test_a_password_lets_in_under_any_case_of_the_name(accounts: Accounts) -> None:
    made = accounts.add("Ada  Brook", Role.REVIEWER, password=PASSWORD)
    assert made.name == "Ada Brook"
    assert accounts.check("ada brook", PASSWORD) == made
    assert accounts.check("ADA BROOK", PASSWORD + "s") is None
    assert accounts.check("Bo Quill", PASSWORD) is None


def test_nothing_secret_is_in_the_database(accounts: Accounts) -> None:
    user = accounts.add("Ada Brook", Role.ADMIN, password=PASSWORD)
    session = accounts.open_session(user, dt.timedelta(days=1))
    token, _ = accounts.add_token("Ada Brook", "import", ["review"])
    with accounts.engine.connect() as connection:
        held = [
            str(row)
            for table in ("users", "web_sessions", "api_tokens")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        ]
    assert len(held) == 3
    for secret in (PASSWORD, session, token, token.removeprefix("wc_")):
        assert not any(secret in row for row in held)


def test_sessions_end(accounts: Accounts, clock: Clock) -> None:
    user = accounts.add("Ada Brook", Role.REVIEWER, password=PASSWORD)
    open_session = accounts.open_session
    first, second = open_session(user, dt.timedelta(days=1)), open_session(user, dt.timedelta(days=1))
    accounts.close_session(first)
    assert accounts.by_session(first) is None
    viewer = accounts.by_session(second)
    assert viewer is not None
    assert (viewer.name, viewer.role) == ("Ada Brook", Role.REVIEWER)
    clock.now += dt.timedelta(days=1)
    assert accounts.by_session(second) is None


@pytest.mark.parametrize("change", ["password", "role", "disable"])
def test_what_changes_an_account_ends_its_sessions(accounts: Accounts, change: str) -> None:
    user = accounts.add("Ada Brook", Role.REVIEWER, password=PASSWORD)
    session = accounts.open_session(user, dt.timedelta(days=1))
    if change == "password":
        accounts.set_password("Ada Brook", "another one altogether")
    elif change == "role":
        accounts.set_role("Ada Brook", Role.READER)
    else:
        accounts.disable("Ada Brook")
    assert accounts.by_session(session) is None


def test_tokens(accounts: Accounts, clock: Clock) -> None:
    accounts.add("Ada Brook", Role.REVIEWER, password=PASSWORD)
    secret, token = accounts.add_token("ada brook", "graphics", ["read", "review"], dt.timedelta(days=3))
    viewer = accounts.by_token(secret)
    assert viewer is not None
    assert (viewer.name, viewer.role, viewer.session) == ("Ada Brook", Role.REVIEWER, None)
    only, _ = accounts.add_token("ada brook", "reading", ["read"])
    reading = accounts.by_token(only)
    assert reading is not None
    assert not reading.may(Role.REVIEWER)
    accounts.set_role("Ada Brook", Role.READER)
    less = accounts.by_token(secret)
    assert less is not None
    assert less.role is Role.READER
    clock.now += dt.timedelta(days=3)
    assert accounts.by_token(secret) is None
    accounts.revoke_token(2)
    assert accounts.by_token(only) is None
    assert [t.revoked for t in accounts.tokens()] == [False, True]
    assert token.scopes == ("read", "review")


def test_who_is_disabled_comes_in_by_nothing(accounts: Accounts) -> None:
    accounts.add("Ada Brook", Role.ADMIN, password=PASSWORD, email="ada@desk.example")
    secret, _ = accounts.add_token("Ada Brook", "x", ["admin"])
    accounts.disable("Ada Brook")
    assert accounts.check("Ada Brook", PASSWORD) is None
    assert accounts.by_token(secret) is None
    assert accounts.by_openid("https://id.example", "7", "ada@desk.example") is None
    accounts.disable("Ada Brook", disabled=False)
    assert accounts.check("Ada Brook", PASSWORD)


def test_an_openid_account_is_known_by_its_address_once(accounts: Accounts) -> None:
    made = accounts.add("Ada Brook", Role.REVIEWER, email="Ada@Desk.example")
    assert not made.has_password
    assert accounts.check("Ada Brook", "") is None
    assert accounts.by_openid("https://id.example", "7", None) is None
    assert accounts.by_openid("https://id.example", "7", "ada@desk.example") == made
    assert accounts.by_openid("https://id.example", "7", None) == made
    # Somebody else gets the address at the provider later.
    assert accounts.by_openid("https://id.example", "8", "ada@desk.example") is None


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (lambda a: a.add("ada BROOK", Role.READER, password=PASSWORD), "already"),
        (lambda a: a.add("Bo", Role.READER, password="short"), "at least 10"),
        (lambda a: a.add("", Role.READER, password=PASSWORD), "1 to 80"),
        (lambda a: a.add("Bo\u202eQuill", Role.READER, password=PASSWORD), "1 to 80"),
        (lambda a: a.add("Bo", Role.READER), "needs a password"),
        (lambda a: a.add("Bo", Role.READER, email="nowhere"), "no email"),
        (lambda a: a.add_token("Ada Brook", "x", ["admin"]), "may not admin"),
        (lambda a: a.add_token("Ada Brook", "x", []), "needs a scope"),
        (lambda a: a.add_token("Nobody", "x", ["read"]), "no account named"),
        (lambda a: a.revoke_token(99), "no token 99"),
        (lambda a: a.set_role("Nobody", Role.ADMIN), "no account named"),
    ],
)
def test_what_makes_no_sense(accounts: Accounts, what: object, why: str) -> None:
    accounts.add("Ada Brook", Role.REVIEWER, password=PASSWORD)
    with pytest.raises(AccountError, match=why):
        what(accounts)  # type: ignore[operator]
