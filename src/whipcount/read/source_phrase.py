"""Whom the words of a source name: a speaker, somebody who speaks for them, an outlet, or nobody by name.

"Anna Weld, a spokeswoman for Mr. Thorne" speaks for Thorne; "people close to Thorne" are nobody by name;
"The Ashford Post" is an outlet; "he" is whoever the mentions say.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from whipcount.article import Article, Attribution, Kind, Mention, Sourcing, Span
from whipcount.read.outlet_names import OutletName, find_outlets

SPOKES = re.compile(
    r"\b(?:spokes(?:man|woman|person|people|men|women)|press (?:secretary|officer|aide|shop)|communications? (?:director|chief|aide|manager)"
    r"|director of communications|media director|publicist|representatives? (?=for|of))\b",
    re.IGNORECASE,
)
_OFFICE = re.compile(r"(?:^|[\s’'])(?P<noun>(?:re-election |reelection |presidential |press )?(?:office|campaign|camp|team))$", re.IGNORECASE)
_FORMER = re.compile(r"\b(?:former|ex-|onetime|one-time|then|past|chief corporate)[\s-](?:[\w’'.]+ ){0,4}$", re.IGNORECASE)
_STATEMENT = re.compile(r"\b(?:statement|e-?mail(?:ed)?|news release|press release)\b", re.IGNORECASE)
_AIDES = re.compile(r"\b(?:aides?|staff|staffers?|advisers?|advisors?)\b", re.IGNORECASE)
_CUT = re.compile(
    r"\s*[,(;:—–]| - |\s(?=(?:who|whom|whose|which|that|of|for|from|at|in|on|to|by|with|near|under|inside|within|close|familiar|briefed"
    r"|speaking|involved|including|such|like|and|or|as|about|after|before|during|among|between|not|allied|linked)\b)"
)
_DOCUMENT = re.compile(
    r"\b(?:poll|polls|polling|survey|surveys|study|studies|report|reports|data|figures|records?|documents?|e-?mails?|letters?|memos?|memorandum"
    r"|lawsuits?|suit|complaint|filings?|books?|articles?|ads?|advertisements?|video|videos|footage|statements?|release|tweets?|posts?|transcripts?"
    r"|results?|average|averages|analysis|website|site|headlines?|headline|messages?|resolution|law|bill|plan|proposal|petition|editorials?|op-ed"
    r"|column|story|stories|invitation|flyers?|mailers?|brochure|poster|signs?|platform|account|tally|count|estimates?|statistics|research|forecast"
    r"|spot|spots|commercial|pitch|trailer|photos?|images?|tapes?|clips?|graphic|chart|map|lists?|notice|decision|ruling|model|invoice|invoices|schedule|agenda|text|texts|note|speech|remarks|comments|announcement|press release|news release|rumou?rs?|odds)$",
    re.IGNORECASE,
)
_ONE_STATEMENT = re.compile(r"^(?:the|this|that|a|its|his|her|their) (?:\w+ )?(statement|letter|e-?mail|memo|tweet|post|release|message|note|op-ed|editorial|column)$", re.IGNORECASE)
_OUTLET_WORK = re.compile(r"\b(?:reports?|reporting|story|stories|articles?|analysis|investigation|review|interview|account|tally|count|polls?|surveys?|average|column|blog|editorial|exclusive)$", re.IGNORECASE)
_THE_OUTLET = re.compile(
    r"^(?:the|this|that) (?:\w+ )?(outlet|paper|newspaper|network|magazine|news organi[sz]ation|news outlet|website|news site|site|station|publication"
    r"|news agency|news service|wire service|broadcaster|channel|programme|program|show|daily|weekly|tabloid|podcast)$",
    re.IGNORECASE,
)
_FIRST_PERSON = frozenset({"i", "me", "my", "we", "us", "our", "myself", "ourselves"})
_RELATIVE = frozenset({"who", "that", "which", "whose", "whom"})
_THIRD = frozenset({"he", "she", "his", "her", "him", "himself", "herself"})
_PLURAL = frozenset({"they", "their", "them", "both", "all"})
_SAME_UNNAMED = re.compile(r"^(?:the|that|this|one|another) (?:\w+ ){0,2}(?:source|sources|person|people|aide|aides|official|officials|adviser|advisor|ally|allies|insider|operative|strategist|friend|donor|lawmaker|staffer)$", re.IGNORECASE)
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


@dataclass(slots=True)
class Scene:
    """What the reading of sources needs to know of the whole article."""

    article: Article
    mentions: Sequence[Mention]
    sentences: Sequence[Span]
    outlets: Sequence[OutletName] = ()
    voices: dict[str, str] = field(default_factory=dict)
    """Named spokespeople and whom they speak for."""
    _starts: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, article: Article, mentions: Sequence[Mention], sentences: Sequence[Span]) -> "Scene":
        """Outlets and spokespeople are looked up once for the whole article."""
        scene = cls(article, sorted(mentions, key=lambda m: (m.span.start, -m.span.end)), sentences, find_outlets(article.text))
        scene._starts = [m.span.start for m in scene.mentions]
        scene._find_voices()
        return scene

    def between(self, start: int, end: int) -> list[Mention]:
        """Mentions that begin in a stretch and end in it, in order."""
        first = bisect_left(self._starts, start)
        out = []
        for mention in self.mentions[first:]:
            if mention.span.start >= end:
                break
            if mention.span.end <= end:
                out.append(mention)
        return out

    def sentence_of(self, place: int) -> Span:
        """The sentence that a place lies in; the nearest before it where it lies in none."""
        at = bisect_left(self.sentences, Span(place + 1, -1)) - 1
        return self.sentences[at] if at >= 0 else Span(0, len(self.article.text))

    def _find_voices(self) -> None:
        text = self.article.text
        for hit in SPOKES.finditer(text):
            sentence = self.sentence_of(hit.start())
            if _FORMER.search(text[max(sentence.start, hit.start() - 50) : hit.start()]):
                continue
            person = self._person_beside(Span(*hit.span()), sentence)
            principal = self.principal(Span(*hit.span()), sentence) if person else None
            if person and principal and principal != person.name:
                self.voices.setdefault(person.name, principal)

    def _person_beside(self, noun: Span, sentence: Span) -> Mention | None:
        """ "spokesman Tom Reed", "Tom Reed, a spokesman for …"."""
        text = self.article.text
        named = [m for m in self.between(sentence.start, sentence.end) if m.form == "name" and m.kind is not Kind.ORGANIZATION]
        for mention in named:
            if mention.span.start >= noun.end and re.fullmatch(r",? ", text[noun.end : mention.span.start]):
                return mention
        for mention in reversed(named):
            if mention.span.end <= noun.start:
                gap = text[mention.span.end : noun.start]
                if re.fullmatch(r"(?: \([^)]*\))?,? (?:who (?:is|serves as) |is )?(?:an? |the |his |her |its |their )?(?:[\w’'.-]+ ){0,5}", gap) and "," in gap:
                    return mention
        return None

    def principal(self, noun: Span, within: Span) -> str | None:
        """Whom a spokesperson or an office at `noun` speaks for, by the words beside it."""
        text = self.article.text
        after = re.match(r"\s+(?:for|of|with|at|to)\s+", text[noun.end : within.end])
        if after:
            start = noun.end + after.end()
            for mention in self.between(start, min(within.end, start + 60)):
                gap = text[start : mention.span.start]
                if re.search(r"[,;.](?! [A-Z]?\.)", re.sub(r"\b[A-Z][a-z]{0,4}\.", "", gap)) or re.search(r"\b(?:who|said|says)\b", gap):
                    break
                return self._owner(mention, text[mention.span.end : mention.span.end + 30])
        for mention in reversed(self.between(within.start, noun.start)):
            gap = text[mention.span.end : noun.start]
            if re.fullmatch(r"(?:['’]s?)?\s?(?:[\w’'.-]+ ){0,5}", gap) and not re.search(r"\b(?:and|said|says|told)\b", gap) and (gap.strip() or mention.form != "pronoun" or gap):
                return self._owner(mention, gap)
        return None

    def _owner(self, mention: Mention, after: str) -> str:
        """The person behind "the Thorne campaign" where the mention is the campaign."""
        del after
        bare = re.sub(r"['’]?s?\s+(?:(?:\w+ )?campaign|camp|team|office|for \w+(?: \d+)?)$", "", mention.name, flags=re.IGNORECASE)
        if bare != mention.name:
            return self.fullest(bare.removeprefix("The ").removeprefix("the "))
        return mention.name

    def fullest(self, name: str) -> str:
        """The name of the person mentioned most whose name ends in this one."""
        fits = [m.name for m in self.mentions if m.kind is not Kind.ORGANIZATION and (m.name == name or m.name.endswith(" " + name))]
        return max(fits, key=lambda fit: (fits.count(fit), len(fit)), default=name)


def source_of(scene: Scene, attribution: Attribution, before: Sequence[tuple[Attribution, Source]]) -> Source:
    """What the attribution's source comes to; `before` holds the attributions read so far."""
    text = scene.article.text
    if not attribution.source:
        return _without_source(scene, attribution, before)
    found = [_read(scene, span, attribution, before) for span in attribution.source if span.of(text).strip()]
    told = [source for source in found if source.speaker or source.outlet]
    return (told or found or [NARRATION])[0]


