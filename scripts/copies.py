"""How well copies are found: reprints are made of real articles, and the pairs found are counted.

    python -m scripts.copies                  the figures for each way of reprinting, and in all
    python -m scripts.copies --pairs FILE     the pairs found among the real articles, to be looked at

Reprints are made in six ways (cut off, another headline, another lead, a local paper's frame,
lightly rewritten, debris left in), in several at once, and of wire stories in the hardest mixture.
They are added among all the other articles, in a shuffled order. A pair is right where both come
of one article. Pairs of real articles are nobody's truth: they are left out of the figures and can
be written out with `--pairs`. The articles are those of WHIPCOUNT_SHARED; all is seeded.
"""

import argparse
import datetime as dt
import gzip
import itertools
import json
import os
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from whipcount.article import Article
from whipcount.page import mark
from whipcount.stories import Near, copies, group, sketch_of

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("WHIPCOUNT_SHARED", ROOT.parent / "shared"))
_FEWEST_WORDS = 150
"""In an article that reprints are made of."""

DEBRIS = """Advertisement
Story continues below advertisement
Sign up for our morning newsletter and never miss what matters in your town
Share this story on your favourite network
Read more: Five things to know before you leave the house today
Most read: Council votes on the swimming pool at last
Something went wrong. Please try again later.
Photo by a staff photographer / All rights reserved
Click here to comment on this article (214)
Subscribe now for unlimited access and support local journalism
Watch: our reporters explain the week in ninety seconds
Related: What the weather will bring at the weekend""".split("\n")
PAPERS = "Courier Gazette Herald Journal Ledger Mail Mirror Observer Record Register Sentinel Star".split()
CARD = "Larkfield Council MORE: Quiz of the week, Who pays for the pier?, Ten walks by the water"
SWAPS = dict(
    pair.split(">")
    for pair in """said>stated says>states told>informed also>too but>yet about>around because>since
    while>as after>following before>ahead_of more_than>over many>numerous several>various big>large
    large>big major>main important>key new>fresh recent>latest last>past first>initial plan>proposal
    plans>proposals bill>measure law>statute people>persons country>nation president>leader says>notes
    asked>questioned called>dubbed want>wish wants>wishes need>require needs>requires help>aid
    show>indicate shows>indicates showed>indicated make>create made>created get>obtain got>obtained
    keep>retain start>begin started>began end>finish ended>finished think>believe thinks>believes
    however>still although>though whether>if until>till against>versus among>amid during>in
    would>could can>could may>might will>shall like>such_as only>just very>highly now>currently
    year>twelvemonth years>seasons Monday>Mon. Tuesday>Tues. Wednesday>Wed. Thursday>Thurs. Friday>Fri.
    percent>per_cent government>administration officials>authorities official>functionary
    support>backing supporters>backers opponents>critics group>body groups>bodies money>funds
    vote>ballot voters>electors campaign>race candidate>contender state>territory""".split()
)


@dataclass(frozen=True, slots=True)
class Reprint:
    """A copy that was made, and of which article."""

    article: Article
    of: str
    way: str


Way = Callable[[Article, Article, random.Random], Article]
"""Makes a reprint of an article; the other gives a headline, a lead or a frame."""


def cut_off(article: Article, donor: Article, chance: random.Random) -> Article:
    """Its first 15 to 80 hundredths, cut in the middle of a sentence."""
    del donor
    words = _paragraphs_of_words(article)
    left = round(chance.uniform(0.15, 0.8) * sum(map(len, words)))
    kept: list[str] = []
    for paragraph in words:
        kept.append(" ".join(paragraph[: max(0, left)]))
        left -= len(paragraph)
    return _with(article, [*filter(None, kept), "… Read the full story with a subscription"])


def another_headline(article: Article, donor: Article, chance: random.Random) -> Article:
    """Under the headline of another article."""
    del chance
    return _with(article, _paragraphs(article), title=donor.title)


