"""What else is known of an article: cut off, opinion, satire, corrected, retracted. Entries: `facts_of_text`, `facts_of_page`.

A fact rests on a sign that hardly anything else leaves; where the signs are weak it is not claimed.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from whipcount.article import Article, Fact, Span
from whipcount.outlet_table import OutletKind, outlet_named, outlet_of
from whipcount.page import linked as ld
from whipcount.page.debris import PLEA

_WORK = r"(?:article|story|post|report|column|piece|op-ed|editorial|essay|headline|caption|review|map|graphic|chart|video|podcast|transcript)"
CORRECTIONS = re.compile(
    rf"^[ \t•*_(\[—–-]*(?:"
    rf"(?:(?:editor['’]?s? )?note|correction|clarification|update)s?(?: (?:appended|to this {_WORK}|\([^)\n]{{3,30}}\)|[A-Z]\w+\.? \d{{1,2}}(?:, \d{{4}})?))*\s?[:.—–-]\s?(?=[^\n]*?"
    rf"\b(?:(?:earlier|previous|original|initial|first|prior) (?:\w+ )?version|misstated|misidentified|misspelled|misquoted|incorrectly|mistakenly|erroneously|inaccurately|corrected|wrongly|(?:i|we) (?:was|were) wrong)\b)[^\n]*"
    rf"|(?:corrections?|clarifications?)(?: [A-Z]\w+\.? \d{{1,2}}(?:, \d{{4}})?)?\s?:[^\n]+"
    rf"|(?:an? |the )?(?:(?:earlier|previous|original|initial|prior) (?:\w+ )?versions? of this {_WORK}|this {_WORK}(?:['’]s headline)? (?:originally|initially|previously|incorrectly|mistakenly|erroneously) (?:said|stated|reported|misstated|misidentified|identified|listed|quoted|attributed|gave|referred)|this {_WORK} has been (?:corrected|clarified|updated to (?:correct|clarify|reflect)|(?:revised|amended|edited) to (?:correct|clarify|reflect)))[^\n]*"
    rf")$",
    re.IGNORECASE | re.MULTILINE,
)
"""A line that owns to a mistake: it tells what is not so, and is no news."""

_CUT = re.compile(rf"\W*(?:{PLEA})", re.IGNORECASE)
_LONGEST_PLEA = 300
_PLEA_LINES = 4
_ENDS = re.compile(r"[.!?:;…)\]\"”’'*—-]\W*$")
_ELLIPSIS = re.compile(r"(?:\.\.\.|…|\[…\])\W*$")
_SHORT_OF_WORDS = 250
"""A page that says it is for subscribers and shows no more than this is cut."""

_OPINION_LABEL = re.compile(
    r"[ \t*_(\[]*(?:analysis[ /]opinion|opinion|commentary|editorial|op-ed|guest (?:column|commentary|essay|opinion)|letters? to the editor|our view|another view|viewpoint)\s*(?::|\||$|[)\]*_]+\s*$)",
    re.IGNORECASE,
)
_OPINION_TITLE = re.compile(
    r"(?:opinion|editorial|op-ed|commentary|guest (?:column|essay|commentary)|column|letters? to the editor|our view)\s*[:|] ?\S|[^|]+\| (?:opinion|editorial|commentary|op-ed)$",
    re.IGNORECASE,
)
_OPINION_NOTE = re.compile(
    rf"\b(?:opinions?|views?) (?:expressed |in this {_WORK} )?(?:(?:in|by|of|here)\b[^.\n]{{0,80}} )?(?:are|is|remain|belong) (?:solely |strictly |entirely )?(?:(?:those|that) of (?:the|its|their) (?:\w+ )?(?:authors?|writers?|columnists?|contributors?)|(?:the )?(?:author|writer|columnist|contributor)s?['’]s?|(?:their|his|her) own)"
    rf"|this {_WORK} (?:is|represents|reflects) (?:solely )?the (?:views?|opinions?) of",
    re.IGNORECASE,
)
_OPINION_SECTION = re.compile(
    r"\b(?:opinions?|commentary|editorials?|op-?eds?|columns?|columnists?|letters to the editor|viewpoints?|perspectives?)\b",
    re.IGNORECASE,
)
_OPINION_PATH = re.compile(
    r"/(?:[\w-]+-)?(?:opinions?|commentary|commentaries|editorials?|op-?eds?|columnists?|columns|contributors?|pundits-blog|letters-to-the-editor)(?:/|$)",
    re.IGNORECASE,
)
_SATIRE_SECTION = re.compile(r"\b(?:satire|satirical|parody)\b", re.IGNORECASE)
_SATIRE_PATH = re.compile(r"/(?:satire|parody|humor/borowitz-report|borowitz-report)(?:/|$)", re.IGNORECASE)
_SATIRE_NOTE = re.compile(
    rf"^\W*(?:satire from\b|(?:this {_WORK}|the (?:above|preceding) {_WORK}) is (?:a (?:work|piece) of )?(?:satire|satirical|parody)\b|satire\W*$)",
    re.IGNORECASE | re.MULTILINE,
)
_RETRACTED_TITLE = re.compile(r"\W*(?:retracted|retraction)\s*(?:\W*$|[:|\])–—-])", re.IGNORECASE)
_RETRACTED_NOTE = re.compile(
    rf"\b(?:this|the (?:above|preceding|following)) {_WORK} (?:has been|was|is|stands) (?:\w+ly )?retracted\b"
    rf"|\b(?:has|have|we['’]ve|is|are) (?:\w+ly )?retract(?:ed|ing) this {_WORK}\b",
    re.IGNORECASE,
)
_HEAD, _TAIL = 4, 8
"""Lines at either end where a label or a note stands."""


def corrections(text: str) -> tuple[Span, ...]:
    """The lines of a text that own to a mistake in an earlier version."""
    return tuple(
        Span(hit.start() + len(hit[0]) - len(hit[0].lstrip()), hit.start() + len(hit[0].rstrip()))
        for hit in CORRECTIONS.finditer(text)
    )


def facts_of_text(article: Article) -> frozenset[Fact]:
    """What an article's text, title, outlet and address tell."""
    lines = [line for line in article.text.splitlines() if line.strip() and line.strip() != article.title]
    head, tail = lines[:_HEAD], lines[-_TAIL:]
    path = _path(article.url)
    outlet = outlet_of(article.url) or outlet_named(article.outlet)
    found: set[Fact] = set()
    if corrections(article.text):
        found.add(Fact.CORRECTED)
    if _pleads(lines[-_PLEA_LINES:]):
        found.add(Fact.CUT_OFF)
    if _RETRACTED_TITLE.match(article.title) or any(_RETRACTED_NOTE.search(line) for line in (*head, *tail)):
        found.add(Fact.RETRACTED)
    if (
        _OPINION_PATH.search(path)
        or _OPINION_TITLE.match(article.title)
        or any(_OPINION_LABEL.match(line) for line in head)
        or any(_OPINION_NOTE.search(line) for line in (*head, *tail))
    ):
        found.add(Fact.OPINION)
    if (
        (outlet is not None and outlet.kind is OutletKind.SATIRE)
        or _SATIRE_PATH.search(path)
        or any(_SATIRE_NOTE.match(line) for line in (*head, *tail))
    ):
        found.add(Fact.SATIRE)
    return frozenset(found)


