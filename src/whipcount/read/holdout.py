"""Who holds out, whom for, and the sentences in which what is asked for may stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from spacy.tokens import Token

from whipcount.article import Kind, Mention, Position, Span

ABOUT_THE_RACE = re.compile(
    r"\b(?:part(?:y|ies)|nominee|nomination|candida(?:te|tes|cy)|campaign|convention|platform|conservatives?|progressives?|republicans?|democrats?|unif\w+|unity|voters?|ticket"
    r"|running mate|agenda|policies|proposals?|delegates|race|election|conference)\b",
    re.IGNORECASE,
)

_OTHER_SIDE = re.compile(
    r"\b(?:part(?:y|ies)|nominees?|candidates?|campaigns?|conference|convention|leadership|platform|president|presidency|unif\w+|unite[ds]?|unity|standard-bearer"
    r"|ticket|running mate|recogni\w+|acknowledg\w+|assurances?|commitments?|promises?|concessions?|specifics|answers?|apolog\w+)\b",
    re.IGNORECASE,
)
"""What a demand speaks of when it is put to the endorsee or the party."""


class Nearness(IntEnum):
    """How a sentence stands to the evidence."""

    EVIDENCE = 0
    NEAR = 1
    OWN = 2
    """Elsewhere, in the endorser's own words, or with the endorser as the one who wants."""


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence to look at."""

    tokens: tuple[Token, ...]
    nearness: Nearness
    own: bool
    """Whether these are words of the endorser, or of who speaks for the endorser."""


@dataclass(frozen=True, slots=True)
class Found:
    """A span that a rule found, before its edges are trimmed."""

    span: Span
    nearness: Nearness
    rule: str


def surname(name: str) -> str:
    """The last word of a name, suffixes aside."""
    words = [
        w
        for w in re.findall(r"[\w’'-]+", name)
        if w.lower().rstrip(".") not in {"jr", "sr", "ii", "iii", "iv"}
    ]
    return words[-1] if words else name


class Who:
    """Whether a token means the endorser, or the endorsee."""

    def __init__(self, position: Position, mentions: Sequence[Mention]) -> None:
        self._names = {
            place: mention.name
            for mention in mentions
            for place in range(mention.span.start, mention.span.end)
        }
        self.endorser, self.endorsee = position.endorser, position.endorsee
        self.group = position.endorser_kind in {Kind.ORGANIZATION, Kind.GROUP}
        self.others = {m.name for m in mentions} - {position.endorser, position.endorsee}

    def means(self, token: Token, name: str) -> bool:
        """Whether a token is part of a mention of `name`, or its surname."""
        known = self._names.get(token.idx)
        if known is not None:
            return known == name or surname(known) == surname(name)
        return token.text == surname(name)

    def is_endorser(self, token: Token, *, own: bool, evidence: bool = False) -> bool:
        """By name or pronoun; "I" and "we" in the endorser's own words."""
        low = token.lower_
        if evidence and low in {"he", "she"} and self._names.get(token.idx) != self.endorsee:
            return True
        if low in {"i", "we"}:
            return own
        if self.group and low in {"it", "they", "group", "union", "organization", "board", "members"}:
            return self._names.get(token.idx, self.endorser) == self.endorser
        if low in {"he", "she"} and token.idx not in self._names:
            return True
        return self.means(token, self.endorser)

    def is_other_side(self, token: Token, *, own: bool) -> bool:
        """The endorsee, or the party, "we", "it" and the like that a demand may be put to."""
        low = token.lower_
        if low in {"he", "she", "they", "we", "candidate", "nominee", "party", "campaign", "candidates"}:
            mine = set() if own else {self.endorser}
            return self._names.get(token.idx) not in self.others | mine and (
                own or low not in {"he", "she", "they", "we"} or self._names.get(token.idx) == self.endorsee
            )
        return self.means(token, self.endorsee)

    def concerns(self, tokens: Sequence[Token], *, own: bool) -> bool:
        """Whether words speak of the endorsee, the party or the race, so that a wish is one put to them."""
        return any(
            self._names.get(t.idx) == self.endorsee
            or self.means(t, self.endorsee)
            or (own and t.lower_ in {"he", "she", "him", "her"})
            for t in tokens
        ) or bool(_OTHER_SIDE.search("".join(t.text_with_ws for t in tokens)))

    def is_third_only(self, tokens: Sequence[Token]) -> bool:
        """Whether words name somebody else and not the endorsee."""
        named = {self._names.get(t.idx) for t in tokens if t.pos_ == "PROPN"}
        return bool(named & self.others) and self.endorsee not in named

    def is_third(self, token: Token) -> bool:
        """Somebody else who is named."""
        return self._names.get(token.idx) in self.others


def text_of(place: Place) -> str:
    """The sentence as it stands."""
    return place.tokens[0].doc.text[place.tokens[0].idx : place.tokens[-1].idx + len(place.tokens[-1])]


def about_the_race(place: Place, who: Who) -> bool:
    """Whether a sentence away from the evidence is about the race at all."""
    if place.nearness is not Nearness.OWN:
        return True
    return any(who.means(t, who.endorsee) for t in place.tokens) or bool(
        ABOUT_THE_RACE.search(text_of(place))
    )
