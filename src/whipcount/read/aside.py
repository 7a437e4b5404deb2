"""Standing aside without a word of endorsement: "is undecided about her", "remains on the sidelines", "the holdouts include".

Entry: `aside(doc)`. Where grammar gives no endorsee, the positions of the sentences around tell whom it is about.
"""

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from whipcount.article import Stand
from whipcount.read.arguments import Found, expand, listed, objects_of, subjects
from whipcount.read.cues import Pattern
from whipcount.read.stance import denied

_UNDECIDED = Pattern("undecided", "undecided", Stand.WITHHOLDING, "Finch is undecided about Castell.")
_SIDELINES = Pattern(
    "sidelines", "sideline", Stand.WITHHOLDING, "Finch remains on the sidelines.", weight=0.6
)
_HOLDOUT = Pattern("holdout", "holdout", Stand.WITHHOLDING, "The holdouts include Finch.", weight=0.7)
_THERE = Pattern("not there", "there", Stand.WITHHOLDING, "Finch is not there yet on Castell.")
_COMMIT = Pattern("commit to", "commit", Stand.WITHHOLDING, "Finch won't commit to Castell.", weight=0.7)

_ABOUT = ("about", "on", "toward", "towards", "between", "over")
_WAVERING = frozenset({"undecided", "noncommittal", "torn"})
_PLACES = frozenset({"sideline", "sidelines", "fence"})
_STAY = frozenset({"remain", "stay", "sit", "be", "stand"})


def aside(doc: Doc) -> Iterator[Found]:
    """Every standing aside of a parsed article."""
    for token in doc:
        lemma = token.lemma_.lower()
        if lemma in _WAVERING and token.head.pos_ in {"VERB", "AUX"} and (about := objects_of(token, _ABOUT)):
            yield Found(_UNDECIDED, token, subjects(token.head), about, noun=True)
        elif lemma in _PLACES and token.dep_ == "pobj" and token.head.lower_ == "on":
            verb = token.head.head
            if verb.lemma_ in _STAY and not denied(verb) and _still(verb):
                about = objects_of(token, ("about", "on")) + objects_of(verb, ("about",))
                yield Found(_SIDELINES, token, subjects(verb), about, noun=True)
        elif lemma in {"holdout", "holdouts"} and token.pos_ in {"NOUN", "PROPN"}:
            yield Found(_HOLDOUT, token, _holdouts(token), [], noun=True)
        elif lemma == "there" and token.head.lemma_ == "be" and denied(token.head) and _yet(token):
            yield Found(
                _THERE,
                token,
                subjects(token.head),
                objects_of(token, _ABOUT) + objects_of(token.head, _ABOUT),
            )
        elif lemma == "commit" and token.pos_ == "VERB" and denied(token):
            yield Found(
                _COMMIT, token, subjects(token), [t for t in objects_of(token, ("to",)) if t.pos_ != "VERB"]
            )


def _still(verb: Token) -> bool:
    """Whether a verb tells what is, not what was: "remains", "is staying", "has stayed"."""
    helpers = {c.lower_ for c in verb.children if c.dep_ == "aux"}
    return verb.tag_ in {"VBZ", "VBP"} or bool(helpers & {"has", "have", "is", "are", "will"})


def _yet(token: Token) -> bool:
    return any(t.lower_ in {"yet", "quite"} for t in token.doc[max(0, token.i - 2) : token.i + 3])


def _holdouts(noun: Token) -> list[Token]:
    """Who the holdouts are: "holdouts such as Finch", "Finch, one of the holdouts", "holdouts include Finch"."""
    if noun.dep_ == "attr" and not _still(noun.head):
        return []
    out = [*listed(noun), *(x for x in expand(noun, lists=False) if x is not noun)]
    if noun.dep_ == "nsubj" and noun.head.lemma_ in {"include", "be"}:
        out += [x for c in noun.head.children if c.dep_ in {"dobj", "attr"} for x in expand(c)]
    return [*out, noun]