def _without_source(scene: Scene, attribution: Attribution, before: Sequence[tuple[Attribution, Source]]) -> Source:
    """A quotation that goes on in a new paragraph belongs to whoever was quoted last."""
    text = scene.article.text
    if attribution.cue or not attribution.content or not before:
        return NARRATION
    start = attribution.content[0].start
    last, source = before[-1]
    ends = [span.end for span in (*last.content, *last.cue, *last.source) if span.end <= start]
    quoted = text[max(0, start - 1) : start + 1].strip()[:1] in {'"', "“"}
    if quoted and ends and text[max(ends) : start].count("\n") <= 2 and len(text[max(ends) : start].strip()) < 40:
        return Source(source.speaker, source.sourcing, source.outlet, again=True)
    return NARRATION


def _core(scene: Scene, span: Span) -> Span:
    """The noun phrase without what follows its head: "a spokeswoman", "Tom Reed", "one senator"."""
    text = scene.article.text
    start, end = span
    lead = re.match(r"(?:[Aa]ccording to|[Pp]er|[Bb]y|[Ff]rom)\s+|[\s\"“”‘—–-]+", text[start:end])
    start += lead.end() if lead else 0
    names = [m.span for m in scene.between(start, end) if m.form == "name"] + [o.span for o in scene.outlets if span.overlaps(o.span)]
    for hit in _CUT.finditer(text, start, end):
        if hit.start() > start and not any(name.start < hit.start() < name.end for name in names):
            end = hit.start()
            break
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in "'’."):
        end -= 1
    day = re.search(r" (?:(?:late|early) )?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today)(?: (?:morning|afternoon|evening|night))?$", text[start:end])
    return Span(start, start + day.start() if day else end)


