"""The day that something was said or done, from the words beside it and the day of publication."""

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass

import dateparser

from whipcount.article import Article, Precision, Span

_MONTH = r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)|Apr(?:il|\.)|May|June?\.?|July?\.?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
_DAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Mon\.|Tues?\.|Wed\.|Thurs?\.|Fri\.|Sat\.|Sun\.)"
_PART = r"(?:\s(?:morning|afternoon|evening|night))?"
_WHEN = re.compile(
    rf"\b(?P<full>{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d|\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH},?\s(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)\b"
    rf"|\b(?P<dated>{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH})(?!\w)"
    rf"|\b(?P<weekday>(?:(?:late|early|last|this|next|this past)\s)?{_DAY}{_PART})(?!\w)"
    rf"|\b(?P<near>yesterday{_PART}|earlier today|today|tonight|last night|this (?:morning|afternoon|evening))\b"
    r"|\b(?P<ago>(?:two|three|four|five|six|2|3|4|5|6) days (?:ago|earlier))\b",
    re.IGNORECASE,
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SAID = (
    r"(?:said|says|told|tells|telling|saying|announc\w+|endors\w+|back(?:ed|ing)|tweet\w+|wrote|writing|declar\w+|added|posted|issued|releas\w+|gave|threw|withdrew|rescind\w+"
    r"|revok\w+|confirm\w+|pledg\w+|vow\w+|urg\w+|join\w+|call(?:ed|ing)|declin\w+|refus\w+|acknowledg\w+|ask(?:ed|ing)|reiterat\w+|indicat\w+|report(?:ed|s)?|made|came|offer\w+"
    r"|vot(?:ed|ing)|unveil\w+|reveal\w+|stopped|cast|signal\w+|hint\w+|insist\w+|argu\w+|suggest\w+|met|decid\w+|stat(?:ed|ing)|sent|published|interview|statement|appear\w+|speaking|spoke|appearance|speech|rally|conference)"
)
_AFTER_VERB = re.compile(rf"\b{_SAID}\b(?:\W+[\w'’.]+){{0,5}}\W*$", re.IGNORECASE)
_BEFORE_VERB = re.compile(rf"^\W*(?:\w+\W+){{0,2}}{_SAID}\b", re.IGNORECASE)
_SPOKE = re.compile(
    r"\b(?:said|says|told|tells|announced|added|tweeted|wrote|declared|confirmed|posted|wins?|won)\b"
)
_OPENING = re.compile(r"^\W*(?:on|late|early|earlier)?\s*$", re.IGNORECASE)
_BARRED = re.compile(
    r"\b(?:until|till|before|after|since|by|following|through|ahead of|as of|for|from|between|next|to)\s(?:late |early )?$",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:will|would|won['’]t|shall|'ll|’ll|(?:is|are|was|were) (?:expected|scheduled|set|due|slated|poised|likely|going)|expects?|plans?|planned|planning|intends?|hopes?"
    r"|scheduled|slated|upcoming|ahead|next|coming|gearing up|preparing|in time)\b(?P<rest>(?:(?![a-z]{3}[.!?;][\"”]? ).)*)$",
    re.IGNORECASE | re.DOTALL,
)
_EVENT = re.compile(
    r"^(?:['’]s?|\s(?:night|evening|morning)['’]s?)?\s+(?:\w+\s+){0,3}(?:primar(?:y|ies)|caucus(?:es)?|elections?|vote|votes|voting|contests?|conventions?|debates?|runoff|games?|results?|shooting|attacks?|deadline|ballot)\b",
    re.IGNORECASE,
)
_AT_EVENT = re.compile(
    r"\b(?:primary|caucus(?:es)?|election|vote|convention|debate|runoff)\W+(?:on\s)?$", re.IGNORECASE
)
_WILL = re.compile(rf"^(?:(?!\b{_SAID}\b)[^.;\"“])*?\b(?:will|is expected to|plans to|is set to)\b")
_OWN_EVENT = re.compile(
    r"^['’]s?\s+(?:\w+\s+){0,2}(?:announcement|endorsement|statement|interview|news conference|press conference|speech|remarks|appearance|letter|op-ed|editorial)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Expression:
    day: dt.date
    weight: int
    place: int


def said_on(article: Article, evidence: Span) -> dt.date | None:
    """The day that the evidence gives for what it says; None where it gives none or no precise one."""
    text = evidence.of(article.text)
    published = latest = article.published
    if latest is not None and article.dated is not None and article.dated.precision is Precision.MONTH:
        # "On Tuesday" counts from no day that we know.
        published = None
        latest = latest.replace(day=monthrange(latest.year, latest.month)[1])
    quoted = _quoted(text)
    found = []
    for hit in _WHEN.finditer(text):
        # "Today" within a quotation counts from a day that we don't know.
        if any(start <= hit.start() < end for start, end in quoted):
            continue
        weight = _weight(text, hit)
        day = _day(hit, published) if weight else None
        if day is not None and (latest is None or day <= latest):
            found.append(_Expression(day, weight, hit.start()))
    return max(found, key=lambda e: (e.weight, -e.place)).day if found else None


def _quoted(text: str) -> list[tuple[int, int]]:
    """Stretches between quotation marks."""
    return [
        hit.span() for hit in re.finditer(r"[\"“][^\"“”]*(?:[\"”]|$)|''(?:(?!'').)*(?:''|$)", text, re.DOTALL)
    ]


def _weight(text: str, hit: re.Match[str]) -> int:
    """How likely the expression dates the statement: 0 not at all, 3 it stands beside a verb of saying."""
    before, after = text[: hit.start()], text[hit.end() :]
    if _OWN_EVENT.match(after):
        return 2
    if (
        re.match(r"['’]s?\s+\w", after)
        or _EVENT.match(after)
        or _BARRED.search(before)
        or _AT_EVENT.search(before)
        or hit[0].lower().startswith("next")
    ):
        return 0
    ahead = _FUTURE.search(before)
    if ahead and not _SPOKE.search(ahead["rest"]):
        return 0
    if _OPENING.match(before):
        return 0 if _WILL.match(after) else 2
    if _AFTER_VERB.search(before):
        # What follows "to" and the like is mostly what is still to come.
        tail = _AFTER_VERB.search(before)
        return 1 if tail and re.search(r"\bto\b(?!\s(?:[A-Z]|the|reporters|a))", tail[0]) else 3
    if _BEFORE_VERB.match(after):
        return 3
    return 1


def _day(hit: re.Match[str], published: dt.date | None) -> dt.date | None:
    """The calendar day of an expression."""
    words = re.sub(r"\s+", " ", hit[0])
    if hit["full"]:
        return _parse(words, None)
    if published is None:
        return None
    low = words.lower()
    if hit["weekday"]:
        name = next(word for word in low.split() if word[:3] in _WEEKDAYS)
        back = (published.weekday() - _WEEKDAYS.index(name[:3])) % 7
        return published - dt.timedelta(days=back or 7 if "last" in low.split() else back)
    if hit["near"]:
        return published - dt.timedelta(days=1 if low.startswith(("yesterday", "last night")) else 0)
    day = _parse(words.replace("earlier", "ago"), published)
    # A day without a year that last came round almost a year ago is rather the one to come.
    return day if day and (published - day).days < 300 else None


def _parse(words: str, published: dt.date | None) -> dt.date | None:
    """A date in words, the latest that is not after publication."""
    settings: dict[str, object] = {"PREFER_DATES_FROM": "past", "REQUIRE_PARTS": ["day", "month"]}
    if published is not None:
        settings["RELATIVE_BASE"] = dt.datetime.combine(published, dt.time(12))
    parsed = dateparser.parse(words, languages=["en"], settings=settings)
    return parsed.date() if parsed else None
