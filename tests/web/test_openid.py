"""Logging in by a real OpenID provider, a small one on this machine."""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from web.conftest import Site, serving
from whipcount.ledger import Ledger
from whipcount.web.accounts import Accounts
from whipcount.web.app import WebOptions
from whipcount.web.viewer import Role

CLIENT, SECRET = "whipcount-desk", "between us"


class Provider:
    """Knows one person, and checks what it is told as the standard asks."""

    def __init__(self, server: HTTPServer) -> None:
        self.issuer = server.url_for("").rstrip("/")
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.claims: dict[str, Any] = {"sub": "u7", "email": "ada@desk.example", "email_verified": True}
        self.signed_by = self.key
        self.asked: dict[str, dict[str, str]] = {}
        server.expect_request("/.well-known/openid-configuration").respond_with_json(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )
        server.expect_request("/authorize").respond_with_handler(self._authorize)
        server.expect_request("/token", method="POST").respond_with_handler(self._token)
        server.expect_request("/keys").respond_with_json({"keys": [self.key.as_dict(private=False)]})

    def _authorize(self, request: Request) -> Response:
        asked = request.args.to_dict()
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = f"code{len(self.asked)}"
        self.asked[code] = asked
        back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        return Response(status=302, headers={"Location": back})

    def _token(self, request: Request) -> Response:
        asked = self.asked.pop(request.form["code"])
        digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
        basic = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '+')}".encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        assert request.headers["Authorization"].removeprefix("Basic ") in {basic, plain}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims | self.claims, self.signed_by)
        body = {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": token}
        return Response(json.dumps(body), content_type="application/json")


@pytest.fixture
def provider(httpserver: HTTPServer) -> Provider:
    return Provider(httpserver)


@pytest.fixture
def desk(ledger: Ledger, provider: Provider) -> Iterator[Site]:
    Accounts(ledger.engine).add("Ada Brook", Role.REVIEWER, email="ada@desk.example")
    options = WebOptions(oidc_issuer=provider.issuer, oidc_client=CLIENT, oidc_secret=SECRET)
    with serving(ledger, options) as site:
        yield site


def come_in(site: Site, client: httpx.Client, *, forge: bool = False) -> httpx.Response:
    there = client.get(f"{site.url}/login/openid?next=/review").headers["location"]
    assert parse_qs(urlsplit(there).query)["redirect_uri"] == [f"{site.url}/login/openid/back"]
    back = client.get(there).headers["location"]
    if forge:
        back = back.replace("state=", "state=x")
    return client.get(back)


def test_in_by_the_provider(desk: Site) -> None:
    with httpx.Client() as client:
        assert "Log in by OpenID" in client.get(f"{desk.url}/login").text
        answer = come_in(desk, client)
        assert (answer.status_code, answer.headers["location"]) == (303, "/review")
        assert "Ada Brook, reviewer" in client.get(f"{desk.url}/method").text
    # From now on what the provider calls the account decides.
    with httpx.Client() as again:
        assert come_in(desk, again).status_code == 303


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "yes"},
        {"email": "bo@desk.example"},
        {"email": None},
    ],
)
def test_who_has_no_account_stays_out(desk: Site, provider: Provider, claims: dict[str, Any]) -> None:
    provider.claims |= claims
    with httpx.Client() as client:
        answer = come_in(desk, client)
        assert answer.status_code == 403
        assert "Nobody here has an account" in answer.text
        assert "whipcount_session" not in client.cookies


@pytest.mark.parametrize("what", ["state", "nonce", "audience", "issuer", "expired", "key"])
def test_what_can_not_be_trusted(desk: Site, provider: Provider, what: str) -> None:
    wrong: dict[str, dict[str, Any]] = {
        "nonce": {"nonce": "another"},
        "audience": {"aud": "another"},
        "issuer": {"iss": "https://another.example"},
        "expired": {"exp": int(time.time()) - 3600},
    }
    provider.claims |= wrong.get(what, {})
    if what == "key":
        provider.signed_by = RSAKey.generate_key(2048, {"kid": "one"})
    with httpx.Client() as client:
        answer = come_in(desk, client, forge=what == "state")
        assert answer.status_code == 422
        assert "OpenID" in answer.text
        assert "whipcount_session" not in client.cookies


def test_no_provider_is_set(site: Site) -> None:
    assert httpx.get(f"{site.url}/login/openid").status_code == 404
    assert httpx.get(f"{site.url}/login/openid/back?code=1&state=2").status_code == 404


def test_the_provider_is_down(ledger: Ledger) -> None:
    with serving(ledger, WebOptions(oidc_issuer="http://127.0.0.1:9", oidc_client=CLIENT)) as site:
        answer = httpx.get(f"{site.url}/login/openid")
        assert answer.status_code == 422
        assert "reached" in answer.text
