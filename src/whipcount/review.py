"""The queue of a desk: what is uncertain and matters, the most pressing first, each with why it is there.

Pure but for `read_desk`, which takes a ledger's evidence and events. Entry: `queue`.
"""

import datetime as dt
import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from whipcount.article import Contest, Span
from whipcount.conflicts import Conflict, conflicts, in_question
from whipcount.errors import ReviewError
from whipcount.ledger.events import Action, Decisions, Event, decisions, in_force
from whipcount.ledger.evidence import Evidence
from whipcount.ledger.resolutions import Choice, Resolutions, Unsure
from whipcount.ledger.review_reads import ReviewReads
from whipcount.ledger.reviews import Reviews
from whipcount.ledger.store import Ledger
from whipcount.pressing import PAST, Pressing, doubtful, pairs, readers_of, spoiled_sentences, unclear
from whipcount.publish.words import stand_words

# How pressing other questions are, beside an only report of a current standing that is wrong for sure.
_CONFLICT, _REQUEST, _DISPUTED, _SECOND, _UNSURE = 0.8, 2.0, 0.7, 0.2, 0.3


class Why(StrEnum):
    """What kind of question an item asks; in this order where they weigh the same."""

    REQUEST = "request"
    CONFLICT = "conflict"
    UNCLEAR = "unclear"
    EVIDENCE = "evidence"
    IDENTITY = "identity"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Item:
    """A question for a reader."""

    kind: Why
    subject: str
    """What a decision would be about: the id of evidence, of an identity or of an article."""
    title: str
    why: tuple[str, ...]
    """Why it is in the queue, in words."""
    weight: float
    """How pressing it is; only the order means something."""
    seen: int = 0
    """The number of the last event on the subject: give it with the decision, and nobody's is run over."""
    evidence: Evidence | None = None
    others: tuple[Evidence, ...] = ()
    """What else it is about: copies of the report, or the other side of a conflict."""
    event: Event | None = None
    """The request."""
    choices: tuple[Choice, ...] = ()
    """Who may be meant by the name, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a queue is made of."""

    evidence: Sequence[Evidence]
    events: Sequence[Event] = ()
    conflicts: Sequence[Conflict] = ()
    unsure: Sequence[Unsure] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    """How much an endorser matters, by id; 1 where nothing is said."""
    stamp: tuple[int, int, int] = (0, 0, 0)
    """What the ledger held when it was read: articles, evidence, the last event."""


def queue(
    desk: Desk, limit: int | None = None, reader: str | None = None, *,
    second_share: float = 0.1, kinds: Collection[Why] = tuple(Why),
) -> list[Item]:  # fmt: skip
    """What waits for a reader, the most pressing first; without what this reader has decided.

    The same whatever the order in which evidence and events are given. `second_share` is the share of what one
    reader has decided that a second one is asked about.
    """
    decided = decisions(desk.events)
    found: list[Item] = []
    if Why.EVIDENCE in kinds or Why.UNCLEAR in kinds:
        reported = pairs(desk.evidence, desk.weights)
        spoiled = spoiled_sentences(desk.evidence)
        for kind, pressing in ((Why.EVIDENCE, doubtful), (Why.UNCLEAR, unclear)):
            if kind in kinds:
                found += [_of_report(kind, one, decided) for one in pressing(reported, spoiled, limit)]
    if Why.SECOND in kinds:
        found += _seconds(desk, decided, reader, second_share)
    if Why.CONFLICT in kinds:
        found += _of_conflicts(desk, decided)
    if Why.REQUEST in kinds:
        found += _of_requests(desk, decided)
    if Why.IDENTITY in kinds:
        found += _of_identities(desk, decided)
    order = list(Why)
    found.sort(key=lambda item: (-round(item.weight, 6), order.index(item.kind), item.subject, item.title))
    return found if limit is None else found[:limit]


def read_desk(ledger: Ledger, known: Desk | None = None) -> Desk:
    """What a ledger's queue is made of; the one that is `known` where nothing has come since."""
    totals = ledger.totals()
    stamp = (totals.articles, totals.evidence, ledger.decided().last)
    if known is not None and known.stamp == stamp:
        return known
    evidence = ledger.evidence()
    events = Reviews(ledger.engine).events()
    unsure = Resolutions(ledger.engine).waiting(ledger.decided())
    return Desk(evidence, events, read_conflicts(ledger, evidence), unsure, stamp=stamp)


def read_conflicts(
    ledger: Ledger, evidence: Sequence[Evidence], as_of: dt.date | None = None
) -> list[Conflict]:
    """The conflicts in a ledger's evidence, with what the ledger knows of sources and candidates."""
    reads = ReviewReads(ledger.engine)
    asked = in_question(evidence)
    return conflicts(evidence, as_of, said_by=reads.said_by(asked) if asked else {}, left=reads.left())


