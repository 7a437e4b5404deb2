"""The accuracy gate: what was reached on annotated articles is held."""

import json

import pytest

from scripts.accuracy import FLOORS, SHARED, below, measure


# The scorer leaves a file to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.skipif(
    not (SHARED / "annotation" / "positions").is_dir(),
    reason="no annotated articles: set WHIPCOUNT_SHARED to the folder that holds annotation/ and data/",
)
def test_every_floor_is_held() -> None:
    figures, _ = measure(["positions"])
    assert {"positions: record F1", "attributions: relation"} <= figures.keys()
    assert below(figures) == []


def test_a_figure_below_its_floor_is_told() -> None:
    floors = json.loads(FLOORS.read_text("utf-8"))
    assert below(floors) == []
    assert len(below(dict.fromkeys(floors, 0.0))) == sum(floor > 0.005 for floor in floors.values())
