"""Whose report it was first: republication lines, wire credits, datelines and bylines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from whipcount.article import Article

_NAME = r"(?P<outlet>(?:[Tt]he )?[A-Z0-9][^\n.!?:;,|()©]{1,50}?(?:\.(?:com|org|net|news|co\.uk))?)"
_AGENCIES = {
    "ap": "The Associated Press",
    "associated press": "The Associated Press",
    "the associated press": "The Associated Press",
    "reuters": "Reuters",
    "thomson reuters": "Reuters",
    "thomson/reuters": "Reuters",
    "afp": "Agence France-Presse",
    "agence france-presse": "Agence France-Presse",
    "upi": "United Press International",
    "united press international": "United Press International",
    "bloomberg": "Bloomberg",
    "bloomberg news": "Bloomberg",
    "dpa": "dpa",
    "pa media": "PA Media",
}
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
        rf"^\W*(?:read|view|see) the (?:original|full) (?:article|story|version|report|post)(?: here)? (?:on|at|from|in) {_NAME}\W*$",
        "Read the original article on Harbour Times",
    ),
    Credit(
        "first published",
        rf"^\W*(?:this|the) (?:article|story|post|piece|column)(?: was)?(?: first| originally)? (?:appeared|published|ran)(?: first| originally)? (?:on|at|in|by) {_NAME}\W*$",
        "This article was originally published by Harbour Times.",
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
        "agency rights",
        rf"^\W*(?:copyright|©)\W*(?:©|\(c\)|copyright)?\s*(?:19|20)\d\d {_AGENCY}\b[^\n]*$",
        "© 2031 The Associated Press. All rights reserved.",
    ),
)
_PATTERNS = [(one, re.compile(one.pattern, re.IGNORECASE | re.MULTILINE)) for one in CREDITS]
_BYLINE = re.compile(rf"[^,|(]+(?:,| \||\() ?{_AGENCY}\)?", re.IGNORECASE)


def original_outlet(article: Article) -> str | None:
    """The outlet that reported it first, where the article says so; None where it is its own."""
    found = _in_text(article) or _in_authors(article.authors)
    return None if found is None or _same(found, article.outlet) else found


def _in_text(article: Article) -> str | None:
    start = len(article.title) if article.text.startswith(article.title) else 0
    for credit, pattern in _PATTERNS:
        match = pattern.search(article.text, start, start + _HEAD if credit.head else len(article.text))
        if match:
            return _name(match["outlet"])
    return None


def _in_authors(authors: Sequence[str]) -> str | None:
    for author in authors:
        if author.lower() in _AGENCIES:
            return _name(author)
        if match := _BYLINE.fullmatch(author):
            return _name(match["outlet"])
    return None


def _name(words: str) -> str:
    words = " ".join(words.split())
    return _AGENCIES.get(words.lower(), words)


def _same(one: str, other: str | None) -> bool:
    def plain(name: str) -> str:
        return re.sub(r"^the\s+|\W", "", name.lower())

    return other is not None and plain(one) == plain(_AGENCIES.get(other.lower(), other))
