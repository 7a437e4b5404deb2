"""What speaks for and against one of those whom a name may stand for. Entry: `weigh(candidate, name, context)`.

Points add up; `resolve` says how many are enough. They are few and round on purpose: each can be told to a
reader of `whipcount people resolve --explain`, and none was fitted.
"""

import datetime as dt
import re
from collections.abc import Container, Iterator

from whipcount.article import Kind
from whipcount.people.context import Clue, Context
from whipcount.people.identity import Reason
from whipcount.people.match import Candidate
from whipcount.people.registry import Entry
from whipcount.read.names import first_names

_BASE = {
    "exact": 3.0,
    "exact, with the middle name": 3.5,
    "given name": 2.7,
    "nickname": 2.5,
    "initials": 2.0,
    "married name": 2.3,
    "spelling": 1.0,
    "double surname": 1.5,
    "a word more": 0.0,
    "surname": -1.0,
}
_SOON = 2.5
"""Years before a first term within which somebody may be named as a candidate for it."""
_CONGRESS = frozenset({"senator", "representative"})
_LOWER = frozenset(
    {
        "state legislator",
        "mayor",
        "governor",
        "lieutenant governor",
        "attorney general",
        "secretary",
        "council",
    }
)
"""Offices from which people come into Congress."""


def weigh(
    one: Candidate, name: str, context: Context, *, bearers: int, expected: Container[str] = ()
) -> list[Reason]:
    """Everything that the article gives on whether `name` is this candidate; `bearers` share the surname."""
    entry = one.entry
    reasons = [Reason(_BASE.get(one.how, 0.0), f"name: {one.how}")]
    clues = context.clues(name)
    reasons += _time(entry, context.day, clues)
    reasons += _offices(entry, context.day, clues)
    reasons += _places(entry, clues, context)
    reasons += _parties(entry, clues)
    reasons += _life(entry, context, name, clues)
    reasons += _fame(one, context.day, bearers)
    if one.how != "surname" and bearers > 2 and not was(entry, "president"):
        reasons.append(Reason(-0.5, f"{bearers} in the registry bear the surname"))
    if entry.name.endswith("Jr.") and not re.search(r"\bJ(?:r|unior)\b", name):
        # The father may be meant.
        held = context.day is not None and entry.was(context.day)
        reasons.append(
            Reason(
                -0.5 if held or was(entry, "president") else -3.0, "a Jr. in the registry, not in the article"
            )
        )
    if entry.id in expected:
        reasons.append(Reason(2.0, "stands in the contest"))
    if context.political:
        reasons.append(Reason(0.5, "the article is about politics"))
    return reasons


def was(entry: Entry, office: str) -> bool:
    """Whether somebody ever held an office."""
    return any(term.office == office for term in entry.terms)


def _years(entry: Entry, day: dt.date) -> float:
    """Years from the last term's end (negative) or to the first term's start (positive); 0 in office and between."""
    starts = [term.start or dt.date.min for term in entry.terms]
    ends = [term.end or dt.date.max for term in entry.terms]
    if min(starts) > day:
        return (min(starts) - day).days / 365.25
    if max(ends) < day:
        return -(day - max(ends)).days / 365.25
    return 0.0


def _time(entry: Entry, day: dt.date | None, clues: tuple[Clue, ...]) -> Iterator[Reason]:
    if day is None or not entry.terms:
        return
    held = entry.was(day)
    if held:
        yield Reason(2.0, f"{held[0].office} on {day}")
        return
    years = _years(entry, day)
    known_later = was(entry, "president") or was(entry, "vice president")
    if years > _SOON:
        yield Reason(
            -0.5 if known_later else -2.5, f"in no office of the registry until {years:.0f} years later"
        )
    elif years > 0:
        yield Reason(0.5 if any(c.sort == "running" for c in clues) else 0.0, "took office soon after")
    elif years < -50 and not was(entry, "president"):
        yield Reason(-4.0, f"out of office for {-years:.0f} years")
    elif years < -20:
        yield Reason(0.0, f"out of office for {-years:.0f} years")
    else:
        yield Reason(0.5, "was in office before")


