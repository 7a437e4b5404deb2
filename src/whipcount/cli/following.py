"""`follow` and `sources`: articles as they come, and how those who bring them do."""

import datetime as dt
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from whipcount.addresses import normal
from whipcount.article import Article, Fact, Reading
from whipcount.cli.group import FAILED, SOME_FAILED, complain
from whipcount.cli.options import db_option, fetch_options, fetch_settings, format_option, listing
from whipcount.errors import ArticleError, NotAnArticle
from whipcount.gather.follow import Done, Event, Follower, FollowSettings, Read
from whipcount.gather.follow_list import follow_list
from whipcount.gather.follow_state import Fetches, Got, Outcome, PageState
from whipcount.gather.kinds import HEAD, is_binary, what_binary
from whipcount.gather.pace import Bounds
from whipcount.ledger import Ledger
from whipcount.ledger.claim import claim
from whipcount.ledger.registry import resolver
from whipcount.ledger.sources import Sources
from whipcount.page import mark, pages
from whipcount.people import Resolve, names_alone
from whipcount.publish.sources import SOURCE, source_json
from whipcount.settings import Settings
from whipcount.show import console
from whipcount.show_sources import show_sources

if TYPE_CHECKING:
    from whipcount.gather.fetch import FetchSettings


@click.command()
@click.argument("feeds", metavar="FEEDS.toml", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@db_option
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "jsonl"]),
    default="text",
    show_default=True,
    help="How to tell of the work on standard error: lines for people, or JSON Lines for programs.",
)
@fetch_options
def follow(
    *,
    feeds: Path,
    db: str | None,
    once: bool,
    log_format: str,
    cache_dir: str | None,
    user_agent: str | None,
    allow_private: bool,
) -> None:
    """Follow feeds and news sitemaps, and keep what their articles say in the ledger.

    Goes on until it is interrupted. What it has done and has still to do is kept in the ledger:
    killed at any moment and started again, it goes on where it was. One process at a time
    follows into a ledger.

    FEEDS.toml lists the sources; all but url may be left out:

    \b
      [[feeds]]
      url = "https://courier.example/feed.xml"
      kind = "rss"                    # rss, atom, json or sitemap
      outlet = "Larkfield Courier"    # for articles that name none
      every = 30                      # minutes between visits

    \b
    Examples:
      whipcount follow FEEDS.toml
      whipcount follow FEEDS.toml --once --log-format jsonl 2>> follow.log
    """  # noqa: D301
    from whipcount.cli.log import log  # noqa: PLC0415 - Rich's live display, which no listing needs

    settings = Settings.load()
    listed = follow_list(feeds)
    where = db or settings.db
    done = Done()
    with (
        Sources.open(where, lock_wait=settings.lock_wait) as state,
        claim(state.engine) as holds,
        Ledger.open(where, lock_wait=settings.lock_wait) as ledger,
        make_fetcher(fetch_settings(cache_dir, user_agent, allow_private=allow_private)) as (fetcher, normal),
        log(log_format, done) as tell,
    ):
        state.list_sources(listed)
        follower = Follower(
            state,
            fetcher,
            make_reader(ledger),
            normal=normal,
            tell=tell,
            settings=FollowSettings(
                Bounds(
                    dt.timedelta(minutes=settings.follow_soonest),
                    dt.timedelta(minutes=settings.follow_latest),
                ),
                max(1, round(settings.follow_hosts)),
                dt.timedelta(days=settings.follow_back),
            ),
            holds=holds,
            done=done,
        )
        with _until_told(follower.stop):
            follower.run(once=once)
        backlog = state.backlog()
        later = backlog.due + backlog.later + backlog.fetched
        text = (
            f"{done.visits} visits, {done.missed} without answer; {done.added} added with {done.evidence} pieces "
            f"of evidence, {done.known} known, {done.empty} without an article, {done.failed} failed, {later} to come"
        )
        tell(Event("end", "", text))
    if once and (done.missed or done.failed):
        click.get_current_context().exit(SOME_FAILED if done.visits or done.fetched else FAILED)


@contextmanager
def make_fetcher(settings: "FetchSettings") -> Iterator[tuple[Fetches, Callable[[str], str]]]:
    """What fetches, and what normalizes addresses."""
    from whipcount.gather.fetch import Fetcher  # noqa: PLC0415 - HTTP, which `sources` needs none of

    with Fetcher(settings) as fetcher:
        yield fetcher, normal


