"""Several at once: in order, no lane crowded, none waiting for another, never too far ahead."""

import threading
import time
from collections import Counter

import pytest

from whipcount.gather.together import together


def test_order_lanes_and_how_many_at_once() -> None:
    items = [f"{'abcd'[number % 4]}{number}" for number in range(60)]
    lock = threading.Lock()
    running: Counter[str] = Counter()
    most: Counter[str] = Counter()

    def work(item: str) -> str:
        with lock:
            running[item[0]] += 1
            most[item[0]] = max(most[item[0]], running[item[0]])
        time.sleep(0.001 * (int(item[1:]) * 7 % 5))
        with lock:
            running[item[0]] -= 1
        return item.upper()

    results = list(together(items, work, lane=lambda item: item[0], at_once=2))
    assert results == [item.upper() for item in items]
    assert max(most.values()) == 2


def test_a_slow_lane_holds_up_no_other() -> None:
    items = [f"slow{number}" for number in range(20)] + ["quick"]
    quick = threading.Event()

    def work(item: str) -> bool:
        if item == "quick":
            quick.set()
        return quick.wait(10)

    assert all(together(items, work, lane=lambda item: item[:4], at_once=1, workers=2))


def test_not_too_far_ahead() -> None:
    begun: list[str] = []

    def work(item: str) -> str:
        begun.append(item)
        return item

    items = [str(number) for number in range(50)]
    for number, item in enumerate(
        together(items, work, lane=lambda item: item, at_once=1, workers=4, ahead=8)
    ):
        time.sleep(0.002)
        assert item == str(number)
        assert len(begun) <= number + 1 + 8


def test_what_work_raises_is_raised_in_its_place_and_ends_it() -> None:
    def work(item: str) -> str:
        if item == "2":
            raise KeyError(item)
        return item

    results = together(list("12345"), work, lane=lambda item: item, at_once=1)
    assert next(results) == "1"
    with pytest.raises(KeyError):
        next(results)
    assert list(results) == []


def test_one_who_stops_early_leaves_no_thread_behind() -> None:
    results = together(
        [str(n) for n in range(1000)], lambda item: item, lane=lambda item: item, at_once=1, ahead=3
    )
    assert next(results) == "0"
    results.close()  # type: ignore[attr-defined]
    for _ in range(200):
        if not any(thread.name == "together" for thread in threading.enumerate()):
            break
        time.sleep(0.01)
    else:
        pytest.fail("threads are left")
    assert list(together([], lambda item: item, lane=lambda item: item, at_once=1)) == []
