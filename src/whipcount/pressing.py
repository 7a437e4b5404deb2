"""Which reports press a reader: those that count and may be wrong, those that are unclear and may be right.

Pure. Entries: `pairs`, then `doubtful` and `unclear`.
"""

import heapq
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from whipcount.article import Contest, Kind, Stand
from whipcount.ledger.events import Action
from whipcount.ledger.evidence import Evidence
from whipcount.standing import Report, reports, standing_of, visible

SURE_ENOUGH = 0.95
"""What is surer than this waits for no reader."""
PAST = 0.5
"""How much less a past contest matters."""
_HOLDING_OUT = frozenset({Stand.WITHHOLDING, Stand.EXPECTED})
# What a mistake would cost, in shares of an only report of a current standing.
_DECIDES, _BEARS_OUT, _OLDER = 1.0, 0.4, 0.15
_HOLDOUT = 1.25
_SPOILED = 1.5
_UNCLEAR = 1.5
"""What is unclear counts for nothing until somebody looks at it, so it comes before what counts already."""


@dataclass(frozen=True, slots=True)
class Pressing:
    """A report to decide on."""

    evidence: Evidence
    others: tuple[Evidence, ...]
    """Copies and relays of it."""
    why: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Pair:
    """What is reported of two in a contest."""

    weighs: float
    counted: list[Evidence] = field(default_factory=list)
    waiting: list[Evidence] = field(default_factory=list)
    """What is unclear, and would count if a reader accepted it."""


def pairs(evidence: Iterable[Evidence], weights: Mapping[str, float]) -> list[Pair]:
    """The evidence by whom it is about and in which contest; `weights` as in `review.Desk`."""
    found: dict[tuple[str, str, Contest, str | None], Pair] = {}
    for one in evidence:
        if one.endorser_kind is Kind.VOTER:
            continue
        waits = one.waits and visible(replace(one, unclear=False), None)
        if not waits and not visible(one, None):
            continue
        key = one.endorser.id, one.endorsee.id, one.contest, one.contest_id
        pair = found.get(key)
        if pair is None:
            pair = found[key] = Pair(weights.get(one.endorser.id, 1.0))
        (pair.waiting if waits else pair.counted).append(one)
    return list(found.values())


def doubtful(
    found: Iterable[Pair], spoiled: Collection[tuple[str, str]], limit: int | None
) -> list[Pressing]:
    """What counts and nobody has decided on; with a limit at least the most pressing of it."""
    groups = []
    for pair in found:
        asked = [one for one in pair.counted if one.sure < SURE_ENOUGH and not readers_of(one)]
        if asked:
            most = max((1 - one.sure) * _factor(one, spoiled, resting=True)[0] for one in asked)
            groups.append((most * pair.weighs, pair))
    return _pressing(groups, lambda pair: _of_pair(pair.counted, pair.weighs, spoiled), limit)


def unclear(found: Iterable[Pair], spoiled: Collection[tuple[str, str]], limit: int | None) -> list[Pressing]:
    """What does not count before somebody has decided on it; with a limit at least the most pressing of it."""
    groups = []
    for pair in found:
        if pair.waiting:
            most = max(one.sure * _factor(one, spoiled, resting=True)[0] for one in pair.waiting)
            groups.append((most * _UNCLEAR * pair.weighs, pair))
    return _pressing(groups, lambda pair: _unclear_of_pair(pair, spoiled), limit)


def _pressing(
    groups: list[tuple[float, Pair]], items: Callable[[Pair], Iterable[Pressing]], limit: int | None
) -> list[Pressing]:
    """The items of pairs, each given with the most that an item of it can weigh.

    Most of the time goes into what the standing of a pair rests on, so with a limit the pairs are taken by that
    until no other can be among the first.
    """
    if limit is None:
        return [item for _, pair in groups for item in items(pair)]
    groups.sort(key=lambda one: one[0], reverse=True)
    found: list[Pressing] = []
    best: list[float] = []
    for most, pair in groups:
        # What weighs the same to the last digits may come first by its id.
        if len(best) >= limit and most < best[0] - 1e-5:
            break
        for item in items(pair):
            found.append(item)
            (heapq.heappush if len(best) < limit else heapq.heappushpop)(best, item.weight)
    return found


