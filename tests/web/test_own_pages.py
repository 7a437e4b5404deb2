"""The account's own page and that of webhook deliveries: with and without a browser."""

import datetime as dt
import re

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from making import Claim, july, reading
from web.conftest import PASSWORD, Site, log_in, signed_in, token_in
from whipcount.article import Stand
from whipcount.errors import AccountError
from whipcount.ledger import Ledger
from whipcount.ledger.hooks import DUE, Webhooks
from whipcount.recorder import Recorder
from whipcount.web.accounts import Accounts
from whipcount.web.viewer import Role

BETTER = "a heron on the pier"


@pytest.fixture
def root(ledger: Ledger) -> str:
    """An administrator's name."""
    return Accounts(ledger.engine).add("Cy Marsh", Role.ADMIN, password=PASSWORD).name


@pytest.fixture
def told(ledger: Ledger) -> Webhooks:
    """A webhook with a delivery that arrived, one that failed and one that waits."""
    hooks = Webhooks(ledger.engine)
    hook = hooks.add(hooks.new_id(), "https://desk.example/<hook>", "Cy Marsh", "check", label="The & desk")
    for number, stand in enumerate((Stand.EXPECTED, Stand.WITHHOLDING, Stand.ENDORSED)):
        lead = f"Day {number} on the pier."
        ledger.add(reading(Claim("Ada Brook", stand), published=july(1 + number), id=f"n{number}", lead=lead))
        Recorder(ledger.engine).catch_up()
    first, second, _ = reversed(hooks.deliveries(hook.id))
    hooks.tried(first.number, status=204, error=None, again_in=None)
    hooks.tried(second.number, status=500, error="the receiver <b>broke</b>", again_in=None)
    return hooks


def send(client: httpx.Client, path: str, **data: object) -> httpx.Response:
    return client.post(path, data={"csrf": token_in(client.get("/account").text)} | data)


@pytest.mark.usefixtures("ada")
def test_a_password_is_changed_by_who_knows_it_and_ends_other_sessions(site: Site) -> None:
    with signed_in(site) as client, signed_in(site) as other:
        wrong = send(client, "/account/password", old="not it at all", new=BETTER, again=BETTER)
        differ = send(client, "/account/password", old=PASSWORD, new=BETTER, again=f"{BETTER}s")
        short = send(client, "/account/password", old=PASSWORD, new="short", again="short")
        assert [one.status_code for one in (wrong, differ, short)] == [403, 422, 422]
        assert "at least 10 characters" in short.text
        done = send(client, "/account/password", old=PASSWORD, new=BETTER, again=BETTER)
        assert done.headers["location"] == "/account?done=password"
        assert "Your password is changed" in client.get(done.headers["location"]).text
        assert other.get("/account").headers["location"].startswith("/login")
    accounts = Accounts(site.ledger.engine)
    assert accounts.check("Ada Brook", PASSWORD) is None
    assert accounts.check("Ada Brook", BETTER)


@pytest.mark.usefixtures("ada", "root")
def test_ones_own_sessions_are_listed_and_ended_and_nobody_elses(site: Site) -> None:
    with signed_in(site) as client, signed_in(site) as other, signed_in(site, "Cy Marsh") as third:
        page = client.get("/account").text
        (session,) = re.findall(r'name="session" value="([0-9a-f]+)"', page)
        assert send(third, "/account/sessions/end", session=session).status_code == 404
        assert other.get("/account").status_code == 200
        assert send(client, "/account/sessions/end", session=session).status_code == 303
        assert other.get("/account").status_code == 303
        assert client.get("/account").status_code == 200


