"""Sources that are no plain name: outlets, spokespeople and offices, statements and polls."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from whipcount.article import Attribution, Kind, Mention, Sourcing, Span
from whipcount.read.outlet_names import OutletName
from whipcount.read.scene import FORMER, SPOKES, Scene

_OFFICE = re.compile(
    r"(?:^|[\s’'])(?P<noun>(?:re-election |reelection |presidential |Senate |press )?(?:office|campaign|Campaign|camp|team))$"
)

_BARE = re.compile(
    r"(?:(?:an?|the|one|its|his|her|their) )?(?:(?:campaign|senior|top|chief|national|deputy|press|presidential|re-election) )*$",
    re.IGNORECASE,
)

_STATEMENT = re.compile(r"\b(?:statement|e-?mail(?:ed)?|news release|press release)\b", re.IGNORECASE)

_AIDES = re.compile(r"\b(?:aides?|staff|staffers?|advisers?|advisors?)\b", re.IGNORECASE)

_DOCUMENT = re.compile(
    r"\b(?:poll|polls|polling|survey|surveys|study|studies|report|reports|data|figures|records?|documents?|e-?mails?|letters?|memos?|memorandum"
    r"|lawsuits?|suit|complaint|filings?|books?|articles?|ads?|advertisements?|video|videos|footage|statements?|release|tweets?|posts?|transcripts?"
    r"|results?|average|averages|analysis|website|site|headlines?|headline|messages?|resolution|law|bill|plan|proposal|petition|editorials?|op-ed"
    r"|column|story|stories|invitation|flyers?|mailers?|brochure|poster|signs?|platform|account|brief|film|movie|documentary|slide|slides|episode|song|commentary|rulings?|tally|count|estimates?|statistics|research|forecast"
    r"|spot|spots|commercial|pitch|trailer|photos?|images?|tapes?|clips?|graphic|chart|map|lists?|notice|decision|ruling|model|invoice|invoices|schedule|agenda|text|texts|note|speech|remarks|comments|announcement|press release|news release|rumou?rs?|odds)$",
    re.IGNORECASE,
)

_ONE_STATEMENT = re.compile(
    r"^(?:the|this|that|a|its|his|her|their) (?:\w+ )?(statement|letter|e-?mail|memo|tweet|post|release|message|note|op-ed|editorial|column)$",
    re.IGNORECASE,
)

_OUTLET_WORK = re.compile(
    r"\b(?:reports?|reporting|story|stories|articles?|analysis|investigation|review|interview|account|tally|count|polls?|surveys?|average|column|blog|editorial|exclusive)$",
    re.IGNORECASE,
)

_THE_OUTLET = re.compile(
    r"^(?:the|this|that) (?:\w+ )?(outlet|paper|newspaper|network|magazine|news organi[sz]ation|news outlet|news site|station|publication"
    r"|news agency|news service|wire service|broadcaster|channel|programme|program|show|daily|weekly|tabloid|podcast)$",
    re.IGNORECASE,
)

_THIS_PAGE = re.compile(
    r"^(?:this|our) (?:page|newspaper|paper|editorial board|editorial page|news organi[sz]ation)$",
    re.IGNORECASE,
)
REPORTING = re.compile(r"\breport(?:s|ed|ing)?\b", re.IGNORECASE)
_OPINION = re.compile(r"endors|editoriali[sz]|opin(?:ed|es)|\bback(?:ed|s|ing)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """What a source comes to."""

    speaker: str | None
    sourcing: Sourcing
    outlet: OutletName | None = None
    """The outlet, where the source is one."""
    again: bool = False
    """Whether it is nobody by name, but plainly the one of the statement before: "the source added"."""


NARRATION = Source(None, Sourcing.NARRATION)

UNNAMED = Source(None, Sourcing.UNNAMED_SOURCE)


def named(scene: Scene, name: str) -> Source:
    """A named person or organization; a known spokesperson speaks for another."""
    if name in scene.voices:
        return Source(scene.voices[name], Sourcing.SPOKESPERSON)
    return Source(name, Sourcing.OWN_WORDS)


def outlet_of(scene: Scene, span: Span, core: Span) -> OutletName | None:
    """The outlet that a source is: itself, "the paper", or its report."""
    text = scene.article.text
    words = core.of(text).strip()
    if _THIS_PAGE.match(words) and scene.article.outlet:
        return OutletName(core, scene.article.outlet, scene.article.outlet.removeprefix("The ").lower())
    inside = [o for o in scene.outlets_in(core) if core.start <= o.span.start and o.span.end <= core.end + 1]
    if inside and re.fullmatch(r"['’.]?s?\s*", text[inside[-1].span.end : core.end]):
        ahead = text[core.start : inside[-1].span.start]
        return (
            None
            if re.search(
                r"\b(?:reporters?|hosts?|anchors?|correspondents?|columnists?|contributors?)\b", ahead
            )
            else inside[-1]
        )
    if _THE_OUTLET.match(words):
        return scene.outlet_before(core.start)
    if not _OUTLET_WORK.search(words):
        return None
    if inside:
        return inside[0]
    for outlet in scene.outlets_in(span):
        if core.end <= outlet.span.start < span.end and re.fullmatch(
            r"[\w\s,’']*\b(?:in|from|by|on) (?:the )?", text[core.end : outlet.span.start]
        ):
            return outlet
    return None


def from_outlet(scene: Scene, outlet: OutletName, attribution: Attribution) -> Source:
    """A newspaper that endorses or opines speaks for itself."""
    text = scene.article.text
    if any(REPORTING.match(cue.of(text)) for cue in attribution.cue):
        return Source(None, Sourcing.OUTLET, outlet)
    cues = " ".join(text[cue.start : cue.end + 25] for cue in attribution.cue)
    if _OPINION.search(cues) or re.search(
        r"\beditorial|\bin a statement|\bdeclined\b|\bannounc|\blawsuit|\bapologi|\bsued\b|\bfiled\b|\bmotion\b|\bargu(?:ed|ing)\b",
        cues,
    ):
        return Source(outlet.name, Sourcing.OWN_WORDS)
    return Source(None, Sourcing.OUTLET, outlet)


def spoken_for(
    scene: Scene,
    span: Span,
    core: Span,
    attribution: Attribution,
    before: Sequence[tuple[Attribution, Source]],
) -> Source | None:
    """A spokesperson, an office or a campaign: whom it speaks for."""
    text = scene.article.text
    words = core.of(text)
    hit = SPOKES.search(text, core.start, span.end)
    head = scene.head_of(core)
    if (
        hit
        and not FORMER.search(text[max(span.start, hit.start() - 50) : hit.start()])
        and _describes(scene, hit.start(), core, head)
    ):
        principal = scene.principal(Span(*hit.span()), span)
        if principal is None or (head and principal == head.name):
            bare = _BARE.fullmatch(
                text[
                    (head.span.end + 2 if head and head.span.end < hit.start() else core.start) : hit.start()
                ]
            )
            principal = (scene.voices.get(head.name) if head else None) or (
                _context(scene, core, attribution, before, head) if bare else None
            )
        return Source(
            principal or (head.name if head and head.form == "name" else None), Sourcing.SPOKESPERSON
        )
    office = _OFFICE.search(words)
    if office and (head is None or _OFFICE.search(" " + head.span.of(text))):
        noun = Span(core.start + office.start("noun"), core.start + office.end("noun"))
        if head is not None:
            owner = scene.owner(head)
            return Source(owner, Sourcing.SPOKESPERSON)
        principal = scene.principal(noun, span)
        if principal is None and re.fullmatch(
            r"the (?:re-election |presidential )?(?:campaign|office)", words.strip(), re.IGNORECASE
        ):
            principal = _context(scene, core, attribution, before, None)
        if principal is not None:
            return Source(principal, Sourcing.SPOKESPERSON)
    if head is None and _AIDES.search(words):
        cues = " ".join(text[cue.start : cue.end + 40] for cue in attribution.cue)
        principal = scene.principal(
            Span(*next(iter(m.span() for m in _AIDES.finditer(text, core.start, core.end)))), span
        )
        if principal and _STATEMENT.search(cues):
            return Source(principal, Sourcing.SPOKESPERSON)
    return None


def _describes(scene: Scene, noun: int, core: Span, head: Mention | None) -> bool:
    """Whether the spokesperson's noun is the source itself and not one of somebody in its tail."""
    if noun < core.end or head is None:
        return noun < core.end
    gap = scene.article.text[head.span.end : noun]
    return bool(
        re.fullmatch(r"(?: \([^)]*\))?, (?:who (?:is|serves as) )?(?:[\w’'.-]+ ){0,7}", gap)
    ) and not re.search(r"\b(?:and|for|of|to|whose)\b", gap)


