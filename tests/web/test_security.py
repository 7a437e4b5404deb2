import logging
import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import httpx
import pytest
from starlette.testclient import TestClient

from web.conftest import PASSWORD, Site, signed_in, token_in
from web.desks import fill
from whipcount.ledger import Ledger
from whipcount.ledger.events import Action
from whipcount.ledger.reviews import Reviews
from whipcount.web.accounts import Accounts
from whipcount.web.app import WebOptions, create_app
from whipcount.web.security import Limits, client
from whipcount.web.viewer import Role

Serve = Callable[[Ledger, WebOptions], AbstractContextManager[Site]]


def test_every_answer_bears_the_headers(site: Site) -> None:
    for path in ("/method", "/login", "/nowhere", "/api/v1/openapi.json", "/static/nothing.css"):
        headers = httpx.get(site.url + path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"]
        assert "strict-transport-security" not in headers
        assert "server" not in headers


@pytest.mark.parametrize("path", ["/sources", "/api/v1/outlets"])
@pytest.mark.parametrize("https", [False, True])
def test_an_answer_that_broke_bears_them_too(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, path: str, https: bool
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the store is gone")

    options = WebOptions(public_url="https://count.example" if https else "")
    client = TestClient(create_app(ledger, options), raise_server_exceptions=False)
    for name in ("desk.sources", "web.accounts.Accounts.by_session"):
        monkeypatch.setattr(f"whipcount.{name}", broken)
        answer = client.get(path, headers={"Cookie": "__Host-whipcount_session=x; whipcount_session=x"})
        assert answer.status_code == 500
        assert "gone" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert ("strict-transport-security" in answer.headers) is https


def test_assets_are_kept_and_change_their_name(site: Site) -> None:
    found = re.findall(r'(?:href|src)="(/static/[^"]+)"', httpx.get(site.url + "/method").text)
    assert found
    for url in found:
        answer = httpx.get(site.url + url)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    assert httpx.get(site.url + "/static/site.css").status_code == 404
    assert httpx.get(site.url + "/static/..%2Fapp.py").status_code == 404


def test_nothing_comes_from_another_host(site: Site) -> None:
    page = httpx.get(site.url + "/method").text
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)
    assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", page)


@pytest.mark.usefixtures("ada")
def test_a_session_from_login_to_logout(site: Site) -> None:
    with signed_in(site) as client:
        cookie = next(c for c in client.cookies.jar if c.name == "whipcount_session")
        assert cookie.has_nonstandard_attr("HttpOnly")
        assert "Ada Brook" in client.get("/method").text
        secret = cookie.value
        out = client.post("/logout", data={"csrf": token_in(client.get("/method").text)})
        assert out.status_code == 303
        client.cookies.set("whipcount_session", secret or "")
        assert "Ada Brook" not in client.get("/method").text


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1"]
)
def test_logging_in_leads_nowhere_else(site: Site, target: str) -> None:
    with httpx.Client(base_url=site.url) as client:
        form = {"csrf": token_in(client.get("/login").text), "name": "Ada Brook", "password": PASSWORD}
        assert client.post("/login", data=form | {"next": target}).headers["location"] == "/"


@pytest.mark.usefixtures("ada")
def test_forms_of_other_sites_are_refused(site: Site, ledger: Ledger) -> None:
    fill(ledger, 1)
    with signed_in(site) as client:
        where = client.get("/review").headers["location"]
        page = client.get(where).text
        fields = dict(re.findall(r'name="(seen|key|csrf)" value="([^"]*)"', page)) | {"action": "accept"}
        bad = [
            ({k: v for k, v in fields.items() if k != "csrf"}, {}),
            (fields | {"csrf": "00" * 64}, {}),
            (fields | {"csrf": "nonsense"}, {}),
            (fields | {"csrf": token_in(httpx.get(site.url + "/login").text)}, {}),
            (fields, {"Origin": "https://evil.example"}),
            (fields, {"Origin": "null"}),
        ]
        for data, headers in bad:
            assert client.post(where, data=data, headers=headers).status_code == 403
        assert Reviews(ledger.engine).events() == []
        assert client.post(where, data=fields).status_code == 303
        assert [e.action for e in Reviews(ledger.engine).events()] == [Action.ACCEPT]


def test_form_tokens_are_never_twice_the_same(site: Site) -> None:
    with httpx.Client(base_url=site.url) as client:
        tokens = {token_in(client.get("/login").text) for _ in range(5)}
    assert len(tokens) == 5


def test_roles(site: Site, ledger: Ledger) -> None:
    accounts = Accounts(ledger.engine)
    for role in Role:
        accounts.add(role.value, role, password=PASSWORD)
    assert httpx.get(site.url + "/review").headers["location"] == "/login?next=%2Freview"
    for role, status in ((Role.READER, 403), (Role.REVIEWER, 200), (Role.ADMIN, 200)):
        with signed_in(site, role.value) as client:
            assert client.get("/review").status_code == status


