"""Contests: who stands for what until when, and which contest a report is about.

Entry: `assign`. It goes by whom the report names, by its day and by nothing else, so whatever fits two
contests, or none, stays unknown. The contests of one office in one place are one race: of those that fit,
a report belongs to the one that is decided next.
"""

import datetime as dt
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from whipcount.article import ANY_CANDIDATE
from whipcount.people import by_name, normal_name

_NOMINEE = re.compile(r"(?:(?P<party>\w+) )?(?:\w+ ){0,3}nominee")
_NO_PARTY = {"party", "partys", "presidential", "gubernatorial", "senate", "eventual", "any", "whoever"}
_LONG_AGO, _FAR_OFF = dt.date.min, dt.date.max
_A_YEAR = dt.timedelta(days=366)


class ContestKind(StrEnum):
    """What is decided: who holds an office, a question put to the voters, or a vote in a chamber."""

    OFFICE = "office"
    MEASURE = "measure"
    VOTE = "vote"


class Stage(StrEnum):
    """The steps of a race for an office; what is decided at once is a `vote`."""

    PRIMARY = "primary"
    RUNOFF = "runoff"
    GENERAL = "general"
    VOTE = "vote"


@dataclass(frozen=True, slots=True)
class Candidacy:
    """A person, or a measure, that stands in a contest."""

    identity_id: str
    name: str
    party: str | None = None
    entered: dt.date | None = None
    """The first day; None where it is that of the contest."""
    left: dt.date | None = None
    """The last day, of one who dropped out."""

    def stood(self, on: dt.date) -> bool:
        """Whether on that day."""
        return (self.entered or _LONG_AGO) <= on <= (self.left or _FAR_OFF)


@dataclass(frozen=True, slots=True)
class Race:
    """A contest, with those who stand in it."""

    id: str
    name: str
    kind: ContestKind = ContestKind.OFFICE
    office: str | None = None
    """Or what a measure or vote is called."""
    jurisdiction: str | None = None
    stage: Stage | None = None
    opens: dt.date | None = None
    """The first day whose reports may be about it."""
    election_day: dt.date | None = None
    candidacies: tuple[Candidacy, ...] = ()

    @property
    def line(self) -> tuple[str, str, str]:
        """What the contests for one office have in common, whatever their stage and day."""
        return self.kind.value, normal_name(self.office or self.name), normal_name(self.jurisdiction or "")

    def candidate(self, name: str) -> Candidacy | None:
        """Who stands in it with this name or id."""
        key = normal_name(name)
        found = (c for c in self.candidacies if c.identity_id == name or normal_name(c.name) == key)
        return next(found, None)

    def open_on(self, day: dt.date) -> bool:
        """Whether a report of that day may be about it."""
        return (self.opens or _LONG_AGO) <= day <= (self.election_day or _FAR_OFF)

    def over_by(self, day: dt.date) -> bool:
        """Whether it was decided before that day."""
        return self.election_day is not None and self.election_day < day


def race_id(
    kind: ContestKind, office: str, jurisdiction: str | None, stage: Stage | None, day: dt.date | None
) -> str:
    """The id of a contest that has none yet: made of what it is about, where, at which stage and when."""
    parts = (kind.value, normal_name(office), normal_name(jurisdiction or ""), stage or "", day or "")
    return f"c_{hashlib.sha256('|'.join(map(str, parts)).encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class About:
    """What tells which contest a piece of evidence is about."""

    evidence_id: str
    article_id: str
    endorsee_id: str
    endorsee: str
    day: dt.date | None
    past: bool = False
    """Whether the article speaks of an earlier contest than that which it covers."""
    unclear: bool = False
    """Whether nothing else is to go by it, as it was read unclearly."""


def assign(
    evidence: Iterable[About],
    races: Iterable[Race],
    text_of: Callable[[str], str] = lambda _: "",
    joined: Mapping[str, str] | None = None,
) -> dict[str, str | None]:
    """The contest of each piece of evidence, or None where that is unknown.

    All evidence of an article that names candidates is to be given together: what speaks of no candidate
    ("has not endorsed anyone", "will back the party's nominee") goes by the rest of its article, else by
    the candidates that are named in its text. `joined` says under which id an identity goes on.
    """
    book = _Book(races, joined or {})
    by_article: defaultdict[str, list[About]] = defaultdict(list)
    for one in evidence:
        by_article[one.article_id].append(one)
    found: dict[str, str | None] = {}
    for article_id, said in by_article.items():
        named = {one.evidence_id: book.of(one) for one in said if not speaks_of_none(one.endorsee)}
        found |= {key: race.id if race else None for key, race in named.items()}
        for one in said:
            if one.evidence_id in named:
                continue
            others = [named.get(o.evidence_id) for o in said if o.past == one.past and not o.unclear]
            lines = {race.line for race in others if race}
            if not lines and not one.past and one.day is not None:
                lines = book.lines_in(text_of(article_id), one.day)
            race = book.of_line(one, lines)
            found[one.evidence_id] = race.id if race else None
    return found


