"""A desk to look at: invented reports, all unsure enough to wait for a reader."""

import random

from making import COURIER, HERALD, Claim, july, reading
from whipcount.article import Sourcing, Stand
from whipcount.ledger import Ledger

FIRST = "Ada Bo Cy Dee Eve Finn Gus Hal Ivy Jo Kit Lou Mae Ned Ola Pip Quin Rae Sol Tess".split()
LAST = "Brook Quill Marsh Fenn Lark Holt Wren Pike Rudd Sedge".split()


def names(count: int) -> list[str]:
    return [f"{first} {last}" for last in LAST for first in FIRST][:count]


def fill(ledger: Ledger, count: int, *, seed: int = 7) -> None:
    """So many endorsers, an article each."""
    pick = random.Random(seed)
    for number, name in enumerate(names(count)):
        asks = (f"a word on the ferry from berth {number}",) if number % 5 == 0 else ()
        claim = Claim(
            name,
            pick.choice(list(Stand)),
            sourcing=pick.choice(list(Sourcing)),
            confidence=round(pick.uniform(0.3, 0.9), 3),
            asks=asks,
            via=HERALD if number % 3 == 0 else None,
        )
        ledger.add(
            reading(
                claim,
                id=f"article-{number}",
                published=july(1 + number % 28),
                outlet=COURIER if number % 2 else HERALD,
                url=f"https://courier.example/{number}",
                lead=f"Notes from berth {number}, where {name} spoke 🚢 at length.\r\nA second line.",
            )
        )
