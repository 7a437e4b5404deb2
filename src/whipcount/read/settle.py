"""Where the judge and the rules differ on a stand: who is believed, as measured on the annotated articles."""

from collections.abc import Sequence
from dataclasses import replace

from whipcount.article import ANY_CANDIDATE, Contest, Kind, Position, Stand
from whipcount.read.positions import latest

_SPOKEN = frozenset({Stand.EXPECTED, Stand.REFUSED, Stand.WITHDRAWN, Stand.WITHHOLDING})
"""Stands that a rule reads off words of their own ("has yet to", "is expected to")."""
_SURE_RULE = 0.7
_HELD_BACK = 0.45
"""About half of the holdouts that a sure rule finds and the judge does not are right."""


def settle(judged: Sequence[Position], reports: Sequence[Position]) -> tuple[Position, ...]:
    """The judge's records, a rule's word taken against a bare `endorsed`, and the holdouts that it let go.

    Out of fold, where the judge says `endorsed` and a rule says expected, refused or withdrawn of the same
    pair, the rule was right 10 times and the judge 4.
    """
    rules = {(p.endorser, p.endorsee): p for p in latest(reports) if p.contest is Contest.CURRENT}
    out: list[Position] = []
    for position in judged:
        rule = rules.get((position.endorser, position.endorsee))
        bare = position.position is Stand.ENDORSED and rule is not None and rule.position in _SPOKEN
        if rule is not None and (bare or rule.position is Stand.WITHDRAWN):
            because = f"{rule.because}; {position.because}"
            out.append(
                replace(
                    position,
                    position=rule.position,
                    evidence=rule.evidence,
                    cue=rule.cue,
                    because=because,
                    leaning=(),
                    clues=(),
                )
            )
        else:
            out.append(position)
    now = {(p.endorser, p.endorsee, p.evidence) for p in out if p.contest is Contest.CURRENT}
    # One sentence tells of one race.
    out = [p for p in out if p.contest is Contest.CURRENT or (p.endorser, p.endorsee, p.evidence) not in now]
    known = {(p.endorser, p.endorsee) for p in judged}
    out += [
        replace(rule, confidence=_HELD_BACK)
        for pair, rule in rules.items()
        if pair not in known
        and rule.position is Stand.WITHHOLDING
        and rule.confidence >= _SURE_RULE
        and rule.endorsee != ANY_CANDIDATE
        and rule.endorser_kind is not Kind.GROUP
    ]
    return tuple(sorted(out, key=lambda p: p.evidence))
