"""The cheap gate: can this text hold a position at all? Regular expressions only, before any parse.

Most news names no position. An article passes with enough words of taking sides and enough words of
elections; the two thresholds and what they lose are measured in docs/accuracy.md.
"""

import re

_STRONG = re.compile(
    r"endors|(?:back|support)(?:s|ed|ing|er|ers)?\b|\bvot(?:e|es|ed|ing) (?:for|against)|neutral|undecided|uncommitted|campaign\w* (?:for|with|alongside|on behalf)|stump|surrogate|rall(?:y|ied|ying) (?:behind|around)|unfit|never ?trump|throw\w* (?:his|her|their|its)|\bnod\b|\bbehind\b|oppos|reject|refus|nominat|\bpick(?:s|ed)?\b|choice",
    re.IGNORECASE,
)
_ELECTORAL = re.compile(
    r"candidate|primar(?:y|ies)|election|campaign|nomin(?:ee|ation)|ballot|senator|\bsen\.|governor|\bgov\.|mayor|congress|\brep\.|president|republican|democrat|caucus|\bvot(?:e|er|ers|es|ed|ing)\b|proposition|referendum|speaker|\brace\b|\bparty\b|council",
    re.IGNORECASE,
)


_BRIEF = 600
"""Characters of a text too short to name an election as often as an article does."""
_ENDORSE = re.compile(r"endors", re.IGNORECASE)
_WORD = re.compile(r"\S+")


def passes(text: str) -> bool:
    """Whether an article's text is worth reading for positions."""
    electoral = sum(1 for _ in _ELECTORAL.finditer(text))
    if (electoral >= 3 or len(text) < _BRIEF) and _ENDORSE.search(text):
        return True
    if electoral < 5 or sum(1 for _ in _STRONG.finditer(text)) < 2:
        return False
    return electoral / max(1, sum(1 for _ in _WORD.finditer(text))) > 0.017
