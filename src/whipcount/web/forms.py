"""Forms are only taken from our own pages: each bears a token that follows from a secret of the browser's.

The secret is the session's, or for who is not logged in that of a cookie for nothing else. The token is masked
anew in every page, so that compression tells nobody of it.
"""

import hmac
import secrets
from urllib.parse import urlsplit

from fastapi import HTTPException, Request, Response
from markupsafe import Markup

from whipcount.web.cookies import cookie, set_cookie
from whipcount.web.deps import SAFE_METHODS, ViewerDep, get_options, get_viewer

FIELD = "csrf"
_COOKIE = "whipcount_form"
_SIZE = 32


def _secret(request: Request) -> str:
    viewer = get_viewer(request)
    if viewer.session:
        return viewer.session
    given = cookie(request, _COOKIE)
    if len(given) >= _SIZE:
        return given
    if not hasattr(request.state, "form_secret"):
        request.state.form_secret = secrets.token_urlsafe(_SIZE)
    return str(request.state.form_secret)


def _token(request: Request) -> bytes:
    return hmac.digest(_secret(request).encode(), b"whipcount form", "sha256")


def form_token(request: Request) -> str:
    """The token for a form of this page; `remember` must see the response."""
    request.state.form_made = True
    mask = secrets.token_bytes(_SIZE)
    masked = bytes(a ^ b for a, b in zip(mask, _token(request), strict=True))
    return (mask + masked).hex()


def form_field(request: Request) -> Markup:
    """The token as a hidden field."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, form_token(request))


def remember(request: Request, response: Response) -> None:
    """Give the browser the secret that a form of this page was made with."""
    if hasattr(request.state, "form_secret"):
        set_cookie(request, response, _COOKIE, request.state.form_secret, None)


def _right(request: Request, given: str) -> bool:
    try:
        raw = bytes.fromhex(given)
    except ValueError:
        return False
    if len(raw) != 2 * _SIZE:
        return False
    token = bytes(a ^ b for a, b in zip(raw[:_SIZE], raw[_SIZE:], strict=True))
    return hmac.compare_digest(token, _token(request))


async def own_forms_only(request: Request, _viewer: ViewerDep) -> None:
    """For every page that takes a form: refuse what other sites send."""
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("origin")
    hosts = {request.url.netloc, urlsplit(get_options(request).public_url).netloc}
    if origin and urlsplit(origin).netloc not in hosts - {""}:
        raise HTTPException(403, "This form was sent from another site.")
    given = request.headers.get("x-csrf-token") or (await request.form()).get(FIELD)
    if not isinstance(given, str) or not _right(request, given):
        raise HTTPException(403, "This form is too old, or not ours. Please load the page again.")
