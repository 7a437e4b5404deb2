"""In and out: by a password or an OpenID provider, and out again."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from whipcount.web import oidc
from whipcount.web.accounts import User
from whipcount.web.cookies import drop_cookie, set_cookie
from whipcount.web.deps import (
    SESSION_COOKIE,
    AccountsDep,
    LimitsDep,
    OptionsDep,
    ViewerDep,
    get_accounts,
    get_options,
)
from whipcount.web.rendering import page
from whipcount.web.security import Limits, client_of

router = APIRouter(include_in_schema=False)


def inside(target: str) -> str:
    """A path of this site, whatever was asked for: nobody is sent elsewhere after logging in."""
    good = target.startswith("/") and target[1:2] not in {"/", "\\"} and target.isprintable()
    return target if good else "/"


@router.get("/login")
def login(request: Request, viewer: ViewerDep, next: str = "/") -> Response:  # noqa: A002 - a parameter's name
    """The form."""
    if viewer.name:
        return RedirectResponse(inside(next), 303)
    return _form(request, inside(next))


@router.post("/login")
def log_in(
    request: Request,
    accounts: AccountsDep,
    limits: LimitsDep,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002
) -> Response:
    """A new session for who gives a right name and password."""
    wait = limits.wait(Limits.LOGIN, "login", client_of(request)) or limits.wait(
        Limits.ACCOUNT, "account", name.casefold().strip()
    )
    if wait:
        response = _form(request, inside(next), f"Too many tries. Please wait {-(-wait // 60)} min.", 429)
        response.headers["Retry-After"] = str(wait)
        return response
    user = accounts.check(name, password)
    if user is None:
        return _form(request, inside(next), "There is no such account with this password.", 403, name=name)
    return _let_in(request, user, inside(next))


@router.post("/logout")
def logout(request: Request, accounts: AccountsDep, viewer: ViewerDep) -> Response:
    """The end of the session."""
    if viewer.session:
        accounts.close_session(viewer.session)
    response = RedirectResponse("/login", 303)
    drop_cookie(request, response, SESSION_COOKIE)
    return response


@router.get("/login/openid")
async def depart(request: Request, options: OptionsDep, next: str = "/") -> Response:  # noqa: A002
    """Off to the provider."""
    if not options.oidc_issuer:
        raise HTTPException(404)
    request.session["next"] = inside(next)
    own = options.public_url or str(request.base_url).rstrip("/")
    return await oidc.depart(request, f"{own}/login/openid/back")


@router.get("/login/openid/back")
async def arrive(request: Request, accounts: AccountsDep, options: OptionsDep) -> Response:
    """Back from the provider."""
    if not options.oidc_issuer:
        raise HTTPException(404)
    target = inside(request.session.pop("next", "/"))
    user = await run_in_threadpool(accounts.by_openid, *await oidc.arrive(request))
    if user is None:
        return await run_in_threadpool(
            _form, request, target, "Nobody here has an account with that address.", 403
        )
    return await run_in_threadpool(_let_in, request, user, target)


def _form(request: Request, target: str, trouble: str = "", status: int = 200, *, name: str = "") -> Response:
    return page(request, "login.html", status=status, target=target, trouble=trouble, name=name)


def _let_in(request: Request, user: User, target: str) -> Response:
    lasting = dt.timedelta(days=get_options(request).session_days)
    secret = get_accounts(request).open_session(user, lasting)
    response = RedirectResponse(target, 303)
    set_cookie(request, response, SESSION_COOKIE, secret, round(lasting.total_seconds()))
    return response
