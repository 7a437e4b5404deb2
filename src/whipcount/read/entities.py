"""Names joined to those who bear them: full names first, then surnames, first names and initials.

Entry: `entities(doc, names)`.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc

from whipcount.article import Kind
from whipcount.read.namefinder import Name
from whipcount.read.names import (
    FEMALE_TITLES,
    MALE_TITLES,
    clean,
    first_names,
    flat,
    gender,
    organization_fits,
    person_fits,
    surname,
    words,
)


@dataclass(slots=True)
class Entity:
    """Somebody or something named in the article, while it is being put together."""

    name: str
    kind: Kind | None
    names: list[Name] = field(default_factory=list)
    attributes: set[str] = field(default_factory=set)

    def sex(self) -> str:
        """`m`, `f` or `u`, by titles first."""
        for word in " ".join(n.titles for n in self.names).lower().replace(".", "").split():
            if word in FEMALE_TITLES:
                return "f"
            if word in MALE_TITLES:
                return "m"
        parts = self.name.split()
        return gender(parts[0]) if len(parts) > 1 else "u"


def _add_titles(entity: Entity, name: Name, text: str) -> None:
    """What the words around a name say of its bearer: titles, party tag, apposition."""
    after = text[name.span.end : name.span.end + 70]
    apposition = re.match(
        r"\s*(?:\([^)]{1,14}\))?,? (?:(?:is|was) )?(?:an?|the|his|her|who is an?|\() ?([^,.;()]{3,60})[,.;)]",
        after,
    ) or re.match(r"\s*\(([^)]{1,14})\)", after)
    found = name.titles + " " + (apposition[1] if apposition else "")
    entity.attributes.update(flat(found).split())


def entities(doc: Doc, names: Sequence[Name]) -> list[Entity]:
    """Names joined: full ones first, then surnames, first names and initials to the nearest that fits."""
    found: list[Entity] = []
    text = doc.text
    later: list[Name] = []
    for name in names:
        shown = clean(name.text)
        if not shown:
            continue
        if name.kind is Kind.ORGANIZATION:
            home = next(
                (
                    e
                    for e in found
                    if e.kind is Kind.ORGANIZATION
                    and (organization_fits(shown, e.name) or organization_fits(e.name, shown))
                ),
                None,
            )
            if home is None:
                home = Entity(shown, Kind.ORGANIZATION)
                found.append(home)
            elif len(shown) > len(home.name):
                home.name = shown
            home.names.append(name)
        elif name.kind is Kind.PERSON and len(words(shown)) > 1:
            home = next(
                (
                    e
                    for e in reversed(found)
                    if e.kind is Kind.PERSON and len(words(e.name)) > 1 and (person_fits(shown, e.name))
                ),
                None,
            )
            if home is None:
                home = Entity(shown, Kind.PERSON)
                found.append(home)
            elif len(shown) > len(home.name):
                home.name = shown
            home.names.append(name)
            _add_titles(home, name, text)
        else:
            later.append(name)
    sexes: dict[str, Counter[str]] = defaultdict(Counter)
    for name in later:
        sexes[surname(clean(name.text))][_pronoun_sex(text, name)] += 1
    for name in later:
        shown = clean(name.text)
        home = _home(name, shown, found, sexes[surname(shown)], text)
        if home is None:
            home = Entity(shown, name.kind)
            found.append(home)
        home.names.append(name)
        _add_titles(home, name, text)
    for entity in found:
        entity.kind = _kind(entity)
    return [e for e in found if e.kind is not None]


def _home(
    name: Name, shown: str, entities: Sequence[Entity], sexes: Counter[str], text: str
) -> Entity | None:
    """The entity that a short name belongs to."""
    titles = set(name.titles.lower().replace(".", "").split())
    fits = [e for e in entities if e.kind is not Kind.ORGANIZATION and person_fits(shown, e.name)]
    by_surname = [e for e in fits if surname(e.name) == surname(shown)] or (
        [] if titles & (FEMALE_TITLES | MALE_TITLES) else fits
    )
    if titles & FEMALE_TITLES:
        by_surname = [e for e in by_surname if e.sex() != "m"]
    if titles & MALE_TITLES:
        by_surname = [e for e in by_surname if e.sex() != "f"]
    if len(words(shown)) == 1:
        by_surname = [e for e in by_surname if not _of_other_sex(e, sexes)]
    if by_surname:
        return by_surname[0] if len(by_surname) == 1 else _likeliest(name, by_surname, sexes, text)
    if not titles and name.label not in {"PERSON", "GPE", "LOC", "NORP"}:
        return next(
            (e for e in entities if e.kind is Kind.ORGANIZATION and organization_fits(shown, e.name)), None
        )
    return None


def _of_other_sex(bearer: Entity, sexes: Counter[str]) -> bool:
    """Whether the pronouns after a bare surname say that a bearer of it is somebody else's wife or brother."""
    own, other = (sexes["m"], sexes["f"]) if bearer.sex() == "m" else (sexes["f"], sexes["m"])
    return bearer.sex() != "u" and other > 2 and own * 5 < other


_NEAR = 250
"""How far back a full name still says which of two bearers of a surname is meant."""
_PRONOUN = re.compile(r"\b(?:(he|him|his|himself)|she|hers?|herself)\b", re.IGNORECASE)


def _pronoun_sex(text: str, name: Name) -> str:
    """`m`, `f` or `u`: which pronoun follows a name in its paragraph."""
    hit = _PRONOUN.search(text, name.span.end, name.span.end + 90)
    if hit is None or "\n" in text[name.span.end : hit.start()]:
        return "u"
    return "m" if hit[1] else "f"


def _likeliest(name: Name, bearers: Sequence[Entity], sexes: Counter[str], text: str) -> Entity:
    """Of several who share a surname, whom the bare surname means: the article's main one, or who was just named."""
    own = _pronoun_sex(text, name)
    known = sexes["m"] + sexes["f"]

    def score(entity: Entity) -> float:
        full = [n for n in entity.names if len(n.text.split()) > 1]
        out = math.log1p(len(full)) + (0.7 if entity is bearers[0] else 0.0)
        if known and entity.sex() in "mf":
            out += 1.5 * sexes[entity.sex()] / known + (0.6 if entity.sex() == own else 0.0)
        if any(0 < name.span.start - n.span.end < _NEAR for n in full):
            out += 0.8
        if any(
            0 <= n.span.start - name.span.end < 120 and not _STOP.search(text, name.span.end, n.span.start)
            for n in full
        ):
            out -= 1.5  # "Castell thanked Thomas Castell"
        return out

    return max(bearers, key=score)


_STOP = re.compile(r"[.!?][”\"]? +[A-Z]|\n")


def _kind(entity: Entity) -> Kind | None:
    """By form where the form tells, else by a vote of spaCy's labels; None for places and the like."""
    if entity.kind is not None:
        return entity.kind
    votes = Counter(n.label for n in entity.names)
    best, count = votes.most_common(1)[0]
    if any(n.titles for n in entity.names) or (entity.name in first_names() and best != "GPE"):
        return Kind.PERSON
    if best == "PERSON" or votes["PERSON"] * 2 >= len(entity.names):
        return Kind.PERSON
    if best == "ORG" and count >= 1:
        return Kind.ORGANIZATION
    return None
