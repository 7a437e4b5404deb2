"""How the article knows a position: from the attribution in which its evidence stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from whipcount.article import Attribution, Sourcing, Span

_NEAREST = list(Sourcing)


@dataclass(frozen=True, slots=True)
class Knowing:
    """Sourcing and via of a position, and the attribution they come from (None for narration)."""

    sourcing: Sourcing
    via: str | None
    attribution: Attribution | None


def knowing(endorser: str, evidence: Span, attributions: Sequence[Attribution], *, cue: int | None = None) -> Knowing:
    """The attribution nearest to the endorser that holds the evidence; narration where none does.

    The endorser's own statement need only touch the evidence. Somebody else's must hold the cue (its
    offset in the text) or, where there is no cue, most of the evidence.
    """
    own: list[Attribution] = []
    others: list[Attribution] = []
    for attribution in attributions:
        parts = [p for p in attribution.content if p.overlaps(evidence)]
        if not parts:
            continue
        if attribution.speaker == endorser and attribution.sourcing in {Sourcing.OWN_WORDS, Sourcing.SPOKESPERSON}:
            own.append(attribution)
            continue
        covered = sum(min(p.end, evidence.end) - max(p.start, evidence.start) for p in parts)
        if any(p.start <= cue < p.end for p in parts) if cue is not None else covered > 0.6 * (evidence.end - evidence.start):
            others.append(attribution)
    if own:
        first = min(own, key=lambda a: (_NEAREST.index(a.sourcing), a.via is None))
        return Knowing(first.sourcing, first.via, first)
    if others:
        # The innermost attribution says how it is known: "aides said that Finch's guild had told them …".
        inner = min(others, key=lambda a: sum(p.end - p.start for p in a.content))
        if inner.sourcing is Sourcing.OWN_WORDS or inner.sourcing is Sourcing.SPOKESPERSON:
            return Knowing(Sourcing.NAMED_SOURCE, inner.via, inner)
        return Knowing(inner.sourcing, inner.via, inner)
    return Knowing(Sourcing.NARRATION, None, None)
