"""Where following stands, kept in the ledger. Entry: `Sources`.

The order of the writes, so that a kill at any point loses nothing and fetches nothing twice:

1. `note`: all entries of an answer become pages that are due, together with the source's next
   visit and the digest of that answer. Killed before: the source is visited again. The digest and
   not the server's 304 says that an answer is worked off, as the HTTP cache may have it already.
2. `keep`: a page's bytes are stored as soon as they are here. Killed before: the one page in
   flight is asked for again, as nobody can know what the server sent. Killed after: it is not.
3. `Ledger.add`: the article with all its evidence, in the ledger's own transaction. Adding the
   same again changes nothing.
4. `settle`: the page is done with and its bytes go. Killed between 3 and 4: it is read again
   from the same bytes, and the ledger knows the article.
"""

import datetime as dt
import random
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, or_, select, update

from whipcount.addresses import host_of
from whipcount.article import Basis, Dating, Precision
from whipcount.gather.feed_entries import Child, Entry, FeedKind
from whipcount.gather.follow_list import Listed
from whipcount.gather.follow_state import (
    Backlog,
    Got,
    Noted,
    Outcome,
    Page,
    PageState,
    Source,
    Visit,
)
from whipcount.ledger.opened import Opened
from whipcount.ledger.source_models import PageRow, SourceRow
from whipcount.ledger.source_reports import SourceReport, source_reports

