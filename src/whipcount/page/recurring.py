"""Debris that nobody has written down: blocks that recur across one outlet's pages. Entries: `without_repeats`, `recurring`.

A line that stands word for word on several pages which otherwise differ is the site's, not the article's.
Pages that share most of their text are copies or updates of one article and teach nothing. What may say where
somebody stands is never learned: papers repeat a sentence of background, and losing it would lose a position.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from whipcount.article import Article, Span
from whipcount.errors import ArticleError
from whipcount.outlet_table import bare_host, outlet_named, outlet_of
from whipcount.page.debris import merged

FEWEST_PAGES = 5
_FEWEST_WORDS = 4
"""Shorter lines are headings and names, which recur of their own right."""
_LONGEST = 600
_COPY = 0.5
"""A page is a copy when more of its text than this was seen at its outlet."""
_MOST_BLOCKS = 400_000
_WINDOW, _WINDOW_SIZE = 64, 4_000_000
"""Articles, and characters of them, that are looked at together."""
_POSITION = re.compile(
    r"\b(?:endors\w*|back(?:s|ed|ing|ers?)|support\w*|vot(?:e[sd]?|ing) (?:for|against)|oppos\w+|undecided|neutral|withdr[ae]w\w*|rescind\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Recurring:
    """What recurs at each outlet: hashes of lines."""

    blocks: Mapping[str, frozenset[bytes]] = field(default_factory=dict)

    def of(self, article: Article) -> tuple[Span, ...]:
        """The article's lines that recur at its outlet."""
        known = self.blocks.get(_outlet(article))
        if not known:
            return ()
        return tuple(span for span, key in _blocks(article) if key in known)

    def mark(self, article: Article) -> Article:
        """The article with these lines among its debris."""
        found = self.of(article)
        if not found:
            return article
        return replace(
            article,
            debris=merged(sorted({*article.debris, *found}, key=lambda span: (span.start, -span.end))),
            asides=tuple(one for one in article.asides if not any(one.overlaps(span) for span in found)),
            key_points=tuple(
                one for one in article.key_points if not any(one.overlaps(span) for span in found)
            ),
        )


class Repetition:
    """Learns what recurs, an article at a time; its memory is bounded."""

    def __init__(self) -> None:
        self._seen: defaultdict[str, Counter[bytes]] = defaultdict(Counter)
        self._size = 0

    def add(self, article: Article) -> None:
        """Take in one article, marked already: what is known as debris needs no learning."""
        outlet = _outlet(article)
        blocks = {key: len(span.of(article.text)) for span, key in _blocks(article)}
        if not outlet or not blocks:
            return
        seen = self._seen[outlet]
        again = sum(size for key, size in blocks.items() if seen[key])
        # Boilerplate can't make a page a copy once it is known for what it is.
        known = sum(size for key, size in blocks.items() if seen[key] >= FEWEST_PAGES)
        rest = sum(blocks.values()) - known
        if rest and (again - known) / rest > _COPY:
            return
        self._size += sum(not seen[key] for key in blocks)
        seen.update(blocks.keys())
        if self._size > _MOST_BLOCKS:
            self._forget()

    def known(self) -> Recurring:
        """What recurs so far."""
        return Recurring(
            {
                outlet: frozenset(key for key, pages in seen.items() if pages >= FEWEST_PAGES)
                for outlet, seen in self._seen.items()
            }
        )

    def _forget(self) -> None:
        """Drop what was seen once."""
        for outlet, seen in self._seen.items():
            self._seen[outlet] = Counter({key: pages for key, pages in seen.items() if pages > 1})
        self._size = sum(map(len, self._seen.values()))


def recurring(pages: Iterable[Article]) -> Recurring:
    """The blocks that recur across each outlet's pages, on five or more that otherwise differ."""
    learner = Repetition()
    for one in pages:
        learner.add(one)
    return learner.known()


def without_repeats(items: Iterable[Article | ArticleError]) -> Iterator[Article | ArticleError]:
    """The same items, with what recurs across an outlet's pages marked: those of a window together, and all later ones."""
    learner = Repetition()
    window: list[Article | ArticleError] = []
    size = 0
    for item in items:
        window.append(item)
        if isinstance(item, Article):
            learner.add(item)
            size += len(item.text)
        if len(window) >= _WINDOW or size >= _WINDOW_SIZE:
            yield from _marked(window, learner.known())
            window, size = [], 0
    yield from _marked(window, learner.known())


def _marked(window: Iterable[Article | ArticleError], known: Recurring) -> Iterator[Article | ArticleError]:
    for item in window:
        yield known.mark(item) if isinstance(item, Article) else item


def _outlet(article: Article) -> str:
    known = outlet_of(article.url) or outlet_named(article.outlet)
    return known.id if known else bare_host(article.url) or article.outlet or ""


def _blocks(article: Article) -> Iterator[tuple[Span, bytes]]:
    """An article's lines that may be debris, each with the hash of its words."""
    at = 0
    debris = iter((*article.debris, Span(len(article.text) + 1, len(article.text) + 2)))
    other = next(debris)
    for line in article.text.splitlines(keepends=True):
        start, at = at, at + len(line)
        words = line.split()
        if len(words) < _FEWEST_WORDS or len(line) > _LONGEST:
            continue
        span = Span(start + len(line) - len(line.lstrip()), start + len(line.rstrip()))
        while other.end <= span.start:
            other = next(debris)
        text = " ".join(words)
        if text == article.title or other.overlaps(span) or _POSITION.search(text):
            continue
        yield span, hashlib.blake2b(text.encode(errors="replace"), digest_size=8).digest()
