"""Who is named and referred to in an article, every span under the fullest name it gives."""

import re
from collections import Counter
from collections.abc import Sequence

from spacy.tokens import Doc, Token

from whipcount.article import Article, Kind, Mention, Span
from whipcount.read.entities import Entity, entities
from whipcount.read.namefinder import find_names
from whipcount.read.names import MEASURE, first_names, flat

_HE = frozenset({"he", "him", "his", "himself"})
_SHE = frozenset({"she", "her", "hers", "herself"})
_PERSON_HEADS = {
    "senator": "senator sen",
    "governor": "governor gov",
    "congressman": "congressman rep representative",
    "congresswoman": "congresswoman rep representative",
    "representative": "representative rep congressman congresswoman",
    "lawmaker": "senator sen representative rep congressman congresswoman assemblyman assemblywoman delegate",
    "mayor": "mayor",
    "president": "president",
    "speaker": "speaker",
    "judge": "judge",
    "pastor": "pastor rev reverend",
    "councilman": "councilman",
    "councilwoman": "councilwoman",
    "assemblyman": "assemblyman",
    "commissioner": "commissioner",
    "businessman": "businessman mogul developer",
    "businesswoman": "businesswoman",
    "billionaire": "billionaire mogul businessman",
    "mogul": "mogul billionaire businessman",
    "actor": "actor",
    "actress": "actress",
    "singer": "singer",
    "comedian": "comedian",
    "secretary": "secretary",
    "lady": "lady",
    "general": "general gen",
    "treasurer": "treasurer",
    "chairman": "chairman chair",
    "chairwoman": "chairwoman chair",
    "congressmember": "rep representative",
    "candidate": "candidate",
    "nominee": "nominee candidate",
    "incumbent": "incumbent governor gov senator sen mayor rep",
    "sheriff": "sheriff",
    "bishop": "bishop archbishop",
    "democrat": "democrat democratic",
    "republican": "republican gop",
    "surgeon": "surgeon neurosurgeon dr",
    "attorney": "attorney",
}
_ORGANIZATION_HEADS = {
    "union": r"union|teamsters|workers|brotherhood|federation|teachers|nurses|seiu|afl|guild|local|association",
    "newspaper": r"times|post|herald|tribune|journal|register|gazette|globe|chronicle|courier|dispatch|examiner|inquirer|observer|sentinel|news|sun|star|daily|press|leader|record|telegraph|monitor|bee|republic|union|review",
    "paper": "",
    "editorial board": "",
    "group": r"action|fund|pac|club|association|coalition|alliance|league|america|parenthood|rights|network|council|foundation|committee|caucus|project|voters",
    "organization": "",
    "association": "association",
    "party": "party",
    "committee": "committee|pac",
    "chamber": "chamber",
    "federation": "federation",
    "league": "league",
    "coalition": "coalition",
    "club": "club",
    "pac": "pac",
    "council": "council",
    "tribe": "tribe|nation",
    "company": "inc|corp|company|industries",
    "magazine": "magazine|review",
    "board": "board",
}
_ORGANIZATION_HEADS["paper"] = _ORGANIZATION_HEADS["editorial board"] = _ORGANIZATION_HEADS["newspaper"]
_ORGANIZATION_HEADS["organization"] = _ORGANIZATION_HEADS["group"]
_DESCRIPTION = re.compile(
    r"\b(?:[Tt]he|[Tt]his|[Tt]hat) ((?:[\w.’'-]+ ){0,4}?)("
    + "|".join([*_PERSON_HEADS, *_ORGANIZATION_HEADS])
    + r")\b(?!['’]?s? (?:of|for) )(?!-)(?! [A-Z])",
)
_GENERIC = frozenset(
    "the former late then longtime influential independent popular powerful veteran embattled conservative liberal progressive "
    "moderate outgoing junior senior first-term two-term second-term freshman prominent top 0 own outspoken current".split()
)


_Found = tuple[Span, Entity, str, bool]
"""A span, whom it stands for, in which form, and whether it is a subject."""


_DATELINE = re.compile(
    r"(?<![^\n])[A-Z][A-Z .’'-]{2,30}(?:, [A-Z][\w.]+)?(?:, \w+\.? \d{1,2})? ?(?:\([^)\n]{2,20}\) ?)?[—–-]"
)
"""The place that opens a report: "LARKFIELD, July 3 —"."""


