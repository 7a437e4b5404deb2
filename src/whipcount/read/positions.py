"""Positions by rule: cues and their grammar, read with who is who and who said it.

Entry: `positions(article, doc, mentions, attributions)`.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from whipcount.article import (
    ANY_CANDIDATE,
    Article,
    Attribution,
    Contest,
    Kind,
    Mention,
    Position,
    Sourcing,
    Span,
    Stand,
)
from whipcount.read.against import against
from whipcount.read.arguments import Found, cues
from whipcount.read.aside import aside
from whipcount.read.names import ORGANIZATION_WORD, is_measure, surname
from whipcount.read.parse import sentences
from whipcount.read.stance import Stance, contest, stance

_FIRST = frozenset({"i", "me", "my", "we", "us", "our"})
_ANY = frozenset(
    {
        "anyone",
        "anybody",
        "candidate",
        "candidates",
        "either",
        "neither",
        "nobody",
        "one",
        "race",
        "primary",
        "any",
        "contender",
        "rival",
    }
)
_GROUP = frozenset(
    "official lawmaker mayor senator representative governor leader member legislator general admiral officer commissioner "
    "newspaper union group delegate diplomat expert economist pastor bishop sheriff prosecutor supervisor councilmember tribe organization".split()
)
_NOMINEE = re.compile(
    r"\b(?:the|our|their|its|his|her) (?:(?:party’s|party's|eventual|presumptive|presidential|likely|GOP’s|GOP's) )*(Republican|Democratic|GOP|Libertarian|Green)? ?(?:Party )?(?:(?:eventual|presidential|presumptive) )*nominee\b"
)
_STAFF = re.compile(
    r"\b(?:spokes(?:man|woman|person)|campaign (?:manager|chair\w*|strategist|adviser|advisor|aide|director|spokes\w+)|running mate|adviser|advisor|strategist|pollster|super PAC|press secretary)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Context:
    """What the finders share about one article."""

    article: Article
    doc: Doc
    text: str
    at: dict[int, Mention]
    """Mention by the offset of every token start that it covers."""
    speaker_at: Callable[[int], str | None]
    kinds: dict[str, Kind]
    sentences: tuple[Span, ...]
    attributions: Sequence[Attribution]
    mentions: Sequence[Mention]
    nominees: Mapping[str, str]
    """Whom the article calls a party's nominee, by party."""

    def sentence(self, offset: int) -> Span:
        """The sentence around an offset."""
        for span in self.sentences:
            if span.start <= offset < span.end:
                return span
        return Span(offset, offset)


def _who(token: Token, context: _Context) -> str | None:
    """The name that a token stands for, through its mention or, for `I` and `we`, the speaker."""
    mention = context.at.get(token.idx)
    if mention is not None:
        return mention.name
    if token.lower_ in _FIRST:
        speaker = context.speaker_at(token.idx)
        body = _body(speaker, context) if speaker and token.lower_ in {"we", "us", "our"} else None
        return body or speaker
    return _group(token)


_EACH = frozenset({"each", "all", "both"})


def _all(token: Token, context: _Context) -> list[str]:
    """Whom a subject stands for: one, or for "each" and "both" those whom the sentences before have named."""
    one = _who(token, context)
    if one:
        return [one]
    if token.lower_ not in _EACH or token.dep_ not in {"nsubj", "nsubjpass"}:
        return []
    here = context.sentences.index(context.sentence(token.idx)) if token.idx < len(context.text) else 0
    for sentence in reversed(context.sentences[max(0, here - 2) : here]):
        named = [
            m
            for m in context.mentions
            if m.form == "name" and sentence.holds(m.span) and m.kind is Kind.PERSON
        ]
        people = list(dict.fromkeys(m.name for m in named))
        if len(people) > 1:
            return people
    return []


def _so_has(found: Sequence[Position], context: _Context) -> list[Position]:
    """ "So has Nathaniel Crane": the stand of the sentence before, taken by one more."""
    out: list[Position] = []
    for number, sentence in enumerate(context.sentences[1:], start=1):
        if not _SO.match(context.text, sentence.start):
            continue
        before = [p for p in found if p.evidence == context.sentences[number - 1]]
        first = next(
            (m for m in context.mentions if m.span.start >= sentence.start and m.form == "name"), None
        )
        if before and first is not None and first.span.end <= sentence.end:
            stands = {(p.endorsee, p.position): p for p in before}.values()
            out += [
                replace(p, endorser=first.name, endorser_kind=first.kind, evidence=sentence, cue=None)
                for p in stands
            ]
    return out


