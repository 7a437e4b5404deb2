"""What a holdout asks for or waits for, and the reasons given: shortest spans that make sense on their own.

Each rule looks at the parse of a sentence and yields spans; which sentences are looked at, and how strictly,
depends on how near they stand to the evidence and on whose words they are.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from whipcount.article import (
    ANY_CANDIDATE,
    Article,
    Attribution,
    Kind,
    Mention,
    Position,
    Sourcing,
    Span,
    Stand,
)
from whipcount.read.asks import musts, wishes
from whipcount.read.holdout import Found, Nearness, Place, Who, surname
from whipcount.read.trees import span_of, subtree
from whipcount.read.waits import STAND, clauses, depends, turning_points

_MOST = 8
"""More than so many conditions of one endorser are a platform, not what one waits for."""

_FAR = 400
"""How many sentences away the endorser's own words still count: the whole of all but the longest articles."""
_NEAR = 2
"""How many sentences before and after the evidence are looked at."""


def conditions(
    article: Article,
    doc: Doc,
    position: Position,
    sentences: Sequence[Span],
    attributions: Sequence[Attribution],
    mentions: Sequence[Mention] = (),
) -> tuple[Span, ...]:
    """What the endorser asks for or waits for, in text order; spans of `article.text`."""
    who = Who(position, mentions)
    found: list[Found] = []
    for place in _places(doc, position, sentences, attributions, who):
        stand, near = position.position, place.nearness is not Nearness.OWN
        if stand is Stand.WITHHOLDING or (stand is Stand.EXPECTED and near):
            found.extend(_all_rules(place, who))
        elif stand is Stand.EXPECTED or place.nearness is Nearness.EVIDENCE:
            found.extend(clauses(place, who))
        if near:
            found.extend(depends(place))
    spans = [replaced for item in found if (replaced := _trim(article.text, item)) is not None]
    return tuple(sorted(_choose(article.text, spans)))


def reasons(
    article: Article,
    doc: Doc,
    position: Position,
    sentences: Sequence[Span],
    attributions: Sequence[Attribution],
    mentions: Sequence[Mention] = (),
) -> tuple[Span, ...]:
    """Why, as the evidence or the endorser's words beside it say: because-clauses and what is cited."""
    who = Who(position, mentions)
    out: list[Span] = []
    for place in _places(doc, position, sentences, attributions, who, near_only=True):
        first, last = place.tokens[0].idx, place.tokens[-1].idx + len(place.tokens[-1])
        if place.nearness is Nearness.OWN or (place.nearness is Nearness.NEAR and not place.own):
            continue
        sentence = Span(first, last)
        if not STAND.search(sentence.of(article.text)):
            continue
        for token in place.tokens:
            span = _reason(token)
            if span is not None and sentence.holds(span):
                trimmed = _edges(article.text, span)
                if trimmed.end - trimmed.start > 8 and not any(trimmed.overlaps(other) for other in out):
                    out.append(trimmed)
    return tuple(sorted(out))


def _reason(token: Token) -> Span | None:
    """The clause or phrase that "because", "due to" or "citing" opens."""
    low = token.lower_
    if low == "because" and token.dep_ == "mark":
        return span_of(subtree(token.head, without={token.i}))
    if low in {"because", "due"} and token.dep_ in {
        "prep",
        "amod",
        "advmod",
        "mark",
        "prt",
        "pcomp",
        "acomp",
    }:
        inner = next((c for c in token.children if c.dep_ in {"pobj", "pcomp"}), None)
        inner = inner or next(
            (
                g
                for c in token.children
                if c.dep_ in {"prep", "pcomp"}
                for g in c.children
                if g.dep_ == "pobj"
            ),
            None,
        )
        return span_of(subtree(inner)) if inner is not None else None
    if low == "citing":
        inner = next((c for c in token.children if c.dep_ in {"dobj", "ccomp"}), None)
        return span_of(subtree(inner)) if inner is not None else None
    return None


_QUOTED = re.compile(r"[\"“”]|''|\bI\b")


def _tokens(doc: Doc, sentence: Span) -> tuple[Token, ...]:
    """The tokens that begin in a sentence."""
    first, last = (bisect_left(doc, place, key=lambda token: token.idx) for place in sentence)
    return tuple(doc[first:last])


