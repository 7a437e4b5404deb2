"""What is written in a name: titles, suffixes, first names and their gender.

Pure string work, shared by the stages that look for names and that compare them.
"""

import re
import unicodedata
from functools import lru_cache
from importlib import resources

import ftfy

TITLES = frozenset(
    "mr mrs ms miss dr sen sens senator senators rep reps representative representatives congressman "
    "congresswoman congressmen gov govs governor governors lt president vice former ex then first lady "
    "secretary attorney general mayor mayors councilman councilwoman councilmember councilor councillor "
    "judge justice speaker leader chairman chairwoman chair commissioner delegate assemblyman "
    "assemblywoman assemblymember supervisor treasurer comptroller auditor sheriff prosecutor pastor rev reverend "
    "bishop archbishop cardinal pope rabbi imam prof professor gen col capt lieutenant captain major "
    "colonel sgt admiral adm sir dame hon prime minister chancellor king queen prince princess coach "
    "director ambassador candidate nominee democrat republican gop majority minority whip state house "
    "senate u.s us congressional democratic chief ceo founder billionaire mogul businessman businesswoman actor "
    "actress singer comedian host author columnist strategist pollster activist evangelist "
    "city council county borough town president-elect sens. reps. retired independent libertarian "
    "incumbent challenger rival fellow conservative progressive liberal moderate lawmaker freshman "
    "lawyer tycoon magnate developer tea party evangelical national deputy assistant adviser advisor editor executive "
    "officer correspondent moderator clerk counsel manager tem tempore spokesman spokeswoman spokesperson frontrunner "
    "front-runner presidents secretaries".split()
)
"""Words that stand before a name and are not part of it."""

FEMALE_TITLES = frozenset(
    "mrs ms miss congresswoman councilwoman assemblywoman chairwoman lady dame queen princess actress businesswoman".split()
)
MALE_TITLES = frozenset(
    "mr sir congressman councilman assemblyman chairman king prince businessman pope".split()
)
SUFFIXES = frozenset("jr sr ii iii iv esq md phd".split())

ORGANIZATION_WORD = re.compile(
    r"\b(?:Association|Federation|Brotherhood|Union|Unions|Committee|Council|League|Chamber|Institute|Foundation|"
    r"Coalition|Alliance|Party|PAC|Fund|Society|Club|University|College|Network|Project|Campaign|Action|Caucus|"
    r"Teamsters|Workers|Teachers|Nurses|Firefighters|Police|Board|Bureau|Organization|Organisation|Center|Centre|"
    r"Church|Times|Post|Herald|Tribune|Journal|Register|Gazette|Globe|Chronicle|Courier|Dispatch|Examiner|Inquirer|"
    r"Observer|Picayune|Sentinel|Mercury|News|Sun|Star|Daily|Press|Magazine|Review|Record|Telegraph|Monitor|Bee|"
    r"Democrat-Gazette|Leader|Company|Corporation|Corp|Inc|LLC|Industries|Group|Partners|Media|Radio|Television|"
    r"Parenthood|Rights|Voters|Republicans|Democrats|Conservatives|Progressives|Americans|Veterans|Women|Citizens|"
    r"Nation|Tribe|Guild|Local|Lodge|Order|Movement|Forum|Conference|Congress|Department|Agency|Administration|"
    r"Authority|Commission|Court|Patriots|Force|Freedom|Future|Growth|Priorities|Victory|Initiative)\b"
)
PARTY_TAG = re.compile(r"\s*[(\[](?:D|R|I|L|G|DFL|Dem|Rep)\.?(?:\s*[-–—,]\s*[A-Z][\w. ]*)?[)\]]")
_EDGE = " \t\r\n\"'“”‘’.,;:!?()[]–—-•*"


@lru_cache(maxsize=1)
def first_names() -> dict[str, str]:
    """First names with `m`, `f` or `u` (either), from the table beside this module."""
    lines = resources.files("whipcount.read").joinpath("data/first_names.tsv").read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


def clean(name: str) -> str:
    """A name fit to show: broken encodings mended, spaces joined, possessive and party tag dropped."""
    name = ftfy.fix_text(name) if not name.isascii() else name
    name = PARTY_TAG.sub("", " ".join(name.split()))
    name = re.sub(r"['’]s?$", "", name.strip(_EDGE + " ") if not name.endswith(("Jr.", "Sr.")) else name)
    return name.strip()


def flat(name: str) -> str:
    """Lower case, no accents, no signs: for comparing."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z0-9&]+", re.sub(r"['’]s\b", "", plain)))


def words(name: str) -> tuple[str, ...]:
    """A person's name in words for comparing, without titles, suffixes and initials' points."""
    return tuple(w for w in flat(name).split() if w not in SUFFIXES)


def gender(first: str) -> str:
    """`m`, `f` or `u` by the table of first names."""
    return first_names().get(first, "u")


def surname(name: str) -> str:
    """The last word of a person's name, suffix aside, for comparing."""
    parts = words(name)
    return parts[-1] if parts else ""


def person_fits(short: str, full: str) -> bool:
    """Whether `short` can be a shorter form of the person named `full` (surname, first name or both)."""
    a, b = words(short), words(full)
    if not a or not b:
        return False
    if len(a) == 1:
        return a[0] == b[-1] or a[0] == b[0]
    if a[-1] != b[-1]:
        return False
    return a[0] == b[0] or (min(len(a[0]), len(b[0])) == 1 and a[0][0] == b[0][0]) or a[0][:3] == b[0][:3]


def organization_fits(short: str, full: str) -> bool:
    """Whether `short` is a shorter form or the initials of the organization `full`."""
    a = [w for w in flat(short).split() if w != "the"]
    b = [w for w in flat(full).split() if w != "the"]
    if not a or not b or len(a) > len(b):
        return False
    if a == b:
        return True
    initials = "".join(w[0] for w in b if w not in {"of", "for", "and", "the", "&", "in"})
    if len(a) == 1 and len(a[0]) >= 2 and short.isupper():
        return a[0] == initials or a[0] == "".join(w[0] for w in b)
    return a == b[: len(a)] or a == b[-len(a) :]


MEASURE = re.compile(
    r"\b(?:(?:Proposition|Prop\.?|Amendment|Measure|Question|Issue|Initiative|Referendum|Ballot Measure|State Question) (?:\d{1,4}[A-Z]?|[A-Z]{1,2}|One|Two|Three|Four|Five)\b)"
)
"""A ballot measure by its number or letter."""


def is_measure(name: str) -> bool:
    """Whether a name is a ballot measure's: nobody who endorses, but one who is endorsed."""
    return MEASURE.fullmatch(name) is not None