def _headline(article: Article, doc: Doc) -> Span:
    """The title's place where it is set in capitals, so that its grammar says nothing of names."""
    title = article.title.strip()
    if not title or title.endswith((".", "!", "?", "”", '"')) or not doc.text.lstrip().startswith(title[:20]):
        return Span(0, 0)
    start = len(doc.text) - len(doc.text.lstrip())
    content = [w for w in re.findall(r"[A-Za-z][\w’'-]*", title) if len(w) > 3]
    capital = sum(w[0].isupper() for w in content)
    return Span(start, start + len(title)) if content and capital / len(content) > 0.6 else Span(0, 0)


def _in_headline(doc: Doc, span: Span, bearers: Sequence[Entity]) -> list[tuple[Span, Entity]]:
    """Known names in a headline of capitals."""
    out: list[tuple[Span, Entity]] = []
    text = doc.text[: span.end]
    written = {(n.text, i) for i, e in enumerate(bearers) for n in e.names}
    # The headline says "Finch" where the body says "Odell Finch": the surname counts as a form, if only one bears it.
    surnames = Counter(e.name.split()[-1] for e in bearers if e.kind is Kind.PERSON)
    written |= {
        (e.name.split()[-1], i)
        for i, e in enumerate(bearers)
        if e.kind is Kind.PERSON and surnames[e.name.split()[-1]] == 1
    }
    forms = sorted(written, key=lambda f: (-len(f[0]), f[1]))
    for form, number in forms:
        for hit in re.finditer(
            r"(?<!\w)" + re.escape(form) + r"(?!\w)",
            text[span.start :],
            re.IGNORECASE if len(form) > 4 else 0,
        ):
            found = Span(span.start + hit.start(), span.start + hit.end())
            if not any(found.overlaps(s) for s, _ in out):
                out.append((found, bearers[number]))
    return out


def mentions(article: Article, doc: Doc) -> tuple[Mention, ...]:
    """Names, descriptions and third-person pronouns in order of place; `I` and `we` wait for the attributions."""
    text = doc.text  # put together anew at each call
    headline = _headline(article, doc)
    names = [n for n in find_names(doc, headline.end) if not _DATELINE.match(text, n.span.start)]
    bearers = entities(doc, names)
    found: list[_Found] = [(n.span, e, "name", n.subject) for e in bearers for n in e.names]
    found += [(s, e, "name", True) for s, e in _in_headline(doc, headline, bearers)]
    if headline.end:
        known = [s for s, _, _, _ in found]
        extra = [
            n
            for n in find_names(doc, headline.start, headline.end)
            if n.kind is Kind.PERSON
            and len(n.text.split()) == 2
            and n.text.split()[0] in first_names()
            and n.label == "PERSON"
            and not any(n.span.overlaps(s) for s in known)
        ]
        for entity in entities(doc, extra):
            found += [(n.span, entity, "name", n.subject) for n in entity.names]
    found = _with_measures(text, found)
    found += _descriptions(doc, found)
    found.sort(key=lambda f: f[0])
    found += _pronouns(doc, found)
    found.sort(key=lambda f: f[0])
    return tuple(Mention(span, entity.name, _final(entity, text), form) for span, entity, form, _ in found)


def _with_measures(text: str, found: list[_Found]) -> list[_Found]:
    """Ballot measures by number or letter, in place of what else was taken for a name there."""
    measures: dict[str, Entity] = {}
    hits = [(Span(h.start(), h.end()), h[0]) for h in MEASURE.finditer(text)]
    kept = [f for f in found if not any(f[0].overlaps(s) for s, _ in hits)]
    for span, name in hits:
        kept.append((span, measures.setdefault(name, Entity(name, Kind.ORGANIZATION)), "name", False))
    return sorted(kept, key=lambda f: f[0])


def _final(entity: Entity, text: str) -> Kind:
    """A person whose age and trade follow the name is a private citizen who speaks as a voter."""
    if entity.kind is Kind.PERSON and len(entity.names) <= 6 and not any(n.titles for n in entity.names):
        for name in entity.names:
            if re.match(
                r",? (?:a )?(?:\d\d,|\d\d-year-old|, \d\d)", text[name.span.end : name.span.end + 20]
            ) or re.search(
                r"\d\d-year-old (?:\w+ ){0,3}$", text[max(0, name.span.start - 40) : name.span.start]
            ):
                return Kind.VOTER
    return entity.kind or Kind.PERSON


