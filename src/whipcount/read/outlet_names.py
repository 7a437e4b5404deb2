"""News outlets and programmes named in an article, and whether one of them is its own.

Well-known names come from `page/data/outlets.csv`; others are known by their form (a place and a newspaper's
word, call letters, "… News"). A `?` before a name in the table says that it is also an ordinary word or a
surname: it counts only where the words around it speak of reporting.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from urllib.parse import urlsplit

from whipcount.article import Article, Span

_CAPITAL_WORD = re.compile(r"(?<![\w'’])[A-Z0-9][\w.'’!&-]*")
_WORD = r"(?:St\.|[A-Z]\.|[A-Z](?:[\w&'’-]|\.(?=\w))*)"
_RUN = re.compile(rf"(?<![\w'’.-]){_WORD}(?: (?:(?:and|&|of|de) )?{_WORD})*")
_PAPER = re.compile(
    r"(?:\b(?:Times|Post|Tribune|Herald|Gazette|Journal|Register|Globe|Chronicle|Courier|Examiner|Inquirer|Observer|Sentinel|Telegraph"
    r"|Dispatch|Sun|Star|Ledger|Mercury|Daily News|Morning News|Evening News|Daily|News|Radio|TV|Television|Magazine|Broadcasting|Newspapers)"
    r"|\w(?:-(?:Times|Post|Tribune|Herald|Gazette|Journal|Register|Courier|Dispatch|Sentinel|Star|Sun|News|Review|Union|Leader|Ledger"
    r"|Press|Record|Republic|Intelligencer|Democrat|Republican|Standard|TV|FM|AM))+)$",
)
_SURE = re.compile(
    r"\b(?:Times|Post|Tribune|Herald|Gazette|Register|Chronicle|Courier|Examiner|Inquirer|Observer|Sentinel|Telegraph|Ledger|Daily News|Morning News)$"
)
_INSTITUTION = re.compile(
    r"\b(?:Office|Department|Bureau|Commi\w+|Cent(?:er|re)|Institute|University|College|Council|Agency|Campaign|Association|Union|Foundation|Administration|Bank|Fund|Police"
    r"|Court|Board|Congress|House|Senate|Party|Caucus|Guild|Federation|League|Alliance|Society|Group|Project|Organi[sz]ation|Club|Company|Corporation|Nurses|Workers"
    r"|Teachers|Service|Ministry|Authority|School|Church|Chamber|Army|Navy|Force|Team|Republicans?|Democrats?)\b"
)
_REPORTS_AFTER = re.compile(r" (?:first |also |has |had )?report(?:ed|s)\b")
_PAPER_LOOSE = re.compile(
    r"\b(?:Press|Record|Review|Leader|Citizen|Advocate|Republic|Eagle|Independent|Patriot|Standard|Enterprise|Banner|Beacon|Reporter"
    r"|Monitor|Bee|Bulletin|Mail|Voice|Weekly|Today|Statesman|Messenger|Argus|Union|Democrat|Online|Network|Podcast|Report|Wire|Insider"
    r"|Mirror|Echo|Call|Digger|Current|Spotlight|Dealer|Public Media)$"
)
_CALL_LETTERS = re.compile(
    r"\b(?:[WK][A-Z]{2,3}(?:[ -]?(?:TV|FM|AM|Radio)\b|(?= radio\b))|[WK][A-Z]{3}(?![\w&]))(?: ?\d{1,3}\b)?|\b(?:[A-Z][a-z]+ )?(?:Channel \d{1,2}|NewsChannel ?\d{1,2}|Action News ?\d{0,2})\b"
)
_NOT_CALL_LETTERS = frozenset(
    {
        "WWII",
        "WMDS",
        "WHOA",
        "KIDS",
        "WHAT",
        "WILL",
        "WITH",
        "WERE",
        "WHEN",
        "WANT",
        "KILL",
        "KNOW",
        "KEEP",
        "WORK",
    }
)
_NEVER = re.compile(
    r"^(?:Cable|Good|Breaking|Fake|Bad|Big|Local|Social|Mainstream|National|Trending|Latest|More|Related|Top) (?:News|Radio|TV)$|^News$|^The (?:News|Radio|TV)$"
)
_REPORTING_BEFORE = re.compile(
    r"(?:\b(?:told|tells?|telling|informed|informs|according to|per|credited to|reporter for|appeared (?:on|in))"
    r"|\binterview(?:s|ed)?\b[^.;:\"“”]{0,40}\b(?:with|on|to|in|for|by)"
    r"|\b(?:wrote|writes|writing|column|op-ed|essay|piece|article|story|letter|report|published|reported|obtained|ran|appeared|first appeared|editorial|profile)"
    r" (?:\w+ ){0,3}?(?:in|for|by|from|at|on|with)"
    r"|\b(?:spoke[n]?|speak(?:s|ing)?|talk(?:s|ed|ing)?|statement|comments?|said|confirmed|admitted) (?:\w+ ){0,2}?(?:to|with))"
    r" (?:[Tt]he )?(?:\w+ (?:magazine|newspaper|radio|website|paper) )?[\"“‘']{0,2}$"
)
_REPORTING_AFTER = re.compile(
    r"[\"”’']{0,2}(?:(?:['’]s?)? (?:first )?(?:reported|reports|wrote|writes|interview|op-ed|magazine|newspaper|column|columnist|podcast|article|story"
    r"|editorial|reporter|anchor|host|correspondent|added|noted|quoted|quotes|cited|cites|radio|has learned|website)\b)"
)
_TOLD_BEFORE = re.compile(r"\b(?:told|tells|telling|interview (?:with|to|on|in)) (?:[Tt]he )?$")
_CALLED = re.compile(
    r",? (?:newspaper|magazine|radio station|television station|TV station|news website|news site|podcast)\b"
)
_CALLED_BEFORE = re.compile(r"\b(?:told|tells|with|to|in|on) $")
_SENTENCE_START = re.compile(r"(?:^|[.!?:\"“”•\n][\"”’')\]]*\s*)$")
_OPENERS = frozenset(
    "The A In On At By For From But And As If When While With After Before Since Though According Per Asked I".split()
)


@dataclass(frozen=True, slots=True)
class OutletName:
    """An outlet where the text names it; `name` is the fullest form that the article gives."""

    span: Span
    name: str
    key: str
    """The same for all names of one outlet."""
    programme: bool = False
    short: bool = False
    """A form such as "the Post" that leans on a fuller one."""


@dataclass(frozen=True, slots=True)
class _Form:
    words: str
    key: str
    kind: str
    the: bool
    """Whether "The" may be part of it."""
    careful: bool


def _plain(text: str) -> str:
    """Curly apostrophes straightened: the same length."""
    return text.replace("’", "'").replace("\xa0", " ")


@lru_cache(maxsize=1)
def _forms() -> dict[str, list[_Form]]:
    """The table's names by their first word in small letters, longest first."""
    out: dict[str, list[_Form]] = {}
    table = files("whipcount.page").joinpath("data/outlets.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(table.splitlines()):
        key = row["name"].lstrip("?").removeprefix("The ")
        for form in [row["name"], *filter(None, row["also"].split("|"))]:
            name = form.lstrip("?")
            words = name.removeprefix("The ")
            out.setdefault(words.split()[0].lower(), []).append(
                _Form(words, key, row["kind"], words != name, form.startswith("?"))
            )
    for forms in out.values():
        forms.sort(key=lambda form: -len(form.words))
    return out


def _article_before(text: str, start: int) -> int:
    """Where the name starts with its own "The", if it has one."""
    return start - 4 if text[max(0, start - 4) : start] == "The " else start


def _speaks_of_reporting(text: str, span: Span) -> bool:
    """Whether the words around say that this is an outlet and not the ordinary word."""
    before, after = text[max(0, span.start - 70) : span.start], text[span.end : span.end + 30]
    if _REPORTING_BEFORE.search(before) or _REPORTING_AFTER.match(after):
        return True
    # "The Hill" with its capital amid a sentence is a name.
    return text.startswith("The ", span.start) and not _SENTENCE_START.search(before)


def _bounded(text: str, end: int) -> bool:
    return end >= len(text) or not (
        text[end].isalnum() or (text[end] == "-" and text[end + 1 : end + 2].islower())
    )


def _known(text: str, plain: str) -> list[OutletName]:
    """Names of the table."""
    out: list[OutletName] = []
    forms = _forms()
    last = 0
    for hit in _CAPITAL_WORD.finditer(plain):
        start = hit.start()
        if start < last:
            continue
        first = hit[0].lower()
        firsts = {first, first.rstrip(".!'"), first.removesuffix("'s"), re.split(r"[-'.&]", first)[0]}
        fitting = [form for word in firsts for form in forms.get(word, ())]
        for form in sorted(fitting, key=lambda form: -len(form.words)):
            end = start + len(form.words)
            span = Span(_article_before(text, start) if form.the else start, end)
            if _stands(text, plain, span, start, form):
                end += (
                    len(" Magazine") if plain.startswith(" Magazine", end) and form.kind == "magazine" else 0
                )
                span = Span(span.start, end)
                out.append(OutletName(span, text[span.start : span.end], form.key, form.kind == "programme"))
                last = end
                break
    return out


def _stands(text: str, plain: str, span: Span, start: int, form: _Form) -> bool:
    """Whether a name of the table stands at `start`, whole, and as a name where it is also a word."""
    found = plain[start : span.end]
    if found.lower() != form.words.lower() or not _cased(found, form.words) or not _bounded(plain, span.end):
        return False
    if not form.careful:
        return True
    if plain[span.end : span.end + 1] == "-" or not _speaks_of_reporting(text, span):
        return False
    # "Mayor Dane Forum": part of somebody's or something else's name.
    before = plain[max(0, start - 12) : start]
    longer = re.search(r"\b(?:Mr|Ms|Mrs|Mayor|Gov|Sen|Rep|[A-Z][a-z]+)\.? $", before) and span.start == start
    return not longer or before.split()[-1] in _OPENERS


def _cased(found: str, form: str) -> bool:
    """Every word that the table capitalizes is capitalized here too."""
    return all(
        f[:1].isupper() or not g[:1].isupper() for f, g in zip(found.split(), form.split(), strict=False)
    )


def _by_form(text: str, plain: str, taken: Sequence[OutletName]) -> list[OutletName]:
    """Names that only their form gives away."""
    out: list[OutletName] = []
    spans = [name.span for name in taken]

    def add(start: int, end: int) -> None:
        span = Span(_article_before(text, start), end)
        if not any(span.overlaps(other) for other in spans):
            spans.append(span)
            shown = text[span.start : span.end]
            out.append(OutletName(span, shown, shown.removeprefix("The ").lower()))

    for hit in _CALL_LETTERS.finditer(plain):
        if hit[0][:4] not in _NOT_CALL_LETTERS and (
            "W" in hit[0][:1] or "K" in hit[0][:1] or "hannel" in hit[0] or "News" in hit[0]
        ):
            plain_letters = re.fullmatch(r"[WK][A-Z]{3}", hit[0])
            if (
                not plain_letters
                or _speaks_of_reporting(text, Span(*hit.span()))
                or re.search(r"\bon (?:the )?$", plain[max(0, hit.start() - 8) : hit.start()])
            ):
                add(*hit.span())
    for begin, found in _runs(plain):
        start, words = begin, found.split()
        while words and words[0] in _OPENERS:
            start += len(words[0]) + 1
            words = words[1:]
        run = " ".join(words)
        if not run or _NEVER.match(run) or len(words) > 6:
            continue
        end = start + len(run)
        span = Span(start, end)
        several = len(words) > 1 or "-" in run
        if several and _PAPER.search(run) and len(words) < 6:
            likely = (
                _speaks_of_reporting(text, span)
                or _governed(plain, start)
                or bool(_SURE.search(run) and plain[max(0, start - 4) : start].lower() == "the ")
            )
        elif several and _PAPER_LOOSE.search(run):
            likely = bool(_TOLD_BEFORE.search(plain[max(0, start - 50) : start]))
        else:
            # "told Larkspur magazine", and not "in the French newspaper …".
            likely = bool(
                _CALLED.match(plain[end : end + 22])
                and _CALLED_BEFORE.search(plain[max(0, start - 16) : start])
            )
        if likely or (several and _told_the(plain, start, end, run)):
            number = re.match(r" \d{1,2}\b", plain[end:]) if re.search(r"(?:News|TV|Radio)$", run) else None
            add(start, end + (number.end() if number else 0))
    return out


def _runs(plain: str) -> list[tuple[int, str]]:
    """Capitalized words side by side, cut at a possessive: "Calder's Ashford Gazette" is two."""
    out: list[tuple[int, str]] = []
    for hit in _RUN.finditer(plain):
        start = hit.start()
        for part in re.split(r"(?<=\w)'s?(?= |$)", hit[0]):
            bare = part.lstrip()
            out.append((start + len(part) - len(bare), bare.rstrip(".")))
            start += len(part) + (2 if plain.startswith("'s", start + len(part)) else 1)
    return out


def _told_the(plain: str, start: int, end: int, run: str) -> bool:
    """ "told The Capitol Sheet", "The Capitol Sheet reported": the capital and the verb give it away."""
    if plain[max(0, start - 4) : start] != "The " or _INSTITUTION.search(run):
        return False
    return bool(
        _TOLD_BEFORE.search(plain[max(0, start - 30) : start]) or _REPORTS_AFTER.match(plain[end : end + 24])
    )


def _governed(plain: str, start: int) -> bool:
    return bool(
        re.search(r"\b(?:in|on|to|with) (?:[Tt]he |[A-Z][\w.-]*'s? )?$", plain[max(0, start - 30) : start])
    )


_SHORT = re.compile(
    r"\b([Tt]he) (Times|Post|Tribune|Herald|Gazette|Journal|Register|Sun|Star|Globe|Chronicle|Courier|Dispatch|Examiner|Inquirer|Observer|Sentinel"
    r"|Press|Ledger|Record|Telegraph|Monitor|Bee|Republic|Daily News|Morning News|Free Press|Free Beacon|News|Caller|Beast|Blade|Union Leader|AP|A\.P\.)(?![\w-]| [A-Z])"
)


def _shortened(text: str, taken: Sequence[OutletName]) -> list[OutletName]:
    """ "the Post" after "The Ashford Post", and before or without it where it can be nothing else."""
    out: list[OutletName] = []
    for hit in _SHORT.finditer(text):
        span = Span(*hit.span())
        if any(span.overlaps(name.span) for name in taken):
            continue
        fuller = [name for name in taken if name.name.endswith(" " + hit[2]) and len(name.name) > len(hit[0])]
        if fuller:
            earlier = [name for name in fuller if name.span.start < span.start]
            full = earlier[-1] if earlier else fuller[0]
            out.append(replace(full, span=span, short=True))
        elif _speaks_of_reporting(text, span) and hit[2] not in {"News", "Press", "Record", "Republic"}:
            out.append(OutletName(span, "The " + hit[2], hit[2].lower(), short=True))
    return out


def find_outlets(text: str, own: Sequence[str | None] = ()) -> tuple[OutletName, ...]:
    """Every outlet and programme that the text names, in order; `own` are names known beforehand."""
    plain = _plain(text)
    names = _known(text, plain)
    names += _everywhere(text, plain, [_bare(name) for name in own if name], names)
    names += (found := _by_form(text, plain, names))
    names += _everywhere(text, plain, [_bare(name.name) for name in found], names)
    names.sort(key=lambda name: name.span)
    names += _shortened(text, names)
    names.sort(key=lambda name: name.span)
    return tuple(replace(name, name=_fullest(name, names)) for name in names)


def _bare(name: str) -> str:
    return re.split(r" [-–|] ", name)[0].strip().removeprefix("The ").removeprefix("the ")


def _everywhere(text: str, plain: str, bare: Sequence[str], taken: Sequence[OutletName]) -> list[OutletName]:
    """All places of names of several words, known once for an outlet."""
    out: list[OutletName] = []
    spans = [name.span for name in taken]
    for name in dict.fromkeys(bare):
        if " " not in name:
            continue
        for hit in re.finditer(rf"(?<!\w){re.escape(_plain(name))}(?!\w)", plain):
            span = Span(_article_before(text, hit.start()), hit.end())
            if not any(span.overlaps(other) for other in spans):
                spans.append(span)
                out.append(OutletName(span, text[span.start : span.end], name.lower()))
    return out


def _fullest(name: OutletName, names: Sequence[OutletName]) -> str:
    """The name as the table has it if the article gives that, else the longest that it gives."""
    same = [other.name for other in names if other.key == name.key]
    proper = [form for form in same if form.removeprefix("The ").lower() == name.key.lower()]
    return max(proper or same, key=len)


def _key(name: str) -> str:
    """The table's name for an outlet, or the name itself in small letters."""
    plain = _plain(name).strip().removeprefix("The ").removeprefix("the ")
    forms = _forms().get(plain.split()[0].lower(), ()) if plain.split() else ()
    return next((form.key for form in forms if form.words.lower() == plain.lower()), plain).lower()


def same_outlet(one: str, other: str) -> bool:
    """Whether two names are of one outlet: by the table, by one holding the other, or by initials."""
    a, b = _key(one), _key(other)
    if a == b:
        return True
    x, y = re.findall(r"\w+", a), re.findall(r"\w+", b)
    if not x or not y:
        return False
    if len(x) == 1 and len(y) > 1:
        x, y = y, x
    if len(y) == 1 and len(x) > 1 and "".join(word[0] for word in x) == y[0]:
        return True
    # "wash-post", as lists and addresses have it.
    if len(x) == len(y) > 1 and all(v.startswith(w) or w.startswith(v) for v, w in zip(x, y, strict=True)):
        return min(map(len, (*x, *y))) > 2
    return "".join(x) == "".join(y) or (len(y) > 1 and x[: len(y)] == y) or (len(x) > 1 and y[: len(x)] == x)


_EDITION = re.compile(r" [-–|] .*| \(.*\)|(?<=\w) (?:Online|Web|Digital)(?: News)?$")
"""What a list of sources adds to an outlet's name: "ANC (Web News)", "ANC Online News"."""


def is_own(name: OutletName, article: Article) -> bool:
    """Whether it is the outlet that published the article, or first reported it."""
    for own in (article.outlet, article.original_outlet):
        if not own:
            continue
        for form in dict.fromkeys((own, _EDITION.sub("", own))):
            if same_outlet(name.key, form) or same_outlet(name.name, form):
                return True
        if name.short and own.lower().endswith(name.key):
            return True
    host = (urlsplit(article.url).hostname or "") if article.url else ""
    return re.sub(r"\W", "", name.key.lower()) in host.split(".")
