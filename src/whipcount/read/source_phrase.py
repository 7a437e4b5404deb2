"""Whom the words of a source name: a speaker, somebody who speaks for them, an outlet, or nobody by name.

"Anna Weld, a spokeswoman for Mr. Thorne" speaks for Thorne; "people close to Thorne" are nobody by name;
"The Ashford Post" is an outlet; "he" is whoever the mentions say.
"""

import re
from collections.abc import Sequence

from whipcount.article import Attribution, Kind, Mention, Sourcing, Span
from whipcount.read.names import gender
from whipcount.read.scene import TITLES_BEFORE, Scene
from whipcount.read.source_kinds import (
    NARRATION,
    REPORTING,
    UNNAMED,
    Source,
    document_of,
    from_outlet,
    named,
    outlet_of,
    spoken_for,
)
from whipcount.read.venues import hosts_of

_CUT = re.compile(
    r"\s*[,(;:—–]| - |\s(?=(?:who|whom|whose|which|that|of|for|from|at|in|on|to|by|with|near|under|inside|within|close|familiar|briefed"
    r"|speaking|involved|including|such|like|and|or|as|about|after|before|beside|behind|against|over|around|alongside|next|than|because|during|among|between|not|allied|linked|released|published|conducted|obtained|issued|written|being|reviewed|filed|commissioned|representing|posted|compiled)\b)"
)

_FIRST_PERSON = frozenset({"i", "me", "my", "we", "us", "our", "myself", "ourselves"})

_RELATIVE = frozenset({"who", "that", "which", "whose", "whom"})

_THIRD = frozenset({"he", "she", "his", "her", "him", "himself", "herself"})

_PLURAL = frozenset({"they", "their", "them", "both", "all"})

_SAME_UNNAMED = re.compile(
    r"^(?:the|that|this|one|another) (?:\w+ ){0,2}(?:source|sources|person|people|aide|aides|official|officials|adviser|advisor|ally|allies|insider|operative|strategist|friend|donor|lawmaker|staffer)$",
    re.IGNORECASE,
)

_NAME_AT_END = re.compile(
    r"(?:^|[\s“\"‘'’(])((?:[A-Z][\w’'-]*|[A-Z]\.)(?: (?:[A-Z][\w’'-]*|[A-Z]\.|(?:of|for|the|de|van|von) (?=[A-Z])))*)$"
)

_CROWD = re.compile(
    r"(?:Each|All|None|Neither|Either|They|Republicans|Democrats|Americans|Conservatives|Liberals|Progressives|Independents|Voters|Officials|Critics|Experts|Analysts|Supporters|Allies|Sources|Aides"
    r"|Insiders|Strategists|Evangelicals|Christians|Muslims|Jews|Latinos|Hispanics|Others|Some|Many|Most|One|People|Everyone|Nobody|Senators|Lawmakers|Leaders"
    r"|Investigators|Police|Authorities|Economists|Pundits|Polls?|Members|Both|Another|Several|Few|Women|Men|Millennials|Residents|Scientists|Researchers|Opponents|Advisers|Advocates|Activists"
    r"|[A-Z]\w+(?:ians|icans|ites|ers|ists))$"
)

_SOMEBODY = re.compile(
    r"^(?:the|[A-Z][\w.]*['’]s?) (?:[\w’'-]+ ){0,5}(?:senator|governor|congress(?:man|woman)|representative|lawmaker|mayor|president|speaker|candidate|nominee|front-?runner|incumbent|challenger"
    r"|billionaire|mogul|magnate|tycoon|businessm[ae]n|businesswoman|developer|neurosurgeon|surgeon|secretary|chairman|chairwoman|leader|governor|veteran|actor|actress|singer"
    r"|host|pastor|judge|general|libertarian|socialist|conservative|independent|republican|democrat|hopeful|contender|lawyer|professor|analyst|strategist|pollster|author)$",
    re.IGNORECASE,
)


def source_of(scene: Scene, attribution: Attribution, before: Sequence[tuple[Attribution, Source]]) -> Source:
    """What the attribution's source comes to; `before` holds the attributions read so far."""
    text = scene.article.text
    if not attribution.source:
        return _without_source(scene, attribution, before)
    found = [_read(scene, span, attribution, before) for span in attribution.source if span.of(text).strip()]
    told = [source for source in found if source.speaker or source.outlet]
    return (told or found or [NARRATION])[0]


