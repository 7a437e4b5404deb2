"""Which pairs of endorser and endorsee the judge is asked about, and at which sentence.

Entry: `candidates(doc, mentions, attributions)`. Pure, and generous: it should hold nearly every position
that the article reports; telling the true ones is the judge's business.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from whipcount.article import Attribution, Kind, Mention, Span
from whipcount.read.names import is_measure, surname
from whipcount.read.parse import sentences

CUE = re.compile(
    r"\b(?:un-?)?endors|\bback(?:s|ed|ing|ers?)?\b|support|\bvot(?:e|es|ed|ing|er)\b|\bballot|campaign|\bstump|\bcanvass|neutral|"
    r"\bunfit|unqualified|disqualif|\boppos|nominee|nominat|\bbehind\b|\bnod\b|blessing|\bnever\b|anybody but|anyone but|\breject|"
    r"\bfavou?r|\bchoice\b|\bpick|\bchoos|\bchose|\brall(?:y|ied|ying)\b|\bweight\b|undecided|commit|\bwith her\b|\bcamp\b|withdr[ae]w|"
    r"rescind|revok|disavow|denounc|repudiat|\bdefeat|\bstop\b|surrogate|\bally\b|\ballies\b|\bfan of\b|embrac|recommend|"
    r"\burg(?:e|es|ed|ing)\b|\bstand(?:s|ing)? (?:with|by)|\bstood (?:with|by)|\bside[sd]? with|\blean(?:s|ed|ing)?\b|"
    r"come out for|c[ao]me out|\bjoin|\bline[ds]? up|\bunit(?:e|ed|ing)\b|champion|\bdump|abandon|\bdrop out|step aside|"
    r"\bquit\b|hold(?:s|ing)? out|holdout|on the fence|\bfor president\b|\bfor governor\b|\bfor senate\b|\bfor mayor\b|"
    r"\bcaucus|\bthrow|\bthrew\b|\bthrown\b|\bbelieve[sd]? in\b|\bbest (?:candidate|choice|person)|\bstump|tapp?ed|on board|"
    r"\bpresiden|candida|\bagainst\b|\banti-|\bpro-|\boppon|\bflip|accept|\bpromot|\bbehalf\b|\bticket\b|\bfor him\b|\bfor her\b|"
    r"\bloyal|\bfor (?:Mr|Mrs|Ms|Sen|Gov|Rep)\.|\belect(?:s|ed|ing)?\b|root(?:s|ed|ing) for|\bpull(?:s|ed|ing)? (?:for|his|her|its)",
    re.IGNORECASE,
)
"""Words that stand near a position: wide on purpose. What it loses is measured in docs/trials.md."""
_NOMINEE = re.compile(
    r"\b(?:[Tt]he|[Oo]ur|[Tt]heir|[Ii]ts|[Hh]is|[Hh]er) (?:(?:party[’']s|eventual|presumptive|presidential|likely) )*"
    r"(Republican|Democratic|GOP|Libertarian|Green)?(?:[’']s)? ?(?:Party )?(?:[’']s )?(?:(?:eventual|presidential|presumptive|party[’']s) )*nominee\b"
)
_FIRST = frozenset({"i", "me", "my", "we", "us", "our", "myself"})
_SPEECH = frozenset(
    [
        "say",
        "tell",
        "write",
        "tweet",
        "add",
        "announce",
        "ask",
        "argue",
        "note",
        "explain",
        "declare",
        "state",
        "insist",
        "post",
        "continue",
        "vow",
        "respond",
        "reply",
        "acknowledge",
        "admit",
        "warn",
        "joke",
        "quip",
        "conclude",
        "recall",
        "remark",
        "put",
        "read",
    ]
)
_MARKS = '"“”'
NEAR_CUE = 1
"""How many sentences away from the focus a cue may stand, where both of the pair stand in the focus."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A span that stands for somebody or something, under one name."""

    span: Span
    name: str
    kind: Kind
    form: str
    """As `Mention.form`; also `first` for I and we, `nominee` and `measure`."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One question for the judge: where does `endorser` stand on `endorsee`, by what `focus` says?"""

    endorser: str
    kind: Kind
    endorsee: str
    focus: Span
    window: Span
    """The focus and those of its neighbours that are needed to hold both."""


@dataclass(frozen=True, slots=True)
class Questions:
    """All candidates of an article, with the marks that their windows are read by."""

    marks: tuple[Mark, ...]
    """In order of place; none overlaps another."""
    candidates: tuple[Candidate, ...]
    attributions: tuple[Attribution, ...] = ()
    """Who says what around them."""


def candidates(doc: Doc, mentions: Sequence[Mention], attributions: Sequence[Attribution] = ()) -> Questions:
    """The pairs to judge, sentence by sentence."""
    text = doc.text  # put together anew at each asking
    marks = _marks(doc, mentions, attributions)
    spans = sentences(doc)
    starts = [s.start for s in spans]
    by_sentence: dict[int, dict[str, Mark]] = defaultdict(dict)
    for mark in marks:
        at = bisect_right(starts, mark.span.start) - 1
        if at >= 0:
            by_sentence[at].setdefault(mark.name, mark)
    found = []
    cued = [bool(CUE.search(span.of(text))) for span in spans]
    for n, focus in enumerate(spans):
        here = by_sentence.get(n, {})
        if not here or not any(cued[max(0, n - NEAR_CUE) : n + NEAR_CUE + 1]):
            continue
        places = _reach(n, cued, by_sentence)
        around = {mark.name: mark for mark, _ in reversed(places)}
        away = {mark.name: distance for mark, distance in reversed(places)}
        for endorser in around.values():
            if not _may_endorse(endorser) or away[endorser.name] not in (_BOTH if cued[n] else _HERE):
                continue
            for endorsee in around.values():
                if not _may_be_endorsed(endorsee) or not _distinct(endorser, endorsee):
                    continue
                one, two = away[endorser.name], away[endorsee.name]
                if one and two:
                    continue
                window = Span(spans[n + min(one, two, 0)].start, spans[n + max(one, two, 0)].end)
                found.append(Candidate(endorser.name, endorser.kind, endorsee.name, focus, window))
    return Questions(marks, tuple(found), tuple(attributions))


