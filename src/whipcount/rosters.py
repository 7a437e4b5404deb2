"""Rosters: a list of whom one watches, and where everybody on it stands. Entries: `load_roster`, `watch`.

A roster is a small TOML file: a query of the registry, names, or both. The silent, on whom there is no evidence at
all, are told apart from those who hold back.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from whipcount.article import Kind, Stand
from whipcount.errors import ContestError
from whipcount.people import by_name, normal_name
from whipcount.people.registry import Entry, Office, Registry, Term, office_on
from whipcount.people.states import state_of
from whipcount.rules import AS_OF, Counted
from whipcount.standing import Standing
from whipcount.toml_file import Keys, load

SILENT, UNCOUNTED = "silent", "not counted"
"""Nothing at all was heard of them; what was heard does not count."""
STATES = (*(stand.value for stand in Stand), UNCOUNTED, SILENT)
"""All that somebody on a roster may be, in the order of listings."""

_TOP = ("name", "contest", "query", "members", "file", "without")
_QUERY = ("office", "chamber", "state", "city", "party", "kind", "on")
_FIRST = (Stand.ENDORSED, Stand.SUPPORTS, Stand.EXPECTED, Stand.WITHHOLDING, Stand.REFUSED, Stand.WITHDRAWN)
"""Of several standings of one person, which says most about the contest."""


@dataclass(frozen=True, slots=True)
class Query:
    """Whom of the registry; what is empty is not asked for."""

    office: tuple[str, ...] = ()
    chamber: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    party: tuple[str, ...] = ()
    kind: tuple[Kind, ...] = ()
    on: dt.date | None = None
    """The day of the offices; that of the listing where None."""

    def fits(self, entry: Entry, day: dt.date) -> bool:
        """Whether somebody is asked for, by what they were on a day."""
        if self.kind and entry.kind not in self.kind:
            return False
        if not (self.office or self.chamber or self.state or self.city or self.party):
            return True
        return any(self._fits(term) for term in entry.was(self.on or day))

    def _fits(self, term: Term) -> bool:
        pairs = (
            (self.office, term.office),
            (self.chamber, term.chamber),
            (self.state, term.state),
            (self.city, term.city),
        )
        party = normal_name(term.party or "")
        # Sources say Democrat or Democratic, Republican or R.
        same = any(party.startswith(one) or one.startswith(party) for one in self.party) if party else False
        return (same or not self.party) and all(
            not asked or (has is not None and normal_name(has) in asked) for asked, has in pairs
        )


@dataclass(frozen=True, slots=True)
class Roster:
    """Whom one watches."""

    name: str
    query: Query | None = None
    members: tuple[str, ...] = ()
    """Names or ids of further ones."""
    without: tuple[str, ...] = ()
    """Names or ids of those whom the query finds and who are not watched."""
    contest: str | None = None
    """The contest that they are watched in, where the user names no other."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on a roster."""

    id: str
    name: str
    ids: frozenset[str]
    """All ids under which evidence may have them."""
    office: Office | None = None
    """What they were on the day."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Where somebody on a roster stands."""

    member: Member
    state: str
    """One of `STATES`."""
    standing: Standing | None = None
    """The one that says most; None for the silent and the uncounted."""
    others: tuple[Standing, ...] = ()
    """On other candidates of the contest."""
    last_said: dt.date | None = None
    days: int | None = None
    """Since they last said anything that counts."""
    reasons: tuple[str, ...] = field(default=())
    """Why what was heard of the uncounted does not count."""


def load_roster(name: str, folder: Path) -> Roster:
    """The roster of a file: its path, or what it is called in the folder.

    A file that does not end in `.toml` has a name or an id on each line. Raises `ContestError`.
    """
    path = Path(name).expanduser()
    if not path.is_file():
        inside = folder.expanduser() / f"{name}.toml"
        if not inside.is_file():
            inside = next(
                (one for one in _in(folder) if normal_name(_called(one)) == normal_name(name)), inside
            )
        if not inside.is_file():
            there = ", ".join(_called(one) for one in _in(folder)) or "none"
            raise ContestError(f"there is no roster {name!r}; in {folder} there are: {there}")
        path = inside
    return _roster(path) if path.suffix == ".toml" else Roster(path.stem, members=_lines(path))


def rosters_in(folder: Path) -> list[str]:
    """What the rosters in a folder are called; those that can't be read are left out."""
    found = []
    for path in _in(folder):
        try:
            found.append(_roster(path).name)
        except ContestError:
            continue
    return sorted(found)


