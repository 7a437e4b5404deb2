"""An article as a reader sees it, with what was found in it marked in place; and a story's copies compared."""

import datetime as dt
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from whipcount.article import Article, Attribution, Sourcing, Span, lines
from whipcount.chains import credited
from whipcount.desk.told import told
from whipcount.ledger import Ledger
from whipcount.ledger.evidence import ArticleRef, Evidence, Story
from whipcount.ledger.reads import Reads, Said
from whipcount.outlet_table import outlet_key
from whipcount.stories import body


class Mark(StrEnum):
    """What a stretch of an article is."""

    TITLE = "title"
    SOURCE = "source"
    CUE = "cue"
    CONTENT = "content"
    POSITION = "position"
    UNCLEAR = "unclear"
    """The sentence of a position that does not count before a reader has decided on it."""
    CONDITION = "condition"
    DEBRIS = "debris"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text with all that it is; segments follow one another and never overlap."""

    text: str
    marks: tuple[Mark, ...] = ()
    evidence: tuple[int, ...] = ()
    """The numbers, from 1, of the positions whose sentence it belongs to, unclear ones among them."""
    opens: tuple[int, ...] = ()
    """The positions whose sentence begins with it."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text."""

    segments: tuple[Segment, ...]
    title: bool = False
    debris: bool = False

    @property
    def marked(self) -> bool:
        """Whether a position's sentence is in it."""
        return any(segment.evidence for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way that a report took."""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """One position of an article."""

    number: int
    evidence: Evidence
    told: str
    chain: tuple[Step, ...]
    """From who said it to this page."""


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article with everything found in it."""

    id: str
    article: Article
    ref: ArticleRef
    paragraphs: tuple[Paragraph, ...]
    found: tuple[Found, ...]
    attributions: tuple[Attribution, ...]
    story: Story
    newer: tuple[ArticleRef, dt.date] | None
    older: tuple[tuple[ArticleRef, dt.date], ...]

    @property
    def clear(self) -> tuple[Found, ...]:
        """The positions that were read clearly, or on which a reader has decided."""
        return tuple(one for one in self.found if not one.evidence.waits)

    @property
    def unclear(self) -> tuple[Found, ...]:
        """What does not count before a reader has decided on it."""
        return tuple(one for one in self.found if one.evidence.waits)


class Diff(StrEnum):
    """What a stretch is to the earliest copy."""

    SAME = "same"
    ADDED = "added"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that are alike in this."""

    diff: Diff
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class StoryView:
    """The copies of a report, one of them compared with the earliest."""

    story: Story
    positions: tuple[Evidence, ...]
    """What the copies say, of each endorser and endorsee once."""
    compared: ArticleRef | None = None
    pieces: tuple[Piece, ...] = ()
    alike: float = 1.0
    """The share of the words of both that they have in common."""


def article(ledger: Ledger, article_id: str, known_by: dt.datetime | None = None) -> ArticleView:
    """An article, its text in segments; `LedgerError` where there is none."""
    reads = Reads(ledger.engine)
    ref = reads.reference(article_id)
    own = ledger.article(article_id)
    attributions = reads.attributions(article_id)
    positions = _of_article(ledger, article_id, known_by)
    said = reads.said([one.id for one in positions])
    story = ledger.story(article_id)
    found = tuple(
        Found(number, one, told(one, said.get(one.id)), _chain(one, said.get(one.id)))
        for number, one in enumerate(positions, 1)
    )
    return ArticleView(
        article_id,
        own,
        ref,
        paragraphs(own, attributions, positions),
        found,
        tuple(attributions),
        story,
        reads.newer(article_id),
        tuple(reads.older(article_id)),
    )


def story(ledger: Ledger, story_id: str, compare: str | None = None) -> StoryView:
    """The copies of a story; `compare` is the copy that is held against the earliest, else the next one."""
    reads = Reads(ledger.engine)
    found = ledger.story(reads.in_story(story_id))
    says: dict[tuple[str, str, str], Evidence] = {}
    for copy in found.copies:
        for one in _of_article(ledger, copy.id, None):
            if one.waits:
                continue
            says.setdefault((one.endorser.id, one.endorsee.id, one.position), one)
    others = [copy for copy in found.copies[1:] if compare in {None, copy.id}]
    if not others:
        return StoryView(found, tuple(says.values()))
    texts = reads.articles([found.earliest.id, others[0].id])
    pieces = word_diff(body(texts[found.earliest.id]), body(texts[others[0].id]))
    same = sum(piece.count for piece in pieces if piece.diff is Diff.SAME)
    words = sum(piece.count for piece in pieces) + same
    return StoryView(found, tuple(says.values()), others[0], pieces, 2 * same / words if words else 1.0)


def _of_article(ledger: Ledger, article_id: str, known_by: dt.datetime | None) -> list[Evidence]:
    """The evidence of an article in the order of its text, what is unclear last."""
    reads = Reads(ledger.engine)
    ids = set(reads.evidence_ids(article_id))
    if not ids:
        return []
    decided = ledger.decided(known_by)
    named = reads.named_in(article_id)
    # A correction or a split may have given it to somebody whom the article does not name.
    named |= {decided.identity(evidence, identity) for evidence in ids for identity in named}
    named |= {
        str(decided.corrections[one][role])
        for one in ids & decided.corrections.keys()
        for role in ("endorser", "endorsee")
        if role in decided.corrections[one]
    }
    found = [one for one in ledger.evidence(about=sorted(named), known_by=known_by) if one.id in ids]
    return sorted(found, key=lambda one: (one.waits, one.quote.span, one.id))


def paragraphs(
    article: Article, attributions: Sequence[Attribution], positions: Sequence[Evidence]
) -> tuple[Paragraph, ...]:
    """The text line by line, each line cut wherever a mark begins or ends."""
    text = article.text
    marked: list[tuple[Span, Mark, int]] = []
    for one in attributions:
        for mark, spans in ((Mark.SOURCE, one.source), (Mark.CUE, one.cue), (Mark.CONTENT, one.content)):
            marked += [(span, mark, 0) for span in spans]
    for number, evidence in enumerate(positions, 1):
        mark = Mark.UNCLEAR if evidence.waits else Mark.POSITION
        marked.append((evidence.quote.span, mark, number))
        marked += [(quote.span, Mark.CONDITION, 0) for quote in evidence.conditions]
    marked += [(span, Mark.DEBRIS, 0) for span in article.debris]
    marked += [(span, Mark.ASIDE, 0) for span in article.asides]
    title = Span(0, len(article.title)) if article.title and text.startswith(article.title) else Span(0, 0)
    found = []
    for span in lines(text):
        segments = tuple(_segments(text, span, [one for one in marked if one[0].overlaps(span)]))
        debris = all(Mark.DEBRIS in one.marks for one in segments if one.text.strip())
        found.append(Paragraph(segments, title.holds(span), debris))
    return tuple(found)


def _segments(text: str, line: Span, marked: Sequence[tuple[Span, Mark, int]]) -> Iterable[Segment]:
    cuts = {line.start, line.end}
    for span, _, _ in marked:
        cuts |= {at for at in span if line.start < at < line.end}
    ordered = sorted(cuts)
    for start, end in pairwise(ordered):
        own = Span(start, end)
        on = [one for one in marked if one[0].overlaps(own)]
        yield Segment(
            own.of(text),
            tuple(mark for mark in Mark if any(one[1] is mark for one in on)),
            tuple(number for _, _, number in on if number),
            tuple(number for span, _, number in on if number and max(span.start, line.start) == start),
        )


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """What of two texts is the same, gone and added, in runs of words."""
    before, after = old.split(), new.split()
    pieces: list[Piece] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(_piece(Diff.SAME, before[i1:i2]))
            continue
        if i2 > i1:
            pieces.append(_piece(Diff.GONE, before[i1:i2]))
        if j2 > j1:
            pieces.append(_piece(Diff.ADDED, after[j1:j2]))
    return tuple(pieces)


def _piece(diff: Diff, words: Sequence[str]) -> Piece:
    return Piece(diff, " ".join(words), len(words))


def _chain(evidence: Evidence, said: Said | None) -> tuple[Step, ...]:
    """Who said it, through whom it came, and where it stands; names that follow themselves once."""
    who = said.speaker or said.words if said else ""
    if evidence.sourcing is Sourcing.OWN_WORDS:
        who = evidence.endorser.name
    steps = [Step("said by", who) if who and evidence.sourcing is not Sourcing.NARRATION else None]
    via = credited(evidence)
    article = evidence.article
    steps += [
        Step("to" if evidence.sourcing not in {Sourcing.OUTLET, Sourcing.NARRATION} else "reported by", via)
        if via
        else None,
        Step("first in", article.original_outlet) if article.original_outlet else None,
        Step("printed by", article.outlet) if article.outlet else None,
    ]
    found: list[Step] = []
    for step in steps:
        if step and not (found and outlet_key(found[-1].name) == outlet_key(step.name)):
            found.append(step)
    return tuple(found)
