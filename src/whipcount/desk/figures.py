"""What a desk's reviews say: how far readers agree, how right the program was, what its confidence was worth."""

from typing import Any

from whipcount.agreement import Agreement, Calibration, Precision, agreement, calibration, precision
from whipcount.ledger import Ledger
from whipcount.ledger.events import Decisions
from whipcount.ledger.review_reads import ReviewReads
from whipcount.ledger.reviews import Reviews


def agreed(ledger: Ledger) -> list[Agreement]:
    """How far readers agree, field by field."""
    _, rows = _reviewed(ledger)
    return agreement(rows, Reviews(ledger.engine).events())


def precise(ledger: Ledger) -> list[Precision]:
    """How often the program was right, over all and by each of its kinds."""
    decided, rows = _reviewed(ledger)
    return precision(rows, decided)


def worth(ledger: Ledger) -> list[Calibration]:
    """What the program's confidence was worth, by tenths of it."""
    decided, rows = _reviewed(ledger)
    return calibration(rows, decided, ledger.calibrated())


def _reviewed(ledger: Ledger) -> tuple[Decisions, dict[str, Any]]:
    decided = ledger.decided()
    return decided, ReviewReads(ledger.engine).rows(decided.verdicts)