def _without_source(
    scene: Scene, attribution: Attribution, before: Sequence[tuple[Attribution, Source]]
) -> Source:
    """A quotation that goes on in a new paragraph belongs to whoever was quoted last."""
    text = scene.article.text
    if attribution.cue or not attribution.content or not before:
        return NARRATION
    start = attribution.content[0].start
    last, source = before[-1]
    ends = [span.end for span in (*last.content, *last.cue, *last.source) if span.end <= start]
    quoted = text[max(0, start - 1) : start + 1].strip()[:1] in {'"', "“"}
    if (
        quoted
        and ends
        and text[max(ends) : start].count("\n") <= 2
        and len(text[max(ends) : start].strip()) < 40
    ):
        return Source(source.speaker, source.sourcing, source.outlet, again=True)
    return NARRATION


def _core(scene: Scene, span: Span) -> Span:
    """The noun phrase without what follows its head: "a spokeswoman", "Tom Reed", "one senator"."""
    text = scene.article.text
    start, end = span
    lead = re.match(r"(?:[Aa]ccording to|[Pp]er|[Bb]y|[Ff]rom)\s+|[\s\"“”‘—–-]+", text[start:end])
    start += lead.end() if lead else 0
    names = [m.span for m in scene.between(start, end) if m.form == "name"] + [
        o.span for o in scene.outlets_in(span)
    ]
    for hit in _CUT.finditer(text, start, end):
        if hit.start() > start and not any(name.start < hit.start() < name.end for name in names):
            end = hit.start()
            break
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in "'’."):
        end -= 1
    day = re.search(
        r" (?:(?:late|early) )?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today)(?: (?:morning|afternoon|evening|night))?$",
        text[start:end],
    )
    return Span(start, start + day.start() if day else end)


def _read(
    scene: Scene, span: Span, attribution: Attribution, before: Sequence[tuple[Attribution, Source]]
) -> Source:
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
    outlet = outlet_of(scene, span, core)
    if outlet is not None:
        return from_outlet(scene, outlet, attribution)
    spoken = spoken_for(scene, span, core, attribution, before)
    if spoken is not None:
        return spoken
    head = scene.head_of(core)
    if low in {"he", "she"} and (same := _goes_on(scene, core, low, attribution, before)):
        return same
    if head is not None:
        reports = any(REPORTING.match(cue.of(text)) for cue in attribution.cue)
        employer = hosts_of(scene).get(head.name) if reports else None
        return Source(None, Sourcing.OUTLET, employer) if employer else named(scene, head.name)
    if low in _THIRD:
        return next((source for _, source in reversed(before) if source.speaker), UNNAMED)
    name = _unmentioned(scene, core)
    if name:
        return named(scene, name)
    apposed = _apposed(scene, core, span)
    if apposed is not None:
        return named(scene, apposed.name)
    described = _group(scene, core, words) or _described(scene, core, words, before)
    if described is not None:
        return described
    return document_of(scene, span, core, before) or Source(
        None, Sourcing.UNNAMED_SOURCE, again=bool(_SAME_UNNAMED.match(words))
    )


_OPPOSITE = {
    "he": frozenset({"she", "her", "hers", "herself"}),
    "she": frozenset({"he", "his", "him", "himself"}),
}


def _goes_on(
    scene: Scene,
    core: Span,
    word: str,
    attribution: Attribution,
    before: Sequence[tuple[Attribution, Source]],
) -> Source | None:
    """ "He added" after a quotation: whoever spoke last, where nobody was named since outside of what is quoted."""
    text = scene.article.text
    last = next(((a, s) for a, s in reversed(before[-3:]) if s.sourcing is not Sourcing.OUTLET), None)
    if last is None or last[1].speaker is None or last[1].sourcing is not Sourcing.OWN_WORDS:
        return None
    told, source, speaker = *last, last[1].speaker
    start = max((span.end for span in (*told.source, *told.cue)), default=core.start)
    if start >= core.start or text[start : core.start].count("\n\n") > 2:
        return None
    quoted = (*told.content, *attribution.content)
    since = [
        m
        for m in scene.between(start, core.start)
        if m.form != "pronoun" and not any(q.overlaps(m.span) for q in quoted)
    ]
    if since or source.speaker is None or any(q.holds(core) for q in told.content):
        return None
    known = {
        text[m.span.start : m.span.end].lower()
        for m in scene.mentions
        if m.name == speaker and m.form == "pronoun"
    }
    other_sex = gender(speaker.split()[0]) == {"he": "f", "she": "m"}[word]
    return source if speaker in scene.people and not other_sex and not known & _OPPOSITE[word] else None


