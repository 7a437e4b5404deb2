"""What stands at each cue word of a sentence: the nearest names, the grammar, the negation, whose words they are.

The words between two names tell little where others stand there too ("Orr's rival Quill, whom Finch backs"); what
a verb has on its left and right, and as its subject and object, tells who does what to whom.

Entry: `at_cues(view)`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from spacy.tokens import Token

from whipcount.article import Attribution
from whipcount.read.candidates import Candidate
from whipcount.read.judge_items import NAMES, Item, plain
from whipcount.read.judge_rows import whose

_CUE = re.compile(
    r"(?:un-?)?(endors|back|support|vot|campaign|stump|neutral|unfit|oppos|nomin|behind|reject|favor|choice|pick|choos|"
    r"rall|undecid|withdr|rescind|revok|disavow|denounc|defeat|surrogate|ally|embrac|recommend|champion|dump|abandon|"
    r"against|join|declin|refus)"
)
_NEGATION = frozenset(
    {"not", "never", "no", "refuse", "decline", "without", "stop", "yet", "hardly", "neither", "nor", "reluctant",
     "undecided", "hesitate"}
)  # fmt: skip
_MOOD = frozenset(
    {"will", "would", "could", "can", "may", "might", "should", "to", "have", "be", "do", "if", "whether", "expect",
     "plan"}
)  # fmt: skip
_FAR = 9


@dataclass(frozen=True, slots=True)
class View:
    """The window of a candidate, item by item."""

    items: Sequence[Item]
    parts: Sequence[str]
    """Each item's word, or what it is to the pair (`judge_items.part`)."""
    inside: Sequence[bool]
    """Whether each stands in the candidate's own sentence."""
    candidate: Candidate
    attributions: Sequence[Attribution]

    def whose(self, place: int) -> int:
        """Whose statement a character stands in, as `judge_rows.SAID` counts, by the shortest that holds it."""
        holding = [
            (part.end - part.start, n)
            for n, told in enumerate(self.attributions)
            for part in told.content
            if part.start <= place < part.end
        ]
        return whose(self.attributions[min(holding)[1]], self.candidate) if holding else 0

    def near(self, at: int, step: int) -> tuple[list[str], int]:
        """The two nearest names on one side of an item, "-" where there are none, and how far the nearest is."""
        places = range(at + step, len(self.parts) if step > 0 else -1, step)
        found = list(islice(((self.parts[i], abs(i - at)) for i in places if self.parts[i] in NAMES), 2))
        names = [name for name, _ in found] + ["-"] * (2 - len(found))
        return names, found[0][1] if found else 0


def at_cues(view: View) -> Iterator[str]:
    """The features of each cue word in the candidate's own sentence, and of whose words its names stand in."""
    names = {item.token.i: part for item, part in zip(view.items, view.parts, strict=True) if part in NAMES}
    for at, item in enumerate(view.items):
        cue = _CUE.match(item.word) if view.inside[at] and view.parts[at] not in NAMES else None
        if cue is not None:
            stem = cue.group(1)
            yield from _beside(view, at, stem)
            yield from _arguments(item.token, stem, names)
    for item, part, inside in zip(view.items, view.parts, view.inside, strict=True):
        if part in {"E1", "E2"}:
            yield from _hangs(item.token, part)
            if inside:
                yield f"in{part}:{view.whose(item.start)}"
    yield from _own_words(view)


