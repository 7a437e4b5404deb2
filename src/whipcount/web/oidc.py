"""Logging in by an OpenID provider: authorization code with PKCE, state and nonce, all by Authlib.

What is under way stands for ten minutes in a signed cookie; whoever comes back is one of our accounts or nobody.
Authlib speaks by whichever HTTP and JOSE libraries it finds, whose errors have no base in common: any error means
that nobody is let in.
"""

import logging
import secrets

from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import FastAPI, Request, Response
from starlette.middleware.sessions import SessionMiddleware

from whipcount.errors import AccountError
from whipcount.web.options import WebOptions

LOG = logging.getLogger("whipcount.web")
_WHILE = 600


def install(app: FastAPI, options: WebOptions) -> None:
    """Make the provider known to the app, where one is set."""
    app.state.oidc = None
    if not options.oidc_issuer:
        return
    oauth = OAuth()
    oauth.register(
        "provider",
        client_id=options.oidc_client,
        client_secret=options.oidc_secret or None,
        server_metadata_url=f"{options.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "timeout": 10},
    )
    app.state.oidc = oauth.provider
    # Lax, as the provider sends the browser back from its own site.
    app.add_middleware(
        SessionMiddleware,
        secret_key=secrets.token_urlsafe(32),
        session_cookie="whipcount_oidc",
        max_age=_WHILE,
        same_site="lax",
        https_only=options.public_url.startswith("https:"),
    )


async def depart(request: Request, back: str) -> Response:
    """Send the browser to the provider, which sends it `back`."""
    try:
        response: Response = await request.app.state.oidc.authorize_redirect(request, back)
    except Exception as error:
        LOG.warning("the OpenID provider can't be reached: %s", type(error).__name__)
        raise AccountError("the OpenID provider can't be reached; please try again later") from error
    return response


async def arrive(request: Request) -> tuple[str, str, str | None]:
    """Who comes back: the issuer, its lasting name for the account, and the address if it verified one."""
    try:
        token = await request.app.state.oidc.authorize_access_token(request)
    except OAuthError as error:
        raise AccountError(f"the OpenID provider did not let you in ({error.error})") from error
    except Exception as error:
        LOG.warning("the OpenID provider's answer was refused: %s", type(error).__name__)
        raise AccountError("what the OpenID provider answered can't be trusted") from error
    claims = token.get("userinfo") or {}
    if not claims.get("sub") or not claims.get("iss"):
        raise AccountError("the OpenID provider did not say who you are")
    email = claims.get("email") if claims.get("email_verified") is True else None
    return str(claims["iss"]), str(claims["sub"]), email