def _unmentioned(scene: Scene, core: Span) -> str | None:
    """A capitalized name at the head that the mentions lack, as full as they know it."""
    words = re.sub(r"['’]s?$", "", core.of(scene.article.text))
    hit = _NAME_AT_END.search(words)
    if hit is None or (_CROWD.search(hit[1]) and scene.fullest(hit[1]) == hit[1]):
        return None
    name = TITLES_BEFORE.sub("", hit[1] + " ").strip()
    # One capital at the start of a sentence is no proof of a name.
    lone = (
        hit.start(1) == 0
        and " " not in words
        and not re.search(
            r"(?<!\A)(?<![.?!:\"“”•\n]) $", scene.article.text[max(0, core.start - 2) : core.start]
        )
    )
    if not name or len(name) < 2:
        return None
    known = scene.fullest(name)
    if known == name and (_COMMON.fullmatch(name.split()[-1]) or _headline_case(scene, core)):
        return None
    return None if lone and known == name and name not in scene.people and _is_common(scene, name) else known


_COMMON = re.compile(
    r"(?:Doctor|Lawyer|Attorney|Adviser|Advisor|Aide|Ally|Chief|Chair|Director|Manager|Strategist|Analyst|Expert|Official|Source|Report|Poll|Survey|Study|Group|Panel|Committee"
    r"|Court|Judge|Mayor|Governor|Senator|Union|Campaign|Team|Voter|Donor|Star|Host|Editor|Reporter|Newspaper|Paper|Plan|Bill|Ad|Book)s?"
)


def _headline_case(scene: Scene, core: Span) -> bool:
    """Whether the line is set in headline capitals, where a capital says nothing."""
    text = scene.article.text
    start = text.rfind("\n", 0, core.start) + 1
    end = text.find("\n", core.end)
    words = [
        w for w in re.findall(r"[A-Za-z][\w’'-]*", text[start : end if end >= 0 else len(text)]) if len(w) > 3
    ]
    return len(words) > 3 and sum(w[0].isupper() for w in words) / len(words) > 0.75


def _is_common(scene: Scene, word: str) -> bool:
    """Whether the article also has the word in small letters."""
    return bool(re.search(rf"\b{re.escape(word.lower())}\b", scene.article.text[:100_000]))


def _first_person(core: Span, before: Sequence[tuple[Attribution, Source]]) -> Source:
    """ "I" within a quotation is whoever is quoted."""
    around = [
        (span.end - span.start, source)
        for other, source in before
        for span in other.content
        if span.holds(core)
    ]
    return min(around, key=lambda pair: pair[0])[1] if around else NARRATION


def _relative(scene: Scene, core: Span) -> Source:
    """ "…, who said": the name just before, or the name that the words before describe."""
    text = scene.article.text
    sentence = scene.sentence_of(core.start)
    before = [
        m for m in scene.between(max(sentence.start, core.start - 160), core.start) if m.form != "pronoun"
    ]
    for mention in reversed(before):
        gap = text[mention.span.end : core.start]
        if re.fullmatch(r"(?: \([^)]*\))?[,\s—–-]*", gap):
            # "Forward Ashford, a super PAC that …" is the former.
            described = [
                m
                for m in before
                if m.form == "name"
                and re.fullmatch(r", an? (?:[\w-]+ ){0,3}", text[m.span.end : mention.span.start])
            ]
            return named(scene, (described or [mention])[0].name)
        if (
            (mention.kind is Kind.ORGANIZATION) == (core.of(text).lower() in {"that", "which"})
            and mention.form == "name"
            and re.fullmatch(r"(?: \([^)]*\))?, (?:an?|the|his|her|[A-Z\d])[^;]*", gap)
            and gap.count(",") <= 2
        ):
            return named(scene, mention.name)
    return UNNAMED


