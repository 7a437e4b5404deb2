"""What the words around a cue make of it: negation, modality, expectation, refusal, time.

Follows the two rules for close cases of the annotation guidelines: "declined", "has not" leave the door
open (withholding); "will not", "refuses" shut it (refused).
"""

import re
from dataclasses import dataclass

from spacy.tokens import Token

from whipcount.article import Contest, Stand

_REFUSE = frozenset({"refuse", "refusal", "balk"})
_DECLINE = frozenset(
    {
        "decline",
        "hesitate",
        "hold",
        "wait",
        "withhold",
        "avoid",
        "resist",
        "stop",
        "delay",
        "consider",
        "weigh",
        "fail",
        "mull",
        "contemplate",
        "ponder",
        "debate",
        "abstain",
        "refrain",
        "demur",
        "reluctance",
        "hesitation",
        "unwillingness",
        "dodge",
        "duck",
        "sidestep",
        "evade",
        "pass",
    }
)
_DECLINE_ADJECTIVES = frozenset(
    {
        "reluctant",
        "unready",
        "hesitant",
        "undecided",
        "unwilling",
        "loath",
        "noncommittal",
        "coy",
        "cautious",
        "unsure",
        "torn",
    }
)
_READY = frozenset(
    {"ready", "prepare", "prepared", "commit", "sure", "certain", "convinced", "hurry", "rush"}
)
"""What leaves the door open where it is denied: "is not ready", "won't commit", "isn't sure", "in no hurry"."""
_EXPECT = frozenset(
    {
        "expect",
        "plan",
        "intend",
        "prepare",
        "set",
        "poise",
        "lean",
        "schedule",
        "slate",
        "promise",
        "pledge",
        "agree",
        "go",
        "likely",
        "inclined",
        "ready",
        "about",
        "want",
        "commit",
        "decide",
    }
)
_FIRM = frozenset({"promise", "pledge", "agree", "commit", "decide", "plan", "intend", "go", "vow"})
_OTHERS = frozenset(
    {
        "urge",
        "ask",
        "encourage",
        "call",
        "press",
        "pressure",
        "convince",
        "persuade",
        "want",
        "beg",
        "invite",
        "push",
        "implore",
        "tell",
        "force",
        "allow",
        "expect",
        "lobby",
        "get",
        "let",
        "need",
        "hope",
        "wish",
    }
)
_SUPPOSED = frozenset({"suppose", "imagine", "assume", "pretend", "speculate"})
_NOT_ASKED = frozenset({"campaign", "stump", "canvass", "accept", "welcome", "tout"})
"""What nobody owes a candidate, or what the candidate does: no stand where it is denied."""
_FOR_NOW = frozenset({"currently", "now", "today"})
_UNREAL = frozenset({"if", "unless", "whether"})


@dataclass(frozen=True, slots=True)
class Stance:
    """The stand that a cue comes to, how far to trust it, and why."""

    stand: Stand
    factor: float
    why: str


def above(cue: Token) -> list[Token]:
    """The verbs and adjectives that govern a cue, nearest first: "declined to say whether she would endorse"."""
    out: list[Token] = []
    token = cue
    while (
        token.dep_
        in {
            "xcomp",
            "ccomp",
            "pcomp",
            "acl",
            "relcl",
            "prep",
            "advcl",
            "conj",
            "dobj",
            "pobj",
            "acomp",
            "advmod",
        }
        and len(out) < 5
    ):
        head = token.head
        if token.dep_ == "conj" and head.pos_ not in {"VERB", "AUX"}:
            break
        if token.dep_ == "advcl" and head.lemma_ not in _DECLINE | _REFUSE | {"bring"}:
            break
        if token.dep_ == "relcl" and not (_infinitive(token) or (head.lemma_ == "way" and denied(head))):
            break
        if (
            token.dep_ == "ccomp"
            and head.lemma_ not in _READY
            and any(
                c.dep_ in {"nsubj", "nsubjpass"} and not c.lower_.endswith("self") for c in token.children
            )
            and not any(c.lower_ in _UNREAL for c in token.children)
        ):
            break
        if token.dep_ in {"dobj", "pobj"} and head.pos_ not in {"VERB", "ADP"}:
            break
        out.append(head)
        token = head
    return out


def denied(token: Token) -> bool:
    """Whether a word itself is negated."""
    return any(c.dep_ == "neg" or c.lower_ in {"never", "neither", "nor"} for c in token.children) or any(
        c.dep_ == "det" and c.lower_ == "no" for c in token.children
    )