def _at_end(scene: Scene, core: Span) -> Mention | None:
    """The mention that is the head of a noun phrase."""
    text = scene.article.text
    best = None
    for mention in scene.mentions[bisect_left(scene._starts, core.start - 40) : bisect_left(scene._starts, core.end)]:  # noqa: SLF001
        if mention.span.end <= core.start:
            continue
        rest = text[mention.span.end : core.end] if mention.span.end <= core.end else ""
        if re.fullmatch(r"(?:['’]s?)?(?:,? (?:Jr|Sr)\.?| I{1,3}V?)?\.?", rest) and (best is None or mention.span.start < best.span.start):
            best = mention
    return best


def _read(scene: Scene, span: Span, attribution: Attribution, before: Sequence[tuple[Attribution, Source]]) -> Source:
    text = scene.article.text
    core = _core(scene, span)
    words = core.of(text).strip()
    low = re.sub(r"['’](?:s|d|ll|re|ve|m)$", "", words.lower())
    if low in _FIRST_PERSON:
        return _first_person(core, before)
    if low in _RELATIVE:
        return _relative(scene, core)
    if low in _PLURAL or low in {"it", "its"}:
        return _they(scene, core, low, before)
    outlet = _outlet(scene, span, core)
    if outlet is not None:
        return _from_outlet(scene, outlet, attribution)
    spoken = _spoken_for(scene, span, core, attribution, before)
    if spoken is not None:
        return spoken
    head = _at_end(scene, core)
    if head is not None:
        return _named(scene, head.name)
    if low in _THIRD:
        return next((source for _, source in reversed(before) if source.speaker), UNNAMED)
    name = _unmentioned(scene, core)
    if name:
        return _named(scene, name)
    apposed = _apposed(scene, core, span)
    if apposed is not None:
        return _named(scene, apposed.name)
    return _document(scene, span, core, before) or Source(None, Sourcing.UNNAMED_SOURCE, again=bool(_SAME_UNNAMED.match(words)))


