"""As of when, as known when, by what rules: the parameters that most of the API takes."""

import datetime as dt
from typing import Annotated

from fastapi import Depends, HTTPException, Query

from whipcount.rosters import Roster, load_roster, rosters_in
from whipcount.web.api.answers import WORDS, not_found
from whipcount.web.deps import Asked, OptionsDep
from whipcount.web.options import WebOptions

_DAY = r"\d{4}-\d{2}-\d{2}"
_MOMENT = rf"^{_DAY}(T\d{{2}}:\d{{2}}(:\d{{2}}(\.\d{{1,6}})?)?(Z|[+-]\d{{2}}:\d{{2}})?)?$"


def asked(
    as_of: Annotated[
        dt.date | None, Query(description="As it was on that day. Evidence without any date is left out.")
    ] = None,
    as_known_on: Annotated[
        str | None,
        Query(
            pattern=_MOMENT,
            description="As the ledger knew it: a day (its end, UTC), or a moment like 2024-07-24T18:00:00Z.",
        ),
    ] = None,
) -> Asked:
    """What is asked for."""
    return Asked(as_of, _moment(as_known_on) if as_known_on else None)


def _moment(text: str) -> dt.datetime:
    try:
        if len(text) == len("2024-07-24"):
            return dt.datetime.combine(dt.date.fromisoformat(text), dt.time.max, dt.UTC)
        found = dt.datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise HTTPException(422, "as_known_on: this day or moment is not in the calendar") from None


def roster(
    options: OptionsDep,
    roster: Annotated[
        str | None,
        Query(pattern=WORDS, min_length=1, max_length=200, description="Only who is on this roster."),
    ] = None,
) -> Roster | None:
    """The roster that is asked for."""
    return None if roster is None else find_roster(options, roster)


def find_roster(options: WebOptions, name: str) -> Roster:
    """The roster of that name in the desk's folder: never one by a path."""
    folder = options.rosters_folder
    if name not in rosters_in(folder):
        raise not_found("such roster")
    return load_roster(name, folder)


RosterQ = Annotated[Roster | None, Depends(roster)]
RulesQ = Annotated[
    list[str],
    Query(
        description="Rules of counting, by name (see /rules): what counts by all of them. Default: the house's."
    ),
]
AskedQ = Annotated[Asked, Depends(asked)]
