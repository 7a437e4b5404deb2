"""What an article says of those whom it names, for telling them apart. Entry: `Context(reading)`.

Titles and party tags are read at each place where a name stands: "Sen. Ada Brook, R-Ohio", "the Vermont
senator", "Ohio Republican Ada Brook", "Brook, a Democrat from Texas". Nothing is looked up in a registry.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from whipcount.article import Kind, Mention, Reading
from whipcount.outlet_table import Outlet, outlet_named, outlet_of
from whipcount.people.names import normal_name
from whipcount.people.states import shortened_states, state_of, state_pattern, states_in

_STATE = state_pattern()
_TITLES = {
    "senator": r"(?:U\.?S\.? )?[Ss]en(?:ator|s?\.)s?",
    "representative": r"(?:U\.?S\.? )?(?:[Rr]ep(?:resentative|s?\.)s?|[Cc]ongress(?:man|woman|member|men|women))",
    "state legislator": r"[Ss]tate (?:[Ss]en(?:ator|s?\.)s?|[Rr]ep(?:resentative|s?\.)s?|[Ll]awmakers?|[Ll]egislators?)"
    r"|[Aa]ssembly(?:man|woman|member)|[Dd]elegate|Del\.|[Aa]lderman",
    "governor": r"[Gg]ov(?:ernor|s?\.)s?",
    "lieutenant governor": r"(?:Lt\.|[Ll]ieutenant) [Gg]ov(?:ernor|\.)",
    "vice president": r"[Vv]ice[ -][Pp]resident(?:-elect)?|VP|Veep",
    "president": r"[Pp]resident(?:-elect)?|Pres\.",
    "mayor": r"[Mm]ayor",
    "secretary": r"(?:[Ss]tate )?[Ss]ecretary(?: of [A-Z]\w+)?",
    "leader": r"(?:[Ss]enate|[Hh]ouse) (?:[Mm]ajority|[Mm]inority|[Rr]epublican|[Dd]emocratic|GOP) (?:[Ll]eader|[Ww]hip)"
    r"|(?:[Mm]ajority|[Mm]inority) (?:[Ll]eader|[Ww]hip)|(?:House )?[Ss]peaker(?: of the House)?",
    "judge": r"[Jj]udge|[Jj]ustice|[Mm]agistrate",
    "attorney general": r"[Aa]ttorney [Gg]eneral|Atty\. Gen\.",
    "council": r"[Cc]ity [Cc]ouncil(?:man|woman|member|or)|[Cc]ouncil(?:man|woman|member|or)|[Cc]ounty \w+|[Ss]heriff",
    "other": r"[Cc]oach|[Pp]rof(?:essor|\.)|[Dd]r\.|[Rr]ev(?:erend|\.)|[Pp]astor|[Bb]ishop|[Ff]ather|[Aa]ctor|[Aa]ctress"
    r"|[Ss]inger|[Aa]uthor|[Cc]olumnist|[Rr]eporter|[Cc]orrespondent|[Pp]hotographer|[Ss]pokes(?:man|woman|person)"
    r"|[Ss]trategist|[Cc]onsultant|[Pp]ollster|[Hh]istorian|[Cc]ampaign (?:[Mm]anager|[Cc]hair\w*)|[Aa]nalyst|[Oo]fficer"
    r"|[Cc]apt(?:ain|\.)|[Ss]gt\.|[Gg]en(?:eral|\.)|[Aa]dm(?:iral|\.)|[Cc]ol(?:onel|\.)|[Ee]ditor|[Aa]nchor|[Cc]omedian"
    r"|[Dd]irector|[Aa]ttorney|[Ll]awyer|[Pp]rosecutor|[Ee]conomist|[Aa]rchitect|[Ss]tudent|[Tt]eacher|[Aa]rtist|[Ww]riter",
}
_ORDER = (
    "state legislator",
    "lieutenant governor",
    "vice president",
    "attorney general",
    "leader",
    "council",
    "governor",
    "senator",
    "representative",
    "president",
    "mayor",
    "secretary",
    "judge",
    "other",
)
"""Those that hold another's word in them come first."""
_TITLE = re.compile("|".join(f"(?P<{key.replace(' ', '_')}>\\b(?:{_TITLES[key]}))" for key in _ORDER) + "")
_BEFORE = re.compile(
    r"(?:(?P<former>\b(?:[Ff]ormer|[Ee]x-?|[Tt]hen|[Ll]ate|[Rr]etired)[ -])|(?P<run>\b(?:candidate|nominee|hopeful|contender|challenger|frontrunner|front-runner)\b))"
)
_PARTY = re.compile(r"\b(?:(?P<d>Democrat(?:ic)?|Dem\.?)|(?P<r>Republican|GOP)|(?P<i>[Ii]ndependent))\b")
_TAG = re.compile(
    r"\s?,?\s?[(\[]?\b(?P<party>[DRI]|DFL|Dem|Rep)\.?(?:\s?[-–—‑]\s?|\s?,\s?)(?P<place>(?:"
    + _STATE
    + r")(?!\w)|(?:[A-Z]{2}\b|[A-Z][\w.]+(?: [A-Z][\w.]+)?))"
)
_BARE_TAG = re.compile(r"\s?[(\[](?P<party>[DRI])\.?[)\]]")
_OF_STATE = re.compile(r",? (?:of|from) (?P<place>" + _STATE + r")(?!\w)")
_NAME_TAIL = re.compile(
    r"(?:(?:[A-Z][\w.’'-]*|and|,|&|of|de|von|van|"
    + _STATE
    + r"|\([^)]{1,20}\)|[DRI]-[A-Z][\w.]+)[ ,]*){0,12}$"
)
_APPOSITION = re.compile(r",? ?(?:\(?)(?:(?:a|an|the|who is|one of|who was)\b)?(?P<text>[^.;:!?\n]{0,90})")
_STOP = re.compile(r"[.!?;:](?:[”\"’)]|\s|$)")
_SHORTENED = re.compile(
    r"\b(?:[A-Z]|Sens?|Reps?|Govs?|Lt|Mr|Mrs|Ms|Dr|Jr|Sr|Rev|St|Gen|Del|Pres|Atty|"
    + "|".join(sorted(shortened_states()))
    + r")$"
)
"""A point after one of these ends no sentence."""
_AGE = re.compile(r",? (?:\(?\d\d\)?,|a \d\d-year-old)")
_ACRONYM = re.compile(r"\s*\((?:the |or )?[“\"]?(?P<short>[A-Z][A-Za-z&.-]{1,11}[A-Z])[”\"]?\)")
_DATELINE = re.compile(r"(?:^|\n)\s*[A-Z][A-Z .’'-]{2,30}, (?P<place>" + _STATE + r")(?!\w)[^\n]{0,30}[—–-]")
_PAPER = frozenset(
    {
        "paper",
        "newspaper",
        "editorial board",
        "this paper",
        "this newspaper",
        "newspapers editorial board",
        "papers editorial board",
    }
)
_PARTIES = {
    "d": "Democrat",
    "r": "Republican",
    "i": "Independent",
    "dfl": "Democrat",
    "dem": "Democrat",
    "rep": "Republican",
}
_POLITICS = re.compile(
    r"\b(?:Senate|Congress|congressional|presidential|House of Representatives|Capitol|lawmakers)\b"
)