_HERE = (0,)
_BOTH = (-1, 0, 1)
"""Where an endorser may stand, counted in sentences from the focus."""
_NAMED = frozenset({"name", "nominee", "measure"})


def _reach(
    n: int, cued: Sequence[bool], by_sentence: Mapping[int, Mapping[str, Mark]]
) -> list[tuple[Mark, int]]:
    """The marks in reach of sentence `n` with their distance in sentences, the nearest first.

    A sentence with a cue reaches one sentence either way, and two back for an endorsee by name; one that
    goes on from a cued sentence ("They include …") reaches that, and if it is a list, one further back.
    """
    places = [(mark, 0) for mark in by_sentence.get(n, {}).values()]
    listed = sum(mark.form == "name" for mark, _ in places) > 1
    before, further, after = (by_sentence.get(n + step, {}).values() for step in (-1, -2, 1))
    if cued[n]:
        places += [(mark, -1) for mark in before] + [(mark, 1) for mark in after]
        places += [(mark, -2) for mark in further if mark.form in _NAMED]
    elif n and cued[n - 1]:
        places += [(mark, -1) for mark in before]
    if not cued[n] and n > 1 and cued[n - 2] and listed:
        places += [(mark, -2) for mark in further]
    return places


def _may_endorse(mark: Mark) -> bool:
    return mark.form not in {"nominee", "measure"}


def _may_be_endorsed(mark: Mark) -> bool:
    return mark.form in {"nominee", "measure"} or mark.kind in {Kind.PERSON, Kind.VOTER}


def _distinct(one: Mark, other: Mark) -> bool:
    """Two, not one under two names: nobody is asked about himself."""
    return one.name != other.name and not (
        surname(one.name) == surname(other.name) and (one.name in other.name or other.name in one.name)
    )


def _marks(doc: Doc, mentions: Sequence[Mention], attributions: Sequence[Attribution]) -> tuple[Mark, ...]:
    marks = [
        Mark(m.span, m.name, m.kind, "measure" if is_measure(m.name) else m.form) for m in mentions if m.name
    ]
    marks += _first_persons(doc, mentions, attributions)
    text = doc.text
    for hit in _NOMINEE.finditer(text):
        party = "Republican" if hit[1] == "GOP" else hit[1]
        marks.append(
            Mark(
                Span(*hit.span()), f"the {party} nominee" if party else "the nominee", Kind.PERSON, "nominee"
            )
        )
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (m.span.start, -m.span.end)):
        if not kept or mark.span.start >= kept[-1].span.end:
            kept.append(mark)
    return tuple(kept)


def _first_persons(doc: Doc, mentions: Sequence[Mention], attributions: Sequence[Attribution]) -> list[Mark]:
    """I and we under the speaker's name, by the attributions or, where they are silent, by the nearest speech verb."""
    kinds = {m.name: m.kind for m in mentions}
    parts = sorted(
        ((p, a.speaker) for a in attributions for p in a.content if a.speaker),
        key=lambda x: x[0].end - x[0].start,
    )
    text = doc.text
    speakers: list[tuple[int, Mark]] | None = None
    out = []
    for token in doc:
        if token.lower_ not in _FIRST:
            continue
        at = token.idx
        name = next((s for part, s in parts if part.start <= at < part.end), None)
        if name is None and _quoted(text, at):
            speakers = _speakers(doc, mentions) if speakers is None else speakers
            name = _nearest(text, at, speakers)
        if name:
            out.append(Mark(Span(at, at + len(token.text)), name, kinds.get(name, Kind.PERSON), "first"))
    return out


def _quoted(text: str, at: int) -> bool:
    """Whether a place lies within quotation marks that its paragraph opened."""
    before = text[text.rfind("\n", 0, at) + 1 : at]
    if "“" in before or "”" in before:
        return before.rfind("“") > before.rfind("”")
    return before.count('"') % 2 == 1


def _speakers(doc: Doc, mentions: Sequence[Mention]) -> list[tuple[int, Mark]]:
    """Who is the subject of a verb of speech, and where."""
    at = {m.span.start: m for m in mentions}
    ends = {m.span.end: m for m in mentions}
    out = []
    for token in doc:
        if token.lemma_.lower() not in _SPEECH or token.pos_ not in {"VERB", "AUX"}:
            continue
        subject: Token | None = next((c for c in token.children if c.dep_ == "nsubj"), None)
        if subject is None:
            continue
        mention = at.get(subject.idx) or ends.get(subject.idx + len(subject.text))
        if mention is not None:
            out.append((token.idx, Mark(mention.span, mention.name, mention.kind, mention.form)))
    return out


def _nearest(text: str, at: int, speakers: Sequence[tuple[int, Mark]]) -> str | None:
    """The speaker in the paragraph, the nearest first; else the last one of the paragraph before."""
    begin = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    own = [(abs(place - at), mark.name) for place, mark in speakers if begin <= place < end]
    if own:
        return min(own)[1]
    before = [mark.name for place, mark in speakers if begin - 500 <= place < begin]
    return before[-1] if before else None