def another_lead(article: Article, donor: Article, chance: random.Random) -> Article:
    """Its first paragraph or two (a quarter at most) replaced."""
    paragraphs = _paragraphs(article)
    most = max(1, len(paragraphs) // 4)
    count = min(most, chance.randint(1, 2))
    return _with(article, [*_paragraphs(donor)[:count], *paragraphs[count:]])


def local_frame(article: Article, donor: Article, chance: random.Random) -> Article:
    """Opened and closed by another text of 30 to 100 hundredths of its length."""
    paragraphs = _paragraphs(article)
    want = chance.uniform(0.3, 1.0) * len(article.text)
    frame: list[str] = []
    for paragraph in _paragraphs(donor):
        if sum(map(len, frame)) >= want:
            break
        frame.append(paragraph)
    opening = chance.randint(1, max(1, len(frame) // 3))
    return _with(
        article, ["By our own reporter", *frame[:opening], *paragraphs, *frame[opening:]], title=donor.title
    )


def rewritten(article: Article, donor: Article, chance: random.Random) -> Article:
    """Four in five of the words that have another put by it, one sentence in twelve left out."""
    del donor
    out = []
    for paragraph in _paragraphs(article):
        sentences = [s for s in re.split(r"(?<=[.!?]) +", paragraph) if chance.random() > 1 / 12]
        swapped = re.sub(
            r"[A-Za-z]+",
            lambda hit: SWAPS.get(hit[0], hit[0]).replace("_", " ") if chance.random() < 0.8 else hit[0],
            " ".join(sentences),
        )
        out.append(swapped)
    return _with(article, [*filter(None, out)])


def debris_left_in(article: Article, donor: Article, chance: random.Random) -> Article:
    """A line of debris after one paragraph in three, cards in sentences, a paragraph twice."""
    out = []
    for paragraph in _paragraphs(article):
        words = paragraph.split(" ")
        if chance.random() < 0.1:
            words.insert(chance.randint(0, len(words)), CARD)
        out.append(" ".join(words))
        if chance.random() < 1 / 3:
            out.append(chance.choice(DEBRIS))
        if chance.random() < 0.05:
            out.append(paragraph)
    return _with(article, [*out, f"Next: {donor.title}"])


WAYS: dict[str, Way] = {
    "cut off": cut_off,
    "another headline": another_headline,
    "another lead": another_lead,
    "local paper's frame": local_frame,
    "lightly rewritten": rewritten,
    "debris left in": debris_left_in,
}


def mixed(article: Article, donor: Article, chance: random.Random) -> Article:
    """Two of the ways at once, under another headline."""
    for way in chance.sample([another_lead, rewritten, debris_left_in, cut_off], 2):
        article = way(article, donor, chance)
    return another_headline(article, donor, chance)


def wire(article: Article, donor: Article, chance: random.Random) -> Article:
    """A wire story as a local paper runs it: own headline and lead, cut, framed, debris left in."""
    for way in (another_lead, _half_or_more, local_frame, debris_left_in):
        article = way(article, donor, chance)
    return article


def _half_or_more(article: Article, donor: Article, chance: random.Random) -> Article:
    del donor
    paragraphs = _paragraphs(article)
    return _with(article, paragraphs[: max(1, round(chance.uniform(0.5, 0.9) * len(paragraphs)))])


def _paragraphs(article: Article) -> list[str]:
    text = article.text.removeprefix(article.title)
    return [line.strip() for line in text.split("\n") if line.strip()]


def _paragraphs_of_words(article: Article) -> list[list[str]]:
    return [paragraph.split(" ") for paragraph in _paragraphs(article)]


def _with(article: Article, paragraphs: list[str], title: str | None = None) -> Article:
    title = article.title if title is None else title
    return replace(article, title=title, text="\n\n".join([title, *paragraphs]))


def articles() -> Iterator[Article]:
    """The real ones of WHIPCOUNT_SHARED, without their debris marked."""
    folder = SHARED / "data/articles"
    if not folder.exists():
        raise SystemExit(f"no articles at {folder}: set WHIPCOUNT_SHARED")
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for record in map(json.loads, file):
                title = (record["title"] or "").strip()
                yield Article(
                    record["id"],
                    f"{title}\n\n{record['text']}",
                    title=title,
                    outlet=record["outlet"],
                    published=dt.date.fromisoformat(record["published"]) if record["published"] else None,
                    url=record["url"],
                )


def reprints(originals: list[Article], donors: list[Article], chance: random.Random) -> list[Reprint]:
    """One of each way of each original, in some other paper within two days; each takes a donor of its own as long as
    there are any.
    """
    donor = itertools.cycle(donors)
    made = []
    for article in originals:
        ways = {**WAYS, "several at once": mixed}
        if mark(article).original_outlet:
            ways["wire story"] = wire
        for name, way in ways.items():
            copy = replace(
                way(article, next(donor), chance),
                id=f"{article.id} {name}",
                outlet=f"Larkfield {chance.choice(PAPERS)}",
                published=article.published and article.published + dt.timedelta(chance.randint(0, 2)),
            )
            made.append(Reprint(copy, article.id, name))
    return made


def pairs(stories: dict[str, str]) -> set[tuple[str, str]]:
    """The pairs of articles that are in one story."""
    members: defaultdict[str, list[str]] = defaultdict(list)
    for one, story in stories.items():
        members[story].append(one)
    return {pair for story in members.values() for pair in itertools.combinations(sorted(story), 2)}


def figures(made: list[Reprint], originals: list[Article], found: set[tuple[str, str]]) -> str:
    """Precision and recall of the pairs for each way, with its original and with one another."""
    origin = {article.id: article.id for article in originals} | {r.article.id: r.of for r in made}
    ways = {r.article.id: r.way for r in made}
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for one, other in found:
        if one not in ways and other not in ways:
            continue
        tally = right if origin.get(one, one) == origin.get(other, other) else wrong
        for name in {ways.get(one), ways.get(other)} - {None}:
            tally[str(name)] += 1
        tally["all"] += 1
    copies_of = Counter(origin.values())
    wanted: Counter[str] = Counter()
    for reprint in made:
        wanted[reprint.way] += copies_of[reprint.of] - 1
    wanted["all"] = sum(n * (n - 1) // 2 for n in copies_of.values())
    direct = direct_recall(made, originals)
    rows = [f"{'way':<22}{'pairs':>8}{'precision':>11}{'recall':>8}{'direct':>8}"]
    for name in [*dict.fromkeys(r.way for r in made), "all"]:
        precision = right[name] / max(1, right[name] + wrong[name])
        recall = right[name] / max(1, wanted[name])
        rows.append(f"{name:<22}{wanted[name]:>8,}{precision:>11.4f}{recall:>8.4f}{direct[name]:>8.4f}")
    return "\n".join(rows)


def direct_recall(made: list[Reprint], originals: list[Article]) -> dict[str, float]:
    """The share of reprints that are found as copies of their original with nobody between."""
    sketches = {article.id: sketch_of(mark(article)) for article in originals}
    hits: defaultdict[str, list[bool]] = defaultdict(list)
    for reprint in made:
        original, copy = sketches[reprint.of], sketch_of(mark(reprint.article))
        near = Near(reprint.of, "", original.signature)
        met = set(copy.keys) & set(original.keys)
        found = bool(met) and any(copies(copy, [near], lambda _, one=original: one))  # type: ignore[misc]
        for name in (reprint.way, "all"):
            hits[name].append(found)
    return {name: sum(of_way) / len(of_way) for name, of_way in hits.items()}


def main() -> None:
    """Make the reprints, group everything, print the figures."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--originals", type=int, default=500, help="articles that reprints are made of")
    options.add_argument("--others", type=int, help="other articles that they are found among (default: all)")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--pairs", type=Path, help="write the pairs found among real articles, one a line")
    chosen = options.parse_args()
    chance = random.Random(chosen.seed)  # noqa: S311 - to be the same each time
    real = list(articles())
    chance.shuffle(real)
    long = [article for article in real if len(article.text.split()) >= _FEWEST_WORDS]
    credited = (article for article in long if mark(article).original_outlet)
    wires = list(itertools.islice(credited, chosen.originals // 5))
    originals = list({a.id: a for a in (long[: chosen.originals] + wires)}.values())
    taken = {article.id for article in originals}
    # What lends its words is not among the articles: it would be a copy in truth.
    donors = [article for article in long if article.id not in taken][: 3 * chosen.originals]
    taken = {article.id for article in donors}
    others = [article for article in real if article.id not in taken]
    if chosen.others is not None:
        kept = {article.id for article in originals}
        others = originals + [article for article in others if article.id not in kept][: chosen.others]
    made = reprints(originals, donors, chance)
    everything = others + [reprint.article for reprint in made]
    chance.shuffle(everything)
    found = pairs(group(map(mark, everything)))
    sys.stdout.write(
        f"{len(made):,} reprints of {len(originals):,} articles, {sum(r.way == 'wire story' for r in made)} of them "
        f"wire stories; {len(others):,} real articles\n{figures(made, originals, found)}\n"
    )
    if chosen.pairs:
        by_id = {article.id: article for article in real}
        lines = [
            json.dumps([vars_of(by_id[one]), vars_of(by_id[other])], ensure_ascii=False)
            for one, other in sorted(pairs(group(map(mark, real))))
        ]
        chosen.pairs.write_text("\n".join([*lines, ""]), "utf-8")


def vars_of(article: Article) -> dict[str, str | None]:
    """What one needs to judge a pair."""
    return {"id": article.id, "outlet": article.outlet, "title": article.title, "text": article.text}


if __name__ == "__main__":
    main()
