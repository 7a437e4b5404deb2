"""Between the types that flow and the rows that are stored."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    pairs,
)
from whipcount.ledger.events import Decisions
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
        "asides": pairs(article.asides),
        "url": article.url,
        "title": article.title,
        "authors": list(article.authors),
        "text": article.text,
        "debris": pairs(article.debris),
        "key_points": pairs(article.key_points),
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
        "source": pairs(attribution.source),
        "cue": pairs(attribution.cue),
        "content": pairs(attribution.content),
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


def _quotes(spans: Iterable[Span], text: str) -> list[dict[str, Any]]:
    return [{"exact": span.of(text), "start": span.start, "end": span.end} for span in spans]


EVIDENCE = (
    "id", "article_id", "endorser_id", "endorser_name", "endorser_kind", "endorsee_id", "endorsee_name", "contest", "position",
    "sourcing", "via", "start_at", "end_at", "exact", "conditions", "said_on", "confidence", "because", "reader", "added_at",
    "unclear",
)  # fmt: skip
"""The columns of evidence that `to_evidence` takes, in this order, before those of its article."""


@dataclass(frozen=True, slots=True)
class Around:
    """What else the ledger knows that evidence is made of."""

    identities: Mapping[str, Identity]
    """Those that the rows name, before and after merges and corrections."""
    stories: Mapping[str, str]
    """Under whose id a story that was joined goes on."""
    versions: "Versions"
    decisions: Decisions
    contests: Mapping[str, str | None]
    """Which contest a piece of evidence is about, by its id."""
    calibrated: Callable[[float], float] | None = None
    """From the program's confidence to the one to show; None where too little was reviewed to tell."""


def to_evidence(rows: Sequence[Row[*tuple[Any, ...]]], around: Around) -> list[Evidence]:
    """Evidence of rows (`EVIDENCE`, then the article's columns), as read and as corrected.

    A provisional identity is called by the commonest form of its name in them, any other by its own.
    """
    decided = around.decisions
    who = {row.id: whose(row, decided) for row in rows} if decided.last else {}
    names: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        pair = (row.endorser_id, row.endorsee_id)
        # The article's words name whom they were read as, not whom a reader put in the place.
        for identity, read_as, words in zip(
            who.get(row.id, pair), pair, (row.endorser_name, row.endorsee_name), strict=True
        ):
            if decided.joined.get(read_as, read_as) == identity:
                names[identity].append(words)
    known = {key: _called(around.identities[key], forms) for key, forms in names.items()}
    for pair in who.values():
        for key in pair:
            known.setdefault(key, around.identities[key])
    articles: dict[str, ArticleRef] = {}
    found: list[Evidence] = []
    for row in rows:
        # Taken apart at once: by name, each column costs as much as making the object.
        (
            key, article_id, endorser, _, kind, endorsee, _, contest, position, sourcing, via, start, end, exact, conditions,
            said_on, confidence, because, reader, added_at, unclear, *_,
        ) = row  # fmt: skip
        article = articles.get(article_id)
        if article is None:
            article = articles[article_id] = _reference(row, around.stories)
        if who:
            endorser, endorsee = who[key]
        one = Evidence(
            key,
            known[endorser],
            _KINDS[kind],
            known[endorsee],
            _CONTESTS[contest],
            _STANDS[position],
            _SOURCINGS[sourcing],
            Quote(Span(start, end), exact),
            article,
            via,
            tuple([_quote(c) for c in conditions]) if conditions else (),
            said_on,
            confidence,
            because,
            reader,
            contest_id=around.contests.get(key),
            added_at=added_at,
            unclear=unclear,
        )
        life = around.versions.life(row)
        if life is not None:
            one = replace(
                one,
                appeared=life.appeared,
                until=life.until,
                held=life.held,
                held_at=life.held_at,
                retracted=life.retracted,
            )
        if Fact.RETRACTED in article.facts:
            one = replace(one, retracted=True)
        if around.calibrated is not None and not unclear:
            # The curve is of what was clear.
            one = replace(one, calibrated=around.calibrated(confidence))
        if decided.last:
            one = _decided(one, decided)
            if one.correction:
                one = _corrected(one, _as_read(one, row, known, around), decided.corrections[key])
        found.append(one)
    return found