@dataclass(frozen=True, slots=True)
class Clue:
    """One thing that the article says of somebody at one place."""

    sort: str
    """office, state, party, former, running, age, speaks"""
    value: str
    words: str
    """As it stands there."""
    near: bool = True
    """In the name's own phrase; False where it only stands close by."""


class Context:
    """What one article gives; the clues of a name are read when they are asked for, once."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.text = reading.article.text
        self.day: dt.date | None = reading.article.published
        self._mentions: defaultdict[str, list[Mention]] = defaultdict(list)
        for one in reading.mentions:
            self._mentions[one.name].append(one)
        self._clues: dict[str, tuple[Clue, ...]] = {}

    @property
    def names(self) -> Iterable[str]:
        """All who are named, in the order in which they are met first."""
        return self._mentions

    def kind(self, name: str) -> Kind | None:
        """What the reader took somebody for."""
        found = self._mentions.get(name)
        return found[0].kind if found else None

    def forms(self, name: str) -> frozenset[str]:
        """All forms in which the article writes a name."""
        return frozenset(m.span.of(self.text) for m in self._mentions.get(name, ()) if m.form == "name")

    def count(self, name: str) -> int:
        """How often somebody is referred to."""
        return len(self._mentions.get(name, ()))

    @cached_property
    def states(self) -> Counter[str]:
        """The states that the article names."""
        return Counter(states_in(self.text))

    @cached_property
    def political(self) -> bool:
        """Whether it speaks of Congress or a presidency."""
        return _POLITICS.search(self.text) is not None

    @cached_property
    def outlet(self) -> Outlet | None:
        """Whose article it is."""
        article = self.reading.article
        return outlet_named(article.original_outlet or article.outlet) or outlet_of(article.url)

    @cached_property
    def home(self) -> str | None:
        """The state that the article is from: of its dateline, else in its outlet's name."""
        if (hit := _DATELINE.search(self.text[:2000])) is not None:
            return state_of(hit["place"])
        named = set(states_in(self.outlet.name if self.outlet else self.reading.article.outlet or ""))
        return named.pop() if len(named) == 1 else None

    @cached_property
    def acronyms(self) -> dict[str, str]:
        """What stands in parentheses after an organization's name, and that name."""
        found: dict[str, str] = {}
        for one in self.reading.mentions:
            hit = _ACRONYM.match(self.text, one.span.end) if one.form == "name" else None
            if hit is not None:
                found.setdefault(normal_name(hit["short"]), one.name)
        return found

    @cached_property
    def speakers(self) -> frozenset[str]:
        """Who is quoted: alive, then."""
        return frozenset(a.speaker for a in self.reading.attributions if a.speaker)

    def is_paper(self, name: str) -> bool:
        """Whether a name is the article's own outlet without its name: "the paper", "the editorial board"."""
        return normal_name(name) in _PAPER

    def clues(self, name: str) -> tuple[Clue, ...]:
        """What the article says of somebody, place by place, nothing twice."""
        if name not in self._clues:
            found: dict[Clue, None] = {}
            for one in self._mentions.get(name, ()):
                if one.form == "name":
                    found |= dict.fromkeys(self._around(one))
                elif one.form == "description":
                    found |= dict.fromkeys(_described(one.span.of(self.text)))
            if name in self.speakers:
                found[Clue("speaks", "", "is quoted", near=False)] = None
            self._clues[name] = tuple(found)
        return self._clues[name]

    def _around(self, one: Mention) -> Iterable[Clue]:
        """Clues before and after a name."""
        start, end = one.span
        inside = one.span.of(self.text)
        yield from _titles(inside)
        line = self.text.rfind("\n", 0, start) + 1
        yield from _before(self.text[max(line, start - 90) : start])
        after = self.text[end : end + 110]
        after = after[: after.find("\n")] if "\n" in after else after
        yield from _after(after)