_NAME_AT_END = re.compile(r"(?:^|[\s“\"‘'’(])((?:[A-Z][\w’'-]*|[A-Z]\.)(?: (?:[A-Z][\w’'-]*|[A-Z]\.|(?:of|for|the|de|van|von) (?=[A-Z])))*)$")
_TITLE = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Rev|Sir|Dame|Lord|Lady|The|President|Vice|Senator|Senators|Representative|Representatives|Reps|Sens"
    r"|Governor|Congressman|Congresswoman|Secretary|Attorney|General|Chairman|Chairwoman|Speaker|Mayor|Judge|Justice|Professor|Prof|Sheriff|Pastor"
    r"|Father|Bishop|Prime|Minister|Republican|Democratic|Democrat|Former|former|Majority|Minority|Leader|State|of|House|Senate|Pope|King|Queen|Prince)\.? )+"
)
_CROWD = re.compile(
    r"(?:Republicans|Democrats|Americans|Conservatives|Liberals|Progressives|Independents|Voters|Officials|Critics|Experts|Analysts|Supporters|Allies|Sources|Aides"
    r"|Insiders|Strategists|Evangelicals|Christians|Muslims|Jews|Latinos|Hispanics|Others|Some|Many|Most|One|People|Everyone|Nobody|Senators|Lawmakers|Leaders"
    r"|Investigators|Police|Authorities|Economists|Pundits|Polls?|Members|Both|Another|Several|Few|Women|Men|Millennials|Residents|Scientists|Researchers|Opponents|Advisers|Advocates|Activists"
    r"|[A-Z]\w+(?:ians|icans|ites|ers|ists))$"
)


def _unmentioned(scene: Scene, core: Span) -> str | None:
    """A capitalized name at the head that the mentions lack, as full as they know it."""
    words = re.sub(r"['’]s?$", "", core.of(scene.article.text))
    hit = _NAME_AT_END.search(words)
    if hit is None or _CROWD.search(hit[1]):
        return None
    name = _TITLE.sub("", hit[1] + " ").strip()
    # One capital at the start of a sentence is no proof of a name.
    lone = hit.start(1) == 0 and " " not in words and not re.search(r"(?<!\A)(?<![.?!:\"“”•\n]) $", scene.article.text[max(0, core.start - 2) : core.start])
    if not name or len(name) < 2:
        return None
    known = scene.fullest(name)
    return None if lone and known == name and name not in {m.name for m in scene.mentions} and _is_common(scene, name) else known


def _is_common(scene: Scene, word: str) -> bool:
    """Whether the article also has the word in small letters."""
    return bool(re.search(rf"\b{re.escape(word.lower())}\b", scene.article.text))


def _named(scene: Scene, name: str) -> Source:
    """A named person or organization; a known spokesperson speaks for another."""
    if name in scene.voices:
        return Source(scene.voices[name], Sourcing.SPOKESPERSON)
    return Source(name, Sourcing.OWN_WORDS)


def _first_person(core: Span, before: Sequence[tuple[Attribution, Source]]) -> Source:
    """ "I" within a quotation is whoever is quoted."""
    around = [(span.end - span.start, source) for other, source in before for span in other.content if span.holds(core)]
    return min(around, key=lambda pair: pair[0])[1] if around else NARRATION


