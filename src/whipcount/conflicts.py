"""Reports that can't both hold: what speaks against what, which one counts by the rules, and why.

Pure. Entries: `conflicts`, and `disputed`, which marks standings. A reader overrules the rules by an event
(`Action.PREVAIL`); what is set aside by one is in no conflict any more.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from whipcount.article import ANY_CANDIDATE, Contest, Kind, Sourcing, Stand
from whipcount.ledger.evidence import Evidence
from whipcount.people import normal_name
from whipcount.publish.words import sourcing_words, stand_words
from whipcount.standing import Report, Standing, prevails, reports, standings, visible

_FOR = frozenset({Stand.ENDORSED, Stand.SUPPORTS})
_AGAINST = frozenset({Stand.WITHHOLDING, Stand.REFUSED, Stand.WITHDRAWN})
_OWN = frozenset({Sourcing.OWN_WORDS, Sourcing.SPOKESPERSON})
_OF_OTHERS = frozenset({Sourcing.NAMED_SOURCE, Sourcing.UNNAMED_SOURCE})
_NEAR = dt.timedelta(days=3)
"""Days within which reports are taken to speak of one state of things."""
_ANSWER = dt.timedelta(days=14)
"""Days within which an own word answers what others said."""
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})


class Clash(StrEnum):
    """What kind of conflict it is."""

    CLAIM = "claim"
    """The candidate or the candidate's people claim what the endorser denies."""
    OWN_WORD = "own_word"
    """The endorser's own word speaks against what others reported before."""
    OPPOSED = "opposed"
    """Independent reports of near days take opposite sides."""
    TWO_FIRST = "two_first"
    """One endorser stands for two candidates of one contest."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Evidence that can't all hold."""

    kind: Clash
    winner: Evidence
    """The report that counts by the rules of standing."""
    losers: tuple[Evidence, ...]
    """Those that speak against it; copies and relays of theirs left out."""
    text: str
    """What the conflict is, in words."""
    rule: str
    """Why the winner counts, in words."""
    against: tuple[Evidence, ...] = ()
    """The losers with all copies and relays: what a reader sets aside who lets the winner prevail."""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All reports in it, the winner first."""
        return (self.winner, *self.losers)


def conflicts(
    evidence: Iterable[Evidence], as_of: dt.date | None = None, *,
    said_by: Mapping[str, str] | None = None, left: Mapping[tuple[str, str], dt.date] | None = None,
) -> list[Conflict]:  # fmt: skip
    """All conflicts in the evidence that counts, as of a day.

    `said_by` gives by evidence the words for its source (those that `in_question` names are enough), `left` by
    contest and candidate the day from which somebody no longer stands. The same whatever the order.
    """
    counted = [one for one in evidence if one.endorser_kind is not Kind.VOTER and visible(one, as_of)]
    found = [
        conflict
        for group in _two_sided(counted).values()
        for conflict in _of_pair(reports(group), said_by or {})
    ]
    found += _two_first(counted, as_of, left or {})
    return sorted(found, key=lambda c: (list(Clash).index(c.kind), c.winner.id, c.losers[0].id))


def in_question(evidence: Iterable[Evidence]) -> list[str]:
    """The evidence of which `conflicts` wants to know who the source is."""
    counted = [one for one in evidence if visible(one, None)]
    groups = _two_sided(counted).values()
    return sorted(one.id for group in groups for one in group if one.sourcing in _OF_OTHERS)


def disputed(found: Iterable[Standing], clashes: Iterable[Conflict]) -> list[Standing]:
    """Standings, each with the conflict that it is part of."""
    by_evidence: dict[str, str] = {}
    for conflict in clashes:
        for one in (*conflict.evidence, *conflict.against):
            by_evidence.setdefault(one.id, conflict.text)
    return [
        replace(standing, disputed=words)
        if by_evidence and (words := next((by_evidence[e.id] for e in standing.evidence if e.id in by_evidence), None))
        else standing
        for standing in found
    ]  # fmt: skip


_Pair = tuple[str, str, Contest, str | None]


def _two_sided(counted: Iterable[Evidence]) -> dict[_Pair, list[Evidence]]:
    """By pair: the evidence on those of whom opposite things are said."""
    by_pair: defaultdict[_Pair, list[Evidence]] = defaultdict(list)
    for one in counted:
        by_pair[one.endorser.id, one.endorsee.id, one.contest, one.contest_id].append(one)
    found = {}
    for pair, group in by_pair.items():
        if len(group) > 1:
            stands = {one.position for one in group}
            if any(_opposite(one, other) for one in stands for other in stands) and _meet(group):
                found[pair] = group
    return found


def _meet(group: Sequence[Evidence]) -> bool:
    """Whether some of the opposite things were said within days that a conflict can span."""
    ordered = sorted((one for one in group if one.day), key=lambda one: one.day or dt.date.min)
    for number, one in enumerate(ordered):
        for other in ordered[number + 1 :]:
            assert one.day is not None
            assert other.day is not None
            if other.day - one.day > _ANSWER:
                break
            if _opposite(one.position, other.position):
                return True
    return False


def _opposite(one: Stand, other: Stand) -> bool:
    return (
        (one in _FOR and other in _AGAINST)
        or (other in _FOR and one in _AGAINST)
        or {one, other} == {Stand.EXPECTED, Stand.REFUSED}
    )


def _of_pair(oldest_first: Sequence[Report], said_by: Mapping[str, str]) -> list[Conflict]:
    """The conflicts on one pair: each report that loses is in one of them."""
    found = []
    lost: set[str] = set()
    latest_first = list(reversed(oldest_first))
    for number, report in enumerate(latest_first):
        if report.evidence.id in lost:
            continue
        by_kind: defaultdict[Clash, list[Report]] = defaultdict(list)
        for other in latest_first[number + 1 :]:
            kind = _clash(other.evidence, report.evidence, said_by)
            if kind is not None and other.evidence.id not in lost:
                by_kind[kind].append(other)
                lost.add(other.evidence.id)
        for kind, losers in by_kind.items():
            winner, rule = prevails(report.evidence, losers[0].evidence)
            found.append(
                Conflict(
                    kind,
                    winner,
                    tuple(one.evidence for one in losers),
                    _words(kind, report.evidence, losers[0].evidence, said_by, len(losers) - 1),
                    rule,
                    tuple(one for loser in losers for one in loser.all),
                )
            )
    return found


def _clash(earlier: Evidence, later: Evidence, said_by: Mapping[str, str]) -> Clash | None:
    """Why two reports can't both hold; None where they can. `later` is the one that the rules take."""
    first, second = earlier.position, later.position
    if earlier.day is None or later.day is None or not _opposite(first, second):
        return None
    apart = later.day - earlier.day
    own = [one.sourcing in _OWN for one in (earlier, later)]
    if any(own) and not all(own) and apart <= _ANSWER:
        report = later if own[0] else earlier
        if (report.position in _FOR or report.position is Stand.EXPECTED) and _by_candidate(report, said_by):
            return Clash.CLAIM
    if apart and _comes_after(first, second):
        return None
    if own == [False, True] and apart <= _ANSWER:
        return Clash.OWN_WORD
    if all(own) and apart:
        return None
    return Clash.OPPOSED if apart <= _NEAR else None