def _titles(words: str, *, near: bool = True) -> Iterable[Clue]:
    for hit in _TITLE.finditer(words):
        office = str(hit.lastgroup).replace("_", " ")
        yield Clue("office", office, hit.group(), near)


def _stops(words: str) -> list[int]:
    """Where sentences end."""
    return [
        hit.start()
        for hit in _STOP.finditer(words)
        if hit.group()[0] != "." or _SHORTENED.search(words[: hit.start()]) is None
    ]


def _before(words: str) -> Iterable[Clue]:
    """What stands before a name: titles that run up to it, with the state or party before them."""
    stops = _stops(words)
    phrase = words[stops[-1] + 1 :] if stops else words
    titles = list(_TITLE.finditer(phrase))
    # "Republican Sens. Ada Brook of Ohio and …": a plural title reaches over the names between.
    last = titles[-1] if titles else None
    reaches = last is not None and _reaches(last, phrase[last.end() :])
    if last is not None and reaches:
        yield Clue("office", str(last.lastgroup).replace("_", " "), last.group())
        lead = phrase[max(0, last.start() - 40) : last.start()]
    else:
        lead = phrase[-40:]
    close = re.search(r"(?:[\w.’'-]+[ -]+){0,5}$", lead)
    lead = close.group() if close else ""
    yield from _lead(lead, titled=reaches, own=reaches or not titles)


