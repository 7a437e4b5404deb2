import dataclasses
import datetime as dt
import random
import time

from hypothesis import example, given
from hypothesis import strategies as st

from making import july
from test_standing import ENDORSED, EXPECTED, OWN, REFUSED, SUPPORTS, WITHDRAWN, WITHHOLDING, evidence, pieces
from whipcount.article import Stand
from whipcount.changes import Change, Move, held, steps
from whipcount.ledger.evidence import Evidence
from whipcount.standing import standings


def told(changes: list[Change]) -> list[tuple[dt.date, str, Stand | None, Stand | None, Move]]:
    return [(c.day, c.endorsee.name, c.old, c.new, c.kind) for c in changes]


def test_the_history_of_a_pair() -> None:
    history = [
        evidence(WITHHOLDING, 2),
        evidence(WITHHOLDING, 3),
        evidence(ENDORSED, 6, said=5, sourcing=OWN),
        evidence(ENDORSED, 6),
        evidence(SUPPORTS, 7),
        evidence(WITHDRAWN, 8),
        evidence(REFUSED),
    ]
    found = steps(history)
    assert told(found) == [
        (july(2), "Cy Dunmore", None, WITHHOLDING, Move.FIRST),
        (july(6), "Cy Dunmore", WITHHOLDING, ENDORSED, Move.SWITCH),
        (july(8), "Cy Dunmore", ENDORSED, WITHDRAWN, Move.WITHDRAWN),
    ]
    assert found[1].evidence == (history[2], history[3])


def test_nobody_endorsed_lapses_and_comes_back() -> None:
    endorsement = evidence(ENDORSED, 4)
    found = steps([evidence(WITHHOLDING, 2, endorsee="any candidate"), endorsement, evidence(WITHDRAWN, 6)])
    assert told(found) == [
        (july(2), "any candidate", None, WITHHOLDING, Move.FIRST),
        (july(4), "Cy Dunmore", None, ENDORSED, Move.FIRST),
        (july(4), "any candidate", WITHHOLDING, None, Move.LAPSED),
        (july(6), "Cy Dunmore", ENDORSED, WITHDRAWN, Move.WITHDRAWN),
        (july(6), "any candidate", None, WITHHOLDING, Move.SWITCH),
    ]
    assert found[2].evidence == (endorsement,)


def test_a_page_that_no_longer_says_so_is_a_correction() -> None:
    taken_back = dataclasses.replace(evidence(ENDORSED, 2), until=july(5))
    assert told(steps([taken_back])) == [
        (july(2), "Cy Dunmore", None, ENDORSED, Move.FIRST),
        (july(5), "Cy Dunmore", ENDORSED, None, Move.CORRECTION),
    ]
    found = steps([evidence(EXPECTED, 1), taken_back])
    assert told(found)[-1] == (july(5), "Cy Dunmore", ENDORSED, EXPECTED, Move.CORRECTION)
    assert found[-1].evidence == (taken_back,)
    said_anew = evidence(WITHHOLDING, 5)
    assert steps([taken_back, said_anew])[-1].kind is Move.SWITCH


aging = st.lists(
    st.builds(
        lambda one, until: dataclasses.replace(one, until=until and july(until)),
        pieces,
        st.none() | st.integers(1, 8),
    ),
    max_size=14,
    unique_by=lambda one: one.id,
)


@given(aging)
@example(
    [evidence(ENDORSED, 3, said=3, story="s"), evidence(REFUSED, 2), evidence(ENDORSED, 4, said=1, story="s")]
)
def test_replaying_the_steps_gives_the_standings_of_any_day(history: list[Evidence]) -> None:
    changes = steps(history)
    for day in range(1, 10):
        assert held(changes, july(day)) == {
            (s.endorser.id, s.endorsee.id, s.contest, s.contest_id): s.position
            for s in standings(history, july(day))
        }
    for change in changes:
        assert change.old is not change.new
        assert change.evidence
        assert all(change.day in {one.last_day, one.until} for one in change.evidence)


@given(aging, st.randoms(use_true_random=False))
def test_the_order_of_the_evidence_makes_no_difference(
    history: list[Evidence], shuffler: random.Random
) -> None:
    shuffled = history[:]
    shuffler.shuffle(shuffled)
    assert steps(shuffled) == steps(history)


def test_a_long_history_is_not_counted_anew_each_day() -> None:
    """3,000 pieces over 300 days take less than ten counts of all of them, where a count a day would take 300."""
    stands = list(Stand)
    history = [
        dataclasses.replace(
            evidence(stands[n % 5], endorser=f"Ada Brook {n % 400}", number=n),
            said_on=july(1) + dt.timedelta(days=n % 300),
        )
        for n in range(3000)
    ]
    start = time.process_time()
    standings(history)
    once = time.process_time() - start
    start = time.process_time()
    steps(history)
    assert time.process_time() - start < 10 * once
