"""When an article was published and changed, and how that is known. Entry: `page_dates`.

Candidates in order: JSON-LD, meta and time elements, the feed that named the page, the address, the text that
a reader sees; for `modified` the HTTP header Last-Modified comes last. The first plausible one wins, with
three corrections:

- A stamp more than a day later than the date in the address is that of a later edit or a move to another
  system: the next that fits the address is taken, else the address itself.
- A moment given in UTC may fall on the outlet's next or previous day: where the address or the visible text
  gives that day, it is the day.
- What lies before the web, more than a day after the page was fetched, or at the very moment of fetching is
  no date of the article.

No clock is read: the moment of fetching is the Date header, where the headers are given.
"""

import datetime as dt
import email.utils
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from htmldate.core import DATE_ATTRIBUTES, NAME_MODIFIED, PROPERTY_MODIFIED
from htmldate.extractors import regex_parse

from whipcount.article import Basis, Dating, Precision
from whipcount.page.walk import strings, visible, words

_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_LONGEST = 200
_DAY = dt.timedelta(days=1)
_RENDERED = dt.timedelta(minutes=1)
"""A stamp this near to the fetch was made by the page as it was served."""
_SERVED = dt.timedelta(hours=1)
"""A Last-Modified this near to the fetch is the server's or a cache's doing."""
_WEST, _EAST = dt.timedelta(hours=-12), dt.timedelta(hours=14)

# Names that also stand for other things: asked last.
_LOOSE = {
    "meta",
    "timestamp",
    "date",
    "created",
    "dc.date",
    "dc:date",
    "dcterms.date",
    "dc.created",
    "gentime",
}
_PUBLISHED = frozenset(DATE_ATTRIBUTES) - _LOOSE - PROPERTY_MODIFIED
_MODIFIED = frozenset(PROPERTY_MODIFIED | NAME_MODIFIED) - {"release_date"}

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = r"(?P<month>0?[1-9]|1[0-2]|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_PATHS = (
    re.compile(rf"/{_YEAR}[/-]{_MONTH}[/-](?P<day>\d{{1,2}})(?:/|$|-(?!\d))", re.IGNORECASE),
    re.compile(rf"/{_YEAR}/?(?P<month>\d\d)(?P<day>\d\d)(?:/|$)"),
)
_MONTH_PATH = re.compile(rf"/{_YEAR}[/-]{_MONTH}(?:/|$)", re.IGNORECASE)
_MONTH_STAMP = re.compile(rf"{_YEAR}-(?P<month>\d\d)")

