"""Who stands where: derived from the evidence alone, as of any day.

The rules, in the order in which they apply to the evidence on one (endorser, endorsee, contest):

1. Voters are not part of the count, nor is what a reader rejected or set aside for another report,
   nor what was read unclearly and no reader has decided on.
2. As of a day, only evidence counts that was said and published by then; what has no date at
   all is left out, as nothing shows that it had happened.
3. Copies of one report that say the same, and reports that only relay it, are one report, of the
   day of the earliest. What a newer version of its page has replaced no longer counts.
4. The latest day wins. A report's day is the day it was said, else that of publication; one
   without either comes before all that have one.
5. On one day the report nearest to the endorser wins (the order of `Sourcing`: own words
   first), then the one published later, then the further step (an endorsement over its
   announcement), then the surer reading.
6. Support that is reported after an endorsement bears it out; it does not take its place.
7. "Has not endorsed anyone" ends when the endorser comes out for somebody.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from whipcount.article import ANY_CANDIDATE, Contest, Kind, Sourcing, Stand
from whipcount.chains import chains, credited
from whipcount.ledger.evidence import Evidence, first_reporter
from whipcount.outlet_table import outlet_key
from whipcount.people import Identity, normal_name

_NEARNESS = {sourcing: -place for place, sourcing in enumerate(Sourcing)}
_STEPS = {
    stand: place
    for place, stand in enumerate(
        (Stand.EXPECTED, Stand.WITHHOLDING, Stand.SUPPORTS, Stand.ENDORSED, Stand.REFUSED, Stand.WITHDRAWN)
    )
}
_FOR = {Stand.ENDORSED, Stand.SUPPORTS}
_HOLDING_OUT = {Stand.WITHHOLDING, Stand.EXPECTED}
_Rank = tuple[dt.date, int, dt.date, int, float, str]


@dataclass(frozen=True, slots=True)
class Report:
    """One report of a position: the copy to cite, the others, and what only relays it."""

    evidence: Evidence
    copies: tuple[Evidence, ...] = ()
    relays: tuple[Evidence, ...] = ()
    """Reports of other outlets that have it from this one, with their copies."""

    @property
    def all(self) -> tuple[Evidence, ...]:
        """The evidence, its copies and its relays."""
        return (self.evidence, *self.copies, *self.relays)

    @property
    def origin(self) -> str | None:
        """Best guess of the outlet that reported it first."""
        return credited(self.evidence) or first_reporter(one.article for one in (self.evidence, *self.copies))

    @property
    def day(self) -> dt.date | None:
        """The day of the report, which is that of its earliest copy."""
        return self.evidence.day


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an endorser stands on an endorsee in a contest, and what that rests on."""

    endorser: Identity
    endorser_kind: Kind
    endorsee: Identity
    contest: Contest
    position: Stand
    since: dt.date | None
    """The first day of the present unbroken stand; None where no report of it has a date."""
    last_said: dt.date | None
    """The day of the latest report of it."""
    reports: tuple[Report, ...]
    """All reports of the present stand, latest first."""
    to_review: bool = False
    """Whether its confidence is under the threshold."""
    disputed: str | None = None
    """What speaks against it, in words (`conflicts.disputed` fills it in); None where nothing does."""

    @property
    def contest_id(self) -> str | None:
        """The contest, where that is known; `contest` says whether the articles spoke of it as past."""
        return self.reports[0].evidence.contest_id

    @property
    def best(self) -> Evidence:
        """The evidence to show: the nearest to the endorser, and of several the latest."""
        reports = [r.evidence for r in self.reports if r.evidence.position == self.position]
        return max(reports, key=lambda evidence: (_NEARNESS[evidence.sourcing], _rank(evidence)))

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All evidence of the present stand, copies too, latest report first."""
        return tuple(one for report in self.reports for one in report.all)

    @property
    def independent_reports(self) -> int:
        """Reports that neither are copies of one another nor relay one another."""
        return tally(self.reports).reports

    @property
    def relays(self) -> int:
        """Further reports that only relay those."""
        return tally(self.reports).relays

    @property
    def copies(self) -> int:
        """Further copies of all of them."""
        return tally(self.reports).copies

    @property
    def origins(self) -> tuple[str, ...]:
        """The outlets that the reports come from, as far as known, the earliest report's first."""
        names = (report.origin for report in reversed(self.reports))
        return tuple({outlet_key(name): name for name in names if name}.values())

    @property
    def conditions(self) -> tuple[str, ...]:
        """What the endorser asks for in all reports of the stand, in the order in which it was said."""
        oldest_first = reversed(self.reports)
        words = (quote.exact for report in oldest_first for quote in report.evidence.conditions)
        return tuple({" ".join(text.split()): None for text in words})

    @property
    def confidence(self) -> float:
        """How sure the surest report of it is."""
        return _surest(self.reports, self.position)