def make_reader(ledger: Ledger) -> Read:
    """What reads fetched pages through the gate and keeps them in the ledger."""

    def read_all(articles: Sequence[Article]) -> Iterator[Reading]:
        from whipcount.read import read_all  # noqa: PLC0415 - the language model, when the first page is here

        return read_all(articles, gate=True)

    return reader(ledger, read_all, resolver(ledger.engine))


def reader(
    ledger: Ledger,
    read_all: Callable[[Sequence[Article]], Iterator[Reading]],
    resolve: Resolve = names_alone,
) -> Read:
    """Pages to articles, articles to readings, readings into the ledger; one outcome for each page."""

    def read(batch: Sequence[Got]) -> Iterator[Outcome]:
        made = [_articles(got) for got in batch]
        found = [one for articles in made if not isinstance(articles, ArticleError) for one in articles]
        # A kill between the ledger's write and the page's leaves a page whose article is known.
        known = [_knows(ledger, one) for one in found]
        fresh = [one for one, old in zip(found, known, strict=True) if not old]
        readings = read_all(fresh) if fresh else iter(())
        all_ = (Reading(one) if old else next(readings) for one, old in zip(found, known, strict=True))
        for articles in made:
            if isinstance(articles, ArticleError):
                yield Outcome(PageState.EMPTY, words=str(articles))
            else:
                yield together([_kept(ledger, next(all_), resolve) for _ in articles])

    return read


def together(outcomes: Sequence[Outcome]) -> Outcome:
    """What became of a page, by what became of its articles: one, or each entry of a live blog.

    An entry that can't be kept fails the page only where no other can.
    """
    good = [one for one in outcomes if one.state is not PageState.FAILED] or outcomes
    first = good[0]
    more = f" and {len(outcomes) - 1} more entries" if len(outcomes) > 1 else ""
    return replace(
        first,
        new=any(one.new for one in good),
        evidence=sum(one.evidence for one in good),
        dated=all(one.dated for one in good),
        words=first.words + more,
    )


def _articles(got: Got) -> Sequence[Article] | ArticleError:
    try:
        if is_binary(got.body[:HEAD]):
            return NotAnArticle(f"not a page but {what_binary(got.body)}")
        found = pages(got.body, id=got.url, url=got.url, headers=got.headers, fed=got.page.fed)
    except ArticleError as error:
        return error
    return [mark(replace(one, outlet=one.outlet or got.page.outlet)) for one in found]


def _knows(ledger: Ledger, article: Article) -> bool:
    try:
        return ledger.knows(article)
    except ArticleError:
        return False  # it can't be kept, and adding it says why


def _kept(ledger: Ledger, reading: Reading, resolve: Resolve) -> Outcome:
    if reading.errors:
        # Half a reading would be kept as if there were no more to find.
        return Outcome(PageState.FAILED, words="; ".join(reading.errors))
    try:
        added = ledger.add(reading, resolve=resolve)
    except ArticleError as error:
        return Outcome(PageState.FAILED, words=str(error))
    article = reading.article
    return Outcome(
        PageState.READ,
        added.article_id,
        added.new,
        added.evidence,
        dated=article.published is not None,
        cut_off=Fact.CUT_OFF in article.facts,
        words=article.title,
    )


@contextmanager
def _until_told(stop: Callable[[], None]) -> Iterator[None]:
    """Stop cleanly at the first SIGINT or SIGTERM, at once at the second: nothing is lost by either."""
    signals = (signal.SIGINT, signal.SIGTERM)

    def told(number: int, frame: FrameType | None) -> None:
        del number, frame
        for one, handler in before.items():
            signal.signal(one, handler)
        complain("ending; once more ends at once")
        stop()

    before = {one: signal.signal(one, told) for one in signals}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@click.command()
@db_option
@format_option("table", "csv", "jsonl")
def sources(*, db: str | None, form: str) -> None:
    """How the followed sources do: which are dead, and which are drifting.

    A source is dead when it is gone or has long failed to answer; it drifts when it answers but
    brings nothing new for unusually long, or when half of its latest pages have no text or no
    date or end at a paywall. Shares are of the pages found in the last 30 days.

    \b
    Examples:
      whipcount sources
      whipcount sources --format jsonl | jq -r 'select(.health == "dead") | .source'
    """  # noqa: D301
    settings = Settings.load()
    with Sources.open(db or settings.db, create=False, lock_wait=settings.lock_wait) as state:
        found = state.reports()
    if not found:
        complain("nothing to show: no sources are followed; `whipcount follow FEEDS.toml` does")
    if form == "table":
        show_sources(console(), found)
    else:
        listing(form, found, SOURCE, source_json)