def facts_of_page(
    linked: Mapping[str, Any], section: str, body: Sequence[str], plea: Sequence[str]
) -> frozenset[Fact]:
    """What the page tells beside its text: `body` is its paragraphs, `plea` the words of its paywall box."""
    kinds = set(ld.kinds(dict(linked)))
    found: set[Fact] = set()
    if "LiveBlogPosting" in kinds:
        found.add(Fact.LIVE_BLOG)
    if kinds & {"OpinionNewsArticle"} or _OPINION_SECTION.search(section):
        found.add(Fact.OPINION)
    if kinds & {"SatiricalArticle"} or _SATIRE_SECTION.search(section):
        found.add(Fact.SATIRE)
    if linked.get("correction"):
        found.add(Fact.CORRECTED)
    if body:
        words = sum(len(line.split()) for line in body)
        for_some = _for_some(linked) or _pleads(plea)
        if for_some and (words < _SHORT_OF_WORDS or _ELLIPSIS.search(body[-1]) or not _ENDS.search(body[-1])):
            found.add(Fact.CUT_OFF)
    return frozenset(found)


def _pleads(lines: Sequence[str]) -> bool:
    return any(len(line) <= _LONGEST_PLEA and _CUT.match(line) for line in lines)


def _for_some(linked: Mapping[str, Any]) -> bool:
    free = linked.get("isAccessibleForFree")
    return free is False or (isinstance(free, str) and free.strip().lower() == "false")


def _path(url: str | None) -> str:
    try:
        return urlsplit(url or "").path
    except ValueError:
        return ""