def _relative(scene: Scene, core: Span) -> Source:
    """ "…, who said": the name just before, or the name that the words before describe."""
    text = scene.article.text
    sentence = scene.sentence_of(core.start)
    before = [m for m in scene.between(max(sentence.start, core.start - 160), core.start) if m.form != "pronoun"]
    for mention in reversed(before):
        gap = text[mention.span.end : core.start]
        if re.fullmatch(r"(?: \([^)]*\))?[,\s—–-]*", gap):
            return _named(scene, mention.name)
        if mention.kind is not Kind.ORGANIZATION and mention.form == "name" and re.fullmatch(r"(?: \([^)]*\))?, (?:an?|the|his|her|[A-Z\d])[^;]*", gap) and gap.count(",") <= 2:
            return _named(scene, mention.name)
    return UNNAMED


def _they(scene: Scene, core: Span, word: str, before: Sequence[tuple[Attribution, Source]]) -> Source:
    """ "They" is the unnamed source of the statement before; "it" the organization that spoke last."""
    last = before[-1][1] if before else None
    if word in {"it", "its"}:
        sentence = scene.sentence_of(core.start)
        earlier = scene.sentence_of(max(0, sentence.start - 3))
        for part in (sentence, earlier):
            # The subject comes first as a rule.
            near = [m for m in scene.between(part.start, min(part.end, core.start)) if m.form != "pronoun"]
            if near:
                return _named(scene, near[0].name) if near[0].kind is Kind.ORGANIZATION else NARRATION
        return NARRATION
    if last is not None and last.sourcing is Sourcing.UNNAMED_SOURCE:
        return Source(None, Sourcing.UNNAMED_SOURCE, again=True)
    mention = next((m for m in scene.between(core.start, core.end) if m.span == core), None)
    return _named(scene, mention.name) if mention else UNNAMED


def _outlet(scene: Scene, span: Span, core: Span) -> OutletName | None:
    """The outlet that a source is: itself, "the paper", or its report."""
    text = scene.article.text
    words = core.of(text).strip()
    inside = [o for o in scene.outlets if core.start <= o.span.start and o.span.end <= core.end + 1]
    if inside and re.fullmatch(r"['’.]?s?\s*", text[inside[-1].span.end : core.end]):
        ahead = text[core.start : inside[-1].span.start]
        return None if re.search(r"\b(?:reporters?|hosts?|anchors?|correspondents?|columnists?|contributors?)\b", ahead) else inside[-1]
    if _THE_OUTLET.match(words):
        earlier = [o for o in scene.outlets if o.span.end <= core.start]
        return earlier[-1] if earlier else None
    if not _OUTLET_WORK.search(words):
        return None
    if inside:
        return inside[0]
    for outlet in scene.outlets:
        if core.end <= outlet.span.start < span.end and re.fullmatch(r"[\w\s,’']*\b(?:in|from|by|on) (?:the )?", text[core.end : outlet.span.start]):
            return outlet
    return None


def _from_outlet(scene: Scene, outlet: OutletName, attribution: Attribution) -> Source:
    """A newspaper that endorses or opines speaks for itself."""
    text = scene.article.text
    cues = " ".join(text[cue.start : cue.end + 25] for cue in attribution.cue)
    if _OPINION.search(cues) or "editorial" in cues:
        return Source(outlet.name, Sourcing.OWN_WORDS)
    return Source(None, Sourcing.OUTLET, outlet)


def _spoken_for(scene: Scene, span: Span, core: Span, attribution: Attribution, before: Sequence[tuple[Attribution, Source]]) -> Source | None:
    """A spokesperson, an office or a campaign: whom it speaks for."""
    text = scene.article.text
    words = core.of(text)
    hit = SPOKES.search(text, core.start, span.end)
    head = _at_end(scene, core)
    if hit and not _FORMER.search(text[max(span.start, hit.start() - 50) : hit.start()]) and _describes(scene, hit.start(), core, head):
        principal = scene.principal(Span(*hit.span()), span)
        if principal is None or (head and principal == head.name):
            principal = (scene.voices.get(head.name) if head else None) or _context(scene, core, before, head)
        return Source(principal or (head.name if head and head.form == "name" else None), Sourcing.SPOKESPERSON)
    office = _OFFICE.search(words)
    if office and (head is None or _OFFICE.search(" " + head.span.of(text))):
        noun = Span(core.start + office.start("noun"), core.start + office.end("noun"))
        if head is not None:
            owner = scene._owner(head, "")  # noqa: SLF001
            return Source(owner if owner != head.name else _context(scene, core, before, None) or owner, Sourcing.SPOKESPERSON)
        principal = scene.principal(noun, span)
        if principal is None and re.fullmatch(r"(?:the|a|an)?\s*(?:\w+ )?(?:campaign|office|team)", words.strip(), re.IGNORECASE):
            principal = _context(scene, core, before, None)
        return Source(principal, Sourcing.SPOKESPERSON)
    if head is None and _AIDES.search(words):
        cues = " ".join(text[cue.start : cue.end + 40] for cue in attribution.cue)
        principal = scene.principal(Span(*next(iter(m.span() for m in _AIDES.finditer(text, core.start, core.end)))), span)
        if principal and _STATEMENT.search(cues):
            return Source(principal, Sourcing.SPOKESPERSON)
    return None


