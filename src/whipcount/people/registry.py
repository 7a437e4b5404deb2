"""People and organizations with ids of ours, what they are called, and what they were on which day.

A `Registry` is an index in memory over entries from whatever source; it is never changed, `joined` gives
another one. An entry's id is made of what makes it that entry, so that every import gives it the same.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from whipcount.article import Kind
from whipcount.people.names import normal_name
from whipcount.people.states import division, state_of

SAME = ("bioguide", "wikidata", "govtrack", "icpsr", "outlet")
"""Schemes whose ids belong to one person or organization alone, the best first. FEC's are a candidacy's,
OCD's a division's: they are kept, and join nobody."""


class Called(StrEnum):
    """What sort of name."""

    OFFICIAL = "official"
    NICKNAME = "nickname"
    FORMER = "former"
    """Borne before: a name from before a marriage."""
    SHORT = "short"
    """Said for short, an acronym included."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name; the parts of a person's, where the source has them."""

    text: str
    called: Called = Called.OFFICIAL
    given: str = ""
    """First and middle names."""
    surname: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True, order=True)
class ExternalId:
    """An id that others give."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Term:
    """An office held from a day on, until before another; None is open."""

    office: str
    """senator, representative, president, vice president, governor, mayor, …"""
    start: dt.date | None = None
    end: dt.date | None = None
    chamber: str | None = None
    state: str | None = None
    """Its postal code."""
    city: str | None = None
    district: str | None = None
    party: str | None = None

    @property
    def division(self) -> str | None:
        """The Open Civic Data id of the state or the district of the House."""
        return division(self.state, self.district if self.chamber == "house" else None)

    def covers(self, day: dt.date) -> bool:
        """Whether it was held on that day; on the day of a change both hold it."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Entry:
    """A person or an organization."""

    id: str
    name: str
    """The one to show."""
    kind: Kind = Kind.PERSON
    names: tuple[Name, ...] = ()
    ids: tuple[ExternalId, ...] = ()
    terms: tuple[Term, ...] = ()
    born: dt.date | None = None

    def was(self, on: dt.date) -> list[Term]:
        """The offices held on a day, the latest begun first: on the day of a change the new one counts."""
        held = [term for term in self.terms if term.covers(on)]
        return sorted(held, key=lambda t: t.start or dt.date.min, reverse=True)


@dataclass(frozen=True, slots=True)
class Office:
    """What somebody was on a day, as one line of a table has it."""

    office: str
    chamber: str | None = None
    state: str | None = None
    city: str | None = None
    district: str | None = None
    party: str | None = None


