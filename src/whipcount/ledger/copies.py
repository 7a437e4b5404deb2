"""The index of stories in the ledger: a table of keys names the few texts that may be copies.

It is made of the articles and may be made anew, so its rows (`story_texts`, `story_keys`) are
not guarded. That two stories turned out one is: `story_joins` only ever grows.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, func, insert, select

from whipcount.article import Article
from whipcount.ledger.models import ArticleRow, StoryJoinRow, StoryKeyRow, StoryTextRow
from whipcount.ledger.rows import to_article

if TYPE_CHECKING:
    from whipcount.stories import Sketch

_MOST = 200
"""Texts whose signatures are looked at, those with most keys in common first."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article belongs."""

    story: str
    joined: tuple[str, ...]
    """Stories that it shows to be the same one."""
    sketch: "Sketch"
    known: bool
    """Whether a text with the same signature is in the index."""


def place(connection: Connection, article: Article) -> Place:
    """The story of an article that is about to be added: a few look-ups, however large the ledger."""
    from whipcount.stories import Near, Sketch, body, copies, new_story, sketch_of  # noqa: PLC0415 - slow to load

    text = body(article)
    made = sketch_of(article)

    def read(article_id: str) -> Sketch:
        row = connection.execute(select(ArticleRow.__table__).where(ArticleRow.id == article_id)).one()
        return sketch_of(to_article(row))

    hits = _near(connection, made)
    ends = _roots(connection, {story for _, story, _ in hits})
    near = [Near(one, ends.get(story, story), signature) for one, story, signature in hits]
    found = list(copies(made, near, read))
    if not found:
        return Place(new_story(text if text.strip() else article.text), (), made, known=False)
    stories = sorted((one.story for one in found), key=lambda story: (_age(connection, story), story))
    known = any(one.signature == made.signature for one in found)
    return Place(stories[0], tuple(stories[1:]), made, known)


def keep(connection: Connection, article_id: str, place: Place, now: dt.datetime) -> None:
    """Put an article that has been added into the index, and record the stories that it joined."""
    index(connection, article_id, place.sketch, known=place.known)
    if place.joined:
        connection.execute(
            insert(StoryJoinRow),
            [
                {"id": story, "into": place.story, "article_id": article_id, "added_at": now}
                for story in place.joined
            ],
        )


def index(connection: Connection, article_id: str, sketch: "Sketch", *, known: bool = False) -> None:
    """Put an article into the index; one with a signature that is there leads nowhere new."""
    if known or not sketch.keys:
        return
    values = {"article_id": article_id, "signature": sketch.signature}
    added = connection.execute(insert(StoryTextRow), values).inserted_primary_key
    assert added is not None
    connection.execute(insert(StoryKeyRow), [{"key": key, "text": added[0]} for key in set(sketch.keys)])


def root(connection: Connection, story: str) -> str:
    """The story under whose id a story goes on."""
    while into := connection.scalar(select(StoryJoinRow.into).where(StoryJoinRow.id == story)):
        story = into
    return story


def _roots(connection: Connection, stories: set[str]) -> dict[str, str]:
    """Under whose id each of some stories goes on; those that never joined another are left out."""
    into: dict[str, str] = {}
    open_ones = stories
    while open_ones:
        query = select(StoryJoinRow.id, StoryJoinRow.into).where(StoryJoinRow.id.in_(open_ones))
        found = {row.id: row.into for row in connection.execute(query)}
        into |= found
        open_ones = set(found.values()) - into.keys()
    return roots(into.items())


def joined(connection: Connection, root: str) -> list[str]:
    """A story and all that have joined it, at whatever remove."""
    found, latest = [root], [root]
    while latest:
        latest = list(connection.scalars(select(StoryJoinRow.id).where(StoryJoinRow.into.in_(latest))))
        found += latest
    return found


def roots(joins: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The same for all stories that were joined, of the pairs (story, into)."""
    into = dict(joins)
    found = {}
    for story in into:
        end = story
        while end in into:
            end = into[end]
        found[story] = end
    return found


def _hits() -> Any:
    hits = (
        select(StoryKeyRow.text, func.count().label("hits"))
        .where(StoryKeyRow.key.in_(bindparam("keys", expanding=True)))
        .group_by(StoryKeyRow.text)
        .order_by(func.count().desc(), StoryKeyRow.text)
        .limit(_MOST)
        .subquery()
    )
    return (
        select(ArticleRow.id, ArticleRow.story, StoryTextRow.signature)
        .join(StoryTextRow, StoryTextRow.article_id == ArticleRow.id)
        .join(hits, hits.c.text == StoryTextRow.number)
    )


_HITS = _hits()
"""Made once: putting it together takes longer than asking it."""


def _near(connection: Connection, made: "Sketch") -> list[tuple[str, str, bytes]]:
    if not made.keys:
        return []
    found = connection.execute(_HITS, {"keys": made.keys})
    return [(row.id, row.story, row.signature) for row in found]


def _age(connection: Connection, story: str) -> int:
    """The number of the text that began the story: the lower, the older."""
    query = (
        select(func.min(StoryTextRow.number))
        .join(ArticleRow, ArticleRow.id == StoryTextRow.article_id)
        .where(ArticleRow.story == story)
    )
    return connection.scalar(query) or 0
