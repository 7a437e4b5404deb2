"""Who is who within an article, on invented people."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whipcount.article import Article, Kind
from whipcount.read.mentions import mentions
from whipcount.read.parse import parse


def found(text: str, title: str = "") -> list[tuple[str, str, Kind, str]]:
    article = Article("x", text, title=title)
    return [(m.span.of(text), m.name, m.kind, m.form) for m in mentions(article, parse(article))]


def names(text: str, title: str = "") -> set[tuple[str, str]]:
    return {(said, name) for said, name, _, _ in found(text, title)}


def test_surname_title_and_full_name_are_one() -> None:
    got = names("Sen. Odell Finch (D-Calder) spoke. Mr. Finch left early. Finch did not return.")
    assert {n for _, n in got} == {"Odell Finch"}


def test_two_who_share_a_surname_stay_apart() -> None:
    got = names("Odell Finch met Mara Finch. Mrs. Finch spoke first. Mr. Finch listened.")
    assert ("Odell Finch", "Odell Finch") in got
    assert ("Mara Finch", "Mara Finch") in got


def test_titles_and_party_tags_are_no_part_of_a_name() -> None:
    got = names("Former Calder Gov. Rina Castell (R) and Reps. Theo Quill and Junie Park waved.")
    assert {n for _, n in got} >= {"Rina Castell", "Theo Quill", "Junie Park"}


def test_she_is_the_woman_and_he_the_man() -> None:
    got = names("Rina Castell met Thomas Quill on Monday. She thanked him.")
    assert ("She", "Rina Castell") in got or ("She", "Rina Castell") in {(a, b) for a, b in got}
    assert ("him", "Thomas Quill") in got


def test_an_organizations_short_name() -> None:
    text = "The Calder Federation of Teachers met. The federation voted. Castell was there."
    got = found(text)
    assert any(
        name == "Calder Federation of Teachers" and kind is Kind.ORGANIZATION for _, name, kind, _ in got
    )


def test_a_private_citizen_with_an_age_is_a_voter() -> None:
    got = found("Mabel Orr, 54, a baker from Port Alder, said she liked the speech.")
    assert ("Mabel Orr", "Mabel Orr", Kind.VOTER, "name") in got


def test_a_headline_in_capitals_names_those_of_the_body() -> None:
    title = "Finch Backs Castell In Governor's Race"
    got = found(title + "\n\nMayor Odell Finch endorsed Rina Castell on Monday.", title)
    assert ("Finch", "Odell Finch", Kind.PERSON, "name") in got
    assert ("Castell", "Rina Castell", Kind.PERSON, "name") in got


@pytest.mark.parametrize("text", ["", "   \n\n ", "...", "😀 Odell Finch 😀 met Rina Castell."])
def test_odd_texts(text: str) -> None:
    for said, name, _, _ in found(text):
        assert said
        assert name


@settings(max_examples=40, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("Odell Finch met Rina Castell. She\n\n“I” said’é😀-,'()0"), max_size=120)
)
def test_spans_lie_in_the_text_and_in_order(text: str) -> None:
    article = Article("x", text)
    got = mentions(article, parse(article))
    assert all(0 <= m.span.start < m.span.end <= len(text) for m in got)
    assert [m.span for m in got] == sorted(m.span for m in got)


def test_the_place_of_a_dateline_is_nobody() -> None:
    got = names("LARKFIELD, July 3 — Mayor Odell Finch endorsed Rina Castell.")
    assert {n for _, n in got} == {"Odell Finch", "Rina Castell"}


def test_a_single_sentence_is_no_headline() -> None:
    text = "Ada Brook has endorsed Cy Dunmore."
    assert {n for _, n in names(text, title=text)} == {"Ada Brook", "Cy Dunmore"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Senate Minority Leader Daniel Finch of Calder met Sarah Castell.", "Daniel Finch"),
        ("Harbour Committee Chairwoman Sarah Castell waved.", "Sarah Castell"),
        ("Daniel Finch Daniel Mae FinchHarbour reopens on Monday said he would vote.", "Daniel Finch"),
        ("Sarah May will lead the council, Mark Moll said.", "Sarah May"),
        ("Calder Reps. Crescent Hardy and Mark Moll waved.", "Crescent Hardy"),
    ],
)
def test_a_name_takes_in_no_office_and_no_neighbour(text: str, name: str) -> None:
    assert name in {n for _, n in names(text)}


@pytest.mark.parametrize(
    "name",
    [
        "Democrats for Calder",
        "Republican National Committee",
        "Calder Republican Party",
        "American Federation of Bakers",
    ],
)
def test_a_body_keeps_the_party_or_people_in_its_name(name: str) -> None:
    assert (name, name, Kind.ORGANIZATION, "name") in found(f"On Monday the {name} endorsed Sarah Castell.")


def test_the_month_of_may_is_nobody() -> None:
    assert {n for _, n in names("Sarah Castell left in May. On May 3 she returned.")} == {"Sarah Castell"}


def test_a_bare_surname_is_not_the_one_named_in_full_beside_it() -> None:
    text = (
        "Sarah Castell is ahead. Her husband, Thomas Castell, spoke twice. Thomas Castell is a baker.\n\n"
        "Castell said she had thanked Thomas Castell."
    )
    said = [n for s, n, _, _ in found(text) if s == "Castell"]
    assert said == ["Sarah Castell"]


def test_a_place_is_no_body_that_bears_its_name() -> None:
    text = "Officers of Ohio Public Radio met. She went to Ohio to see Sarah Castell."
    assert ("Ohio", "Ohio Public Radio") not in names(text)


def test_a_pronoun_is_not_whom_its_verb_has_for_a_subject() -> None:
    got = names("Odell Finch praised Rina Castell. Finch stopped short of formally backing her.")
    assert ("her", "Rina Castell") in got


def test_a_bare_surname_goes_to_no_bearer_of_the_other_sex() -> None:
    text = (
        "Mary Castell waved. Castell said he would run. Castell said he was ready. Castell thanked his aides."
    )
    assert ("Castell", "Mary Castell") not in names(text)
