"""What two addresses of one page have in common, and that nothing else is lost."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whipcount.addresses import askable, is_address, joined, normal, own, site, tidy
from whipcount.errors import FetchError

FERRY = "https://www.courier.example/2031/07/ferry-plan"


@pytest.mark.parametrize(
    "other",
    [
        FERRY,
        f" {FERRY}\n",
        "HTTPS://WWW.Courier.Example:443/2031/07/ferry-plan",
        "https://www.courier.example./2031/07/ferry-plan",
        "https://reader:secret@www.courier.example/2031/07/ferry-plan",
        "https://www.courier.example/2031/./07/../07/ferry-plan",
        f"{FERRY}#comments",
        f"{FERRY}?utm_source=letter&utm_medium=email",
        f"{FERRY}?fbclid=IwAR0&UTM_Campaign=x&CMP=share_btn",
        f"{FERRY}?amp=1",
        f"{FERRY}?outputType=amp",
        f"{FERRY}/amp",
        "https://www.courier.example/amp/2031/07/ferry-plan",
        "https://amp.courier.example/2031/07/ferry-plan",
        "https://m.courier.example/2031/07/ferry-plan?utm_source=x",
        "https://mobile.courier.example/2031/07/ferry-plan",
        "https://www-courier-example.cdn.ampproject.org/c/s/www.courier.example/2031/07/ferry-plan/amp",
        "https://www-courier-example.cdn.ampproject.org/v/s/m.courier.example/amp/2031/07/ferry-plan?amp_js_v=0.1",
        "https://www.google.com/amp/s/amp.courier.example/2031/07/ferry-plan",
    ],
)
def test_one_page(other: str) -> None:
    assert normal(other) == FERRY


@pytest.mark.parametrize(
    "url",
    [
        # What a cleaner that goes by the beginnings of names would take off.
        "https://courier.example/story.php?4711",
        "https://courier.example/story?cid=4711&uid=2",
        "https://courier.example/show?gallery=7&reference=12&source=wire&session=2031",
        "https://courier.example/search?keyword=ferry",
        "https://courier.example/story?b=2&a=1&b=1&empty=",
        "https://courier.example/a+b/c%2Fd/(e);f@g?q=a+b%20c&x[]=1",
        "https://courier.example/story/",
        "https://courier.example/2031//07",
        "http://courier.example/story",
        "http://127.0.0.1:8080/story",
        "http://[::1]:8080/story",
        "https://courier.example/amplifiers/example",
        "https://courier.example/amp",
        "https://m.example/story",
        "https://courier.example/story?amp=220-volts",
        "https://xn--mnchen-3ya.example/fähre".replace("ä", "%C3%A4"),
    ],
)
def test_what_tells_pages_apart_stays(url: str) -> None:
    assert normal(url) == url
    assert tidy(url) == url


@pytest.mark.parametrize(
    "text", ["", "n/a", "courier.example/story", "ftp://courier.example/x", "http://", "http://[", "/x"]
)
def test_what_is_no_address_stays(text: str) -> None:
    assert normal(text) == tidy(text) == text
    with pytest.raises(FetchError):
        askable(text)


def test_to_ask_for() -> None:
    assert tidy(f"{FERRY}/amp?utm_source=x&page=2#top") == f"{FERRY}/amp?page=2"
    assert (
        askable("http://reader:secret@courier.example./x?utm_source=y#z")
        == "http://courier.example/x?utm_source=y"
    )
    assert joined(FERRY, " ../08/next\n?x=1#top") == "https://www.courier.example/2031/08/next?x=1"
    with pytest.raises(FetchError, match="only http and https"):
        joined(FERRY, "javascript://x")
    assert [is_address(text) for text in ("HTTP://x", "ftp://x", "C:\\x", "a/b.html", "-")] == [True] * 2 + [
        False
    ] * 3


@pytest.mark.parametrize(
    ("found", "canonical", "address"),
    [
        (
            "https://m.courier.example/x?utm_source=y",
            "https://www.courier.example/x#top",
            "https://www.courier.example/x",
        ),
        ("https://courier.example/x?fbclid=1", None, "https://courier.example/x"),
        ("https://courier.example/x", "/y", "https://courier.example/x"),
        # A mistake, and another's report
        ("https://courier.example/x", "https://courier.example/", "https://courier.example/x"),
        ("https://courier.example/x", "https://herald.example/y", "https://courier.example/x"),
        ("https://courier.co.uk/x", "https://herald.co.uk/x", "https://courier.co.uk/x"),
        ("https://news.courier.co.uk/x", "https://www.courier.co.uk/x", "https://www.courier.co.uk/x"),
        ("courier.html", "https://courier.example/x", "courier.html"),
        (None, "https://courier.example/x?gclid=1", "https://courier.example/x"),
        (None, None, None),
    ],
)
def test_the_page_decides(found: str | None, canonical: str | None, address: str | None) -> None:
    assert own(found, canonical) == address


def test_sites() -> None:
    hosts = ("www.courier.co.uk", "a.b.courier.example", "localhost", "127.0.0.1", "::1", "")
    assert [site(host) for host in hosts] == [
        "courier.co.uk",
        "courier.example",
        "localhost",
        "127.0.0.1",
        "::1",
        "",
    ]


LABEL = st.from_regex(r"[a-z][a-z0-9]{0,6}", fullmatch=True)
HOST = st.lists(
    LABEL | st.sampled_from(["www", "m", "amp", "mobile", "co", "uk", "com"]), min_size=1, max_size=5
).map(".".join)
SEGMENT = LABEL | st.sampled_from(
    ["amp", "amp.html", "x.amp", "..", ".", "", "%2F", "ü", "a b", "(x)", "c", "s"]
)
NAME = LABEL | st.sampled_from(["utm_source", "amp", "outputType", "fbclid", "id", "p", "q[]"])
PARAMETER = st.builds("{}={}".format, NAME, st.text("amp1yes%2 &=+ä", max_size=4)) | NAME
URLS = st.builds(
    "{}://{}{}/{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    HOST
    | st.sampled_from(["a-b.cdn.ampproject.org", "www.google.com", "127.0.0.1", "[::1]", "bücher.example"]),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    st.lists(SEGMENT, max_size=5).map("/".join),
    st.just("") | st.lists(PARAMETER, max_size=4).map("&".join).map("?{}".format),
    st.sampled_from(["", "#x", "#utm_source=y"]),
)


@settings(deadline=None)
@given(URLS | st.text())
def test_once_is_enough(url: str) -> None:
    for make in (normal, tidy):
        assert make(make(url)) == make(url)
    assert normal(tidy(url)) == normal(url)


@settings(deadline=None)
@given(URLS)
def test_what_it_gives_can_be_asked_for(url: str) -> None:
    assert re.match(r"https?://[^/#@ ]+/?[^#\s]*$", normal(url))
    assert askable(normal(url)) == normal(url)


@settings(deadline=None)
@given(HOST, st.lists(LABEL, min_size=1, max_size=4), st.lists(st.tuples(LABEL, LABEL), max_size=3))
def test_path_and_parameters_stay(host: str, path: list[str], query: list[tuple[str, str]]) -> None:
    # Of plain labels none is a variant's or a tracker's, but for the few that are listed.
    path = [one for one in path if one != "amp"] or ["x"]
    query = [
        pair for pair in query if pair[0] not in {"amp", "cmp", "cmpid", "ito", "spm", "xtor", "isamp", "aoh"}
    ]
    tail = f"/{'/'.join(path)}" + ("?" + "&".join(map("=".join, query)) if query else "")
    assert normal(f"https://{host}{tail}?utm_source=x".replace("?utm", "&utm" if query else "?utm")).endswith(
        tail
    )
    assert normal(f"https://{host}{tail}").endswith(tail)