_SO = re.compile(r"[Ss]o (?:has|have|had|did|does|do|will|is|are) (?=[A-Z]|the )")
_ROLE = r"(?:president|chair\w*|director|head|leader|secretary|chief|founder|publisher|editor|spokes\w+)"
_ITS = re.compile(
    rf"\b(?:its|the union’s|the group’s|the union's|the group's) (?:[\w-]+ ){{0,2}}?{_ROLE},? $"
)
_OFFICER = re.compile(
    r"[^.;]{0,12}?,? (?:the |its |who is )?(?:[\w-]+ ){0,2}?(?:president|chair\w*|director|head|leader|secretary|chief|founder|officer|publisher|editor|spokes\w+) (?:of|for|at) (?:the )?$"
)


def _body(speaker: str, context: _Context) -> str | None:
    """The organization for which an officer says "we": "Theo Quill, president of the Calder Growers"."""
    for mention in context.mentions:
        if mention.kind is Kind.ORGANIZATION and not is_measure(mention.name):
            for other in context.mentions:
                if other.name != speaker:
                    continue
                after, before = mention.span.start - other.span.end, other.span.start - mention.span.end
                if 0 < after < 70 and _OFFICER.fullmatch(context.text[other.span.end : mention.span.start]):
                    return mention.name
                if 0 < before < 160 and _ITS.search(context.text, mention.span.end, other.span.start):
                    return mention.name
    return None


def _group(token: Token) -> str | None:
    """A definite group in the article's own words: "nine former county commissioners"."""
    if token.lemma_.lower() not in _GROUP or not any(
        c.dep_ == "nummod" and c.lower_ != "one" for c in token.children
    ):
        return None
    words = [t for t in token.subtree if t.i <= token.i]
    return " ".join(t.text for t in words[-8:]) if words else None


def _whom(token: Token, context: _Context) -> str | None:
    """The endorsee that a token stands for: a person, a party's nominee, or any candidate at all."""
    mention = context.at.get(token.idx)
    if mention is not None:
        return mention.name if mention.kind in {Kind.PERSON, Kind.VOTER} or is_measure(mention.name) else None
    if token.lemma_.lower() == "nominee":
        named = next(
            (context.at[c.idx] for c in token.children if c.dep_ == "appos" and c.idx in context.at), None
        )
        if named is not None and named.kind is Kind.PERSON:
            return named.name
        sentence = context.text[max(0, token.idx - 60) : token.idx + len(token.text)]
        hits = list(_NOMINEE.finditer(sentence))
        if hits and hits[-1].end() == len(sentence):
            party = hits[-1][1]
            party = "Republican" if party == "GOP" else party
            return (context.nominees.get(party) or f"the {party} nominee") if party else None
    return None


def positions(
    article: Article, doc: Doc, mentions: Sequence[Mention], attributions: Sequence[Attribution]
) -> tuple[Position, ...]:
    """Every report of a position that the rules find, in order: `latest` makes one record of several reports."""
    context = _context(article, doc, mentions, attributions)
    raw: list[Position] = []
    open_: list[tuple[Found, Stance]] = []
    for found in cues(doc):
        judged = stance(found.cue, found.pattern.stand)
        if judged is None:
            continue
        if found.noun and judged.stand in _HELD and not _its_subject(found):
            continue  # "had to wait for the endorsement of Castell": not his who waits
        if found.cue.pos_ == "NOUN" and not found.endorsees and judged.stand is Stand.WITHHOLDING:
            open_.append((found, judged))
        else:
            raw += _read(found, judged, context)
    for found in against(doc):
        raw += _read(found, Stance(found.pattern.stand, 1.0, "against"), context)
    open_ += [(found, Stance(found.pattern.stand, 1.0, "stands aside")) for found in aside(doc)]
    about = {p.endorsee for p in raw} - {ANY_CANDIDATE}
    # Rivals for an office speak against each other: no stand of theirs.
    raw = [p for p in raw if not (p.endorser in about and "against" in p.because)]
    for found, judged in open_:
        raw += _read(found, judged, context, about)
    raw += _so_has(raw, context)
    return tuple(_weighed(p, article) for p in raw if _counts(p, context))


_HELD = frozenset({Stand.WITHHOLDING, Stand.REFUSED})
_SUMMED_UP = 0.85
"""What a headline or a key point says is trusted this much: the sentence that it sums up is the evidence."""


