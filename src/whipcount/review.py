"""The queue of a desk: what is uncertain and matters, the most pressing first, each with why it is there.

Pure but for `read_desk`, which takes a ledger's evidence and events. Entry: `queue`.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from whipcount.article import Contest, Kind, Stand
from whipcount.conflicts import Conflict, conflicts, in_question
from whipcount.ledger.events import Action, Decisions, Event, decisions, in_force
from whipcount.ledger.evidence import Evidence
from whipcount.ledger.review_reads import ReviewReads
from whipcount.ledger.reviews import Reviews
from whipcount.ledger.store import Ledger
from whipcount.publish.words import stand_words
from whipcount.standing import Report, reports, standing_of, visible

SURE_ENOUGH = 0.95
"""What is surer than this waits for no reader."""
_HOLDING_OUT = frozenset({Stand.WITHHOLDING, Stand.EXPECTED})
# What a mistake would cost, in shares of an only report of a current standing.
_DECIDES, _BEARS_OUT, _OLDER = 1.0, 0.4, 0.15
_PAST, _HOLDOUT = 0.5, 1.25
_FIRST_COPY = 1.5
_CONFLICT, _REQUEST, _DISPUTED, _SECOND, _UNSURE = 0.8, 2.0, 0.7, 0.2, 0.3


class Why(StrEnum):
    """What kind of question an item asks; in this order where they weigh the same."""

    REQUEST = "request"
    CONFLICT = "conflict"
    EVIDENCE = "evidence"
    IDENTITY = "identity"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Unsure:
    """A name that was not resolved for certain."""

    identity: str
    name: str
    candidates: tuple[str, ...]
    """Whom it may be, the likeliest first, in words."""
    evidence: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Desk:
    """What a queue is made of."""

    evidence: Sequence[Evidence]
    events: Sequence[Event] = ()
    conflicts: Sequence[Conflict] = ()
    unsure: Sequence[Unsure] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    """How much an endorser matters, by id; 1 where nothing is said."""


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
    if Why.EVIDENCE in kinds or Why.SECOND in kinds:
        found += _of_evidence(desk, decided, reader, second_share)
    if Why.CONFLICT in kinds:
        found += _of_conflicts(desk, decided)
    if Why.REQUEST in kinds:
        found += _of_requests(desk, decided)
    if Why.IDENTITY in kinds:
        found += _of_identities(desk, decided)
    order = list(Why)
    found = [item for item in found if item.kind in kinds]
    found.sort(key=lambda item: (-round(item.weight, 6), order.index(item.kind), item.subject, item.title))
    return found if limit is None else found[:limit]


def read_desk(ledger: Ledger, known_by: dt.datetime | None = None) -> Desk:
    """What a ledger's queue is made of."""
    evidence = ledger.evidence(known_by=known_by)
    events = Reviews(ledger.engine).events()
    return Desk(evidence, events, read_conflicts(ledger, evidence))


def read_conflicts(
    ledger: Ledger, evidence: Sequence[Evidence], as_of: dt.date | None = None
) -> list[Conflict]:
    """The conflicts in a ledger's evidence, with what the ledger knows of sources and candidates."""
    reads = ReviewReads(ledger.engine)
    asked = in_question(evidence)
    return conflicts(evidence, as_of, said_by=reads.said_by(asked) if asked else {}, left=reads.left())


def _of_evidence(desk: Desk, decided: Decisions, reader: str | None, second_share: float) -> Iterator[Item]:
    by_pair: defaultdict[tuple[str, str, Contest, str | None], list[Evidence]] = defaultdict(list)
    for one in desk.evidence:
        if one.endorser_kind is not Kind.VOTER and visible(one, None):
            by_pair[one.endorser.id, one.endorsee.id, one.contest, one.contest_id].append(one)
        elif one.verdicts:
            yield from _second(one, decided, reader, second_share, 1.0)
    spoiled = _spoiled(desk.evidence)
    for group in by_pair.values():
        if all(one.sure >= SURE_ENOUGH and not _readers(one) for one in group):
            continue
        of_pair = reports(group)
        standing = standing_of(of_pair)
        resting = {one.id for one in standing.evidence}
        weighs = desk.weights.get(standing.endorser.id, 1.0)
        for report in of_pair:
            for one in report.all:
                if _readers(one):
                    yield from _second(one, decided, reader, second_share, weighs)
            one = report.evidence
            if one.sure >= SURE_ENOUGH or any(_readers(other) for other in (one, *report.copies)):
                continue
            stake, why = _stake(report, of_pair, standing.position, resting)
            if one.contest is Contest.PAST:
                stake *= _PAST
            elif one.position in _HOLDING_OUT and one.id in resting:
                stake *= _HOLDOUT
                why.append("a holdout of a current contest")
            if weighs != 1:
                why.append(f"the endorser weighs {weighs:g}")
            if (one.article.story, one.quote.exact) in spoiled:
                stake *= _FIRST_COPY
                why.append("a reader has rejected or corrected the same sentence elsewhere")
            yield Item(
                Why.EVIDENCE,
                one.id,
                _title(one),
                (f"{one.sure:.0%} sure", *why),
                (1 - one.sure) * stake * weighs,
                decided.seen.get(one.id, 0),
                one,
                (*report.copies, *report.relays),
            )