def _descriptions(doc: Doc, found: Sequence[_Found]) -> list[_Found]:
    """ "the Vermont senator", "the union": the nearest before whom the article gave that office, state or kind."""
    out = []
    for hit in _DESCRIPTION.finditer(doc.text):
        span = Span(hit.start(), hit.end())
        if any(span.overlaps(s) for s, _, _, _ in found):
            modified = [e for s, e, _, _ in found if span.overlaps(s)]
            if not modified or hit[2] not in _PERSON_HEADS:
                continue
        head, modifiers = hit[2], {w for w in flat(hit[1]).split() if w not in _GENERIC}
        before = [(s, e) for s, e, _, _ in found if s.end <= span.start and span.start - s.end < 1500]
        choice = None
        for _, entity in reversed(before):
            if head in _PERSON_HEADS:
                offices = set(_PERSON_HEADS[head].split())
                if (
                    entity.kind is Kind.PERSON
                    and entity.attributes & offices
                    and modifiers <= entity.attributes | offices | {"republican", "democratic", "us"}
                ):
                    choice = entity
                    break
            elif entity.kind is Kind.ORGANIZATION and re.search(_ORGANIZATION_HEADS[head], flat(entity.name)):
                choice = entity
                break
        if choice is not None:
            out.append((span, choice, "description", True))
    return out


def _root(doc: Doc, span: Span) -> Token | None:
    """The head word of a span."""
    found = doc.char_span(span.start, span.end, alignment_mode="expand")
    return found.root if found is not None and len(found) else None


def _with_its_subject(pronoun: Token) -> set[int]:
    """The verb over a pronoun, and the verbs over that up to the one that has the subject."""
    verb = pronoun.head
    out = {verb.i}
    while (
        not any(c.dep_ in {"nsubj", "nsubjpass"} for c in verb.children)
        and verb.dep_ in {"xcomp", "pcomp", "prep", "advmod", "conj"}
        and verb.head is not verb
    ):
        verb = verb.head
        out.add(verb.i)
    return out


def _pronouns(doc: Doc, found: Sequence[_Found]) -> list[_Found]:
    """He and she: the nearest person before whose sex fits, subjects of the sentence or the one before first."""
    out: list[_Found] = []
    people = [f for f in found if f[1].kind is Kind.PERSON]
    sentence_of = {t.i: n for n, s in enumerate(doc.sents) for t in s}
    token_at = {t.idx: t for t in doc}
    placed = [
        (
            s,
            e,
            subject,
            sentence_of.get(token_at[s.start].i, -1) if s.start in token_at else -1,
            _root(doc, s),
        )
        for s, e, _, subject in people
    ]
    at = 0
    seen: list[tuple[Span, Entity, bool, int, Token | None]] = []
    for token in doc:
        low = token.lower_
        if low not in _HE and low not in _SHE:
            continue
        while at < len(placed) and placed[at][0].start < token.idx:
            seen.append(placed[at])
            at += 1
        here = sentence_of[token.i]
        best, best_score = None, -9.0
        # Whom a verb's subject names is not its object: "the mayor met her", "the mayor stopped short of backing her".
        verbs = _with_its_subject(token) if low in {"him", "her"} else set()
        barred = (
            {
                id(e)
                for _, e, subject, _, other in seen[-14:]
                if other is not None and subject and other.head.i in verbs
            }
            if token.dep_ in {"dobj", "pobj", "dative"}
            else set()
        )
        # One pronoun said twice in a sentence is one person, mostly.
        again = next(
            (
                id(e)
                for _, e, _, n, other in reversed(seen[-14:])
                if other is not None and n == here and other.lower_ == low
            ),
            0,
        )
        for span, entity, subject, sentence, _ in seen[-14:]:
            away = here - sentence if sentence >= 0 else 2
            if away > 4 or (entity.sex() == "m" and low in _SHE) or (entity.sex() == "f" and low in _HE):
                continue
            if id(entity) in barred:
                continue
            score = (
                -1.0 * away
                + (0.9 if subject else 0.0)
                - 0.0005 * (token.idx - span.end)
                + (0.3 if entity.sex() != "u" else 0.0)
                + (0.2 if id(entity) == again else 0.0)
            )
            if score > best_score:
                best, best_score = entity, score
        if best is not None:
            subject = token.dep_ in {"nsubj", "nsubjpass"}
            out.append((Span(token.idx, token.idx + len(token.text)), best, "pronoun", subject))
            seen.append((Span(token.idx, token.idx + len(token.text)), best, subject, here, token))
    return out
