"""Captions, pull quotes and corrections: text beside the article, which is kept but not read. Entry: `asides`."""

import re
from collections.abc import Iterator, Sequence

from whipcount.article import Article, Span, lines
from whipcount.page.debris import patterns_of
from whipcount.page.facts import corrections
from whipcount.page.repeats import pulled

_LONGEST_CAPTION = 350
"""Longer ones tell a story of their own, as in a photo essay, and are read."""
_NAME = r"[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3}"
_AGENCY = (
    r"(?:AP|AFP|Reuters|REUTERS|EPA|UPI|Bloomberg|Getty(?: Images)?|AP Photo|AP Images|Associated Press)"
)
_CAPTION = re.compile(
    # A sentence and a credit: "… at the landing. REUTERS/Bo Quill", "… (AP Photo/Bo Quill)".
    rf".{{15,}}(?:"
    rf"\((?:{_AGENCY}|Photo(?:graph)?s?(?: by|:)|Courtesy(?: of|:)|File photo)[^()]{{0,80}}\)"
    rf"|[.!?”\"] ?(?:REUTERS|AP Photo|AFP PHOTO|EPA|Getty Images)/{_NAME}(?:/(?:File Photo|Files|Pool|Handout))?(?:/Handout via \w+)?"
    rf"|[.!?”\"] ?{_NAME} ?/ ?{_AGENCY}(?:[ /]+(?:Getty Images|Images|File|Pool))*"
    rf"|[.!?”\"] ?(?:Photo(?:graph)?|Image|Picture|Credit)(?: by| credit|:| courtesy of)+ ?{_NAME}(?:[ /,]+(?:{_AGENCY}|{_NAME}))*"
    rf"|\| (?:{_AGENCY}(?:/{_NAME})?|{_NAME}/{_AGENCY})"
    rf")\W{{0,2}}"
)


def asides(article: Article, debris: Sequence[Span], outlet: str = "") -> tuple[Span, ...]:
    """What of the text stands beside the article, in order: none overlap each other; some hold a piece of `debris`.

    `outlet` is the id of the outlet whose own patterns of captions hold too.
    """
    found = sorted(
        {
            *article.asides,
            *corrections(article.text),
            *pulled(article.text, article.title),
            *_captions(article.text, article.title, outlet),
        },
        key=lambda span: (span.start, -span.end),
    )
    kept: list[Span] = []
    first = 0
    for span in found:
        while first < len(debris) and debris[first].end <= span.start:
            first += 1
        over = [other for other in debris[first : first + 8] if other.overlaps(span)]
        # A caption takes its credit with it; a line that is debris is nothing else.
        if all(span.holds(other) and span != other for other in over) and (
            not kept or span.start >= kept[-1].end
        ):
            kept.append(span)
    return tuple(kept)


def _captions(text: str, title: str, outlet: str) -> Iterator[Span]:
    own = patterns_of(outlet, "aside") if outlet else ()
    for span in lines(text):
        words = span.of(text)
        if words == title.strip() or len(words) > _LONGEST_CAPTION:
            continue
        if _CAPTION.fullmatch(words) or any(pattern.fullmatch(words) for pattern in own):
            yield span
