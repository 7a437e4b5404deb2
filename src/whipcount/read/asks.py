"""What somebody asks for: wishes put to another, what must happen, what is required."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from spacy.tokens import Token

from whipcount.article import Kind, Mention, Position, Span
from whipcount.read.trees import (
    asks_what,
    coordinated,
    has_subject,
    in_future,
    predicate,
    span_of,
    subject_of,
    subtree,
    words_of,
)

_ABOUT_THE_RACE = re.compile(
    r"\b(?:part(?:y|ies)|nominee|nomination|candida(?:te|tes|cy)|campaign|convention|platform|conservatives?|progressives?|republicans?|democrats?|unif\w+|unity|voters?|ticket"
    r"|running mate|agenda|policies|proposals?|delegates|race|election|conference)\b",
    re.IGNORECASE,
)

_WANT = frozenset(
    {"want", "need", "seek", "demand", "request", "require", "hope", "like", "prefer", "expect", "await"}
)

_URGE = frozenset(
    {"urge", "press", "push", "lobby", "call", "insist", "ask", "encourage", "pressure", "implore"}
)

_NECESSITY = frozenset({"must", "should"})

_STAND_VERB = re.compile(r"^(?:endorse|support|back|vote|defeat|beat|win|run|say|thank|stump)$")


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
            return self._names.get(token.idx) not in self.others and (
                own or low not in {"he", "she", "they", "we"} or self._names.get(token.idx) == self.endorsee
            )
        return self.means(token, self.endorsee)

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
        _ABOUT_THE_RACE.search(text_of(place))
    )


def wishes(place: Place, who: Who) -> Iterator[Found]:
    """ "wants a say in her campaign", "urged the party to …", "needs to see her outline a plan"."""
    if not about_the_race(place, who):
        return
    # "he" in a sentence whose subject is the endorser is the endorser.
    of_endorser = place.nearness is Nearness.EVIDENCE or any(
        t.dep_ == "nsubj" and t.pos_ == "PROPN" and who.means(t, who.endorser) for t in place.tokens
    )
    for token in place.tokens:
        if token.pos_ not in {"VERB", "AUX"} or token.lemma_ not in _WANT | _URGE or token.dep_ == "aux":
            continue
        if token.lemma_ == "like" and not any(c.lower_ in {"would", "'d", "’d"} for c in token.children):
            continue
        subject = subject_of(token)
        passive = token.tag_ == "VBN" and not any(
            c.dep_ == "aux" and c.lemma_ == "have" for c in token.children
        )
        if (
            passive
            or any(c.dep_ == "auxpass" for c in token.children)
            or (token.lemma_ in {"hope", "expect"} and in_future(token))
        ):
            continue
        if subject is None or not (
            who.is_endorser(subject, own=place.own, evidence=of_endorser) or _on_behalf(place, who, subject)
        ):
            continue
        if (
            token.lemma_ in _URGE
            and place.nearness is Nearness.OWN
            and not _ABOUT_THE_RACE.search(text_of(place))
        ):
            continue
        if _of_somebody_else(token, who):
            continue
        for wish in _complements(token):
            yield Found(wish, place.nearness, "wish")
        if token.dep_ == "relcl":
            yield from _listed(token, place)


def _on_behalf(place: Place, who: Who, subject: Token) -> bool:
    """ "conservatives want to see …" in the endorser's own words."""
    return (
        place.own
        and subject.pos_ in {"NOUN", "PROPN", "PRON"}
        and not who.is_third(subject)
        and subject.lower_ not in {"he", "she", "you"}
        and not who.means(subject, who.endorsee)
    )


_FROM_TO = re.compile(
    r"[—–-]{1,2} ?from (?P<one>[^—–.;]{4,80}?) to (?P<other>[^—–.;]{4,80}?)(?= ?[—–.;]| - |$)"
)


def _listed(verb: Token, place: Place) -> Iterator[Found]:
    """ "the changes he wants — from a lower toll to a new pier — …": both ends."""
    start = verb.idx
    hit = _FROM_TO.search(verb.doc.text, start, place.tokens[-1].idx + len(place.tokens[-1]))
    if hit:
        for end in ("one", "other"):
            yield Found(Span(hit.start(end), hit.end(end)), place.nearness, "listed")


def _of_somebody_else(verb: Token, who: Who) -> bool:
    """ "urged Finch to stay in the race": asked of neither the endorsee nor the party."""
    objects = [c for c in verb.children if c.dep_ in {"dobj", "dative"}]
    objects += [
        s for c in verb.children if c.dep_ in {"ccomp", "xcomp"} for s in c.children if s.dep_ == "nsubj"
    ]
    return any(
        who.is_third(t)
        for o in objects
        if o.pos_ == "PROPN"
        for t in o.subtree
        if t.dep_ in {"compound", o.dep_}
    )


