"""How each source does: what it brought lately, and whether it is dead or drifting."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from whipcount.gather.follow_state import PageState
from whipcount.ledger.source_models import PageRow, SourceRow

RECENT = dt.timedelta(days=30)
"""Shares are of the pages found in this time: drift must not drown in good old days."""
_DEAD_FAILURES = 5
_DEAD_AFTER = dt.timedelta(days=7)
_QUIET_DAYS = 7.0
_QUIET_GAPS = 5
"""So many times its usual gap without a new page is unusual for a source."""
_ENOUGH = 10
"""Of fewer pages a share says nothing."""
_HIGH_SHARE = 0.5


class Health(StrEnum):
    """What to think of a source."""

    NEW = "new"
    """Not visited yet."""
    OK = "ok"
    DRIFTING = "drifting"
    """It answers, but not as it used to or should."""
    DEAD = "dead"
    UNLISTED = "unlisted"
    """No longer followed."""


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One listed source, with the sitemaps that it names where it is an index of them."""

    url: str
    kind: str | None
    outlet: str | None
    listed: bool
    gone: bool
    failures: int
    broken: int
    added_at: dt.datetime
    next_at: dt.datetime
    last_success: dt.datetime | None
    last_new: dt.datetime | None
    last_error: str | None
    last_error_at: dt.datetime | None
    pages: int
    """Named by it in all, other than those that an earlier source named."""
    articles: int
    waiting: int
    failed: int
    recent: int
    """Articles of pages found lately, as far as they were parsed."""
    no_text: int
    """Pages found lately that hold no article."""
    no_date: int
    """Of the recent articles, like `cut_off`."""
    cut_off: int
    asked_at: dt.datetime

    @property
    def days_since_new(self) -> int | None:
        """Whole days since it last brought a page that was not known; None where it never did."""
        return None if self.last_new is None else max(0, (self.asked_at - self.last_new).days)

    @property
    def no_text_share(self) -> float | None:
        """Of the recent pages, those that held no article."""
        return _share(self.no_text, self.recent + self.no_text)

    @property
    def no_date_share(self) -> float | None:
        """Of the recent articles, those without a day of publication."""
        return _share(self.no_date, self.recent)

    @property
    def cut_off_share(self) -> float | None:
        """Of the recent articles, those that end at a paywall."""
        return _share(self.cut_off, self.recent)

    @property
    def health(self) -> Health:
        """What to think of it; `why` says the reasons."""
        if not self.listed:
            return Health.UNLISTED
        if self._death():
            return Health.DEAD
        if self._drifts():
            return Health.DRIFTING
        return Health.OK if self.last_success else Health.NEW

    @property
    def why(self) -> str:
        """What makes it dead or drifting, in words; empty where it is neither."""
        if not self.listed:
            return ""
        return self._death() or "; ".join(self._drifts())

    def _death(self) -> str:
        if self.gone:
            return "gone" + (f": {self.last_error}" if self.failures and self.last_error else "")
        since = self.last_success or self.added_at
        if self.failures >= _DEAD_FAILURES and (
            self.last_success is None or self.asked_at - since > _DEAD_AFTER
        ):
            return f"failed {self.failures} times in a row: {self.last_error}"
        return ""

    def _drifts(self) -> list[str]:
        found = []
        if self.failures >= _DEAD_FAILURES:
            found.append(f"failed {self.failures} times in a row: {self.last_error}")
        days = self.days_since_new
        if days is not None and self.pages:
            gap = (self.asked_at - self.added_at).total_seconds() / 86400 / self.pages
            if days > max(_QUIET_DAYS, _QUIET_GAPS * gap):
                found.append(f"nothing new for {days} days")
        for share, words, of in (
            (self.no_text_share, "no text in", self.recent + self.no_text),
            (self.no_date_share, "no date in", self.recent),
            (self.cut_off_share, "cut off by a paywall:", self.recent),
        ):
            if share is not None and of >= _ENOUGH and share >= _HIGH_SHARE:
                found.append(f"{words} {share:.0%}")
        return found


def _share(number: int, of: int) -> float | None:
    return number / of if of else None


def source_reports(connection: Connection, now: dt.datetime) -> list[SourceReport]:
    """A report for each source that is or was listed."""
    read = PageRow.state == PageState.READ.value
    recent = PageRow.found_at >= now - RECENT
    counts: dict[str, Row[*tuple[Any, ...]]] = {
        row.source: row
        for row in connection.execute(
            select(
                PageRow.source,
                func.count().label("pages"),
                func.count().filter(read).label("articles"),
                func.count()
                .filter(PageRow.state.in_([PageState.DUE.value, PageState.FETCHED.value]))
                .label("waiting"),
                func.count().filter(PageRow.state == PageState.FAILED.value).label("failed"),
                func.count().filter(and_(read, recent, PageRow.dated.is_not(None))).label("recent"),
                func.count().filter(and_(PageRow.state == PageState.EMPTY.value, recent)).label("no_text"),
                func.count().filter(and_(read, recent, PageRow.dated.is_(False))).label("no_date"),
                func.count().filter(and_(read, recent, PageRow.cut_off.is_(True))).label("cut_off"),
            ).group_by(PageRow.source)
        )
    }
    rows = connection.execute(
        select(SourceRow.__table__).where(SourceRow.parent.is_(None)).order_by(SourceRow.url)
    )
    return [_report(row, counts.get(row.url), now) for row in rows]


def _report(row: Row[Any], count: Row[*tuple[Any, ...]] | None, now: dt.datetime) -> SourceReport:
    names = ("pages", "articles", "waiting", "failed", "recent", "no_text", "no_date", "cut_off")
    return SourceReport(
        url=row.url,
        kind=row.kind,
        outlet=row.outlet,
        listed=row.listed,
        gone=row.gone,
        failures=row.failures,
        broken=row.broken,
        added_at=row.added_at,
        next_at=row.next_at,
        last_success=row.last_success,
        last_new=row.last_new,
        last_error=row.last_error,
        last_error_at=row.last_error_at,
        **{name: getattr(count, name) if count else 0 for name in names},
        asked_at=now,
    )
