"""Endorsement lists as encyclopedias keep them: grouped by office, each row with its reference.

Entries: `wikitext(rows, offices)` and `compared(rows, page)`. Which standings belong on such a list the rules
of counting say, before they come here.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import mwparserfromhell

from whipcount.article import Kind
from whipcount.ledger.evidence import Evidence
from whipcount.people import normal_name
from whipcount.people.registry import Office
from whipcount.standing import Standing

OfficeOf = Callable[[Standing], Office | None]
"""What an endorser was when the endorsement was made; None where that is unknown."""

_HEADINGS = {
    "president": "Presidents",
    "vice president": "Vice presidents",
    "governor": "Governors",
    "senator": "U.S. senators",
    "representative": "U.S. representatives",
    "state senator": "State senators",
    "state representative": "State representatives",
    "mayor": "Mayors",
}
"""Offices in the order of such lists; others follow under their own name."""
_KINDS = {Kind.PERSON: "Individuals", Kind.ORGANIZATION: "Organizations", Kind.GROUP: "Groups"}
_SPECIAL = {
    "|": "{{!}}",
    "[": "&#91;",
    "]": "&#93;",
    "{": "&#123;",
    "}": "&#125;",
    "<": "&lt;",
    ">": "&gt;",
    "'''": "&#39;''",
    "=": "&#61;",
}
_IN_ADDRESS = {
    "|": "%7C",
    "[": "%5B",
    "]": "%5D",
    "{": "%7B",
    "}": "%7D",
    "<": "%3C",
    ">": "%3E",
    " ": "%20",
    "'": "%27",
    '"': "%22",
}


def wikitext(rows: Iterable[Standing], office_of: OfficeOf) -> str:
    """A list for each endorsee, in groups by office and by kind of endorser."""
    by_endorsee: defaultdict[str, list[Standing]] = defaultdict(list)
    for row in rows:
        by_endorsee[row.endorsee.name].append(row)
    parts = []
    for endorsee in sorted(by_endorsee):
        parts.append(f"== {plain(endorsee)} ==")
        groups: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
        for row in sorted(by_endorsee[endorsee], key=lambda s: (_last_name(s), s.endorser.name)):
            office = office_of(row)
            groups[_group(row, office)].append(line(row, office))
        for (_, heading), lines in sorted(groups.items()):
            parts += [f"=== {plain(heading)} ===", *lines, ""]
    return "\n".join(parts).rstrip() + "\n" if parts else ""


def line(row: Standing, office: Office | None) -> str:
    """One row of a list: the name, what they were, and the reference."""
    said = f", {_described(office)}" if office else ""
    return f"* [[{plain(row.endorser.name)}]]{plain(said)}{reference(row.best)}"


def reference(evidence: Evidence) -> str:
    """A reference to the article that says so, with the fields of `cite news`."""
    article = evidence.article
    fields = {
        "title": plain(article.title or "Untitled"),
        "work": plain(article.original_outlet or article.outlet or ""),
        "date": _date(article.published),
        "url": _address(article.url),
        "archive-url": "",
        "archive-date": "",
        "quote": plain(evidence.quote.exact),
    }
    if article.original_outlet and article.outlet and article.original_outlet != article.outlet:
        fields["via"] = plain(article.outlet)
    return "<ref>{{cite news " + " ".join(f"|{name}={value}" for name, value in fields.items()) + "}}</ref>"


def plain(text: str) -> str:
    """Words from outside as words: nothing in them is markup."""
    out = " ".join(text.split())
    return re.sub("|".join(map(re.escape, _SPECIAL)), lambda found: _SPECIAL[found.group()], out)


def _address(url: str | None) -> str:
    if not url or not url.startswith(("http://", "https://")):
        return ""
    return re.sub("|".join(map(re.escape, _IN_ADDRESS)), lambda found: _IN_ADDRESS[found.group()], url)


def _date(day: dt.date | None) -> str:
    return f"{day:%B} {day.day}, {day.year}" if day else ""


def _group(row: Standing, office: Office | None) -> tuple[int, str]:
    if office is None:
        return len(_HEADINGS) + 1 + list(_KINDS).index(row.endorser_kind), _KINDS[row.endorser_kind]
    if office.office in _HEADINGS:
        return list(_HEADINGS).index(office.office), _HEADINGS[office.office]
    return len(_HEADINGS), f"{office.office.capitalize()}s"


def _described(office: Office) -> str:
    where = [one for one in (office.city, office.state, office.district) if one]
    party = f" ({office.party})" if office.party else ""
    return f"{office.office}{' from ' + '-'.join(where) if where else ''}{party}"


def _last_name(row: Standing) -> str:
    return (
        normal_name(row.endorser.name).split()[-1]
        if row.endorser_kind is Kind.PERSON
        else normal_name(row.endorser.name)
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """A page of an encyclopedia beside the count."""

    missing: tuple[Standing, ...]
    """Rows that the page does not name."""
    unsourced: tuple[str, ...]
    """Names in the page's lists that have no reference."""
    unknown: tuple[str, ...]
    """Names in the page's lists of whom the count has no row."""


def compared(rows: Sequence[Standing], page: str) -> Compared:
    """What a page's lists lack of the count, and the count of the page's lists."""
    listed = dict(_listed(page))
    ours = {normal_name(row.endorser.name) for row in rows}
    return Compared(
        tuple(row for row in rows if normal_name(row.endorser.name) not in {normal_name(n) for n in listed}),
        tuple(name for name, sourced in listed.items() if not sourced),
        tuple(name for name in listed if normal_name(name) not in ours),
    )


def _listed(page: str) -> Iterable[tuple[str, bool]]:
    """Who is named at the head of each line of the page's lists, and whether the line has a reference."""
    for text in page.splitlines():
        if not text.lstrip().startswith("*"):
            continue
        code = mwparserfromhell.parse(text.lstrip().lstrip("*").strip())
        sourced = any(str(tag.tag).lower() == "ref" for tag in code.filter_tags()) or any(
            str(t.name).strip().lower().startswith(("cite", "sfn", "r|")) for t in code.filter_templates()
        )
        links = code.filter_wikilinks()
        if links and str(code).startswith(str(links[0])):
            name = str(links[0].text or links[0].title)
        else:
            for tag in code.filter_tags(matches=lambda tag: str(tag.tag).lower() == "ref"):
                code.remove(tag)
            name = re.split(r"[,(–—]", code.strip_code().strip())[0]
        if name.strip():
            yield mwparserfromhell.parse(name).strip_code().strip(), sourced
