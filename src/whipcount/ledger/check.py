"""Every invariant of a ledger, verified row by row.

Entry: `problems`. It reads a batch of rows at a time, so that memory does not grow with the ledger.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Engine, Row, select
from sqlalchemy.orm import InstrumentedAttribute

from whipcount.ledger.desk_models import AssignmentRow, CandidacyRow, ContestRow, EventRow
from whipcount.ledger.events import Action
from whipcount.ledger.models import (
    AnchorRow,
    ArticleRow,
    AttributionRow,
    EvidenceRow,
    IdentityRow,
    StoryJoinRow,
    StoryKeyRow,
    StoryTextRow,
    SupersessionRow,
)
from whipcount.ledger.registry_models import RegistryNameRow
from whipcount.ledger.rows import to_article
from whipcount.ledger.sameness import content_hash
from whipcount.people import normal_name

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Found:
    """Something wrong, or (`wrong` None) so many rows that are as they should be looked at."""

    table: str
    id: str = ""
    wrong: str | None = None
    rows: int = 0


def problems(engine: Engine) -> Iterator[Found]:
    """All that is wrong in a ledger, and how many rows were looked at in between."""
    with engine.connect() as connection:
        yield from _store(connection)
        yield from _each(connection, "articles", select(ArticleRow.__table__), ArticleRow.id, _article)
        yield from _each(connection, "attributions", *_of_articles(AttributionRow), _attribution)
        yield from _each(connection, "evidence", *_of_articles(EvidenceRow), _evidence)
        anchors = select(*AnchorRow.__table__.columns, ArticleRow.text).join(
            ArticleRow, ArticleRow.id == AnchorRow.article_id
        )
        yield from _each(connection, "anchors", anchors, AnchorRow.id, _anchor)
        yield from _each(connection, "identities", select(IdentityRow.__table__), IdentityRow.id, _identity)
        joins = dict(_pairs(connection, StoryJoinRow.id, StoryJoinRow.into))
        yield from _circles("story_joins", joins)
        newer = dict(_pairs(connection, SupersessionRow.id, SupersessionRow.newer_id))
        yield from _circles("supersessions", newer)
        yield from _desk(connection)
        yield from _registry(connection)


def _store(connection: Connection) -> Iterator[Found]:
    """What the store itself can tell."""
    if connection.dialect.name != "sqlite":
        # All else that refers to a row is held to it by the store.
        texts = select(StoryKeyRow.text).except_(select(StoryTextRow.number))
        for number in connection.scalars(texts):
            yield Found("story_keys", str(number), "names a text that is not there")
        return
    for (said,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if said != "ok":
            yield Found("database", wrong=str(said))
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield Found(str(table), str(row), f"refers to a row of {parent} that is not there")


def _of_articles(table: type[EvidenceRow] | type[AttributionRow]) -> tuple[Any, InstrumentedAttribute[str]]:
    query = select(*table.__table__.columns, ArticleRow.text).join(
        ArticleRow, ArticleRow.id == table.article_id
    )
    return query, table.id


def _each(
    connection: Connection, table: str, query: Any, key: InstrumentedAttribute[str], look: Callable[[Row[Any]], Iterable[str]]
) -> Iterator[Found]:  # fmt: skip
    last = ""
    while rows := connection.execute(query.where(key > last).order_by(key).limit(_BATCH)).all():
        for row in rows:
            for wrong in look(row):
                yield Found(table, row.id, wrong)
        yield Found(table, rows=len(rows))
        last = rows[-1].id


def _article(row: Row[Any]) -> Iterator[str]:
    if content_hash(to_article(row)) != row.content_hash:
        yield "its text, address or day is not what its hash was made of"
    if row.id != f"a_{row.content_hash[:24]}":
        yield "its id is not made of its hash"
    for name in ("debris", "key_points", "asides"):
        yield from _outside(getattr(row, name) or [], row.text, name)


def _attribution(row: Row[Any]) -> Iterator[str]:
    for name in ("source", "cue", "content"):
        yield from _outside(getattr(row, name), row.text, name)


def _evidence(row: Row[Any]) -> Iterator[str]:
    if row.text[row.start_at : row.end_at] != row.exact:
        yield "its words are not those at its place in the article"
    for name in ("conditions", "reasons"):
        if any(row.text[one["start"] : one["end"]] != one["exact"] for one in getattr(row, name)):
            yield f"the words of its {name} are not those at their place in the article"
    if row.id != f"{row.article_id}.e{row.ordinal}":
        yield "its id is not made of its article and its number"
    if row.attribution_id is not None and not row.attribution_id.startswith(f"{row.article_id}.a"):
        yield "it is said to stand in an attribution of another article"


def _anchor(row: Row[Any]) -> Iterator[str]:
    if row.start_at is not None and not 0 <= row.start_at < row.end_at <= len(row.text):
        yield "it points outside its article"


def _identity(row: Row[Any]) -> Iterator[str]:
    if row.normal_name != normal_name(row.name):
        yield "its name and the form that it is found by do not belong together"


def _outside(spans: Iterable[tuple[int, int]], text: str, name: str) -> Iterator[str]:
    if any(not 0 <= start <= end <= len(text) for start, end in spans):
        yield f"its {name} points outside the text"


def _pairs(connection: Connection, *columns: InstrumentedAttribute[Any] | Column[Any]) -> list[Any]:
    return [tuple(row) for row in connection.execute(select(*columns))]


def _circles(table: str, leads_to: Mapping[str, str]) -> Iterator[Found]:
    sound: set[str] = set()
    for start in sorted(leads_to):
        path: dict[str, None] = {}
        one = start
        while one in leads_to and one not in sound and one not in path:
            path[one] = None
            one = leads_to[one]
        if one in path:
            yield Found(table, one, "leads back to itself")
        sound |= path.keys()
    yield Found(table, rows=len(leads_to))


def _desk(connection: Connection) -> Iterator[Found]:
    """Decisions and contests: everything that they name is there, and no undoing comes before what it undoes."""
    contests = {one for (one,) in _pairs(connection, ContestRow.contest_id)}
    for table, rows in (
        ("candidacies", _pairs(connection, CandidacyRow.number, CandidacyRow.contest_id)),
        ("assignments", _pairs(connection, AssignmentRow.number, AssignmentRow.contest_id)),
    ):
        for number, contest in rows:
            if contest is not None and contest not in contests:
                yield Found(table, str(number), f"names the contest {contest}, which is not there")
        yield Found(table, rows=len(rows))
    evidence = {one for (one,) in _pairs(connection, EvidenceRow.id)}
    identities = {one for (one,) in _pairs(connection, IdentityRow.id)}
    count = 0
    for row in connection.execute(select(EventRow.__table__).order_by(EventRow.number)):
        count += 1
        for wrong in _event(row, evidence, identities):
            yield Found("events", str(row.number), wrong)
    yield Found("events", rows=count)


def _registry(connection: Connection) -> Iterator[Found]:
    """Every name is found by its form."""
    names = _pairs(connection, RegistryNameRow.version, RegistryNameRow.text, RegistryNameRow.normal_name)
    for version, text, normal in names:
        if normal != normal_name(text):
            yield Found("registry_names", str(version), f"{text!r} and the form that it is found by do not belong together")  # fmt: skip
    yield Found("registry_names", rows=len(names))


def _event(row: Row[Any], evidence: set[str], identities: set[str]) -> Iterator[str]:
    if row.action not in set(Action):
        yield f"{row.action!r} is nothing that can be decided"
        return
    action = Action(row.action)
    if (row.undoes is not None) != (action is Action.UNDO) or (row.undoes or 0) >= row.number:
        yield "it undoes nothing that came before it"
    named = {str(one) for key in ("evidence", "over") for one in row.data.get(key, ())}
    people = {str(row.data[key]) for key in ("into", "to", "endorser", "endorsee") if key in row.data}
    if action in {Action.MERGE, Action.SPLIT}:
        people.add(row.subject)
    elif action not in {Action.NOTE, Action.UNDO}:
        named.add(row.subject)
    for missing in sorted((named - evidence) | (people - identities)):
        yield f"it names {missing}, which is not there"
