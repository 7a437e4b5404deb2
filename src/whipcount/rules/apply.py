"""Counting by rules: what is kept, and for all that is not the reason in words. Pure.

Each piece of evidence and each standing is looked at by each set of rules in turn; the first reason to leave it
out is told.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from whipcount.article import Contest, Kind, Sourcing, Stand
from whipcount.ledger.evidence import Evidence
from whipcount.outlet_table import OutletKind, bare_host, outlet_named, same_name
from whipcount.people import Identity, normal_name
from whipcount.people.registry import Entry, Registry
from whipcount.rules.file import Points, Rules
from whipcount.standing import Standing, standings, visible

_FOR = {Stand.ENDORSED, Stand.SUPPORTS}
AS_OF = "as of"
"""What `Excluded.rules` says of evidence that was not there yet."""
_OWN = {Sourcing.OWN_WORDS, Sourcing.SPOKESPERSON}


@dataclass(frozen=True, slots=True)
class Excluded:
    """What does not count, by which set of rules, and why."""

    what: Evidence | Standing
    rules: str
    reason: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A count by rules: all evidence that was given is in `evidence` or among `excluded`."""

    standings: tuple[Standing, ...]
    evidence: tuple[Evidence, ...]
    """What the standings were derived from."""
    excluded: tuple[Excluded, ...] = ()


def apply(
    rules: Sequence[Rules],
    evidence: Iterable[Evidence],
    registry: Registry | None = None,
    as_of: dt.date | None = None,
    *,
    review_below: float = 0.0,
) -> Counted:
    """The standings as of a day that count by all of the rules."""
    registry = registry or Registry()
    excluded: list[Excluded] = []
    kept: list[Evidence] = []
    for one in evidence:
        unseen = _unseen(one, as_of)
        if unseen is None:
            kept.append(one)
        else:
            excluded.append(unseen)
    for by in rules:
        kept, out = _sift(by, kept, registry)
        excluded += out
    found = standings(kept, as_of, review_below=review_below)
    for by in rules:
        found, left_out = _choose(by, found)
        excluded += left_out
    return Counted(tuple(found), tuple(kept), tuple(excluded))


def points(rules: Iterable[Rules], standing: Standing, registry: Registry) -> float | None:
    """What a standing weighs by the last of the rules that has points; None where none has any."""
    schemes = [by.points for by in rules if by.points]
    if not schemes:
        return None
    scheme = schemes[-1]
    if standing.position not in scheme.positions:
        return 0.0
    entry = registry.entries.get(standing.endorser.id)
    return max(_weights(scheme, entry, standing.since), default=scheme.otherwise)


def _weights(scheme: Points, entry: Entry | None, day: dt.date | None) -> Iterator[float]:
    if entry is None or day is None:
        return
    held = {normal_name(term.office) for term in entry.was(day)}
    left = {normal_name(term.office) for term in entry.terms if term.end and term.end < day}
    for offices, table in ((held, scheme.offices), (left, scheme.former)):
        yield from (table[office] for office in offices if office in table)


def _unseen(evidence: Evidence, as_of: dt.date | None) -> Excluded | None:
    """Why evidence counts by no rules; None where it may count."""
    if evidence.endorser_kind is Kind.VOTER:
        return Excluded(evidence, "house", "a voter: private citizens are not part of the count")
    if evidence.excluded:
        return Excluded(evidence, "house", evidence.excluded)
    if visible(evidence, as_of):
        return None
    if as_of and evidence.last_day is None:
        return Excluded(evidence, AS_OF, f"without a date: nothing shows that it was there by {as_of}")
    if as_of and evidence.last_day and evidence.last_day > as_of:
        return Excluded(evidence, AS_OF, f"said or published after {as_of}")
    return Excluded(evidence, "house", "a newer version of its page speaks in its place")


def _sift(
    by: Rules, evidence: Sequence[Evidence], registry: Registry
) -> tuple[list[Evidence], list[Excluded]]:
    """The evidence that counts by a set of rules, and the rest with the reasons."""
    also = {normal_name(name) for name in by.also} | set(by.also)
    kept: list[Evidence] = []
    out: list[Excluded] = []
    for one in evidence:
        reason = _unfit(by, one, registry, also)
        if reason:
            out.append(Excluded(one, by.name, reason))
        else:
            kept.append(one)
    if not by.own_word_over:
        return kept, out
    groups: defaultdict[tuple[str, str, str], list[Evidence]] = defaultdict(list)
    for one in kept:
        groups[one.endorser.id, one.endorsee.id, one.contest_id or one.contest].append(one)
    against = {id(one): reason for group in groups.values() for one, reason in _overruled(by, group)}
    out += [Excluded(one, by.name, against[id(one)]) for one in kept if id(one) in against]
    return [one for one in kept if id(one) not in against], out


