"""Following from a real local server into a real ledger; only the fetcher and the reader are stand-ins."""

import datetime as dt
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from feeding import START, Answer, Fetching, Outlet, item, light_read, normal, outlet, rss, story
from whipcount.addresses import host_of
from whipcount.article import Basis, Dating, Precision
from whipcount.cli.following import reader
from whipcount.errors import LedgerError
from whipcount.gather.feed_entries import FeedKind
from whipcount.gather.follow import Done, Event, Follower, FollowSettings
from whipcount.gather.follow_list import Listed
from whipcount.gather.follow_state import Got, Page
from whipcount.ledger import Ledger
from whipcount.ledger.source_reports import Health, SourceReport
from whipcount.ledger.sources import Sources


class Desk:
    """All that following needs, and a clock to turn."""

    def __init__(self, db: str, tmp_path: Path, web: Outlet) -> None:
        self.now = START.astimezone(dt.UTC)
        self.db = db
        self.web = web
        self.events: list[Event] = []
        self._cache = tmp_path / "cache"

    def follow(self, *listed: Listed, settings: FollowSettings | None = None) -> Done:
        with (
            Sources.open(self.db) as state,
            Ledger.open(self.db) as ledger,
            Fetching(self._cache) as fetching,
        ):
            begun = time.monotonic()

            def clock() -> dt.datetime:
                return self.now + dt.timedelta(seconds=time.monotonic() - begun)

            state._clock = clock
            state.list_sources(listed)
            follower = Follower(
                state,
                fetching,
                reader(ledger, light_read),
                normal=normal,
                tell=self.events.append,
                settings=settings,
                clock=clock,
            )
            return follower.run(once=True)

    def later(self, **span: float) -> None:
        self.now += dt.timedelta(**span)

    def report(self, number: int = 0) -> SourceReport:
        with Sources.open(self.db) as state:
            state._clock = lambda: self.now
            return state.reports()[number]

    def pages(self) -> dict[str, str]:
        """Each page's path and state."""
        engine = sa.create_engine(f"sqlite:///{self.db}")
        with engine.connect() as connection:
            rows = connection.execute(sa.text("SELECT url, state FROM pages")).all()
        engine.dispose()
        return {row.url.removeprefix(self.web.url("")): row.state for row in rows}

    def endorsers(self) -> list[str]:
        with Ledger.open(self.db) as ledger:
            return sorted(one.endorser.name for one in ledger.evidence())


@pytest.fixture
def web() -> Iterator[Outlet]:
    with outlet() as found:
        yield found


@pytest.fixture
def desk(db: str, tmp_path: Path, web: Outlet) -> Desk:
    return Desk(db, tmp_path, web)


def put_feed(web: Outlet, *numbers: int, path: str = "/feed.xml", more: str = "") -> Listed:
    for number in numbers:
        web.put(f"/a/{number}", story(number))
    entries = [item(web.url(f"/a/{number}"), at=START) for number in numbers]
    return Listed(web.put(path, rss([*entries, more]), kind="application/rss+xml"))


def test_pages_come_into_the_ledger_once(desk: Desk, web: Outlet) -> None:
    source = put_feed(web, 1, 2, more="<item><title>broken</title></item>")
    done = desk.follow(source)
    assert (done.visits, done.fetched, done.added, done.evidence) == (1, 2, 2, 2)
    assert desk.endorsers() == ["Endorser No1", "Endorser No2"]
    assert desk.report().broken == 1
    # Not due yet: nobody is asked anything.
    before = dict(web.asked)
    assert desk.follow(source) == Done()
    assert dict(web.asked) == before
    # Due, and unchanged: a conditional request and nothing else.
    desk.later(hours=1)
    assert desk.follow(source) == Done(visits=1)
    assert web.not_modified == {"/feed.xml": 1}
    # Two more, the old ones still there.
    put_feed(web, 1, 2, 3, 4)
    desk.later(hours=7)
    assert desk.follow(source).added == 2
    assert [web.asked[f"/a/{n}"] for n in (1, 2, 3, 4)] == [1, 1, 1, 1]


