"""A desk of many: writers and reviewers at once, and any of them killed at any moment.

A few rounds in the suite. More: `WHIPCOUNT_KILL_ROUNDS=50 pytest tests/ledger/test_desk_processes.py`
"""

import multiprocessing
import os
import random
import time
from contextlib import suppress
from multiprocessing.context import ForkServerContext

import pytest

from making import Claim, july, reading
from whipcount.article import Reading, Stand
from whipcount.errors import Decided, LedgerError
from whipcount.ledger import Ledger
from whipcount.ledger.check import problems
from whipcount.ledger.dump import dump, load
from whipcount.ledger.engine import connect
from whipcount.ledger.events import Action
from whipcount.ledger.reviews import Reviews
from whipcount.standing import standings

ROUNDS = int(os.environ.get("WHIPCOUNT_KILL_ROUNDS", "6"))
ARTICLES, EACH = 24, 3
WRITERS, REVIEWERS = 8, 4


@pytest.fixture(scope="module")
def children() -> ForkServerContext:
    """Starts processes from one that has everything loaded."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["test_desk_processes"])
    return context


def article(number: int) -> Reading:
    claims = [Claim(f"Endorser {number}-{k}", Stand.ENDORSED) for k in range(EACH)]
    return reading(*claims, id=f"a-{number}", lead=f"News number {number} from Larkfield.", published=july(3))


def write(store: str, numbers: list[int], batch: int = 1) -> None:
    with Ledger.open(store, lock_wait=60) as ledger:
        for low in range(0, len(numbers), batch):
            ledger.add_all([article(n) for n in numbers[low : low + batch]])


def review(store: str, by: str, count: int, seed: int) -> None:
    """Decide on evidence as it comes, each decision on what was last seen, and take some of them back."""
    chance = random.Random(seed)
    with Ledger.open(store, lock_wait=60) as ledger:
        reviews = Reviews(ledger.engine)
        done = 0
        while done < count:
            found = ledger.evidence()
            if not found:
                time.sleep(0.01)
                continue
            one = chance.choice(found)
            seen = one.verdict.number if one.verdict else 0
            # One number a decision: what is sent again after a kill is the same decision.
            key = f"{by}-{seed}-{done}"
            try:
                action = chance.choice([Action.ACCEPT, Action.REJECT])
                event = reviews.record(action, one.id, by, seen=seen or None, key=key)
            except Decided:
                continue
            if chance.random() < 0.2:
                reviews.undo(event.number, by, key=f"{key}-undo")
            done += 1


def sound(ledger: Ledger) -> list[str]:
    return [f"{p.table} {p.id}: {p.wrong}" for p in problems(ledger.engine) if p.wrong]


def test_eight_writers_and_four_reviewers(store: str, children: ForkServerContext) -> None:
    Ledger.open(store).close()
    chance = random.Random(1)
    work = [chance.sample(range(ARTICLES), ARTICLES) for _ in range(WRITERS)]
    jobs = [children.Process(target=write, args=(store, own, 1 + n % 3)) for n, own in enumerate(work)]
    jobs += [children.Process(target=review, args=(store, f"r{n}", 10, n)) for n in range(REVIEWERS)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(120)
    assert [job.exitcode for job in jobs] == [0] * len(jobs)
    with Ledger.open(store) as ledger:
        assert ledger.totals().articles == ARTICLES
        assert ledger.totals().evidence == ARTICLES * EACH
        events = Reviews(ledger.engine).events()
        decided = [e for e in events if e.action is not Action.UNDO]
        assert len(decided) == REVIEWERS * 10
        assert [e.number for e in events] == sorted(e.number for e in events)
        assert sound(ledger) == []


def test_a_decision_on_old_knowledge_never_wins(store: str, children: ForkServerContext) -> None:
    """All at once on one piece of evidence, each having seen nothing: one decision is kept."""
    write(store, [0])
    with Ledger.open(store) as ledger:
        one = ledger.evidence()[0].id
    outcome = children.Queue()
    jobs = [children.Process(target=decide, args=(store, one, f"r{n}", outcome)) for n in range(4)]
    for job in jobs:
        job.start()
    said = sorted(outcome.get(timeout=60) for _ in jobs)
    for job in jobs:
        job.join(60)
    assert said == ["decided", "decided", "decided", "kept"]
    with Ledger.open(store) as ledger:
        assert len(Reviews(ledger.engine).events(one)) == 1


def decide(store: str, one: str, by: str, outcome: "multiprocessing.Queue[str]") -> None:
    with Ledger.open(store, lock_wait=60) as ledger:
        try:
            Reviews(ledger.engine).record(Action.ACCEPT, one, by, seen=0)
        except Decided:
            outcome.put("decided")
        else:
            outcome.put("kept")


def test_killed_at_any_moment(store: str, children: ForkServerContext) -> None:
    """Writers and reviewers die in the middle; the ledger opens, is sound, and the work is done again."""
    chance = random.Random(2)
    for number in range(ROUNDS):
        jobs = [
            children.Process(target=write, args=(store, list(range(ARTICLES)), 1 + number % 4)),
            children.Process(target=review, args=(store, "Ines", 5, number)),
        ]
        for job in jobs:
            job.start()
        time.sleep(chance.uniform(0.02, 0.35))
        for job in jobs:
            job.kill()
            job.join(60)
        with Ledger.open(store, lock_wait=60) as ledger:
            assert sound(ledger) == []
    write(store, list(range(ARTICLES)), 5)
    review(store, "Ines", 5, ROUNDS)
    with Ledger.open(store) as ledger:
        assert ledger.totals().evidence == ARTICLES * EACH
        assert sound(ledger) == []
        assert len(standings(ledger.evidence())) <= ARTICLES * EACH
        keys = [e for e in Reviews(ledger.engine).events() if e.action is not Action.UNDO]
        assert len(keys) <= 5 * (ROUNDS + 1)


def test_a_load_that_is_killed_leaves_nothing(store: str, db: str, children: ForkServerContext) -> None:
    source = f"{db}-source"
    write(source, list(range(ARTICLES)), ARTICLES)
    with Ledger.open(source) as ledger:
        lines = list(dump(ledger.engine))
    chance = random.Random(3)
    for _ in range(max(2, ROUNDS // 3)):
        job = children.Process(target=into, args=(store, lines))
        job.start()
        time.sleep(chance.uniform(0.02, 0.4))
        job.kill()
        job.join(60)
        if job.exitcode == 0:
            break
    with suppress(LedgerError):  # it had come through before it was killed
        into(store, lines)
    with Ledger.open(store) as ledger:
        assert list(dump(ledger.engine)) == lines
        assert sound(ledger) == []


def into(store: str, lines: list[str]) -> None:
    engine = connect(store, lock_wait=60, create=True, empty=True)
    try:
        load(engine, lines)
    finally:
        engine.dispose()