_MOST_AGAIN = 5
"""How often a page is fetched anew because a source says that it changed: some say so each time."""
_JITTER = 0.1
_AT_ONCE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Due also for a run that only does what was due when it began."""
_CHUNK = 500
_LONGEST_ERROR = 500
_LATER = (PageState.READ.value, PageState.EMPTY.value, PageState.FAILED.value)


class Sources(Opened):
    """The state of following, in an open ledger; close it, or use it as a context manager."""

    def list_sources(self, listed: Sequence[Listed]) -> None:
        """Follow these, and no longer what is not among them."""
        now = self._clock()
        with self._writing() as connection:
            known = {
                row.url: row
                for row in connection.execute(select(SourceRow.url, SourceRow.listed, SourceRow.gone))
            }
            for one in listed:
                values: dict[str, Any] = {
                    "outlet": one.outlet,
                    "every": one.every,
                    "listed": True,
                    "parent": None,
                    **({"kind": one.kind.value} if one.kind else {}),
                }
                row = known.get(one.url)
                if row is None:
                    connection.execute(insert(SourceRow).values(_new_source(one.url, now) | values))
                else:
                    if not row.listed:
                        # Its answer is worked off anew, for the sitemaps that it names.
                        values |= {"next_at": now, "gone": False, "digest": None}
                    connection.execute(update(SourceRow).where(SourceRow.url == one.url).values(values))
            roots = [one.url for one in listed]
            connection.execute(
                update(SourceRow)
                .where(func.coalesce(SourceRow.parent, SourceRow.url).not_in(roots))
                .values(listed=False)
            )

    def due_source(self, busy: Collection[str], by: dt.datetime | None = None) -> Source | None:
        """The source that has waited longest, none of a host that is `busy`, due by then or by now."""
        query = (
            select(SourceRow.__table__)
            .where(SourceRow.listed, SourceRow.next_at <= (by or self._clock()))
            .order_by(SourceRow.next_at, SourceRow.url)
        )
        with self._reading() as connection:
            for row in connection.execute(query):
                if host_of(row.url) not in busy:
                    return _source(row)
        return None

    def due_page(self, busy: Collection[str]) -> Page | None:
        """The page that has waited longest, none of a host that is `busy`."""
        query = (
            select(PageRow.__table__, SourceRow.outlet)
            .join(SourceRow, SourceRow.url == PageRow.source)
            .where(PageRow.state == PageState.DUE.value, PageRow.next_at <= self._clock())
            .where(PageRow.host.not_in(list(busy)))
            .order_by(PageRow.next_at, PageRow.url)
            .limit(1)
        )
        with self._reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _page(row)

    def note(self, source: Source, visit: Visit, *, soon: dt.timedelta) -> Noted:
        """Keep what a visit found: its entries as pages that are due, and when to come again."""
        now = self._clock()
        with self._writing() as connection:
            noted = _note_entries(connection, source.root, visit.entries or {}, now, soon)
            wait = visit.pace(noted.new)
            values: dict[str, Any] = {
                "kind": visit.kind.value,
                "interval": wait.total_seconds() / 60,
                "next_at": now + _jittered(wait),
                "digest": visit.digest,
                "broken": visit.broken,
                "failures": 0,
                "gone": visit.ended,
                "last_success": now,
            }
            if visit.entries is not None:
                _note_children(connection, source, visit.children, now)
            here = SourceRow.url == source.url
            connection.execute(update(SourceRow).where(here).values(values))
            if noted.new:
                both = SourceRow.url.in_([source.url, source.root])
                connection.execute(update(SourceRow).where(both).values(last_new=now))
        return replace(noted, wait=wait)

    def missed(self, source: Source, error: str, wait: dt.timedelta, *, gone: bool) -> None:
        """Keep that a visit failed."""
        now = self._clock()
        with self._writing() as connection:
            connection.execute(
                update(SourceRow)
                .where(SourceRow.url == source.url)
                .values(
                    failures=source.failures + 1,
                    gone=gone,
                    next_at=now + _jittered(wait),
                    last_error=error[:_LONGEST_ERROR],
                    last_error_at=now,
                )
            )

    def keep(self, page: Page, final: str, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """Keep a page's bytes until they are read; `final` is `url` normalized."""
        with self._writing() as connection:
            connection.execute(
                update(PageRow)
                .where(PageRow.url == page.url)
                .values(
                    state=PageState.FETCHED.value,
                    final=final,
                    headers={"url": url, "headers": dict(headers)},
                    body=zlib.compress(body, 1),
                    error=None,
                )
            )

    def put_off(self, page: Page, error: str, wait: dt.timedelta | None) -> None:
        """Keep that a page could not be had, to be tried after `wait` or never again."""
        values: dict[str, Any] = {"error": error[:_LONGEST_ERROR], "tries": page.tries + 1}
        if wait is not None:
            values["next_at"] = self._clock() + _jittered(wait)
        else:
            # What was read before is no less read for being gone now.
            values["state"] = (PageState.READ if page.digest else PageState.FAILED).value
        with self._writing() as connection:
            connection.execute(update(PageRow).where(PageRow.url == page.url).values(values))

    def fetched(self, most: int) -> list[Got]:
        """Pages that are to be read, oldest first."""
        query = (
            select(PageRow.__table__, SourceRow.outlet)
            .join(SourceRow, SourceRow.url == PageRow.source)
            .where(PageRow.state == PageState.FETCHED.value)
            .order_by(PageRow.next_at, PageRow.url)
            .limit(most)
        )
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return [
            Got(_page(row), row.headers["url"], row.headers["headers"], zlib.decompress(row.body))
            for row in rows
        ]

    def settle(self, got: Got, outcome: Outcome, digest: str) -> None:
        """Keep what became of a page, and drop its bytes; `digest` is theirs."""
        values: dict[str, Any] = {
            "state": outcome.state.value,
            "digest": digest,
            "headers": None,
            "body": None,
            "tries": 0,
            "error": None if outcome.state is PageState.READ else outcome.words[:_LONGEST_ERROR],
        }
        if outcome.article_id is not None:
            values |= {
                "article_id": outcome.article_id,
                "dated": outcome.dated,
                "cut_off": outcome.cut_off,
            }
        with self._writing() as connection:
            connection.execute(update(PageRow).where(PageRow.url == got.page.url).values(values))

    def reports(self) -> list[SourceReport]:
        """How each listed source does, in the order of their addresses, and each that was listed once."""
        with self._reading() as connection:
            return source_reports(connection, self._clock())

    def backlog(self) -> Backlog:
        """What is still to do."""
        now = self._clock()
        due = PageRow.state == PageState.DUE.value
        with self._reading() as connection:
            counts = connection.execute(
                select(
                    func.count().filter(and_(due, PageRow.next_at <= now)),
                    func.count().filter(and_(due, PageRow.next_at > now)),
                    func.count().filter(PageRow.state == PageState.FETCHED.value),
                ).where(PageRow.state.in_([PageState.DUE.value, PageState.FETCHED.value]))
            ).one()
            moments = [
                connection.scalar(select(func.min(SourceRow.next_at)).where(SourceRow.listed)),
                connection.scalar(select(func.min(PageRow.next_at)).where(due)),
            ]
        return Backlog(*counts, min(filter(None, moments), default=None))


def _jittered(wait: dt.timedelta) -> dt.timedelta:
    """A little longer, so that sources that were met together drift apart."""
    return wait * (1 + random.uniform(0, _JITTER))  # noqa: S311 - nothing secret


