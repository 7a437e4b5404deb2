"""One's own account: the password, where one is logged in, and tokens for programs."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from whipcount.errors import AccountError
from whipcount.web.accounts import SCOPES, SHORTEST
from whipcount.web.cookies import set_cookie
from whipcount.web.deps import SESSION_COOKIE, AccountsDep, InPersonDep, LimitsDep, OptionsDep, get_accounts
from whipcount.web.rendering import page
from whipcount.web.security import Limits
from whipcount.web.viewer import Viewer

router = APIRouter(prefix="/account", include_in_schema=False)
_DONE = {
    "password": "Your password is changed, and you are logged out everywhere else.",
    "session": "That session has ended.",
    "token": "That token lets nobody in any more.",
}
_MOST_DAYS = 36_500


@router.get("")
def own(request: Request, viewer: InPersonDep, done: str = "") -> Response:
    """The page."""
    return _page(request, viewer, done=_DONE.get(done, ""))


@router.post("/password")
def change_password(
    request: Request,
    viewer: InPersonDep,
    accounts: AccountsDep,
    limits: LimitsDep,
    options: OptionsDep,
    old: Annotated[str, Form(max_length=2000)] = "",
    new: Annotated[str, Form(max_length=2000)] = "",
    again: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Another password, for who knows the old one; all other sessions end."""
    name = viewer.name or ""
    if new != again:
        return _page(request, viewer, trouble="The two new passwords are not the same.", status=422)
    # The same limit as for logging in: who finds a browser open must not guess here either.
    if wait := limits.wait(Limits.ACCOUNT, "account", name.casefold().strip()):
        response = _page(
            request, viewer, trouble=f"Too many tries. Please wait {-(-wait // 60)} min.", status=429
        )
        response.headers["Retry-After"] = str(wait)
        return response
    user = accounts.check(name, old)
    if user is None:
        return _page(request, viewer, trouble="That is not your present password.", status=403)
    try:
        accounts.set_password(name, new)
    except AccountError as error:
        return _page(request, viewer, trouble=str(error), status=422)
    lasting = dt.timedelta(days=options.session_days)
    response = RedirectResponse("/account?done=password", 303)
    secret = accounts.open_session(user, lasting)
    set_cookie(request, response, SESSION_COOKIE, secret, round(lasting.total_seconds()))
    return response


@router.post("/sessions/end")
def end_session(
    request: Request,
    viewer: InPersonDep,
    accounts: AccountsDep,
    session: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """The end of one of one's sessions."""
    try:
        accounts.end_session(viewer.name or "", session)
    except AccountError as error:
        return _page(request, viewer, trouble=str(error), status=404)
    return RedirectResponse("/account?done=session", 303)


@router.post("/tokens")
def add_token(
    request: Request,
    viewer: InPersonDep,
    accounts: AccountsDep,
    label: Annotated[str, Form(max_length=200)] = "",
    scope: Annotated[list[str] | None, Form()] = None,
    days: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """A new token, which this answer alone shows."""
    try:
        secret, _ = accounts.add_token(viewer.name or "", label, scope or (), _lasting(days))
    except AccountError as error:
        return _page(request, viewer, trouble=str(error), status=422, label=label)
    response = _page(request, viewer, secret=secret)
    response.headers["Cache-Control"] = "no-store"
    return response


@router.post("/tokens/{number}/revoke")
def revoke_token(request: Request, number: int, viewer: InPersonDep, accounts: AccountsDep) -> Response:
    """The end of one of one's tokens."""
    try:
        accounts.revoke_token(number, viewer.name)
    except AccountError:
        return _page(request, viewer, trouble="You have no such token.", status=404)
    return RedirectResponse("/account?done=token", 303)


def _lasting(days: str) -> dt.timedelta | None:
    if not days.strip():
        return None
    if not days.strip().isdecimal() or not 0 < int(days) <= _MOST_DAYS:
        raise AccountError(f"a token is good for 1 to {_MOST_DAYS} days, or without an end")
    return dt.timedelta(days=int(days))


def _page(
    request: Request, viewer: Viewer, *, done: str = "", trouble: str = "", secret: str = "", label: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    accounts = get_accounts(request)
    user = accounts.user(viewer.name or "")
    return page(
        request,
        "account.html",
        status=status,
        user=user,
        sessions=accounts.sessions(user.name, viewer.session),
        tokens=accounts.tokens(user.name),
        scopes=[scope for scope, role in SCOPES.items() if user.role.covers(role)],
        now=dt.datetime.now(dt.UTC),
        shortest=SHORTEST,
        done=done,
        trouble=trouble,
        secret=secret,
        label=label,
    )
