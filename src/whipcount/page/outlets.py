"""Whose report it was first: republication lines, wire credits, datelines and bylines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from whipcount.article import Article
from whipcount.outlet_table import OutletKind, outlet_named, outlet_of, same_name

_NOT_A_NAME = r"(?!(?:Jan|Feb|March|April|May|June|July|Aug|Sept?|Oct|Nov|Dec|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)[a-z.]*\b(?! [A-Z]))"
_NAME = rf"(?P<outlet>(?:[Tt]he )?{_NOT_A_NAME}(?-i:[A-Z])[^\n.!?:;,|()©]{{1,50}}?(?:\.(?:com|org|net|news|co\.uk))?)"
_PAPER = r"(?-i:Times|Post|News|Tribune|Herald|Gazette|Journal|Register|Chronicle|Courier|Press|Guardian|Reuters|AP|Agency|Radio|Magazine|Review)|\.(?:com|org|net|news)"
_WHEN = r"(?:,? (?:on|at|in) (?:\d|(?-i:[A-Z])[a-z]+\.? \d)[^\n]{0,40}|,? and (?:is|was|has been) (?:re)?(?:published|posted|printed|produced|shared)[^\n]{0,120}|,? (?:with|by) permission[^\n]{0,80}|, (?:a|an|the) [^\n]{3,160}|\. [^\n]{3,250})?"
"""What may follow a credit in its line."""
_AGENCY = (
    r"(?P<outlet>(?:the )?associated press|ap|(?:thomson[ /])?reuters|afp|agence france-presse|upi"
    r"|united press international|bloomberg(?: news)?|dpa|pa media)"
)
_HEAD = 600
"""Characters after the title in which a dateline or byline may stand."""


@dataclass(frozen=True, slots=True)
class Credit:
    """One way in which a text credits another outlet; `pattern` names it as its group `outlet`."""

    name: str
    pattern: str
    example: str
    head: bool = False
    """Whether it stands only above the text or at its beginning."""


CREDITS = (
    Credit(
        "republication",
        rf"^\W*(?:read|view|see) the (?:original|full) (?:article|story|version|report|post)(?: here)? (?:on|at|from|in) {_NAME}{_WHEN}\W*$",
        "Read the original article on Harbour Times",
    ),
    Credit(
        "first published",
        rf"^\W*(?:(?:this|the) (?:article|story|post|piece|column|report|essay)(?: was| is)? ?|(?=originally|first))(?:(?:first|originally) )?(?:appeared|published|ran|reported|posted|produced)(?: first| originally)? (?:on|at|in|by) {_NAME}{_WHEN}\W*$",
        "This article was originally published by Harbour Times and is republished with permission.",
    ),
    Credit(
        "republished from",
        rf"^\W*(?:(?:this|the) (?:article|story|post|piece|column|report|essay) (?:is|was|has been) )?(?:re(?:published|printed|posted)|cross-?posted|syndicated|used) (?:here )?(?:(?:with|by) (?:the )?permission )?(?:from|of|courtesy of) {_NAME}{_WHEN}\W*$",
        "Republished with permission from Harbour Times.",
    ),
    Credit(
        "provided by",
        rf"^\W*(?:this (?:article|story|content) (?:is|was) )?(?:provided|distributed|supplied) by {_NAME}{_WHEN}\W*$",
        "Provided by Harbour Times",
    ),
    Credit(
        "source line",
        rf"^(?:(?:original )?source:|via:?) ?(?=[^\n]*(?:{_PAPER})\W*$){_NAME}\W*$",
        "Source: Harbour Times",
    ),
    Credit(
        "copyright of another",
        rf"^\W*(?:copyright|©|\(c\))\W*(?:©|\(c\)|copyright)?\s*(?:19|20)\d\d,? {_NAME}\.? (?:visit|distributed by|at www)\b[^\n]*$",
        "(c)2031 Harbour Times. Visit harbourtimes.example. Distributed by Tides Agency.",
    ),
    Credit(
        "dateline",
        rf"^[^\n()]{{0,80}}\({_AGENCY}\)\s*[—–-]",
        "LARKFIELD, July 3 (Reuters) - The harbour",
        head=True,
    ),
    Credit(
        "agency byline",
        rf"^by (?!{_AGENCY.replace('?P<outlet>', '?:')})[^\n,|]{{3,60}}(?:,| \|| of) {_AGENCY}\W*$",
        "By Ada Brook, Reuters",
        head=True,
    ),
    Credit(
        "agency alone",
        rf"^(?:by |source: |from )?{_AGENCY}\W*$",
        "By The Associated Press",
        head=True,
    ),
    Credit(
        "agency under the byline",
        rf"^by [^\n,|]{{3,60}}\n+{_AGENCY}(?: writers?)?\W*$",
        "By ADA BROOK\nAssociated Press",
        head=True,
    ),
    Credit(
        "agency rights",
        rf"^\W*(?:copyright|©)\W*(?:©|\(c\)|copyright)?\s*(?:19|20)\d\d {_AGENCY}\b[^\n]*$",
        "© 2031 The Associated Press. All rights reserved.",
    ),
)
_PATTERNS = [(one, re.compile(one.pattern, re.IGNORECASE | re.MULTILINE)) for one in CREDITS]
_BYLINE = re.compile(rf"[^,|(]+(?:,| \||\() ?{_AGENCY}\)?", re.IGNORECASE)


def original_outlet(article: Article) -> str | None:
    """The outlet that reported it first, where the article says so; None where it is its own."""
    own = outlet_of(article.url)
    for found in (*_in_text(article), *_in_authors(article.authors)):
        if not same_name(found, article.outlet) and not (own and outlet_named(found) == own):
            return found
        # It says that it is its own.
        return None
    return None


def _in_text(article: Article) -> Iterator[str]:
    start = len(article.title) if article.text.startswith(article.title) else 0
    for credit, pattern in _PATTERNS:
        match = pattern.search(article.text, start, start + _HEAD if credit.head else len(article.text))
        if match:
            yield _name(match["outlet"])


def _in_authors(authors: Sequence[str]) -> Iterator[str]:
    for author in authors:
        known = outlet_named(author)
        if known and known.kind is OutletKind.WIRE:
            yield known.name
        elif match := _BYLINE.fullmatch(author):
            yield _name(match["outlet"])


def _name(words: str) -> str:
    """A name in the form of the table, where it is there."""
    words = " ".join(words.split()).rstrip(" .")
    known = outlet_named(words)
    return known.name if known else words
