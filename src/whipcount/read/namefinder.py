"""Where names stand in a text: chunks of capitalized words, split from their titles, with a kind.

spaCy's small model finds most names but cuts and types many of them wrong ("Biden and Sanders" as one
organization), so its entities are evidence here and not the answer.
"""

import re
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from whipcount.article import Kind, Span
from whipcount.read.names import ORGANIZATION_WORD, TITLES, first_names

_CONNECTORS = frozenset({"of", "for", "the", "and", "&", "on", "to", "in"})
_PARTICLES = frozenset({"de", "la", "van", "von", "der", "bin", "del", "da", "di", "al", "el", "st."})
_NEVER = frozenset(
    "i the a an but and or if when while for in on at by to of as it he she we they this that these those there here "
    "his her our their its my your what who how why where which after before since because though although yes no not "
    "so now then thus still also just even both some many most all each every another other such only one two three "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december today tonight twitter facebook god internet english spanish "
    "nov. dec. jan. feb. aug. sept. oct. a.m. p.m. am pm ap photo image video story continued read more "
    "americans american republicans democrats republican democratic democrat gop america christians muslims latinos".split()
)
_MONTHS = frozenset({"March", "April", "May", "June", "August"})
_COURTESY = frozenset({"Mr.", "Mrs.", "Ms.", "Dr.", "Mr", "Mrs", "Ms", "Dr"})
_SHORT_TITLES = frozenset({"Rep", "Reps", "Sen", "Sens", "Gov", "Govs", "Gen", "Lt"})
_PEOPLES = frozenset({"americans", "republicans", "democrats", "christians", "muslims", "latinos"})
_PARTIES = frozenset({"republican", "democratic", "american"})
_BODIES = frozenset(
    {
        "Committee",
        "Association",
        "Federation",
        "Union",
        "League",
        "Coalition",
        "Caucus",
        "Conference",
        "Society",
        "Institute",
        "Council",
    }
)
_NOT_A_NAME = frozenset({"DATE", "TIME", "CARDINAL", "ORDINAL", "PERCENT", "MONEY", "QUANTITY", "LANGUAGE"})
_PLACE = frozenset({"GPE", "LOC", "NORP", "FAC", "EVENT", "LAW", "WORK_OF_ART", "PRODUCT"})


@dataclass(frozen=True, slots=True)
class Name:
    """One name as it stands in the text, its titles apart; `kind` is None where its form leaves it open."""

    span: Span
    text: str
    titles: str
    kind: Kind | None
    label: str
    """spaCy's entity label, or an empty string."""
    subject: bool


def _is_name_token(token: Token) -> bool:
    text = token.text
    if not text[0].isupper():
        return False
    if text.lower() in _NEVER:
        return _ends_person(token) or _opens_body(token)
    if token.tag_ in {"NNP", "NNPS"}:
        return True
    if token.ent_type_ and token.ent_type_ not in _NOT_A_NAME:
        return True
    # A capital inside a sentence is a name even where the tagger thinks otherwise.
    return (
        not token.is_sent_start
        and not token.is_stop
        and text.isalpha()
        and len(text) > 1
        and token.tag_[:2] in {"NN", "JJ"}
    )


def _ends_person(token: Token) -> bool:
    """Whether a month's name is somebody's surname: "Theresa May", "Mr. March"."""
    if token.text not in _MONTHS or token.i == 0:
        return False
    before = token.nbor(-1)
    after = token.nbor(1).text if token.i + 1 < len(token.doc) else ""
    if after[:1].isdigit() or not token.nbor(-1).whitespace_:
        return False
    return before.text in _COURTESY or (before.text in first_names() and before.text not in _MONTHS)


