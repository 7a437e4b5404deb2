"""One article as the reading of sources needs it: mentions by place, outlets, who speaks for whom."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from whipcount.article import Article, Kind, Mention, Span
from whipcount.read.outlet_names import OutletName, find_outlets

SPOKES = re.compile(
    r"\b(?:spokes(?:man|woman|person|people|men|women)|press (?:secretary|officer|aide|shop)|communications? (?:director|chief|aide|manager)"
    r"|director of communications|media director|publicist|representatives? (?=for|of))\b",
    re.IGNORECASE,
)

FORMER = re.compile(
    r"\b(?:former|ex-|onetime|one-time|then|past|chief corporate)[\s-](?:[\w’'.]+ ){0,4}$", re.IGNORECASE
)

_DETERMINERS = frozenset(
    {
        "a",
        "an",
        "the",
        "his",
        "her",
        "its",
        "their",
        "our",
        "one",
        "this",
        "that",
        "another",
        "former",
        "republican",
        "democratic",
        "campaign",
        "spokesman",
    }
)

TITLES_BEFORE = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Rev|Sir|Dame|Lord|Lady|The|President|Vice|Senator|Senators|Representative|Representatives|Reps|Sens"
    r"|Governor|Congressman|Congresswoman|Secretary|Attorney|General|Chairman|Chairwoman|Speaker|Mayor|Judge|Justice|Professor|Prof|Sheriff|Pastor"
    r"|Father|Bishop|Prime|Minister|Republican|Democratic|Democrat|Former|former|Majority|Minority|Leader|State|of|House|Senate|Pope|King|Queen|Prince)\.? )+"
)


@dataclass(slots=True)
class Scene:
    """What the reading of sources needs to know of the whole article."""

    article: Article
    mentions: Sequence[Mention]
    sentences: Sequence[Span]
    outlets: Sequence[OutletName] = ()
    voices: dict[str, str] = field(default_factory=dict)
    """Named spokespeople and whom they speak for."""
    people: Counter[str] = field(default_factory=Counter)
    """How often each person is mentioned."""
    starts: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, article: Article, mentions: Sequence[Mention], sentences: Sequence[Span]) -> "Scene":
        """Outlets and spokespeople are looked up once for the whole article."""
        scene = cls(
            article,
            sorted(mentions, key=lambda m: (m.span.start, -m.span.end)),
            sentences,
            find_outlets(article.text, (article.outlet, article.original_outlet)),
        )
        scene.starts = [m.span.start for m in scene.mentions]
        scene.people.update(m.name for m in scene.mentions if m.kind is not Kind.ORGANIZATION)
        scene._find_voices()
        return scene

    def between(self, start: int, end: int) -> list[Mention]:
        """Mentions that begin in a stretch and end in it, in order."""
        first, last = bisect_left(self.starts, start), bisect_left(self.starts, end)
        return [mention for mention in self.mentions[first:last] if mention.span.end <= end]

    def outlet_before(self, place: int) -> OutletName | None:
        """The outlet named last before a place."""
        at = bisect_left(self.outlets, place, key=lambda outlet: outlet.span.end)
        while at < len(self.outlets) and self.outlets[at].span.end <= place:
            at += 1
        return self.outlets[at - 1] if at else None

    def outlets_in(self, span: Span) -> list[OutletName]:
        """Outlets that a stretch touches."""
        first = bisect_left(self.outlets, span.start, key=lambda outlet: outlet.span.end)
        out = []
        for outlet in self.outlets[first : first + 20]:
            if outlet.span.start >= span.end:
                break
            if outlet.span.overlaps(span):
                out.append(outlet)
        return out

    def sentence_of(self, place: int) -> Span:
        """The sentence that a place lies in; the nearest before it where it lies in none."""
        at = bisect_left(self.sentences, Span(place + 1, -1)) - 1
        return self.sentences[at] if at >= 0 else Span(0, len(self.article.text))

    def _find_voices(self) -> None:
        text = self.article.text
        for hit in SPOKES.finditer(text):
            sentence = self.sentence_of(hit.start())
            if FORMER.search(text[max(sentence.start, hit.start() - 50) : hit.start()]):
                continue
            person = self._person_beside(Span(*hit.span()), sentence)
            principal = self.principal(Span(*hit.span()), sentence) if person else None
            if person and principal and principal != person.name:
                self.voices.setdefault(person.name, principal)

    def _person_beside(self, noun: Span, sentence: Span) -> Mention | None:
        """ "spokesman Tom Reed", "Tom Reed, a spokesman for …"."""
        text = self.article.text
        named = [
            m
            for m in self.between(sentence.start, sentence.end)
            if m.form == "name" and m.kind is not Kind.ORGANIZATION
        ]
        for mention in named:
            if mention.span.start >= noun.end and re.fullmatch(r",? ", text[noun.end : mention.span.start]):
                return mention
        for mention in reversed(named):
            if mention.span.end <= noun.start:
                gap = text[mention.span.end : noun.start]
                beside = re.fullmatch(
                    r"(?: \([^)]*\))?,? (?:(?:who (?:is|serves as) )?(?:an?|the|his|her|its|their) (?:[\w’'.-]+ ){0,5}|(?:[\w’'.-]+['’]s? (?:[\w’'.-]+ ){0,3})?)",
                    gap,
                )
                if beside and "," in gap and not re.match(r",? [A-Z]", text[noun.end :]):
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
                if re.search(r"[,;.](?! [A-Z]?\.)", re.sub(r"\b[A-Z][a-z]{0,4}\.", "", gap)) or re.search(
                    r"\b(?:who|said|says)\b", gap
                ):
                    break
                return self.owner(self._last_beside(mention, within))
            run = re.match(r"(?:the |a |an )?((?:[A-Z][\w.&’'-]*(?: |$))+)", text[start : within.end])
            if run:
                return self.fullest(
                    re.sub(r"(?:['’]s?)? ?(?:[Cc]ampaign|[Oo]ffice)? ?$", "", run[1].strip(" .,"))
                )
        for mention in reversed(self.between(within.start, noun.start)):
            gap = text[mention.span.end : noun.start]
            if re.fullmatch(r"(?:['’]s?)?\s?(?:[\w’'.-]+ ){0,5}", gap) and not re.search(
                r"\b(?:and|said|says|told)\b", gap
            ):
                return self.owner(mention)
        run = re.search(
            r"(?:^|[\s“\"])((?:[A-Z][\w.&’'-]* )+)(?:(?:re-election |presidential )?campaign )?(?:[a-z]+ ){0,2}$",
            text[within.start : noun.start],
        )
        name = re.sub(r"['’]s?$", "", TITLES_BEFORE.sub("", run[1]).strip()) if run else ""
        return self.fullest(name) if name and name.lower() not in _DETERMINERS else None

    def _last_beside(self, mention: Mention, within: Span) -> Mention:
        """Of mentions side by side the last: "the super PAC Forward Ashford"."""
        for other in self.between(mention.span.end, within.end):
            if self.article.text[mention.span.end : other.span.start] != " ":
                break
            mention = other
        return mention

    def owner(self, mention: Mention) -> str:
        """The person behind "the Thorne campaign" where the mention is the campaign."""
        bare = re.sub(
            r"['’]?s?\s+(?:(?:\w+ )?campaign|camp|team|office|for \w+(?: \d+)?)$",
            "",
            mention.name,
            flags=re.IGNORECASE,
        )
        if bare != mention.name:
            return self.fullest(bare.removeprefix("The ").removeprefix("the "))
        return mention.name

    def fullest(self, name: str) -> str:
        """The name of the person mentioned most whose name ends in this one."""
        fits = [known for known in self.people if known == name or known.endswith(" " + name)]
        return max(fits, key=lambda fit: (self.people[fit], len(fit)), default=name)

    def head_of(self, core: Span) -> Mention | None:
        """The mention that is the head of a noun phrase."""
        text = self.article.text
        best = None
        for mention in self.mentions[
            bisect_left(self.starts, core.start - 40) : bisect_left(self.starts, core.end)
        ]:
            if mention.span.end <= core.start:
                continue
            if mention.form == "pronoun" and mention.span.start > core.start:
                continue  # "a man beside him"
            rest = text[mention.span.end : core.end] if mention.span.end <= core.end else ""
            if re.fullmatch(r"(?:['’]s?)?(?:,? (?:Jr|Sr)\.?| I{1,3}V?)?\.?", rest) and (
                best is None or mention.span.start < best.span.start
            ):
                best = mention
        return best
