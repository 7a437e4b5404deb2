"""The day something was said, against the day of publication."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whipcount.article import Article, Basis, Dating, Precision, Span
from whipcount.read.dates import said_on

WEDNESDAY = dt.date(2031, 7, 23)


def day(text: str, published: dt.date | None = WEDNESDAY) -> str | None:
    got = said_on(Article("x", text, published=published), Span(0, len(text)))
    return got.isoformat() if got else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Finch said Tuesday that he is out.", "2031-07-22"),
        ("Finch said Wednesday that he is out.", "2031-07-23"),
        ("Finch told reporters Thursday that he is out.", "2031-07-17"),
        ("Finch endorsed Castell late Monday night.", "2031-07-21"),
        ("Finch backed Castell yesterday.", "2031-07-22"),
        ("On July 20, Finch endorsed Castell.", "2031-07-20"),
        ("Finch endorsed Castell on 20 July.", "2031-07-20"),
        ("On Feb. 2, 2028, Finch endorsed Castell.", "2028-02-02"),
        ("Finch told the Post two days ago that he is out.", "2031-07-21"),
        ("Finch endorsed Castell on Dec. 30.", "2030-12-30"),
        ("Finch said Monday that he will endorse Castell on Friday.", "2031-07-21"),
        ("Finch, who won Tuesday's primary, endorsed Castell on Sunday.", "2031-07-20"),
        ("Finch said in Monday's interview that he is out.", "2031-07-21"),
    ],
)
def test_days(text: str, expected: str) -> None:
    assert day(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Finch has yet to endorse.",
        "Finch endorsed Castell last week.",
        "Finch endorsed Castell in June.",
        "Finch will endorse Castell on Thursday.",
        "Finch is expected to endorse Castell Tuesday.",
        "On Monday, Finch will endorse Castell.",
        "Finch won't endorse before the July 12 primary.",
        "“I made up my mind yesterday,” Finch said.",
        "Finch endorsed Castell after Monday's debate.",
        "Finch will endorse Castell next Tuesday.",
        "The board meets Aug. 2.",
    ],
)
def test_no_day(text: str) -> None:
    assert day(text) is None


def test_without_a_day_of_publication_only_a_full_date_tells() -> None:
    assert day("Finch said Tuesday that he is out.", None) is None
    assert day("Finch endorsed Castell on March 3.", None) is None
    assert day("Finch endorsed Castell on March 3, 2031.", None) == "2031-03-03"


def test_in_a_month_no_weekday_is_a_day() -> None:
    month = Dating(dt.date(2031, 7, 1), Basis.URL, Precision.MONTH)
    for words, day in (
        ("on Tuesday", None),
        ("on July 20, 2031", dt.date(2031, 7, 20)),
        ("on Aug. 1, 2031", None),
    ):
        text = f"Ada Brook endorsed Cy Dunmore {words}."
        article = Article(id="a", text=text, published=month.day, dated=month)
        assert said_on(article, Span(0, len(text))) == day


def test_only_the_evidence_is_looked_at() -> None:
    text = "Finch spoke Monday. Finch endorsed Castell on Sunday."
    evidence = Span(text.index("Finch endorsed"), len(text))
    assert said_on(Article("x", text, published=WEDNESDAY), evidence) == dt.date(2031, 7, 20)


@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)),
    st.sampled_from(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]),
)
def test_a_weekday_is_within_the_week_before(published: dt.date, weekday: str) -> None:
    text = f"Finch said {weekday} that he is out."
    got = said_on(Article("x", text, published=published), Span(0, len(text)))
    assert got is not None
    assert 0 <= (published - got).days < 7
    assert got.strftime("%A") == weekday


@given(st.text(max_size=120), st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))
def test_never_after_publication(text: str, published: dt.date) -> None:
    text = "Finch said Tuesday " + text + " on July 4 and Jan. 1, 2090"
    got = said_on(Article("x", text, published=published), Span(0, len(text)))
    assert got is None or got <= published
