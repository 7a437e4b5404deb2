"""The gate, on invented texts."""

import pytest

from whipcount.read.gate import passes


@pytest.mark.parametrize(
    "text",
    [
        "Ada Brook has endorsed Cy Dunmore.",
        "The governor's race. " * 3 + "Mayor Finch endorsed Castell in the primary.",
        """Voters in the primary asked the candidates for senator and governor whom they would support,
        and the mayor said that she would vote for the Republican nominee in the election.""",
    ],
)
def test_what_can_hold_a_position_passes(text: str) -> None:
    assert passes(text)


@pytest.mark.parametrize(
    "text",
    ["", "The ferry sank.", "The chef endorsed a brand of knives. " * 40, "The election is on Tuesday. " * 5],
)
def test_what_can_hold_none_is_stopped(text: str) -> None:
    assert not passes(text)