def test_the_feeds_date_goes_with_the_page(desk: Desk, web: Outlet) -> None:
    web.put("/a/1", story(1))
    web.put("/a/2", story(2, dated=True))
    web.put("/a/3", story(3))
    future = dt.datetime(2099, 1, 1, 9, 30, tzinfo=dt.UTC)
    entries = [
        item(web.url("/a/1"), at=START),
        item(web.url("/a/2"), at=START),
        item(web.url("/a/3"), at=future),
    ]
    desk.follow(Listed(web.put("/feed.xml", rss(entries))))
    with Ledger.open(desk.db) as ledger:
        found = {one.endorser.name: one.article for one in ledger.evidence()}
    assert found["Endorser No1"].published == dt.date(2031, 7, 1)
    # The page's own date comes first, and nobody publishes in the future.
    assert found["Endorser No2"].published == dt.date(2031, 6, 30)
    assert found["Endorser No3"].published is None
    assert desk.report().no_date_share == pytest.approx(1 / 3)


def test_the_listed_outlet_is_for_pages_that_name_none(ledger: Ledger) -> None:
    got = Got(
        Page("https://courier.example/a", "https://courier.example/a", "f", outlet="Larkfield Courier"),
        "https://courier.example/a",
        {},
        story(1).encode(),
    )
    named = replace(
        got,
        url="https://courier.example/b",
        body=got.body.replace(b"<head>", b'<head><meta property="og:site_name" content="Herald">'),
    )
    outcomes = list(reader(ledger, light_read)([got, named]))
    assert [ledger.article(str(one.article_id)).outlet for one in outcomes] == ["Larkfield Courier", "Herald"]


def test_a_page_that_changed_is_fetched_anew_and_one_that_did_not_is_not(desk: Desk, web: Outlet) -> None:
    def put(updated: str) -> Listed:
        entries = "".join(
            f'<entry><title>A</title><link href="{web.url(f"/a/{n}")}"/><updated>{moment}</updated></entry>'
            for n, moment in ((1, "2031-07-01T10:00:00Z"), (2, updated))
        )
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>{entries}</feed>'
        return Listed(web.put("/atom.xml", feed))

    web.put("/a/1", story(1))
    web.put("/a/2", story(2))
    desk.follow(put("2031-07-01T10:00:00Z"))
    source = put("2031-07-01T18:00:00Z")
    web.put("/a/2", story(2, more="Endorser No22 has endorsed Cy Dunmore as well."))
    desk.later(hours=1)
    assert desk.follow(source).fetched == 0  # edits come in runs
    desk.later(minutes=15)
    assert desk.follow(source).added == 1
    assert web.asked["/a/1"] == 1
    assert web.asked["/a/2"] == 2
    assert "Endorser No22" in desk.endorsers()
    # Said to be changed, and yet the same: a conditional request, nothing read.
    source = put("2031-07-02T18:00:00Z")
    desk.later(hours=8)
    desk.follow(source)
    desk.later(minutes=15)
    done = desk.follow(source)
    assert (done.fetched, done.added, done.known) == (1, 0, 1)
    assert web.not_modified["/a/2"] == 1


def test_once_visits_a_source_once(desk: Desk, web: Outlet) -> None:
    listed = put_feed(web, *range(5))
    desk.follow(replace(listed, every=1e-9))
    assert web.asked["/feed.xml"] == 1


def test_one_page_under_many_addresses(desk: Desk, web: Outlet) -> None:
    web.put("/a/1", story(1))
    web.put("/go", b"", status=302, headers={"Location": "/a/1"})
    first = Listed(web.put("/f1.xml", rss([item(web.url("/go?utm_source=f"))])))
    desk.follow(first)
    second = Listed(web.put("/f2.xml", rss([item(web.url("/a/1?utm_medium=x#top")), item(web.url("/go#x"))])))
    assert desk.follow(first, second).fetched == 0
    assert web.asked["/a/1"] == 1
    assert desk.endorsers() == ["Endorser No1"]


def test_a_feed_that_is_gone_is_tried_rarely(desk: Desk, web: Outlet) -> None:
    source = Listed(web.put("/feed.xml", b"gone", status=410))
    assert desk.follow(source).missed == 1
    assert (desk.report().health, desk.report().gone) == (Health.DEAD, True)
    assert "410" in desk.report().why
    for _ in range(6):
        desk.later(days=1)
        desk.follow(source)
    assert web.asked["/feed.xml"] == 1
    put_feed(web, 1)
    desk.later(days=2)
    assert desk.follow(source).added == 1
    assert desk.report().health is Health.OK


def test_not_found_makes_gone_only_after_a_while(desk: Desk, web: Outlet) -> None:
    source = Listed(web.url("/feed.xml"))
    for number in range(1, 6):
        desk.follow(source)
        assert desk.report().gone == (number == 5)
        desk.later(days=1.2)
    assert web.asked["/feed.xml"] == 5