def quoted(text: str, words: str) -> Span:
    """Where a text has some words, however they are spaced; raises `ReviewError` unless that is one place."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    found = [Span(*hit.span()) for hit in re.finditer(pattern, text)] if pattern else []
    if not found:
        raise ReviewError(f"the article has no “{words}”")
    if len(found) > 1:
        places = ", ".join(str(span.start) for span in found[:5])
        raise ReviewError(
            f"the article has “{words}” {len(found)} times (at {places}); give more words or a span"
        )
    return found[0]


def _of_report(kind: Why, one: Pressing, decided: Decisions) -> Item:
    evidence = one.evidence
    seen = decided.seen.get(evidence.id, 0)
    return Item(kind, evidence.id, _title(evidence), one.why, one.weight, seen, evidence, others=one.others)


def _seconds(desk: Desk, decided: Decisions, reader: str | None, share: float) -> Iterator[Item]:
    """Second readings that are due: of a share of all, and of what readers disagree on."""
    for one in desk.evidence:
        readers = readers_of(one)
        if not readers or reader in readers or one.undone or one.until is not None:
            continue
        if len({verdict.action is Action.REJECT for verdict in one.verdicts}) > 1 and len(readers) == 2:
            why, weight = "two readers disagree on it", _DISPUTED
        elif len(readers) == 1 and _drawn(one.id, share):
            # Not what was decided: the second reader shall not know.
            why, weight = "one reader has decided; it is drawn for a second reading", _SECOND
        else:
            continue
        weight *= desk.weights.get(one.endorser.id, 1.0)
        yield Item(
            Why.SECOND, one.id, _title(one.as_read or one), (why,), weight, decided.seen.get(one.id, 0), one
        )


def _drawn(evidence_id: str, share: float) -> bool:
    """Whether a piece of evidence is among the share: always the same, whoever decided on it and when."""
    return int.from_bytes(hashlib.sha256(evidence_id.encode()).digest()[:8]) < share * 2**64


def _of_conflicts(desk: Desk, decided: Decisions) -> Iterator[Item]:
    for clash in desk.conflicts:
        weight = _CONFLICT * desk.weights.get(clash.winner.endorser.id, 1.0)
        if clash.winner.contest is Contest.PAST:
            weight *= PAST
        yield Item(
            Why.CONFLICT,
            clash.winner.id,
            clash.text,
            (f"by the rules {_title(clash.winner)}: {clash.rule}",),
            weight,
            decided.seen.get(clash.winner.id, 0),
            clash.winner,
            clash.losers,
        )


def _of_requests(desk: Desk, decided: Decisions) -> Iterator[Item]:
    """Notes that ask for a correction, until somebody answers or decides on what they are about."""
    force = in_force(sorted(desk.events, key=lambda e: e.number))
    answered = {e.data["answers"] for e in force if e.action is Action.NOTE and "answers" in e.data}
    last: dict[str, int] = {}
    for event in force:
        if event.action is not Action.NOTE:
            last[event.subject] = event.number
            last[event.subject.split(".")[0]] = event.number
    by_id = {one.id: one for one in desk.evidence}
    for event in force:
        if event.action is not Action.NOTE or not event.data.get("request"):
            continue
        if event.number in answered or last.get(event.subject, 0) > event.number:
            continue
        one = by_id.get(event.subject)
        text = " ".join(str(event.data["text"]).split())
        yield Item(
            Why.REQUEST,
            event.subject,
            _title(one) if one else event.subject,
            (f"{event.by} asks for a correction: “{text}”",),
            _REQUEST,
            decided.seen.get(event.subject, 0),
            one,
            (),
            event,
        )


def _of_identities(desk: Desk, decided: Decisions) -> Iterator[Item]:
    """Names that may be somebody's of the registry, one question for all evidence under one provisional identity."""
    by_identity: defaultdict[str, list[Unsure]] = defaultdict(list)
    for unsure in desk.unsure:
        by_identity[unsure.identity_id].append(unsure)
    by_id = {one.id: one for one in desk.evidence} if by_identity else {}
    for identity, of_one in by_identity.items():
        first = min(of_one, key=lambda one: (-one.choices[0].score, one.evidence_id, one.role))
        keys = sorted({one.evidence_id for one in of_one})
        number = len(keys)
        yield Item(
            Why.IDENTITY,
            identity,
            f"Who is {first.name}?",
            (
                f"may be {' or '.join(choice.name for choice in first.choices)}: {first.why}",
                f"{number} piece{'' if number == 1 else 's'} of evidence rest on it",
            ),
            _UNSURE * (1 + min(number, 10) / 5),
            decided.seen.get(identity, 0),
            others=tuple(by_id[key] for key in keys if key in by_id),
            choices=first.choices,
        )


def _title(one: Evidence) -> str:
    return f"{one.endorser.name} {stand_words(one.position)} {one.endorsee.name}"
