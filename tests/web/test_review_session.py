"""A reviewer's session in a real browser, by keyboard, and what the ledger holds after it."""

from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from making import Claim, july, reading
from web.conftest import PASSWORD, Site, log_in
from web.desks import fill
from whipcount.article import Stand
from whipcount.ledger import Ledger
from whipcount.ledger.events import Action, in_force
from whipcount.ledger.reviews import Reviews
from whipcount.web.accounts import Accounts
from whipcount.web.viewer import Role

SELECT = """(words) => {
  const context = document.getElementById("context");
  const walker = document.createTreeWalker(context, NodeFilter.SHOW_TEXT);
  let text = "", nodes = [];
  while (walker.nextNode()) { nodes.push([text.length, walker.currentNode]); text += walker.currentNode.data; }
  const find = (at) => { const [from, node] = nodes.filter(([from]) => from <= at).pop(); return [node, at - from]; };
  const start = text.indexOf(words), range = document.createRange();
  range.setStart(...find(start));
  range.setEnd(...find(start + words.length));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def subject(page: Page) -> str:
    return unquote(urlsplit(page.url).path.split("/")[-1])


def press(page: Page, key: str) -> None:
    """A key that sends a form or follows a link."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_fifty_decisions_by_keyboard(site: Site, ledger: Ledger, ada: str, browser_page: Page) -> None:
    fill(ledger, 55)
    before = {one.id: one for one in ledger.evidence()}
    page = browser_page
    log_in(page, site, to="/review")
    kept: dict[str, Action] = {}
    undone = set()
    while len(kept) < 50:
        here, turn = subject(page), len(kept)
        assert here not in kept
        one = before[here]
        text = ledger.article(one.article.id).text
        assert page.locator("#context").evaluate("e => e.textContent") == text
        if turn % 10 == 3:
            page.keyboard.press("c")
            page.keyboard.type("refused" if one.position is not Stand.REFUSED else "endorsed")
            press(page, "Control+Enter")
            kept[here] = Action.CORRECT
        elif turn % 10 == 5:
            page.evaluate(SELECT, "berth")
            page.keyboard.press("2")
            page.evaluate(SELECT, "🚢 at length")
            page.keyboard.press("1")
            page.keyboard.press("c")
            press(page, "Control+Enter")
            kept[here] = Action.CORRECT
        elif turn % 10 == 7:
            page.keyboard.press("n")
            page.keyboard.type(f"Look at this again, number {turn}.")
            press(page, "Control+Enter")
            assert subject(page) == here
            press(page, "r")
            kept[here] = Action.REJECT
        elif turn % 10 == 9 and here not in undone:
            press(page, "r")
            press(page, "u")
            assert subject(page) == here
            undone.add(here)
            press(page, "a")
            kept[here] = Action.ACCEPT
        else:
            press(page, "a" if turn % 2 else "r")
            kept[here] = Action.ACCEPT if turn % 2 else Action.REJECT
    press(page, "j")
    there = page.url
    press(page, "k")
    press(page, "j")
    assert page.url == there

    decided = ledger.decided()
    assert {key: [v.action for v in found] for key, found in decided.verdicts.items()} == {
        key: [action] for key, action in kept.items()
    }
    assert {v.by for found in decided.verdicts.values() for v in found} == {ada}
    events = Reviews(ledger.engine).events()
    assert sum(e.action is Action.NOTE for e in events) == 5
    assert sum(e.action is Action.UNDO for e in events) == len(undone) == 5
    assert len(in_force(events)) == 55
    corrected = [one for one in ledger.evidence() if kept.get(one.id) is Action.CORRECT]
    assert len(corrected) == 10
    for one in corrected:
        if "span" in one.corrected:
            assert one.corrected == {"span", "conditions"}
            assert one.quote.exact == "🚢 at length"
            assert one.conditions[-1].exact == "berth"
            assert one.quote.span.of(ledger.article(one.article.id).text) == one.quote.exact
        else:
            assert one.corrected == {"position"}
            assert one.position is not before[one.id].position


def test_somebody_was_faster(site: Site, ledger: Ledger, ada: str, browser_page: Page) -> None:
    fill(ledger, 3)
    page = browser_page
    log_in(page, site, to="/review")
    here = subject(page)
    Reviews(ledger.engine).record(Action.REJECT, here, "Bo Quill", seen=0)
    press(page, "a")
    assert subject(page) == here
    assert "Somebody was faster" in page.locator("[role=alert]").inner_text()
    assert [e.by for e in Reviews(ledger.engine).events(here)] == ["Bo Quill"]
    press(page, "a")
    assert [v.by for v in ledger.decided().verdicts[here]] == ["Bo Quill", ada]


