"""What stands around a position that tells how the article knows it, as named features, most of them yes or no.

Read by `knowing.py`, whose weights are fitted on these features alone: no word of the article and no
name is a feature.
"""

import math
import re
from collections.abc import Sequence

from whipcount.article import Attribution, Kind, Mention, Position, Sourcing, Span

CUE = re.compile(
    r"\b(?:un-?)?endors\w*|\b(?:back|support)(?:s|ed|ing|er|ers)?\b|\bvot(?:e|es|ed|ing)\b|\bbehind\b|\bneutral\b|\bunfit\b|\bcampaign(?:s|ed|ing)? (?:for|with)\b"
    r"|\brefus\w+|\bdeclin\w+|\boppos\w+|\bpick(?:s|ed)?\b|\bchoice\b|\bprefer\w*",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:who|which|that) (?:(?:has|have|had|is|was|were|also|not|already|recently|previously|once|initially|earlier|publicly|yet|to|’s|'s) ?)*\W?$",
    re.IGNORECASE,
)
_APPOSED = re.compile(r",? (?:an?|the|another|one|early|longtime|prominent|top) [^,.;]{0,40}$", re.IGNORECASE)
_OCCASION = re.compile(
    r"\b(?:in|on|at|with|during|via|through) (?:an? |the |his |her |their |its )?(?:[\w’'-]+ ){0,3}?(?:statement|interview|op-ed|editorial|speech|tweet|tweets|Twitter|Facebook|news conference|"
    r"press conference|video|letter|email|e-mail|radio|show|conference call|post|address|remarks|column|rally|event|debate|convention|record|endorsement video|blog)\b",
    re.IGNORECASE,
)
_CITING = re.compile(
    r",? (?:and )?(?:citing|saying|calling|called|writing|declaring|tweeting|telling|adding|praising|describing|said|says)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:said|says|announc\w+|declar\w+|pledg\w+|vow\w+|promis\w+|told|tells|tweet\w+|wrote|writes|stat\w+|reiterat\w+|insist\w+|express\w+|voic\w+|indicat\w+|confirm\w+|admit\w+|reveal\w+)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_TWEET = re.compile(r"@\w+|\btweet\w*|\bTwitter\b|\bop-ed\b|\bvideo\b|\bstatement\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:I|I’m|I'm|I’ll|I'll|my|we|We|our)\b")
_HOLDER = re.compile(
    r"\b(?:supporter|backer|endorser|surrogate|ally|endorsement|backing|nod|support)s?\b", re.IGNORECASE
)
_GOT = re.compile(
    r"\b(?:w[io]ns?|won|receiv\w+|pick\w* up|g[eo]ts?|earn\w*|secur\w+|land\w*|scor\w+|snag\w*|tout\w*|has|with|by)\b[^.;]{0,50}$",
    re.IGNORECASE,
)
_SPOKES = re.compile(
    r"\b(?:spokes(?:man|woman|person)|press secretary|communications director|(?:campaign|office) said|adviser|aide|chief of staff|strategist)\b",
    re.IGNORECASE,
)
_UNNAMED = re.compile(
    r"\b(?:sources?|people (?:close|familiar)|aides|allies|insiders|officials|an ally|who (?:asked|spoke|requested|declined)|anonymity)\b",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"\b(?:according to|report(?:s|ed)|first reported|a report (?:in|by|from))\b", re.IGNORECASE
)
_EDITORIAL = re.compile(r"\b(?:editorial|board|newspaper|paper)\b", re.IGNORECASE)
_QUOTE = re.compile("[\"“”]|''")


def cue_of(position: Position, text: str) -> Span | None:
    """The word that the position rests on: the rule's cue, or the first word of its kind in the evidence."""
    if position.cue is not None:
        return position.cue
    hit = CUE.search(text, position.evidence.start, position.evidence.end)
    return Span(hit.start(), hit.end()) if hit else None


def features(
    position: Position,
    text: str,
    title_end: int,
    mentions: Sequence[Mention],
    attributions: Sequence[Attribution],
) -> dict[str, float]:
    """Features by name; the absent ones are 0."""
    evidence = position.evidence
    said = evidence.of(text)
    cue = cue_of(position, text)
    out = {"always": 1.0}
    own = [m.span for m in mentions if m.name == position.endorser]

    def mark(name: str, value: object) -> None:
        if value:
            out[name] = 1.0

    touching = [a for a in attributions if any(p.overlaps(evidence) for p in a.content)]
    mark("no attribution", not touching)
    for a in touching:
        covered = sum(
            min(p.end, evidence.end) - max(p.start, evidence.start) for p in a.content if p.overlaps(evidence)
        )
        holds = cue is not None and any(p.overlaps(cue) for p in a.content)
        is_cue = cue is not None and any(c.overlaps(cue) for c in a.cue)
        if is_cue:
            out["the cue is a cue"] = 1.0
            continue
        by_source = any(s.overlaps(o) for s in a.source for o in own)
        if a.speaker == position.endorser or by_source:
            who = "spokesperson" if a.sourcing is Sourcing.SPOKESPERSON else "own"
        elif a.sourcing in {Sourcing.OWN_WORDS, Sourcing.SPOKESPERSON, Sourcing.NAMED_SOURCE}:
            who = "endorsee" if a.speaker == position.endorsee else "other"
        else:
            who = str(a.sourcing)
        out[f"{who} touches"] = 1.0
        mark(f"{who} holds cue", holds)
        mark(f"{who} holds most", covered > (evidence.end - evidence.start) / 2)
        mark(f"{who} quoted", any(_QUOTE.search(p.of(text)) for p in a.content))
    after = Span(evidence.end, min(len(text), evidence.end + 200))
    mark(
        "own goes on",
        any(
            a.speaker == position.endorser and any(p.overlaps(after) for p in a.content) for a in attributions
        ),
    )
    if cue is not None:
        before, behind = text[evidence.start : cue.start], text[cue.end : evidence.end]
        mark("relative", _RELATIVE.search(before))
        mark("apposed", _HOLDER.match(cue.of(text)) and _APPOSED.search(before))
        mark("says before", _SAYS.search(before))
        mark("citing after", _CITING.search(behind))
        mark("got", _HOLDER.match(cue.of(text)) and _GOT.search(before))
        mark("cue is endorse", cue.of(text).lower().startswith("endors"))
        mark("cue is a noun", _HOLDER.match(cue.of(text)))
        mark("cue in quotation", len(_QUOTE.findall(before)) % 2)
    else:
        out["no cue"] = 1.0
    mark("occasion", _OCCASION.search(said))
    mark("tweet", _TWEET.search(said))
    mark("first person", _FIRST.search(said))
    mark("quotation", _QUOTE.search(said))
    mark("begins quoted", _QUOTE.match(said))
    mark("spokes word", _SPOKES.search(said))
    mark("unnamed word", _UNNAMED.search(said))
    mark("credit word", _CREDIT.search(said))
    mark("organization", position.endorser_kind is Kind.ORGANIZATION)
    mark("editorial", position.endorser_kind is Kind.ORGANIZATION and _EDITORIAL.search(said))
    mark("headline", evidence.start < title_end)
    mark("rule says so", position.sourcing is Sourcing.OWN_WORDS)
    out[f"stand {position.position}"] = 1.0
    for sourcing, likely in zip(Sourcing, position.leaning, strict=False):
        out[f"encoder {sourcing}"] = math.log(max(likely, 0.001))
    mark("no encoder", not position.leaning)
    _together(out)
    return out


def _together(out: dict[str, float]) -> None:
    """Pairs of features that mean more together: "Finch, who endorsed Castell, said …" is narration."""
    told = {"apposed", "relative"} & out.keys()
    for name in ("own touches", "own quoted", "own holds cue", "own holds most", "own goes on"):
        if name in out:
            for other in (
                "apposed",
                "relative",
                "no cue",
                "occasion",
                "citing after",
                "first person",
                "says before",
                "cue is endorse",
            ):
                if other in out:
                    out[f"{name}, {other}"] = 1.0
            if not told:
                out[f"{name}, not in passing"] = 1.0
    if "says before" in out and not told:
        out["says before, not in passing"] = 1.0
