"""Which reports are one: copies of a text, and reports that only relay another outlet's.

A chain is one outlet's report with all that was made of it: its reprints, and the reports of
others that have it from there ("according to the Harbour Times"). Only chains count as
independent of one another.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence

from whipcount.ledger.evidence import Evidence
from whipcount.outlet_table import outlet_key

_WINDOW = dt.timedelta(days=14)
"""So long after an outlet's report others still relay that one, and not another that nobody saw."""
_SLACK = dt.timedelta(days=1)
"""A relay may bear the day before: the world has more than one time zone."""


def credited(evidence: Evidence) -> str | None:
    """The outlet whose report a piece of evidence only relays; None for the outlet's own reporting."""
    if evidence.via is None:
        return None
    own = (evidence.article.outlet, evidence.article.original_outlet)
    key = outlet_key(evidence.via)
    return None if any(one and outlet_key(one) == key for one in own) else evidence.via


def chains(stories: Sequence[Sequence[Evidence]]) -> list[list[Sequence[Evidence]]]:
    """Stories that say the same of the same pair, by chain; in each the report first, then its relays.

    A story whose every copy credits another outlet relays that one's latest report of the two
    weeks before; where the ledger has none, the relays of one outlet within two weeks of one
    another are one chain.
    """
    if len(stories) == 1:
        return [list(stories)]
    ordered = sorted(stories, key=_order)
    found: list[list[Sequence[Evidence]]] = []
    reports: defaultdict[str, list[list[Sequence[Evidence]]]] = defaultdict(list)
    relays: list[tuple[str, Sequence[Evidence]]] = []
    for story in ordered:
        sources = [credited(one) for one in story]
        if all(sources):
            commonest = Counter(outlet_key(source) for source in sources if source)
            relays.append((max(commonest, key=lambda key: (commonest[key], key)), story))
            continue
        found.append([story])
        # Who relays it may have it from any of those who printed it.
        names = {name for one in story for name in (one.article.outlet, one.article.original_outlet) if name}
        for key in {outlet_key(name) for name in names}:
            reports[key].append(found[-1])
    of_outlet: defaultdict[str, list[list[Sequence[Evidence]]]] = defaultdict(list)
    for key, story in relays:
        if chain := _relayed(story, reports[key]):
            chain.append(story)
        elif of_outlet[key] and _close(of_outlet[key][-1][-1], story):
            of_outlet[key][-1].append(story)
        else:
            found.append([story])
            of_outlet[key].append(found[-1])
    return found


def _relayed(
    story: Sequence[Evidence], reports: Sequence[list[Sequence[Evidence]]]
) -> list[Sequence[Evidence]] | None:
    """The report of its outlet that a story relays: the latest that it can have known."""
    day = _day(story)
    for chain in reversed(reports):
        told = _day(chain[0])
        if day is None or told is None or told - _SLACK <= day <= told + _WINDOW:
            return chain
    return None


def _close(one: Sequence[Evidence], other: Sequence[Evidence]) -> bool:
    first, second = _day(one), _day(other)
    return first is None or second is None or second - first <= _WINDOW


def _day(story: Sequence[Evidence]) -> dt.date | None:
    return min((one.day for one in story if one.day), default=None)


def _order(story: Sequence[Evidence]) -> tuple[dt.date, str]:
    return _day(story) or dt.date.min, min(one.id for one in story)
