"""Where an article says that something was told to an outlet, or credits one with a report.

"told The Ashford Post", "in an interview on Larkspur Radio", "according to The Capitol Sheet"; not "a poll by …".
"""

import re

from whipcount.article import Kind, Span
from whipcount.read.outlet_names import OutletName
from whipcount.read.scene import Scene

_PERSON = r"(?:[A-Z][\w.'’-]* ){1,3}"
_NAMED = (
    r"(?:(?:the|a|an|his|her|their|its|another|that|this|[\w.]+['’]s?) )?(?:[\w'’.-]+ ){0,3}[\"“‘']{0,2}$"
)
_MADE_TO = re.compile(
    r"(?:\b(?:told|tells?|telling|informed|informs|assured)|\b(?:asked|pressed|interviewed|questioned) by"
    r"|\b(?<!according )(?<!compared )(?<!similar )to|\b(?<!attack )(?<!attacks )(?<!criticism )(?<!based )(?<!focused )(?<!report )(?<!depending )on"
    r"|\b(?:interview\w*|spoke|speaks?|speaking|talk\w*|chat\w*|sat down|sitting down|sit-down|conversation|appear\w*|discussion|call|exchange|q&a|session)\b[^.;:\"“”]{0,50}\b(?:with|for|in|at|by)"
    r"|\b(?:wr[io]t\w+|op-eds?|columns?|essays?|pieces?|blog\w*|articles?|letters?|published|editorials?|quoted|commentary|penned|profile|said|says|remarks?|comments?)\b[^.;:\"“”]{0,50}\b(?:in|for|at|with))"
    r" " + _NAMED,
    re.IGNORECASE,
)
_THEIR_INTERVIEW = re.compile(
    r"['’]?s?[\"”’']? (?:\w+ ){0,2}(?:interview|op-ed|column|podcast|appearance|town hall|forum|editorial board|segment|essay)\b"
)
_IN_OR_DURING = re.compile(r"\b(?:in|during|at|from) " + _NAMED, re.IGNORECASE)
_CREDITED = re.compile(
    r"(?:\b(?:according to|per|via|credited to|citing|cited by|quoted (?:by|in)|reported (?:by|in|on)|published (?:by|in|on)|obtained by"
    r"|reports? (?:in|from|by|on)|(?:first|as) reported by)) (?:(?:the|a|an) )?(?:[\w'’.-]+ ){0,3}[\"“‘']{0,2}$",
    re.IGNORECASE,
)
_REPORTED = re.compile(r"['’]?s?[\"”’']? (?:first |also |has |had )?(?:reported|reports)\b")
_WORKS_FOR = re.compile(
    r"\b(?:reporter|correspondent|contributor|commentator|analyst|host|anchor|editor|columnist|producer|works?|worked|executive|pundit|personality|poll|debate)s? (?:for|with|at|on|in|from|of) (?:the )?$",
    re.IGNORECASE,
)
_NO_VENUE = re.compile(
    r"['’]?s?[\"”’']? (?:[\w/-]+ ){0,3}(?:polls?|surveys?|debates?|headquarters|studios?|building|contributors?|commentators?|analysts?|ads?)\b"
)
_OF_PERSON = re.compile(rf"\b(?:told|telling|tells|with|by|to) {_PERSON}(?:of|from|at) (?:the )?$")
_THE_OUTLET = re.compile(
    r"\b(?:told|tells|telling|informed|(?:spoke|spoken|speaking|talked|talking|interview|interviewed|comments?|statement|said|wrote|added|confirmed) (?:\w+ ){0,2}?(?:to|with|in|by|on))"
    r" (the (?:news ?|cable |local |same )?(?:outlet|paper|newspaper|network|magazine|organi[sz]ation|website|site|station|publication|agency|service|broadcaster|channel|tabloid|podcast|program|programme|show))\b",
    re.IGNORECASE,
)
OTHER_VENUE = re.compile(
    r"\b(?:statement|Twitter|tweet(?:ed|s|ing)?|Facebook|Instagram|Truth Social|rally|speech|news conference|press conference|reporters|letter|e-?mail(?:ed)?"
    r"|debate|town hall|podium|news release|press release|hearing|testimony|blog|floor|crowd|audience|event|conference call|briefing)\b"
)
ANOTHER_TIME = re.compile(
    r"\b(?:later|earlier|previously|(?:has|have|had) (?:\w+ )?\w+ed|has said|had said|in the past|last (?:week|month|year)|ago|once|repeatedly|often|in (?:19|20)\d\d|separately)\b"
)
_HOST_WORDS = re.compile(
    r"(?:['’]s?)? (?:[\"“‘'][^\"”\n]{2,40}[\"”’'],? )?(?:(?:host|anchor|reporter|correspondent|political|chief|senior|national|White House|congressional|moderator|legal|analyst|commentator|editor) )*$"
)
_OUTLET_AFTER = re.compile(
    r"(?:,? (?:of|from|host of|the host of|an? (?:host|anchor|reporter|correspondent) (?:for|with|on|at))) (?:the )?[\"“‘']?$"
)


def venues_of(scene: Scene) -> list[tuple[int, Span, OutletName]]:
    """Places where something is told to an outlet (rank 0) or credited to one (1), with the outlet meant."""
    text = scene.article.text
    out: list[tuple[int, Span, OutletName]] = []
    for outlet in scene.outlets:
        sentence = scene.sentence_of(outlet.span.start)
        ahead = text[max(sentence.start, outlet.span.start - 90) : outlet.span.start]
        after = text[outlet.span.end : outlet.span.end + 60]
        if _NO_VENUE.match(after) or _WORKS_FOR.search(ahead):
            continue
        if _CREDITED.search(ahead) or _REPORTED.match(after):
            out.append((1, outlet.span, outlet))
        elif (
            _MADE_TO.search(ahead)
            or _OF_PERSON.search(ahead)
            or (_THEIR_INTERVIEW.match(after) and _IN_OR_DURING.search(ahead))
        ):
            out.append((0, outlet.span, outlet))
    for hit in _THE_OUTLET.finditer(text):
        earlier = scene.outlet_before(hit.start(1))
        if earlier is not None:
            out.append((0, Span(*hit.span(1)), earlier))
    hosts = hosts_of(scene)
    for mention in scene.mentions:
        if mention.form == "name" and mention.name in hosts:
            ahead = text[max(0, mention.span.start - 40) : mention.span.start]
            if re.search(
                r"\b(?:told|tells|telling|interview(?:s|ed)? (?:with|by)|(?:asked|pressed|questioned) by|(?:spoke|speaking|talking|talked|appear\w*) (?:to|with)) (?:\w+ )?$",
                ahead,
            ):
                out.append((0, mention.span, hosts[mention.name]))
    return out


def hosts_of(scene: Scene) -> dict[str, OutletName]:
    """Who the article says works for which outlet: "ANC's Mara Voss", "Mara Voss of ANC"."""
    text = scene.article.text
    out: dict[str, OutletName] = {}
    for outlet in scene.outlets:
        for mention in scene.between(outlet.span.start - 60, outlet.span.end + 90):
            if (
                mention.form != "name"
                or mention.kind is Kind.ORGANIZATION
                or mention.span.overlaps(outlet.span)
            ):
                continue
            if mention.span.start >= outlet.span.end:
                beside = _HOST_WORDS.fullmatch(text[outlet.span.end : mention.span.start])
            else:
                beside = _OUTLET_AFTER.fullmatch(text[mention.span.end : outlet.span.start])
            if beside:
                out.setdefault(mention.name, outlet)
    return out
