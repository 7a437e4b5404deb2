"""What the rules of conditions ask of a parse: subjects, predicates, verbs joined to one another."""

from collections.abc import Iterable, Sequence

from spacy.tokens import Token

from whipcount.article import Span

_HEDGES = frozenset(
    {
        "also",
        "still",
        "just",
        "really",
        "now",
        "n't",
        "n’t",
        "not",
        "never",
        "likely",
        "only",
        "then",
        "probably",
    }
)


def in_future(verb: Token) -> bool:
    """Whether "will" or "would" stands with the verb or one that governs it."""
    return any(
        c.dep_ == "aux" and c.lower_ in {"will", "would", "'ll", "’ll", "'d", "’d"}
        for t in (verb, *verb.ancestors)
        for c in t.children
    )


def words_of(token: Token, without: Token | None = None) -> str:
    """What depends on a token, in words."""
    skip = {t.i for t in without.subtree} if without is not None else set()
    return " ".join(t.text for t in token.subtree if t.i not in skip)


def subject_of(verb: Token) -> Token | None:
    """The subject of a verb, taken over from the verb that governs it where it has none."""
    seen = 0
    token: Token | None = verb
    while token is not None and seen < 4:
        for child in token.children:
            if child.dep_ in {"nsubj", "nsubjpass", "csubj"}:
                if child.lower_ in {"who", "that", "which"} and token.dep_ == "relcl":
                    return token.head
                return child
        if token.dep_ in {"conj", "xcomp", "advcl", "aux", "dep"} and token.head is not token:
            token = token.head
            seen += 1
        else:
            return None
    return None


def has_subject(verb: Token) -> bool:
    """Whether the verb has a subject of its own."""
    return any(c.dep_ in {"nsubj", "nsubjpass"} for c in verb.children)


def asks_what(verb: Token) -> bool:
    """Whether a clause opens with how, what, who, whether and the like."""
    return any(
        c.lower_ in {"how", "what", "who", "where", "whether", "if", "why", "which"}
        for c in verb.subtree
        if c.i <= verb.i
    )


def coordinated(verb: Token) -> list[Token]:
    """A verb and those joined to it."""
    out, token = [verb], verb
    while len(out) < 7:
        following = [c for c in token.children if c.dep_ == "conj" and _goes_with(c, verb)] or _next_in_list(
            token
        )
        if not following:
            break
        token = following[0]
        out.append(token)
    return out


def _goes_with(other: Token, verb: Token) -> bool:
    """Whether a joined verb is of the same sort: an infinitive beside an infinitive, with no "will" of its own."""
    if other.pos_ not in {"VERB", "AUX"} or (verb.tag_ == "VB" and other.tag_ not in {"VB", "VBP"}):
        return False
    return not any(c.dep_ == "aux" and c.tag_ == "MD" for c in other.children) and not has_subject(other)


def _next_in_list(verb: Token) -> list[Token]:
    """The bare verb after a comma that the parser hung elsewhere: "to cut fees, open the rolls, and …"."""
    if verb.tag_ != "VB":
        return []
    last = max((t.i for t in predicate(verb)), default=verb.i)
    rest = [t for t in verb.doc[last + 1 : last + 4] if t.sent.start == verb.sent.start]
    if not rest or rest[0].text != ",":
        return []
    after = [t for t in rest[1:] if t.lower_ != "and"]
    bare = bool(after) and after[0].tag_ == "VB" and not has_subject(after[0])
    return [after[0]] if bare and not any(c.dep_ == "aux" for c in after[0].children) else []


def subtree(token: Token, without: Iterable[int] = ()) -> list[Token]:
    """What depends on a token, itself included, some left out."""
    skip = set(without)
    return [t for t in token.subtree if t.i not in skip]


def predicate(verb: Token) -> list[Token]:
    """A verb with what depends on it to the right, without subject, auxiliaries and what is joined to it."""
    skip: set[int] = set()
    for child in verb.children:
        if (
            child.dep_ in {"conj", "cc", "punct"}
            and child.i > verb.i
            and not (child.dep_ == "conj" and child.pos_ not in {"VERB", "AUX"})
        ):
            skip.update(t.i for t in child.subtree)
    start = min(
        (
            c.i
            for c in verb.children
            if c.dep_ == "advmod" and c.tag_ == "RB" and verb.i - 3 < c.i < verb.i and c.lower_ not in _HEDGES
        ),
        default=verb.i,
    )
    return [
        t
        for t in verb.subtree
        if t.i >= start
        and t.i not in skip
        and not (t.i < verb.i and t.dep_ in {"nsubj", "aux", "auxpass", "mark"})
    ]


def span_of(tokens: Sequence[Token]) -> Span:
    """From the first to the last of the tokens that belong together."""
    if not tokens:
        return Span(0, 0)
    ordered = sorted(tokens, key=lambda t: t.i)
    # A stretch ends where tokens are missing in the middle.
    last = ordered[0]
    for token in ordered[1:]:
        if token.i - last.i > 3:
            break
        last = token
    return Span(ordered[0].idx, last.idx + len(last))
