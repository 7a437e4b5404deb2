"""What somebody waits for: if- and until-clauses, what a decision depends on, what comes before it."""

import re
from collections.abc import Iterator

from spacy.tokens import Token

from whipcount.article import Span
from whipcount.read.asks import LEARN
from whipcount.read.holdout import Found, Nearness, Place, Who, about_the_race, text_of
from whipcount.read.trees import asks_what, in_future, predicate, span_of, subject_of, subtree, words_of

STAND = re.compile(
    r"\b(?:endors\w*|support\w*|back(?:s|ed|ing)?|vot(?:e|es|ed|ing)|behind|decisions?|decid\w+|campaign(?:ing)? (?:for|with)|stump\w*|choos\w+|choice|pick|commit\w*"
    r"|embrac\w+|ready|jump|get in|neutral|fence|onboard|on board|nominee|make that call|weigh in)\b",
    re.IGNORECASE,
)

_STANDS = re.compile(
    r"^(?:endorse|support|back|vote|behind|campaign|stump|embrace|jump|ready|onboard|consider|trail|open|withhold|wait|decide|commit|weigh|bother|endorsement|around)$"
)
"""Lemmas of words that take or leave a stand."""

_PUT_OFF = frozenset(
    "wait hold decide endorse withhold remain stay announce back support come continue stand".split()
)

_IF = frozenset({"if", "unless", "until", "till", "once", "provided", "assuming"})

_EVIDENCE_MARKS = frozenset(
    {"if", "unless", "until", "till", "once", "provided", "assuming", "when", "after"}
)

_ASKING = frozenset(
    {
        "ask",
        "wonder",
        "see",
        "know",
        "say",
        "question",
        "decide",
        "unclear",
        "doubt",
        "tell",
        "understand",
        "wait",
    }
)

_DEPEND = frozenset({"depend", "hinge", "rest"})

_ENDORSEMENT = re.compile(r"\bendors\w+|\bdecisions?\b|\bwhom? to (?:back|support)\b", re.IGNORECASE)
_WIN = frozenset({"exact", "extract", "win", "secure", "seek", "get", "want", "wring", "await", "demand"})
_FACTOR = frozenset({"factor", "weigh", "figure", "play"})


def clauses(place: Place, who: Who) -> Iterator[Found]:
    """ "if …", "unless …", "until …": "Weld would vote for Thorne if he signed the pledge"."""
    for token in place.tokens:
        low = token.lower_
        if low in {"should", "condition"}:
            clause = token.head
            if (_inverted(token) or _on_condition(token)) and _of_a_stand(place, who, clause):
                yield Found(span_of(subtree(clause)), place.nearness, "clause")
        elif low not in (_EVIDENCE_MARKS if place.nearness is Nearness.EVIDENCE else _IF):
            continue
        elif (
            token.dep_ in {"mark", "advmod"}
            and token.head.dep_ in {"advcl", "ccomp", "pcomp", "relcl", "conj"}
            and token.i < token.head.i
        ):
            if _is_condition(token, place, who):
                yield Found(span_of(subtree(token.head)), place.nearness, "clause")
        elif (
            low in {"until", "till", "after"}
            and token.dep_ == "prep"
            and token.head.lemma_ in _PUT_OFF
            and (low != "after" or (in_future(token.head) and any(c.dep_ == "pobj" for c in token.children)))
            and _of_a_stand(place, who, token)
        ):
            yield Found(span_of(subtree(token)), place.nearness, "clause")


def _is_condition(mark: Token, place: Place, who: Who) -> bool:
    """Whether the clause that a mark opens is what the endorser's stand waits for."""
    low, clause, main = mark.lower_, mark.head, mark.head.head
    if low == "if" and (_asked(main) or (mark.i and mark.nbor(-1).lower_ in {"as", "even"})):
        return False
    if (
        low == "if"
        and STAND.search(clause.lemma_)
        and any(c.dep_ == "nsubj" and who.is_endorser(c, own=place.own) for c in clause.children)
    ):
        return False  # "asked if he would endorse"
    if low in {"when", "after", "once"} and clause.tag_ == "VBD":
        return False
    if low in {"when", "after"} and not (in_future(main) and STAND.search(words_of(main))):
        return False
    if low in {"until", "till", "once", "after"} and not (in_future(main) or _held_back(main)):
        return False
    if _obliged(main) or (low == "until" and clause.lemma_ == "be" and not list(clause.children)):
        return False
    return _of_a_stand(place, who, clause)


def _asked(verb: Token) -> bool:
    """Whether a verb takes "if" as a question: "asked if", "wonders if"."""
    return verb.lemma_ in _ASKING and not any(
        c.dep_ == "aux" and c.lower_ in {"would", "will", "'d", "’d", "'ll", "’ll"} for c in verb.children
    )


