"""Text on the page that is not the article, found by small patterns.

Each pattern stands beside an example that it must find whole; a test holds them to it. A
pattern that takes a line takes all of it. When in doubt a pattern leaves the text alone: what
is marked is not read, so a wrong mark loses a position and a missed one costs next to nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from whipcount.article import Span

_LONGEST_LINE = 600


@dataclass(frozen=True, slots=True)
class Debris:
    """One kind of debris; `pattern` finds `example` whole, and marks its group `debris` if it has one."""

    name: str
    pattern: str
    example: str


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
        r"(?:enlarge this image\s*)?toggle caption [^\n]{2,200}|hide caption\b[^\n]{0,200}|enlarge this image",
        "Enlarge this image toggle caption Bo Quill/AP Bo Quill/AP",
    ),
    Debris(
        "photo credit",
        r"(?:photo(?:graph)?s?|image|picture|video|illustration)(?: credit|s? by| courtesy of)?: [A-Z][\w.’'/ -]{2,60}|(?:photo|image|picture|illustration) by [A-Z][\w.’'/ -]{2,60}|[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){0,3}\s?/\s?(?:AP|AFP|Reuters|Getty(?: Images)?|Bloomberg|EPA|UPI)(?:\s?/?\s?(?:Getty Images|via [A-Z]\w+(?: Images)?|Images))*|(?:getty images|ap photo|file photo|afp/getty images)(?:/[A-Z][\w.’' -]{2,40})?",
        "Photo by Bo Quill/Getty Images",
    ),
    Debris("slide", r"(?:prev|next) image \d+ of \d+|\d+ of \d+", "next Image 1 of 2"),
    Debris("placeholder", r"(?:pullquote|audio-clip|image|video|embed|gallery|related)\]", "[pullquote]"),
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
        r"\b(?P<last>[A-Z][\w’'-]+)(?P<debris> (?:[A-Z“\"(][\w.’'()“”\"-]*,? ){1,6}?(?P=last)(?:,? (?:Jr|Sr|I{1,3}|IV)\b\.?|,? (?:Jr|Sr)\.|,? I{2,3}(?=[A-Z]))?(?=[A-Z0-9‘’'“\"\[(])[^\n]{0,900}?\bMORE\b)",
        "Brook Ada Mary BrookHarbour bond in doubt: report Five things to know about tides MORE",
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
        "inline advertisement",
        r"[.!?”\"] (?P<debris>ADVERTISEMENT)(?= [A-Z“\"])",
        "It is on. ADVERTISEMENT The vote is near.",
    ),
)


# Case tells little here, but where a pattern asks for a capital, as of a name, it means it.
_LINE_PATTERNS = [
    re.compile(f"(?:{one.pattern})\\W{{0,3}}".replace("[A-Z]", "(?-i:[A-Z])"), re.IGNORECASE) for one in LINES
]
_ANYWHERE_PATTERNS = [re.compile(one.pattern) for one in ANYWHERE]
# What may stand around a line's words: bullets, brackets, stars.
_AROUND = " \t\r\f\v\u00a0\ufeff•▪*([>»→|_-"


def debris(text: str, title: str = "") -> tuple[Span, ...]:
    """What in `text` is not the article: spans in order, none of which overlap."""
    found = sorted({*_lines(text, title), *_anywhere(text)}, key=lambda span: (span.start, -span.end))
    kept: list[Span] = []
    for span in found:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)


def _lines(text: str, title: str) -> Iterator[Span]:
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
        if any(pattern.fullmatch(inner) for pattern in _LINE_PATTERNS):
            # A bracket goes with its fellow; a bullet stays outside.
            for opening, closing in ("()", "[]"):
                if inner.endswith(closing) and opening in words[:first]:
                    first = words.index(opening)
            yield Span(start + first, start + len(words))


def _anywhere(text: str) -> Iterator[Span]:
    for pattern in _ANYWHERE_PATTERNS:
        for found in pattern.finditer(text):
            yield Span(*found.span("debris" if "debris" in pattern.groupindex else 0))