_LABEL = re.compile(
    r"(?:^|[|•·—–\n-]\s*)\W{0,3}(?P<what>(?:first |originally )?(?:published|posted|filed)|(?:last |latest )?(?:updated|modified)|last update)\b"
    r"(?P<rest>.{0,80}?)(?=$|[|•·\n]|\b(?:last )?updated\b|\bmodified\b)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"\w{4,}\.[\"”’)]*$|\d\.$")
_MODIFIED_WORD = re.compile(r"updat|modif|edited|revised", re.IGNORECASE)
_DATED_CLASS = re.compile(
    r"(?:^|[\s_-])(?:pub(?:lish(?:ed)?|lication)?[_-]?(?:date|time)?|posted(?:[_-]on)?|(?:article|entry|post|story|content)[_-]{0,2}(?:date|time(?:stamp)?)|dateline|timestamp)(?:$|[\s_-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageDates:
    """The two dates of a page; None where it is unknown."""

    published: Dating | None = None
    modified: Dating | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    dating: Dating
    utc: bool = False
    """Whether the moment was given in UTC, which is hardly where the outlet is."""


def page_dates(
    tree: Any, linked: Mapping[str, Any], *, url: str | None, headers: Mapping[str, str], fed: Dating | None
) -> PageDates:
    """When the page was published and changed.

    `tree` is the parsed page, `linked` its JSON-LD object, `headers` those of the answer that brought it
    (names in any case), `fed` what a feed said of it.
    """
    fetched = _http_date(_header(headers, "date"))
    seen = _Seen.of(tree)
    of_url = url_date(url)
    published = [
        *_stamps((linked.get("datePublished"), linked.get("dateCreated")), Basis.JSON_LD),
        *_stamps((*seen.published, *seen.loose), Basis.META),
        *([_Candidate(fed, utc=fed.at is not None and fed.at.date() == fed.day)] if fed else []),
    ]
    shown = _stamps(seen.shown, Basis.VISIBLE)
    local = [one.dating for one in shown]
    if of_url is not None and of_url.precision is Precision.DAY:
        local.insert(0, of_url)
    first = _published([one for one in published if _plausible(one, fetched)], of_url, local)
    if first is None or first.basis is Basis.URL:
        first = _finer(first, [one.dating for one in shown if _plausible(one, fetched)])
    modified = [
        *_stamps((linked.get("dateModified"),), Basis.JSON_LD),
        *_stamps(seen.modified, Basis.META),
        *_stamps(seen.shown_modified, Basis.VISIBLE),
        *_last_modified(headers, fetched),
    ]
    return PageDates(
        first,
        next(
            (
                _on_local_day(one, local)
                for one in modified
                if _plausible(one, fetched) and _not_before(one.dating, first)
            ),
            None,
        ),
    )


def stamp(value: Any, basis: Basis) -> Dating | None:
    """The date that a machine or a person wrote: ISO 8601, RFC 2822, a month, or words such as "July 3, 2031".

    `day` is the day as written; `at` is known where a time with its zone stands beside it.
    """
    found = next(iter(_stamps((value,), basis)), None)
    return found.dating if found else None


def url_date(url: str | None) -> Dating | None:
    """The date in the folders of an address: a day, or a month where there is no more; not one in a headline's words."""
    try:
        path = urlsplit(url or "").path
    except ValueError:
        return None
    for pattern, precision in (*((one, Precision.DAY) for one in _PATHS), (_MONTH_PATH, Precision.MONTH)):
        for hit in pattern.finditer(path):
            day = int(hit["day"]) if precision is Precision.DAY else 1
            if (found := _date(int(hit["year"]), _month(hit["month"]), day)) and _in_bounds(found):
                return Dating(found, Basis.URL, precision)
    return None


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.index(text[:3].lower()) + 1


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _in_bounds(day: dt.date) -> bool:
    return _FIRST_YEAR <= day.year <= _LAST_YEAR


def _stamps(values: Iterable[Any], basis: Basis) -> list[_Candidate]:
    return [found for value in values if (found := _stamp(value, basis)) and _in_bounds(found.dating.day)]


def _stamp(value: Any, basis: Basis) -> _Candidate | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, str) or not (text := value.strip()[:_LONGEST]):
        return None
    moment = _moment(text)
    if moment is None:
        if month := _MONTH_STAMP.fullmatch(text):
            day = _date(int(month["year"]), int(month["month"]), 1)
            return _Candidate(Dating(day, basis, Precision.MONTH)) if day else None
        try:
            written = regex_parse(text)
        except (ValueError, OverflowError):
            written = None
        return _Candidate(Dating(written.date(), basis)) if written else None
    # Midnight sharp is how a day without a time is written.
    if moment.tzinfo is None or moment.time() == dt.time():
        return _Candidate(Dating(moment.date(), basis))
    try:
        at = moment.astimezone(dt.UTC)
    except OverflowError:
        return None
    return _Candidate(
        Dating(moment.date(), basis, Precision.MINUTE, at), utc=moment.utcoffset() == dt.timedelta()
    )


def _moment(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        pass
    # "2031-07-03 06:00:00 -0500" and "2031-07-03T6:00 pm": as much of it as is ISO.
    if iso := re.match(
        r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s*([+-]\d\d:?\d\d|Z)?(?!\w)", text
    ):
        try:
            return dt.datetime.fromisoformat(f"{iso[1]}T{iso[2]}{iso[3] or ''}")
        except ValueError:
            pass
    if iso := re.match(r"\d{4}-\d\d-\d\d(?!\d)", text):
        try:
            return dt.datetime.fromisoformat(iso[0])
        except ValueError:
            return None
    return _http_date(text)


def _http_date(text: str | None) -> dt.datetime | None:
    try:
        return email.utils.parsedate_to_datetime(text) if text else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _header(headers: Mapping[str, str], name: str) -> str | None:
    return next((value for key, value in headers.items() if key.lower() == name), None)


def _last_modified(headers: Mapping[str, str], fetched: dt.datetime | None) -> list[_Candidate]:
    changed = _http_date(_header(headers, "last-modified"))
    if changed is None or not _in_bounds(changed.date()):
        return []
    changed = changed.astimezone(dt.UTC) if changed.tzinfo else changed.replace(tzinfo=dt.UTC)
    if fetched is not None and changed > _aware(fetched) - _SERVED:
        return []
    return [_Candidate(Dating(changed.date(), Basis.HTTP, Precision.MINUTE, changed), utc=True)]


def _aware(moment: dt.datetime) -> dt.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _plausible(one: _Candidate, fetched: dt.datetime | None) -> bool:
    if fetched is None:
        return True
    if one.dating.at is not None and abs(one.dating.at - _aware(fetched)) < _RENDERED:
        return False
    return one.dating.day <= fetched.date() + _DAY


def _published(candidates: list[_Candidate], of_url: Dating | None, local: list[Dating]) -> Dating | None:
    for one in candidates:
        if of_url is None or one.dating.day <= _last_day(of_url) + _DAY:
            return _on_local_day(one, local)
    return of_url


def _finer(of_url: Dating | None, shown: list[Dating]) -> Dating | None:
    """The address's date, or the visible one where that is all there is or tells the day of its month."""
    if of_url is None:
        return shown[0] if shown else None
    if of_url.precision is not Precision.MONTH:
        return of_url
    return next((one for one in shown if of_url.day <= one.day <= _last_day(of_url)), of_url)


def _last_day(dating: Dating) -> dt.date:
    if dating.precision is not Precision.MONTH:
        return dating.day
    return (dating.day.replace(day=1) + dt.timedelta(days=31)).replace(day=1) - _DAY


def _on_local_day(one: _Candidate, local: Iterable[Dating]) -> Dating:
    """The dating on the outlet's own day, where that is given and some time zone allows it."""
    at = one.dating.at
    if at is None or not one.utc:
        return one.dating
    for other in local:
        if other.day != one.dating.day and (at + _WEST).date() <= other.day <= (at + _EAST).date():
            return replace(one.dating, day=other.day)
    return one.dating


def _not_before(changed: Dating, published: Dating | None) -> bool:
    if published is None:
        return True
    if changed.at and published.at:
        return changed.at >= published.at
    return changed.day >= published.day


@dataclass(frozen=True, slots=True)
class _Seen:
    """Dates as they stand on the page, in its order."""

    published: tuple[str, ...]
    loose: tuple[str, ...]
    modified: tuple[str, ...]
    shown: tuple[str, ...]
    shown_modified: tuple[str, ...]

    @classmethod
    def of(cls, tree: Any) -> "_Seen":
        meta: list[str] = []
        marked: list[str] = []
        timed: list[str] = []
        loose: list[str] = []
        modified: list[str] = []
        shown: list[str] = []
        shown_modified: list[str] = []
        for element in visible(tree):
            get = element.get
            if element.tag == "meta":
                names = {(get(key) or "").lower() for key in ("name", "property", "itemprop", "http-equiv")}
                content = get("content") or ""
                if names & _MODIFIED:
                    modified.append(content)
                elif names & _PUBLISHED:
                    meta.append(content)
                elif names & _LOOSE:
                    loose.append(content)
                continue
            prop = (get("itemprop") or "").lower()
            kind = f"{get('class') or ''} {get('id') or ''}"
            value = get("datetime") or get("content") or ""
            if prop in {"datepublished", "datecreated"}:
                marked.append(value or words(element, _LONGEST)[:_LONGEST])
            elif prop in {"datemodified", "dateupdated"}:
                modified.append(value or words(element, _LONGEST)[:_LONGEST])
            elif element.tag == "time":
                where = (
                    modified
                    if _MODIFIED_WORD.search(f"{kind} {words(element, _LONGEST)[:_LONGEST]}")
                    else timed
                )
                if value:
                    where.append(value)
                else:
                    (shown_modified if where is modified else shown).append(
                        words(element, _LONGEST)[:_LONGEST]
                    )
            elif _DATED_CLASS.search(kind):
                line = words(element, _LONGEST)[:_LONGEST]
                if not _LABEL.search(line):
                    shown.append(line)
        for what, rest in _labelled(tree):
            (shown_modified if _MODIFIED_WORD.search(what) else shown).append(rest)
        return cls(
            tuple(meta + marked + timed[:1]),
            tuple(loose),
            tuple(modified),
            tuple(shown),
            tuple(shown_modified),
        )


def _labelled(tree: Any) -> Iterator[tuple[str, str]]:
    """What stands after "Published" and "Updated", in the same or the next piece of text."""
    waiting = ""
    for text in strings(tree):
        # Longer, or a sentence: that is the article speaking of something that was published.
        if len(text) > _LONGEST or _SENTENCE.search(text):
            waiting = ""
            continue
        line = f"{waiting} {text}" if waiting else text
        waiting = ""
        for hit in _LABEL.finditer(line):
            if any(c.isdigit() for c in hit["rest"]):
                yield hit["what"], hit["rest"]
            elif hit.end() == len(line) and len(line) < _LONGEST // 4:
                waiting = line
