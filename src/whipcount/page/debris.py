"""Text on the page that is not the article, found by small patterns.

Those here hold everywhere; what one outlet's pages have is in `data/debris.toml`. Each pattern stands beside an example that it must find whole; a test holds them to it. A
pattern that takes a line takes all of it. When in doubt a pattern leaves the text alone: what
is marked is not read, so a wrong mark loses a position and a missed one costs next to nothing.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from whipcount.article import Span, lines
from whipcount.page.repeats import doubled

_LONGEST_LINE = 600


@dataclass(frozen=True, slots=True)
class Debris:
    """One kind of debris; `pattern` finds `example` whole, and marks its group `debris` if it has one."""

    name: str
    pattern: str
    example: str


PLEA = (
    r"(?:please )?(?:subscribe|sign in|log in|register|sign up|become a (?:member|subscriber)) (?:(?:now|today|here|or \w+(?: \w+)?) )?to (?:continue|keep|read|unlock|finish|access|view)\b"
    r"|to (?:continue|keep|finish) (?:reading|viewing)(?: (?:this|the) (?:full |rest of )?(?:this )?(?:article|story|post|content|page))?\W*(?:$|please|subscribe|sign|log|register|become|choose|create|click here to (?:subscribe|register))"
    r"|to (?:read|see|view) the (?:rest of (?:this|the) |full |entire )(?:article|story|post|report|column),? (?:please )?(?:subscribe|sign|log|register|become)"
    r"|(?:this|the (?:rest|remainder) of (?:this|the)|the full) (?:\w+ )?(?:article|story|post|report|column|content|page) is (?:(?:only|exclusively) )?(?:(?:available|reserved|open|visible) )?(?:(?:only|exclusively) )?(?:to|for) (?:\w+ ){0,2}(?:subscribers|members)"
    r"|(?:this is a )?(?:subscriber|member)s?[- ](?:only|exclusive)(?: (?:article|story|content))?\W*$|for subscribers only\W*$"
    r"|already (?:a|have an?) (?:\w+ )?(?:subscriber|subscription|member|account)\b"
    r"|you(?:['’]ve| have) (?:reached|read|used|hit) (?:\w+ ){0,4}(?:free )?(?:articles?|limit)\b"
    r"|unlock (?:this|the full) (?:article|story|content)"
)
"""How a line begins that asks for a subscription before the rest is shown."""


# A whole line, without the bullet or brackets around it.
LINES = (
    Debris(
        "republication",
        r"(?:read|view|see) the (?:original|full) (?:article|story|version|report|post)(?: (?:here|(?:on|at|from|in) [^.!?\n]{2,60}))?",
        "Read the original article on Harbour Times",
    ),
    Debris(
        "first published",
        r"(?:this|the) (?:article|story|post|piece|column)(?: was)?(?: first| originally)? (?:appeared|published|ran)(?: first| originally)? (?:on|at|in|by) [^.!?\n]{2,60}",
        "This article was originally published on Harbour Times.",
    ),
    Debris(
        "click here",
        r"click here (?:for|to (?:read|see|view|watch|listen|visit)) [^.!?\n()]{3,80}",
        "Click here for related updates.",
    ),
    Debris("advertisement", r"advertisement:?(?: continue reading the main story)?", "ADVERTISEMENT"),
    Debris(
        "continued",
        r"story continues? below(?: advertisement)?|(?:story )?continued below|continue reading(?: below)?(?: the main story)?|(?:article|story) continues after (?:the )?ad(?:vertisement)?|scroll to continue(?: with content)?",
        "Story Continued Below",
    ),
    Debris(
        "read more",
        r"(?:read|see|show|load) (?:more|next|also|on)(?: (?:at|on|from) [^.!?\n]{2,40})?:?|(?:more on this|also see|see also|more)(?: story| topic)?(?:\.\.\.|…|:)?",
        "Read more",
    ),
    Debris(
        "related story",
        r"(?:read (?:more|next|also)|see also|also see|related(?: (?:story|stories|article|articles|content|coverage))?|recommended(?: for you)?|must[- ]read|more from [A-Z][\w .&’'-]{1,40})(?::| \|) [^\n]{3,200}",
        "Related: Five things to know about the harbour bond",
    ),
    Debris(
        "box of links",
        r"(?:photos|video|watch|gallery|slideshow|special coverage|also on [A-Z][\w ]{1,30}|see more from [A-Z]\w[^:\n]{1,40}): [^\n]{3,120}|full [^.\n]{3,40} results",
        "PHOTOS: Ten harbours at dawn",
    ),
    Debris(
        "share line",
        r"(?:share this (?:article|story|post|page):?\s*)?(?:(?:share|tweet|post|pin|email|e-mail|print|facebook|twitter|linkedin|whatsapp|reddit|copy link|save|comment|comments)(?: on (?:facebook|twitter|x|linkedin))?(?:[\s,|·/]+|$)){2,}",
        "SHARE THIS ARTICLE Share Tweet Post Email",
    ),
    Debris("share this", r"share this (?:article|story|post|page)", "Share this article"),
    Debris(
        "follow",
        r"(?:follow|join|find|like) (?:(?:us|me|him|her|them|the [\w ]{2,30}|[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){0,3}) )?(?:on (?:twitter|x|facebook|instagram|threads|bluesky|linkedin|youtube)\b)?(?:\s*(?:,|and|at|:)?\s*(?:(?:on )?(?:twitter|facebook|instagram)|@\w+|facebook[./]\S+))*(?<!follow )",
        "Follow Ada Brook on Twitter @adabrook",
    ),
    Debris("handles", r"(?:follow ?@\w+\s*)+", "Follow @harbourtimes Follow @adabrook"),
    Debris(
        "newsletter",
        r"(?:sign up|subscribe|click here to (?:sign up|subscribe))(?: (?:here|now|today|for free))?(?: (?:for|to|and|with)\b[^\n]{0,90}?\b(?:newsletters?|e-?mails?|inbox|podcast|tip ?sheet|updates|alerts|digest|briefing|nerdcast|read more)\b[^\n]{0,160})?(?: (?:here|now|today))?",
        "Sign up for our daily newsletter and never miss a tide.",
    ),
    Debris(
        "newsletter plea",
        r"(?:get|want|receive|have) [^.?!\n]{3,100}?(?:to|in) your inbox\b[^\n]{0,200}",
        "Get the Harbour Times delivered to your inbox. By signing up, you agree to our terms.",
    ),
    Debris(
        "copyright",
        r"(?:©|\(c\)|copyright\b)(?:\s*(?:©|\(c\)|copyright))?\s*(?:19|20)\d\d\b[^\n]{0,250}|all rights reserved",
        "Copyright © 2031 Harbour Times, LLC. Click here for reprint permission.",
    ),
    Debris(
        "photo caption",
        r"(?:enlarge this image\s*)?toggle caption [^\n]{2,200}|hide caption\b[^\n]{0,200}|enlarge this image(?: [^\n]{2,60}?/ ?(?:AP|AFP|Reuters|Getty Images|NPR|EPA|Landov|Bloomberg)\b[^\n]{0,140})?",
        "Enlarge this image toggle caption Bo Quill/AP Bo Quill/AP",
    ),
    Debris(
        "photo credit",
        r"(?:photo(?:graph)?s?|image|picture|video|illustration)(?: credit|s? by| courtesy of)?: [A-Z][\w.’'/ -]{2,60}|(?:photo|image|picture|illustration) by [A-Z][\w.’'/ -]{2,60}|[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){0,3}\s?/\s?(?:AP|AFP|Reuters|Getty(?: Images)?|Bloomberg|EPA|UPI)(?:\s?/?\s?(?:Getty Images|via [A-Z]\w+(?: Images)?|Images))*|(?:getty images|ap photo|file photo|afp/getty images)(?:/[A-Z][\w.’' -]{2,40})?",
        "Photo by Bo Quill/Getty Images",
    ),
    Debris("paywall plea", rf"(?:{PLEA})[^\n]{{0,250}}", "Subscribe to continue reading the story."),
    Debris(
        "subscription notice",
        r"(?:thank(?:s| you) for (?:subscribing|signing up)|invalid e-?mail address|please (?:verify|confirm) you(?:['’]re| are) not a robot|please enter a valid e-?mail|(?:you (?:can|may) )?(?:cancel|unsubscribe) (?:at )?any ?time|your (?:message|e-?mail) has been sent)\b[^\n]{0,160}|no,? thanks",
        "Thank you for subscribing to Tides.",
    ),
    Debris(
        "comment count",
        r"\d[\d,.]*k? (?:comments?|shares?|views?|retweets?|reactions?)|comments? ?\(\d[\d,]*\)|(?:view|show|see|read|post|leave|add|join|load)(?: all| the| a| your| more)*(?: \d[\d,]*)? (?:comments?|conversation|discussion)|comments (?:are|have been) (?:closed|disabled|off)[^\n]{0,60}",
        "128 comments",
    ),
    Debris(
        "widget error",
        r"(?:sorry,? )?(?:this|the) (?:content|video|audio|player|gallery|item|feature|page) (?:(?:can(?:not|['’]t)|could not|couldn['’]t) be (?:loaded|played|displayed|shown)|(?:is|was) (?:not |un)(?:available|supported)|failed to load|is no longer available)(?: (?:in your|at this|right now|on this)[^\n]{0,60})?(?:\W+please [^\n]{3,60})?|error loading [a-z][^\n]{0,60}|(?:an (?:unknown |unexpected )?error (?:has )?occurred|something went wrong|unable to load)(?:\W+please [^\n]{3,60})?",
        "This video could not be loaded. Please try again.",
    ),
    Debris(
        "reading time",
        r"\d{1,3}[ -]min(?:ute)?s?\.?[ -](?:read|listen|watch)|listen(?: to this (?:article|story))?(?:\s*[·|-]?\s*\d{1,3}:\d\d)+(?: minutes)?|listen to this (?:article|story)",
        "5 min read",
    ),
    Debris(
        "updated",
        r"(?:this (?:article|story|post|report) (?:was|has been) )?(?:last |first )?(?:updated|posted|published)(?: at| on|:)[^\n.]{0,10}(?:\d|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:[^\n.]|[ap]\.m\.){0,50}",
        "This story was updated at 5:10 p.m.",
    ),
    Debris("handle", r"(?-i:(?:[A-Z][\w.’'-]*,? ){1,4}(?:\| )?@\w{2,20})", "Ada Brook @adabrook"),
    Debris(
        "tags",
        r"(?:this (?:article|story) )?(?:tagged (?:under|as|with|in)|filed under|tags|topics)(?::| \|) ?[^\n]{2,150}",
        "Tagged under: Harbours, Ferries",
    ),
    Debris(
        "click for more",
        r"click (?:here )?(?:for|to (?:read|see|watch|get|view|listen to))(?: the)? (?:more|full|rest|latest)\b[^\n]{0,100}",
        "Click for more from Harbour Times.",
    ),
    Debris(
        "slideshow",
        r"(?:slideshow|gallery|photos?) \(?\d+ (?:images|photos|slides)\)?|view (?:photos|gallery|slideshow)|hide caption",
        "Slideshow (12 Images)",
    ),
    Debris("slide", r"(?:prev|next) image \d+ of \d+|\d+ of \d+", "next Image 1 of 2"),
    Debris(
        "placeholder",
        r"/?(?:pullquote|audio-clip|audio|image|video|youtube|tweet|soundcloud|embed\w*|caption|gallery|related|break)(?: [^\]\n]{0,200})?\]",
        "[pullquote]",
    ),
    Debris(
        "age", r"\d+ (?:years?|months?|days?|hours?) ago|this article is more than \d+ \w+ old", "6 years ago"
    ),
    Debris("media", r"(?:photo|video|image|gallery|audio|close|loading)(?:\.\.\.|…)?", "Video"),
    Debris(
        "player",
        r"watch (?:the latest video at \S+|live|now)|your browser does not support [^\n]{3,60}|(?:please )?enable javascript[^\n]{0,80}",
        "Watch the latest video at video.harbourtimes.example",
    ),
    Debris(
        "transcript note",
        r"this is a rush transcript\. copy may not be in its final form",
        "This is a rush transcript. Copy may not be in its final form.",
    ),
    Debris("opinion label", r"analysis/opinion:?|commentary:?", "ANALYSIS/OPINION:"),
    Debris(
        "disclaimer",
        r"(?:the )?(?:views|opinions) expressed (?:in this|by (?:the author|columnists|contributors)|here)[^\n]{5,250}",
        "The opinions expressed by columnists are their own and do not represent the views of Harbour Times.",
    ),
    Debris(
        "tips",
        r"(?:got|have) a (?:news )?(?:tip|question)\b[^\n]{0,40}\?[^\n]{0,120}",
        "Got a tip? Email tips@harbourtimes.example",
    ),
    Debris(
        "ask to contribute",
        r"(?:please )?(?:support|donate to|become a (?:member|subscriber) of) (?:our|independent|local|quality) (?:journalism|news(?:room)?|reporting)\b[^\n]{0,160}",
        "Support our journalism. Become a member today.",
    ),
    Debris("rule", r"[_*•·\-–—=#.~ ]{1,80}", "* * *"),
)

# Anywhere in a line, or over several.
ANYWHERE = (
    Debris(
        "widget error",
        r"Oops!\s+Something went wrong\.\s+Please try again(?: later)?\.",
        "Oops!\n    Something went wrong.\n    Please try again later.",
    ),
    Debris(
        "person card",
        # The person's full name, glued to headlines about them. Its last word is that of the
        # plain name before it, which stays.
        r"\b(?P<last>[A-Z][\w’'-]+)(?P<debris> (?:[A-Z“\"(][\w.’'()“”\"-]*,? ){1,6}?(?P=last)(?:,? (?:Jr|Sr|I{1,3}|IV)\b\.?|,? (?:Jr|Sr)\.|,? I{2,3}(?=[A-Z]))?(?=[A-Z0-9‘’'“\"\[(])[^\n]{0,1200}?\bMORE\b)",
        "Brook Ada Mary BrookHarbour bond in doubt: report Five things to know about tides MORE",
    ),
    Debris(
        "loose person card",
        r"\b(?P<first>[A-Z][\w’'-]+) (?P<last>[A-Z][\w’'-]+)(?P<debris> (?P=first) (?:[A-Z“\"(][\w.'’()“”\"-]*,? ){0,4}?(?P=last) [A-Z0-9‘“\"][^\n]{0,1200}?\bMORE\b)",
        "Ada Brook Ada Mary Brook Harbour bond in doubt: report MORE",
    ),
    Debris(
        "photo gallery",
        r"(?m:^)[^\n]*\bHide Caption \d+ of \d+[^\n]*",
        "Photos: The harbour at dawn A gull on a pier. Hide Caption 1 of 2",
    ),
    Debris(
        "video box",
        r"JUST WATCHED\s[^\n]{3,200}?\sReplay\s(?:More Videos \.\.\. )?MUST WATCH(?:\s[^\n]{3,200}?\s\d?\d:\d\d|(?=\n|$))",
        "JUST WATCHED Tides explained Replay More Videos ... MUST WATCH Tides explained 02:12",
    ),
    Debris(
        "credit in brackets",
        r"\((?:AP Photo|AP Images|Photo(?:graph)?s? by|Photo:|Photo courtesy|REUTERS/|Getty Images/)[^()\n]{0,80}\)",
        "(AP Photo/Bo Quill)",
    ),
    Debris(
        "inline advertisement",
        r"[.!?”\"] (?P<debris>ADVERTISEMENT)(?= [A-Z“\"])",
        "It is on. ADVERTISEMENT The vote is near.",
    ),
)


@dataclass(frozen=True, slots=True)
class OfOutlet:
    """A kind of debris that one outlet's pages have."""

    outlet: str
    """Its id in `data/outlets.csv`."""
    name: str
    where: str
    """`line`: the pattern takes a whole line; `anywhere`: a stretch of text; `aside`: a line that is a caption."""
    pattern: str
    example: str


