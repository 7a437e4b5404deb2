"""What somebody asks for: wishes put to another, what must happen, what is required."""

import re
from collections.abc import Iterator

from spacy.tokens import Token

from whipcount.article import Span
from whipcount.read.holdout import ABOUT_THE_RACE, Found, Nearness, Place, Who, about_the_race, text_of
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

_WANT = frozenset({"want", "need", "seek", "demand", "request", "require", "hope", "like", "await"})

_URGE = frozenset(
    {"urge", "press", "push", "lobby", "call", "insist", "ask", "encourage", "pressure", "implore"}
)

LEARN = frozenset(
    {
        "see",
        "hear",
        "learn",
        "know",
        "meet",
        "watch",
        "listen",
        "talk",
        "speak",
        "study",
        "review",
        "examine",
        "interview",
        "get",
    }
)
"""What somebody who has not decided wants to do first."""

_OWN_DEEDS = LEARN | {"have", "ensure", "make"}
"""What an endorser may wish to do himself, and still ask it of somebody."""

_SIDE = frozenset(
    {
        "conservative",
        "progressive",
        "liberal",
        "republican",
        "democrat",
        "voter",
        "member",
        "people",
        "party",
        "worker",
    }
)
"""For whom a speaker may wish: "conservatives want to see …"."""

_NECESSITY = frozenset({"must", "should"})

_STAND_VERB = re.compile(r"^(?:endorse|support|back|vote|defeat|beat|win|run|say|thank|stump)$")


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
            or (token.lemma_ == "hope" and in_future(token))
            or any(c.dep_ == "mark" and c.lower_ == "if" for c in token.children)
        ):
            continue
        if subject is None or not (
            _is_wisher(place, who, subject, evidence=of_endorser) or _on_behalf(place, who, subject)
        ):
            continue
        if (
            token.lemma_ in _URGE
            and place.nearness is Nearness.OWN
            and not ABOUT_THE_RACE.search(text_of(place))
        ):
            continue
        if _of_somebody_else(token, who):
            continue
        if place.nearness is not Nearness.EVIDENCE and not who.concerns(_scope(token), own=place.own):
            continue
        for wish in _complements(token, far=place.nearness is not Nearness.EVIDENCE):
            yield Found(wish, place.nearness, "wish")
        if token.dep_ == "relcl":
            yield from _listed(token, place)


def _is_wisher(place: Place, who: Who, subject: Token, *, evidence: bool) -> bool:
    """Whether the endorser is the one who wishes; far from the evidence a pronoun must be known to be his."""
    known = evidence or subject.pos_ != "PRON" or subject.lower_ in {"i", "we"}
    far = place.nearness is Nearness.OWN and not known
    return (
        who.means(subject, who.endorser)
        if far
        else who.is_endorser(subject, own=place.own, evidence=evidence)
    )


def _scope(verb: Token) -> list[Token]:
    """What a wish is about: all after its verb, and what a relative clause hangs from."""
    if verb.dep_ == "relcl":
        return list(verb.head.subtree)
    return [t for t in verb.subtree if t.i > verb.i]


def _on_behalf(place: Place, who: Who, subject: Token) -> bool:
    """ "conservatives want to see …" in the endorser's own words."""
    return place.own and subject.lemma_.lower() in _SIDE and not who.is_third(subject)


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
    """ "urged Finch to stay in the race": asked of neither the endorsee nor the party, or of the endorser."""
    objects = [c for c in verb.children if c.dep_ in {"dobj", "dative"}]
    objects += [
        s for c in verb.children if c.dep_ in {"ccomp", "xcomp"} for s in c.children if s.dep_ == "nsubj"
    ]
    return any(
        who.is_third(t) or who.means(t, who.endorser)
        for o in objects
        if o.pos_ == "PROPN"
        for t in o.subtree
        if t.dep_ in {"compound", o.dep_}
    )


def _complements(verb: Token, *, far: bool) -> Iterator[Span]:
    """The complements of a verb of wishing or urging, without their subjects; `far`: none that is the wisher's own deed."""
    negated = any(c.dep_ == "neg" for c in verb.children)
    if negated and verb.lemma_ in _URGE:
        return
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
                elif (
                    far and verb.lemma_ in _WANT and not has_subject(child) and inner.lemma_ not in _OWN_DEEDS
                ):
                    continue
                elif not _STAND_VERB.search(inner.lemma_) and (
                    inner.tag_ == "VB" or (child.dep_ == "ccomp" and has_subject(child))
                ):
                    yield span_of(predicate(inner))
        elif child.dep_ == "dobj" and child.pos_ != "PRON" and not negated and verb.lemma_ in _WANT:
            yield span_of(subtree(child))
        elif child.dep_ == "prep" and child.lower_ in {"for", "on", "about"}:
            for inner in child.children:
                if (inner.dep_ == "pobj" and child.lower_ == "for") or inner.dep_ == "pcomp":
                    yield span_of(subtree(inner))


def musts(place: Place, who: Who) -> Iterator[Found]:
    """ "she has to …", "he must …", "there has to be …", "what is required is that …", "those bans need to stop"."""
    if not about_the_race(place, who):
        return
    said = place.nearness is Nearness.EVIDENCE or any(
        t.dep_ == "nsubj" and who.means(t, who.endorser) for t in place.tokens
    )
    for token in place.tokens:
        verb = _must(token)
        if verb is None or _is_asked(token, verb):
            continue
        if place.nearness is not Nearness.EVIDENCE and "relcl" in {verb.dep_, token.dep_}:
            continue
        quoted = place.own or (place.nearness is not Nearness.OWN and said)
        if any(c.dep_ == "expl" for c in (*verb.children, *token.children)):
            for child in (*verb.children, *token.children):
                if child.dep_ in {"attr", "dobj", "nsubj"} and quoted:
                    yield Found(span_of(subtree(child)), place.nearness, "must")
            continue
        subject = subject_of(verb) or subject_of(token)
        if subject is None:
            continue
        if subject.lower_ == "we" and not who.concerns(predicate(verb), own=place.own):
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
    yield from _required(place, who)


def _is_asked(token: Token, verb: Token) -> bool:
    """ "whether she should stay", "should she stay", "what she has to say": no demand."""
    clause = (*token.children, *verb.children)
    return (
        any(c.lower_ == "whether" or (c.tag_ == "WP" and c.dep_ in {"dobj", "attr"}) for c in clause)
        or (token.dep_ == "aux" and any(c.dep_ == "nsubj" and c.i > token.i for c in verb.children))
        or (token.tag_ == "VBD" and token is verb)
    )


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


def _required(place: Place, who: Who) -> Iterator[Found]:
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
            if not who.concerns(list(child.subtree), own=place.own):
                continue
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
