"""The words of endorsement: one small declarative pattern each, with an example of its own.

A pattern names a cue word (by lemma) and where grammar puts the endorser and the endorsee. What
negation, tense and the verbs above the cue make of it is `stance.py`'s business, the same for all.
"""

from dataclasses import dataclass

from whipcount.article import Stand


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to say where somebody stands.

    `cue` is a lemma of class `pos` (`VERB` or `NOUN`). `object` says where the endorsee stands to a verb:
    `dobj`, or a preposition. For light verbs, `noun` is the object that must be there, and the endorsee
    hangs on it or on the verb by one of `preps`. `giver` tells whether the subject gives (endorser) or
    gets (endorsee) the support.
    """

    name: str
    cue: str
    stand: Stand
    example: str
    pos: str = "VERB"
    object: tuple[str, ...] = ("dobj",)
    noun: tuple[str, ...] = ()
    preps: tuple[str, ...] = ()
    gives: bool = True
    says: bool = False
    """Whether the cue is itself a statement by the endorser ("announced her support")."""
    weight: float = 0.8
    """How often the pattern alone is right, before what surrounds it: measured, see docs/accuracy.md."""


_E, _S, _R = Stand.ENDORSED, Stand.SUPPORTS, Stand.REFUSED
_SUPPORT_NOUNS = (
    "support",
    "backing",
    "endorsement",
    "weight",
    "hat",
    "blessing",
    "nod",
    "vote",
    "influence",
    "loyalty",
    "allegiance",
    "stamp",
)
_FOR = ("for", "to", "behind", "of", "in", "with")

VERBS: tuple[Pattern, ...] = (
    Pattern("endorse", "endorse", _E, "Mayor Odell Finch endorsed Rina Castell on Monday.", weight=0.9),
    Pattern("back", "back", _E, "Odell Finch is backing Castell."),
    Pattern("support", "support", _S, "Finch said he would support Castell."),
    Pattern("vote for", "vote", _S, "Finch said he voted early for Castell.", object=("for",)),
    Pattern("vote against", "vote", _R, "Finch will vote against Castell.", object=("against",)),
    Pattern(
        "campaign for",
        "campaign",
        _S,
        "Finch campaigned for Castell in Port Alder.",
        object=("for", "with", "alongside"),
    ),
    Pattern("stump for", "stump", _S, "Finch stumped for Castell.", object=("for",)),
    Pattern("canvass for", "canvass", _S, "Odell Finch canvassed for Castell.", object=("for",)),
    Pattern("root for", "root", _S, "Finch is rooting for Castell.", object=("for",)),
    Pattern("caucus for", "caucus", _S, "Finch will caucus for Castell.", object=("for",)),
    Pattern(
        "rally behind", "rally", _S, "Odell Finch rallied behind Castell.", object=("behind", "around", "to")
    ),
    Pattern("line up behind", "line", _E, "Odell Finch lined up behind Castell.", object=("behind",)),
    Pattern("unite behind", "unite", _S, "Finch has united behind Castell.", object=("behind",), weight=0.5),
    Pattern("get behind", "get", _S, "Finch got behind Castell in May.", object=("behind",)),
    Pattern(
        "stand with",
        "stand",
        _S,
        "Odell Finch stands with Castell.",
        object=("with", "behind", "by"),
        weight=0.4,
    ),
    Pattern("side with", "side", _S, "Finch sided with Castell over Moll.", object=("with",), weight=0.4),
    Pattern("come out for", "come", _E, "Finch came out for Castell.", object=("for", "behind"), weight=0.5),
    Pattern("pull for", "pull", _S, "Finch said he was pulling for Castell.", object=("for",), weight=0.5),
    Pattern("recommend", "recommend", _E, "The Alder Courier recommends Castell.", weight=0.4),
    Pattern("oppose", "oppose", _R, "Finch opposes Castell.", weight=0.6),
    Pattern("reject", "reject", _R, "Odell Finch rejected Castell on Monday.", weight=0.5),
    Pattern("abandon", "abandon", Stand.WITHDRAWN, "Odell Finch has abandoned Castell.", weight=0.5),
)

LIGHT_VERBS: tuple[Pattern, ...] = (
    *(
        Pattern(
            f"{cue} support", cue, _E, f"Finch {cue} support behind Castell.", noun=_SUPPORT_NOUNS, preps=_FOR
        )
        for cue in ("give", "throw", "lend", "offer", "put", "extend", "deliver", "grant")
    ),
    *(
        Pattern(
            f"{cue} support",
            cue,
            _S,
            f"Finch {cue} support for Castell.",
            noun=("support", "endorsement", "backing"),
            preps=_FOR,
            says=True,
        )
        for cue in ("announce", "declare", "pledge", "express", "voice", "promise", "reaffirm", "reiterate")
    ),
    *(
        Pattern(
            f"{cue} support",
            cue,
            _E,
            f"Castell {cue} the support of Finch.",
            noun=("support", "backing", "endorsement", "nod", "blessing", "vote"),
            preps=("of", "from", "by"),
            gives=False,
        )
        for cue in (
            "win",
            "receive",
            "get",
            "earn",
            "gain",
            "secure",
            "land",
            "nab",
            "score",
            "pick",
            "collect",
            "snag",
            "accept",
            "tout",
            "garner",
            "capture",
            "have",
            "enjoy",
            "draw",
            "attract",
            "welcome",
        )
    ),
    *(
        Pattern(
            f"{cue} support",
            cue,
            Stand.WITHDRAWN,
            f"Finch {cue} his endorsement of Castell.",
            noun=("support", "endorsement", "backing"),
            preps=_FOR,
        )
        for cue in ("withdraw", "rescind", "revoke", "pull", "retract", "drop", "take")
    ),
    *(
        Pattern(
            f"{cue} support",
            cue,
            Stand.WITHHOLDING,
            f"Finch {cue} his endorsement of Castell.",
            noun=("support", "endorsement", "backing", "judgment"),
            preps=("of", "for", "from"),
        )
        for cue in ("withhold", "delay", "reserve")
    ),
    Pattern(
        "cast vote", "cast", _S, "Finch cast his ballot for Castell.", noun=("vote", "ballot"), preps=("for",)
    ),
)

NOUNS: tuple[Pattern, ...] = (
    Pattern(
        "endorsement",
        "endorsement",
        _E,
        "Finch's endorsement of Castell surprised nobody.",
        pos="NOUN",
        preps=("of",),
        weight=0.85,
    ),
    Pattern(
        "support",
        "support",
        _S,
        "Finch's support for Castell is no secret.",
        pos="NOUN",
        preps=("for",),
        weight=0.6,
    ),
    Pattern(
        "backing",
        "backing",
        _E,
        "Finch's backing for Castell came late.",
        pos="NOUN",
        preps=("for",),
        weight=0.6,
    ),
    Pattern(
        "vote", "vote", _S, "Finch's vote for Castell is assured.", pos="NOUN", preps=("for",), weight=0.4
    ),
    Pattern(
        "opposition",
        "opposition",
        _R,
        "Finch's opposition to Castell is old.",
        pos="NOUN",
        preps=("to",),
        weight=0.6,
    ),
    Pattern(
        "supporter", "supporter", _S, "Finch, a supporter of Castell, left early.", pos="NOUN", preps=("of",)
    ),
    Pattern("backer", "backer", _S, "Finch, an early Castell backer, left early.", pos="NOUN", preps=("of",)),
    Pattern(
        "endorser", "endorser", _E, "Finch, an endorser of Castell, left early.", pos="NOUN", preps=("of",)
    ),
    Pattern(
        "surrogate",
        "surrogate",
        _S,
        "Finch, a surrogate for Castell, left early.",
        pos="NOUN",
        preps=("for", "of"),
        weight=0.5,
    ),
)

UNFIT = frozenset({"unfit", "unqualified", "disqualified", "unelectable"})
"""Adjectives that shut the door when said of a candidate."""
