"""Who endorses whom by the grammar of a cue: subjects, objects, lists, possessives, appositions."""

from collections.abc import Iterable, Iterator

from spacy.tokens import Doc, Token

from whipcount.read.cues import LIGHT_VERBS, NOUNS, UNFIT, VERBS, Pattern

_LISTS = frozenset({"including", "like", "as", "among"})
_CANDIDACY = frozenset(
    "candidacy bid campaign run nomination ticket presidency candidate nominee effort cause side election reelection re-election camp".split()
)
_OF_THEM = frozenset({"one", "some", "two", "three", "several", "few", "part"})
_SHORT = frozenset({"stop", "hold", "shy", "back", "pull", "withhold"})
"""Verbs that keep an endorsement back: "stopped short of an endorsement", "is holding off on one"."""
_WILL = frozenset(
    "decision plan intention refusal pledge promise reluctance vow call request pressure chance opportunity hurry rush".split()
)
_WRITINGS = frozenset("letter statement op-ed editorial post tweet message column ad".split())
_BODIES = frozenset(
    "board page newspaper paper union chapter committee members leaders leadership executive".split()
)


def expand(token: Token, *, lists: bool = True) -> Iterator[Token]:
    """A noun, what is joined to it by "and", what stands beside it, and what "such as" or "including" lists.

    What stands beside a name only describes it: "Rina Castell, her party's nominee".
    """
    yield token
    for child in token.children:
        joined = child.dep_ == "conj" or (
            child.dep_ == "appos" and (token.pos_ != "PROPN" or child.pos_ == "PROPN")
        )
        if joined and child.pos_ in {"NOUN", "PROPN", "PRON"}:
            yield from expand(child, lists=lists)
    if lists:
        yield from listed(token)


def listed(token: Token) -> Iterator[Token]:
    """What "such as", "like" or "including" after a token lists."""
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ in _LISTS:
            for below in child.children:
                if below.dep_ in {"pobj", "pcomp"}:
                    yield from expand(below)
                elif below.dep_ == "prep":
                    yield from (x for c in below.children if c.dep_ == "pobj" for x in expand(c))


def bearers(token: Token) -> Iterator[Token]:
    """Whom a noun says something of: "Odell Finch, a consultant and former aide who …", "Finch is one of those who …"."""
    while token.head.i != token.i and token.pos_ in {"NOUN", "NUM", "PRON"}:
        if token.dep_ in {"appos", "conj"}:
            token = token.head
            yield token
        elif token.dep_ == "attr":
            yield from subjects(token.head)
            return
        elif token.dep_ == "pobj" and token.head.lower_ == "among" and token.head.head.lemma_ == "be":
            yield from subjects(token.head.head)
            return
        elif token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head.lower_ in _OF_THEM:
            token = token.head.head
        else:
            return


def subjects(verb: Token, depth: int = 0) -> list[Token]:
    """Who does what a verb says, also where the subject stands with a verb above or before it."""
    own = [c for c in verb.children if c.dep_ == "nsubj"]
    if own:
        out: list[Token] = []
        for token in own:
            if token.tag_ in {"WP", "WDT"} and verb.dep_ == "relcl":
                out.append(verb.head)
            else:
                out.append(token)
        return out
    if depth > 4 or any(c.dep_ == "nsubjpass" for c in verb.children):
        passive = [c for c in verb.children if c.dep_ == "nsubjpass"]
        # "was expected to endorse": the passive verb's subject is the endorser.
        return passive if depth and passive else []
    head = verb.head
    if verb.dep_ in {"conj", "xcomp", "advcl", "ccomp", "pcomp", "prep", "dobj", "parataxis"}:
        if verb.dep_ in {"pcomp", "prep"} and head.pos_ == "ADP":
            return subjects(head, depth + 1) if head.head is not head else []
        if head.pos_ == "ADV":  # "stopped short of endorsing"
            return subjects(head.head, depth + 1)
        return (
            subjects(head, depth + 1)
            if head is not verb and head.pos_ in {"VERB", "AUX", "ADP", "ADJ"}
            else _noun_subject(head)
        )
    if verb.pos_ == "ADP" and head is not verb:
        return subjects(head, depth + 1) if head.pos_ in {"VERB", "AUX", "ADJ"} else _noun_subject(head)
    if verb.dep_ in {"acl", "relcl"}:
        return (
            _noun_subject(head)
            if head.lemma_ in _WILL or (head.lemma_ in _WRITINGS and verb.dep_ == "acl")
            else [head]
        )
    if verb.dep_ in {"acomp", "attr"} and head is not verb:
        return subjects(head, depth + 1)
    return []