def _complements(verb: Token) -> Iterator[Span]:
    """The complements of a verb of wishing or urging, without their subjects."""
    for child in verb.children:
        if child.i < verb.i:
            continue
        if child.dep_ in {"xcomp", "ccomp", "advcl"} and child.pos_ in {"VERB", "AUX"}:
            if child.dep_ == "advcl" and not any(c.lower_ == "to" for c in child.children):
                continue
            for inner in coordinated(child):
                deeper = [
                    c
                    for c in inner.children
                    if c.dep_ == "ccomp" and c.pos_ in {"VERB", "AUX"} and has_subject(c)
                ]
                if inner.lemma_ in {"see", "hear", "have", "get"} and deeper and not asks_what(deeper[0]):
                    for part in coordinated(deeper[0]):
                        yield span_of(predicate(part))
                elif not _STAND_VERB.search(inner.lemma_) and (
                    inner.tag_ == "VB" or (child.dep_ == "ccomp" and has_subject(child))
                ):
                    yield span_of(predicate(inner))
        elif (
            child.dep_ == "dobj"
            and child.pos_ != "PRON"
            and not any(c.dep_ == "neg" for c in verb.children)
            and verb.lemma_
            not in {"urge", "press", "push", "lobby", "ask", "encourage", "pressure", "implore"}
        ):
            yield span_of(subtree(child))
        elif child.dep_ == "prep" and child.lower_ in {"for", "on", "about"}:
            for inner in child.children:
                if (inner.dep_ == "pobj" and child.lower_ == "for") or inner.dep_ == "pcomp":
                    yield span_of(subtree(inner))


def musts(place: Place, who: Who) -> Iterator[Found]:
    """ "she has to …", "he must …", "there has to be …", "what is required is that …", "those bans need to stop"."""
    if not about_the_race(place, who):
        return
    for token in place.tokens:
        verb = _must(token)
        if verb is None:
            continue
        quoted = place.own or place.nearness is not Nearness.OWN
        if any(c.dep_ == "expl" for c in (*verb.children, *token.children)):
            for child in (*verb.children, *token.children):
                if child.dep_ in {"attr", "dobj", "nsubj"} and quoted:
                    yield Found(span_of(subtree(child)), place.nearness, "must")
            continue
        subject = subject_of(verb) or subject_of(token)
        if subject is None:
            continue
        if any(who.is_other_side(s, own=place.own) for s in (subject, *subject.conjuncts)) and quoted:
            for part in coordinated(verb):
                if (not _STAND_VERB.search(part.lemma_) and part.tag_ in {"VB", "VBP", "NN"}) or (
                    part is verb and verb.lemma_ == "need"
                ):
                    yield Found(span_of(predicate(part)), place.nearness, "must")
        elif (
            place.own
            and token.lower_ not in _NECESSITY
            and subject.pos_ in {"NOUN", "VERB"}
            and not who.is_endorser(subject, own=place.own)
        ):
            whole = sorted({*(t.i for t in subject.subtree), *(t.i for t in verb.subtree), token.i})
            yield Found(span_of([token.doc[i] for i in whole]), place.nearness, "must")
    yield from _required(place)


def _must(token: Token) -> Token | None:
    """The verb that a word of necessity governs: must (do), has to (do), needs to (do), 's got to (do)."""
    if token.dep_ == "aux" and token.lower_ in _NECESSITY:
        return token.head
    if token.lemma_ in {"have", "need", "get", "gotta"} and token.pos_ in {"VERB", "AUX"}:
        for child in token.children:
            if (
                child.dep_ in {"xcomp", "ccomp"}
                and any(c.lower_ == "to" for c in child.children)
                and child.i > token.i
            ):
                # "has to have to" and the like: the last one governs
                return _must(child) or child
        if token.dep_ == "aux" and token.lemma_ == "need":
            return token.head
        if token.lemma_ == "need" and token.dep_ != "aux" and any(c.dep_ == "dobj" for c in token.children):
            return token
    return None


def _required(place: Place) -> Iterator[Found]:
    """ "what is required is that we unify", "it is important that …", "the goal is to …"."""
    if not place.own and place.nearness is Nearness.OWN:
        return
    for token in place.tokens:
        if token.lemma_ != "be":
            continue
        subject = next((c for c in token.children if c.dep_ in {"nsubj", "csubj", "nsubjpass"}), None)
        if subject is None:
            continue
        needed = re.search(
            r"\b(?:required|need(?:ed|s)?|necessary|important|essential|want(?:s|ed)? to see|looking for|key|goal|question|condition|test|onus|burden|it takes|crucial)\b",
            words_of(subject) + " " + " ".join(c.text for c in token.children if c.dep_ in {"acomp", "attr"}),
            re.IGNORECASE,
        )
        if not needed:
            continue
        for child in token.children:
            if (
                child.i > token.i
                and child.dep_ in {"ccomp", "xcomp", "advcl", "attr", "acomp"}
                and (child.pos_ in {"VERB", "AUX"} or child.dep_ == "attr")
            ):
                yield Found(span_of(subtree(child)), place.nearness, "required")
            elif child.dep_ == "acomp":
                for inner in child.children:
                    if inner.dep_ in {"ccomp", "xcomp"}:
                        yield Found(span_of(subtree(inner)), place.nearness, "required")
