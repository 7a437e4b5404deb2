"""Between the types that flow and the rows that are stored."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row

from whipcount.article import (
    Article,
    Attribution,
    Basis,
    Contest,
    Dating,
    Fact,
    Kind,
    Position,
    Precision,
    Sourcing,
    Span,
    Stand,
)
from whipcount.ledger.evidence import ArticleRef, Evidence, Quote
from whipcount.people import Identity, best_name

if TYPE_CHECKING:
    from whipcount.ledger.versions import Versions


def article_values(article: Article) -> dict[str, Any]:
    """The columns that an article fills by itself."""
    return {
        "record_id": article.id,
        "outlet": article.outlet,
        "original_outlet": article.original_outlet,
        "published": article.published,
        **_dating("published", article.dated),
        "modified": article.modified.day if article.modified else None,
        **_dating("modified", article.modified),
        "facts": sorted(fact.value for fact in article.facts),
        "asides": _pairs(article.asides),
        "url": article.url,
        "title": article.title,
        "authors": list(article.authors),
        "text": article.text,
        "debris": _pairs(article.debris),
        "key_points": _pairs(article.key_points),
    }


def to_article(row: Row[Any]) -> Article:
    """The article as it was added."""
    return Article(
        id=row.record_id,
        text=row.text,
        title=row.title,
        outlet=row.outlet,
        original_outlet=row.original_outlet,
        published=row.published,
        url=row.url,
        authors=tuple(row.authors),
        debris=tuple(Span(*pair) for pair in row.debris),
        key_points=tuple(Span(*pair) for pair in row.key_points),
        dated=_to_dating(row.published, row.published_basis, row.published_precision, row.published_at),
        modified=_to_dating(row.modified, row.modified_basis, row.modified_precision, row.modified_at),
        facts=frozenset(Fact(fact) for fact in row.facts or ()),
        asides=tuple(Span(*pair) for pair in row.asides or ()),
    )


def _dating(column: str, dating: Dating | None) -> dict[str, Any]:
    """The columns beside a day that say how it is known."""
    return {
        f"{column}_basis": dating.basis.value if dating else None,
        f"{column}_precision": dating.precision.value if dating else None,
        f"{column}_at": dating.at if dating else None,
    }


def _to_dating(
    day: dt.date | None, basis: str | None, precision: str | None, at: dt.datetime | None
) -> Dating | None:
    if day is None or basis is None or precision is None:
        return None
    return Dating(day, Basis(basis), Precision(precision), at)


def attribution_values(attribution: Attribution) -> dict[str, Any]:
    """The columns that an attribution fills by itself."""
    return {
        "source": _pairs(attribution.source),
        "cue": _pairs(attribution.cue),
        "content": _pairs(attribution.content),
        "speaker": attribution.speaker,
        "sourcing": attribution.sourcing.value,
        "via": attribution.via,
    }


def position_values(position: Position, text: str) -> dict[str, Any]:
    """The columns that a position fills by itself; `text` is its article's."""
    return {
        "endorser_name": position.endorser,
        "endorser_kind": position.endorser_kind.value,
        "endorsee_name": position.endorsee,
        "contest": position.contest.value,
        "position": position.position.value,
        "sourcing": position.sourcing.value,
        "via": position.via,
        "start_at": position.evidence.start,
        "end_at": position.evidence.end,
        "exact": position.evidence.of(text),
        "conditions": _quotes(position.conditions, text),
        "reasons": _quotes(position.reasons, text),
        "said_on": position.said_on,
        "confidence": position.confidence,
        "because": position.because,
    }


def _pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _quotes(spans: Iterable[Span], text: str) -> list[dict[str, Any]]:
    return [{"exact": span.of(text), "start": span.start, "end": span.end} for span in spans]


def to_evidence(
    rows: Sequence[Row[*tuple[Any, ...]]],
    provisional: dict[str, bool],
    stories: Mapping[str, str],
    versions: "Versions",
) -> list[Evidence]:
    """Evidence of joined rows; each identity is called by the commonest form of its name in them.

    `stories` says under whose id a story that was joined goes on.
    """
    names: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        names[row.endorser_id].append(row.endorser_name)
        names[row.endorsee_id].append(row.endorsee_name)
    known = {key: Identity(key, best_name(forms), provisional[key]) for key, forms in names.items()}
    articles: dict[str, ArticleRef] = {}
    found: list[Evidence] = []
    for row in rows:
        if row.article_id not in articles:
            articles[row.article_id] = ArticleRef(
                row.article_id,
                row.title,
                row.outlet,
                row.original_outlet,
                row.published,
                row.url,
                stories.get(row.story, row.story),
            )
        life = versions.life(row)
        found.append(
            Evidence(
                id=row.id,
                endorser=known[row.endorser_id],
                endorser_kind=Kind(row.endorser_kind),
                endorsee=known[row.endorsee_id],
                contest=Contest(row.contest),
                position=Stand(row.position),
                sourcing=Sourcing(row.sourcing),
                quote=Quote(Span(row.start_at, row.end_at), row.exact),
                article=articles[row.article_id],
                via=row.via,
                conditions=tuple(Quote(Span(c["start"], c["end"]), c["exact"]) for c in row.conditions),
                said_on=row.said_on,
                confidence=row.confidence,
                because=row.because,
                reader=row.reader,
                appeared=life.appeared if life else None,
                until=life.until if life else None,
                held=life.held if life else None,
                held_at=life.held_at if life else None,
            )
        )
    return found
