"""The states as articles write them. Entries: `state_of` for one name, `states_in` for those in a text."""

import csv
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], dict[str, str]]:
    """The code of each way to write a state, and what sort of division each code is."""
    text = files("whipcount.people").joinpath("data/states.csv").read_text(encoding="utf-8")
    written: dict[str, str] = {}
    sorts: dict[str, str] = {}
    for row in csv.DictReader(text.splitlines()):
        sorts[row["code"]] = row["sort"]
        for form in (row["code"], row["name"], *filter(None, row["short"].split("|"))):
            written[form] = row["code"]
            written[form.replace(".", "")] = row["code"]
    return written, sorts


@lru_cache(maxsize=1)
def _folded() -> dict[str, str]:
    return {_fold(form): code for form, code in _table()[0].items()}


def _fold(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.casefold())


def state_of(text: str) -> str | None:
    """The postal code of a state, however it is written; None where it is none."""
    return _folded().get(_fold(text))


@lru_cache(maxsize=1)
def state_pattern() -> str:
    """A regular expression for a state's name in full or for short, in running text."""
    names = (form for form in _table()[0] if not form.isupper())
    return "|".join(re.escape(form) for form in sorted(names, key=len, reverse=True))


def shortened_states() -> frozenset[str]:
    """The last words of what is written for short with a point, without it: "Calif", "Va"."""
    return frozenset(re.split(r"\W", form[:-1])[-1] for form in _table()[0] if form.endswith("."))


@lru_cache(maxsize=1)
def _in_text() -> re.Pattern[str]:
    # What is short and also a word ("Miss", "Ore", "Ind") is left to those who know that a state stands there.
    sure = [form for form in _table()[0] if len(form.replace(".", "")) > 3 and not form.isupper()]
    return re.compile(
        r"\b(?:" + "|".join(re.escape(form) for form in sorted(sure, key=len, reverse=True)) + r")(?!\w)"
    )


def states_in(text: str) -> Iterator[str]:
    """The codes of the states that a text names, as often as it does; the city of Washington is none."""
    for hit in _in_text().finditer(text):
        code = _table()[0][hit.group()]
        if code != "WA" or re.match(r" state\b", text[hit.end() :], re.IGNORECASE):
            yield code


def division(state: str | None, district: str | None = None) -> str | None:
    """The Open Civic Data id of a state, or of a district of the House in it; district 0 is the whole state."""
    if state is None or state not in _table()[1]:
        return None
    place = f"ocd-division/country:us/{_table()[1][state]}:{state.lower()}"
    return f"{place}/cd:{int(district)}" if district and district.isdecimal() and int(district) else place