def _they(scene: Scene, core: Span, word: str, before: Sequence[tuple[Attribution, Source]]) -> Source:
    """ "They" is the unnamed source of the statement before; "it" the organization that spoke last."""
    last = before[-1][1] if before else None
    if word in {"it", "its"}:
        sentence = scene.sentence_of(core.start)
        earlier = scene.sentence_of(max(0, sentence.start - 3))
        for part in (sentence, earlier):
            # The subject comes first as a rule.
            first = scene.outlets_in(Span(part.start, max(part.start, min(part.end, core.start))))
            if first and re.fullmatch(
                r"\W*(?:But |And |As )?", scene.article.text[part.start : first[0].span.start]
            ):
                return Source(None, Sourcing.OUTLET, first[0])
            near = [m for m in scene.between(part.start, min(part.end, core.start)) if m.form != "pronoun"]
            if near:
                return named(scene, near[0].name) if near[0].kind is Kind.ORGANIZATION else NARRATION
        return NARRATION
    if last is not None and last.sourcing is Sourcing.UNNAMED_SOURCE:
        return Source(None, Sourcing.UNNAMED_SOURCE, again=True)
    mention = next((m for m in scene.between(core.start, core.end) if m.span == core), None)
    return named(scene, mention.name) if mention else UNNAMED


def _apposed(scene: Scene, core: Span, span: Span) -> Mention | None:
    """ "her campaign manager, Tom Reed": the name that follows the description."""
    text = scene.article.text
    for mention in scene.between(core.end, span.end):
        gap = text[core.end : mention.span.start]
        if mention.form != "pronoun" and re.fullmatch(
            r"(?: and [\w\s’'-]{1,40}(?=,))?[,\s—–:-]+(?:(?!(?:who|which|that|whose|and|but|or|in|on|at|to|of|for|with|by|from|as)\b)[\w.’'-]+ ){0,4}",
            gap,
        ):
            return mention
        if (
            re.fullmatch(r" (?:of|for|to|at|with|in) (?:[^,]{1,60}), ", gap)
            and mention.form == "name"
            and mention.kind is not Kind.ORGANIZATION
        ):
            return mention
    return None


_GROUP = re.compile(
    r"^the (?:[\w’'-]+ ){0,2}(union|local|group|organi[sz]ation|company|association|federation|alliance|guild|chamber|council|board|coalition|club|party|committee|agency"
    r"|department|foundation|institute|league|society|firm|church|network|caucus)$",
    re.IGNORECASE,
)


_BACK = 6000
"""How many characters back the organization may stand that "the union" means."""


def _group(scene: Scene, core: Span, words: str) -> Source | None:
    """ "the union", "the group": the organization of such a name, else the one named last before."""
    hit = _GROUP.match(words)
    if hit is None:
        return None
    earlier = scene.sentence_of(max(0, scene.sentence_of(core.start).start - 3))
    before = [
        m
        for m in scene.between(core.start - _BACK, core.start)
        if m.kind is Kind.ORGANIZATION and m.form == "name"
    ]
    fitting = [m for m in before if hit[1].lower() in m.name.lower()]
    near = [m for m in before if m.span.start >= earlier.start]
    return named(scene, (fitting or near)[-1].name) if fitting or near else None


def _described(
    scene: Scene, core: Span, words: str, before: Sequence[tuple[Attribution, Source]]
) -> Source | None:
    """ "the retired surgeon": whoever spoke last, or the first of the sentence before, where nothing tells more."""
    inside = {
        m.name
        for m in scene.between(core.start, core.end)
        if m.form == "name" and m.kind is not Kind.ORGANIZATION
    }
    possessive = not words.lower().startswith("the ")
    if not _SOMEBODY.match(words) or (inside and not possessive):
        return None
    sentence = scene.sentence_of(core.start)
    earlier = scene.sentence_of(max(0, sentence.start - 3))
    people = set(scene.people)
    for other, source in reversed(before[-2:]):
        if (
            source.speaker in people - inside
            and source.sourcing is Sourcing.OWN_WORDS
            and core.start - max(s.end for s in (*other.source, *other.cue)) < 600
        ):
            return source
    if possessive:
        return None
    near = [
        m
        for part in (sentence, earlier)
        for m in scene.between(part.start, min(part.end, core.start))
        if m.kind is not Kind.ORGANIZATION
    ]
    return named(scene, near[0].name) if near else None
