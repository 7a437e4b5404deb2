"""Articles that try to run something in the reader's browser."""

import pytest
from playwright.sync_api import Dialog, Page

from making import july
from web.conftest import Site, log_in
from web.crawling import pages
from whipcount.article import (
    Article,
    Attribution,
    Kind,
    Position,
    Reading,
    Sourcing,
    Span,
    Stand,
)
from whipcount.ledger import Ledger
from whipcount.ledger.events import Action
from whipcount.ledger.reviews import Reviews

MARKUP = [
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    '"><svg onload=window.pwned=1>',
    "'><iframe srcdoc='<script>parent.pwned=1</script>'>",
    "</title><script>window.pwned=1</script>",
    "</textarea><script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    "<!--><script>window.pwned=1</script-->",
    "<math><mtext><style><img src=x onerror=window.pwned=1></style></mtext></math>",
    "<a href=javascript:window.pwned=1>press me</a>",
    "<details open ontoggle=window.pwned=1>",
    '" autofocus onfocus=window.pwned=1 x="',
    "{{ ''.__class__ }}{% raw %}",
    "${window.pwned=1}",
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "\u003cscript\u003ewindow.pwned=1\u003c/script\u003e",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<form action=https://evil.example><button>press me</button>",
    "\u202e<script>1=denwp.wodniw</script>\r\n\t",
]
ADDRESSES = [
    "javascript:window.pwned=1",
    "JaVaScRiPt:window.pwned=1",
    "java\tscript:window.pwned=1",
    " javascript:window.pwned=1",
    "\x01javascript:window.pwned=1",
    "data:text/html,<script>opener.pwned=1</script>",
    "vbscript:msgbox",
    '//evil.example/"onmouseover="window.pwned=1',
    'https://courier.example/"onmouseover="window.pwned=1',
    "https://courier.example/'><script>window.pwned=1</script>",
    "https://user:secret@[::1",
    "https:javascript:window.pwned=1",
    'https://courier.example/#:~:text=a&b"><script>window.pwned=1</script>',
]


def hostile(number: int) -> Reading:
    bad = MARKUP[number % len(MARKUP)]
    name = f"Ada {bad}"
    sentence = f"{name} said {bad} about Cy {bad}."
    title = f"Title {number} {bad}"
    text = f"{title}\n\n{bad}\n{sentence}\n{bad}"
    at = text.index(sentence)
    source = Span(at, at + len(name))
    return Reading(
        Article(
            id=f"hostile-{number}",
            text=text,
            title=title,
            outlet=f"Outlet {bad}",
            original_outlet=f"First {bad}" if number % 2 else None,
            published=july(1 + number % 28),
            url=ADDRESSES[number % len(ADDRESSES)],
            authors=(bad,),
        ),
        (),
        (Attribution((source,), (Span(source.end + 1, source.end + 5),), (Span(source.end + 6, at + len(sentence)),), name),),
        (
            Position(
                endorser=name,
                endorser_kind=Kind.PERSON,
                endorsee=f"Cy {bad}",
                position=list(Stand)[number % len(Stand)],
                sourcing=Sourcing.OWN_WORDS,
                evidence=Span(at, at + len(sentence)),
                via=f"Via {bad}",
                conditions=(Span(source.end + 6, source.end + 6 + len(bad)),),
                said_on=july(1 + number % 28),
                confidence=0.5,
                because=f"pattern {bad}",
            ),
        ),
    )  # fmt: skip


@pytest.mark.usefixtures("ada")
def test_nothing_of_it_runs(site: Site, ledger: Ledger, browser_page: Page) -> None:
    count = max(len(MARKUP), len(ADDRESSES)) * 2
    for number in range(count):
        ledger.add(hostile(number))
    reviews = Reviews(ledger.engine)
    for one, bad in zip(ledger.evidence()[:8], MARKUP, strict=False):
        reviews.record(Action.REJECT, one.id, f"Bo {bad}", {"reason": bad})
        reviews.record(Action.NOTE, one.id, "Bo", {"text": bad, "request": True})
    page, told = browser_page, list[str]()

    def dismiss(dialog: Dialog) -> None:
        told.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: told.append(request.url) if "evil" in request.url else None)
    log_in(page, site)
    visited = 0
    for url in pages(page, site, 90):
        visited += 1
        state = page.evaluate(
            """() => ({
              pwned: window.pwned ?? null,
              scripts: [...document.scripts].map((one) => one.getAttribute("src")),
              links: [...document.querySelectorAll("a[href], area[href]")].map((one) => one.protocol),
              forms: [...document.forms].map((one) => new URL(one.getAttribute("action") ?? "", location.href).origin),
              frames: document.querySelectorAll("iframe, object, embed, base, meta[http-equiv]").length,
              handlers: [...document.querySelectorAll("*")].flatMap((one) => one.getAttributeNames())
                .filter((name) => name.startsWith("on") || name === "style" || name === "srcdoc"),
            })"""
        )
        assert state["pwned"] is None, url
        assert all((src or "").startswith("/static/") for src in state["scripts"]), url
        assert set(state["links"]) <= {"http:", "https:"}, url
        assert set(state["forms"]) <= {site.url}, url
        assert (state["frames"], state["handlers"]) == (0, []), url
        for link in page.locator("main a.external").all()[:3]:
            link.hover()
    assert visited >= 10
    assert told == []