def _reaches(title: re.Match[str], between: str) -> bool:
    if not between.strip(" “\"'’(,"):
        return True
    if re.fullmatch(r"(?:-elect|,| (?:candidate|nominee|hopeful|contender)s?| for life)?,? *", between):
        return True
    plural = title.group().rstrip(".").endswith("s") and len(title.group()) > 3
    return plural and _NAME_TAIL.fullmatch(between.lstrip()) is not None


def _lead(words: str, *, titled: bool, own: bool) -> Iterable[Clue]:
    """State, party and time in the few words before a title or a name."""
    tail = words.rstrip()
    hit = re.search(
        r"(?P<place>"
        + _STATE
        + r")(?:['’]s?)?(?: (?:Republican|Democratic|Democrat|GOP|junior|senior|U\.S\.|[Tt]ea [Pp]arty))*$",
        tail,
    )
    # "New Hampshire winner Brook" says nothing; a title or a party makes the state hers.
    if hit is not None and (code := state_of(hit["place"])) and (titled or _PARTY.search(hit.group())):
        yield Clue("state", code, hit["place"])
    party = re.search(
        r"(Republican|Democratic|Democrat|GOP|[Ii]ndependent)(?: (?:U\.S\.|presidential|vice presidential|candidate|nominee|front-?runner|rival|hopeful|"
        + _STATE
        + r"))*$",
        tail,
    )
    if party is not None and own:
        found = _PARTY.match(party[1])
        if found:
            yield Clue("party", _PARTIES[str(found.lastgroup)], party[1])
    for one in _BEFORE.finditer(words):
        yield Clue("former" if one["former"] else "running", "", one.group().strip())


def _after(words: str) -> Iterable[Clue]:
    """What follows a name: a tag, an apposition, a place, an age."""
    tag = _TAG.match(words)
    if tag is not None:
        yield Clue("party", _PARTIES[tag["party"].casefold()], tag.group().strip(" ,("))
        code = state_of(tag["place"])
        yield (
            Clue("state", code, tag["place"])
            if code
            else Clue("office", "state legislator", tag.group().strip(" ,("))
        )
        return
    if (bare := _BARE_TAG.match(words)) is not None:
        yield Clue("party", _PARTIES[bare["party"].casefold()], bare.group().strip())
        words = words[bare.end() :]
    if _AGE.match(words):
        yield Clue("age", "", _AGE.match(words).group().strip(" ,"))  # type: ignore[union-attr]
    if (place := _OF_STATE.match(words)) is not None and (code := state_of(place["place"])):
        yield Clue("state", code, place.group().strip(" ,"))
    if words[:2] == ", " or words[:2] == " (":
        stops = _stops(words)
        phrase = words[2 : stops[0] if stops else None]
        phrase = re.split(
            r"\b(?:and|who|said|says|told|has|had|will|is|was|but|while|when|in an?|on|at)\b|, (?=[A-Z])",
            phrase,
        )[0]
        # "…, Sen. Quill and others": the title is the next one's.
        if not _of_the_next(phrase):
            yield from _described(phrase)
    elif hit := re.match(r" (?:is|was) (?P<rest>(?:a|an|the|also a)\b[^.,;\n]{0,60})", words):
        yield from _described(hit["rest"])


def _of_the_next(phrase: str) -> bool:
    """Whether a title in what follows a name stands before another name."""
    return any(re.match(r" [A-Z]\w", phrase[hit.end() :]) for hit in _TITLE.finditer(phrase))


def _described(phrase: str) -> Iterable[Clue]:
    """Clues of a description: "the junior Republican senator from Ohio"."""
    yield from _titles(phrase)
    for hit in re.finditer(r"\b(?:" + _STATE + r")(?!\w)", phrase):
        code = state_of(hit.group())
        city = code == "WA" and not re.search(r"\b(?:of|from) $", phrase[: hit.start()])
        if code and not city:
            yield Clue("state", code, hit.group())
    if party := _PARTY.search(phrase):
        yield Clue("party", _PARTIES[str(party.lastgroup)], party.group())
    for one in _BEFORE.finditer(phrase):
        yield Clue("former" if one["former"] else "running", "", one.group().strip())
