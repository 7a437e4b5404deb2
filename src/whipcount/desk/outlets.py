"""What the outlets in the ledger are worth: how much, how sourced, how right."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass

from whipcount.article import Sourcing
from whipcount.ledger import Ledger
from whipcount.ledger.events import Action
from whipcount.ledger.reads import OutletTotal, Reads
from whipcount.outlet_table import outlet_key


@dataclass(frozen=True, slots=True)
class Outlet:
    """One outlet, under the commonest of its names."""

    key: str
    name: str
    """Empty for articles that name none."""
    articles: int
    latest: dt.date | None
    positions: int
    unnamed: float | None
    """The share of its positions that rest on unnamed sources; None where it has none."""
    accepted: int = 0
    corrected: int = 0
    rejected: int = 0

    @property
    def reviewed(self) -> int:
        """Positions on which a reader has decided."""
        return self.accepted + self.corrected + self.rejected

    @property
    def precision(self) -> float | None:
        """The share of those that were right as read; None before the first decision."""
        return self.accepted / self.reviewed if self.reviewed else None


def sources(ledger: Ledger, known_by: dt.datetime | None = None) -> list[Outlet]:
    """All outlets, those with most positions first."""
    reads = Reads(ledger.engine)
    verdicts = {key: own[-1].action for key, own in ledger.decided(known_by).verdicts.items()}
    of = reads.outlets_of(verdicts)
    judged: defaultdict[str, Counter[Action]] = defaultdict(Counter)
    for evidence, outlet in of.items():
        judged[outlet_key(outlet)][verdicts[evidence]] += 1
    forms: defaultdict[str, list[OutletTotal]] = defaultdict(list)
    for total in reads.outlets():
        forms[outlet_key(total.outlet)].append(total)
    found = [_outlet(key, totals, judged[key]) for key, totals in forms.items()]
    return sorted(found, key=lambda one: (not one.name, -one.positions, -one.articles, one.name))


def _outlet(key: str, totals: list[OutletTotal], judged: Counter[Action]) -> Outlet:
    by_sourcing: Counter[Sourcing] = Counter()
    for total in totals:
        by_sourcing.update(total.positions)
    positions = by_sourcing.total()
    return Outlet(
        key,
        max(totals, key=lambda total: (total.articles, total.outlet)).outlet,
        sum(total.articles for total in totals),
        max((total.latest for total in totals if total.latest), default=None),
        positions,
        by_sourcing[Sourcing.UNNAMED_SOURCE] / positions if positions else None,
        judged[Action.ACCEPT],
        judged[Action.CORRECT],
        judged[Action.REJECT],
    )
