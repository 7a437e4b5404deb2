"""Pages kept ready for those who have not logged in."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from making import Claim, july, reading
from web.conftest import Site, serving, signed_in
from whipcount import desk
from whipcount.article import Stand
from whipcount.ledger import Ledger
from whipcount.web.app import WebOptions

NEW = "Bo Quill"


@pytest.fixture
def ready(ledger: Ledger) -> Iterator[Site]:
    ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED), published=july(1)))
    with serving(ledger, WebOptions(rate=0, ready=600)) as site:
        assert "Ada Brook" in httpx.get(site.url).text
        ledger.add(reading(Claim(NEW, Stand.ENDORSED), published=july(2), id="n2", lead="The day after."))
        yield site


@pytest.mark.usefixtures("ada")
def test_readers_get_what_is_there_and_who_logged_in_what_is_new(ready: Site) -> None:
    for headers in ({}, {"Accept-Encoding": "identity"}):
        assert NEW not in httpx.get(ready.url, headers=headers).text
    assert NEW not in httpx.get(f"{ready.url}/?by=position").text
    answer = httpx.head(ready.url)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-security-policy"]
    assert NEW in httpx.get(f"{ready.url}/api/v1/standings").text
    with signed_in(ready) as client:
        text = client.get("/").text
        assert NEW in text
        assert "Ada Brook, reviewer" in text
    assert "Ada Brook, reviewer" not in httpx.get(ready.url).text


def test_many_who_ask_at_once_cost_as_much_as_one(ready: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = desk.holdouts
    monkeypatch.setattr(desk, "holdouts", lambda *a, **k: asked.append(1) or real(*a, **k))  # type: ignore[func-returns-value]
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: httpx.get(f"{ready.url}/holdouts").text, range(20)))
    assert len(set(found)) == 1
    assert len(asked) == 1


def test_a_form_is_one_readers_and_an_error_nobodys(ready: Site) -> None:
    with httpx.Client(base_url=ready.url) as one, httpx.Client(base_url=ready.url) as other:
        for client in (one, other):
            assert "whipcount_form" in client.get("/method").cookies
        assert one.get("/method").text != other.get("/method").text
    assert httpx.get(f"{ready.url}/endorser/p_new").status_code == 404
    assert httpx.get(f"{ready.url}/changes.atom").status_code == 200