def _comes_after(first: Stand, second: Stand) -> bool:
    """Whether the one follows the other with no contradiction: holding out then coming out, that then taken back."""
    return (first is Stand.WITHHOLDING and second in _FOR) or (
        first in _FOR and second is Stand.WITHDRAWN
    )  # fmt: skip


def _by_candidate(report: Evidence, said_by: Mapping[str, str]) -> bool:
    """Whether the source is the endorsee, or is called by the endorsee's name ("a Dunmore spokeswoman")."""
    if report.sourcing not in _OF_OTHERS:
        return False
    words = normal_name(said_by.get(report.id, "")).split()
    name = [word for word in normal_name(report.endorsee.name).split() if word not in _SUFFIXES]
    return bool(name) and (name[-1] in words or f"{name[-1]}s" in words)


def _words(kind: Clash, later: Evidence, earlier: Evidence, said_by: Mapping[str, str], further: int) -> str:
    others = f" and {further} more such report{'s' if further > 1 else ''}" if further else ""
    if kind is Clash.CLAIM:
        claim, denial = (earlier, later) if _by_candidate(earlier, said_by) else (later, earlier)
        return f"the side of {claim.endorsee.name} claims {_said(claim)}; the endorser says otherwise: {_said(denial)}{others}"
    if kind is Clash.OWN_WORD:
        return f"own word after a report: {_said(later)}, after {_said(earlier)}{others}"
    return f"opposite reports of near days: {_said(later)}, but {_said(earlier)}{others}"


def _said(one: Evidence) -> str:
    words = f"{one.endorser.name} {stand_words(one.position)} {one.endorsee.name}"
    return f"{words} ({sourcing_words(one.sourcing, one.via)}, {one.day})"


def _two_first(
    counted: Sequence[Evidence], as_of: dt.date | None, left: Mapping[tuple[str, str], dt.date]
) -> list[Conflict]:
    """Endorsers with two candidates in one contest. A contest that nobody knows is none: nothing is claimed of it."""
    backed: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for one in counted:
        if one.contest_id is not None and one.position in _FOR:
            backed[one.endorser.id, one.contest_id].add(one.endorsee.id)
    several = {key for key, endorsees in backed.items() if len(endorsees) > 1}
    in_contests = [one for one in counted if (one.endorser.id, one.contest_id) in several]
    choices: defaultdict[tuple[str, str], list[Standing]] = defaultdict(list)
    for standing in standings(in_contests, as_of):
        contest = standing.contest_id
        if contest is None or standing.position not in _FOR:
            continue
        if normal_name(standing.endorsee.name) == normal_name(ANY_CANDIDATE):
            continue
        gone = left.get((contest, standing.endorsee.id))
        if gone is not None and (as_of is None or gone <= as_of):
            continue
        choices[standing.endorser.id, contest].append(standing)
    found = []
    for held in choices.values():
        if len(held) < 2:
            continue
        first, *others = sorted(held, key=lambda s: (s.last_said or dt.date.min, s.best.id), reverse=True)
        names = [f"{s.endorsee.name} (since {s.since or 'an unknown day'})" for s in (first, *others)]
        found.append(
            Conflict(
                Clash.TWO_FIRST,
                first.best,
                tuple(s.best for s in others),
                f"{first.endorser.name} stands for {' and for '.join(names)} in one contest",
                f"all count; that for {first.endorsee.name} was said last",
                tuple(one for s in others for one in s.evidence),
            )
        )
    return found