def _weighed(position: Position, article: Article) -> Position:
    place = position.evidence
    if place.start > 0 and not any(point.overlaps(place) for point in article.key_points):
        return position
    return replace(position, confidence=round(position.confidence * _SUMMED_UP, 3))


def _its_subject(found: Found) -> bool:
    """Whether a noun's stand is held back by whom it belongs to, where what governs it makes it so."""
    if found.pattern.stand in _HELD:
        return True
    return any(t.dep_ in {"nsubj", "nsubjpass"} or t.tag_ == "PRP$" for t in found.endorsers)


_TITLED = re.compile(
    r"(Republican|Democratic|GOP|Libertarian|Green)(?: Party)?(?:[’']s)? (?:(?:presumptive|presidential) )*nominee,? $"
)
_CALLED = re.compile(
    r", (?:the|its|his|her) (?:(?:presumptive|presidential) )*(Republican|Democratic|GOP|Libertarian|Green)(?: Party)?(?:[’']s)? (?:(?:presumptive|presidential) )*nominee\b"
)


def _nominees(text: str, mentions: Sequence[Mention]) -> dict[str, str]:
    """ "Republican nominee Rina Castell", "Rina Castell, the presumptive Republican nominee"; of two, none."""
    named: dict[str, set[str]] = {}
    for mention in mentions:
        if mention.form != "name" or mention.kind is not Kind.PERSON:
            continue
        before = text[max(0, mention.span.start - 60) : mention.span.start]
        hit = _TITLED.search(before) or _CALLED.match(text, mention.span.end)
        if hit:
            named.setdefault("Republican" if hit[1] == "GOP" else hit[1], set()).add(mention.name)
    return {party: next(iter(names)) for party, names in named.items() if len(names) == 1}


def _context(
    article: Article, doc: Doc, mentions: Sequence[Mention], attributions: Sequence[Attribution]
) -> _Context:
    at: dict[int, Mention] = {}
    for mention in mentions:
        for token in doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand") or ():
            at.setdefault(token.idx, mention)
    spans = sorted(
        ((part, a) for a in attributions for part in a.content), key=lambda x: x[0].end - x[0].start
    )

    def speaker_at(offset: int) -> str | None:
        return next((a.speaker for part, a in spans if part.start <= offset < part.end and a.speaker), None)

    return _Context(
        article,
        doc,
        doc.text,
        at,
        speaker_at,
        {m.name: m.kind for m in mentions},
        sentences(doc),
        attributions,
        mentions,
        _nominees(doc.text, mentions),
    )


def _read(
    found: Found, judged: Stance, context: _Context, about: Collection[str] | None = None
) -> list[Position]:
    """Positions of one cue: every endorser with every endorsee that stands there, or that is understood."""
    endorsees = list(dict.fromkeys(w for t in found.endorsees if (w := _whom(t, context))))
    endorsers = list(dict.fromkeys(w for t in found.endorsers for w in _all(t, context)))
    if not found.endorsers and found.pattern.cue in {"unfit", "fit"}:
        endorsers = [w for w in [context.speaker_at(found.cue.idx)] if w]
    if not endorsers:
        return []
    if (
        not endorsees
        and judged.stand is Stand.WITHHOLDING
        and found.pattern.cue in {"endorse", "back", "support"}
        and (not found.endorsees or any(t.lemma_.lower() in _ANY for t in found.endorsees))
    ):
        endorsees = [ANY_CANDIDATE]
    sentence = context.sentence(found.cue.idx)
    if not endorsees and about is not None:
        endorsees = _understood(found.cue, endorsers, about, context)
    year = context.article.published.year if context.article.published else None
    when = contest(sentence.of(context.text), year)
    out = []
    for endorser in endorsers:
        kind = context.kinds.get(
            endorser,
            Kind.GROUP if endorser[0].islower() or endorser[0].isdigit() or " " in endorser else Kind.PERSON,
        )
        stand = judged.stand
        for endorsee in endorsees:
            confidence = (
                found.pattern.weight * judged.factor * (0.8 if len(endorsers) * len(endorsees) > 6 else 1.0)
            )
            sourcing = Sourcing.OWN_WORDS if _says(found, endorser, sentence, context) else Sourcing.NARRATION
            out.append(
                Position(
                    endorser,
                    kind,
                    endorsee,
                    stand,
                    sourcing,
                    sentence,
                    when,
                    cue=Span(found.cue.idx, found.cue.idx + len(found.cue.text)),
                    confidence=round(confidence, 3),
                    because=f"{found.pattern.name}: {judged.why} ({found.cue.text})",
                )
            )
    return out


