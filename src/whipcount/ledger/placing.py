"""Which story each of some articles belongs to that are added together: the index is asked once for all of them.

Entry: `Placing`.
"""

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Integer,
    Select,
    Text,
    bindparam,
    column,
    func,
    insert,
    select,
    type_coerce,
)

from whipcount.article import Article
from whipcount.ledger import copies
from whipcount.ledger.bulk import insert_all
from whipcount.ledger.models import ArticleRow, StoryJoinRow, StoryKeyRow, StoryTextRow
from whipcount.ledger.rows import to_article

if TYPE_CHECKING:
    from whipcount.stories import Near, Sketch

_MOST = 200
"""Texts whose signatures are looked at, those with most keys in common first."""
_NEW = 1 << 62
"""Texts that are not written yet are numbered from here on: they are younger than all that are."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A text that shares keys with another."""

    keys: int
    number: int
    """The lower, the older."""
    article_id: str
    story: str
    signature: bytes


class Placing:
    """Places articles one after the other, as each may be a copy of one before; `write` keeps what that comes to."""

    def __init__(self, connection: Connection, sketches: Sequence["Sketch"]) -> None:
        self._connection = connection
        self._there = _hits(connection, [made for made in sketches if made.keys])
        self._ends = copies.ends(connection, {hit.story for hits in self._there.values() for hit in hits})
        self._new: list[_Hit] = []
        self._sketches: dict[str, Sketch] = {}
        times = Counter(key for made in sketches for key in set(made.keys))
        self._shared = {key for key, number in times.items() if number > 1}
        """The keys by which these may find one another."""
        self._by_key: defaultdict[int, list[int]] = defaultdict(list)
        self._begun: dict[str, int] = {}
        """Of stories that began here: the number of their first text."""
        self._texts: list[_Hit] = []
        self._joins: list[dict[str, str]] = []

    def place(self, article_id: str, article: Article, made: "Sketch") -> str:
        """The story of an article, found or new; those after it may be copies of it."""
        from whipcount import stories as texts  # noqa: PLC0415 - slow to load

        found = list(texts.copies(made, self._near(made), self._read))
        if found:
            stories = [one.story for one in found]
            if len(stories) > 1:
                stories.sort(key=lambda story: (self._age(story), story))
            story, *joined = stories
        else:
            text = texts.body(article)
            story, joined = texts.new_story(text if text.strip() else article.text), []
            self._begun[story] = _NEW + len(self._new)
        for other in joined:
            self._ends[other] = story
            self._joins.append({"id": other, "into": story, "article_id": article_id})
        # One with a signature that is there leads nowhere new.
        if made.keys and not any(one.signature == made.signature for one in found):
            self._take_in(_Hit(0, _NEW + len(self._new), article_id, story, made.signature), made)
        return story

    def write(self, now: dt.datetime) -> None:
        """Put the texts, whose articles are there by now, into the index, and keep which stories joined."""
        if self._texts:
            query = insert(StoryTextRow).returning(StoryTextRow.number, sort_by_parameter_order=True)
            values = [{"article_id": one.article_id, "signature": one.signature} for one in self._texts]
            numbers = self._connection.scalars(query, values).all()
            insert_all(
                self._connection,
                StoryKeyRow,
                [
                    {"key": key, "text": number}
                    for number, one in zip(numbers, self._texts, strict=True)
                    for key in set(self._sketches[one.article_id].keys)
                ],
            )
        insert_all(self._connection, StoryJoinRow, [{**join, "added_at": now} for join in self._joins])
        self._texts, self._joins = [], []

    def _take_in(self, text: _Hit, made: "Sketch") -> None:
        self._new.append(text)
        self._texts.append(text)
        self._sketches[text.article_id] = made
        for key in self._shared.intersection(made.keys):
            self._by_key[key].append(text.number)

    def _near(self, made: "Sketch") -> "list[Near]":
        from whipcount.stories import Near  # noqa: PLC0415 - slow to load

        hits = [(hit.keys, hit) for hit in self._there.get(made, ())]
        shared = Counter(
            number for key in self._shared.intersection(made.keys) for number in self._by_key[key]
        )
        hits += [(keys, self._new[number - _NEW]) for number, keys in shared.items()]
        hits.sort(key=lambda pair: (-pair[0], pair[1].number))
        return [Near(hit.article_id, self._root(hit.story), hit.signature) for _, hit in hits[:_MOST]]

    def _root(self, story: str) -> str:
        while story in self._ends:
            story = self._ends[story]
        return story

    def _age(self, story: str) -> int:
        return self._begun.get(story) or copies.age(self._connection, story)

    def _read(self, article_id: str) -> "Sketch":
        from whipcount.stories import sketch_of  # noqa: PLC0415 - slow to load

        if article_id in self._sketches:
            return self._sketches[article_id]
        query = select(ArticleRow.__table__).where(ArticleRow.id == article_id)
        return sketch_of(to_article(self._connection.execute(query).one()))


def _hits(connection: Connection, sketches: Sequence["Sketch"]) -> dict["Sketch", list[_Hit]]:
    """The texts of the index that share most keys with each."""
    if not sketches:
        return {}
    # All have as many keys, so that a key's place in one list says whose it is.
    keys = [key for made in sketches for key in made.keys]
    name = connection.dialect.name
    given = {"keys": keys if name == "postgresql" else json.dumps(keys), "each": len(sketches[0].keys)}
    found: defaultdict[Sketch, list[_Hit]] = defaultdict(list)
    for number, *hit in connection.execute(_query(name), given):
        found[sketches[number]].append(_Hit(*hit))
    return found


@cache
def _query(dialect: str) -> Select[*tuple[Any, ...]]:
    """Of each part of `keys` with `each` so many, the texts that share most. Putting it together takes longer than asking it."""
    numbered, first = _numbered(dialect)
    whose = type_coerce(numbered.c.place - first, Integer) // bindparam("each", type_=Integer)
    asked = select(numbered.c.value, whose.label("whose")).subquery()
    shared = (
        select(asked.c.whose, StoryKeyRow.text, func.count().label("keys"))
        .join(StoryKeyRow, StoryKeyRow.key == asked.c.value)
        .group_by(asked.c.whose, StoryKeyRow.text)
        .subquery()
    )
    order = (shared.c["keys"].desc(), shared.c.text)
    rank = func.row_number().over(partition_by=shared.c.whose, order_by=order).label("rank")
    ranked = select(shared, rank).subquery()
    columns = (ranked.c.whose, ranked.c["keys"], ranked.c.text)
    return (
        select(*columns, ArticleRow.id, ArticleRow.story, StoryTextRow.signature)
        .join(StoryTextRow, StoryTextRow.number == ranked.c.text)
        .join(ArticleRow, ArticleRow.id == StoryTextRow.article_id)
        .where(ranked.c.rank <= _MOST)
    )


def _numbered(dialect: str) -> tuple[Any, int]:
    """The numbers of `keys` as a table of `value` and `place`, and the place of the first of them."""
    value = column("value", BigInteger)
    if dialect == "postgresql":
        listed = func.unnest(bindparam("keys", type_=ARRAY(BigInteger)))
        return listed.table_valued(value, with_ordinality="place").render_derived(), 1
    each = func.json_each(bindparam("keys", type_=Text)).table_valued(value, column("key", Integer))
    return select(each.c.value, each.c.key.label("place")).subquery(), 0
