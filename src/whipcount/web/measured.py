"""What the shipped model was found to be worth on annotated articles. Entry: `measured`."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_SETS = {"positions": "One campaign, two readers", "positions-single": "Many races, one reader"}


@dataclass(frozen=True, slots=True)
class Band:
    """Records that were given about the same confidence."""

    least: float
    """The band's lower end."""
    records: int
    right: float
    """The share that was right."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures on one set of articles that the model had not learned from."""

    set: str
    gold: int
    """Records to find."""
    precision: float
    recall: float
    pair_precision: float
    pair_recall: float
    bands: tuple[Band, ...]


@cache
def measured() -> tuple[Measured, ...]:
    """By the figures in the manifest that ships with the model."""
    manifest = json.loads(files("whipcount.models").joinpath("positions.json").read_text("utf-8"))
    return tuple(_measured(name, manifest["figures"][key]) for key, name in _SETS.items())


def _measured(name: str, figures: dict[str, Any]) -> Measured:
    return Measured(
        name,
        figures["gold"],
        figures["record_precision"],
        figures["record_recall"],
        figures["pair_precision"],
        figures["pair_recall"],
        tuple(
            Band(one["from"], one["records"], one["right"])
            for one in figures["calibration"]
            if one["records"]
        ),
    )
