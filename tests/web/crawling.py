"""Every page of the site that links lead to."""

from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

from playwright.sync_api import Page

from web.conftest import Site

STARTS = ("/", "/holdouts", "/changes", "/sources", "/review", "/method", "/login")


def pages(page: Page, site: Site, most: int) -> Iterator[str]:
    """Visit up to so many pages in turn, not more than a few of a kind; those that are not there are passed over."""
    ahead, seen = [site.url + path for path in STARTS], set[str]()
    kinds: dict[str, int] = {}
    while ahead and len(seen) < most:
        url = ahead.pop(0)
        kind = urlsplit(url).path.split("/")[1] + ("?" if "?" in url else "")
        if url in seen or kinds.get(kind, 0) >= 12:
            continue
        seen.add(url)
        answer = page.request.get(url)
        assert answer.status < 500, url
        if not answer.ok or "text/html" not in answer.headers.get("content-type", ""):
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        page.goto(url)
        yield url
        found = page.eval_on_selector_all("a[href]", "all => all.map((one) => one.href)")
        ahead += [urldefrag(one).url for one in found if one.startswith(site.url)]
