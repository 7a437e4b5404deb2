"""When to ask again: pure functions over what was learnt from the last visits."""

import datetime as dt
from dataclasses import dataclass

FIRST = dt.timedelta(minutes=30)
"""Between the first two visits, when nothing is known of a source's pace yet."""
LONGEST = dt.timedelta(days=1)
"""However long a feed asks to be left alone, and however often it failed: news would be missed."""
RARELY = dt.timedelta(days=7)
"""For what is gone: outlets move, and some come back."""
GONE_AFTER = 5
"""Failures in a row of the kind "not found" that make a source gone."""

_QUICKER, _SLOWER = 0.5, 1.5
_PAGE_AGAIN = tuple(dt.timedelta(minutes=m) for m in (2, 15, 60, 360, 1440))
_MISSING_AGAIN = 2
_TOO_MANY = 429
_WORTH_ANOTHER_TRY = frozenset({408, 425, _TOO_MANY})
_NOT_FOUND, _GONE = 404, 410


@dataclass(frozen=True, slots=True)
class Bounds:
    """How often a source may be visited where the user does not say."""

    soonest: dt.timedelta = dt.timedelta(minutes=5)
    latest: dt.timedelta = dt.timedelta(hours=6)

    def hold(self, interval: dt.timedelta) -> dt.timedelta:
        """The interval, within the bounds."""
        return max(self.soonest, min(interval, self.latest))


def after_success(
    bounds: Bounds,
    interval: dt.timedelta | None,
    *,
    new: int,
    every: dt.timedelta | None = None,
    asked: dt.timedelta | None = None,
) -> dt.timedelta:
    """How long to leave a source alone that answered.

    `interval` is the wait before this visit, `new` how many pages it brought, `every` what the
    user sets, `asked` what the feed itself asks for, which the user's wish does not undercut.
    """
    if every is not None:
        wanted = every
    elif interval is None:
        wanted = bounds.hold(FIRST)
    else:
        wanted = bounds.hold(interval * (_QUICKER if new else _SLOWER))
    return max(wanted, min(asked or dt.timedelta(), LONGEST))


def after_failure(
    bounds: Bounds,
    interval: dt.timedelta | None,
    *,
    failures: int,
    gone: bool = False,
    retry_after: dt.timedelta | None = None,
) -> dt.timedelta:
    """How long to leave a source alone that failed for the `failures`th time in a row."""
    if gone:
        return RARELY
    doubled = max(interval or FIRST, bounds.soonest) * float(2 ** min(failures - 1, 12))
    wait = min(doubled, LONGEST)
    return max(wait, min(retry_after or dt.timedelta(), LONGEST))


def is_gone(status: int | None, failures: int) -> bool:
    """Whether a source that answered so, for the `failures`th time in a row, is no more."""
    return status == _GONE or (status == _NOT_FOUND and failures >= GONE_AFTER)


def page_again(
    status: int | None, tries: int, *, lasting: bool = False, retry_after: dt.timedelta | None = None
) -> dt.timedelta | None:
    """When to try a page again that failed for the `tries`th time; None: never.

    A page that is not found may be about to appear: feeds run ahead of caches.
    """
    if lasting or tries > len(_PAGE_AGAIN):
        return None
    if status is not None and status < 500 and status not in _WORTH_ANOTHER_TRY:  # noqa: SIM102 - read as two rules
        if status != _NOT_FOUND or tries > _MISSING_AGAIN:
            return None
    return max(_PAGE_AGAIN[tries - 1], min(retry_after or dt.timedelta(), LONGEST))
