"""How far readers agree with one another, and how often they find the program right.

Pure. Entries: `agreement`, `precision` and `calibration`, over evidence as it was read (rows by id) and events.

Agreement is Krippendorff's alpha for nominal values (K. Krippendorff, Content Analysis, 4th ed., 2018, ch. 12), which
takes any number of readers who each decided on some of the evidence. Intervals are Wilson's (E. B. Wilson, "Probable
inference, the law of succession, and statistical inference", Journal of the American Statistical Association 22, 1927).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from whipcount.ledger.calibration import Curve, wrong
from whipcount.ledger.events import VERDICTS, Action, Decisions, Event, in_force

_Z = NormalDist().inv_cdf(0.975)
FIELDS = ("counts", "endorser", "endorsee", "position", "sourcing", "via", "span", "conditions")
"""What is compared: `counts` is whether it is a position at all, the others among those who say it is."""
UNCLEAR = "unclear"
"""What was read as unclear has figures of its own: it was given to readers for another reason."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far readers agree on one field of the evidence that two of them or more decided on."""

    field: str
    evidence: int
    equal: float | None
    """The share of pairs of readers with the same value; None where there is no pair."""
    alpha: float | None
    """Krippendorff's alpha; None where it is undefined, as when all values are the same."""


@dataclass(frozen=True, slots=True)
class Precision:
    """How often readers found right what the program read."""

    by: str
    """What the readings are put together by: all, outlet, pattern, sourcing, position or confidence."""
    value: str
    reviewed: int
    right: int
    low: float
    """The ends of Wilson's interval at 95 %."""
    high: float

    @property
    def share(self) -> float:
        """The share that was right."""
        return self.right / self.reviewed


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the program's confidence was worth, for readings of about the same confidence."""

    band: str
    reviewed: int
    confidence: float
    """The program's, on average."""
    share: float
    """How many were right."""
    shown: float | None
    """The confidence that is shown for the average; None where too few were reviewed to correct it."""


def agreement(rows: Mapping[str, Any], events: Iterable[Event]) -> list[Agreement]:
    """For each field, how far readers agree."""
    decided = {key: readings for key, readings in _values(rows, events).items() if len(readings) > 1}
    shared = [readings for key, readings in decided.items() if not rows[key].unclear]
    unclear = [readings for key, readings in decided.items() if rows[key].unclear]
    found = [_agreement(name, [_said(name, readings) for readings in shared]) for name in FIELDS]
    if unclear:
        found.append(_agreement(UNCLEAR, [_said("counts", readings) for readings in unclear]))
    return found


def _said(field: str, readings: Mapping[str, Mapping[str, str] | None]) -> list[str]:
    """What each reader of a piece of evidence says of a field."""
    if field == "counts":
        return [str(values is not None) for values in readings.values()]
    return [values[field] for values in readings.values() if values is not None]


def _agreement(field: str, said: Iterable[Sequence[str]]) -> Agreement:
    units = [unit for unit in said if len(unit) > 1]
    pairs = [(a == b) for unit in units for n, a in enumerate(unit) for b in unit[n + 1 :]]
    return Agreement(field, len(units), sum(pairs) / len(pairs) if pairs else None, _alpha(units))


def precision(rows: Mapping[str, Any], decided: Decisions) -> list[Precision]:
    """How often the program was right, over all that was clear and by each of its kinds; the most reviewed of each first."""
    judged, unclear = _judged(rows, decided)
    found = [_precision("all", "", [right for _, right in judged])] if judged else []
    if unclear:
        found.append(_precision(UNCLEAR, UNCLEAR, [right for _, right in unclear]))
    for by, key in _BY.items():
        groups: defaultdict[str, list[bool]] = defaultdict(list)
        for row, right in judged:
            groups[key(row)].append(right)
        order = (
            sorted(groups)
            if by == "confidence"
            else sorted(groups, key=lambda value: (-len(groups[value]), value))
        )
        found += [_precision(by, value, groups[value]) for value in order]
    return found


def calibration(rows: Mapping[str, Any], decided: Decisions, curve: Curve | None) -> list[Calibration]:
    """What confidence was worth, by tenths of it."""
    bands: defaultdict[str, list[tuple[float, bool]]] = defaultdict(list)
    clear, unclear = _judged(rows, decided)
    for row, right in clear:
        bands[_band(row)].append((row.confidence, right))
    found = [_calibration(band, of_band, curve) for band, of_band in sorted(bands.items())]
    if unclear:
        found.append(_calibration(UNCLEAR, [(row.confidence, right) for row, right in unclear], None))
    return found