@lru_cache(maxsize=1)
def of_outlets() -> tuple[OfOutlet, ...]:
    """What `data/debris.toml` says."""
    table = tomllib.loads(files("whipcount.page").joinpath("data/debris.toml").read_text(encoding="utf-8"))
    return tuple(OfOutlet(**one) for one in table["debris"])


@lru_cache(maxsize=512)
def patterns_of(outlet: str, where: str) -> tuple[re.Pattern[str], ...]:
    """An outlet's own patterns of one sort."""
    return tuple(
        re.compile(one.pattern) for one in of_outlets() if one.outlet == outlet and one.where == where
    )


# Case tells little here, but where a pattern asks for a capital, as of a name, it means it.
_LINE_PATTERNS = [
    re.compile(f"(?:{one.pattern})\\W{{0,3}}".replace("[A-Z]", "(?-i:[A-Z])"), re.IGNORECASE) for one in LINES
]
_ANYWHERE_PATTERNS = [re.compile(one.pattern) for one in ANYWHERE]
_CARDS = [pattern for pattern in _ANYWHERE_PATTERNS if pattern.pattern.endswith(r"\bMORE\b)")]
_MORE = re.compile(r"\bMORE\b")
_LONGEST_CARD = 1400
# What may stand around a line's words: bullets, brackets, stars.
_AROUND = " \t\r\f\v\u00a0\ufeff•▪*([>»→|_-"
_HEADING = re.compile(
    r"(?:(?:more )?related(?: (?:stories|articles|content|coverage|links|news|topics|posts))?|more (?:from|on|in) [^.!?\n:]{2,40}|(?:more|top|latest|other|trending|popular|recommended) (?:stories|news|headlines|articles|reads|videos)"
    r"|most (?:read|popular|viewed|shared)|(?:read (?:more|next|also)|see also|further reading) ?:|you (?:may|might) (?:also|be) (?:like|interested in)|recommended(?: for you| reading)?|also on [^.!?\n:]{2,40}|trending(?: now)?|editors['’] picks|our picks|don['’]t miss)\W{0,3}",
    re.IGNORECASE,
)
_MOST_LINKS = 10
_LONGEST_LINK = 160
_SENTENCE_END = re.compile(r"[.!?][\"”’')]*\s*$")