def office_on(entry: Entry, day: dt.date | None) -> Office | None:
    """The office that somebody held on a day, of several the one begun last; without a day the last of all."""
    terms = (
        sorted(entry.terms, key=lambda t: t.start or dt.date.min, reverse=True)
        if day is None
        else entry.was(day)
    )
    if not terms:
        return None
    one = terms[0]
    return Office(one.office, one.chamber, one.state, one.city, one.district, one.party)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries: by a term that fits in every respect that is given."""

    office: str | None = None
    chamber: str | None = None
    state: str | None = None
    party: str | None = None

    @classmethod
    def of(
        cls, *, office: str | None = None, chamber: str | None = None, state: str | None = None,
        party: str | None = None,
    ) -> "Filter":  # fmt: skip
        """A filter of what somebody typed; raises `ValueError` for a state that is none."""
        code = state_of(state) if state else None
        if state and code is None:
            raise ValueError(f"{state!r} is no state")
        return cls(_low(office), _low(chamber), _low(code), _low(party))

    def fits(self, entry: Entry, day: dt.date | None) -> bool:
        """Whether an entry fits on a day, or ever did; one without terms fits where nothing is asked of them."""
        asked = (self.office, self.chamber, self.state, self.party)
        if not any(asked) and not entry.terms:
            return True
        terms = entry.terms if day is None else entry.was(day)
        return any(
            all(want is None or want == _low(have) for want, have in zip(asked, own, strict=True))
            for term in terms
            for own in [(term.office, term.chamber, term.state, term.party)]
        )


def _low(text: str | None) -> str | None:
    return text.strip().lower() if text else None


def entry_id(
    kind: Kind, name: str, ids: Iterable[ExternalId] = (), *, born: dt.date | None = None, place: str = ""
) -> str:
    """The id of an entry that no registry has yet.

    Made of the best id that others give it, else of kind, name, and year of birth or jurisdiction.
    """
    given = {one.scheme: one.value for one in sorted(ids, reverse=True)}
    scheme = next((scheme for scheme in SAME if scheme in given), None)
    made_of = (
        f"{scheme}:{given[scheme]}"
        if scheme
        else f"{kind.value}:{normal_name(name)}:{born.year if born else normal_name(place)}"
    )
    return f"r_{hashlib.sha256(made_of.encode()).hexdigest()[:16]}"


@dataclass(frozen=True)
class Registry:
    """Entries, found by id, by what others call them, and by name."""

    entries: Mapping[str, Entry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        by_external: dict[ExternalId, str] = {}
        by_name: defaultdict[str, list[str]] = defaultdict(list)
        for one in self.entries.values():
            for external in one.ids:
                if external.scheme in SAME:
                    by_external.setdefault(external, one.id)
            for key in {normal_name(form) for form in (one.name, *(name.text for name in one.names))}:
                by_name[key].append(one.id)
        object.__setattr__(self, "_by_external", by_external)
        object.__setattr__(self, "_by_name", dict(by_name))

    _by_external: Mapping[ExternalId, str] = field(init=False, repr=False, compare=False)
    _by_name: Mapping[str, list[str]] = field(init=False, repr=False, compare=False)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Registry":
        """A registry of these entries, those that are the same put together."""
        return cls().joined(entries)

    def joined(self, entries: Iterable[Entry]) -> "Registry":
        """One with more entries; what one has in both is put together under the id it has here."""
        known = dict(self.entries)
        external = dict(self._by_external)
        for one in entries:
            home = one.id if one.id in known else _home(one, external)
            joined = replace(one, id=home or one.id)
            if joined.id in known:
                joined = together(known[joined.id], joined)
            known[joined.id] = joined
            external.update({x: joined.id for x in one.ids if x.scheme in SAME and x not in external})
        return Registry(known)

    def home(self, entry: Entry) -> str:
        """The id under which an entry is here already, by its id or another's id of it; else its own."""
        return entry.id if entry.id in self.entries else _home(entry, self._by_external) or entry.id

    def external(self, scheme: str, value: str) -> Entry | None:
        """Whom others give that id."""
        found = self._by_external.get(ExternalId(scheme, value))
        return self.entries[found] if found else None

    def called(self, name: str) -> list[Entry]:
        """All who have just this name, or this id."""
        if name in self.entries:
            return [self.entries[name]]
        return [self.entries[key] for key in self._by_name.get(normal_name(name), ())]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def __len__(self) -> int:
        return len(self.entries)


def _home(entry: Entry, external: Mapping[ExternalId, str]) -> str | None:
    """Whose ids an entry bears; None where nobody's, or those of two."""
    found = {external[one] for one in entry.ids if one in external}
    return found.pop() if len(found) == 1 else None


def together(one: Entry, other: Entry) -> Entry:
    """What two sources say of one entry, under the first's id and name."""
    return replace(
        one,
        names=tuple(dict.fromkeys((*one.names, *other.names))),
        ids=tuple(dict.fromkeys((*one.ids, *other.ids))),
        terms=tuple(
            sorted(
                dict.fromkeys((*one.terms, *other.terms)), key=lambda t: (t.start or dt.date.min, t.office)
            )
        ),
        born=one.born or other.born,
    )