def _calibration(band: str, judged: Sequence[tuple[float, bool]], curve: Curve | None) -> Calibration:
    mean = sum(confidence for confidence, _ in judged) / len(judged)
    share = sum(right for _, right in judged) / len(judged)
    return Calibration(band, len(judged), mean, share, curve(mean) if curve else None)


def wilson(right: int, reviewed: int, z: float = _Z) -> tuple[float, float]:
    """The interval in which the true share lies, at 95 % unless told otherwise."""
    if not reviewed:
        return 0.0, 1.0
    share = right / reviewed
    spread = z * math.sqrt(share * (1 - share) / reviewed + z * z / (4 * reviewed * reviewed))
    middle, scale = share + z * z / (2 * reviewed), 1 + z * z / reviewed
    # Rounding must not push an end past the share itself.
    return min(share, max(0.0, (middle - spread) / scale)), max(share, min(1.0, (middle + spread) / scale))


def pattern_of(because: str) -> str:
    """The pattern or model that a reading rests on: `because` up to its colon."""
    return because.partition(":")[0].strip() or "not given"


def _band(row: Any) -> str:
    tenth = min(9, int(row.confidence * 10))
    return f"{tenth / 10:.1f} to {(tenth + 1) / 10:.1f}"


_BY: Mapping[str, Callable[[Any], str]] = {
    "outlet": lambda row: row.outlet or "unknown",
    "pattern": lambda row: pattern_of(row.because),
    "sourcing": lambda row: row.sourcing,
    "position": lambda row: row.position,
    "confidence": _band,
}


def _judged(
    rows: Mapping[str, Any], decided: Decisions
) -> tuple[list[tuple[Any, bool]], list[tuple[Any, bool]]]:
    """Each reading of the program's on which somebody decided, and whether it was right: the clear, the unclear."""
    found: tuple[list[tuple[Any, bool]], list[tuple[Any, bool]]] = [], []
    for key, row in sorted(rows.items()):
        verdict = decided.verdict(key)
        if verdict is None or key in decided.by_hand or key in decided.undone:
            continue
        right = verdict.action is not Action.REJECT and not wrong(row, decided.corrections.get(key, {}))
        found[bool(row.unclear)].append((row, right))
    return found


def _precision(by: str, value: str, judged: Sequence[bool]) -> Precision:
    right = sum(judged)
    return Precision(by, value, len(judged), right, *wilson(right, len(judged)))


def _values(
    rows: Mapping[str, Any], events: Iterable[Event]
) -> dict[str, dict[str, Mapping[str, str] | None]]:
    """By evidence and reader: the values that the reader's last decision stands for; None for "no position".

    Who accepts takes what was shown, earlier corrections with it.
    """
    shown: dict[str, dict[str, str]] = {}
    found: defaultdict[str, dict[str, Mapping[str, str] | None]] = defaultdict(dict)
    for event in in_force(sorted(events, key=lambda e: e.number)):
        if event.action not in VERDICTS or event.subject not in rows:
            continue
        values = shown.setdefault(event.subject, _as_read(rows[event.subject]))
        values.update({k: _text(k, v) for k, v in event.data.items() if k in FIELDS})
        found[event.subject][event.by] = None if event.action is Action.REJECT else dict(values)
    return found


def _as_read(row: Any) -> dict[str, str]:
    span = {"start": row.start_at, "end": row.end_at}
    read = {"endorser": row.endorser_id, "endorsee": row.endorsee_id, "span": span}
    return {name: _text(name, read.get(name, getattr(row, name, None))) for name in FIELDS[1:]}


def _text(name: str, value: Any) -> str:
    """A value so that equal ones are equal: spans by their places."""
    if name == "span":
        return f"{value['start']}-{value['end']}"
    if name == "conditions":
        return " ".join(sorted(f"{one['start']}-{one['end']}" for one in value))
    return "" if value is None else str(value)


def _alpha(units: Sequence[Sequence[str]]) -> float | None:
    values = sorted({value for unit in units for value in unit})
    if len(values) < 2:
        return None
    import krippendorff  # noqa: PLC0415 - NumPy, which no other command of this kind needs

    counts = [[Counter(unit)[value] for value in values] for unit in units]
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))