def test_each_entry_of_a_live_blog_is_an_article(desk: Desk, web: Outlet) -> None:
    def blog(*numbers: int) -> str:
        entries = "".join(
            f'<div class="live-blog-post" id="e{number}"><time datetime="2031-07-03T0{number}:00:00Z">then</time>'
            f"<h3>Ward {number} speaks</h3><p>Endorser No{number} has endorsed Cy Dunmore for governor.</p></div>"
            for number in numbers
        )
        return f'<html><body><h1>The race, live</h1><div class="live-blog">{entries}</div></body></html>'

    page = web.put("/live", blog(1, 2))
    feed = web.put("/feed.xml", rss([item(page)]))
    done = desk.follow(Listed(feed))
    assert (done.added, done.evidence) == (1, 2)
    assert [event.text for event in desk.events if event.what == "added"] == [
        "Ward 1 speaks and 1 more entries (2 evidence)"
    ]
    with Ledger.open(desk.db) as ledger:
        urls = {one.article.url for one in ledger.evidence()}
    assert urls == {f"{page}#e1", f"{page}#e2"}
    assert desk.endorsers() == ["Endorser No1", "Endorser No2"]


def test_retry_after_and_the_feeds_own_pace_are_honoured(desk: Desk, web: Outlet) -> None:
    busy = Listed(web.put("/busy.xml", b"", status=429, headers={"Retry-After": "7200"}))
    slow = Listed(web.put("/slow.xml", rss([], extra="<ttl>300</ttl>")), every=5)
    desk.follow(busy, slow)
    desk.later(minutes=110)
    desk.follow(busy, slow)
    assert web.asked == {"/busy.xml": 1, "/slow.xml": 1}
    desk.later(minutes=35)
    desk.follow(busy, slow)
    assert web.asked == {"/busy.xml": 2, "/slow.xml": 1}
    desk.later(minutes=200)
    desk.follow(busy, slow)
    # Its 304 asks for as long as its first answer did.
    desk.later(minutes=200)
    desk.follow(busy, slow)
    assert web.asked["/slow.xml"] == 2


def test_pages_that_fail(desk: Desk, web: Outlet) -> None:
    source = put_feed(web, 1, 2, 3, 4)
    web.answers["/a/1"] = Answer(b"", 503)
    web.answers["/a/2"] = Answer(b"", 403)
    web.answers["/a/3"] = Answer(b"%PDF-1.7 and so on")
    done = desk.follow(source)
    assert (done.added, done.failed, done.empty) == (1, 1, 1)
    assert desk.pages() == {"/a/1": "due", "/a/2": "failed", "/a/3": "empty", "/a/4": "read"}
    assert desk.report().no_text_share == 0.5
    web.put("/a/1", story(1))
    desk.later(minutes=5)
    assert desk.follow(source).added == 1
    assert web.asked["/a/2"] == 1


def test_one_dead_source_keeps_nobody_else_waiting(desk: Desk, web: Outlet) -> None:
    dead = Listed("http://127.0.0.1:9/feed.xml")
    page = Listed(web.put("/page", story(9)))
    good = put_feed(web, 1)
    done = desk.follow(dead, page, good)
    assert (done.visits, done.missed, done.added) == (1, 2, 1)
    errors = [event for event in desk.events if event.what == "missed"]
    assert any("a web page" in event.text for event in errors)


def test_an_index_of_sitemaps_and_what_is_too_old_in_it(desk: Desk, web: Outlet) -> None:
    def entry(number: int, day: str) -> str:
        return (
            f"<url><loc>{web.put(f'/a/{number}', story(number))}</loc><news:news>"
            f"<news:publication_date>{day}</news:publication_date></news:news></url>"
        )

    web.put("/new.xml", f"<urlset>{entry(1, '2031-07-01T09:00:00Z')}{entry(2, '2029-01-01')}</urlset>")
    web.put("/old.xml", f"<urlset>{entry(3, '2031-07-01')}</urlset>")
    index = (
        f"<sitemapindex><sitemap><loc>{web.url('/new.xml')}</loc><lastmod>2031-07-01</lastmod></sitemap>"
        f"<sitemap><loc>{web.url('/old.xml')}</loc><lastmod>2020-07-01</lastmod></sitemap></sitemapindex>"
    )
    source = Listed(web.put("/index.xml", index), outlet="Marrow Bay Herald")
    done = desk.follow(source)
    assert (done.visits, done.added) == (2, 1)
    assert desk.endorsers() == ["Endorser No1"]
    assert desk.report().articles == 1
    assert desk.report().kind == FeedKind.SITEMAP
    assert (web.asked["/old.xml"], web.asked["/a/2"]) == (0, 0)
    # Dropped by the index, it is not followed any more; no longer listed, nothing is.
    web.put("/index.xml", "<sitemapindex></sitemapindex>")
    desk.later(days=1)
    desk.follow(source)
    asked = web.asked["/new.xml"]
    desk.later(days=1)
    desk.follow(source)
    assert web.asked["/new.xml"] == asked
    desk.follow(put_feed(web, 7))
    reports = {desk.report(n).url: desk.report(n).health for n in (0, 1)}
    assert reports[source.url] is Health.UNLISTED