def _understood(cue: Token, endorsers: Sequence[str], about: Collection[str], context: _Context) -> list[str]:
    """On whom an endorsement is held back that names nobody: the candidate last spoken of, two sentences back at most."""
    here = context.sentences.index(context.sentence(cue.idx))
    for n in range(here, max(0, here - 2) - 1, -1):
        others = [
            m.name
            for m in context.mentions
            if context.sentences[n].holds(m.span) and m.kind is Kind.PERSON and m.name not in endorsers
        ]
        if known := [name for name in others if name in about]:
            return known[-1:]
        if n > here - 2 and len(set(others)) == 1:
            return others[:1]
    return []


_OCCASION = re.compile(
    r"\b(?:in|on|at|with|during|via|through) (?:an? |his |her |their |its )?(?:[\w-]+ ){0,3}?(?:statement|interview|op-ed|editorial|speech|tweet|Twitter|Facebook|"
    r"news conference|press conference|video|letter|email|e-mail|radio (?:show|ad|interview)|conference call|post|address)\b|\b(?:citing|saying|calling|writing|declaring|tweeting|announcing)\b"
)


def _says(found: Found, endorser: str, sentence: Span, context: _Context) -> bool:
    """Whether the endorser's own act of saying is told: "announced her support", "endorsed him, calling him …"."""
    if found.pattern.says:
        return True
    if found.noun or found.cue.dep_ in {"relcl", "acl", "appos", "amod", "compound"}:
        return False
    if _OCCASION.search(context.text, found.cue.idx, sentence.end):
        return True
    return any(
        a.speaker == endorser
        and a.sourcing is Sourcing.OWN_WORDS
        and any(sentence.holds(c) for c in a.cue)
        and not any(c.start <= found.cue.idx < c.end for c in a.cue)
        for a in context.attributions
    )


def _counts(position: Position, context: _Context) -> bool:
    """Whether the guidelines count it: nobody endorses himself, staff and spouses are not recorded."""
    if (
        position.endorser == position.endorsee
        or ORGANIZATION_WORD.fullmatch(position.endorser)
        or is_measure(position.endorser)
    ):
        return False
    if surname(position.endorser) == surname(position.endorsee) and "endorse" not in position.because:
        return False
    if position.endorser_kind in {Kind.PERSON, Kind.VOTER} and "endorse" not in position.because:
        name, candidate = re.escape(position.endorser), re.escape(position.endorsee.split()[-1])
        near = re.search(
            rf"{name},? (?:an? |the |his |her )?([^.;]{{0,60}})|([^.;]{{0,50}}){name}", context.text
        )
        words = (near[1] or near[2] or "") if near else ""
        if _STAFF.search(words) and (re.search(candidate, words) or "campaign" in words):
            return False
    return True


_NEAREST = list(Sourcing)
_ORDER = [Stand.SUPPORTS, Stand.EXPECTED, Stand.WITHHOLDING, Stand.REFUSED, Stand.ENDORSED, Stand.WITHDRAWN]


def latest(found: Sequence[Position]) -> tuple[Position, ...]:
    """One record for each (endorser, endorsee, contest): the surest stand, its evidence nearest to the endorser."""
    groups: dict[tuple[str, str, Contest], list[Position]] = {}
    for position in found:
        groups.setdefault((position.endorser, position.endorsee, position.contest), []).append(position)
    return tuple(sorted((_one(group) for group in groups.values()), key=lambda p: p.evidence))


def _one(reports: Sequence[Position]) -> Position:
    """The record that several reports of one pair in one article come to."""
    stand = max(reports, key=lambda p: (round(p.confidence * 4), _ORDER.index(p.position))).position
    agreeing = [p for p in reports if p.position is stand]
    best = min(agreeing, key=lambda p: (_NEAREST.index(p.sourcing), p.via is None, -p.confidence, p.evidence))
    confidence = max(p.confidence for p in agreeing)
    places = {p.evidence for p in agreeing}
    if len(places) > 1:
        # A second report elsewhere makes it surer.
        confidence = 1 - (1 - confidence) * 0.6
    return replace(best, confidence=round(confidence, 3))
