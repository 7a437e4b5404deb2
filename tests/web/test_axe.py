"""What axe finds on the pages."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from web.conftest import Site, log_in
from web.crawling import pages
from web.desks import fill
from whipcount.ledger import Ledger
from whipcount.ledger.events import Action
from whipcount.ledger.reviews import Reviews


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious(site: Site, ledger: Ledger, chromium: Browser, scheme: str) -> None:
    fill(ledger, 12)
    for one in ledger.evidence()[:4]:
        Reviews(ledger.engine).record(Action.ACCEPT, one.id, "Bo Quill")
    context = chromium.new_context(
        viewport={"width": 390 if scheme == "dark" else 1280, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    log_in(page, site)
    found = []
    visited = 0
    for url in pages(page, site, 25):
        visited += 1
        page.eval_on_selector_all("details", "all => all.forEach((one) => { one.open = true; })")
        found += [
            (url, one["id"], [node["html"][:200] for node in one["nodes"]])
            for one in Axe().run(page).response["violations"]
            if one["impact"] in {"serious", "critical"}
        ]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
    context.close()
    assert visited >= 5
    assert found == []