def speaks_of_none(endorsee: str) -> bool:
    """Whether an endorsee is no particular candidate."""
    name = normal_name(endorsee)
    return name == normal_name(ANY_CANDIDATE) or _NOMINEE.fullmatch(name) is not None


def earlier_stages(race: Race, races: Iterable[Race]) -> list[Race]:
    """The contests by which a race came to this one, within the year before it: its primaries and their runoffs.

    A runoff has the general election before it as well.
    """
    if race.election_day is None or race.stage is Stage.PRIMARY:
        return []
    return [
        one
        for one in races
        if one.line == race.line
        and one.election_day is not None
        and race.election_day - _A_YEAR <= one.election_day < race.election_day
        and (one.stage in {Stage.PRIMARY, Stage.RUNOFF} or race.stage is Stage.RUNOFF)
    ]


class _Book:
    """The contests by who stands in them."""

    def __init__(self, races: Iterable[Race], joined: Mapping[str, str]) -> None:
        self._joined = joined
        self._standing: defaultdict[str, list[tuple[Race, Candidacy]]] = defaultdict(list)
        self._lines: defaultdict[tuple[str, str, str], list[Race]] = defaultdict(list)
        for race in sorted(races, key=lambda one: (one.election_day or _FAR_OFF, one.id)):
            self._lines[race.line].append(race)
            for one in race.candidacies:
                for key in {self._end(key) for key in candidate_ids(one)}:
                    self._standing[key].append((race, one))

    def _end(self, identity_id: str) -> str:
        return self._joined.get(identity_id, identity_id)

    def of(self, one: About) -> Race | None:
        """The contest in which the endorsee stood."""
        stood = self._standing.get(self._end(one.endorsee_id), [])
        if one.day is None:
            return None
        if one.past:
            over = {race.id: race for race, _ in stood if race.over_by(one.day)}
            return next(iter(over.values())) if len(over) == 1 else None
        return _next([race for race, c in stood if race.open_on(one.day) and c.stood(one.day)])

    def of_line(self, one: About, lines: Iterable[tuple[str, str, str]]) -> Race | None:
        """The contest of the article's one race that is open on the day, or in which a nominee stands.

        Who has endorsed nobody, or will back a nominee, speaks of people: measures do not count.
        """
        only = [line for line in lines if line[0] != ContestKind.MEASURE]
        if len(only) != 1 or one.day is None:
            return None
        day, races = one.day, self._lines[only[0]]
        if one.past:
            over = [race for race in races if race.over_by(day)]
            return over[0] if len(over) == 1 else None
        nominee = _NOMINEE.fullmatch(normal_name(one.endorsee))
        if nominee is None:
            return _next([race for race in races if race.open_on(day)])
        # A nominee stands in what comes after the primaries, which need not have begun.
        ahead = [race for race in races if race.stage is not Stage.PRIMARY and not race.over_by(day)]
        party = nominee["party"]
        if party and party not in _NO_PARTY:
            ahead = [race for race in ahead if _has_party(race, party)]
        return _next(ahead)

    def lines_in(self, text: str, day: dt.date) -> set[tuple[str, str, str]]:
        """The races whose candidates of that day a text names in full."""
        return {
            race.line
            for pairs in self._standing.values()
            for race, one in pairs
            if race.open_on(day) and one.stood(day) and one.name in text
        }


def candidate_ids(candidacy: Candidacy) -> set[str]:
    """The identities under which reports may name a candidate: his own, and that of all with just this name."""
    return {candidacy.identity_id, by_name(candidacy.name).id}


def _has_party(race: Race, party: str) -> bool:
    """Whether somebody of the party may stand: also where no party is known."""
    known = {normal_name(one.party) for one in race.candidacies if one.party}
    return not known or any(name[:5] == party[:5] for name in known)


def _next(races: Sequence[Race]) -> Race | None:
    """Of the contests of one race that which is decided next; None where there are several races, or none."""
    if len({race.line for race in races}) != 1:
        return None
    first = min(races, key=lambda race: race.election_day or _FAR_OFF)
    same_day = {race.id for race in races if race.election_day == first.election_day}
    return first if len(same_day) == 1 else None
