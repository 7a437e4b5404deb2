"""Stands against a candidate: calls to leave the race, work for a defeat, "anyone but her", a stop-Castell drive.

Entry: `against(doc)`.
"""

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from whipcount.article import Stand
from whipcount.read.arguments import Found, expand, objects_of, subjects
from whipcount.read.cues import Pattern
from whipcount.read.stance import above, denied

_R = Stand.REFUSED
_LEAVE = Pattern(
    "asked to leave", "drop", _R, "Finch called on Castell to drop out of the race.", weight=0.75
)
_SHUN = Pattern("urges to reject", "urge", _R, "Finch urged voters to reject Castell.", weight=0.7)
_DEFEAT = Pattern("works to defeat", "defeat", _R, "Finch is working to defeat Castell.", weight=0.6)
_ANYONE = Pattern("anyone but", "but", _R, "Finch would vote for anyone but Castell.", weight=0.7)
_DRIVE = Pattern("anti", "anti", _R, "Finch is a leader of the anti-Castell movement.", weight=0.7)
_OPPOSED = Pattern("opposed to", "opposed", _R, "Finch is opposed to Castell.", weight=0.7)
_SPEND = Pattern("spends against", "spend", _R, "Alder First spent two million against Castell.", weight=0.6)
_UNFIT = Pattern("not fit", "fit", _R, "Finch said Castell is not fit to be governor.", weight=0.6)

_ASK = frozenset(
    "call urge ask press pressure advise tell want implore beg encourage push plead demand".split()
)
_SAY = frozenset("say tell think believe write tweet argue add".split())
_GO = frozenset({"drop", "quit", "withdraw", "leave", "exit", "step", "bow", "end", "abandon", "suspend"})
_PARTICLES = {"drop": {"out"}, "step": {"aside", "down"}, "bow": {"out"}}
_RACE = frozenset("race contest campaign bid candidacy ticket election".split())
_PUBLIC = frozenset(
    "voter people republican democrat member delegate american reader resident supporter conservative lawmaker leader colleague electorate everyone".split()
)
_SHUNNED = frozenset(
    {"reject", "defeat", "oppose", "dump", "abandon", "repudiate", "unendorse", "disavow", "denounce"}
)
_BEAT = frozenset({"defeat", "stop", "beat", "block", "unseat", "oust", "derail", "topple", "sink", "thwart"})
_WORK = frozenset(
    "work fight effort seek campaign drive push plot movement group spend organize vow help".split()
)
_NOUNS = frozenset(
    "group pac movement effort campaign force leader activist drive ad faction crowd crusade push outfit wing coalition delegate plotter super".split()
)


def against(doc: Doc) -> Iterator[Found]:
    """Every stand against somebody in a parsed article, but for those by the plain verbs of `cues.py`."""
    for token in doc:
        lemma = token.lemma_.lower()
        if lemma in _GO and token.pos_ == "VERB":
            yield from _leave(token)
        if lemma in _SHUNNED and token.dep_ == "xcomp":
            yield from _shun(token)
        if lemma in _BEAT and token.pos_ == "VERB":
            yield from _defeat(token)
        if lemma in {"vote", "support", "back", "elect"} and token.dep_ in {"xcomp", "ccomp", "advcl"}:
            yield from _not_to(token)
        if (
            token.lower_ in {"anyone", "anybody"}
            and token.i + 2 < len(doc)
            and doc[token.i + 1].lower_ == "but"
        ):
            yield from _anyone(token)
        if (
            token.lower_ in {"anti", "stop", "never"}
            and token.i + 2 < len(doc)
            and doc[token.i + 1].text == "-"
        ):
            yield from _drive(token)
        if lemma in {"opposed", "oppose"} and (objects := objects_of(token, ("to",))):
            yield Found(_OPPOSED, token, _of_adjective(token), objects, noun=True)
        if lemma == "spend" and token.pos_ == "VERB" and (objects := objects_of(token, ("against",))):
            yield Found(_SPEND, token, subjects(token), objects)
        if lemma in {"fit", "qualified"} and token.dep_ == "acomp" and denied(token.head):
            yield from _not_fit(token)


def _of_adjective(word: Token) -> list[Token]:
    passive = [c for c in word.children if c.dep_ in {"nsubjpass", "nsubj"}]
    return passive or subjects(word)


def _asker(verb: Token) -> Token | None:
    """The verb by which somebody asks for what a verb says."""
    head = verb.head
    if head.lemma_ in {"come", "time"} and any(t.lower_ == "time" for t in head.subtree):
        head = (
            head.head if head.dep_ in {"ccomp", "attr"} else head
        )  # "said the time had come for her to step aside"
        head = head.head if head.dep_ == "ccomp" else head
        return head if head.lemma_ in _SAY else None
    told = _ASK | (_SAY if any(c.lower_ in {"should", "must"} for c in verb.children) else frozenset())
    return head if verb.dep_ in {"xcomp", "ccomp", "advcl"} and head.lemma_ in told else None


