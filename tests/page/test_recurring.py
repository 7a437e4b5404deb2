"""Blocks that recur across an outlet's pages are debris, however unknown."""

import json
from dataclasses import replace
from pathlib import Path

from whipcount.article import Article
from whipcount.gather import gather
from whipcount.page import mark, recurring
from whipcount.page.recurring import FEWEST_PAGES

BOX = "The harbour desk welcomes letters about tides and boats"
NAMES = "Larkfield Marrow Grandmere Hadfield Ashgrove Dallow Wendover Kowal".split()


def article(number: int, box: str = BOX, outlet: str = "Larkfield Courier") -> Article:
    name = NAMES[number % len(NAMES)]
    body = f"Mayor {name} spoke of boat {number} at the landing.\n\n{box}\n\nThe {name} council met {number} times."
    return mark(Article(id=f"a{number}", text=body, outlet=outlet))


def test_a_block_that_recurs_is_debris() -> None:
    articles = [article(number) for number in range(FEWEST_PAGES)]
    known = recurring(articles)
    for one in articles:
        assert [span.of(one.text) for span in known.mark(one).debris] == [BOX]
    assert known.mark(article(99, outlet="Marrow Bay Herald")).debris == ()


def test_a_few_pages_teach_nothing() -> None:
    articles = [article(number) for number in range(FEWEST_PAGES - 1)]
    assert all(recurring(articles).mark(one) == one for one in articles)


def test_copies_teach_nothing() -> None:
    articles = [replace(article(1), id=f"copy{number}") for number in range(FEWEST_PAGES + 3)]
    assert recurring(articles).mark(articles[0]) == articles[0]


def test_what_may_say_where_somebody_stands_is_never_learned() -> None:
    background = "Sen. Bo Quill has not endorsed anyone in the race for governor."
    articles = [article(number, background) for number in range(FEWEST_PAGES + 3)]
    assert recurring(articles).mark(articles[0]).debris == ()


def test_many_gathered_together(tmp_path: Path) -> None:
    records = [{"id": one.id, "outlet": one.outlet, "text": one.text} for one in map(article, range(70))]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, records)))
    items = [item for item in gather([str(path)]) if isinstance(item, Article)]
    assert [item.id for item in items] == [record["id"] for record in records]
    assert all([span.of(item.text) for span in item.debris] == [BOX] for item in items)
    # One alone is always marked the same.
    path.write_text(json.dumps(records[0]))
    (alone,) = gather([str(path)])
    assert isinstance(alone, Article)
    assert alone.debris == ()
