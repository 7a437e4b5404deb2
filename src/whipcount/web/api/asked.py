"""As of when, as known when, by what rules: the parameters that most of the API takes."""

import datetime as dt
from typing import Annotated

from fastapi import Depends, HTTPException, Query

from whipcount.web.deps import Asked

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


AskedQ = Annotated[Asked, Depends(asked)]