def _noun_subject(noun: Token) -> list[Token]:
    """ "Finch's refusal to endorse", "Finch has no plans to endorse": whose noun it is."""
    owners = [c for c in noun.children if c.dep_ == "poss"]
    if owners:
        return owners
    if noun.dep_ in {"dobj", "attr"} and noun.head is not noun:
        return subjects(noun.head, 1)
    if noun.dep_ == "pobj" and noun.lemma_ in _WILL and noun.head.pos_ == "ADP":
        verb = noun.head.head  # "is in no hurry to endorse"
        return subjects(verb, 1) if verb.pos_ in {"VERB", "AUX"} else []
    return []


def _kept_back(noun: Token) -> Token | None:
    """The verb that keeps an endorsement back, through what stands between: "stopped short of an endorsement"."""
    head = noun.head
    while head.pos_ in {"ADP", "ADV"} and head.head.i != head.i:  # an adverb may be its sentence's root
        head = head.head
    return head if head.lemma_ in _SHORT and head.i != noun.head.i else None


def objects_of(token: Token, preps: Iterable[str]) -> list[Token]:
    """Objects of the prepositions that hang on a token, a preposition stacked on another included."""
    wanted = set(preps)
    out = []
    for child in token.children:
        if (child.dep_ in {"prep", "agent", "dative"} or child.pos_ == "ADP") and child.lower_ in wanted:
            out += [c for c in child.children if c.dep_ in {"pobj", "pcomp"}]
    return out


def candidate_of(token: Token) -> list[Token]:
    """The person behind a noun: "Castell's candidacy", "the Castell campaign", "Castell for governor"."""
    out = [token]
    if token.lemma_.lower() in _CANDIDACY:
        out += [c for c in token.children if c.dep_ in {"poss", "compound", "nmod", "amod"}]
        out += objects_of(token, ("of",))
    return out


def body_of(token: Token) -> list[Token]:
    """The organization behind a noun: "the Courier's editorial board"."""
    out = [token]
    if token.lemma_.lower() in _BODIES or token.lower_ in _BODIES:
        out += [c for c in token.children if c.dep_ in {"poss", "compound", "nmod"}] + objects_of(
            token, ("of", "at")
        )
    return out


class Found:
    """One cue in a sentence with the tokens that grammar gives it."""

    __slots__ = ("cue", "endorsees", "endorsers", "noun", "pattern")

    def __init__(
        self,
        pattern: Pattern,
        cue: Token,
        endorsers: list[Token],
        endorsees: list[Token],
        *,
        noun: bool = False,
    ) -> None:
        self.pattern = pattern
        self.cue = cue
        self.endorsers = [x for t in endorsers for y in [*expand(t), *bearers(t)] for x in body_of(y)]
        self.endorsees = [
            x for t in endorsees for y in expand(t, lists=t.pos_ == "NOUN") for x in candidate_of(y)
        ]
        if endorsers and all(t.pos_ in {"NOUN", "NUM", "DET", "PRON"} for t in endorsers):
            # "lawmakers who have endorsed Castell, including Odell Finch": the list hangs on what stands nearest.
            self.endorsers += [
                x
                for t in [cue, *(e for e in endorsees if e.pos_ == "PROPN")]
                for y in listed(t)
                for x in body_of(y)
            ]
        self.noun = noun