def _stake(
    report: Report, of_pair: Sequence[Report], stand: Stand, resting: Collection[str]
) -> tuple[float, list[str]]:
    """What would be lost with a report, and why it matters in words."""
    if report.evidence.id not in resting:
        return _OLDER, ["the standing does not rest on it"]
    others = [one for one in of_pair if one is not report]
    if not others:
        return _DECIDES, ["the only report on the two"]
    without = standing_of(others).position
    if without is not stand:
        return _DECIDES, [f"without it the standing would be {without.value}, not {stand.value}"]
    number = sum(one.evidence.id in resting for one in of_pair)
    return _BEARS_OUT, [f"one of {number} reports that bear the standing out"]


def _spoiled(evidence: Iterable[Evidence]) -> set[tuple[str, str]]:
    """Sentences, by story, of which a reader found the reading wrong: copies and later versions repeat it."""
    return {
        (one.article.story, (one.as_read or one).quote.exact)
        for one in evidence
        if one.correction or any(verdict.action is Action.REJECT for verdict in one.verdicts)
    }


def _readers(one: Evidence) -> set[str]:
    """Who has decided on a piece of evidence, whoever entered it among them."""
    return {verdict.by for verdict in one.verdicts} | ({one.by_hand} if one.by_hand else set())


def _second(
    one: Evidence, decided: Decisions, reader: str | None, share: float, weighs: float
) -> Iterator[Item]:
    """A second reading where one is due: of a share of all, and of what readers disagree on."""
    readers = _readers(one)
    if reader in readers or one.undone:
        return
    dispute = len({verdict.action is Action.REJECT for verdict in one.verdicts}) > 1
    if dispute and len(readers) == 2:
        why, weight = "two readers disagree on it", _DISPUTED
    elif len(readers) == 1 and _drawn(one.id, share):
        # Not what was decided: the second reader shall not know.
        why, weight = "one reader has decided; it is drawn for a second reading", _SECOND
    else:
        return
    shown = decided.seen.get(one.id, 0)
    yield Item(Why.SECOND, one.id, _title(one.as_read or one), (why,), weight * weighs, shown, one)


def _drawn(evidence_id: str, share: float) -> bool:
    """Whether a piece of evidence is among the share: always the same, whoever decided on it and when."""
    return int.from_bytes(hashlib.sha256(evidence_id.encode()).digest()[:8]) < share * 2**64


def _of_conflicts(desk: Desk, decided: Decisions) -> Iterator[Item]:
    for clash in desk.conflicts:
        weight = _CONFLICT * desk.weights.get(clash.winner.endorser.id, 1.0)
        if clash.winner.contest is Contest.PAST:
            weight *= _PAST
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
    for unsure in desk.unsure:
        if unsure.identity in decided.joined or unsure.identity in decided.seen:
            continue
        names = " or ".join(unsure.candidates) or "nobody known"
        number = len(unsure.evidence)
        yield Item(
            Why.IDENTITY,
            unsure.identity,
            f"Who is {unsure.name}?",
            (f"may be {names}", f"{number} piece{'' if number == 1 else 's'} of evidence rest on it"),
            _UNSURE * (1 + min(number, 10) / 5),
            decided.seen.get(unsure.identity, 0),
        )


def _title(one: Evidence) -> str:
    return f"{one.endorser.name} {stand_words(one.position)} {one.endorsee.name}"
