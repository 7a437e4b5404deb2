"""Readings, standings and evidence as JSON objects: docs/reference.md has the contract."""

import datetime as dt
from typing import Any

from whipcount.article import Attribution, Mention, Position, Reading, Span, pairs
from whipcount.ledger.evidence import Evidence, Quote
from whipcount.ledger.link import attribution_of
from whipcount.standing import Holdout, Standing


def reading_json(reading: Reading, *, explain: bool = False) -> dict[str, Any]:
    """What one article says; `explain` adds to each position what it rests on."""
    article = reading.article
    return {
        "article": {
            "id": article.id,
            "title": article.title,
            "outlet": article.outlet,
            "original_outlet": article.original_outlet,
            "published": _day(article.published),
            "published_basis": article.dated.basis.value if article.dated else None,
            "published_precision": article.dated.precision.value if article.dated else None,
            "modified": _day(article.modified.day) if article.modified else None,
            "facts": sorted(fact.value for fact in article.facts),
            "url": article.url,
            "text": article.text,
            "debris": pairs(article.debris),
            "key_points": pairs(article.key_points),
            "asides": pairs(article.asides),
        },
        "positions": [_position(one, reading, explain=explain) for one in reading.positions],
        "unclear": [_position(one, reading, explain=explain) for one in reading.unclear],
        "attributions": [attribution_json(one) for one in reading.attributions],
        "errors": list(reading.errors),
    }


def named(reading: Reading, position: Position, name: str) -> list[Mention]:
    """The mentions in a position's sentence that were read as somebody."""
    return [m for m in reading.mentions if m.name == name and m.span.overlaps(position.evidence)]


def _mention(mention: Mention, text: str) -> dict[str, Any]:
    return {**_span(mention.span, text), "form": mention.form}


def _position(position: Position, reading: Reading, *, explain: bool) -> dict[str, Any]:
    text = reading.article.text
    shown: dict[str, Any] = {
        "endorser": position.endorser,
        "endorser_kind": position.endorser_kind.value,
        "endorsee": position.endorsee,
        "contest": position.contest.value,
        "position": position.position.value,
        "sourcing": position.sourcing.value,
        "via": position.via,
        "evidence": _span(position.evidence, text),
        "conditions": [_span(span, text) for span in position.conditions],
        "reasons": [_span(span, text) for span in position.reasons],
        "said_on": _day(position.said_on),
        "confidence": round(position.confidence, 4),
    }
    if explain:
        shown |= {
            "because": position.because,
            "attribution": attribution_of(position, reading.attributions),
            "known_by": list(position.known_by),
            "endorser_mentions": [_mention(m, text) for m in named(reading, position, position.endorser)],
            "endorsee_mentions": [_mention(m, text) for m in named(reading, position, position.endorsee)],
        }
    return shown


def attribution_json(one: Attribution) -> dict[str, Any]:
    """Who said what, and how the article knows."""
    return {
        "source": pairs(one.source),
        "cue": pairs(one.cue),
        "content": pairs(one.content),
        "speaker": one.speaker,
        "sourcing": one.sourcing.value,
        "via": one.via,
    }


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    """One report, with its article."""
    return {
        "id": evidence.id,
        "endorser": evidence.endorser.name,
        "endorser_id": evidence.endorser.id,
        "endorser_kind": evidence.endorser_kind.value,
        "endorsee": evidence.endorsee.name,
        "endorsee_id": evidence.endorsee.id,
        "contest": evidence.contest.value,
        "contest_id": evidence.contest_id,
        "position": evidence.position.value,
        "sourcing": evidence.sourcing.value,
        "via": evidence.via,
        "evidence": _quote(evidence.quote),
        "conditions": [_quote(quote) for quote in evidence.conditions],
        "date": _day(evidence.day),
        "said_on": _day(evidence.said_on),
        "confidence": round(evidence.sure, 4),
        "unclear": evidence.unclear,
        "machine_confidence": None if evidence.by_hand or evidence.undone else round(evidence.confidence, 4),
        "replaced": _replaced(evidence),
        "review": _review(evidence),
        "article": {
            "id": evidence.article.id,
            "title": evidence.article.title,
            "outlet": evidence.article.outlet,
            "original_outlet": evidence.article.original_outlet,
            "published": _day(evidence.article.published),
            "url": evidence.article.url,
            "story": evidence.article.story,
            "facts": sorted(fact.value for fact in evidence.article.facts),
        },
    }


