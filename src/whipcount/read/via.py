"""Through which outlet a position is known: from its own attribution, or from the statements and credits beside it.

"Finch will not back Castell. “I can't,” he told The Ashford Post": the outlet stands in the next sentence.
"""

import re
from collections.abc import Sequence

from whipcount.article import Article, Attribution, Mention, Position, Sourcing, Span
from whipcount.read.outlet_names import find_outlets, is_own, same_outlet
from whipcount.read.venues import ANOTHER_TIME, OTHER_VENUE

_NEAR = 2
"""How many paragraphs away the same endorser's statement to an outlet still is the same statement."""

_OWN = frozenset({Sourcing.OWN_WORDS, Sourcing.SPOKESPERSON})

SUPPORT = re.compile(
    r"endors|\bsupport|\bback(?:ing|ed|s)?\b|\bvot(?:e|es|ed|ing)\b|campaign|nominee|elect|\bwin\b|defeat",
    re.IGNORECASE,
)
"""Words of a statement on a candidacy."""

_THEN = re.compile(
    r"\b(?:earlier|previously|initially|in the past|last (?:week|month|year|spring|summer|fall|winter)|ago|once|in (?:19|20)\d\d)\b"
)
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]?|''.*?''")
_OCCASION = re.compile(rf"[\"“”]|''|{_THEN.pattern}|{OTHER_VENUE.pattern}")
"""What ties evidence to a statement of its own."""

_INTRODUCES = re.compile(
    r"\b(?:report(?:s|ed)?|writes?|wrote|notes?|explains?|tall(?:y|ies)|list|count|roundup|sets? up|puts? it)\b[^.]*:$"
)
_THE_PAPER = re.compile(r"\b[Tt]he (?:paper|newspaper|site|magazine|network|outlet)\b")
_QUOTES = 2
"""How many paragraphs a quotation out of another outlet goes on."""
_SEVERAL = 2
_ITEM = 60
"""How long the lines of a list are at most."""

_TAIL = re.compile(r"\b(?:of|with|to|for|by|from|in|near|about|behind|against|who|which|that)\b[^,]*$")


def via_of(
    position: Position,
    sourcing: Sourcing,
    behind: Attribution | None,
    article: Article,
    mentions: Sequence[Mention],
    attributions: Sequence[Attribution],
) -> str | None:
    """The outlet that the statement was made to, or that is credited with it; never the endorser itself."""
    if sourcing is Sourcing.NARRATION:
        return None
    via = behind.via if behind else None
    via = via or _over(position, attributions)
    if via is None and sourcing in _OWN:
        via = _beside(position, article.text, mentions, attributions) or _elsewhere(
            position, article.text, mentions, attributions
        )
    via = via or _quoted_from(position, article)
    if via is None and sourcing is Sourcing.OUTLET:
        line = position.evidence.of(article.text).strip().partition("\n")[0]
        via = next(iter(_named_in(line, position, article)), None)
    return None if via is None or _is_endorser(via, position.endorser) else via


def _is_endorser(via: str, endorser: str) -> bool:
    """Whether the outlet is the one that endorses, under whatever part of its name."""
    a, b = (set(re.findall(r"\w+", name.lower())) - {"the"} for name in (via, endorser))
    return a <= b or b <= a or same_outlet(via, endorser)


def speaks(a: Attribution, name: str, own: Sequence[Span], text: str) -> bool:
    """Whether somebody is the source of an attribution: by the reading of it, by a mention, or by the surname."""
    if a.speaker == name:
        return True
    for source in a.source:
        for mention in own:
            if source.overlaps(mention) and not _TAIL.search(text[source.start : mention.start]):
                return True
    surname = name.rsplit(maxsplit=1)[-1]
    alike = a.speaker is None or a.speaker.endswith(surname)
    return alike and any(s.of(text).split()[-1:] == [surname] for s in a.source)


def _over(position: Position, attributions: Sequence[Attribution]) -> str | None:
    """The outlet credited with the words of the evidence, whoever says them."""
    for a in attributions:
        if a.via and a.sourcing is Sourcing.OUTLET and any(c.overlaps(position.evidence) for c in a.content):
            return a.via
    return None


def _beside(
    position: Position, text: str, mentions: Sequence[Mention], attributions: Sequence[Attribution]
) -> str | None:
    """The outlet that the endorser told it to, in the evidence or near it."""
    evidence = position.evidence
    own = [m.span for m in mentions if m.name == position.endorser]
    others = [m.span for m in mentions if m.form == "name" and m.name != position.endorser]
    frame = _QUOTED.sub("", evidence.of(text))
    elsewhere = bool(OTHER_VENUE.search(frame) or _THEN.search(frame))
    near: list[tuple[int, bool, int, str]] = []
    for a in attributions:
        if a.via is None:
            continue
        place = min((*a.source, *a.cue, *a.content))
        inside = evidence.overlaps(place)
        if not speaks(a, position.endorser, own, text):
            named = any(s.overlaps(o) for s in a.source for o in others)
            if not inside or named or not any(c.overlaps(evidence) for c in a.content):
                continue
        elif not inside and (elsewhere or any(ANOTHER_TIME.search(cue.of(text)) for cue in a.cue)):
            continue
        away = _paragraphs(text, evidence, place)
        if away <= _NEAR:
            near.append((away, place.start < evidence.start, place.start, a.via))
    return min(near)[3] if near else None


def _elsewhere(
    position: Position, text: str, mentions: Sequence[Mention], attributions: Sequence[Attribution]
) -> str | None:
    """The outlet that the endorser told of the endorsee anywhere, where the evidence names no other occasion."""
    if _OCCASION.search(position.evidence.of(text)):
        return None
    about = [m.span for m in mentions if m.name == position.endorsee]
    for a in attributions:
        if (
            a.via
            and a.speaker == position.endorser
            and any(SUPPORT.search(c.of(text)) and any(c.overlaps(m) for m in about) for c in a.content)
        ):
            return a.via
    return None


def _named_in(words: str, position: Position, article: Article) -> list[str]:
    """The other outlets that some words of the article name; a list of several is no credit."""
    names = [
        n.name
        for n in find_outlets(words)
        if not (is_own(n, article) or _is_endorser(n.name, position.endorser))
    ]
    return names if len(set(names)) <= _SEVERAL else []


def _quoted_from(position: Position, article: Article) -> str | None:
    """The outlet out of which the evidence is quoted or listed: "The Post reports:" and the paragraphs after it."""
    end = article.text.find("\n", position.evidence.end)
    upto = article.text[: end if end >= 0 else None]
    lines = [Span(*hit.span()) for hit in re.finditer(r"\S[^\n]*", upto)]
    for steps, line in enumerate(reversed(lines)):
        words = line.of(article.text).strip()
        if _INTRODUCES.search(words):
            around = lines[max(0, len(lines) - steps - 2)] if _THE_PAPER.search(words) else line
            named = _named_in(article.text[around.start : line.end], position, article)
            return named[-1] if named else None
        quoted = words[0] in "\"“‘'" and steps < _QUOTES
        if not quoted and (len(words) > _ITEM or words[-1] in '.!?"”'):
            return None
    return None


def _paragraphs(text: str, evidence: Span, place: Span) -> int:
    """How many paragraph ends lie between."""
    between = (
        text[evidence.end : place.start] if place.start > evidence.end else text[place.start : evidence.start]
    )
    return len(re.findall(r"\n+", between))