@dataclass(frozen=True, slots=True)
class Holdout:
    """A standing of withholding, or an expected endorser who has not come."""

    standing: Standing
    days: int | None
    """Full days since; None where the first day is unknown."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How much a stand rests on."""

    reports: int
    relays: int
    copies: int


def tally(reports: Iterable[Report]) -> Tally:
    """Independent reports, the stories that relay them, and the further copies of all of those."""
    reports = list(reports)
    independent = {report.evidence.article.story for report in reports}
    stories = {one.article.story for report in reports for one in report.all}
    articles = {one.article.id for report in reports for one in report.all}
    return Tally(len(independent), len(stories - independent), len(articles) - len(stories))


def standings(
    evidence: Iterable[Evidence], as_of: dt.date | None = None, *, review_below: float = 0.0
) -> list[Standing]:
    """The standing of everybody on whom there is evidence, by endorsee and endorser.

    The same whatever the order of the evidence.
    """
    by_pair: defaultdict[tuple[str, str, Contest, str | None], list[Evidence]] = defaultdict(list)
    for one in evidence:
        if one.endorser_kind is not Kind.VOTER and visible(one, as_of):
            by_pair[one.endorser.id, one.endorsee.id, one.contest, one.contest_id].append(one)
    found = [standing_of(reports(group), review_below) for group in by_pair.values()]
    return sorted(
        without_lapsed(found),
        key=lambda s: (
            s.contest,
            s.contest_id or "",
            s.endorsee.name,
            s.endorsee.id,
            s.endorser.name,
            s.endorser.id,
        ),
    )


def holdouts(found: Iterable[Standing], on: dt.date) -> list[Holdout]:
    """Who of the present contest is withholding or expected as of the day `on`, longest first."""
    held = [
        Holdout(standing, None if standing.since is None else max(0, (on - standing.since).days))
        for standing in found
        if standing.position in _HOLDING_OUT and standing.contest is Contest.CURRENT
    ]
    return sorted(held, key=lambda h: (h.days is None, -(h.days or 0)))


def visible(evidence: Evidence, as_of: dt.date | None) -> bool:
    """Whether the evidence was there to see on that day, and counts."""
    if evidence.excluded:
        return False
    if evidence.until is not None and (as_of is None or as_of >= evidence.until):
        return False
    if as_of is None:
        return True
    return evidence.last_day is not None and evidence.last_day <= as_of


def in_history(evidence: Iterable[Evidence], as_of: dt.date | None) -> list[Evidence]:
    """What was reported by that day, whatever became of it; what a newer version of its page says again is told once."""
    return [
        one
        for one in evidence
        if one.until != dt.date.min
        and (as_of is None or (one.last_day is not None and one.last_day <= as_of))
    ]