def _inverted(verb: Token) -> bool:
    """Whether a condition is put by word order: "had Finch endorsed Castell", "should he endorse her"."""
    subject = next((c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"}), None)
    return subject is not None and any(
        c.dep_ in {"aux", "auxpass"} and c.i < subject.i and c.lower_ in {"had", "were", "should"}
        for c in verb.children
    )


def _denied(cue: Token, chain: list[Token]) -> bool:
    """Whether a cue is negated: itself, or by what governs it; by the verb it is joined to only across "or"."""
    if denied(cue) or any(denied(c) for c in cue.children if c.dep_ == "dobj" and c.i > cue.i):
        return True  # also "endorsed neither Castell nor Moll"
    below = cue
    for token in chain[1:]:
        joined = below.dep_ == "conj" and below.head == token
        if denied(token) and not (joined and not any(c.lower_ in {"or", "nor"} for c in token.children)):
            return True
        below = token
    return False


def _asked(chain: list[Token]) -> bool:
    """Whether a cue stands in a question by word order: "Is Finch going to endorse her?"."""
    if list(chain[0].sent)[-1].text != "?":
        return False
    subjects = [c for t in chain for c in t.children if c.dep_ in {"nsubj", "nsubjpass"}]
    return any(
        c.dep_ in {"aux", "auxpass"} and any(s.i > c.i and s.head == t for s in subjects)
        for t in chain
        for c in t.children
    )


def _infinitive(verb: Token) -> bool:
    return any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)


def _yet_to(token: Token) -> bool:
    """ "one of the few mayors yet to endorse"."""
    return any(c.lower_ == "to" and c.i and c.nbor(-1).lower_ == "yet" for c in token.children)


def _kept_open(cue: Token, chain: list[Token]) -> str | None:
    """How what governs a cue leaves it open: a question not answered, a thing not ruled out, "without endorsing"."""
    for token in chain:
        asked = any(c.lower_ in _UNREAL and c.dep_ in {"mark", "advmod"} for c in token.children)
        if asked and any(t.lemma_ in _DECLINE | _REFUSE or denied(t) for t in above(token)):
            return "does not say whether"
    unready = [t for t in chain[1:] if t.lemma_.lower() in _READY]
    if any(denied(t) or (t.pos_ == "ADJ" and denied(t.head)) for t in unready):
        return "is not ready"
    if any(_rules_out(t) and denied(t) for t in chain):
        return "does not rule out"
    if cue.dep_ == "pcomp" and cue.head.lower_ == "without":
        return "without"
    if cue.i > 1 and cue.nbor(-1).text == "-" and cue.nbor(-2).lower_ == "non":
        return "none given"
    return None


def _rules_out(verb: Token) -> bool:
    return verb.lemma_ == "rule" and any(c.lower_ == "out" for c in verb.children)


def _auxiliaries(token: Token) -> set[str]:
    return {c.lower_ for c in token.children if c.dep_ in {"aux", "auxpass"}}


def stance(cue: Token, base: Stand) -> Stance | None:
    """The stand of a cue in its sentence; None where it is nobody's stand (a hypothetical, somebody else's wish)."""
    chain = [cue, *above(cue)]
    lemmas = [t.lemma_.lower() for t in chain]
    negative = _denied(cue, chain)
    modal = set().union(*(_auxiliaries(t) for t in chain))
    words = {c.lower_ for t in chain for c in t.children}
    against = base in {Stand.REFUSED, Stand.WITHDRAWN, Stand.WITHHOLDING}
    for token in chain:
        marks = {c.lower_ for c in token.children if c.dep_ in {"mark", "advmod"}}
        if marks & _UNREAL and not any(t.lemma_ in _DECLINE | _REFUSE or denied(t) for t in above(token)):
            return None
    if any(_inverted(t) for t in chain):
        return None
    rest = set(lemmas[1:])
    if (
        rest & _SUPPOSED
        or any(c.lower_ == "were" and c.dep_ in {"aux", "auxpass"} for t in chain for c in t.children)
        or any(t.lower_ == "were" for t in chain[1:] if cue.dep_ == "xcomp" and t == cue.head)
    ):
        return None
    head = chain[1] if len(chain) > 1 else None
    if (
        head is not None
        and head.lemma_ in _OTHERS
        and any(
            c.dep_ in {"dobj", "nsubj"} and c.i > head.i and c.i < cue.i
            for c in [*head.children, *cue.children]
        )
    ):
        return None
    if "longer" in words:
        return Stance(Stand.WITHDRAWN, 1.0, "no longer")
    if (
        "should" in modal
        or "must" in modal
        or "might" in modal
        or "may" in modal
        or ("could" in modal and not negative)
    ):
        return None
    if _asked(chain):
        return None
    if base is Stand.WITHHOLDING:
        return Stance(base, 1.0, "withholds")
    if against:
        if negative or rest & (_REFUSE | _DECLINE):
            return None
        if base is Stand.REFUSED:
            return Stance(base, 0.6 if modal & {"would"} else 1.0, "against")
        return Stance(base, 0.7 if modal & {"will", "would"} else 1.0, "takes back")
    kept_open = _kept_open(cue, chain)
    if kept_open:
        return Stance(Stand.WITHHOLDING, 1.0, kept_open)
    if rest & _REFUSE or any(_rules_out(t) for t in chain[1:]):
        return Stance(Stand.REFUSED, 1.0, "refuses")
    if ("yet" in words and (negative or "have" in lemmas or "be" in lemmas)) or any(
        _yet_to(t) for t in chain
    ):
        return Stance(Stand.WITHHOLDING, 1.0, "has yet to")
    if rest & _DECLINE or any(
        c.lemma_.lower() in _DECLINE_ADJECTIVES for t in chain for c in [t, *t.children]
    ):
        return Stance(Stand.WITHHOLDING, 1.0, "declines or waits")
    if negative and "continue" in rest and modal & {"can", "ca", "could"}:
        return Stance(Stand.WITHDRAWN, 0.9, "cannot continue to")
    if negative and words & _FOR_NOW and base is not Stand.WITHDRAWN:
        return Stance(Stand.WITHHOLDING, 0.9, "not now")
    conditional = any(
        c.dep_ == "advcl" and any(x.lower_ in {"if", "unless"} and x.dep_ == "mark" for x in c.children)
        for c in (cue, *(t for t in chain[1:] if cue.dep_ == "xcomp"))
        for c in c.children
    )
    if conditional and modal & {"will", "'ll", "’ll", "would", "wo"} and base is not Stand.ENDORSED:
        return Stance(Stand.WITHHOLDING, 0.5, "on a condition")
    if negative:
        if cue.lemma_ in _NOT_ASKED:
            return None
        if modal & {"will", "wo", "would", "can", "ca", "could", "'ll", "’ll"}:
            return Stance(Stand.REFUSED, 1.0, "will not")
        if "go" in rest or "intend" in rest or "plan" in rest:
            return Stance(Stand.REFUSED, 0.9, "is not going to")
        if base is Stand.SUPPORTS:
            return Stance(Stand.REFUSED, 0.7, "does not")
        return Stance(Stand.WITHHOLDING, 0.9, "has not")
    if rest & _EXPECT or modal & {"will", "'ll", "’ll"}:
        if base is Stand.SUPPORTS:
            return Stance(base, 1.0, "will")
        if modal & {"will", "'ll", "’ll"} and not rest & _EXPECT and cue.lemma_ in {"back", "vote"}:
            return Stance(Stand.SUPPORTS, 0.9, "will")
        return Stance(Stand.EXPECTED, 0.9, "is expected or plans to")
    if modal & {"would"}:
        return Stance(Stand.SUPPORTS if base is Stand.ENDORSED else base, 0.5, "would")
    return Stance(base, 1.0, "plainly")


_YEAR = re.compile(
    r"\b(?:in|of|for|from|during|since) (?:the )?((?:19|20)\d\d)\b|\b((?:19|20)\d\d) (?:race|campaign|primary|election|run|bid|nomination|presidential|cycle|general)\b|'(\d\d) (?:race|campaign|primary|election)"
)
_AGO = re.compile(
    r"\b(?:four|eight|two|six|ten|twelve) years ago\b|\b(?:last|previous|past) (?:election|cycle|presidential (?:race|campaign|election)|primary)\b",
    re.IGNORECASE,
)


def contest(sentence: str, year: int | None) -> Contest:
    """`past` where the sentence dates itself before the year in which the article appeared."""
    if _AGO.search(sentence):
        return Contest.PAST
    for hit in _YEAR.finditer(sentence):
        said = int(hit[1] or hit[2] or ("20" + hit[3]))
        if (year is not None and said < year - (1 if year % 2 else 0)) or (year is None and said < 2000):
            return Contest.PAST
    return Contest.CURRENT