def _leave(verb: Token) -> Iterator[Found]:
    """ "called on Castell to drop out", "urged her to quit the race", "called for Castell to step aside"."""
    asker = _asker(verb)
    wanted = _PARTICLES.get(verb.lemma_)
    if asker is None or denied(verb) or any(denied(t) for t in (asker, *above(asker))):
        return
    if wanted is not None and not any(c.lower_ in wanted for c in verb.children):
        return
    if wanted is None and not any(t.lemma_.lower() in _RACE for t in verb.subtree):
        return
    own = [c for c in verb.children if c.dep_ == "nsubj"]
    asked = own or [c for c in asker.children if c.dep_ == "dobj"] or objects_of(asker, ("on", "upon"))
    yield Found(_LEAVE, verb, subjects(asker), asked)


def _shun(verb: Token) -> Iterator[Found]:
    """ "urged voters to reject Castell"."""
    asker = _asker(verb)
    if asker is not None and not denied(verb) and _the_public(asker, verb):
        yield Found(_SHUN, verb, subjects(asker), [c for c in verb.children if c.dep_ == "dobj"])


def _not_to(verb: Token) -> Iterator[Found]:
    """ "urged voters not to vote for Castell"."""
    asker = _asker(verb)
    if asker is not None and denied(verb) and _the_public(asker, verb):
        objects = [c for c in verb.children if c.dep_ == "dobj"] + objects_of(verb, ("for",))
        yield Found(_SHUN, verb, subjects(asker), objects)


def _the_public(asker: Token, verb: Token) -> bool:
    asked = [c for c in (*asker.children, *verb.children) if c.dep_ in {"dobj", "nsubj"} and c.i > asker.i]
    asked += objects_of(asker, ("on", "upon"))
    return any(c.lemma_.lower() in _PUBLIC for c in asked)


def _defeat(verb: Token) -> Iterator[Found]:
    """ "is working to defeat Castell", "leads an effort to stop Castell"."""
    head = verb.head
    if head.lower_ in {"of", "at", "on"} and verb.dep_ == "pcomp":
        head = head.head
    if head.lemma_.lower() not in _WORK or denied(verb) or denied(head):
        return
    holders = subjects(head) if head.pos_ == "VERB" else _leaders(head)
    yield Found(_DEFEAT, verb, holders, [c for c in verb.children if c.dep_ == "dobj"])


_HEAD_OF = frozenset(
    "leader member founder head chairman co-founder organizer part director face architect".split()
)


def _leaders(noun: Token) -> list[Token]:
    """Who leads or joins what a noun names: "Finch leads the drive", "Finch, a leader of the drive"."""
    out = [c for c in noun.children if c.dep_ == "appos"]
    if noun.dep_ == "appos":
        out.append(noun.head)
    elif noun.dep_ == "attr" or (
        noun.dep_ == "dobj"
        and noun.head.lemma_ in {"lead", "join", "run", "head", "launch", "found", "fund", "organize"}
        and not denied(noun.head)
    ):
        out += subjects(noun.head)
    elif noun.dep_ == "pobj":
        above = noun.head.head
        if above.pos_ in {"NOUN", "PROPN"} and above.lemma_.lower() in _HEAD_OF:
            out += _leaders(above)
    return out


def _anyone(word: Token) -> Iterator[Found]:
    """ "would vote for anyone but Castell"."""
    names = [
        t for t in word.doc[word.i + 2 : word.i + 5] if t.pos_ == "PROPN" and t.sent.start == word.sent.start
    ][:2]
    verb = next((t for t in word.ancestors if t.pos_ == "VERB"), None)
    if verb is not None and names:
        yield Found(_ANYONE, word, subjects(verb), [x for n in names for x in expand(n)])


def _drive(prefix: Token) -> Iterator[Found]:
    """ "Alder First, an anti-Castell group", "Finch, a leader of the stop-Castell movement"."""
    doc = prefix.doc
    noun = None
    for token in doc[prefix.i + 3 : prefix.i + 7]:
        if token.pos_ not in {"NOUN", "PROPN", "ADJ"} or token.sent.start != prefix.sent.start:
            break
        if token.lemma_.lower() in _NOUNS:
            noun = token
    if noun is None:
        return
    holders = [noun, *_leaders(noun)] if noun.pos_ == "PROPN" else _leaders(noun)
    yield Found(_DRIVE, noun, holders, [doc[prefix.i + 2]], noun=True)


def _not_fit(word: Token) -> Iterator[Found]:
    """ "said Castell is not fit to be governor"."""
    said = word.head.head if word.head.dep_ == "ccomp" else None
    targets = [c for c in word.head.children if c.dep_ == "nsubj"]
    yield Found(_UNFIT, word, subjects(said) if said is not None else [], targets, noun=True)
