import pytest

from making import COURIER, HERALD, Claim, reading
from whipcount.article import Sourcing, Stand
from whipcount.desk import told
from whipcount.ledger import Ledger
from whipcount.ledger.reads import Said


@pytest.mark.parametrize(
    ("sourcing", "via", "first", "said", "words"),
    [
        (Sourcing.OWN_WORDS, None, None, None, f"own words, in {COURIER}"),
        (Sourcing.OWN_WORDS, HERALD, None, None, f"own words, to {HERALD}, as reported by {COURIER}"),
        (
            Sourcing.UNNAMED_SOURCE, HERALD, None, Said("an ally of the mayor"),
            f"“an ally of the mayor”, unnamed, to {HERALD}, as reported by {COURIER}",
        ),
        (Sourcing.UNNAMED_SOURCE, None, None, Said("they"), f"an unnamed source, in {COURIER}"),
        (Sourcing.NAMED_SOURCE, None, None, Said("her brother", "Fen Brook"), f"Fen Brook, in {COURIER}"),
        (Sourcing.OUTLET, HERALD, None, None, f"{HERALD}'s report, as reported by {COURIER}"),
        (Sourcing.NARRATION, None, HERALD, None, f"the article's own account, first in {HERALD}, as reported by {COURIER}"),
        (Sourcing.OWN_WORDS, COURIER, None, None, f"own words, in {COURIER}"),
    ],
)  # fmt: skip
def test_how_it_is_known_is_told_in_one_phrase(
    ledger: Ledger, sourcing: Sourcing, via: str | None, first: str | None, said: Said | None, words: str
) -> None:
    ledger.add(reading(Claim("Ada Brook", Stand.EXPECTED, sourcing=sourcing, via=via), original_outlet=first))
    (evidence,) = ledger.evidence()
    assert told(evidence, said) == words