def _inverted(token: Token) -> bool:
    """ "should she choose to run": the auxiliary before its subject."""
    return (
        token.lower_ == "should"
        and token.dep_ == "aux"
        and any(c.dep_ == "nsubj" and c.i > token.i for c in token.head.children)
    )


def _on_condition(token: Token) -> bool:
    """ "on the condition that …"."""
    return token.lower_ == "condition" and token.dep_ == "pobj" and token.head.lower_ == "on"


def _of_a_stand(place: Place, who: Who, clause: Token) -> bool:
    """Whether what a clause hangs from is a stand, open or to come, that is the endorser's own."""
    inside = {t.i for t in clause.subtree}
    for token in place.tokens:
        if token.i in inside or not _STANDS.search(token.lemma_.lower()):
            continue
        verb = next((t for t in (token, *token.ancestors) if t.pos_ in {"VERB", "AUX"}), token)
        if not _open(verb) or any(t.lemma_ == "ask" for t in verb.ancestors):
            continue
        if not (clause.head.is_ancestor(token) or clause.head in {token, verb} or verb.is_ancestor(clause)):
            continue
        after = [t for t in token.subtree if t.i > token.i and t.i not in inside]
        if not who.is_third_only(after) and _is_holder(place, who, subject_of(verb), after):
            return True
    return False


def _is_holder(place: Place, who: Who, subject: Token | None, after: list[Token]) -> bool:
    """Whether a stand is the endorser's: in the evidence anybody's but another's whom it names, else by name."""
    if place.nearness is Nearness.EVIDENCE:
        if subject is None or subject.pos_ != "PROPN":
            return subject is None or subject.lower_ != "you"
        return not (who.is_third(subject) or who.means(subject, who.endorsee))
    if subject is None or not who.is_endorser(subject, own=place.own):
        return False
    return place.nearness is Nearness.NEAR or any(who.means(t, who.endorsee) for t in after)


def _open(verb: Token) -> bool:
    """Whether a verb is of the present or of what is to come: "will back", "pledged to back", "is ready"."""
    return verb.tag_ not in {"VBD", "VBN"} or in_future(verb)


def _held_back(verb: Token) -> bool:
    """ "waits until", "not to endorse until": something is put off."""
    chain = (verb, *list(verb.ancestors)[:2])
    return any(
        t.lemma_ in {"wait", "hold", "withhold", "decline", "refuse", "delay", "remain"} for t in chain
    ) or any(c.dep_ == "neg" or c.lower_ in {"not", "no"} for t in chain for c in t.children)


def _obliged(verb: Token) -> bool:
    """ "If she is to win, she has to …": what she has to do is the condition."""
    return (verb.lemma_ in {"have", "need", "go"} and any(c.dep_ == "xcomp" for c in verb.children)) or any(
        c.lower_ in {"must", "should"} for c in verb.children
    )


def depends(place: Place) -> Iterator[Found]:
    """ "depends on …", "contingent on …"."""
    for token in place.tokens:
        if token.lemma_ not in _DEPEND | {"contingent", "conditional", "conditioned", "dependent"}:
            continue
        subject = subject_of(token)
        if subject is None or not (
            subject.lower_ in {"it", "that", "this", "all"} or STAND.search(words_of(subject))
        ):
            continue
        for prep in token.children:
            if prep.dep_ == "prep" and prep.lower_ in {"on", "upon"}:
                for inner in prep.children:
                    if inner.dep_ in {"pobj", "pcomp"} and inner.lower_ not in {"it", "that", "this"}:
                        yield Found(span_of(subtree(inner)), place.nearness, "depends")
        for clause in token.children:
            if clause.dep_ in {"advcl", "ccomp"} and asks_what(clause):
                yield Found(span_of(subtree(clause)), place.nearness, "depends")