def _opens_body(token: Token) -> bool:
    """Whether a party's or people's name begins that of a body: "Republican National Committee", "Americans for …"."""
    doc, low = token.doc, token.text.lower()
    rest = list(doc[token.i + 1 : token.i + 5])
    if low in _PEOPLES:
        return (
            len(rest) > 1
            and rest[0].text in {"for", "of"}
            and rest[1].text[0].isupper()
            and rest[1].text.lower() not in _NEVER
        )
    if low not in _PARTIES:
        return False
    if rest and rest[0].text == "Party":
        return (
            token.i > 0
            and doc[token.i - 1].ent_type_ in {"GPE", "ORG"}
            and doc[token.i - 1].text[0].isupper()
        )
    for number, word in enumerate(rest):
        if not word.text[0].isupper() or word.text.lower() in _NEVER:
            return False
        if word.text in _BODIES:
            return number > 0 or low == "american"
    return False


def _runs(doc: Doc, start: int, end: int) -> list[tuple[int, int]]:
    """Token ranges [first, last) of names between two token positions."""
    runs: list[tuple[int, int]] = []
    i = start
    while i < end:
        if not _is_name_token(doc[i]):
            i += 1
            continue
        j = i + 1
        while j < end:
            token = doc[j]
            if _is_name_token(token) and not doc[j - 1].text_with_ws.endswith("\n"):
                j += 1
            elif (
                (
                    token.text in {"-", "–"}
                    and j + 1 < end
                    and not doc[j - 1].whitespace_
                    and not token.whitespace_
                    and doc[j + 1].text[0].isupper()
                )
                or (token.text.lower() in _PARTICLES and j + 1 < end and _is_name_token(doc[j + 1]))
                or (
                    token.text == "."
                    and not doc[j - 1].whitespace_
                    and (len(doc[j - 1].text) == 1 or doc[j - 1].text in _SHORT_TITLES)
                    and j + 1 < end
                    and _is_name_token(doc[j + 1])
                )
                or (
                    token.text == "," and j + 1 < end and doc[j + 1].text in {"Jr.", "Sr.", "Jr", "Sr", "III"}
                )
            ):
                j += 2
            elif _joins(doc, i, j, end):
                j += 1
                while j < end and doc[j].text.lower() in _CONNECTORS:
                    j += 1
            else:
                break
        runs.append((i, min(j, end)))
        i = j
    return runs


def _joins(doc: Doc, i: int, j: int, end: int) -> bool:
    """Whether a connector at `j` goes on with an organization's name ("Brotherhood of Teamsters")."""
    token = doc[j]
    if token.text.lower() not in _CONNECTORS:
        return False
    k = j + 1
    while k < end and doc[k].text.lower() in _CONNECTORS:
        k += 1
    if k >= end or not _is_name_token(doc[k]):
        return False
    before = doc[i:j].text
    same_entity = token.ent_type_ == "ORG" and token.ent_iob_ == "I" and doc[k].ent_iob_ == "I"
    if token.text.lower() in {"and", "&"}:
        return (same_entity and bool(ORGANIZATION_WORD.search(doc[i : k + 1].text))) or token.text == "&"
    if token.text.lower() in {"to", "in", "on", "the"}:
        return same_entity and bool(ORGANIZATION_WORD.search(before))
    return bool(ORGANIZATION_WORD.search(before)) or (same_entity and not first_names().get(doc[i].text))


def _split(doc: Doc, i: int, j: int) -> tuple[int, int]:
    """Where the name itself begins and ends in tokens i to j: the last title word stands before it."""
    begin = i
    for k in range(i, j - 1):
        if doc[k].text.lower().rstrip(".") in TITLES:
            begin = k + 1
    # "Florida Republican Marco Rubio": what stands before a known first name is title, place or debris.
    if doc[begin].text not in first_names() and len(doc[begin].text.rstrip(".")) > 1:
        for k in range(begin + 1, j - 1):
            if doc[k].text in first_names() and not (
                doc[begin].ent_type_ == "PERSON" and all(t.ent_iob_ == "I" for t in doc[begin + 1 : k + 1])
            ):
                begin = k
                break
    # "Rina Castell Rina Mae Castell": the name begins anew.
    again = (k for k in range(begin + 2, j) if doc[k].text == doc[begin].text)
    return begin, next(again, j)