def test_a_long_absence_is_made_up_for(desk: Desk, web: Outlet) -> None:
    def put(number: int, day: str) -> Listed:
        url = web.put(f"/a/{number}", story(number))
        return Listed(
            web.put("/s.xml", f"<urlset><url><loc>{url}</loc><lastmod>{day}</lastmod></url></urlset>")
        )

    desk.follow(put(1, "2031-07-01"))
    desk.later(days=20)
    assert desk.follow(put(2, "2031-07-05")).added == 1


def test_state_that_the_cache_knows_and_the_ledger_does_not(desk: Desk, web: Outlet, tmp_path: Path) -> None:
    # As after a kill between an answer and its entry in the ledger.
    source = put_feed(web, 1)
    with Fetching(tmp_path / "cache") as fetching:
        fetching.fetch(source.url)
        fetching.fetch(web.url("/a/1"))
    assert desk.follow(source).added == 1
    assert web.not_modified == {"/feed.xml": 1, "/a/1": 1}


def test_a_feeds_date_survives_the_ledger(desk: Desk, web: Outlet) -> None:
    put = put_feed(web, 1)
    with Sources.open(desk.db) as state, Fetching(tmp := Path(desk.db).parent / "c2") as fetching:
        assert tmp.is_dir()
        state.list_sources([put])
        follower = Follower(
            state, fetching, lambda _: iter(()), normal=normal, tell=lambda _: None, clock=lambda: desk.now
        )
        source = state.due_source(())
        assert source
        follower._visit(source)
        page = state.due_page(())
        assert page
        assert page.fed == Dating(dt.date(2031, 7, 1), Basis.FEED, Precision.MINUTE, START.astimezone(dt.UTC))
        assert state.due_page({host_of(page.url)}) is None


def test_it_stops_when_told_and_loses_nothing(desk: Desk, web: Outlet) -> None:
    source = put_feed(web, *range(30))
    with (
        Sources.open(desk.db) as state,
        Ledger.open(desk.db) as ledger,
        Fetching(desk._cache) as fetching,
    ):
        state.list_sources([source])
        follower = Follower(
            state,
            fetching,
            reader(ledger, lambda some: light_read(some, pause=0.01)),
            normal=normal,
            tell=lambda event: follower.stop() if event.what == "added" else None,
        )
        follower.run()
        assert 0 < follower.done.added < 30
    assert threading.active_count() < 20
    desk.later(days=0)
    desk.follow(source)
    assert len(desk.endorsers()) == 30
    assert all(web.asked[f"/a/{n}"] == 1 for n in range(30))


def test_what_stops_all_work_is_raised(desk: Desk, web: Outlet) -> None:
    source = put_feed(web, 1)
    with Sources.open(desk.db) as state, Fetching(desk._cache) as fetching:
        state.list_sources([source])
        lost = Follower(
            state, fetching, lambda _: iter(()), normal=normal, tell=lambda _: None, holds=lambda: False
        )
        with pytest.raises(LedgerError, match="claim"):
            lost.run()


def test_a_worker_that_dies_ends_the_run(desk: Desk, web: Outlet) -> None:
    source = put_feed(web, 1)
    with Sources.open(desk.db) as state, Fetching(desk._cache) as fetching:
        state.list_sources([source])

        def broken(url: str) -> str:
            raise LedgerError(f"disk full at {url}")

        with pytest.raises(LedgerError, match="disk full"):
            Follower(state, fetching, lambda _: iter(()), normal=broken, tell=lambda _: None).run()
