import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from whipcount.gather.pace import (
    LONGEST,
    RARELY,
    Bounds,
    after_failure,
    after_success,
    is_gone,
    page_again,
)

BOUNDS = Bounds()
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
spans = st.timedeltas(min_value=dt.timedelta(), max_value=dt.timedelta(days=400))


def test_a_source_with_news_is_visited_sooner_and_one_without_later() -> None:
    first = after_success(BOUNDS, None, new=10)
    assert first == 30 * MINUTE
    assert after_success(BOUNDS, first, new=1) == 15 * MINUTE
    assert after_success(BOUNDS, first, new=0) == 45 * MINUTE
    interval = first
    for _ in range(20):
        interval = after_success(BOUNDS, interval, new=1)
    assert interval == BOUNDS.soonest
    for _ in range(20):
        interval = after_success(BOUNDS, interval, new=0)
    assert interval == BOUNDS.latest


@given(st.none() | spans, st.integers(0, 1000), st.none() | spans)
def test_the_bounds_hold_and_so_does_what_the_feed_asks_for(
    interval: dt.timedelta | None, new: int, asked: dt.timedelta | None
) -> None:
    wait = after_success(BOUNDS, interval, new=new, asked=asked)
    assert BOUNDS.soonest <= wait <= max(BOUNDS.latest, LONGEST)
    assert wait >= min(asked or dt.timedelta(), LONGEST)


def test_the_users_wish_does_not_undercut_the_feeds() -> None:
    assert after_success(BOUNDS, HOUR, new=1, every=MINUTE) == MINUTE
    assert after_success(BOUNDS, HOUR, new=1, every=MINUTE, asked=20 * MINUTE) == 20 * MINUTE
    assert after_success(BOUNDS, HOUR, new=1, every=3 * DAY) == 3 * DAY


def test_failures_double_the_wait_up_to_a_day() -> None:
    waits = [after_failure(BOUNDS, 30 * MINUTE, failures=n) for n in (1, 2, 3, 50)]
    assert waits == [30 * MINUTE, HOUR, 2 * HOUR, DAY]
    assert after_failure(BOUNDS, None, failures=1, retry_after=2 * HOUR) == 2 * HOUR
    assert after_failure(BOUNDS, None, failures=1, retry_after=100 * DAY) == DAY
    assert after_failure(BOUNDS, None, failures=1, gone=True) == RARELY


def test_what_makes_a_source_gone() -> None:
    assert is_gone(410, 1)
    assert not is_gone(404, 1)
    assert is_gone(404, 5)
    assert not is_gone(503, 100)
    assert not is_gone(None, 100)


def test_pages_worth_another_try() -> None:
    assert page_again(503, 1)
    assert page_again(429, 1, retry_after=HOUR) == HOUR
    assert page_again(None, 1)
    assert page_again(404, 1)
    assert page_again(404, 3) is None
    assert page_again(403, 1) is None
    assert page_again(410, 1) is None
    assert page_again(None, 1, lasting=True) is None
    assert page_again(503, 6) is None


@given(st.none() | st.integers(100, 599), st.integers(1, 20))
def test_every_page_is_given_up_at_some_time(status: int | None, tries: int) -> None:
    wait = page_again(status, tries)
    assert wait is None or (dt.timedelta() < wait <= LONGEST and tries <= 5)
