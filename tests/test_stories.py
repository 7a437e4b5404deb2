"""Copies of one report: what joins a story and what does not."""

import datetime as dt
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whipcount.article import Article
from whipcount.page import mark
from whipcount.stories import Stories, body, group, same, sketch

SYLLABLES = ("ba", "do", "fe", "gi", "ka", "lo", "me", "nu", "pa", "ri", "su", "to")


def report(seed: int, sentences: int = 25) -> str:
    chance = random.Random(seed)
    words = ["".join(chance.choices(SYLLABLES, k=2)) for _ in range(sentences * 14)]
    made = [" ".join(words[at : at + 14]).capitalize() + "." for at in range(0, len(words), 14)]
    return "\n\n".join(made)


def story_of(*texts: str) -> list[str]:
    stories = Stories()
    for number, text in enumerate(texts):
        stories.add(str(number), text)
    return [stories.story(str(number)) for number in range(len(texts))]


TEXT = report(1)
PARAGRAPHS = TEXT.split("\n\n")


def reworded(text: str, every: int = 11) -> str:
    words = text.split(" ")
    return " ".join(f"x{word}" if number % every == 0 else word for number, word in enumerate(words))


@pytest.mark.parametrize(
    "copy",
    [
        TEXT.upper(),
        TEXT.replace("\n\n", "\n"),
        "\n\n".join(PARAGRAPHS[:10]),
        "\n\n".join(PARAGRAPHS[:3]),
        "\n\n".join(PARAGRAPHS[9:]),
        "\n\n".join([*report(5, 3).split("\n\n"), *PARAGRAPHS[3:]]),
        f"Welcome to our site.\n\n{TEXT}\n\n{report(2, 20)}",
        reworded(TEXT),
        "\n\nShare this story\n\n".join(PARAGRAPHS),
    ],
    ids=[
        "case",
        "spacing",
        "cut short",
        "a teaser",
        "beginning lost",
        "lead",
        "framed",
        "rewritten",
        "debris",
    ],
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


def test_a_round_up_does_not_make_one_story_of_what_it_quotes() -> None:
    texts = [report(seed, 6) for seed in range(10, 18)]
    stories = story_of(*texts, "\n\n".join(texts))
    assert len(set(stories)) >= 8


def test_what_is_said_again_after_months_is_no_copy_unless_it_is_all_the_same() -> None:
    spring, autumn = dt.date(2031, 3, 1), dt.date(2031, 9, 1)
    stories = Stories()
    story = stories.add("1", TEXT, spring)
    partly = "\n\n".join([*PARAGRAPHS[:18], *report(7, 7).split("\n\n")])
    assert stories.add("2", partly, autumn) != story
    assert stories.add("3", TEXT[:-20], autumn) == story
    assert same(sketch(TEXT, spring), sketch(partly)) == same(sketch(TEXT), sketch(partly, autumn)) is True


@pytest.mark.parametrize(
    ("outlet", "day", "found"),
    [("Marrow Bay Herald", 2, True), ("The Larkfield Courier", 2, False), ("Marrow Bay Herald", 20, False)],
    ids=["two outlets", "an outlet's own update", "days later"],
)
def test_a_wires_stretches_are_enough_between_outlets_on_near_days(
    outlet: str, day: int, found: bool
) -> None:
    long = report(1, 48)
    wired = "\n\n".join([*report(20, 23).split("\n\n"), *long.split("\n\n")[3:26]])
    first = sketch(long, dt.date(2031, 7, 1), "Larkfield Courier")
    other = sketch(wired, dt.date(2031, 7, day), outlet)
    assert same(first, other) == same(other, first) == found
    # As much in pieces, as two reports quote one speech, is not.
    quoted = sketch(" ".join(reworded(one, 9) for one in wired.split("\n\n")), dt.date(2031, 7, day), outlet)
    assert not same(first, quoted)


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


def test_a_bridge_joins_two_stories_under_the_older_id() -> None:
    stories = Stories()
    first = stories.add("first half", "\n\n".join(PARAGRAPHS[:13]))
    second = stories.add("second half", "\n\n".join(PARAGRAPHS[12:]))
    assert first != second
    assert stories.add("whole", TEXT) == first
    assert stories.story("second half") == first
    assert stories.add("again", "\n\n".join(PARAGRAPHS[14:])) == first


def test_the_same_id_again_changes_nothing() -> None:
    stories = Stories()
    story = stories.add("1", TEXT)
    assert stories.add("1", report(9)) == story
    assert len(stories) == 1


def test_the_right_match_among_many() -> None:
    texts = [report(seed) for seed in range(60)]
    made = story_of(*texts, *(text[200:] for text in texts))
    assert len(set(made)) == 60
    assert made[60:] == made[:60]


def test_a_sketch_is_the_same_everywhere() -> None:
    one = sketch(TEXT)
    assert len(one.signature) == 772
    spaced = sketch(TEXT.replace("\n", "  "))
    assert (one.signature, one.keys) == (spaced.signature, spaced.keys)
    # Kept in ledgers: other values mean that their index must be made again.
    ferry = sketch("The ferry runs at six in the morning.")
    assert (ferry.signature[:12].hex(), ferry.keys[0], len(ferry.keys)) == (
        "06000000aae9bc0a73303c05",
        7672019577184232352,
        88,
    )


pieces = st.lists(st.sampled_from([report(seed, 4) for seed in range(6)]), min_size=1, max_size=5)


@settings(deadline=None, max_examples=40)
@given(st.lists(pieces.map("\n\n".join), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_adding_makes_no_difference(texts: list[str], chance: random.Random) -> None:
    def parted(order: list[int]) -> set[frozenset[int]]:
        stories = Stories()
        for number in order:
            stories.add(str(number), texts[number])
        return {
            frozenset(other for other in order if stories.story(str(other)) == stories.story(str(number)))
            for number in order
        }

    order = list(range(len(texts)))
    shuffled = order[:]
    chance.shuffle(shuffled)
    assert parted(order) == parted(shuffled)


@settings(deadline=None)
@given(st.text(), st.text())
def test_any_text_has_a_story(one: str, other: str) -> None:
    first, second, third = story_of(one, other, one)
    assert first == third
    made = sketch(one), sketch(other)
    assert same(*made) == same(*made[::-1])
    assert (first == second) == (
        same(*made) if made[0].keys and made[1].keys else one.lower() == other.lower()
    ) or not one
