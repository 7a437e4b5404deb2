"""What a holdout asks for, and reasons given: on invented people, with the real parser."""

import pytest

from whipcount.article import Article, Attribution, Kind, Position, Sourcing, Span, Stand
from whipcount.read.conditions import conditions, reasons
from whipcount.read.mentions import mentions
from whipcount.read.parse import parse, sentences
from whipcount.read.sourcing import resolve


def part(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def asked(
    text: str, evidence: str, stand: Stand = Stand.WITHHOLDING, quoted: tuple[tuple[str, str, str], ...] = ()
) -> list[str]:
    """The conditions of Thomas Finch on Rosa Castell."""
    article = Article("x", text)
    doc = parse(article)
    named, lines = mentions(article, doc), sentences(doc)
    raw = [Attribution((part(text, s),), (part(text, c),), (part(text, w),)) for s, c, w in quoted]
    attributions = resolve(article, named, raw, lines)
    position = Position(
        "Thomas Finch", Kind.PERSON, "Rosa Castell", stand, Sourcing.OWN_WORDS, part(text, evidence)
    )
    got = conditions(article, doc, position, lines, attributions, named)
    assert list(got) == sorted(got)
    return [span.of(text) for span in got]


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        (
            "Thomas Finch said he would not endorse Rosa Castell unless she signs the water pledge.",
            "she signs the water pledge",
        ),
        ("Thomas Finch said he would endorse Rosa Castell only if she drops the toll.", "she drops the toll"),
        (
            "Thomas Finch will wait until the county convention before he backs Rosa Castell.",
            "until the county convention",
        ),
        (
            "Thomas Finch has not endorsed Rosa Castell. He wants a seat on her water board.",
            "a seat on her water board",
        ),
        (
            "Thomas Finch has not endorsed Rosa Castell. Finch needs to see Castell outline a plan for the harbor.",
            "outline a plan for the harbor",
        ),
        (
            "Thomas Finch has not endorsed Rosa Castell. Finch said her choice of treasurer will factor into his decision.",
            "her choice of treasurer",
        ),
        (
            "Thomas Finch has not endorsed Rosa Castell. Finch said his support depends on a new ferry contract.",
            "a new ferry contract",
        ),
        (
            "Thomas Finch, who has not endorsed Rosa Castell, urged Castell to cut the harbor fee and publish her tax returns.",
            "publish her tax returns",
        ),
        (
            "Thomas Finch has not endorsed Rosa Castell. The changes that Finch wants to see from Castell — from a lower harbor fee to a new pier — are many.",
            "a new pier",
        ),
        (
            "Thomas Finch remains uncommitted to Rosa Castell. The delegates will meet in May to hear from the campaigns and announce their endorsements.",
            "hear from the campaigns",
        ),
        (
            "Thomas Finch wants to meet with Rosa Castell before he decides whom to endorse.",
            "meet with Rosa Castell",
        ),
    ],
)
def test_what_is_asked_for(text: str, condition: str) -> None:
    evidence = text.split(". ", maxsplit=1)[0]
    assert any(condition in found for found in asked(text, evidence)), asked(text, evidence)


def test_demands_in_a_quotation_further_on() -> None:
    text = (
        "Thomas Finch has not endorsed Rosa Castell.\n\n"
        "Voters in Calder go to the polls in May.\n\n"
        "The harbor was quiet on Sunday.\n\n"
        "A band played.\n\n"
        "“She has to open the ferry books,” Finch said. “The party has to listen to the dockers.”"
    )
    got = asked(
        text,
        "Thomas Finch has not endorsed Rosa Castell.",
        quoted=(
            ("Finch", "said", "“She has to open the ferry books,”"),
            ("Finch", "said", "“The party has to listen to the dockers.”"),
        ),
    )
    assert "open the ferry books" in got
    assert "listen to the dockers" in got


def test_what_she_must_do_and_not_the_clause_that_frames_it() -> None:
    text = "Thomas Finch has not endorsed Rosa Castell. “If she is going to win, she has to speak about the rents,” Finch said."
    got = asked(
        text,
        text.split(". ", maxsplit=1)[0],
        quoted=(("Finch", "said", "“If she is going to win, she has to speak about the rents,”"),),
    )
    assert got == ["speak about the rents"]