def debris(text: str, title: str = "", outlet: str = "", authors: Sequence[str] = ()) -> tuple[Span, ...]:
    """What in `text` is not the article: spans in order, none of which overlap.

    `outlet` is the id of the outlet whose own patterns hold too; `authors` are known by name.
    """
    title = title.strip()
    found = {
        *_bylines(text, title, authors),
        *_lines(text, title, outlet),
        *_anywhere(text, outlet),
        *_related(text),
        *doubled(text, title),
    }
    return merged(sorted(found, key=lambda span: (span.start, -span.end)))


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans in order without those that overlap an earlier one."""
    kept: list[Span] = []
    for span in spans:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)


def _lines(text: str, title: str, outlet: str) -> Iterator[Span]:
    own = patterns_of(outlet, "line") if outlet else ()
    at = 0
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        words = line.rstrip()
        first = len(words) - len(words.lstrip(_AROUND))
        if first == len(words):
            first = len(words) - len(words.lstrip())
        inner = words[first:]
        if not inner or len(inner) > _LONGEST_LINE or inner == title:
            continue
        whole = len(words) - len(words.lstrip())
        if any(pattern.fullmatch(words, whole) for pattern in own):
            yield Span(start + whole, start + len(words))
        elif any(pattern.fullmatch(inner) for pattern in _LINE_PATTERNS):
            # A bracket goes with its fellow; a bullet stays outside.
            for opening, closing in ("()", "[]"):
                if inner.endswith(closing) and opening in words[:first]:
                    first = words.index(opening)
            yield Span(start + first, start + len(words))


def _bylines(text: str, title: str, authors: Sequence[str]) -> Iterator[Span]:
    """Lines that hold an author's name alone."""
    names = {name.casefold() for name in authors if " " in name}
    for span in lines(text) if names else ():
        words = span.of(text)
        if words != title and words.casefold().removeprefix("by ") in names:
            yield span