@pytest.mark.usefixtures("ada", "root")
def test_a_token_is_shown_once_kept_hashed_and_revoked_by_its_owner(site: Site) -> None:
    with signed_in(site) as client, signed_in(site, "Cy Marsh") as other:
        refused = send(client, "/account/tokens", label="import", scope="admin")
        assert refused.status_code == 422
        assert send(client, "/account/tokens", label="import").status_code == 422
        made = send(client, "/account/tokens", label="import", scope=["read", "review"], days="30")
        assert made.headers["cache-control"] == "no-store"
        (secret,) = re.findall(r"wc_[\w-]{43}", made.text)
        assert secret not in client.get("/account").text
        bearer = {"Authorization": f"Bearer {secret}"}
        assert httpx.get(f"{site.url}/api/v1/review/queue", headers=bearer).status_code == 200
        assert httpx.get(f"{site.url}/account", headers=bearer).headers["location"].startswith("/login")
        (one,) = Accounts(site.ledger.engine).tokens("Ada Brook")
        assert one.scopes == ("read", "review")
        assert one.expires_at
        assert one.expires_at - one.created_at == dt.timedelta(days=30)
        assert send(other, f"/account/tokens/{one.id}/revoke").status_code == 404
        assert send(client, f"/account/tokens/{one.id}/revoke").status_code == 303
        assert httpx.get(f"{site.url}/api/v1/review/queue", headers=bearer).status_code == 401


@pytest.mark.usefixtures("ada")
def test_forms_of_other_sites_do_nothing_here(site: Site) -> None:
    with signed_in(site) as client:
        for path in ("password", "sessions/end", "tokens", "tokens/1/revoke"):
            sent = client.post(f"/account/{path}", data={"label": "x", "scope": "read"})
            assert sent.status_code == 403, path
    assert Accounts(site.ledger.engine).tokens() == []
    with pytest.raises(AccountError):
        Accounts(site.ledger.engine).end_session("Ada Brook", "00")


@pytest.mark.usefixtures("ada", "root", "told")
def test_only_administrators_see_what_webhooks_were_told(site: Site) -> None:
    assert httpx.get(f"{site.url}/webhooks").headers["location"].startswith("/login")
    with signed_in(site) as client:
        assert client.get("/webhooks").status_code == 403
        assert 'href="/webhooks"' not in client.get("/").text
        assert send(client, "/webhooks/replay", number="1").status_code == 403
    with signed_in(site, "Cy Marsh") as client:
        assert 'href="/webhooks"' in client.get("/").text
        text = client.get("/webhooks").text
        assert "The &amp; desk" in text
        assert "the receiver &lt;b&gt;broke&lt;/b&gt;" in text
        assert client.get("/webhooks?hook=wh_none").status_code == 404
        assert client.get("/webhooks?state=lost").status_code == 422
        failed = client.get("/webhooks?state=failed").text
        assert "expected → withholding" in failed
        assert "withholding → endorsed" not in failed


@pytest.mark.usefixtures("root")
def test_a_delivery_is_sent_again(site: Site, told: Webhooks) -> None:
    failed = told.deliveries(state="failed")[0]
    with signed_in(site, "Cy Marsh") as client:
        assert send(client, "/webhooks/replay", number="999").status_code == 404
        done = send(client, "/webhooks/replay", number=str(failed.number))
        assert "1 delivery to be sent again now" in client.get(done.headers["location"]).text
        assert next(d for d in told.deliveries() if d.number == failed.number).state == DUE
        told.tried(failed.number, status=500, error="broke", again_in=None)
        done = send(client, "/webhooks/replay", failed_of=failed.webhook_id)
        assert done.headers["location"] == f"/webhooks?hook={failed.webhook_id}&again=1"
        told.remove(failed.webhook_id, "gone")
        assert send(client, "/webhooks/replay", number=str(failed.number)).status_code == 404


@pytest.mark.usefixtures("root", "told")
@pytest.mark.parametrize("width", [1280, 390])
def test_both_by_keyboard_and_without_a_barrier(site: Site, browser_page: Page, width: int) -> None:
    browser_page.set_viewport_size({"width": width, "height": 900})
    log_in(browser_page, site, "Cy Marsh", to="/account")
    browser_page.get_by_text("Make a token").press("Enter")
    browser_page.get_by_label("What it is for").press_sequentially("the graphics desk")
    browser_page.keyboard.press("Enter")
    expect(browser_page.get_by_label("The token", exact=True)).to_contain_text("wc_")
    barriers(browser_page)
    browser_page.goto(f"{site.url}/webhooks?state=failed")
    barriers(browser_page)
    browser_page.get_by_role("button", name="Send again").press("Enter")
    expect(browser_page.get_by_role("status")).to_contain_text("1 delivery to be sent again")


def barriers(page: Page) -> None:
    page.eval_on_selector_all("details", "all => all.forEach((one) => { one.open = true; })")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
