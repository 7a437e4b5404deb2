"""What the judge looks at: a candidate as a list of named features, in which no name occurs.

The words around the two, their order, the grammar between them and at each cue word, what the rules made of
them, and how the article treats both. Entry: `Frame(doc, questions, rules)` and its `features(candidate)`.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from spacy.tokens import Doc, Token

from whipcount.article import Attribution, Kind, Position
from whipcount.read.candidates import Candidate, Questions
from whipcount.read.judge_around import Around
from whipcount.read.judge_cues import View, at_cues
from whipcount.read.judge_items import STEMS, Item, items, part, plain

_DIRECT = re.compile(
    r"endors|back(?!ground|ward|yard)|support|\bvot|campaign|stump|oppos|behind|nod\b|unfit|neutral|undecid|favor|never|against|rall|surrogate|nomin|join|embrac|withdr|rescind"
)
_CLIMB = frozenset({"conj", "appos", "compound", "nmod", "flat"})
NEAR = 14


class Frame:
    """An article made ready for questions about its pairs."""

    def __init__(self, doc: Doc, questions: Questions, rules: Sequence[Position], title_end: int = 0) -> None:
        self._title_end = title_end
        self._items = list(items(doc, questions.marks))
        self._starts = [item.start for item in self._items]
        self._around = Around(doc, self._items, questions.candidates)
        self._attributions = questions.attributions
        self._count = Counter(m.name for m in questions.marks)
        people = Counter(m.name for m in questions.marks if m.kind in {Kind.PERSON, Kind.VOTER})
        self._rank = {name: n for n, (name, _) in enumerate(people.most_common())}
        self._people = max(1, sum(people.values()))
        self._rules = rules
        self._endorsed = Counter(p.endorsee for p in rules)
        self._endorsing = Counter(p.endorser for p in rules)

    def features(self, candidate: Candidate) -> list[str]:
        """Every feature that holds of a candidate; none twice."""
        low = bisect_left(self._starts, candidate.window.start)
        high = bisect_left(self._starts, candidate.window.end)
        items = self._items[low:high]
        parts = [part(item, candidate) for item in items]
        inside = [candidate.focus.start <= item.start < candidate.focus.end for item in items]
        ones = [i for i, p in enumerate(parts) if p == "E1"]
        twos = [i for i, p in enumerate(parts) if p == "E2"]
        if not ones or not twos:
            return ["lost"]
        one, two = min(
            ((i, j) for i in ones for j in twos),
            key=lambda x: (not (inside[x[0]] or inside[x[1]]), abs(x[0] - x[1])),
        )
        out = dict.fromkeys(self._surface(items, parts, inside, one, two))
        out.update(dict.fromkeys(self._grammar(items, ones, twos, one, two)))
        out.update(dict.fromkeys(self._article(candidate, items[one], items[two])))
        out.update(dict.fromkeys(at_cues(View(items, parts, inside, candidate, self._told(candidate)))))
        out.update(dict.fromkeys(self._around.features(candidate)))
        return list(out)

    def _told(self, candidate: Candidate) -> list[Attribution]:
        """The attributions whose content reaches into a candidate's window."""
        return [a for a in self._attributions if any(p.overlaps(candidate.window) for p in a.content)]

    def _surface(
        self, items: list[Item], parts: list[str], inside: list[bool], one: int, two: int
    ) -> Iterator[str]:
        first, last = min(one, two), max(one, two)
        order = "12" if one < two else "21"
        gap = last - first - 1
        yield f"o{order}"
        yield f"gap{min(gap, 5) if gap < 6 else 6 if gap < 10 else 7 if gap < 16 else 8 if gap < 30 else 9}"
        between = parts[first + 1 : last]
        yield f"between-people{min(3, between.count('PER'))}"
        for word in dict.fromkeys(between[:NEAR] + between[-NEAR:]):
            yield f"b{order}:{word}"
        edge = (
            parts[first : last + 1]
            if gap <= 2 * NEAR
            else [*parts[first : first + NEAR], "…", *parts[last - NEAR + 1 : last + 1]]
        )
        for a, b in pairwise(edge):
            yield f"b2:{a} {b}"
        for a, b, c in zip(edge, edge[1:], edge[2:], strict=False):
            yield f"b3:{a} {b} {c}"
        if gap <= 5:
            yield "all:" + " ".join(edge)
        left, right = parts[max(0, first - 4) : first], parts[last + 1 : last + 6]
        who = "E1" if order == "12" else "E2"
        other = "E2" if order == "12" else "E1"
        for n, word in enumerate(reversed(left)):
            yield f"l{who}:{word}"
            if n < 2:
                yield f"l{n}{who}:{word}"
        for n, word in enumerate(right):
            yield f"r{other}:{word}"
            if n < 2:
                yield f"r{n}{other}:{word}"
        for a, b in zip([*left, who], [*left, who][1:], strict=False):
            yield f"l2:{a} {b}"
        for a, b in zip([other, *right], right, strict=False):
            yield f"r2:{a} {b}"
        text = [item.word for item in items]
        for place, words in (
            ("pre", text[:first]),
            ("mid", text[first + 1 : last]),
            ("post", text[last + 1 :]),
        ):
            stems = set(STEMS.findall(" ".join(words[-25:] if place == "pre" else words[:25])))
            for stem in stems:
                yield f"s{place}{order}:{stem}"
        for word in {t for t, i in zip(text, inside, strict=True) if i}:
            yield f"f:{word}"
        whole = " ".join(t for t, i in zip(text, inside, strict=True) if i)
        yield f"direct{min(2, len(set(_DIRECT.findall(whole))))}"
        yield f"in{int(inside[one])}{int(inside[two])}"
        yield f"length{min(5, sum(inside) // 10)}"
        yield f"quoted{int(any(t in {'“', '”', chr(34)} for t in text))}"

    def _grammar(
        self, items: list[Item], ones: list[int], twos: list[int], one: int, two: int
    ) -> Iterator[str]:
        for name, places in (("E1", ones), ("E2", twos)):
            for i in places:
                yield from _governors(name, items[i].token)
        a, b = _climb(items[one].token), _climb(items[two].token)
        up_a, up_b = _upward(a), _upward(b)
        known = {t.i: n for n, t in enumerate(up_b)}
        meet = next((n for n, t in enumerate(up_a) if t.i in known), None)
        if meet is None:
            yield "path:none"
            return
        top = up_a[meet]
        left, right = up_a[:meet], up_b[: known[top.i]]
        yield (
            "top:"
            + top.lemma_.lower()
            + ":"
            + "/".join(t.dep_ for t in left[-1:])
            + ":"
            + "/".join(t.dep_ for t in right[-1:])
        )
        yield "deps:" + ">".join(t.dep_ for t in left) + "|" + "<".join(t.dep_ for t in right)
        if len(left) + len(right) <= 7:
            yield "path:" + ">".join(
                [
                    *(f"{t.dep_}:{plain(t)}" for t in left[1:]),
                    "^" + plain(top),
                    *(f"{t.dep_}:{plain(t)}" for t in right[:0:-1]),
                ]
            )
        yield f"hops{min(8, len(left) + len(right))}"
        nodes = [*left[1:], top, *right[1:]]
        for t in nodes:
            yield f"n:{plain(t)}"
            small = sorted(
                {c.lower_ for c in t.children if c.dep_ in {"neg", "aux", "auxpass", "mark", "prt", "agent"}}
            )
            for word in small:
                yield f"na:{word}"
                yield f"na:{plain(t)}:{word}"
        for s, t in pairwise(nodes):
            yield f"n2:{plain(s)} {plain(t)}"

    def _article(self, candidate: Candidate, one: Item, two: Item) -> Iterator[str]:
        assert one.mark is not None and two.mark is not None  # noqa: PT018
        yield f"k:{candidate.kind}"
        yield f"form1:{one.mark.form}"
        yield f"form2:{two.mark.form}"
        yield f"forms:{one.mark.form}:{two.mark.form}"
        for name, who in (("1", candidate.endorser), ("2", candidate.endorsee)):
            yield f"rank{name}:{min(6, self._rank.get(who, 9))}"
            yield f"count{name}:{min(8, self._count[who])}"
            yield f"share{name}:{min(6, int(10 * self._count[who] / self._people))}"
            yield f"gets{name}:{min(4, self._endorsed[who])}"
            yield f"gives{name}:{min(3, self._endorsing[who])}"
        if candidate.focus.start < self._title_end:
            yield "title"
        for rule in self._rules:
            if rule.endorser != candidate.endorser or rule.endorsee != candidate.endorsee:
                if rule.endorser == candidate.endorsee and rule.endorsee == candidate.endorser:
                    yield "rule-turned"
                elif rule.evidence.overlaps(candidate.focus):
                    yield (
                        "rule-other-endorser"
                        if rule.endorsee == candidate.endorsee
                        else "rule-other-endorsee"
                        if rule.endorser == candidate.endorser
                        else "rule-others"
                    )
                continue
            where = "here" if rule.evidence.overlaps(candidate.focus) else "away"
            yield f"rule-{where}"
            yield f"rule-{where}:{rule.position}"
            yield f"rule-{where}:{rule.because.rsplit(' (', 1)[0]}"
            yield f"rule-{where}:{int(5 * rule.confidence)}"


def _climb(token: Token) -> Token:
    """The head of a list or of an apposition, so that each of its members stands where the first does."""
    steps = 0
    while token.dep_ in _CLIMB and token.head is not token and steps < 12:
        token = token.head
        steps += 1
    return token


def _upward(token: Token) -> list[Token]:
    out = [token]
    while token.head is not token and len(out) < 12:
        token = token.head
        out.append(token)
    return out


def _governors(name: str, token: Token) -> Iterator[str]:
    """What a name hangs on, by itself and as a member of a list."""
    top = _climb(token)
    yield f"g{name}:{token.dep_}"
    for place in {token, top}:
        head = place.head
        yield f"g{name}:{place.dep_}:{plain(head)}"
        if place.dep_ == "pobj":
            yield f"g{name}:{plain(head)}:{plain(head.head)}"
        if place.dep_ in {"poss", "nsubj", "compound", "nmod"} and head.head is not head:
            yield f"g{name}:{place.dep_}:{plain(head)}:{plain(head.head)}"


def title_end(text: str, title: str) -> int:
    """Where the title ends in a text that opens with it."""
    return len(title) if title and text.lstrip().startswith(title.strip()) else 0