def reports(evidence: Iterable[Evidence]) -> list[Report]:
    """The evidence with what is one report put together, oldest first.

    Copies are the articles of one story that say the same of the same pair; a relay says the
    same and has it from the outlet of the report.
    """
    subjects: defaultdict[tuple[str, ...], defaultdict[str, list[Evidence]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for one in evidence:
        subject = (one.endorser.id, one.endorsee.id, one.contest, one.contest_id or "", one.position)
        subjects[subject][one.article.story].append(one)
    found = []
    for stories in subjects.values():
        for report, *relays in chains(list(stories.values())):
            first, *others = _in_order(report)
            further = _in_order([one for relay in relays for one in relay])
            found.append(Report(first, tuple(others), tuple(further)))
    return sorted(found, key=lambda report: _rank(report.evidence)) if len(found) > 1 else found


def _in_order(evidence: Sequence[Evidence]) -> Sequence[Evidence]:
    return sorted(evidence, key=_earliest_first) if len(evidence) > 1 else evidence


def _earliest_first(evidence: Evidence) -> tuple[bool, dt.date, int, dt.date, str]:
    return (
        evidence.day is None,
        evidence.day or dt.date.min,
        -_NEARNESS[evidence.sourcing],
        evidence.article.published or dt.date.max,
        evidence.id,
    )


def _rank(evidence: Evidence) -> _Rank:
    """What wins over what: the greater."""
    return (
        evidence.day or dt.date.min,
        _NEARNESS[evidence.sourcing],
        evidence.article.published or dt.date.min,
        _STEPS[evidence.position],
        evidence.sure,
        evidence.id,
    )


def standing_of(oldest_first: Sequence[Report], review_below: float = 0.0) -> Standing:
    """The standing that reports on one pair give, as `reports` puts them in order; there must be one.

    The stand that the last day's winner holds, back to where it was last broken.
    """
    stand: Stand | None = None
    holding: list[Report] = []
    for _, of_day in groupby(oldest_first, key=lambda report: report.day):
        day = list(of_day)
        winner = day[-1].evidence.position
        if stand is Stand.ENDORSED and winner is Stand.SUPPORTS:
            winner = Stand.ENDORSED
        if winner is not stand:
            holding = []
        stand = winner
        holding += [report for report in day if _bears_out(report.evidence.position, stand)]
    assert stand is not None
    of_stand = [report.evidence for report in holding if report.evidence.position is stand]
    latest = max(of_stand, key=_rank)
    return Standing(
        endorser=latest.endorser,
        endorser_kind=latest.endorser_kind,
        endorsee=latest.endorsee,
        contest=latest.contest,
        position=stand,
        since=min((one.day for one in of_stand if one.day), default=None),
        last_said=max((report.day for report in holding if report.day), default=None),
        reports=tuple(reversed(holding)),
        to_review=review_below > 0 and _surest(holding, stand) < review_below,
    )


def _surest(reports: Iterable[Report], stand: Stand) -> float:
    return max(one.sure for report in reports for one in report.all if one.position is stand)


def prevails(one: Evidence, other: Evidence) -> tuple[Evidence, str]:
    """Which of two reports that can't both hold the rules take, and by which rule, in words."""
    winner, loser = sorted((one, other), key=_rank, reverse=True)
    first, second = _rank(winner), _rank(loser)
    if first[0] != second[0]:
        before = f"that of {loser.day}" if loser.day else "one without a date"
        return winner, f"the report of {winner.day} is later than {before}"
    if first[1] != second[1]:
        return winner, "of one day's reports the one nearest to the endorser counts"
    if first[2] != second[2]:
        return winner, "of one day's reports the one published later counts"
    if first[3] != second[3]:
        return winner, "of one day's reports the one that goes further counts"
    return winner, "it is the surer reading"


def _bears_out(position: Stand, stand: Stand) -> bool:
    return position is stand or (stand is Stand.ENDORSED and position is Stand.SUPPORTS)


def without_lapsed(found: list[Standing]) -> list[Standing]:
    """Leave out "has not endorsed anyone" of those who have come out for somebody since."""
    came_out: defaultdict[tuple[str, Contest, str | None], dt.date] = defaultdict(lambda: dt.date.min)
    for one in found:
        if one.position in _FOR and not _is_anyone(one.endorsee):
            key = (one.endorser.id, one.contest, one.contest_id)
            came_out[key] = max(came_out[key], one.last_said or dt.date.min)
    return [
        one
        for one in found
        if not (
            _is_anyone(one.endorsee)
            and one.position in _HOLDING_OUT
            and (one.endorser.id, one.contest, one.contest_id) in came_out
            and came_out[one.endorser.id, one.contest, one.contest_id] >= (one.last_said or dt.date.min)
        )
    ]


def _is_anyone(endorsee: Identity) -> bool:
    return normal_name(endorsee.name) == normal_name(ANY_CANDIDATE)
