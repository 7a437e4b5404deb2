"""When a page was published: each basis, their order, and what is no date of the article."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whipcount.article import Basis, Dating, Precision
from whipcount.page import page, stamp
from whipcount.page.dates import url_date

BODY = "".join(
    f"<p>{words}</p>"
    for words in (
        "Mayor Ada Brook endorsed Cy Dunmore for governor on Tuesday at the ferry landing.",
        "Sen. Bo Quill has not said whom he supports, and asks for a plan for the harbour first.",
        "The vote on the ferry is in November, and three more mayors are expected to come out.",
    )
)


def dated(
    head: str = "", above: str = "", below: str = "", **given: Any
) -> tuple[Dating | None, Dating | None]:
    html = f"<html><head>{head}</head><body><article><h1>Ferry plan</h1>{above}{BODY}</article>{below}</body></html>"
    article = page(html, id="ferry", **given)
    assert article.published == (article.dated.day if article.dated else None)
    return article.dated, article.modified


def linked(published: str, modified: str = "") -> str:
    also = f', "dateModified": "{modified}"' if modified else ""
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "{published}"{also}}}</script>'


def july(day: int) -> dt.date:
    return dt.date(2031, 7, day)


META = '<meta property="article:published_time" content="2031-07-03T06:00:00-05:00">'


@pytest.mark.parametrize(
    ("given", "basis", "day", "precision"),
    [
        ({"head": linked("2031-07-03T06:00:00-05:00")}, Basis.JSON_LD, 3, Precision.MINUTE),
        ({"head": linked("2031-07-03")}, Basis.JSON_LD, 3, Precision.DAY),
        ({"head": META}, Basis.META, 3, Precision.MINUTE),
        ({"head": '<meta name="date" content="2031-07-03">'}, Basis.META, 3, Precision.DAY),
        (
            {"above": '<time datetime="2031-07-03T06:00-05:00">Thursday</time>'},
            Basis.META,
            3,
            Precision.MINUTE,
        ),
        (
            {"above": '<span itemprop="datePublished" content="2031-07-03">Thursday</span>'},
            Basis.META,
            3,
            Precision.DAY,
        ),
        ({"fed": Dating(july(3), Basis.FEED)}, Basis.FEED, 3, Precision.DAY),
        ({"url": "https://courier.example/2031/07/03/ferry"}, Basis.URL, 3, Precision.DAY),
        ({"url": "https://courier.example/2031/jul/3/ferry"}, Basis.URL, 3, Precision.DAY),
        ({"url": "https://courier.example/2031/0703/ferry"}, Basis.URL, 3, Precision.DAY),
        ({"url": "https://courier.example/2031/07/ferry"}, Basis.URL, 1, Precision.MONTH),
        ({"above": "<p>Published July 3, 2031 | Updated July 5, 2031</p>"}, Basis.VISIBLE, 3, Precision.DAY),
        ({"above": '<div class="article-date">3 July 2031</div>'}, Basis.VISIBLE, 3, Precision.DAY),
        ({"above": "<p><b>Posted:</b> <i>July 3, 2031</i></p>"}, Basis.VISIBLE, 3, Precision.DAY),
    ],
)
def test_each_basis(given: dict[str, Any], basis: Basis, day: int, precision: Precision) -> None:
    found, _ = dated(**given)
    assert found is not None
    assert (found.basis, found.day, found.precision) == (basis, july(day), precision)


def test_the_best_basis_wins() -> None:
    url = "https://courier.example/2031/07/03/ferry"
    fed = Dating(july(3), Basis.FEED)
    above = "<p>Published July 3, 2031</p>"
    order = [
        dated(linked("2031-07-03") + META, above, url=url, fed=fed),
        dated(META, above, url=url, fed=fed),
        dated(above=above, url=url, fed=fed),
        dated(above=above, url=url),
        dated(above=above),
    ]
    assert [found.basis for found, _ in order if found] == list(Basis)[:5]


def test_a_moment_is_in_utc_and_the_day_is_the_outlets() -> None:
    found, _ = dated(linked("2031-07-03T23:30:00-05:00"))
    assert found == Dating(
        july(3), Basis.JSON_LD, Precision.MINUTE, dt.datetime(2031, 7, 4, 4, 30, tzinfo=dt.UTC)
    )


@pytest.mark.parametrize(
    "given",
    [
        {"url": "https://courier.example/2031/07/03/ferry"},
        {"above": "<p>Published July 3, 2031, 9:30 p.m.</p>"},
    ],
)
def test_a_moment_in_utc_falls_on_the_outlets_day(given: dict[str, Any]) -> None:
    found, _ = dated(linked("2031-07-04T02:30:00Z"), **given)
    assert found is not None
    assert (found.day, found.basis, found.at) == (
        july(3),
        Basis.JSON_LD,
        dt.datetime(2031, 7, 4, 2, 30, tzinfo=dt.UTC),
    )


def test_a_day_too_far_for_any_time_zone_stays() -> None:
    found, _ = dated(linked("2031-07-04T16:30:00Z"), url="https://courier.example/2031/07/03/ferry")
    assert found is not None
    assert found.day == july(4)


def test_a_stamp_of_a_later_edit_gives_way_to_the_address() -> None:
    url = "https://courier.example/2031/07/03/ferry"
    found, _ = dated(linked("2034-01-09T06:00:00Z"), url=url)
    assert found == Dating(july(3), Basis.URL)
    found, _ = dated(linked("2034-01-09T06:00:00Z") + META, url=url)
    assert found is not None
    assert found.basis is Basis.META
    # A month leaves open which day: the visible one, if it is of the month.
    found, _ = dated(above="<p>Published July 9, 2031</p>", url="https://courier.example/2031/07/ferry")
    assert found == Dating(july(9), Basis.VISIBLE)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"head": linked("1970-01-01T00:00:00Z")},
        {"head": linked("yesterday")},
        {"below": '<div class="comments"><p>Posted July 9, 2031</p></div>'},
        {"below": '<aside class="related"><time datetime="2031-07-09">July 9</time></aside>'},
        {"below": "<footer><time datetime='2031-07-09'>today</time></footer>"},
        {"above": "<p>A report published on May 4, 2029 said that the harbour is deep enough.</p>"},
        {"url": "https://courier.example/debate-of-2031-07-09-in-larkfield"},
        {"url": "https://courier.example/2031/13/ferry"},
        {"headers": {"Last-Modified": "Thu, 03 Jul 2031 10:00:00 GMT"}},
        {"headers": {"Date": "Thu, 03 Jul 2031 10:00:00 GMT"}},
    ],
)
def test_unknown_stays_unknown(given: dict[str, Any]) -> None:
    assert dated(**given)[0] is None


FETCHED = {"Date": "Wed, 09 Jul 2031 10:00:00 GMT"}


@pytest.mark.parametrize(
    "stamped", ["2031-07-09T10:00:00Z", "2031-07-09T05:00:20-05:00", "2031-08-09T10:00:00Z"]
)
def test_the_day_of_the_crawl_is_no_date(stamped: str) -> None:
    head = f'<meta name="date" content="{stamped}">'
    assert dated(head, headers=FETCHED) == (None, None)
    assert dated(linked(stamped, stamped), headers=FETCHED) == (None, None)


def test_modified() -> None:
    _, changed = dated(linked("2031-07-03", "2031-07-05T08:00:00+02:00"))
    assert changed == Dating(
        july(5), Basis.JSON_LD, Precision.MINUTE, dt.datetime(2031, 7, 5, 6, tzinfo=dt.UTC)
    )
    _, changed = dated('<meta property="article:modified_time" content="2031-07-05">')
    assert changed == Dating(july(5), Basis.META)
    _, changed = dated(above='<time class="updated" datetime="2031-07-05">July 5</time>')
    assert changed == Dating(july(5), Basis.META)
    _, changed = dated(above="<p>Last updated: July 5, 2031</p>")
    assert changed == Dating(july(5), Basis.VISIBLE)
    # Before it was published nothing is changed.
    assert dated(linked("2031-07-03", "2031-07-01"))[1] is None


@pytest.mark.parametrize(
    ("headers", "day"),
    [
        ({"last-modified": "Sat, 05 Jul 2031 10:00:00 GMT"}, july(5)),
        ({"Last-Modified": "Sat, 05 Jul 2031 10:00:00 GMT", **FETCHED}, july(5)),
        ({"Last-Modified": "Wed, 09 Jul 2031 09:59:00 GMT", **FETCHED}, None),
        ({"Last-Modified": "soon"}, None),
    ],
)
def test_last_modified(headers: Mapping[str, str], day: dt.date | None) -> None:
    found, changed = dated(headers=headers)
    assert found is None
    assert (changed.day if changed else None) == day
    assert changed is None or changed.basis is Basis.HTTP


NAIVE = st.datetimes(dt.datetime(1990, 1, 2), dt.datetime(2100, 1, 1))  # noqa: DTZ001


@given(NAIVE, st.integers(-12 * 60, 14 * 60))
def test_a_stamp_keeps_its_day_and_its_moment(moment: dt.datetime, offset: int) -> None:
    there = moment.replace(microsecond=0, tzinfo=dt.timezone(dt.timedelta(minutes=offset)))
    found = stamp(there.isoformat(), Basis.GIVEN)
    assert found is not None
    assert found.day == there.date()
    assert found.at == (there.astimezone(dt.UTC) if there.time() != dt.time() else None)


@given(st.text(max_size=60))
def test_any_text_as_a_stamp_or_an_address(text: str) -> None:
    for found in (stamp(text, Basis.GIVEN), url_date(text), url_date(f"https://courier.example/{text}")):
        assert found is None or 1990 <= found.day.year <= 2100