_KINDS = {one.value: one for one in Kind}
_CONTESTS = {one.value: one for one in Contest}
_STANDS = {one.value: one for one in Stand}
_SOURCINGS = {one.value: one for one in Sourcing}


def _called(identity: Identity, forms: Sequence[str]) -> Identity:
    """A provisional identity by the commonest form of its name, any other by its own."""
    if not identity.provisional:
        return identity
    name = best_name(forms)
    return identity if name == identity.name else replace(identity, name=name)


def _decided(evidence: Evidence, decided: Decisions) -> Evidence:
    """Evidence with what readers decided on it; corrections apart."""
    key = evidence.id
    if key not in decided.seen and key not in decided.set_aside:
        return evidence
    by_hand = decided.by_hand.get(key)
    return replace(
        evidence,
        verdict=decided.verdict(key),
        verdicts=decided.verdicts.get(key, ()),
        correction=decided.corrected.get(key),
        set_aside=decided.set_aside.get(key),
        by_hand=by_hand.by if by_hand else None,
        undone=decided.undone.get(key),
    )


def _as_read(
    evidence: Evidence, row: Row[*tuple[Any, ...]], known: Mapping[str, Identity], around: Around
) -> Evidence:
    """Corrected evidence as the program read it, under the names that the article gives."""
    who = [
        known.get(key) or replace(around.identities[key], name=words)
        for key, words in ((row.endorser_id, row.endorser_name), (row.endorsee_id, row.endorsee_name))
    ]
    return replace(evidence, endorser=who[0], endorsee=who[1])


def whose(row: Any, decided: Decisions) -> tuple[str, str]:
    """Endorser and endorsee of a row after corrections, splits and merges."""
    corrected = decided.corrections.get(row.id, {})
    endorser = corrected.get("endorser", row.endorser_id)
    endorsee = corrected.get("endorsee", row.endorsee_id)
    return decided.identity(row.id, endorser), decided.identity(row.id, endorsee)


def _reference(row: Row[*tuple[Any, ...]], stories: Mapping[str, str]) -> ArticleRef:
    return ArticleRef(
        row.article_id,
        row.title,
        row.outlet,
        row.original_outlet,
        row.published,
        row.url,
        stories.get(row.story, row.story),
        frozenset(Fact(fact) for fact in row.facts or ()),
    )


_READ: Mapping[str, Callable[[Any], Any]] = {
    "endorser_kind": Kind,
    "contest": Contest,
    "position": Stand,
    "sourcing": Sourcing,
    "said_on": lambda day: None if day is None else dt.date.fromisoformat(day),
    "conditions": lambda quotes: tuple(_quote(one) for one in quotes),
    "via": lambda name: name,
    "contest_id": lambda name: name,
}


def _corrected(evidence: Evidence, as_read: Evidence, corrections: Mapping[str, Any]) -> Evidence:
    """Evidence with what a reader put in the place of what was read; identities are settled already."""
    values = {name: read(corrections[name]) for name, read in _READ.items() if name in corrections}
    if "span" in corrections:
        values["quote"] = _quote(corrections["span"])
    now = replace(evidence, **values)
    changed = {
        name for name in corrections
        if (getattr(now, _ATTRIBUTE.get(name, name)) != getattr(as_read, _ATTRIBUTE.get(name, name)))
    }  # fmt: skip
    return replace(now, corrected=frozenset(changed), as_read=as_read)


_ATTRIBUTE = {"span": "quote"}


def _quote(value: Mapping[str, Any]) -> Quote:
    return Quote(Span(value["start"], value["end"]), value["exact"])
