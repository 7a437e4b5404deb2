"""The words of an article as the judge sees them: each name one item, and no name's letters in any.

Entry: `items(doc, marks)`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from whipcount.article import Kind
from whipcount.read.candidates import Candidate, Mark

STEMS = re.compile(
    r"un-?endors|endors|backe|back|support|vot|ballot|campaign|stump|neutral|unfit|unqualif|disqualif|oppos|nomin|behind|nod\b|"
    r"never|reject|favor|choice|pick|choos|chose|rall|weight|undecid|commit|camp\b|withdr|rescind|revok|disavow|denounc|repudiat|"
    r"defeat|stop|surrogate|ally|fan\b|embrac|recommend|urg|stand|side|lean|unit|champion|dump|abandon|against|anti|accept|join|"
    r"declin|refus|will|would|not\b|n['’]t|yet\b|expect|plan|consider|hesit|ready|decide|announc|help|elect|president|candidate"
)
NAMES = frozenset({"E1", "E2", "PER", "ORG"})
"""What `part` calls a mark: the endorser, the endorsee, another person, another organization."""


@dataclass(slots=True)
class Item:
    """A word, or a whole mark, of the text."""

    word: str
    token: Token
    mark: Mark | None
    start: int


def part(item: Item, candidate: Candidate) -> str:
    """The item's word, or what it is to the pair that is asked about."""
    mark = item.mark
    if mark is None:
        return item.word
    if mark.name == candidate.endorser:
        return "E1"
    if mark.name == candidate.endorsee:
        return "E2"
    return "ORG" if mark.kind is Kind.ORGANIZATION else "PER"


def items(doc: Doc, marks: Sequence[Mark]) -> Iterator[Item]:
    """The words of a text in order, each mark as one."""
    n = 0
    done: Mark | None = None
    for token in doc:
        if token.is_space:
            continue
        while n < len(marks) and marks[n].span.end <= token.idx:
            n += 1
        mark = (
            marks[n]
            if n < len(marks)
            and marks[n].span.start < token.idx + len(token.text)
            and token.idx < marks[n].span.end
            else None
        )
        if mark is not None:
            if mark is not done:
                done = mark
                kind = "ORG" if mark.kind is Kind.ORGANIZATION else "PER"
                yield Item(kind, _head(doc, token, mark), mark, token.idx)
            continue
        yield Item(plain(token), token, None, token.idx)


def _head(doc: Doc, first: Token, mark: Mark) -> Token:
    """The word of a mark that the rest of it hangs on (`Span.root` looks through the whole text each time)."""
    last = first.i
    while last + 1 < len(doc) and doc[last + 1].idx < mark.span.end:
        last += 1
    return next((doc[i] for i in range(first.i, last + 1) if not first.i <= doc[i].head.i <= last), first)


def plain(token: Token) -> str:
    """A word for comparing: lemma, numbers and names without their letters."""
    if token.like_num or token.text[:1].isdigit():
        return "0"
    if token.ent_type_ in {"PERSON", "ORG", "GPE", "NORP", "LOC", "FAC"} or token.pos_ == "PROPN":
        return token.ent_type_ or "NAME"
    lemma = token.lemma_.lower()
    if token.text[0].isupper() and not token.is_sent_start and not STEMS.search(lemma):
        return "NAME"
    return "not" if lemma in {"n't", "n’t"} else lemma