def _context(
    scene: Scene,
    core: Span,
    attribution: Attribution,
    before: Sequence[tuple[Attribution, Source]],
    named: Mention | None,
) -> str | None:
    """Whose "spokeswoman" or "campaign" it is where the phrase does not say: of the one last spoken of."""
    sentence = scene.sentence_of(core.start)
    skip = {named.name} if named else set()

    def first(start: int, end: int) -> str | None:
        found = (m for m in scene.between(start, end) if m.name not in skip and m.kind is not Kind.VOTER)
        return next((m.name for m in found if not any(c.overlaps(m.span) for c in attribution.content)), None)

    here = first(sentence.start, core.start)
    if here:
        return here
    for _, source in reversed(before[-3:]):
        if source.sourcing is Sourcing.SPOKESPERSON and source.speaker:
            return source.speaker
    earlier = scene.sentence_of(max(0, min([sentence.start, *(c.start for c in attribution.content)]) - 3))
    return first(earlier.start, earlier.end)


def document_of(
    scene: Scene, span: Span, core: Span, before: Sequence[tuple[Attribution, Source]]
) -> Source | None:
    """A statement or letter speaks for its author; a poll or a paper without one for nobody."""
    text = scene.article.text
    words = core.of(text).strip()
    noun = _DOCUMENT.search(words)
    if noun is None:
        return None
    # "the statement" of somebody whose statement was just spoken of
    one = _ONE_STATEMENT.match(words)
    owners = [m for m in scene.between(core.start, core.start + noun.start()) if m.form != "description"]
    if owners:
        return named(scene, owners[-1].name)
    after = re.match(r"\s+(?:from|by|released by|issued by|signed by|sent by)\s+", text[core.end : span.end])
    if after:
        authors = scene.between(core.end + after.end(), span.end)
        if len(authors) > 1 and re.fullmatch(
            r"(?: [a-z]+){1,2} ", text[authors[0].span.end : authors[1].span.start]
        ):
            authors = authors[1:]  # "by Calder University professor Mara Voss"
        for mention in authors:
            source = _read_office(scene, Span(mention.span.start, span.end), mention)
            return source or named(scene, mention.name)
    if one:
        kind = one[1].lower().replace("-", "")
        for other, source in reversed(before[-4:]):
            cues = (
                " ".join(text[c.start : c.end + 60] for c in (*other.cue, *other.source))
                .lower()
                .replace("-", "")
            )
            if kind in cues and source.speaker:
                return source
    return NARRATION


def _read_office(scene: Scene, rest: Span, mention: Mention) -> Source | None:
    """ "a statement from Thorne's office"."""
    tail = scene.article.text[mention.span.end : rest.end]
    if re.match(r"(?:['’]s?)?\s(?:\w+ )?(?:office|campaign|team|spokes\w+)\b", tail):
        return Source(mention.name, Sourcing.SPOKESPERSON)
    return None
