"""Which of an article's attributions a position stands in."""

from collections.abc import Iterable, Sequence

from whipcount.article import Attribution, Position, Span


def attribution_of(position: Position, attributions: Sequence[Attribution]) -> int | None:
    """The number of the attribution that the evidence is said in; None for plain narration.

    Its content must meet the evidence. Of several, one with the position's sourcing and via
    comes first, then the one that covers most of it.
    """
    ranked = [
        (
            attribution.sourcing == position.sourcing,
            attribution.via == position.via,
            _shared(position.evidence, attribution.content),
            -number,
        )
        for number, attribution in enumerate(attributions)
        if _shared(position.evidence, attribution.content)
    ]
    return -max(ranked)[-1] if ranked else None


def _shared(span: Span, others: Iterable[Span]) -> int:
    return sum(max(0, min(span.end, other.end) - max(span.start, other.start)) for other in others)