def test_anothers_demands_are_not_his() -> None:
    text = (
        "Thomas Finch has not endorsed Rosa Castell. "
        "“She has to open the ferry books,” said Theo Quill, a rival. Quill wants a new pier."
    )
    got = asked(
        text,
        "Thomas Finch has not endorsed Rosa Castell.",
        quoted=(("Theo Quill, a rival", "said", "“She has to open the ferry books,”"),),
    )
    assert got == []


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        (
            "Thomas Finch said he would vote for Rosa Castell if she wins the nomination.",
            "if she wins the nomination",
        ),
        (
            "Thomas Finch declared his support and will back Rosa Castell should she choose to run.",
            "should she choose to run",
        ),
        (
            "Thomas Finch said he would support Rosa Castell on the condition that she opens the books.",
            "on the condition that she opens the books",
        ),
    ],
)
def test_support_on_a_condition(text: str, condition: str) -> None:
    assert asked(text, text, Stand.SUPPORTS) == [condition]


def test_a_list_after_has_to() -> None:
    text = (
        "Thomas Finch has not endorsed Rosa Castell. “She’s going to have to open the ferry books, "
        "come up with a plan for the harbor,” Finch said."
    )
    got = asked(
        text,
        text.split(". ", maxsplit=1)[0],
        quoted=(
            (
                "Finch",
                "said",
                "“She’s going to have to open the ferry books, come up with a plan for the harbor,”",
            ),
        ),
    )
    assert got == ["open the ferry books", "come up with a plan for the harbor"]


@pytest.mark.parametrize(
    "further",
    [
        "Finch called the flood a disaster.",
        "Finch wants to lead the water board in the fall.",
        "Finch prefers a quiet harbor.",
        "“I don’t know what happened at the docks,” Finch said.",
        "“If the toll is cut, the ferry will be full,” Finch said.",
        "Some in the party urged Finch to make up his mind.",
        "The mood of the harbor depends on the weather.",
    ],
)
def test_what_is_not_put_to_the_other_side_is_no_condition(further: str) -> None:
    first = "Thomas Finch has not endorsed Rosa Castell."
    assert asked(f"{first} {further}", first) == []


@pytest.mark.parametrize(
    "text",
    [
        "“If you don’t vote for Rosa Castell, you vote for the flood,” said Thomas Finch, a supporter of Castell.",
        "Thomas Finch supports Rosa Castell. He said the harbor will close if it rains.",
    ],
)
def test_a_clause_that_no_stand_waits_for_is_no_condition(text: str) -> None:
    assert asked(text, text, Stand.SUPPORTS) == []


def test_asked_if_is_no_condition() -> None:
    text = "Asked if he would endorse Rosa Castell, Thomas Finch declined to say."
    assert asked(text, text) == []


def test_a_bare_holdout_has_none() -> None:
    text = "Thomas Finch has yet to endorse Rosa Castell. The harbor opens in May. Ferries run on Sundays."
    assert asked(text, "Thomas Finch has yet to endorse Rosa Castell.") == []


def test_conditions_said_twice_are_listed_once() -> None:
    text = (
        "Thomas Finch wants a seat on the water board.\n\n"
        "Thomas Finch has not endorsed Rosa Castell because he wants a seat on the water board."
    )
    assert (
        len(
            asked(
                text, "Thomas Finch has not endorsed Rosa Castell because he wants a seat on the water board."
            )
        )
        == 1
    )


def test_spans_slice_the_text_in_any_script() -> None:
    text = "Ødell naïve 🙂. Thomas Finch won’t endorse Rosa Castell until she visits Łódź Quay."
    got = asked(text, "Thomas Finch won’t endorse Rosa Castell until she visits Łódź Quay.")
    assert got == ["until she visits Łódź Quay"]


def test_reasons() -> None:
    text = "Thomas Finch endorsed Rosa Castell because she kept the ferry running."
    article = Article("x", text)
    doc = parse(article)
    position = Position(
        "Thomas Finch", Kind.PERSON, "Rosa Castell", Stand.ENDORSED, Sourcing.NARRATION, Span(0, len(text))
    )
    got = reasons(article, doc, position, sentences(doc), (), mentions(article, doc))
    assert [span.of(text) for span in got] == ["she kept the ferry running"]


def test_no_reason_given() -> None:
    text = "Thomas Finch endorsed Rosa Castell on Sunday. The pier was closed because it rained."
    article = Article("x", text)
    doc = parse(article)
    position = Position(
        "Thomas Finch",
        Kind.PERSON,
        "Rosa Castell",
        Stand.ENDORSED,
        Sourcing.NARRATION,
        part(text, "Thomas Finch endorsed Rosa Castell on Sunday."),
    )
    assert reasons(article, doc, position, sentences(doc), (), mentions(article, doc)) == ()