def _offices(entry: Entry, day: dt.date | None, clues: tuple[Clue, ...]) -> Iterator[Reason]:
    """Titles against terms."""
    said = {clue.value: clue.words for clue in clues if clue.sort == "office"}
    if not said or not entry.terms:
        return
    on_day = {term.office for term in (entry.was(day) if day else entry.terms)}
    ever = {term.office for term in entry.terms if day is None or term.start is None or term.start <= day}
    fits = {office for office in said if office in on_day} | (
        {"leader"} if "leader" in said and on_day & _CONGRESS else set()
    )
    if fits:
        words = said[min(fits)]
        yield Reason(3.0, f"called “{words}”, and was")
        return
    former = {office for office in said if office in ever}
    if former:
        office = min(former)
        if (
            any(clue.sort == "former" for clue in clues)
            or office in {"president", "vice president"}
            or not on_day
        ):
            yield Reason(2.0, f"called “{said[office]}”, and had been")
        else:
            yield Reason(-1.0, f"called “{said[office]}”, which was over")
        return
    heads = was(entry, "president") or was(entry, "vice president")
    if heads and set(said) <= {"other", "leader", *_CONGRESS, *_LOWER}:
        # The lists of presidents do not have what they were before.
        return
    if not on_day and set(said) & _LOWER:
        yield Reason(1.5, "may have held another office then")
        return
    if day and "president" in said and was(entry, "president") and 0 < _years(entry, day) < 1:
        yield Reason(3.0, f"called “{said['president']}”, and was to be")
        return
    if not on_day and (set(said) == {"leader"} or (was(entry, "president") and set(said) == {"other"})):
        return
    sure = set(said) - {"other", "president", "leader", "secretary", "council"}
    office = min(sure or set(said))
    if sure & _CONGRESS and not on_day and day is not None:
        yield Reason(-3.0, f"called “{said[office]}”, and was none yet or no more")
    elif any(clue.sort == "former" for clue in clues) and set(said) & _LOWER:
        yield Reason(0.0, f"called “{said[office]}”, perhaps of earlier days")
    elif sure <= _LOWER and {c.value for c in clues if c.sort == "state"} & {t.state for t in entry.terms}:
        yield Reason(-1.0, f"called “{said[office]}”, perhaps of earlier days")
    else:
        yield Reason(-3.0 if sure else -1.5, f"called “{said[office]}”, which the registry does not know of")


def _places(entry: Entry, clues: tuple[Clue, ...], context: Context) -> Iterator[Reason]:
    states = {term.state for term in entry.terms if term.state}
    if not states:
        return
    said = {clue.value: clue.words for clue in clues if clue.sort == "state"}
    if fits := states & said.keys():
        yield Reason(2.5, f"“{said[min(fits)]}” is {min(fits)}")
    elif said:
        yield Reason(-3.0, f"“{min(said.values())}” is not {', '.join(sorted(states))}")
    elif any(context.states[state] for state in states):
        yield Reason(1.0, f"the article names {', '.join(sorted(s for s in states if context.states[s]))}")
    if context.home in states:
        yield Reason(0.5, f"an article from {context.home}")


def _parties(entry: Entry, clues: tuple[Clue, ...]) -> Iterator[Reason]:
    own = {term.party for term in entry.terms if term.party}
    said = {clue.value: clue.words for clue in clues if clue.sort == "party"}
    if not own or not said:
        return
    if fits := own & said.keys():
        yield Reason(1.0, f"“{said[min(fits)]}”")
    elif "Independent" not in own:
        yield Reason(-2.0, f"“{min(said.values())}”, not {', '.join(sorted(own))}")


def _life(entry: Entry, context: Context, name: str, clues: tuple[Clue, ...]) -> Iterator[Reason]:
    age = next((clue.words for clue in clues if clue.sort == "age"), None)
    years = re.search(r"\d\d", age or "")
    if years and entry.born and context.day:
        lived = (context.day - entry.born).days / 365.25
        near = -0.1 <= lived - int(years.group()) <= 1.1
        yield Reason(
            3.0 if near else -4.0, f"age {years.group()}, {'right' if near else f'not {int(lived)}'}"
        )
    elif context.kind(name) is Kind.VOTER:
        yield Reason(-3.0, "speaks as a private citizen")
    gone = entry.born and context.day and (context.day - entry.born).days > 105 * 365.25
    if gone and any(clue.sort in {"speaks", "age"} for clue in clues):
        yield Reason(-1.0 if was(entry, "president") else -3.0, "long dead, and quoted or of an age")


def _fame(one: Candidate, day: dt.date | None, bearers: int) -> Iterator[Reason]:
    """Presidents are called by their names alone."""
    if not was(one.entry, "president"):
        if (
            one.how != "surname"
            and was(one.entry, "vice president")
            and (day is None or abs(_years(one.entry, day)) < 20)
        ):
            yield Reason(1.0, "a vice president of the time")
        return
    yield Reason(1.5, "a president")
    if one.how != "surname":
        return
    if day and any(term.office == "president" for term in one.entry.was(day)):
        yield Reason(1.5, "the sitting one")
    elif bearers == 1 and one.entry.names and one.entry.names[0].surname not in first_names():
        yield Reason(3.0, "nobody else in the registry bears the surname")