def turning_points(place: Place, who: Who) -> Iterator[Found]:
    """ "… will factor into his decision", "wait for …", "meet her before he decides", "hear more about …"."""
    yield from depends(place)
    for token in place.tokens:
        if token.lower_ in {"let", "lets"} and token.doc[token.i : token.i + 9].text.lower().find(" out") > 0:
            hit = re.match(
                r"[Ll]et(?:['’]?s let)? .{0,30}?\b(?:play|shake|sort|work)s? out\b",
                token.doc.text[token.idx : token.idx + 60],
            )
            if hit and place.own:
                yield Found(Span(token.idx, token.idx + hit.end()), place.nearness, "wait")
        if token.lemma_ in _FACTOR and re.search(
            r"\b(?:decision|choice|endorsement|whether|calculus|thinking)\b", words_of(token)
        ):
            subject = subject_of(token)
            if subject is not None and subject.pos_ == "NOUN":
                yield Found(span_of(subtree(subject)), place.nearness, "factor")
        elif token.lemma_ == "wait" and token.pos_ == "VERB" and place.nearness is not Nearness.OWN:
            for child in token.children:
                if child.dep_ == "prep" and child.lower_ == "for":
                    for inner in child.children:
                        if inner.dep_ == "pobj":
                            yield Found(span_of(subtree(inner)), place.nearness, "wait")
                elif child.dep_ in {"xcomp", "advcl"} and child.lemma_ in LEARN:
                    yield Found(span_of(predicate(child)), place.nearness, "wait")
        elif token.lower_ == "before" and place.nearness is not Nearness.OWN:
            yield from _before(token, place)
        elif token.lemma_ in {
            "concession",
            "assurance",
            "commitment",
            "promise",
            "pledge",
        } and about_the_race(place, who):
            verb = next((t for t in (token.head, token.head.head) if t.lemma_ in _WIN), None)
            if verb is not None:
                yield Found(span_of(predicate(verb)), place.nearness, "concession")
        elif token.lemma_ in LEARN and token.pos_ == "VERB" and place.nearness is not Nearness.OWN:
            yield from _to_learn(token, place, who)
        elif token.lower_ in {"exchange", "return"} and token.dep_ == "pobj" and token.head.lower_ == "in":
            for prep in token.children:
                if prep.lower_ == "for" and place.nearness is not Nearness.OWN:
                    for inner in prep.children:
                        if inner.dep_ in {"pobj", "pcomp"} and not STAND.search(inner.lemma_):
                            yield Found(span_of(subtree(inner)), place.nearness, "exchange")
        elif token.lower_ in {"onus", "burden"} and place.own:
            for clause in token.head.subtree:
                if clause.dep_ in {"xcomp", "acl", "advcl"} and any(
                    c.lower_ == "to" for c in clause.children
                ):
                    yield Found(span_of(predicate(clause)), place.nearness, "onus")
                    break


def _before(token: Token, place: Place) -> Iterator[Found]:
    """ "meet with Thorne before deciding": what comes before."""
    clause = (
        token.head if token.dep_ == "mark" else next((c for c in token.children if c.dep_ == "pcomp"), None)
    )
    if clause is None or not re.search(
        r"\b(?:endors\w*|decid\w+|decision|call|support\w*|back\w*|announc\w+|commit\w*|choos\w+|weigh\w*)\b",
        words_of(clause),
    ):
        return
    main = clause.head if token.dep_ == "mark" else token.head
    if main.pos_ not in {"VERB", "AUX"} or STAND.search(main.lemma_):
        return
    skip = {t.i for t in clause.subtree} | {token.i}
    if (
        main.lemma_ in {"wait", "say", "be"}
        or main.tag_ not in {"VB", "VBG"}
        or place.nearness is not Nearness.EVIDENCE
    ):
        return
    yield Found(span_of([t for t in predicate(main) if t.i not in skip]), place.nearness, "before")


def _to_learn(token: Token, place: Place, who: Who) -> Iterator[Found]:
    """ "has yet to hear …", "let's see who …", "will meet Thorne first"."""
    subject = subject_of(token)
    # "the delegates will hear from the campaigns and announce their endorsements"
    towards_a_stand = token.lemma_ in {"hear", "meet"} and bool(_ENDORSEMENT.search(text_of(place)))
    if subject is not None and not who.is_endorser(subject, own=place.own):
        if not towards_a_stand or who.is_third(subject):
            return
    elif subject is None and not (place.own or towards_a_stand):
        return
    verbs = (token, token.head) if token.dep_ == "xcomp" else (token,)
    negated = any(c.dep_ == "neg" for t in verbs for c in t.children)
    objects = [c for c in token.children if c.dep_ in {"dobj", "ccomp", "prep", "xcomp"} and c.i > token.i]
    if not objects or (
        token.lemma_ == "get" and not any(c.lower_ == "to" and c.dep_ == "prep" for c in objects)
    ):
        return
    future = token.tag_ == "VB"
    if negated or (
        future
        and (
            token.lemma_ in {"meet", "hear", "get", "learn", "watch", "listen", "talk"}
            or any(asks_what(c) for c in objects)
        )
    ):
        if (token.lemma_ == "know" and negated and not place.own) or _did(verbs):
            return
        if (negated or not asks_what(objects[0])) and not who.concerns(
            [t for c in objects for t in c.subtree], own=place.own
        ):
            return
        yield Found(span_of(predicate(token)), place.nearness, "learn")


def _did(verbs: tuple[Token, ...]) -> bool:
    """Whether verbs stand with "did": what was not heard then, not what is waited for."""
    return any(c.lower_ == "did" for t in verbs for c in t.children)
