"""What somebody waits for: if- and until-clauses, what a decision depends on, what comes before it."""

import re
from collections.abc import Iterator

from spacy.tokens import Token

from whipcount.article import Span
from whipcount.read.asks import Found, Nearness, Place, Who, about_the_race, text_of
from whipcount.read.trees import asks_what, in_future, predicate, span_of, subject_of, subtree, words_of

STAND = re.compile(
    r"\b(?:endors\w*|support\w*|back(?:s|ed|ing)?|vot(?:e|es|ed|ing)|behind|decisions?|decid\w+|campaign(?:ing)? (?:for|with)|stump\w*|choos\w+|choice|pick|commit\w*"
    r"|embrac\w+|ready|jump|get in|neutral|fence|onboard|on board|nominee|make that call|weigh in)\b",
    re.IGNORECASE,
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

_LEARN = frozenset(
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

_DEPEND = frozenset({"depend", "hinge", "rest"})

_ENDORSEMENT = re.compile(r"\bendors\w+|\bdecisions?\b|\bwhom? to (?:back|support)\b", re.IGNORECASE)
_WIN = frozenset({"exact", "extract", "win", "secure", "seek", "get", "want", "wring", "await", "demand"})
_FACTOR = frozenset({"factor", "weigh", "figure", "play"})


def clauses(place: Place, who: Who) -> Iterator[Found]:
    """ "if …", "unless …", "until …": "Weld would vote for Thorne if he signed the pledge"."""
    for token in place.tokens:
        low = token.lower_
        if low not in (_EVIDENCE_MARKS if place.nearness is Nearness.EVIDENCE else _IF):
            continue
        if (
            token.dep_ in {"mark", "advmod"}
            and token.head.dep_ in {"advcl", "ccomp", "pcomp", "relcl", "conj"}
            and token.i < token.head.i
        ):
            clause, main = token.head, token.head.head
            if (
                low == "if"
                and main.lemma_ in _ASKING
                and not any(
                    c.dep_ in {"aux", "neg"}
                    for c in main.children
                    if c.lower_ in {"would", "will", "'d", "’d", "'ll", "’ll"}
                )
            ):
                continue
            if (
                low == "if"
                and STAND.search(clause.lemma_)
                and any(c.dep_ == "nsubj" and who.is_endorser(c, own=place.own) for c in clause.children)
            ):
                continue  # "asked if he would endorse"
            if low in {"when", "after"} and not (in_future(main) and STAND.search(words_of(main))):
                continue
            if place.nearness is not Nearness.EVIDENCE and not STAND.search(words_of(main, without=clause)):
                continue
            if low in {"until", "till", "once", "after"} and not (in_future(main) or _held_back(main)):
                continue
            if _obliged(main) or (low == "until" and clause.lemma_ == "be" and not list(clause.children)):
                continue
            yield Found(span_of(subtree(clause)), place.nearness, "clause")
        elif (
            low in {"until", "till", "after"}
            and token.dep_ == "prep"
            and token.head.lemma_
            in {
                "wait",
                "hold",
                "decide",
                "endorse",
                "withhold",
                "remain",
                "stay",
                "announce",
                "back",
                "support",
                "come",
            }
            and (place.nearness is Nearness.EVIDENCE or STAND.search(words_of(token.head, without=token)))
            and (low != "after" or in_future(token.head))
        ):
            yield Found(span_of(subtree(token)), place.nearness, "clause")


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
                elif child.dep_ in {"xcomp", "advcl"} and child.lemma_ in _LEARN:
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
        elif token.lemma_ in _LEARN and token.pos_ == "VERB" and place.nearness is not Nearness.OWN:
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
        if token.lemma_ == "know" and negated and not place.own:
            return
        yield Found(span_of(predicate(token)), place.nearness, "learn")
