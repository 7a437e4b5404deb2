"""Copies of one report: what joins a story and what does not."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whipcount.article import Article
from whipcount.page import mark
from whipcount.stories import Stories, body, group, signature

SYLLABLES = ("ba", "do", "fe", "gi", "ka", "lo", "me", "nu", "pa", "ri", "su", "to")


def report(seed: int, sentences: int = 25) -> str:
    chance = random.Random(seed)
    words = ["".join(chance.choices(SYLLABLES, k=2)) for _ in range(sentences * 14)]
    made = [" ".join(words[at : at + 14]).capitalize() + "." for at in range(0, len(words), 14)]
    return "\n\n".join(made)


def story_of(*texts: str) -> list[str]:
    stories = Stories()
    return [stories.add(str(number), text) for number, text in enumerate(texts)]


TEXT = report(1)
PARAGRAPHS = TEXT.split("\n\n")


@pytest.mark.parametrize(
    "copy",
    [
        TEXT.upper(),
        TEXT.replace("\n\n", "\n"),
        "\n\n".join(PARAGRAPHS[:10]),
        "\n\n".join(PARAGRAPHS[5:]),
        f"Welcome to our site.\n\n{TEXT}\n\n{report(2, 6)}",
        "\n\n".join(p.replace(" ba", " the ba") for p in PARAGRAPHS),
    ],
    ids=["case", "spacing", "cut short", "beginning lost", "framed", "lightly rewritten"],
)
def test_copies_are_one_story(copy: str) -> None:
    first, second = story_of(TEXT, copy)
    assert first == second
    first, second = story_of(copy, TEXT)
    assert first == second


@pytest.mark.parametrize(
    "other",
    [report(2), "\n\n".join([*PARAGRAPHS[:8], *report(3, 17).split("\n\n")]), "", "Mayor."],
    ids=["another report", "shared background", "empty", "a word"],
)
def test_others_are_not(other: str) -> None:
    first, second = story_of(TEXT, other)
    assert first != second


def test_short_texts_are_one_only_where_they_are_the_same() -> None:
    short = "The ferry runs at six in the morning."
    assert len(set(story_of(short, "the ferry runs, at six in the morning", f"{short} And at nine."))) == 2


def test_headline_and_debris_do_not_count() -> None:
    copies = [
        mark(Article(id="1", title="Ferry plan", text=f"Ferry plan\n\n{TEXT}")),
        mark(
            Article(
                id="2", title="Mayor in row", text=f"Mayor in row\n\nADVERTISEMENT\n\n{TEXT}\n\nRead more"
            )
        ),
        mark(Article(id="3", title="Bond", text=f"Bond\n\n{report(4)}")),
    ]
    assert body(copies[0]).split() == body(copies[1]).split()
    stories = group(copies)
    assert stories["1"] == stories["2"] != stories["3"]


def test_a_story_keeps_its_id_and_can_be_taken_up_again() -> None:
    stories = Stories()
    story = stories.add("1", TEXT)
    assert stories.add("1", report(9)) == story
    again = Stories()
    again.put("1", story, signature(TEXT))
    assert again.add("2", "\n\n".join(PARAGRAPHS[:15])) == story
    assert again.find(signature(report(5))) is None
    assert len(again) == 2


def test_the_best_match_among_many() -> None:
    texts = [report(seed) for seed in range(60)]
    stories = Stories()
    made = [stories.add(str(number), text) for number, text in enumerate(texts)]
    assert len(set(made)) == 60
    copies = [stories.add(f"copy {number}", text[200:]) for number, text in enumerate(texts)]
    assert copies == made


def test_a_signature_is_the_same_everywhere() -> None:
    assert len(signature(TEXT)) == 772
    assert signature(TEXT) == signature(TEXT.replace("\n", "  "))
    # Kept in ledgers: another value means that theirs must be made again.
    assert signature("The ferry runs at six in the morning.")[:12].hex() == "04000000bfbdde1e3f35ec14"


@given(st.text(), st.text())
def test_any_text_has_a_story(one: str, other: str) -> None:
    first, second, third = story_of(one, other, one)
    assert first == third
    assert (first == second) == (signature(one) == signature(other)) or signature(one)[:4] != signature(
        other
    )[:4]
