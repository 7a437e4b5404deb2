"""What moved, as an Atom feed (RFC 4287). Entry: `feed`."""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import quote

from feedgen.feed import FeedGenerator

from whipcount.changes import Change
from whipcount.publish.words import sourcing_words, stand_words

_BEGAN = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""The date of a feed in which nothing has moved yet: Atom asks for one."""


def feed(changes: Iterable[Change], site: str, *, path: str = "/changes.atom") -> str:
    """A feed with an entry for each change, in the order given; `site` is the address of the site, or a URN.

    An entry's id is made of whose standing moved, when and how, so that it is the same in every copy.
    """
    made = FeedGenerator()
    base = site.rstrip("/")
    here = base.startswith(("http://", "https://"))
    made.id(f"{base}/changes" if here else f"{base}:changes")
    made.title("Changes in who backs whom")
    made.generator("Whipcount")
    made.author(name="Whipcount")
    if here:
        made.link(href=f"{base}{path}", rel="self")
        made.link(href=f"{base}/changes", rel="alternate")
    latest = _BEGAN
    for change in changes:
        entry = made.add_entry(order="append")
        at = dt.datetime.combine(change.day, dt.time(12), dt.UTC)
        latest = max(latest, at)
        entry.id(_id(change))
        entry.title(_title(change))
        entry.updated(at)
        entry.published(at)
        if here:
            entry.link(href=f"{base}/endorser/{quote(change.endorser.id)}", rel="alternate")
        elif (
            change.evidence
            and (url := change.evidence[0].article.url)
            and url.startswith(("http://", "https://"))
        ):
            entry.link(href=url, rel="related")
        entry.content(_said(change), type="text")
    made.updated(latest)
    return str(made.atom_str(pretty=True).decode("utf-8"))


def _id(change: Change) -> str:
    parts = (
        change.day.isoformat(),
        change.endorser.id,
        change.endorsee.id,
        change.contest_id or change.contest.value,
        change.new.value if change.new else "none",
    )
    return "urn:whipcount:change:" + ":".join(quote(part, safe="") for part in parts)


def _title(change: Change) -> str:
    before = f" (was {change.old.value})" if change.old else ""
    if change.new is None and change.old is not None:
        return _plain(f"{change.endorser.name} no longer {stand_words(change.old)} {change.endorsee.name}")
    assert change.new is not None
    return _plain(f"{change.endorser.name} {stand_words(change.new)} {change.endorsee.name}{before}")


def _said(change: Change) -> str:
    if not change.evidence:
        return "No evidence of that day remains."
    one = change.evidence[0]
    where = ", ".join(
        x for x in (one.article.outlet, one.article.published and str(one.article.published)) if x
    )
    return _plain(
        f"“{one.quote.exact}” ({sourcing_words(one.sourcing, one.via)}; {where or 'outlet unknown'})"
    )


def _plain(text: str) -> str:
    """On one line, without what XML can't hold."""
    return " ".join("".join(c if c >= " " and c not in "\ufffe\uffff" else " " for c in text).split())
