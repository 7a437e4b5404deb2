"""Whom a name may stand for, by the name alone. Entry: `Names(registry).candidates(name)`.

A candidate's `sure` says how well the forms agree, and nothing of who is meant: a bare surname agrees
with everybody who bears it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from nicknames import NickNamer
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from whipcount.article import Kind
from whipcount.people.names import normal_name
from whipcount.people.registry import Called, Entry, Registry

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "v"})
_PARTICLES = frozenset(
    "van von der den de del della la le di da dos du st san al el bin ben mac mc ter o".split()
)
_FUZZY = 0.94
"""Jaro-Winkler similarity of whole names from which one may be a misspelling of the other."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One whom a name may stand for."""

    entry: Entry
    sure: float
    how: str
    """How the forms agree: exact, nickname, surname and so on; what `weigh` counts from."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A person's name, taken apart."""

    given: tuple[str, ...]
    surname: tuple[str, ...]
    suffix: str
    nickname: bool = False


class Names:
    """An index of a registry's names."""

    def __init__(self, registry: Registry) -> None:
        self._exact: defaultdict[str, list[Entry]] = defaultdict(list)
        self._short: defaultdict[str, list[Entry]] = defaultdict(list)
        self._people: defaultdict[str, list[Entry]] = defaultdict(list)
        self._forms: dict[str, tuple[_Form, ...]] = {}
        for entry in registry:
            for key in {normal_name(entry.name), *(normal_name(n.text) for n in entry.names)}:
                self._exact[key].append(entry)
            if entry.kind is Kind.PERSON:
                self._forms[entry.id] = forms = tuple(_forms(entry))
                for word in {word for form in forms for word in form.surname}:
                    self._people[word].append(entry)
            else:
                for name in entry.names:
                    if name.called is Called.SHORT:
                        self._short[normal_name(name.text)].append(entry)

        self._surnames: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._people:
            self._surnames[word[0]].append(word)
        # The same few names fill the news of a day.
        self._remembered = lru_cache(maxsize=20_000)(self._candidates)

    def candidates(self, name: str, *, kind: Kind | None = None) -> tuple[Candidate, ...]:
        """Whom the name may stand for, the surest first; without a kind people and organizations."""
        return self._remembered(name, kind)

    def _candidates(self, name: str, kind: Kind | None) -> tuple[Candidate, ...]:
        found: dict[str, Candidate] = {}
        for one in (*self._whole(name), *(() if kind is Kind.ORGANIZATION else self._person(name))):
            if kind is not None and (one.entry.kind is Kind.PERSON) != (kind in {Kind.PERSON, Kind.VOTER}):
                continue
            known = found.get(one.entry.id)
            if known is None or (known.sure, len(known.how)) < (one.sure, len(one.how)):
                found[one.entry.id] = one
        return tuple(sorted(found.values(), key=lambda c: (-c.sure, c.entry.id)))

    def bearers(self, surname: str) -> int:
        """How many people of the registry bear a surname."""
        return len(self._people.get(normal_name(surname).split()[-1], ())) if normal_name(surname) else 0

    def _whole(self, name: str) -> Iterable[Candidate]:
        key = normal_name(name)
        for entry in self._exact.get(key, ()):
            short = entry in self._short.get(key, ())
            yield Candidate(entry, 1.0, "short name" if short else "exact")

    def _person(self, name: str) -> Iterable[Candidate]:
        asked = _taken_apart(name)
        if not asked.surname:
            return
        words = (*asked.given, *asked.surname)
        near: dict[str, Entry] = {}
        for word in words[-2:] if len(words) > 1 else words:
            near |= {entry.id: entry for entry in self._people.get(word, ())}
        if len(words) > 1 and not near:
            # A surname that nobody bears may be misspelled; its first letter seldom is.
            last = words[-1]
            alike = process.extract_iter(
                last,
                self._surnames.get(last[0], ()),
                scorer=JaroWinkler.similarity,
                score_cutoff=_FUZZY - 0.04,
            )
            for key, _, _ in alike:
                near |= {entry.id: entry for entry in self._people[key]}
        for entry in near.values():
            best = max(_agree(words, asked, form) for form in self._forms[entry.id])
            if best[0]:
                yield Candidate(entry, *best)


