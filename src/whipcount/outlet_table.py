"""News outlets as identities with domains. Entries: `outlet_of` for an address, `outlet_named` for a name.

`page/data/outlets.csv` has one line an outlet: its id, its name, what else it is called (parted by `|`), its
kind and its domains (subdomains included). The reader knows outlets in a text by the same table; a `?`
before a name is for the reader alone and says that it is also an ordinary word.
"""

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from urllib.parse import urlsplit

from courlan import extract_domain


class OutletKind(StrEnum):
    """What sort of outlet."""

    PAPER = "paper"
    MAGAZINE = "magazine"
    WIRE = "wire"
    """An agency: what others print of it is its report."""
    BROADCAST = "broadcast"
    PROGRAMME = "programme"
    SITE = "site"
    AGGREGATOR = "aggregator"
    """Shows the reports of others."""
    SATIRE = "satire"


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who publishes: the same `id` whatever it is called."""

    id: str
    name: str
    kind: OutletKind
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    common: tuple[str, ...] = ()
    """Those of its names that are ordinary words as well."""


@lru_cache(maxsize=1)
def outlets() -> tuple[Outlet, ...]:
    """All outlets of the table."""
    table = files("whipcount").joinpath("page/data/outlets.csv").read_text(encoding="utf-8")
    return tuple(
        Outlet(
            id=row["id"],
            name=row["name"].lstrip("?"),
            kind=OutletKind(row["kind"]),
            aliases=tuple(form.lstrip("?") for form in row["also"].split("|") if form),
            domains=tuple(domain for domain in row["domains"].split("|") if domain),
            common=tuple(form[1:] for form in (row["name"], *row["also"].split("|")) if form.startswith("?")),
        )
        for row in csv.DictReader(table.splitlines())
    )


@lru_cache(maxsize=1)
def _by_domain() -> dict[str, Outlet]:
    return {domain: outlet for outlet in outlets() for domain in outlet.domains}


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Outlet]:
    found: dict[str, Outlet] = {}
    for outlet in outlets():
        for name in (outlet.name, *outlet.aliases):
            found.setdefault(_plain(name), outlet)
    return found


def outlet_of(url: str | None) -> Outlet | None:
    """Whose page an address is; None where the table has no domain that it lies under."""
    host = bare_host(url)
    if host is None:
        return None
    known = _by_domain()
    return next((known[domain] for domain in _ups(host) if domain in known), None)


def outlet_named(name: str | None) -> Outlet | None:
    """The outlet that is called so, in whatever case, with or without "The", or by its domain; None for one not in the table."""
    if not name:
        return None
    known = _by_name().get(_plain(name))
    # Whose name nobody gave is known by its host.
    return known or (outlet_of(f"https://{name}") if "." in name and " " not in name else None)


@lru_cache(maxsize=1 << 14)
def outlet_key(name: str) -> str:
    """What the names of one outlet have in common: by the table its id, else the name but for "The", case, accents and spacing."""
    known = outlet_named(name)
    return known.id if known else _plain(name)


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two names are of one outlet."""
    return bool(one and other) and outlet_key(one or "") == outlet_key(other or "")


def same_site(one: str | None, other: str | None) -> bool:
    """Whether two addresses are one outlet's: by the table, else by their registered domain."""
    here, there = bare_host(one), bare_host(other)
    if here is None or there is None:
        return False
    known, other_known = outlet_of(one), outlet_of(other)
    if known or other_known:
        return known == other_known
    return _registered(here) == _registered(there)


def bare_host(url: str | None) -> str | None:
    """The host of an address in small letters, without "www."; None where there is none."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.").rstrip(".") or None if host else None


def _registered(host: str) -> str:
    # Local and invented hosts have no public suffix: they stand for themselves.
    return extract_domain(f"https://{host}") or ".".join(host.split(".")[-2:])


def _ups(host: str) -> Iterator[str]:
    while host:
        yield host
        _, _, host = host.partition(".")


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.lower().removesuffix(".com").replace("&", " and "))
    words = "".join(c for c in folded if c.isalnum() or c.isspace()).split()
    return "".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)
