"""What routes ask for: the ledger, who asks, and as of when.

@router.get("/holdouts")
def holdouts(request: Request, ledger: LedgerDep, asked: AskedDep) -> Response: ...
"""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, HTTPException, Query, Request

from whipcount.ledger import Ledger
from whipcount.web.accounts import Accounts
from whipcount.web.cookies import cookie
from whipcount.web.options import WebOptions
from whipcount.web.security import Limits
from whipcount.web.viewer import ANYBODY, Role, Viewer

SESSION_COOKIE = "whipcount_session"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class NeedsLogin(Exception):
    """A page that only somebody with an account may see: they are sent to log in."""


@dataclass(frozen=True, slots=True)
class Asked:
    """As of when, and by what rules, something is asked for."""

    as_of: dt.date | None = None
    """What had happened by the end of that day."""
    as_known_on: dt.datetime | None = None
    """What the ledger knew at that moment."""
    rules: str | None = None
    """The rules of counting, by name; None: those in force."""

    def query(self, **others: str | int | None) -> str:
        """As a query string that asks for the same, with other parameters beside; "" where there are none."""
        own = {
            "as_of": self.as_of and self.as_of.isoformat(),
            "as_known_on": self.as_known_on and self.as_known_on.isoformat(),
            "rules": self.rules,
        }
        given = {key: value for key, value in {**own, **others}.items() if value not in {None, ""}}
        return f"?{urlencode(given)}" if given else ""


def get_ledger(request: Request) -> Ledger:
    """The ledger that the site stands on."""
    found = request.app.state.ledger
    assert isinstance(found, Ledger)
    return found


def get_options(request: Request) -> WebOptions:
    """How the site is served."""
    found = request.app.state.options
    assert isinstance(found, WebOptions)
    return found


def get_viewer(request: Request) -> Viewer:
    """Who asks; found once a request. A token that is none of ours is refused."""
    if not hasattr(request.state, "viewer"):
        request.state.viewer = ANYBODY  # for the page that says what went wrong, if something does
        request.state.viewer = _find_viewer(request)
    found = request.state.viewer
    assert isinstance(found, Viewer)
    return found


def _find_viewer(request: Request) -> Viewer:
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    accounts = get_accounts(request)
    if kind.lower() == "bearer":
        found = accounts.by_token(secret.strip())
        if found is None:
            raise HTTPException(
                401, "This token is not known, or no longer good.", {"WWW-Authenticate": "Bearer"}
            )
        return found
    session = cookie(request, SESSION_COOKIE)
    # A session is for browsers: what programs change needs a token, so that no other site's form can do it.
    if not session or (request.url.path.startswith("/api/") and request.method not in SAFE_METHODS):
        return ANYBODY
    return accounts.by_session(session) or ANYBODY


def get_accounts(request: Request) -> Accounts:
    """The accounts."""
    found = request.app.state.accounts
    assert isinstance(found, Accounts)
    return found


def get_limits(request: Request) -> Limits:
    """How often a client may do something."""
    found = request.app.state.limits
    assert isinstance(found, Limits)
    return found


def asked(
    as_of: Annotated[str, Query(description="As it was on that day: 2024-07-24.")] = "",
    as_known_on: Annotated[
        str,
        Query(
            description="As the ledger knew it at that moment: a day (its end, UTC) or 2024-07-24T18:00:00Z."
        ),
    ] = "",
    rules: Annotated[str, Query(description="The rules of counting, by name.", max_length=40)] = "",
) -> Asked:
    """`as_of`, `as_known_on` and `rules` from the query; an empty one was not given."""
    try:
        day = dt.date.fromisoformat(as_of) if as_of else None
        moment = _moment(as_known_on) if as_known_on else None
    except ValueError:
        raise HTTPException(422, "as_of and as_known_on are days like 2024-07-24") from None
    return Asked(day, moment, rules or None)


def _moment(text: str) -> dt.datetime:
    if len(text) <= len("2024-07-24"):
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time.max, dt.UTC)
    found = dt.datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


LedgerDep = Annotated[Ledger, Depends(get_ledger)]
OptionsDep = Annotated[WebOptions, Depends(get_options)]
AccountsDep = Annotated[Accounts, Depends(get_accounts)]
LimitsDep = Annotated[Limits, Depends(get_limits)]
ViewerDep = Annotated[Viewer, Depends(get_viewer)]
AskedDep = Annotated[Asked, Depends(asked)]


def readable(viewer: ViewerDep, options: OptionsDep) -> None:
    """Where reading is private, only somebody with an account goes on."""
    if options.private and not viewer.may(Role.READER):
        raise NeedsLogin


def reviewer(viewer: ViewerDep) -> Viewer:
    """Only a reviewer goes on."""
    return _need(viewer, Role.REVIEWER)


def administrator(viewer: ViewerDep) -> Viewer:
    """Only an administrator goes on."""
    return _need(viewer, Role.ADMIN)


def in_person(viewer: ViewerDep) -> Viewer:
    """Only somebody who has logged in goes on: a token can't be used to make another that may do more."""
    if viewer.session is None:
        raise NeedsLogin
    return viewer


def _need(viewer: Viewer, role: Role) -> Viewer:
    if viewer.role is None:
        raise NeedsLogin
    if not viewer.may(role):
        raise HTTPException(403, f"This needs the role {role.value}.")
    return viewer


ReviewerDep = Annotated[Viewer, Depends(reviewer)]
InPersonDep = Annotated[Viewer, Depends(in_person)]
AdminDep = Annotated[Viewer, Depends(administrator)]