def _new_source(url: str, now: dt.datetime) -> dict[str, Any]:
    return {
        "url": url,
        "listed": True,
        "next_at": now,
        "broken": 0,
        "failures": 0,
        "gone": False,
        "added_at": now,
    }


def _source(row: Row[Any]) -> Source:
    return Source(
        row.url,
        row.parent or row.url,
        FeedKind(row.kind) if row.kind else None,
        row.outlet,
        None if row.every is None else dt.timedelta(minutes=row.every),
        None if row.interval is None else dt.timedelta(minutes=row.interval),
        row.digest,
        row.failures,
        row.last_success,
    )


def _page(row: Row[Any]) -> Page:
    fed = None
    if row.fed_day is not None:
        fed = Dating(row.fed_day, Basis.FEED, Precision(row.fed_precision), row.fed_at)
    return Page(row.url, row.asked, row.source, row.outlet, fed, row.tries, row.digest)


def _note_entries(
    connection: Connection, root: str, entries: Mapping[str, Entry], now: dt.datetime, soon: dt.timedelta
) -> Noted:
    known = _known_pages(connection, list(entries))
    fresh = []
    changed = 0
    for key, entry in entries.items():
        row = known.get(key)
        if row is None:
            fresh.append(_new_page(key, entry, root, now))
        elif entry.updated is not None and row.state in _LATER:
            if row.updated is None:
                # Another source told of it first, without this mark: nothing shows a change.
                values: dict[str, Any] = {"updated": entry.updated}
            elif entry.updated > row.updated and row.again < _MOST_AGAIN:
                values = {
                    "updated": entry.updated,
                    "state": PageState.DUE.value,
                    "next_at": now + soon,
                    "tries": 0,
                    "again": row.again + 1,
                }
                changed += 1
            else:
                continue
            connection.execute(update(PageRow).where(PageRow.url == row.url).values(values))
    for start in range(0, len(fresh), _CHUNK):
        connection.execute(insert(PageRow), fresh[start : start + _CHUNK])
    return Noted(len(fresh), changed, len(entries) - len(fresh) - changed)


def _known_pages(connection: Connection, keys: Sequence[str]) -> dict[str, Row[*tuple[Any, ...]]]:
    """The pages that these addresses name: as their own, or as where their redirects ended."""
    found: dict[str, Row[*tuple[Any, ...]]] = {}
    columns = (PageRow.url, PageRow.final, PageRow.state, PageRow.updated, PageRow.again)
    for start in range(0, len(keys), _CHUNK):
        some = keys[start : start + _CHUNK]
        for row in connection.execute(
            select(*columns).where(or_(PageRow.url.in_(some), PageRow.final.in_(some)))
        ):
            if row.final is not None:
                found.setdefault(row.final, row)
            found[row.url] = row
    return found


def _new_page(key: str, entry: Entry, root: str, now: dt.datetime) -> dict[str, Any]:
    fed = entry.dated
    return {
        "url": key,
        "asked": entry.url,
        "host": host_of(key),
        "source": root,
        "title": entry.title,
        "state": PageState.DUE.value,
        "found_at": now,
        "next_at": now,
        "tries": 0,
        "fed_day": fed and fed.day,
        "fed_precision": fed and fed.precision.value,
        "fed_at": fed and fed.at,
        "updated": entry.updated,
        "again": 0,
    }


def _note_children(
    connection: Connection, source: Source, children: Sequence[Child], now: dt.datetime
) -> None:
    """Follow the sitemaps that an index names, and no longer those that it has dropped."""
    rows = connection.execute(
        select(SourceRow.url, SourceRow.parent, SourceRow.listed).where(
            or_(SourceRow.url.in_([child.url for child in children]), SourceRow.parent == source.url)
        )
    )
    known = {row.url: row for row in rows}
    named = {child.url for child in children}
    for url in sorted(named - known.keys()):
        values = _new_source(url, now)
        values |= {"parent": source.url, "outlet": source.outlet, "next_at": _AT_ONCE}
        connection.execute(insert(SourceRow).values(values | {"kind": FeedKind.SITEMAP.value}))
    for url, row in known.items():
        # One that the user lists too is the user's.
        if row.parent == source.url and row.listed != (url in named):
            values = {"listed": url in named} | ({"next_at": _AT_ONCE} if url in named else {})
            connection.execute(update(SourceRow).where(SourceRow.url == url).values(values))