def _places(
    doc: Doc,
    position: Position,
    sentences: Sequence[Span],
    attributions: Sequence[Attribution],
    who: Who,
    *,
    near_only: bool = False,
) -> Iterator[Place]:
    """The sentences worth looking at, the evidence first."""
    own_words = [
        part
        for a in attributions
        if a.speaker is not None
        and surname(a.speaker) == surname(position.endorser)
        and a.sourcing in {Sourcing.OWN_WORDS, Sourcing.SPOKESPERSON}
        for part in a.content
    ]
    of_others = [
        (a.speaker, part)
        for a in attributions
        if a.speaker is not None
        and surname(a.speaker) not in {surname(position.endorser), surname(position.endorsee)}
        for part in a.content
    ]
    indices = [i for i, sentence in enumerate(sentences) if sentence.overlaps(position.evidence)]
    if not indices:
        return
    reach = _NEAR if near_only else _FAR
    first, last = max(0, indices[0] - reach), min(len(sentences), indices[-1] + reach + 1)
    for i in sorted(range(first, last), key=lambda i: (max(indices[0] - i, i - indices[-1], 0), i)):
        sentence = sentences[i]
        tokens = _tokens(doc, sentence)
        if not tokens:
            continue
        own = any(part.overlaps(sentence) for part in own_words)
        away = max(indices[0] - i, i - indices[-1], 0)
        named = [speaker for speaker, part in of_others if part.overlaps(sentence)]
        if away <= _NEAR and not named and _QUOTED.search(sentence.of(doc.text)):
            # A quotation beside the evidence that nobody else is known to have said.
            own = True
        if away == 0:
            yield Place(tokens, Nearness.EVIDENCE, own)
        elif not own and any(part.overlaps(sentence) for _, part in of_others):
            continue
        elif away <= _NEAR:
            yield Place(tokens, Nearness.NEAR, own)
        elif position.endorser_kind is Kind.VOTER or (
            position.endorsee == ANY_CANDIDATE and not _OF_CANDIDATES.search(sentence.of(doc.text))
        ):
            continue
        elif own or any(
            t.dep_ == "nsubj" and who.is_endorser(t, own=own) and t.lower_ not in {"i", "we"} for t in tokens
        ):
            yield Place(tokens, Nearness.OWN, own)


_OF_CANDIDATES = re.compile(
    r"\b(?:candidates?|nominees?|contenders?|endors\w+|convention|primar(?:y|ies))\b", re.IGNORECASE
)


def _all_rules(place: Place, who: Who) -> Iterator[Found]:
    yield from clauses(place, who)
    yield from wishes(place, who)
    yield from musts(place, who)
    yield from turning_points(place, who)


_EDGE = " \t\r\n,;:.!?—–-\"“”'‘’()…"


def _edges(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return Span(start, end)


_NO_CONDITION = re.compile(
    r"^(?:is|isn|are|was|were|had|has|did|does|been)\b|\b(?:neutral|non-?endors\w*|endors\w*)\b|^(?:if (?:need|possible|so|not|any|he|she|it|they)(?: \w+)?|until (?:now|then|today|recently))$",
    re.IGNORECASE,
)


def _trim(text: str, found: Found) -> Found | None:
    """Edges freed of signs and white space, the words before a clause's own cut; None where too little is left."""
    span = _edges(text, found.span)
    lead = re.match(r"(?:(?:to|that|and|but|then|also|only|for|about)\s+)+", span.of(text), re.IGNORECASE)
    if lead and found.rule != "clause":
        span = Span(span.start + lead.end(), span.end)
    tail = re.search(
        r",[\"”]? (?:while|leaving|although|though|as|but|which|saying|he said|she said)\b", span.of(text)
    )
    if tail:
        span = _edges(text, Span(span.start, span.start + tail.start()))
    words = re.findall(r"\w+", span.of(text))
    if (found.rule != "clause" or len(words) < 4) and _NO_CONDITION.search(span.of(text)):
        return None
    if len(words) < 2 or len(words) > 45 or "\n\n" in span.of(text):
        return None
    if not re.search(r"\b[a-z]{3,}", re.sub(r"\b(?:the|and|of|for)\b", "", span.of(text))) or (
        found.rule != "depends"
        and re.match(r"(?:whether|who|which|was|were|been|n['’]t|not)\b", span.of(text))
    ):
        return None
    if re.fullmatch(
        r"(?:(?:if|when|until|once|after|he|she|it|they|i|we|does|do|did|can|not|possible|necessary|needed|asked|so|be|is|that|this|see|know)\W*)+",
        span.of(text),
        re.IGNORECASE,
    ):
        return None
    return Found(span, found.nearness, found.rule)


_SMALL = frozenset(
    "a an the to of in on for with by and or if that her his their its our my she he they it be is are".split()
)


def _alike(one: str, other: str) -> bool:
    """Whether two conditions say the same: a headline and the sentence below it, say."""
    a, b = (set(re.findall(r"\w+", text.lower())) - _SMALL for text in (one, other))
    return len(a & b) >= 0.6 * max(1, min(len(a), len(b)))


def _choose(text: str, found: Sequence[Found]) -> list[Span]:
    """The nearest ones, each once: of two that overlap the shorter that still says something."""
    kept: list[Found] = []
    for item in sorted(found, key=lambda f: (f.nearness, f.span.end - f.span.start)):
        if any(item.span.overlaps(other.span) for other in kept):
            continue
        if any(_alike(item.span.of(text), other.span.of(text)) for other in kept):
            continue
        kept.append(item)
    return [item.span for item in kept[:_MOST]]
