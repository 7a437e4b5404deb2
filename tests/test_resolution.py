"""The gate of whom names resolve to: what is asked for is held on the labelled names."""

import pytest

from scripts.resolution import PRECISION, RECALL, SHARED, Answer, Item, Score, answers, gold
from whipcount.people import Resolution, by_name
from whipcount.people.identity import Identity, Outcome
from whipcount.people.registry import Entry

BROOK, QUILL = Entry("r_brook", "Ada Brook"), Entry("r_quill", "Bo Quill")


def answer(meant: Entry | None, taken: Entry | None, outcome: Outcome = Outcome.NEW) -> Answer:
    identity = Identity(taken.id, taken.name, provisional=False) if taken else by_name("Ada Brook")
    return Answer(
        Item("a", "Ada Brook", "B1", "held"),
        meant,
        Resolution(identity, Outcome.RESOLVED if taken else outcome),
    )


def test_a_wrong_merge_costs_precision_and_a_missing_one_recall() -> None:
    found = [
        answer(BROOK, BROOK),
        answer(BROOK, QUILL),
        answer(None, QUILL),
        answer(BROOK, None, Outcome.UNSURE),
        answer(None, None),
    ]
    score = Score.of(found)
    assert (score.named, score.taken, score.right, score.unsure) == (3, 3, 1, 1)
    assert (round(score.precision, 2), round(score.recall, 2)) == (0.33, 0.33)


@pytest.mark.skipif(
    not (SHARED / "annotation" / "positions").is_dir() or not (SHARED / "data" / "congress").is_dir(),
    reason="no annotated articles: set WHIPCOUNT_SHARED to the folder that holds annotation/ and data/",
)
def test_members_and_presidents_go_to_the_right_ids() -> None:
    score = Score.of(answers(gold()))
    assert score.named > 150
    assert score.precision >= PRECISION
    assert score.recall >= RECALL