def test_a_page_sent_twice_is_one_decision(site: Site, ledger: Ledger, ada: str, browser_page: Page) -> None:
    fill(ledger, 3)
    page = browser_page
    log_in(page, site, to="/review")
    here = subject(page)
    sent = page.evaluate(
        """async () => {
          const body = new URLSearchParams(new FormData(document.getElementById("decide")));
          body.set("action", "accept");
          const answers = await Promise.all([1, 2, 3].map(() => fetch(location.pathname, {method: "POST", body})));
          return answers.map((one) => one.status);
        }"""
    )
    assert sent == [200, 200, 200]
    assert [(e.action, e.by) for e in Reviews(ledger.engine).events(here)] == [(Action.ACCEPT, ada)]


@pytest.mark.usefixtures("ada")
def test_going_back_and_deciding_otherwise_is_said(site: Site, ledger: Ledger, browser_page: Page) -> None:
    fill(ledger, 3)
    page = browser_page
    log_in(page, site, to="/review")
    here = subject(page)
    press(page, "a")
    page.go_back()
    assert subject(page) == here
    press(page, "r")
    # The page that came back knew nothing of the first decision, or was loaded anew and did.
    found = [e.action for e in Reviews(ledger.engine).events(here)]
    if page.locator("[role=alert]").count():
        assert found == [Action.ACCEPT]
    else:
        assert found == [Action.ACCEPT, Action.REJECT]


def test_a_second_reader_does_not_see_the_first_decision(
    site: Site, ledger: Ledger, ada: str, browser_page: Page
) -> None:
    fill(ledger, 60)
    Accounts(ledger.engine).add("Bo Quill", Role.REVIEWER, password=PASSWORD)
    for one in ledger.evidence():
        Reviews(ledger.engine).record(Action.REJECT, one.id, ada, {"reason": "a slip of the ferry"})
    page = browser_page
    log_in(page, site, "Bo Quill", to="/review?only=second")
    here = subject(page)
    assert page.url.split("/")[-2] == "second"
    assert "ferry slip" not in page.content()
    assert "a slip of the ferry" not in page.content()
    assert ada not in page.locator("main").inner_text()
    press(page, "a")
    assert {v.by for v in ledger.decided().verdicts[here]} == {ada, "Bo Quill"}


@pytest.mark.usefixtures("ada")
def test_without_script_the_forms_do(site: Site, ledger: Ledger, chromium: Browser) -> None:
    fill(ledger, 1)
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, site, to="/review")
    here = subject(page)
    page.locator("#correct summary").click()
    page.fill("#words", "Notes   from berth 0")
    page.fill("#conditions", "")
    page.fill("#endorsee", "Dee Fenn")
    page.get_by_role("button", name="Keep the correction").click()
    page.wait_for_url("**/review**")
    one = next(e for e in ledger.evidence() if e.id == here)
    assert (one.quote.exact, one.conditions, one.endorsee.name) == ("Notes from berth 0", (), "Dee Fenn")
    page.get_by_role("button", name="Undo").first.click()
    page.fill("#words", "words that nobody wrote") if page.locator(
        "#correct[open]"
    ).count() else page.locator("#correct summary").click()
    page.fill("#words", "words that nobody wrote")
    page.get_by_role("button", name="Keep the correction").click()
    assert "The article does not say “words that nobody wrote”" in page.locator("[role=alert]").inner_text()
    assert page.input_value("#words") == "words that nobody wrote"
    context.close()


def test_an_unclear_report_comes_first_and_counts_once_it_is_accepted(
    site: Site, ledger: Ledger, ada: str, browser_page: Page
) -> None:
    fill(ledger, 3)
    ledger.add(reading(Claim("Eve Marsh", Stand.ENDORSED, unclear=True), published=july(9)))
    [one] = [e for e in ledger.evidence() if e.waits]
    log_in(browser_page, site, to="/review")
    assert subject(browser_page) == one.id
    assert "unclear, so it does not count yet" in browser_page.locator(".lead").inner_text()
    press(browser_page, "a")
    [event] = Reviews(ledger.engine).events()
    assert (event.subject, event.action, event.by) == (one.id, Action.ACCEPT, ada)
    [accepted] = ledger.evidence(ids=[one.id])
    assert accepted.excluded is None
