"""Decisions kept: what reviewers say of evidence and identities, each checked and then only ever added.

Entry: `Reviews.record`. What the events come to is `events.decisions`.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, func, insert, select

from whipcount import __version__
from whipcount.article import Contest, Kind, Sourcing, Span, Stand
from whipcount.errors import Decided, ReviewError
from whipcount.ledger import assigning
from whipcount.ledger.desk_models import ContestRow, EventRow
from whipcount.ledger.events import FIELDS, Action, Event, decisions, undone_by
from whipcount.ledger.models import ArticleRow, EvidenceRow, IdentityRow
from whipcount.ledger.opened import Opened
from whipcount.ledger.rows import whose
from whipcount.people import Identity, by_name, normal_name

_CHOICES: Mapping[str, type[Kind] | type[Contest] | type[Stand] | type[Sourcing]] = {
    "endorser_kind": Kind,
    "contest": Contest,
    "position": Stand,
    "sourcing": Sourcing,
}
_OF_IDENTITIES = frozenset({Action.MERGE, Action.SPLIT})


class Reviews(Opened):
    """The decisions in a ledger; `Reviews(ledger.engine)` shares its database."""

    def record(
        self, action: Action, subject: str, by: str, data: Mapping[str, Any] | None = None, *,
        seen: int | None = None, key: str | None = None, at: dt.datetime | None = None,
    ) -> Event:  # fmt: skip
        """Keep one decision of the reader `by`; `data` as `Action` says for each kind.

        `seen` is the number of the last event on the subject that the reader knew of (0: none): where another
        has come since, `Decided` is raised and nothing kept. The same `key` again gives the event that is there.
        Raises `ReviewError` where the decision makes no sense.
        """
        _named(by)
        with self._writing(f"record that {by} did {action} {subject}") as connection:
            if key is not None and (there := _by_key(connection, key)) is not None:
                return there
            if action is Action.UNDO:
                raise ReviewError("to undo an event, name its number")
            given = _checked(connection, action, subject, dict(data or {}))
            _unless_decided(connection, subject, seen)
            return self._insert(connection, action, subject, by, given, None, key, at or self._clock())

    def undo(self, number: int, by: str, *, key: str | None = None) -> Event:
        """Take an event back, whoever's it was; it stays in the history."""
        _named(by)
        with self._writing(f"undo event {number}") as connection:
            if key is not None and (there := _by_key(connection, key)) is not None:
                return there
            row = connection.execute(select(EventRow.__table__).where(EventRow.number == number)).first()
            if row is None:
                raise ReviewError(f"there is no event {number}")
            on_it = (
                select(EventRow.__table__).where(EventRow.subject == row.subject).order_by(EventRow.number)
            )
            of_all = [to_event(one) for one in connection.execute(on_it)]
            if by_whom := undone_by(of_all, number):
                raise ReviewError(
                    f"{by_whom.by} has undone event {number} already; to take that back, undo event {by_whom.number}"
                )
            return self._insert(connection, Action.UNDO, row.subject, by, {}, number, key, self._clock())

    def add(
        self, article_id: str, by: str, *, endorser: str, endorsee: str, position: Stand, sourcing: Sourcing, span: Span,
        endorser_kind: Kind = Kind.PERSON, contest: Contest = Contest.CURRENT, via: str | None = None,
        conditions: Iterable[Span] = (), said_on: dt.date | None = None, key: str | None = None,
    ) -> Event:  # fmt: skip
        """Enter evidence by hand: a position and where the article says so; the event's subject is its id.

        Names that are no identity's id become identities as `whipcount add` makes them.
        """
        _named(by)
        _plain(endorser, endorsee, via)
        with self._writing(f"add evidence to {article_id}") as connection:
            if key is not None and (there := _by_key(connection, key)) is not None:
                return there
            text = connection.scalar(select(ArticleRow.text).where(ArticleRow.id == article_id))
            if text is None:
                raise ReviewError(f"the ledger has no article {article_id}")
            parts = [_quote(span, text), *(_quote(one, text) for one in conditions)]
            last = connection.scalar(
                select(func.max(EvidenceRow.ordinal)).where(EvidenceRow.article_id == article_id)
            )
            ordinal = 0 if last is None else last + 1
            evidence_id = f"{article_id}.e{ordinal}"
            now = self._clock()
            connection.execute(
                insert(EvidenceRow).values(
                    id=evidence_id, article_id=article_id, ordinal=ordinal, attribution_id=None,
                    endorser_id=self._identity(connection, endorser), endorser_name=self._called(connection, endorser),
                    endorser_kind=endorser_kind.value, endorsee_id=self._identity(connection, endorsee),
                    endorsee_name=self._called(connection, endorsee), contest=contest.value, position=position.value,
                    sourcing=sourcing.value, via=via, start_at=span.start, end_at=span.end, exact=parts[0]["exact"],
                    conditions=parts[1:], reasons=[], said_on=said_on, confidence=1.0, because=f"entered by {by}",
                    reader=__version__, added_at=now,
                )
            )  # fmt: skip
            return self._insert(connection, Action.ADD, evidence_id, by, {}, None, key, now)

    def identity(self, name: str) -> str:
        """The id of the identity with this id or name; made where there is none, provisional."""
        _plain(name)
        with self._writing(f"make the identity {name}") as connection:
            return self._identity(connection, name)

    def events(self, subject: str | None = None, after: int = 0) -> list[Event]:
        """All events, or those on one subject, from the one after a number on."""
        query = select(EventRow.__table__).where(EventRow.number > after).order_by(EventRow.number)
        if subject is not None:
            query = query.where(EventRow.subject == subject)
        with self._reading() as connection:
            return [to_event(row) for row in connection.execute(query)]

    def _insert(
        self, connection: Connection, action: Action, subject: str, by: str, data: Mapping[str, Any],
        undoes: int | None, key: str | None, at: dt.datetime,
    ) -> Event:  # fmt: skip
        # Numbers grow with time even where a clock was set back: what was known by a moment has no gaps.
        last = connection.scalar(select(EventRow.at).order_by(EventRow.number.desc()).limit(1))
        moment = at if last is None else max(at, last)
        values = {
            "at": moment,
            "by": by.strip(),
            "action": action.value,
            "subject": subject,
            "data": dict(data),
        }
        number = connection.scalar(
            insert(EventRow).values(**values, undoes=undoes, key=key).returning(EventRow.number)
        )
        assert number is not None
        event = Event(number, moment, by.strip(), action, subject, dict(data), undoes)
        assigning.assign_decided(connection, event, moment)
        return event

    def _identity(self, connection: Connection, name: str) -> str:
        known = connection.scalar(select(IdentityRow.id).where(IdentityRow.id == name))
        if known is not None:
            return known
        if not name.strip():
            raise ReviewError("a name is missing")
        one = by_name(" ".join(name.split()))
        if connection.scalar(select(IdentityRow.id).where(IdentityRow.id == one.id)) is None:
            connection.execute(insert(IdentityRow).values(**identity_values(one), added_at=self._clock()))
        return one.id

    def _called(self, connection: Connection, name: str) -> str:
        found = connection.scalar(select(IdentityRow.name).where(IdentityRow.id == name))
        return found or " ".join(name.split())