def _beside(view: View, at: int, stem: str) -> Iterator[str]:
    """What a cue has on its left and right, what negates or colours it, and whose word it is."""
    item = view.items[at]
    (left, further_left), gap = view.near(at, -1)
    (right, further_right), reach = view.near(at, 1)
    sides, wide = f"{left}:{right}", f"{further_left}{left}:{right}{further_right}"
    tag = item.token.tag_
    yield f"c:{stem}:{sides}"
    yield f"ct:{stem}:{tag}:{sides}"
    yield f"c2:{stem}:{wide}"
    yield f"cc:{tag}:{sides}"
    yield f"cx:{wide}"
    if right == "E2":
        yield f"cr:{stem}:{min(reach, _FAR)}"
    if left == "E1":
        yield f"cl:{stem}:{min(gap, _FAR)}"
    if reach:
        yield f"cm:{stem}:{' '.join(view.parts[at + 1 : at + min(reach, _FAR)][:4])}:{right}"
    told = view.whose(item.start)
    yield f"w:{stem}:{told}"
    yield f"w1:{told}"
    yield f"wlr:{told}:{sides}"
    yield f"wslr:{stem}:{told}:{sides}"
    before = [other.word for other in view.items[max(0, at - 5) : at]]
    for word in _NEGATION.intersection(before):
        yield f"n:{stem}:{word}"
        yield f"nlr:{word}:{sides}"
        yield f"nslr:{stem}:{sides}"
    for word in _MOOD.intersection(before[-4:]):
        yield f"x:{stem}:{word}:{sides}"


def _arguments(cue: Token, stem: str, names: dict[int, str]) -> Iterator[str]:
    """The subject of a cue or of the verb that it follows, its objects, and what its prepositions lead to."""
    verb = cue
    for _ in range(3):
        if (
            verb.pos_ not in {"VERB", "AUX"}
            or verb.dep_ not in {"xcomp", "conj", "ccomp"}
            or any(c.dep_ in {"nsubj", "nsubjpass"} for c in verb.children)
        ):
            break
        verb = verb.head
    subjects = [c.dep_[-4:] + _who(c, names) for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"}]
    objects = [c.dep_ + _who(c, names) for c in cue.children if c.dep_ in {"dobj", "obj", "attr", "dative"}]
    others = [
        c.lower_ + _who(d, names)
        for c in cue.children
        if c.dep_ in {"prep", "agent"}
        for d in c.children
        if d.dep_ == "pobj"
    ]
    others += ["poss" + _who(c, names) for c in cue.children if c.dep_ == "poss"]
    others += ["comp" + _who(c, names) for c in cue.children if c.dep_ in {"compound", "amod"}]
    subject, object_ = ",".join(sorted(subjects)) or "-", ",".join(sorted(objects)) or "-"
    yield f"s:{stem}:{subject}:{object_}"
    yield f"so:{subject}:{object_}"
    yield f"ss:{stem}:{subject}"
    yield f"sb:{stem}:{object_}"
    for other in others:
        yield f"sp:{stem}:{other}"
        yield f"spp:{other}"
        yield f"ssp:{stem}:{subject}:{other}"


def _who(token: Token, names: dict[int, str]) -> str:
    """Which of the two an argument names, itself or in a list or apposition; "O" for another, "-" for none."""
    found = {
        names[t.i]
        for t in token.subtree
        if t.i in names and (t is token or t.dep_ in {"conj", "appos", "compound", "flat", "nmod"})
    }
    asked = [name for name in ("E1", "E2") if name in found]
    return "".join(asked) or ("O" if found else "-")


def _hangs(token: Token, part: str) -> Iterator[str]:
    """What a name possesses, or the preposition and the word that lead to it."""
    if token.dep_ == "poss":
        yield f"poss{part}:{plain(token.head)}"
    elif token.dep_ == "pobj":
        yield f"pobj{part}:{token.head.lower_}:{plain(token.head.head)}"


def _own_words(view: View) -> Iterator[str]:
    """What the endorser says in the candidate's own sentence."""
    candidate = view.candidate
    own = [
        told
        for told in view.attributions
        if told.speaker == candidate.endorser and any(p.overlaps(candidate.focus) for p in told.content)
    ]
    if not own:
        return
    yield "own"
    yield f"own:{own[0].sourcing}"
    parts = [part for told in own for part in told.content]
    for item in view.items:
        if any(part.start <= item.start < part.end for part in parts):
            yield f"ow:{item.word}"