def _office(doc: Doc, i: int, j: int) -> bool:
    """Whether what looks like a body's name is the office of a person named after it."""
    last = max((k for k in range(i, j - 2) if doc[k].text.lower().rstrip(".") in _OFFICES), default=-1)
    if last < 0:
        return False
    name = doc[last + 1 : j]
    known = name[0].text in first_names() or all(t.ent_type_ == "PERSON" for t in name[:2])
    return known and not ORGANIZATION_WORD.search(name.text)


def _is_body(doc: Doc, i: int, j: int) -> bool:
    """Whether a name with a body's word in it is not a person's: "Virginia Harbour Institute", but "Rina Union"."""
    return doc[i].text not in first_names() or (
        j - i > 2 and doc[j - 1].ent_type_ == "ORG" and bool(ORGANIZATION_WORD.fullmatch(doc[j - 1].text))
    )


def _before_place(doc: Doc, i: int, j: int) -> int:
    """Where an officer's name ends in "Senate Minority Leader Theo Quill of Calder"."""
    return next((k for k in range(i + 2, j) if doc[k].text == "of" and _office(doc, i, k)), j)


_OFFICES = frozenset(
    "leader chairman chairwoman chair president secretary director spokesman spokeswoman spokesperson member adviser advisor "
    "editor executive officer manager speaker commissioner whip tem tempore counsel".split()
)
_ROLES = frozenset(
    "president chairman chairwoman chair director spokesman spokeswoman spokesperson secretary leader manager head aide "
    "adviser advisor strategist brother sister wife husband son daughter lawyer owner editor publisher".split()
)


def _after_role(doc: Doc, begin: int) -> bool:
    """Whether a role stands right before: "its president, Imogen Trask"."""
    before = [t.lower_ for t in doc[max(0, begin - 2) : begin]]
    return bool(before) and (before[-1] in _ROLES or (before[-1] == "," and before[0] in _ROLES))


def find_names(doc: Doc, start: int = 0, end: int | None = None) -> list[Name]:
    """Names between two character offsets of a parsed text, in order."""
    end = len(doc.text) if end is None else end
    first = next((t.i for t in doc if t.idx >= start), len(doc))
    last = next((t.i for t in doc[first:] if t.idx >= end), len(doc)) if first < len(doc) else len(doc)
    out = []
    for i, j in _runs(doc, first, last):
        whole = doc[i:j].text
        office = _office(doc, i, j)
        organization = bool(ORGANIZATION_WORD.search(whole)) and not office and _is_body(doc, i, j)
        begin, end_of = (i, j) if organization else _split(doc, i, _before_place(doc, i, j) if office else j)
        titles = doc[i:begin].text
        chunk = doc[begin:end_of]
        labels = [t.ent_type_ for t in chunk if t.ent_type_]
        label = max(dict.fromkeys(labels), key=labels.count) if labels else ""
        if all(
            t.text.lower().rstrip(".") in TITLES or (t.text.lower() in _NEVER and not _ends_person(t))
            for t in chunk
        ):
            continue
        count = sum(t.text[0].isalpha() for t in chunk)
        kind: Kind | None = None
        if organization or (
            chunk.text.isupper() and count == 1 and 3 <= len(chunk.text) <= 7 and label == "ORG"
        ):
            kind = Kind.ORGANIZATION
        elif titles or (count > 1 and chunk[0].text in first_names()) or (label == "PERSON" and count > 1):
            kind = Kind.PERSON
        elif label == "ORG" and count > 1:
            kind = Kind.PERSON if count == 2 and _after_role(doc, begin) else Kind.ORGANIZATION
        elif label in _PLACE and count > 1:
            if not (count == 2 and chunk.root.dep_ == "conj" and chunk.root.head.ent_type_ == "PERSON"):
                continue
            kind = Kind.PERSON  # "Theo Quill and Junie Park"
        head = chunk.root
        out.append(
            Name(
                Span(chunk.start_char, chunk.end_char),
                re.sub(r"\s+", " ", chunk.text),
                titles,
                kind,
                label,
                head.dep_ in {"nsubj", "nsubjpass"},
            )
        )
    return out