def _review(evidence: Evidence) -> dict[str, Any] | None:
    """What readers decided on it; None where nobody has."""
    decided = evidence.verdict or evidence.set_aside or evidence.undone
    if decided is None and evidence.by_hand is None and evidence.excluded is None:
        return None
    return {
        "verdict": evidence.verdict.action.value if evidence.verdict else None,
        "by": decided.by if decided else evidence.by_hand,
        "at": decided.at.isoformat() if decided else None,
        "reason": evidence.verdict.reason if evidence.verdict else "",
        "corrected": sorted(evidence.corrected),
        "read": as_read_json(evidence),
        "entered_by": evidence.by_hand,
        "excluded": evidence.excluded,
    }


def as_read_json(evidence: Evidence) -> dict[str, Any]:
    """What the program read where a reader corrected it, by field."""
    read = evidence.as_read
    if read is None:
        return {}
    values = {
        "endorser": read.endorser.name,
        "endorser_kind": read.endorser_kind.value,
        "endorsee": read.endorsee.name,
        "contest": read.contest.value,
        "contest_id": read.contest_id,
        "position": read.position.value,
        "sourcing": read.sourcing.value,
        "via": read.via,
        "span": _quote(read.quote),
        "conditions": [_quote(quote) for quote in read.conditions],
        "said_on": _day(read.said_on),
    }
    return {name: values[name] for name in sorted(evidence.corrected)}


def _replaced(evidence: Evidence) -> dict[str, Any] | None:
    """What became of it when its page changed; None while it stands."""
    if evidence.until is None:
        return None
    at = evidence.held_at
    return {
        "on": None if evidence.until == dt.date.min else _day(evidence.until),
        "held": evidence.held,
        "start": at.start if at else None,
        "end": at.end if at else None,
    }


def standing_json(standing: Standing, *, evidence: bool = True) -> dict[str, Any]:
    """One standing with all the evidence that it rests on, the best apart; without it where that is not wanted."""
    return {
        "endorser": standing.endorser.name,
        "endorser_id": standing.endorser.id,
        "endorser_kind": standing.endorser_kind.value,
        "endorsee": standing.endorsee.name,
        "endorsee_id": standing.endorsee.id,
        "contest": standing.contest.value,
        "contest_id": standing.contest_id,
        "position": standing.position.value,
        "since": _day(standing.since),
        "last_said": _day(standing.last_said),
        "sourcing": standing.best.sourcing.value,
        "via": standing.best.via,
        "conditions": list(standing.conditions),
        "independent_reports": standing.independent_reports,
        "relays": standing.relays,
        "copies": standing.copies,
        "origins": list(standing.origins),
        "confidence": round(standing.confidence, 4),
        "to_review": standing.to_review,
        "disputed": standing.disputed,
        "best": standing.best.id,
        **({"evidence": [evidence_json(one) for one in standing.evidence]} if evidence else {}),
    }


def holdout_json(holdout: Holdout) -> dict[str, Any]:
    """A standing with the days that it has been held."""
    return {"days": holdout.days, **standing_json(holdout.standing)}


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _span(span: Span, text: str) -> dict[str, Any]:
    return {"exact": span.of(text), "start": span.start, "end": span.end}


def _quote(quote: Quote) -> dict[str, Any]:
    return {"exact": quote.exact, "start": quote.span.start, "end": quote.span.end}
