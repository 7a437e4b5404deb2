"""The files of unitedstates/congress-legislators as entries. Entries: `congress(stream)`, `source`.

All four kinds have one form: legislators-current, legislators-historical, executive (presidents and vice
presidents), each a list of people with ids, names and terms.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

import yaml

from whipcount.article import Kind
from whipcount.errors import RegistryError
from whipcount.people.registry import Called, Entry, ExternalId, Name, Term, entry_id

_SCHEMES = ("bioguide", "wikidata", "fec", "icpsr", "icpsr_prez", "govtrack", "opensecrets", "votesmart",
            "ballotpedia", "wikipedia", "cspan", "lis", "thomas", "house_history", "maplight")  # fmt: skip
_OFFICES = {
    "sen": ("senator", "senate"),
    "rep": ("representative", "house"),
    "prez": ("president", None),
    "viceprez": ("vice president", None),
}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOT_CONGRESS = (
    "is no file of congress-legislators: it should be a YAML list of people with id, name and terms"
)


def congress(stream: IO[bytes]) -> Iterator[Entry]:
    """The people of one file, in its order; raises `RegistryError` where it is something else."""
    try:
        people = yaml.load(stream, Loader=_LOADER)  # noqa: S506 - a safe loader, in C where it is there
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise RegistryError(f"is no YAML: {' '.join(str(error).split())[:160]}") from None
    if not isinstance(people, list) or not people:
        raise RegistryError(_NOT_CONGRESS)
    for number, person in enumerate(people, 1):
        try:
            yield _entry(person)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RegistryError(f"{_NOT_CONGRESS} (person {number}: {error!r})") from None


def source(entries: Sequence[Entry]) -> str:
    """Whose word a file is: that of the list of presidents, or of the lists of members.

    Who leaves Congress goes from one list of members to the other, so the two are one source.
    """
    executive = any(term.office in {"president", "vice president"} for one in entries for term in one.terms)
    return "congress-legislators: executive" if executive else "congress-legislators: members"


def _entry(person: Mapping[str, Any]) -> Entry:
    names = list(dict.fromkeys(_names(person)))
    ids = tuple(_ids(person["id"]))
    born = person.get("bio", {}).get("birthday")
    birthday = dt.date.fromisoformat(str(born)) if born else None
    # What somebody is called most: "Ted Cruz", not "Rafael Edward Cruz".
    nickname = next((name.text for name in names if name.called is Called.NICKNAME), None)
    shown = person["name"].get("official_full") or nickname or names[0].text
    return Entry(
        entry_id(Kind.PERSON, shown, ids, born=birthday),
        shown,
        Kind.PERSON,
        tuple(names),
        ids,
        tuple(_terms(person["terms"])),
        birthday,
    )


def _names(person: Mapping[str, Any]) -> Iterator[Name]:
    own = person["name"]
    first, last, suffix = own["first"], own["last"], own.get("suffix", "")
    middle = own.get("middle", "")
    given = f"{first} {middle}".strip()
    yield Name(" ".join(filter(None, (first, last, suffix))), Called.OFFICIAL, given, last, suffix)
    if middle:
        yield Name(
            " ".join(filter(None, (first, middle, last, suffix))), Called.OFFICIAL, given, last, suffix
        )
    if full := own.get("official_full"):
        yield Name(full, Called.OFFICIAL, given, last, suffix)
    if nick := own.get("nickname"):
        yield Name(f"{nick} {last}", Called.NICKNAME, nick, last, suffix)
    for other in person.get("other_names") or ():
        text = " ".join(filter(None, (other.get("first", first), other.get("last", last))))
        yield Name(text, Called.FORMER, given, other.get("last", last), suffix)


def _ids(given: Mapping[str, Any]) -> Iterator[ExternalId]:
    for scheme in _SCHEMES:
        values = given.get(scheme, ())
        for value in values if isinstance(values, list) else (values,) if values != () else ():
            yield ExternalId(scheme, str(value))


def _terms(terms: Iterable[Mapping[str, Any]]) -> Iterator[Term]:
    for term in terms:
        office, chamber = _OFFICES[term["type"]]
        start, end = (dt.date.fromisoformat(str(term[key])) for key in ("start", "end"))
        state = term.get("state")
        district = None if term.get("district") is None else str(term["district"])
        # Members may change their party within a term.
        spans = term.get("party_affiliations") or [
            {"start": start.isoformat(), "end": end.isoformat(), "party": term.get("party")}
        ]
        for span in spans:
            yield Term(
                office,
                dt.date.fromisoformat(str(span["start"])),
                dt.date.fromisoformat(str(span["end"])),
                chamber,
                state,
                district=district,
                party=span.get("party"),
            )
