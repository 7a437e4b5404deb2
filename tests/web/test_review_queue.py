"""Several readers at one queue."""

from web.desks import fill
from whipcount.ledger import Ledger
from whipcount.web.review_queue import Waiting


def test_readers_are_led_to_different_items_while_there_are_any(ledger: Ledger) -> None:
    fill(ledger, 3)
    now = [0.0]
    waiting = Waiting(ledger, lambda: now[0])
    given = []
    for reader in ("Ada", "Bo", "Cy", "Dee"):
        item = waiting.take(reader, waiting.items(reader))
        assert item
        given.append(item.subject)
    first = waiting.items("Ada")[0].subject
    assert len(set(given[:3])) == 3
    assert given[3] == first
    now[0] = 1000.0
    again = waiting.take("Bo", waiting.items("Bo"))
    assert again
    assert again.subject == first