def _agree(words: tuple[str, ...], asked: _Form, form: _Form) -> tuple[float, str]:
    """How well a name agrees with a form of an entry's; 0 where it does not."""
    if asked.suffix and asked.suffix != form.suffix:
        # Father and son: one who is called Jr. is not the entry that nobody calls so.
        return 0.0, ""
    size = len(form.surname)
    if words == form.surname:
        return (0.5, "surname") if size == 1 else (0.6, "double surname")
    if words[-size:] == form.surname:
        given = words[:-size]
        whole = 1.0
    elif len(words) > 1 and size > 1 and words[-1] in {form.surname[0], form.surname[-1]}:
        # "Wasserman Schultz" may go by one of the two.
        given, whole = words[:-1], 0.9
    elif len(words) > 2 and words[-2] == form.surname[-1]:
        # A surname more: a later marriage, or a word that does not belong to the name.
        return (0.4, "a word more") if _given(words[:-2], form)[0] >= 0.9 else (0.0, "")
    elif len(words) == 1:
        return (0.4, "surname") if words[0] in form.surname and len(words[0]) > 3 else (0.0, "")
    else:
        full = " ".join((*form.given[:1], *form.surname))
        asked_full = " ".join((words[0], words[-1]))
        near = JaroWinkler.similarity(full, asked_full)
        close = near >= _FUZZY and words[0][:1] == form.given[0][:1] if form.given else False
        return (round(0.8 * near, 3), "spelling") if close else (0.0, "")
    sure, how = _given(given, form)
    if sure and whole < 1:
        how = "married name"
    return sure * whole, how


def _given(given: tuple[str, ...], form: _Form) -> tuple[float, str]:
    """How well first and middle names agree."""
    if not form.given:
        return 0.0, ""
    first, own = given[0], form.given[0]
    rest, middle = given[1:], form.given[1:]
    if first == own:
        agree = not rest or (bool(middle) and _middles(rest, middle))
        sure, how = (
            (1.0, "exact, with the middle name" if rest else "exact") if agree else (0.97, "given name")
        )
    elif first in middle and len(first) > 1:
        sure, how = 0.9, "given name"
        rest = ()
    elif related(first, own):
        sure, how = 0.93, "nickname"
    elif _initials(first, form.given):
        return 0.85, "initials"
    elif len(first) == 1 and own.startswith(first):
        sure, how = 0.8, "initials"
    elif min(len(first), len(own)) >= 3 and (own.startswith(first) or first.startswith(own)):
        sure, how = 0.9, "nickname"
    elif first[:1] == own[:1] and JaroWinkler.similarity(first, own) >= _FUZZY - 0.02:
        sure, how = 0.8, "spelling"
    else:
        return 0.0, ""
    # "George W." is not "George H. W.": a middle initial that the entry has otherwise speaks against it.
    if rest and middle and not form.nickname and not _middles(rest, middle):
        return 0.0, ""
    return sure, how


def _middles(rest: tuple[str, ...], middle: tuple[str, ...]) -> bool:
    written = "".join(word if len(word) <= 2 else word[0] for word in rest)
    own = "".join(word if len(word) <= 2 else word[0] for word in middle)
    return own.startswith(written) or rest[0] in middle or written == own[-len(written) :] == own


def _initials(word: str, given: tuple[str, ...]) -> bool:
    """Whether "jd" are the initials of James David."""
    return (
        len(word) > 1
        and len(word) == len(given)
        and all(g.startswith(c) for c, g in zip(word, given, strict=True))
    )


@lru_cache(maxsize=1)
def _namer() -> NickNamer:
    return NickNamer()


@lru_cache(maxsize=65536)
def related(one: str, other: str) -> bool:
    """Whether one first name is a familiar form of the other, or both are of a third."""
    if one == other:
        return True
    names = _namer()
    mine, theirs = set(names.canonicals_of(one)), set(names.canonicals_of(other))
    return other in mine or one in theirs


def _forms(entry: Entry) -> Iterable[_Form]:
    for name in entry.names:
        if name.surname:
            yield _Form(
                tuple(normal_name(name.given).split()) if name.given else (),
                tuple(normal_name(name.surname).split()),
                _suffix(name.suffix),
                name.called is Called.NICKNAME,
            )
        else:
            yield _taken_apart(name.text)
    if not entry.names:
        yield _taken_apart(entry.name)


def _taken_apart(name: str) -> _Form:
    """A name in its parts, by its form alone."""
    words = normal_name(re.sub(r"[\"“”(][^\"“”()]*[\"“”)]", " ", name) or name).split()
    suffix = ""
    if len(words) > 1 and words[-1] in _SUFFIXES:
        suffix = words.pop()
    at = len(words) - 1
    while at > 1 and words[at - 1] in _PARTICLES:
        at -= 1
    return _Form(tuple(words[:at]), tuple(words[at:]), suffix)


def _suffix(text: str) -> str:
    return normal_name(text) if text else ""
