"""How the article knows a position: from the attribution in which its evidence stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from whipcount.article import Attribution, Position, Sourcing, Span

_NEAREST = list(Sourcing)


@dataclass(frozen=True, slots=True)
class Knowing:
    """Sourcing and via of a position, and the attribution they come from (None for narration)."""

    sourcing: Sourcing
    via: str | None
    attribution: Attribution | None


_CUE = re.compile(r"\b(?:un)?endors\w*|\b(?:back|support)(?:s|ed|ing|er|ers)?\b|\bvot(?:e|es|ed|ing)\b|\bbehind\b|\bneutral\b|\bunfit\b", re.I)


def knowing(position: Position, text: str, attributions: Sequence[Attribution]) -> Knowing:
    """The attribution that holds what is said of the stand; narration where none does.

    "Finch, who endorsed Castell, said that …" is narration: what he said must itself hold the cue.
    """
    evidence, endorser = position.evidence, position.endorser
    cue = position.cue
    if cue is None and (hit := _CUE.search(text, evidence.start, evidence.end)):
        cue = Span(hit.start(), hit.end())
    own: list[Attribution] = []
    others: list[Attribution] = []
    for attribution in attributions:
        parts = [p for p in attribution.content if p.overlaps(evidence)]
        covered = sum(min(p.end, evidence.end) - max(p.start, evidence.start) for p in parts)
        if not parts or not (any(p.overlaps(cue) for p in parts) if cue else covered > (evidence.end - evidence.start) / 2):
            continue
        if cue and any(c.overlaps(cue) for c in attribution.cue):
            continue  # the endorsement is itself the cue: nobody is quoted on it
        mine = attribution.speaker == endorser and attribution.sourcing in {Sourcing.OWN_WORDS, Sourcing.SPOKESPERSON}
        (own if mine else others).append(attribution)
    if own:
        first = min(own, key=lambda a: (_NEAREST.index(a.sourcing), a.via is None))
        return Knowing(first.sourcing, first.via, first)
    if position.sourcing is Sourcing.OWN_WORDS:
        return Knowing(Sourcing.OWN_WORDS, None, None)
    if others:
        # The innermost attribution says how it is known: "aides said that Finch's guild had told them …".
        inner = min(others, key=lambda a: sum(p.end - p.start for p in a.content))
        named = inner.sourcing in {Sourcing.OWN_WORDS, Sourcing.SPOKESPERSON}
        return Knowing(Sourcing.NAMED_SOURCE if named else inner.sourcing, inner.via, inner)
    return Knowing(Sourcing.NARRATION, None, None)
