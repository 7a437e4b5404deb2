"""The count that `count`, `holdouts`, `export` and `roster` show, by contest, day and rules."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from whipcount.article import Contest, Stand
from whipcount.cli.group import complain
from whipcount.cli.options import one_of, open_ledger
from whipcount.conflicts import disputed
from whipcount.counting import contest_evidence
from whipcount.ledger import Ledger
from whipcount.ledger.contests import Contests
from whipcount.ledger.evidence import Evidence
from whipcount.ledger.registry import People
from whipcount.people.registry import Registry
from whipcount.review import read_conflicts
from whipcount.rules import Counted, Rules, apply, load_rules, points
from whipcount.settings import Settings
from whipcount.standing import Standing

_WORDS = {*(contest.value for contest in Contest), "all"}


@dataclass(frozen=True, slots=True)
class Count:
    """A count, and what it takes to show it."""

    counted: Counted
    rules: tuple[Rules, ...]
    registry: Registry
    """Empty where nothing asks for it."""
    contests: Mapping[str, str]
    """The names of contests by their ids."""
    joined: Mapping[str, str] = field(default_factory=dict)
    """Under which id an identity goes on."""

    def points(self, standing: Standing) -> float | None:
        """What a standing weighs; None where the rules have no points."""
        return points(self.rules, standing, self.registry)

    @property
    def weighs(self) -> bool:
        """Whether the rules have points."""
        return any(by.points for by in self.rules)


def take_count(
    db: str | None,
    as_of: dt.date | None,
    contest: str,
    names: tuple[str, ...],
    *,
    endorsee: str | None = None,
    known_by: dt.datetime | None = None,
    registry: bool = False,
    positions: bool = True,
) -> Count:
    """Count a contest as of a day by rules; `registry` where more is wanted of it than the rules ask for.

    Without `positions`, who holds back is shown whatever the rules say of that: a list of holdouts, or of everybody.
    """
    rules = tuple(load_rules(name) for name in names or ("house",))
    if not positions:
        rules = tuple(replace(by, positions=tuple(Stand)) for by in rules)
    with open_ledger(db) as ledger:
        only = None if endorsee is None else one_of(ledger.find(endorsee), endorsee)
        evidence = _evidence(ledger, contest, as_of, known_by)
        wanted = registry or any(by.notable or by.points for by in rules)
        known = People(ledger.engine).load(known_by) if wanted else Registry()
        races = Contests(ledger.engine).all(known_by)
        joined = ledger.decided(known_by).joined
        clashes = read_conflicts(ledger, evidence, as_of)
    undated = sum(one.day is None for one in evidence)
    if as_of and undated:
        complain(f"{undated} of {len(evidence)} pieces of evidence have no date and are left out of --as-of")
    counted = apply(rules, evidence, known, as_of, review_below=Settings.load().review_below)
    counted = replace(counted, standings=tuple(disputed(counted.standings, clashes)))
    if only:
        counted = Counted(
            tuple(one for one in counted.standings if one.endorsee.id == only.id),
            counted.evidence,
            tuple(out for out in counted.excluded if out.what.endorsee.id == only.id),
        )
    return Count(counted, rules, known, {race.id: race.name for race in races}, joined)


def _evidence(
    ledger: Ledger, contest: str, as_of: dt.date | None, known_by: dt.datetime | None
) -> list[Evidence]:
    if contest in _WORDS:
        return ledger.evidence(contest=None if contest == "all" else Contest(contest), known_by=known_by)
    return contest_evidence(ledger, Contests(ledger.engine).find(contest), as_of, known_by)
