"""Where the judge and the rules differ on a stand: who is believed, as measured on the annotated articles."""

import re
from collections.abc import Sequence
from dataclasses import replace

from whipcount.article import ANY_CANDIDATE, Contest, Kind, Position, Stand
from whipcount.read.positions import latest

_SPOKEN = frozenset({Stand.EXPECTED, Stand.REFUSED, Stand.WITHDRAWN, Stand.WITHHOLDING})
"""Stands that a rule reads off words of their own ("has yet to", "is expected to")."""
_SURE_RULE = 0.7
_HELD_BACK = 0.45
"""Out of fold 14 of 18 holdouts that a sure rule finds and the judge does not are right; fewer, with the rules new."""


_BACKS = r"(?:support|endors|back|vot)(?:e|ed|es|ing|s)?"
_LEFT_OPEN = re.compile(
    rf"\b(?:cannot|can not|not|\w+n[’']t) (?:quite |yet |currently |now )*(?:yet|currently|ready|prepared|said)\b(?: [\w’']+){{0,3}} {_BACKS}\b"
    rf"|\b(?:cannot|can not|not|\w+n[’']t) {_BACKS}(?: [\w.’']+){{1,3}} (?:yet|at this (?:point|time|stage)|right now|for now)\b"
    rf"|\b(?:yet|declin(?:es|ed|ing)) to {_BACKS}\b|\b(?:has|have|had)(?: not|n[’']t) (?:yet )?{_BACKS}\b",
    re.IGNORECASE,
)
"""Words that leave the door open: "can't yet support", "has not endorsed", "does not back her at this point"."""
_BACKING = re.compile(rf"\b{_BACKS}\b|\bunfit\b|\bnever\b|\bfor president\b", re.IGNORECASE)


def _open(position: Position, text: str) -> Position:
    """A record whose evidence has a door left open and nothing else on support, as the holdout that it is."""
    said = position.evidence.of(text)
    shut = position.position in {Stand.REFUSED, Stand.ENDORSED, Stand.SUPPORTS}
    if not (shut and position.contest is Contest.CURRENT and _LEFT_OPEN.search(said)):
        return position
    if len(_BACKING.findall(said)) > 1:
        return position
    return replace(position, position=Stand.WITHHOLDING, because=f"a door left open; {position.because}")


def settle(judged: Sequence[Position], reports: Sequence[Position], text: str) -> tuple[Position, ...]:
    """The judge's records, a rule's word taken against a bare `endorsed`.

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
                )
            )
        else:
            out.append(position)
    out = [_open(p, text) for p in out]
    now = {(p.endorser, p.endorsee, p.evidence) for p in out if p.contest is Contest.CURRENT}
    # One sentence tells of one race.
    out = [p for p in out if p.contest is Contest.CURRENT or (p.endorser, p.endorsee, p.evidence) not in now]
    return tuple(out)


def held_back(judged: Sequence[Position], reports: Sequence[Position]) -> tuple[Position, ...]:
    """The holdouts that a sure rule finds and the judge let go."""
    known = {(p.endorser, p.endorsee) for p in judged}
    return tuple(
        replace(rule, confidence=_HELD_BACK)
        for rule in latest(reports)
        if rule.contest is Contest.CURRENT
        and (rule.endorser, rule.endorsee) not in known
        and rule.position is Stand.WITHHOLDING
        and rule.confidence >= _SURE_RULE
        and rule.endorsee != ANY_CANDIDATE
        and rule.endorser_kind is not Kind.GROUP
    )