_BY_VERB: dict[str, list[Pattern]] = {}
for _p in VERBS:
    _BY_VERB.setdefault(_p.cue, []).append(_p)
_BY_LIGHT: dict[str, list[Pattern]] = {}
for _p in LIGHT_VERBS:
    _BY_LIGHT.setdefault(_p.cue, []).append(_p)
_BY_NOUN = {p.cue: p for p in NOUNS}
_HOLDERS = frozenset({"supporter", "backer", "endorser", "surrogate"})
_UNFIT_PATTERN = Pattern(
    "unfit",
    "unfit",
    next(p.stand for p in VERBS if p.name == "oppose"),
    "Finch called Castell unfit for office.",
    weight=0.5,
)


def cues(doc: Doc) -> Iterator[Found]:
    """Every cue of a parsed article with its endorser and endorsee tokens."""
    for token in doc:
        lemma = token.lemma_.lower()
        if token.pos_ in {"VERB", "AUX"} or (token.tag_ == "VBG"):
            for pattern in _BY_LIGHT.get(lemma, ()):
                found = _light(pattern, token)
                if found:
                    yield found
                    break
            for pattern in _BY_VERB.get(lemma, ()):
                yield from _verb(pattern, token)
        if token.pos_ in {"NOUN", "PROPN"} or token.dep_ in {"dobj", "nsubj", "pobj"}:
            pattern_ = _BY_NOUN.get(lemma)
            if pattern_ and token.pos_ != "VERB":
                yield from _holder(pattern_, token) if lemma in _HOLDERS else _noun(pattern_, token)
        if lemma in UNFIT:
            yield from _unfit(token)


_AWAY = frozenset({"down", "off", "away", "out", "up", "into", "from"})
"""Particles that make another verb of "back": "backed down", "backed out"."""
_WITH = {"come": "out", "line": "up"}
"""Particles without which a verb is no cue: "came out for", not "came back for"."""


def _verb(pattern: Pattern, verb: Token) -> Iterator[Found]:
    if pattern.cue == "back" and any(c.lower_ in _AWAY and c.i == verb.i + 1 for c in verb.children):
        return
    if pattern.cue in _WITH and not any(c.lower_ == _WITH[pattern.cue] for c in verb.children):
        return
    passive = [c for c in verb.children if c.dep_ == "nsubjpass"]
    agents = [
        c
        for a in verb.children
        if a.dep_ == "agent" or (a.dep_ == "prep" and a.lower_ == "by")
        for c in a.children
        if c.dep_ == "pobj"
    ]
    if "dobj" in pattern.object:
        if agents and verb.tag_ in {"VBN", "VBD"}:
            endorsed = [
                verb.head if c.tag_ in {"WP", "WDT"} and verb.dep_ == "relcl" else c for c in passive
            ] or ([verb.head] if verb.dep_ in {"acl", "relcl", "appos"} else subjects(verb))
            yield Found(pattern, verb, agents, endorsed)
            return
        if passive:
            return
        objects = [c for c in verb.children if c.dep_ == "dobj"]
        if (
            not objects
            and verb.dep_ == "relcl"
            and any(c.dep_ == "nsubj" and c.tag_ not in {"WP", "WDT"} for c in verb.children)
        ):
            objects = [verb.head]
        if not objects:
            # "has neither endorsed nor opposed Castell": the object of the verb joined to it.
            objects = [c for x in verb.children if x.dep_ == "conj" for c in x.children if c.dep_ == "dobj"]
    else:
        objects = objects_of(verb, pattern.object)
        for child in verb.children:
            if child.dep_ in {"prt", "advmod", "prep", "npadvmod", "dobj"}:
                objects += objects_of(child, pattern.object)
    yield Found(pattern, verb, subjects(verb), objects)


