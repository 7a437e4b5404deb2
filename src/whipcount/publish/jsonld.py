"""Standings as linked data: schema.org where it has a word for it, terms of our own where it has none.

An endorsement is a schema.org `EndorseAction`; what holds out, refuses or is expected is no such action, and
is a `Position` of ours. Entry: `graph(standings, registry)`.
"""

from collections.abc import Iterable
from typing import Any

from whipcount.article import Kind, Stand
from whipcount.ledger.evidence import Evidence
from whipcount.people import Identity
from whipcount.people.registry import Registry
from whipcount.standing import Standing

TERMS = "urn:whipcount:terms#"
CONTEXT = {
    "@vocab": "https://schema.org/",
    "wc": TERMS,
    "id": "@id",
    "type": "@type",
    "graph": "@graph",
    "sameAs": {"@type": "@id"},
    "url": {"@type": "@id"},
    "startTime": {"@type": "https://schema.org/Date"},
    "datePublished": {"@type": "https://schema.org/Date"},
}
"""Ours is written out, so that no program has to fetch it."""
_KINDS = {
    Kind.PERSON: "Person",
    Kind.VOTER: "Person",
    Kind.ORGANIZATION: "Organization",
    Kind.GROUP: "Organization",
}
_ELSEWHERE = {
    "wikidata": "http://www.wikidata.org/entity/{}",
    "bioguide": "https://bioguide.congress.gov/search/bio/{}",
    "govtrack": "https://www.govtrack.us/congress/members/{}",
}
_GIVEN = {Stand.ENDORSED, Stand.SUPPORTS}


def graph(standings: Iterable[Standing], registry: Registry | None = None) -> dict[str, Any]:
    """One document with all standings, the people in them and the articles that they rest on."""
    nodes: dict[str, dict[str, Any]] = {}
    for standing in standings:
        kind = _KINDS[standing.endorser_kind]
        nodes[standing.endorser.id] = _identity(standing.endorser, kind, registry)
        nodes.setdefault(standing.endorsee.id, _identity(standing.endorsee, "Thing", registry))
        for one in standing.evidence:
            nodes[one.article.id] = _article(one)
        key = "|".join(
            (standing.endorser.id, standing.endorsee.id, standing.contest.value, standing.contest_id or "")
        )
        nodes[key] = _standing(standing, key)
    return {"@context": CONTEXT, "graph": [nodes[key] for key in sorted(nodes)]}


def _standing(standing: Standing, key: str) -> dict[str, Any]:
    given = standing.position in _GIVEN
    return _filled(
        {
            "id": f"urn:whipcount:standing:{key}",
            "type": ["EndorseAction", "wc:Position"] if given else "wc:Position",
            "agent": {"id": _name(standing.endorser)},
            "object": {"id": _name(standing.endorsee)},
            "startTime": standing.since.isoformat() if standing.since else None,
            "wc:position": {"id": f"wc:{standing.position.value}"},
            "wc:sourcing": {"id": f"wc:{standing.best.sourcing.value}"},
            "wc:via": standing.best.via,
            "wc:contest": standing.contest_id or standing.contest.value,
            "wc:condition": list(standing.conditions),
            "wc:confidence": round(standing.confidence, 4),
            "wc:independentReports": standing.independent_reports,
            "wc:copies": standing.copies,
            "wc:quote": standing.best.quote.exact,
            "subjectOf": [{"id": f"urn:whipcount:article:{one}"} for one in _articles(standing)],
        }
    )


def _articles(standing: Standing) -> list[str]:
    return list(dict.fromkeys(one.article.id for one in standing.evidence))


def _identity(one: Identity, kind: str, registry: Registry | None) -> dict[str, Any]:
    entry = registry.entries.get(one.id) if registry else None
    same = [
        _ELSEWHERE[known.scheme].format(known.value)
        for known in (entry.ids if entry else ())
        if known.scheme in _ELSEWHERE
    ]
    return _filled({"id": _name(one), "type": kind, "name": one.name, "sameAs": same})


def _article(one: Evidence) -> dict[str, Any]:
    article = one.article
    return _filled(
        {
            "id": f"urn:whipcount:article:{article.id}",
            "type": "NewsArticle",
            "headline": article.title,
            "url": article.url if article.url and article.url.startswith(("http://", "https://")) else None,
            "datePublished": article.published.isoformat() if article.published else None,
            "publisher": _organization(article.outlet),
            "provider": _organization(article.original_outlet)
            if article.original_outlet != article.outlet
            else None,
        }
    )


def _organization(name: str | None) -> dict[str, str] | None:
    return {"type": "Organization", "name": name} if name else None


def _name(one: Identity) -> str:
    return f"urn:whipcount:identity:{one.id}"


def _filled(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value not in (None, [], "")}