def _describes(scene: Scene, noun: int, core: Span, head: Mention | None) -> bool:
    """Whether the spokesperson's noun is the source itself and not one of somebody in its tail."""
    if noun < core.end or head is None:
        return noun < core.end
    gap = scene.article.text[head.span.end : noun]
    return bool(re.fullmatch(r"(?: \([^)]*\))?, (?:who (?:is|serves as) )?(?:[\w’'.-]+ ){0,7}", gap)) and not re.search(r"\b(?:and|for|of|to|whose)\b", gap)


def _context(scene: Scene, core: Span, before: Sequence[tuple[Attribution, Source]], named: Mention | None) -> str | None:
    """Whose "spokeswoman" or "campaign" it is where the phrase does not say: of the one last spoken of."""
    text = scene.article.text
    sentence = scene.sentence_of(core.start)
    skip = {named.name} if named else set()
    here = [m for m in scene.between(sentence.start, core.start) if m.name not in skip and m.kind is not Kind.VOTER]
    if here:
        return here[0].name
    for _, source in reversed(before[-3:]):
        if source.sourcing is Sourcing.SPOKESPERSON and source.speaker:
            return source.speaker
    earlier = scene.sentence_of(max(0, sentence.start - 3))
    people = [m for m in scene.between(earlier.start, earlier.end) if m.name not in skip and m.kind is not Kind.VOTER] if text else []
    return people[0].name if people else None


def _apposed(scene: Scene, core: Span, span: Span) -> Mention | None:
    """ "her campaign manager, Tom Reed": the name that follows the description."""
    text = scene.article.text
    for mention in scene.between(core.end, span.end):
        gap = text[core.end : mention.span.start]
        if mention.form != "pronoun" and re.fullmatch(r"[,\s—–:-]+(?:(?:[A-Z][\w.]*|the|former|state|retired|now-retired|Lt|Col|Gen|Rep|Sen)\.? ){0,4}", gap):
            return mention
        if re.fullmatch(r" of (?:[^,]{1,60}), ", gap) and mention.form == "name" and mention.kind is not Kind.ORGANIZATION:
            return mention
    return None


def _document(scene: Scene, span: Span, core: Span, before: Sequence[tuple[Attribution, Source]]) -> Source | None:
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
        return _named(scene, owners[-1].name)
    after = re.match(r"\s+(?:from|by|released by|issued by|signed by|sent by)\s+", text[core.end : span.end])
    if after:
        for mention in scene.between(core.end + after.end(), span.end):
            source = _read_office(scene, Span(mention.span.start, span.end), mention)
            return source or _named(scene, mention.name)
    if one:
        kind = one[1].lower().replace("-", "")
        for other, source in reversed(before[-4:]):
            cues = " ".join(text[c.start : c.end + 60] for c in (*other.cue, *other.source)).lower().replace("-", "")
            if kind in cues and source.speaker:
                return source
    return NARRATION


def _read_office(scene: Scene, rest: Span, mention: Mention) -> Source | None:
    """ "a statement from Thorne's office"."""
    tail = scene.article.text[mention.span.end : rest.end]
    if re.match(r"(?:['’]s?)?\s(?:\w+ )?(?:office|campaign|team|spokes\w+)\b", tail):
        return Source(mention.name, Sourcing.SPOKESPERSON)
    return None