def identity_values(one: Identity) -> dict[str, Any]:
    """The columns of an identity, but for the moment it is added."""
    return {
        "id": one.id,
        "normal_name": normal_name(one.name),
        "name": one.name,
        "provisional": one.provisional,
    }


def to_event(row: Any) -> Event:
    """An event from its row."""
    return Event(row.number, row.at, row.by, Action(row.action), row.subject, row.data, row.undoes)


def _by_key(connection: Connection, key: str) -> Event | None:
    row = connection.execute(select(EventRow.__table__).where(EventRow.key == key)).first()
    return None if row is None else to_event(row)


def _unless_decided(connection: Connection, subject: str, seen: int | None) -> None:
    if seen is None:
        return
    query = select(EventRow.by, EventRow.action, EventRow.number).where(EventRow.subject == subject)
    last = connection.execute(query.order_by(EventRow.number.desc()).limit(1)).first()
    if last is not None and last.number > seen:
        raise Decided(f"{last.by} has decided on this meanwhile ({last.action}); look again")


def _named(by: str) -> None:
    if not by.strip():
        raise ReviewError("a decision needs the name of who takes it")
    _plain(by)


def _plain(*texts: str | None) -> None:
    """Refuse what one of the stores can't keep."""
    for text in texts:
        if text is not None and ("\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text)):
            raise ReviewError(f"{text!r} holds characters that can't be kept")


def _checked(connection: Connection, action: Action, subject: str, data: dict[str, Any]) -> dict[str, Any]:
    """The data of a decision that makes sense; raises `ReviewError` for one that does not."""
    if action is Action.NOTE:
        return _note(connection, data)
    if action is Action.ADD:
        raise ReviewError("evidence is added with its article and its words")
    if action in _OF_IDENTITIES:
        return _checked_identity(connection, action, subject, data)
    text = connection.scalar(
        select(ArticleRow.text).join(EvidenceRow, EvidenceRow.article_id == ArticleRow.id).where(EvidenceRow.id == subject)
    )  # fmt: skip
    if text is None:
        raise ReviewError(f"the ledger has no evidence {subject}")
    if action is Action.PREVAIL:
        over = [str(one) for one in data.get("over", []) if one != subject]
        if not over:
            raise ReviewError("say which reports this one prevails over")
        if _waits(connection, subject):
            raise ReviewError(f"{subject} is unclear and does not count yet; accept or correct it first")
        _there(connection, EvidenceRow, over, "evidence")
        return {"over": over, **_reason(data)}
    if action is Action.CORRECT:
        return {**_correction(connection, data, text), **_reason(data)}
    return _reason(data)


def _waits(connection: Connection, subject: str) -> bool:
    """Whether a piece of evidence is unclear and nobody has decided on it."""
    unclear = connection.scalar(select(EvidenceRow.unclear).where(EvidenceRow.id == subject))
    on_it = select(EventRow.__table__).where(EventRow.subject == subject)
    decided = decisions(to_event(row) for row in connection.execute(on_it))
    return decided.waits(subject, unclear=bool(unclear))


def _note(connection: Connection, data: Mapping[str, Any]) -> dict[str, Any]:
    text = str(data.get("text") or "").strip()
    if not text:
        raise ReviewError("a note needs a text")
    _plain(text)
    note: dict[str, Any] = {"text": text}
    if data.get("request"):
        note["request"] = True
    if (answers := data.get("answers")) is not None:
        asked = connection.scalar(
            select(EventRow.data).where(EventRow.number == answers, EventRow.action == Action.NOTE.value)
        )
        if not (asked and asked.get("request")):
            raise ReviewError(f"event {answers} is no request for a correction")
        note["answers"] = answers
    return note


def _reason(data: Mapping[str, Any]) -> dict[str, str]:
    reason = str(data.get("reason") or "").strip()
    _plain(reason)
    return {"reason": reason} if reason else {}


def _checked_identity(
    connection: Connection, action: Action, subject: str, data: Mapping[str, Any]
) -> dict[str, Any]:
    if action is Action.MERGE:
        into = str(data.get("into") or "")
        _there(connection, IdentityRow, [subject, into], "identity")
        if into == subject:
            raise ReviewError("an identity can't be merged into itself")
        return {"into": into, **_reason(data)}
    to, evidence = str(data.get("to") or ""), [str(one) for one in data.get("evidence", [])]
    _there(connection, IdentityRow, [subject, to], "identity")
    if not evidence or to == subject:
        raise ReviewError("say which evidence is somebody else's, and whose")
    _there(connection, EvidenceRow, evidence, "evidence")
    _names_it(connection, subject, evidence)
    return {"to": to, "evidence": evidence, **_reason(data)}


def _names_it(connection: Connection, subject: str, evidence: list[str]) -> None:
    """Refuse to give away evidence that is not the identity's as things stand."""
    rows = connection.execute(select(EventRow.__table__).order_by(EventRow.number))
    decided = decisions(to_event(row) for row in rows)
    columns = (EvidenceRow.id, EvidenceRow.endorser_id, EvidenceRow.endorsee_id)
    own = decided.joined.get(subject, subject)
    for row in connection.execute(select(*columns).where(EvidenceRow.id.in_(evidence))):
        if own not in whose(row, decided):
            raise ReviewError(f"evidence {row.id} is not about {subject}")


def _there(
    connection: Connection, row: type[EvidenceRow] | type[IdentityRow], ids: list[str], what: str
) -> None:
    found = set(connection.scalars(select(row.id).where(row.id.in_(ids))))
    if missing := [one for one in ids if one not in found]:
        raise ReviewError(f"the ledger has no {what} {missing[0]!r}")


def _correction(connection: Connection, data: Mapping[str, Any], text: str) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, value in data.items():
        if name == "reason":
            continue
        if name not in FIELDS:
            raise ReviewError(f"{name!r} can't be corrected; what can is {', '.join(FIELDS)}")
        out[name] = _corrected(connection, name, value, text)
    if not out:
        raise ReviewError("a correction needs at least one field")
    return out


def _corrected(connection: Connection, name: str, value: Any, text: str) -> Any:
    if name in _CHOICES:
        try:
            return _CHOICES[name](value).value
        except ValueError:
            raise ReviewError(f"{value!r} is no {name}; it is one of {', '.join(_CHOICES[name])}") from None
    if name in {"endorser", "endorsee"}:
        _there(connection, IdentityRow, [str(value)], "identity")
        return str(value)
    if name == "contest_id":
        known = value is None or connection.scalar(
            select(ContestRow.number).where(ContestRow.contest_id == value).limit(1)
        )
        if not known and value is not None:
            raise ReviewError(f"the ledger has no contest {value!r}")
        return value
    if name == "span":
        quote = _quote(_span(value), text)
        if isinstance(value, Mapping) and value.get("exact", quote["exact"]) != quote["exact"]:
            raise ReviewError(f"the span {quote['start']} to {quote['end']} has other words than was said")
        return quote
    if name == "conditions":
        if not isinstance(value, list | tuple):
            raise ReviewError("conditions are a list of spans")
        return [_quote(_span(one), text) for one in value]
    if name == "said_on":
        return None if value is None else _day(value).isoformat()
    _plain(None if value is None else str(value))
    return None if value is None else str(value).strip() or None


def _span(value: Any) -> Span:
    """A span from [start, end], or from an object with `start` and `end`."""
    if isinstance(value, str):
        raise ReviewError(f"{value!r} is no span: give [start, end]")
    try:
        start, end = (value["start"], value["end"]) if isinstance(value, Mapping) else value
        return Span(int(start), int(end))
    except (KeyError, TypeError, ValueError):
        raise ReviewError(f"{value!r} is no span: give [start, end]") from None


def _quote(span: Span, text: str) -> dict[str, Any]:
    if not 0 <= span.start < span.end <= len(text):
        raise ReviewError(f"the span {span.start} to {span.end} is not in the text")
    return {"exact": span.of(text), "start": span.start, "end": span.end}


def _day(value: Any) -> dt.date:
    try:
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
    except ValueError:
        raise ReviewError(f"{value!r} is no day; write it as 2024-07-24") from None