def _unfit(by: Rules, one: Evidence, registry: Registry, also: set[str]) -> str | None:
    """Why one report does not count by a set of rules."""
    if one.endorser_kind not in by.kinds:
        return f"the endorser is a {one.endorser_kind.value}"
    if by.notable and not _notable(one.endorser, registry, also):
        return (
            f"{one.endorser.name} is not known to be notable: neither in the registry nor named in the rules"
        )
    if one.contest is Contest.PAST and not by.past:
        return "about a past contest"
    if one.sourcing not in by.sourcings:
        return f"its source does not count: {one.sourcing.value.replace('_', ' ')}"
    if one.position not in _FOR:
        return None
    if by.words and not _pattern(by.words).search(one.quote.exact):
        return f"the sentence has none of the words asked for: {', '.join(by.words)}"
    return _dependent(one) if by.independent else None


def _notable(who: Identity, registry: Registry, also: set[str]) -> bool:
    return who.id in registry.entries or who.id in also or normal_name(who.name) in also


@lru_cache(maxsize=16)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    forms = (re.escape(w.removesuffix("*")) + (r"\w*" if w.endswith("*") else "") for w in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)", re.IGNORECASE)


def _dependent(one: Evidence) -> str | None:
    """Why no source of a report is independent; None where one is."""
    reporter = one.article.original_outlet or one.article.outlet
    sources = [name for name in (one.via, reporter) if name]
    if not sources:
        return "no outlet is known that reports it"
    reasons = [_not_independent(name, one) for name in sources]
    return next(iter(reasons)) if all(reasons) else None


def _not_independent(outlet: str, one: Evidence) -> str | None:
    known = outlet_named(outlet)
    if known and known.kind is OutletKind.SATIRE:
        return f"{outlet} is satire"
    if same_name(outlet, one.endorser.name):
        return f"{outlet} is the endorser's own"
    surname = normal_name(one.endorsee.name).rsplit(maxsplit=1)[-1]
    host = bare_host(one.article.url) or ""
    campaign = surname in normal_name(outlet).split() or (
        outlet in {one.article.outlet, one.article.original_outlet}
        and any(label.startswith(surname) or label.endswith(f"for{surname}") for label in host.split("."))
    )
    return f"{outlet} is the campaign's own" if campaign and not known else None


def _overruled(by: Rules, group: Sequence[Evidence]) -> Iterator[tuple[Evidence, str]]:
    """What others report of an endorser who says otherwise."""
    own = [one for one in group if one.sourcing in _OWN]
    if not own:
        return
    last = max(own, key=lambda one: (one.day or dt.date.min, one.sourcing is Sourcing.OWN_WORDS, one.id))
    for one in group:
        agrees = one.position is last.position or {one.position, last.position} <= _FOR
        if one.sourcing in by.own_word_over and not agrees:
            when = f" of {last.day}" if last.day else ""
            yield one, f"the endorser's own word{when} prevails: {last.position.value}"


def _choose(by: Rules, found: Sequence[Standing]) -> tuple[list[Standing], list[Excluded]]:
    """The standings that count by a set of rules, and the rest with the reasons."""
    kept: list[Standing] = []
    out: list[Excluded] = []
    for one in found:
        if one.position in by.positions:
            kept.append(one)
        else:
            out.append(Excluded(one, by.name, f"{one.position.value} does not count"))
    if not by.one_choice:
        return kept, out
    choices: defaultdict[tuple[str, str], list[Standing]] = defaultdict(list)
    for one in kept:
        # Where the contest is unknown nobody can say that two endorsees are rivals.
        if one.position in _FOR and one.contest_id is not None:
            choices[one.endorser.id, one.contest_id].append(one)
    other: dict[int, Standing] = {}
    for mine in choices.values():
        last = max(mine, key=lambda s: (s.since or dt.date.min, s.last_said or dt.date.min, s.endorsee.id))
        other |= {id(one): last for one in mine if one is not last}
    for one in kept:
        if id(one) in other:
            last = other[id(one)]
            since = f" since {last.since}" if last.since else ""
            out.append(
                Excluded(one, by.name, f"{last.position.value} {last.endorsee.name}{since}: one choice each")
            )
    return [one for one in kept if id(one) not in other], out
