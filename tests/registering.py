"""An invented registry, and readings that name people of it."""

import datetime as dt
import re
from collections.abc import Mapping

from whipcount.article import Article, Attribution, Kind, Mention, Reading, Span
from whipcount.people.registry import Called, Entry, ExternalId, Name, Registry, Term, entry_id

DAY = dt.date(2031, 7, 3)


def person(
    given: str,
    surname: str,
    *terms: Term,
    key: str = "",
    nick: str = "",
    suffix: str = "",
    born: int | None = None,
    former: str = "",
) -> Entry:
    """Somebody of the registry; the first word of `given` is what he or she is called."""
    first = given.split(maxsplit=1)[0]
    shown = " ".join(filter(None, (nick or first, surname, suffix)))
    names = [Name(" ".join(filter(None, (first, surname, suffix))), Called.OFFICIAL, given, surname, suffix)]
    if nick:
        names.append(Name(f"{nick} {surname}", Called.NICKNAME, nick, surname, suffix))
    if former:
        names.append(Name(f"{first} {former}", Called.FORMER, given, former, suffix))
    ids = (ExternalId("bioguide", key or f"{surname[:1]}{len(given):03}{len(surname):03}"),)
    day = dt.date(born, 3, 5) if born else None
    return Entry(entry_id(Kind.PERSON, shown, ids), shown, Kind.PERSON, tuple(names), ids, tuple(terms), day)


def term(
    office: str, state: str | None, party: str, start: int, end: int, district: str | None = None
) -> Term:
    """A term from one January to another."""
    chamber = {"senator": "senate", "representative": "house"}.get(office)
    return Term(
        office, dt.date(start, 1, 3), dt.date(end, 1, 3), chamber, state, district=district, party=party
    )


MARLOW = person("Teodora Jane", "Marlow", term("senator", "OH", "Democrat", 2027, 2033), born=1975)
OTHER_MARLOW = person("Ray", "Marlow", term("senator", "FL", "Republican", 2029, 2035), born=1980)
QUILL = person(
    "Robert Lane", "Quill", term("representative", "VT", "Democrat", 2023, 2033), nick="Bo", suffix="Jr."
)
FELL = person("Ana", "Fell Marsh", term("representative", "TX", "Republican", 2025, 2033), former="Tarn")
DRAKE = person("Jonas", "Drakewell", term("president", None, "Democrat", 2029, 2033), born=1961)
LATER = person("Cyrus", "Hask", term("senator", "ME", "Republican", 2045, 2051))
FERRYMEN = Entry(
    "r_ferrymen",
    "United Ferrymen of America",
    Kind.ORGANIZATION,
    (Name("United Ferrymen of America"), Name("UFA", Called.SHORT), Name("the Ferrymen", Called.SHORT)),
)
REGISTRY = Registry.of([MARLOW, OTHER_MARLOW, QUILL, FELL, DRAKE, LATER, FERRYMEN])


def naming(
    text: str,
    names: Mapping[str, tuple[str, ...]],
    *,
    kinds: Mapping[str, Kind] | None = None,
    day: dt.date | None = DAY,
    outlet: str | None = None,
    speakers: tuple[str, ...] = (),
) -> Reading:
    """A reading of `text` in which each name is mentioned wherever one of its forms stands."""
    mentions = [
        Mention(Span(*hit.span()), name, (kinds or {}).get(name, Kind.PERSON), "description" if form[:4] == "the " else "name")
        for name, forms in names.items()
        for form in forms
        for hit in re.finditer(rf"\b{re.escape(form)}(?!\w)", text)
    ]  # fmt: skip
    said = tuple(Attribution((), (), (), speaker) for speaker in speakers)
    return Reading(
        Article("a", text, published=day, outlet=outlet), tuple(sorted(mentions, key=lambda m: m.span)), said
    )
