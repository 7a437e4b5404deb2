"""The reading pages in a real browser: a desktop and a phone, light and dark, by keyboard, checked with axe."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from making import HERALD, Claim, july, reading
from web.conftest import Site
from whipcount import desk
from whipcount.article import Sourcing, Stand

LATER = "as_of=2031-08-01"
SIZES = {"desktop": (1280, 900), "phone": (390, 844), "small": (320, 568)}


@pytest.fixture
def filled(site: Site) -> Site:
    brook = Claim("Ada Brook", Stand.WITHHOLDING, sourcing=Sourcing.OWN_WORDS, asks=("a plan for the ferry",))
    lead = " ".join(f"The lamp on quay {n} was lit at dusk and put out at dawn." for n in range(40))
    marsh = Claim("Eve Marsh", Stand.ENDORSED, unclear=True)
    site.ledger.add(reading(brook, Claim("Bo Quill", Stand.ENDORSED), marsh, published=july(3), lead=lead))
    site.ledger.add(
        reading(Claim("Bo Quill", Stand.ENDORSED), published=july(5), lead=lead, outlet=HERALD, id="m-1")
    )
    moved = Claim("Bo Quill", Stand.WITHDRAWN, sourcing=Sourcing.UNNAMED_SOURCE, via=HERALD)
    site.ledger.add(reading(moved, published=july(8), id="larkfield-2", lead="More."))
    return site


def paths(site: Site) -> list[str]:
    row = desk.count(site.ledger).rows[0]
    own = row.best.article
    return [
        f"/?{LATER}", f"/?by=position&{LATER}", f"/holdouts?{LATER}", f"/changes?{LATER}", "/sources",
        f"/endorser/{row.standing.endorser.id}", f"/article/{own.id}", f"/story/{own.story}",
    ]  # fmt: skip


@pytest.fixture(params=[(size, scheme) for size in SIZES for scheme in ("light", "dark")], ids="-".join)
def seen(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    size, scheme = request.param
    width, height = SIZES[size]
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def test_no_page_has_a_barrier_an_error_or_a_bar_to_scroll_sideways(filled: Site, seen: Page) -> None:
    trouble: list[str] = []
    seen.on("console", lambda message: trouble.append(message.text))
    seen.on("pageerror", lambda error: trouble.append(str(error)))
    for path in paths(filled):
        seen.goto(f"{filled.url}{path}")
        found = Axe().run(seen)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert seen.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), path
    assert trouble == []


def test_an_unclear_sentence_is_drawn_otherwise_than_one_that_counts(filled: Site, seen: Page) -> None:
    [one] = [e for e in filled.ledger.evidence() if e.waits]
    seen.goto(f"{filled.url}/article/{one.article.id}")
    unclear, clear = seen.locator(".text mark.m-unclear"), seen.locator(".text mark.m-position").first
    assert unclear.inner_text() == one.quote.exact
    assert unclear.evaluate("e => getComputedStyle(e).borderTopStyle") == "dashed"
    assert unclear.evaluate("e => getComputedStyle(e).backgroundColor") != clear.evaluate(
        "e => getComputedStyle(e).backgroundColor"
    )
    seen.goto(f"{filled.url}/endorser/{one.endorser.id}")
    expect(seen.get_by_text("unclear, not counted")).to_be_visible()
    assert Axe().run(seen).violations_count == 0


def test_a_row_leads_to_its_sentence_by_keyboard(filled: Site, browser_page: Page) -> None:
    browser_page.goto(f"{filled.url}/?{LATER}")
    link = browser_page.get_by_role("link", name="own words, in Larkfield Courier").first
    link.focus()
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url("**/article/**")
    place = browser_page.locator(":target")
    assert place.count() == 1
    sentence = browser_page.locator("p:has(:target)")
    assert "Ada Brook stands at withholding" in sentence.inner_text()
    assert sentence.locator("mark").count() > 0
    expect(sentence).to_be_in_viewport()


def test_filters_are_a_form_that_needs_no_script(filled: Site, browser_page: Page) -> None:
    browser_page.goto(f"{filled.url}/?{LATER}")
    browser_page.get_by_label("Position", exact=True).select_option("withholding")
    browser_page.get_by_role("button", name="Show").click()
    rows = browser_page.locator("#rows ~ section tbody tr")
    assert rows.count() == 1
    assert "Ada Brook" in rows.first.inner_text()
    assert "as_of=2031-08-01" in browser_page.url
    browser_page.get_by_role("link", name="Show all").click()
    assert browser_page.locator("#rows ~ section tbody tr").count() == 2


def test_the_chart_is_coloured_by_the_site_in_both_schemes(filled: Site, seen: Page) -> None:
    seen.goto(f"{filled.url}/?{LATER}")
    line = seen.locator(".pygal-chart .series .line").first
    paper = seen.evaluate("getComputedStyle(document.body).backgroundColor")
    assert line.evaluate("e => getComputedStyle(e).stroke") not in {"none", paper}
    assert seen.locator(".pygal-chart text").first.evaluate("e => getComputedStyle(e).fill") != paper