def _of_pair(
    group: Sequence[Evidence], weighs: float, spoiled: Collection[tuple[str, str]]
) -> Iterator[Pressing]:
    of_pair = reports(group)
    standing = standing_of(of_pair)
    resting = {one.id for one in standing.evidence}
    for report in of_pair:
        one = report.evidence
        if one.sure >= SURE_ENOUGH or any(readers_of(other) for other in (one, *report.copies)):
            continue
        stake, why = _stake(report, of_pair, standing.position, resting)
        factor, also = _factor(one, spoiled, resting=one.id in resting)
        if weighs != 1:
            also.append(f"the endorser weighs {weighs:g}")
        yield Pressing(
            one,
            (*report.copies, *report.relays),
            (f"{one.sure:.0%} sure", why, *also),
            (1 - one.sure) * stake * factor * weighs,
        )


def _unclear_of_pair(pair: Pair, spoiled: Collection[tuple[str, str]]) -> Iterator[Pressing]:
    waiting = {one.id for one in pair.waiting}
    for report in reports([*pair.counted, *pair.waiting]):
        own = [one for one in report.all if one.id in waiting]
        if not own or any(readers_of(one) for one in report.all):
            continue
        first, *others = own
        if len(own) < len(report.all):
            stake, why = _OLDER, "another copy of the report counts"
        else:
            stake, why = _gain(pair.counted, report)
        factor, also = _factor(first, spoiled, resting=stake > _OLDER)
        if pair.weighs != 1:
            also.append(f"the endorser weighs {pair.weighs:g}")
        yield Pressing(
            first,
            tuple(others),
            (f"unclear, so it does not count yet; {first.sure:.0%} sure", why, *also),
            first.sure * stake * _UNCLEAR * factor * pair.weighs,
        )


def _gain(counted: Sequence[Evidence], report: Report) -> tuple[float, str]:
    """What a report would add to what counts, and why it matters in words."""
    if not counted:
        return _DECIDES, "nothing on the two counts"
    before = standing_of(reports(counted)).position
    after = standing_of(reports([*counted, *report.all]))
    if after.position is not before:
        return _DECIDES, f"with it the standing would be {after.position.value}, not {before.value}"
    if report.evidence in after.evidence:
        return _BEARS_OUT, "it would bear the standing out"
    return _OLDER, "the standing would not rest on it"


def _factor(one: Evidence, spoiled: Collection[tuple[str, str]], *, resting: bool) -> tuple[float, list[str]]:
    """How much more or less a report matters by itself, and why in words."""
    factor, why = 1.0, []
    if one.contest is Contest.PAST:
        factor *= PAST
    elif one.position in _HOLDING_OUT and resting:
        factor *= _HOLDOUT
        why.append("a holdout of a current contest")
    if spoiled and (one.article.story, one.quote.exact) in spoiled:
        factor *= _SPOILED
        why.append("a reader has rejected or corrected the same sentence elsewhere")
    return factor, why


def _stake(
    report: Report, of_pair: Sequence[Report], stand: Stand, resting: Collection[str]
) -> tuple[float, str]:
    """What would be lost with a report, and why it matters in words."""
    if report.evidence.id not in resting:
        return _OLDER, "the standing does not rest on it"
    others = [one for one in of_pair if one is not report]
    if not others:
        return _DECIDES, "the only report on the two"
    without = standing_of(others).position
    if without is not stand:
        return _DECIDES, f"without it the standing would be {without.value}, not {stand.value}"
    number = sum(one.evidence.id in resting for one in of_pair)
    return _BEARS_OUT, f"one of {number} reports that bear the standing out"


def spoiled_sentences(evidence: Iterable[Evidence]) -> set[tuple[str, str]]:
    """Sentences, by story, of which a reader found the reading wrong: copies and later versions repeat it."""
    return {
        (one.article.story, (one.as_read or one).quote.exact)
        for one in evidence
        if one.correction or any(verdict.action is Action.REJECT for verdict in one.verdicts)
    }


def readers_of(one: Evidence) -> set[str]:
    """Who has decided on a piece of evidence, whoever entered it among them."""
    return {verdict.by for verdict in one.verdicts} | ({one.by_hand} if one.by_hand else set())
