"""The invented articles: their answers are exact, what the page says of itself comes out, the reader holds its floors."""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from whipcount.read.reader import read_all

ROOT = Path(__file__).resolve().parent.parent
FLOORS: dict[str, float] = json.loads((ROOT / "tests" / "examples_floor.json").read_text("utf-8"))


def _script() -> Any:
    """`scripts/examples.py`, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("examples_script", ROOT / "scripts" / "examples.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


SCRIPT = _script()
EXAMPLES = list(SCRIPT.examples())
STANDS = {"endorsed", "supports", "expected", "withholding", "refused", "withdrawn"}
SOURCINGS = {"own_words", "spokesperson", "named_source", "unnamed_source", "outlet", "narration"}

each = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.article.id)


def test_every_article_has_its_answers() -> None:
    keys = {path.name.removesuffix(".gold.json") for path in (ROOT / "examples").glob("*.gold.json")}
    articles = {p.stem for p in (ROOT / "examples").iterdir() if p.suffix in {".html", ".txt", ".jsonl"}}
    assert keys == articles
    assert len(EXAMPLES) >= 21


@each
def test_answers_are_exact_parts_of_the_text(example: Any) -> None:
    assert SCRIPT.problems(example) == []


@each
def test_what_the_page_says_of_itself(example: Any) -> None:
    article, gold = example.article, example.gold["article"]
    assert article.title == gold["title"]
    assert article.outlet == gold["outlet"]
    assert article.original_outlet == gold["original_outlet"]
    assert (article.published.isoformat() if article.published else None) == gold["published"]


@each
def test_key_points(example: Any) -> None:
    article = example.article
    assert [span.of(article.text).strip("• \n") for span in article.key_points] == example.gold["article"][
        "key_points"
    ]


@each
def test_no_evidence_is_marked_as_debris(example: Any) -> None:
    marked = [span.of(example.article.text) for span in example.article.debris]
    assert not [p for p in example.gold["positions"] if any(p["evidence"] in stretch for stretch in marked)]


@each
def test_no_menu_banner_or_comment_is_in_the_text(example: Any) -> None:
    for chrome in (
        "cookie",
        "Accept all",
        "Sign up",
        "Reply",
        "Corrections",
        "Watch live",
        "Trending on",
        "Stop the presses",
    ):
        assert chrome not in example.article.text


def test_the_examples_cover_every_position_and_sourcing() -> None:
    positions = [p for example in EXAMPLES for p in example.gold["positions"]]
    assert {p["position"] for p in positions} == STANDS
    assert {p["sourcing"] for p in positions} == SOURCINGS
    assert {p["endorser_kind"] for p in positions} == {"person", "organization", "group", "voter"}
    assert {p["contest"] for p in positions} == {"current", "past"}


def test_names_that_match() -> None:
    assert SCRIPT.same("the Port Lisle City Council", "Port Lisle City Council")
    assert SCRIPT.same("Tully", "Bernard Tully")
    assert not SCRIPT.same("Orrin Marsden", "Sheila Marsden")
    assert not SCRIPT.same("", "Sheila Marsden")


@pytest.fixture(scope="module")
def figures() -> tuple[dict[str, float], list[str]]:
    readings = read_all(example.article for example in EXAMPLES)
    score, lines = SCRIPT.score(zip(EXAMPLES, readings, strict=True))
    return score.figures(), lines


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_the_reader_holds_its_floors(figures: tuple[dict[str, float], list[str]], name: str) -> None:
    reached, lines = figures
    assert reached[name] >= FLOORS[name], "\n".join(lines)


def test_an_endorsed_product_is_no_position(figures: tuple[dict[str, float], list[str]]) -> None:
    assert not [line for line in figures[1] if line.startswith("false  yellow-boots")]