def members(
    roster: Roster, registry: Registry, on: dt.date, joined: Mapping[str, str] | None = None
) -> list[Member]:
    """Everybody on a roster as of a day, by name; `joined` says under which id an identity goes on."""
    ends = joined or {}
    without = {one.id for name in roster.without for one in registry.called(name)}
    found: dict[str, Member] = {}
    if roster.query is not None:
        for entry in registry:
            if entry.id not in without and roster.query.fits(entry, on):
                found[entry.id] = _member(entry, on, {entry.id}, ends)
    for name in roster.members:
        called = registry.called(name)
        if len(called) > 1:
            several = ", ".join(f"{one.name} ({one.id})" for one in called[:5])
            raise ContestError(f"{roster.name}: {name} may be {several}; give the id")
        if called:
            # Whoever is listed by name is watched under the name as well, where nobody could say who was meant.
            found[called[0].id] = _member(called[0], on, {called[0].id, by_name(name).id}, ends)
        else:
            own = name if name[:2] in {"p_", "r_"} else by_name(name).id
            ids = frozenset({own, ends.get(own, own)})
            found[own] = Member(own, name, ids)
    return sorted(found.values(), key=lambda one: (one.name, one.id))


def watch(roster: Iterable[Member], counted: Counted, on: dt.date) -> list[Watched]:
    """Where each member stands by a count, in the order of `STATES` and then as they come."""
    standing: dict[str, list[Standing]] = {}
    for one in counted.standings:
        standing.setdefault(one.endorser.id, []).append(one)
    reasons: dict[str, list[str]] = {}
    for out in counted.excluded:
        if out.rules == AS_OF:
            continue
        reasons.setdefault(out.what.endorser.id, []).append(out.reason)
    for left in counted.evidence:
        # Heard, but of no standing of its own: "has not endorsed anyone" of one who has come out since.
        reasons.setdefault(left.endorser.id, [])
    found = [_watched(member, standing, reasons, on) for member in roster]
    return sorted(found, key=lambda one: STATES.index(one.state))


def totals(watched: Iterable[Watched]) -> dict[str, int]:
    """How many are in each state, none left out."""
    counts = Counter(one.state for one in watched)
    return {state: counts[state] for state in STATES}


def by_endorsee(watched: Iterable[Watched]) -> dict[str, dict[str, int]]:
    """How many hold each position on each candidate, by the candidate's name; everybody's standings count."""
    counts: dict[str, Counter[str]] = {}
    for one in watched:
        for stand in ([one.standing] if one.standing else []) + list(one.others):
            counts.setdefault(stand.endorsee.name, Counter())[stand.position.value] += 1
    return {name: {s.value: c[s.value] for s in Stand if c[s.value]} for name, c in sorted(counts.items())}


def _watched(
    member: Member, standing: Mapping[str, Sequence[Standing]], reasons: Mapping[str, Sequence[str]], on: dt.date
) -> Watched:  # fmt: skip
    mine = [one for key in sorted(member.ids) for one in standing.get(key, ())]
    if not mine:
        heard = [key for key in sorted(member.ids) if key in reasons]
        why = tuple(dict.fromkeys(reason for key in heard for reason in reasons[key]))
        return Watched(member, UNCOUNTED if heard else SILENT, reasons=why)
    mine.sort(key=lambda s: (_FIRST.index(s.position), -(s.since or dt.date.min).toordinal(), s.endorsee.id))
    last = max((one.last_said for one in mine if one.last_said), default=None)
    days = None if last is None else max(0, (on - last).days)
    return Watched(member, mine[0].position.value, mine[0], tuple(mine[1:]), last, days)


def _member(entry: Entry, on: dt.date, ids: set[str], ends: Mapping[str, str]) -> Member:
    known = frozenset(ids | {ends[key] for key in ids if key in ends})
    return Member(entry.id, entry.name, known, office_on(entry, on))


def _in(folder: Path) -> list[Path]:
    return sorted(folder.expanduser().glob("*.toml"))


def _called(path: Path) -> str:
    try:
        return _roster(path).name
    except ContestError:
        return path.stem


def _roster(path: Path) -> Roster:
    keys = Keys(load(path), str(path), _TOP)
    listed = keys.texts("members")
    if (file := keys.text("file")) is not None:
        listed += _lines(path.parent / file)
    query = _query(Keys(keys.get("query"), f"{path}: [query]", _QUERY)) if "query" in keys else None
    if query is None and not listed:
        raise ContestError(f"{path} lists nobody; give it a [query], members or a file")
    return Roster(keys.text("name") or path.stem, query, listed, keys.texts("without"), keys.text("contest"))


def _query(keys: Keys) -> Query:
    def asked(key: str) -> tuple[str, ...]:
        return tuple(normal_name(value) for value in keys.texts(key))

    states = tuple(normal_name(state_of(value) or value) for value in keys.texts("state"))
    return Query(
        asked("office"), asked("chamber"), states, asked("city"), asked("party"), keys.choices("kind", Kind), keys.day("on")
    )  # fmt: skip


def _lines(path: Path) -> tuple[str, ...]:
    """A name or an id on each line; what follows a # is a remark."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise ContestError(f"can't read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ContestError(f"{path} is no text in UTF-8") from None
    names = tuple(" ".join(line.split("#")[0].split()) for line in lines)
    listed = tuple(name for name in names if name)
    if not listed:
        raise ContestError(f"{path} lists nobody")
    return listed
