"""Who said what: the attributions of a text as source, cue and content spans."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from whipcount.article import Attribution, Span
from whipcount.read.decode import (
    ROLES,
    Floats,
    Linker,
    Relation,
    Spans,
    Words,
    best_tags,
    link,
    spans_of,
    words_of,
)
from whipcount.read.encoder import Encoder
from whipcount.read.tokens import NO_LETTERS, Ints, Tokens


def attribute(text: str) -> tuple[Attribution, ...]:
    """The attributions of `text` in order; speaker, sourcing and via are left open."""
    return attribute_all((text,))[0]


def attribute_all(texts: Sequence[str], threads: int | None = None) -> list[tuple[Attribution, ...]]:
    """The attributions of each text: the same for a text whatever stands beside it."""
    return list(attributions_of(texts, encoder(), threads))


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    """The shipped model, read and checked once."""
    return Encoder.shipped()


def attributions_of(
    texts: Iterable[str], model: Encoder, threads: int | None = None
) -> Iterable[tuple[Attribution, ...]]:
    """`attribute_all` with a model of one's own."""
    for sections in model.encode_all(texts, threads):
        found: list[Attribution] = []
        for section in sections:
            found.extend(relations(section.tokens, section.logits, section.hidden, model.linker))
        yield tuple(found)


def relations(tokens: Tokens, logits: Floats, hidden: Floats, linker: Linker) -> tuple[Attribution, ...]:
    """Decode one text's tag scores and hidden states (one row a piece each)."""
    if not len(tokens):
        return ()
    words = words_of(tokens)
    tags = _tags(words, logits)
    roles = [spans_of(tags, role) for role in range(len(ROLES))]
    linked = link(linker, words, roles, lambda pieces: hidden[pieces])
    lettered = np.append(
        0, np.cumsum((tokens.case[words.piece] > 0) & (tokens.case[words.piece] < NO_LETTERS))
    )

    def says(content: int) -> bool:
        return bool(lettered[roles[2].last[content] + 1] > lettered[roles[2].first[content]])

    made = [_attribution(words, roles, relation) for relation in linked if any(map(says, relation.contents))]
    return tuple(sorted(made, key=lambda a: min(a.source + a.cue + a.content)))


def _tags(words: Words, logits: Floats) -> Ints:
    """The best legal tags, paragraph by paragraph."""
    scores = logits[words.piece].astype(np.float32)
    scores -= scores.max(1, keepdims=True)
    scores -= np.log(np.exp(scores).sum(1, keepdims=True))
    edges = np.flatnonzero(np.diff(words.paragraph)) + 1
    return np.concatenate(best_tags(np.split(scores, edges)))


def _attribution(words: Words, roles: Sequence[Spans], relation: Relation) -> Attribution:
    def place(spans: Spans, number: int) -> Span:
        return Span(int(words.start[spans.first[number]]), int(words.end[spans.last[number]]))

    return Attribution(
        source=() if relation.source is None else (place(roles[0], relation.source),),
        cue=() if relation.cue is None else (place(roles[1], relation.cue),),
        content=tuple(place(roles[2], part) for part in relation.contents),
    )