def _anywhere(text: str, outlet: str) -> Iterator[Span]:
    for pattern in (*_ANYWHERE_PATTERNS, *(patterns_of(outlet, "anywhere") if outlet else ())):
        for found in _cards(pattern, text) if pattern in _CARDS else pattern.finditer(text):
            span = Span(*found.span("debris" if "debris" in pattern.groupindex else 0))
            if span.start < span.end:
                yield span


def _cards(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """What a pattern that ends in MORE finds, looked for only where there is one: it would try each name else."""
    end = 0
    for more in _MORE.finditer(text):
        start = max(end, text.rfind("\n", 0, more.start()) + 1, more.start() - _LONGEST_CARD)
        end = more.end()
        if found := pattern.search(text, start, end):
            yield found


def _related(text: str) -> Iterator[Span]:
    """Lists of other articles: a heading such as "Related stories", and the headlines under it to the end of the list."""
    under = 0
    for span in lines(text):
        words = span.of(text)
        if _HEADING.fullmatch(words.lstrip(_AROUND)):
            under = _MOST_LINKS
            yield span
        elif (
            under
            and len(words) <= _LONGEST_LINK
            and not _SENTENCE_END.search(words)
            and words[0] not in "\"“'‘"
        ):
            under -= 1
            yield span
        else:
            under = 0