def _light(pattern: Pattern, verb: Token) -> Found | None:
    nouns = [
        c
        for c in verb.children
        if c.dep_ in {"dobj", "nsubjpass", "attr", "oprd"} and c.lemma_.lower() in pattern.noun
    ]
    if not nouns and verb.dep_ == "relcl" and verb.head.lemma_.lower() in pattern.noun:
        nouns = [verb.head]
    if not nouns or (verb.lemma_ == "take" and not any(c.lower_ == "back" for c in verb.children)):
        return None  # "took back her support", but not "took the endorsement as a surprise"
    noun = nouns[0]
    preps = objects_of(noun, pattern.preps) + objects_of(verb, pattern.preps)
    owners = [c for c in noun.children if c.dep_ == "poss"]
    if pattern.gives:
        others = [c for c in verb.children if c.dep_ == "dative" and c.pos_ != "ADP"] or [
            c for c in verb.children if c.dep_ == "dobj" and c is not noun
        ]
        return Found(pattern, verb, subjects(verb) or owners, preps + others, noun=False)
    return Found(
        pattern,
        verb,
        preps
        + [o for o in owners if o.tag_ != "PRP$"]
        + [c for c in noun.children if c.dep_ in {"compound", "nmod"}],
        subjects(verb),
        noun=False,
    )


def _noun(pattern: Pattern, noun: Token) -> Iterator[Found]:
    if noun.dep_ == "dobj" and noun.head.lemma_.lower() in _BY_LIGHT:
        return
    owners = [c for c in noun.children if c.dep_ == "poss"]
    givers = objects_of(noun, ("by", "from"))
    targets = objects_of(noun, pattern.preps)
    if givers:
        yield Found(pattern, noun, givers, owners + [t for t in targets if t not in givers], noun=True)
    elif owners and targets:
        yield Found(pattern, noun, owners, targets, noun=True)
    elif (keeping := _kept_back(noun)) is not None:
        yield Found(pattern, noun, subjects(keeping), targets)
    elif targets and noun.dep_ in {"dobj", "pobj"}:
        yield Found(
            pattern,
            noun,
            subjects(noun.head) if noun.head.pos_ == "VERB" else _noun_subject(noun),
            targets,
            noun=True,
        )


def _holder(pattern: Pattern, noun: Token) -> Iterator[Found]:
    """ "Finch, a Castell supporter", "supporters such as Finch", "Castell supporter Odell Finch"."""
    targets = objects_of(noun, pattern.preps) + [
        c for c in noun.children if c.dep_ in {"poss", "compound", "nmod", "amod"}
    ]
    holders = [x for x in expand(noun) if x is not noun]
    if noun.dep_ == "appos" or noun.dep_ in {"compound", "nmod"}:
        holders.append(noun.head)
    elif noun.dep_ == "attr":
        holders += subjects(noun.head)
    elif noun.dep_ == "pobj" and noun.head.lower_ in {"as", "among"}:
        holders += subjects(noun.head.head)
    elif noun.dep_ == "conj" and noun.head.dep_ in {"appos", "attr"}:
        holders += [noun.head.head] if noun.head.dep_ == "appos" else subjects(noun.head.head)
    yield Found(pattern, noun, holders, targets, noun=True)


def _unfit(word: Token) -> Iterator[Found]:
    """ "called Castell unfit", "said Castell is unfit"."""
    said = None
    head = word.head
    targets: list[Token] = []
    if word.dep_ in {"acomp", "attr"}:
        targets = [c for c in head.children if c.dep_ == "nsubj"]
        said = head.head if head.dep_ == "ccomp" else None
    elif head.lower_ == "as" and head.dep_ == "prep":  # "denounced Castell as unfit"
        said = head.head
        targets = [c for c in said.children if c.dep_ == "dobj"]
    elif word.dep_ in {"oprd", "ccomp", "conj"}:
        targets = [c for c in word.children if c.dep_ == "nsubj"] + [
            c for c in head.children if c.dep_ == "dobj"
        ]
        said = head
    yield Found(_UNFIT_PATTERN, word, subjects(said) if said is not None else [], targets, noun=True)
