"""How a report is known, in one phrase: "an unnamed ally, to The Hill, as reported by Business Insider"."""

from whipcount.article import Sourcing
from whipcount.ledger.evidence import Evidence
from whipcount.ledger.reads import Said
from whipcount.outlet_table import same_name

_WHO = {
    Sourcing.OWN_WORDS: "own words",
    Sourcing.SPOKESPERSON: "a spokesperson",
    Sourcing.NAMED_SOURCE: "another person, named",
    Sourcing.UNNAMED_SOURCE: "an unnamed source",
    Sourcing.OUTLET: "another outlet's report",
    Sourcing.NARRATION: "the article's own account",
}
_LONGEST = 90
_PRONOUNS = frozenset("he she they it we i you who his her their".split())


def told(evidence: Evidence, said: Said | None = None) -> str:
    """Who said it, to whom, and who printed it; `said` are the words of its source."""
    own, first = evidence.article.outlet, evidence.article.original_outlet
    via = evidence.via if evidence.via and not same_name(evidence.via, own) else None
    parts = [_who(evidence, said)]
    if evidence.sourcing is Sourcing.OUTLET:
        # "Another outlet's report" is named by the outlet itself.
        parts = [f"{via}'s report" if via else _WHO[Sourcing.OUTLET]]
    elif evidence.sourcing is Sourcing.NARRATION:
        parts += [f"after {via}"] if via else []
    elif via:
        parts.append(f"to {via}")
    if first and not same_name(first, own) and not same_name(first, via):
        parts.append(f"first in {first}")
    if own and (via or (first and not same_name(first, own))):
        parts.append(f"as reported by {own}")
    elif own:
        parts.append(f"in {own}")
    return ", ".join(parts)


def _who(evidence: Evidence, said: Said | None) -> str:
    plain = _WHO[evidence.sourcing]
    if said is None or evidence.corrected & {"sourcing", "endorser"}:
        return plain
    words = said.words
    good = 0 < len(words) <= _LONGEST and words.casefold() not in _PRONOUNS
    match evidence.sourcing:
        case Sourcing.NAMED_SOURCE:
            return said.speaker or (words if good else plain)
        case Sourcing.SPOKESPERSON:
            return f"{said.speaker}, speaking for them" if said.speaker else words if good else plain
        case Sourcing.UNNAMED_SOURCE:
            return f"“{words}”, unnamed" if good else plain
        case _:
            return plain
