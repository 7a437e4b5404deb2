"""Who published a page, and whose report it credited, by what the page says of itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whipcount.outlet_table import (
    Outlet,
    OutletKind,
    bare_host,
    outlet_named,
    outlet_of,
    same_name,
    same_site,
)
from whipcount.page import linked as ld

_SYNDICATION = (
    "//meta[@name='syndication-source' or @name='original-source' or @property='original-source']/@content"
    " | //link[@rel='syndication-source' or @rel='original-source']/@href"
)

_COMMON = frozenset(
    "the and com www news online daily media press radio times post herald tribune journal gazette star sun".split()
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Two names: of who published the page, and of who is credited with the report."""

    outlet: str | None = None
    original: str | None = None


def origin(
    tree: Any, linked: Mapping[str, Any], *, url: str | None, canonical: str | None, site: str | None
) -> Origin:
    """The outlet of a page and that of the report on it, None where it is the same or nobody says.

    `url` is the address that it was fetched from, `canonical` the one that it gives for itself, `site` the
    name of the site. Credits in order: syndication-source, isBasedOn, sourceOrganization, provider, a
    canonical address at another outlet, a publisher that is not the site.
    """
    known = outlet_of(url or canonical)
    publisher = ld.name(linked.get("publisher"))
    credited: list[str | None] = [*_credited(tree, linked)]
    elsewhere = canonical if url and canonical and bare_host(url) and not same_site(canonical, url) else None
    outlet = known.name if known else publisher or site
    if known is None and site and publisher and not _akin(site, publisher):
        # A copy: the site is who shows it, the publisher who wrote it.
        home = ld.address(linked.get("publisher"))
        if elsewhere or credited or (url and home and not same_site(home, url)) or _is_aggregator(site):
            outlet = site
    if elsewhere:
        credited.append(publisher if publisher and not same_name(publisher, outlet) else site_name(elsewhere))
    if publisher and not _of(known, publisher, outlet):
        credited.append(_called(publisher))
    return Origin(outlet, next((one for one in credited if one and not same_name(one, outlet)), None))


def site_name(url: str | None) -> str | None:
    """The name of the outlet at an address, or its host."""
    found = outlet_of(url)
    return found.name if found else bare_host(url)


def _credited(tree: Any, linked: Mapping[str, Any]) -> list[str]:
    found = [site_name(href.strip()) for href in tree.xpath(_SYNDICATION)]
    based_on = linked.get("isBasedOn") or linked.get("isBasedOnUrl")
    found += [ld.name(based_on) or site_name(ld.address(based_on) or _plain_address(based_on))]
    found += [_called(ld.name(linked.get(key))) for key in ("sourceOrganization", "provider")]
    return [one for one in found if one]


def _plain_address(value: Any) -> str | None:
    return value if isinstance(value, str) and "://" in value else None


def _called(name: str | None) -> str | None:
    """A name in the form of the table, where it is there."""
    known = outlet_named(name)
    return known.name if known else name


def _of(known: Outlet | None, publisher: str, outlet: str | None) -> bool:
    """Whether the publisher is the outlet itself, by another of its names, or a company that owns it."""
    if same_name(publisher, outlet):
        return True
    if known is None:
        return outlet is not None and _akin(publisher, outlet)
    # Of a known site, "CNN Politics" or "Nexstar Media" is no other outlet; of an aggregator anybody is.
    return known.kind is not OutletKind.AGGREGATOR and outlet_named(publisher) is None


def _is_aggregator(name: str) -> bool:
    known = outlet_named(name)
    return known is not None and known.kind is OutletKind.AGGREGATOR


def _akin(one: str, other: str) -> bool:
    """Whether two names share a word that tells: "courier" and "Larkfield Courier"."""
    mine, theirs = (set(re.findall(r"\w{3,}", name.lower())) - _COMMON for name in (one, other))
    joined = "".join(re.findall(r"\w+", one.lower())), "".join(re.findall(r"\w+", other.lower()))
    return bool(mine & theirs) or joined[0] in joined[1] or joined[1] in joined[0]