def test_reading_in_private(serve: Serve, ledger: Ledger) -> None:
    accounts = Accounts(ledger.engine)
    accounts.add("Ada Brook", Role.READER, password=PASSWORD)
    token, _ = accounts.add_token("Ada Brook", "x", ["read"])
    with serve(ledger, WebOptions(private=True)) as site:
        assert httpx.get(site.url + "/method").headers["location"].startswith("/login")
        assert httpx.get(site.url + "/login").status_code == 200
        with signed_in(site) as client:
            assert client.get("/method").status_code == 200
        bearer = {"Authorization": f"Bearer {token}"}
        assert httpx.get(site.url + "/method", headers=bearer).status_code == 200
        wrong = httpx.get(site.url + "/method", headers={"Authorization": "Bearer wc_nothing"})
        assert wrong.status_code == 401
        assert "wc_nothing" not in wrong.text


def test_trying_passwords_is_slowed_down(site: Site, ledger: Ledger) -> None:
    Accounts(ledger.engine).add("Ada Brook", Role.READER, password=PASSWORD)
    with httpx.Client(base_url=site.url) as client:
        form = {"csrf": token_in(client.get("/login").text), "name": "Ada Brook"}
        answers = [client.post("/login", data=form | {"password": f"guess {n}"}) for n in range(12)]
        assert [a.status_code for a in answers] == [403] * 10 + [429] * 2
        assert int(answers[-1].headers["retry-after"]) > 0
        assert client.post("/login", data=form | {"password": PASSWORD}).status_code == 429


def test_too_many_requests(serve: Serve, ledger: Ledger) -> None:
    with serve(ledger, WebOptions(rate=5)) as site, httpx.Client(base_url=site.url) as client:
        answers = [client.get("/login") for _ in range(8)]
        assert [a.status_code for a in answers] == [200] * 5 + [429] * 3
        assert "retry-after" in answers[-1].headers
        css = re.search(r"/static/site[^\"]+", answers[0].text)
        assert css
        assert client.get(css[0]).status_code == 200


def test_what_is_too_large_is_refused(site: Site) -> None:
    with httpx.Client(base_url=site.url) as client:
        assert client.post("/login", data={"name": "x" * 1_100_000}).status_code == 413
        chunks = (b"name=" + b"x" * 100_000 for _ in range(12))
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert client.post("/login", content=chunks, headers=form).status_code == 413


def test_the_log_has_no_secret(site: Site, ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    accounts = Accounts(ledger.engine)
    accounts.add("Ada Brook", Role.READER, password=PASSWORD)
    token, _ = accounts.add_token("Ada Brook", "x", ["read"])
    with signed_in(site) as client:
        cookie = client.cookies["whipcount_session"]
        client.get("/method?code=sesame&as_of=nonsense", headers={"Authorization": f"Bearer {token}"})
        client.get("/method%0aFAKE 200")
    time.sleep(0.1)
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    assert any("GET /method 200" in line for line in ours)
    for secret in (PASSWORD, token, cookie, "sesame"):
        assert not any(secret in line for line in ours)
    assert not any("\n" in line for line in ours)


def test_over_https_cookies_stay_there(serve: Serve, ledger: Ledger) -> None:
    with serve(ledger, WebOptions(public_url="https://count.example")) as site:
        answer = httpx.get(site.url + "/login")
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-whipcount_form=")
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert answer.headers["strict-transport-security"]


def test_clients_are_told_apart_by_network() -> None:
    assert client({"client": ("2001:db8::1", 1)}) == client({"client": ("2001:db8::ffff", 2)})
    assert client({"client": ("2001:db8:0:1::1", 1)}) != client({"client": ("2001:db8::1", 1)})
    assert client({"client": ("192.0.2.1", 1)}) != client({"client": ("192.0.2.2", 1)})


def test_a_correction_enters_the_queue(site: Site, ledger: Ledger) -> None:
    fill(ledger, 1)
    one = ledger.evidence()[0]
    with httpx.Client(base_url=site.url) as client:
        form = {"csrf": token_in(client.get("/method").text), "about": one.id, "name": "Eve", "website": ""}
        sent = client.post("/method/complain", data=form | {"text": "She never said so."})
        assert sent.headers["location"] == "/method?sent=1#complain"
        (event,) = Reviews(ledger.engine).events()
        assert (event.action, event.subject, event.by) == (Action.NOTE, one.id, "a reader of the site")
        assert event.data["request"] is True
        assert str(event.data["text"]).startswith("She never said so.")
        assert client.post("/method/complain", data=form | {"text": " "}).status_code == 422
        trapped = client.post("/method/complain", data=form | {"text": "Buy!", "website": "x"})
        assert trapped.status_code == 303
        assert len(Reviews(ledger.engine).events()) == 1
        answers = [client.post("/method/complain", data=form | {"text": f"And {n}"}) for n in range(6)]
        assert [a.status_code for a in answers] == [303] * 4 + [429] * 2
    Accounts(ledger.engine).add("Ada Brook", Role.REVIEWER, password=PASSWORD)
    with signed_in(site) as client:
        where = client.get("/review?only=request").headers["location"]
        page = client.get(where).text
        assert "She never said so." in page
        fields = dict(re.findall(r'name="(seen|key|csrf|answers)" value="([^"]*)"', page))
        done = client.post(where, data=fields | {"action": "note", "text": "She did, on the pier."})
        assert done.status_code == 303
    assert Reviews(ledger.engine).events()[-1].data["answers"]


def test_limits_of_nobody() -> None:
    limits = Limits(0)
    assert all(limits.wait_for_any("x") == 0 for _ in range(2000))
