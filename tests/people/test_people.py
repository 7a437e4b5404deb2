import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whipcount.article import Article, Kind
from whipcount.people import best_name, by_name, normal_name

ARTICLE = Article("a", "text")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Brook", "ADA BROOK"),
        ("José Ñandú", "Jose Nandu"),
        ("J. D. Marlow", "JD Marlow"),
        ("J.D. Marlow", "J. D. Marlow"),
        ("Bo O’Quill", "Bo O'Quill"),
        ("Ana Fell-Marsh", "Ana Fell Marsh"),
        ("Cy Dunmore, Jr.", "Cy Dunmore Jr"),
        ("Cy Dunmore Junior", "Cy Dunmore Jr."),
        ("The Larkfield Courier", "Larkfield Courier"),
        ("Fishers & Ferrymen", "Fishers and Ferrymen"),
        ("ﬁshers of Larkfield", "Fishers of Larkfield"),
    ],
)
def test_spellings_of_one_name_are_equal(one: str, other: str) -> None:
    assert normal_name(one) == normal_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cy Dunmore Jr.", "Cy Dunmore"),
        ("Cy Dunmore Jr.", "Cy Dunmore Sr."),
        ("Ada Brook", "Ida Brook"),
        ("Brook", "Ada Brook"),
        ("Measure 7", "Measure 8"),
        ("Lily The", "Lily"),
    ],
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert normal_name(one) != normal_name(other)


@given(st.text(min_size=1).filter(str.strip))
def test_normal_names_are_never_empty_and_stay_as_they_are(name: str) -> None:
    normal = normal_name(name)
    assert normal
    assert normal_name(normal.upper()) == normal_name(normal.upper().lower())


def test_an_identity_depends_on_the_name_alone() -> None:
    one = by_name("J. D. Marlow", Kind.PERSON, ARTICLE)
    other = by_name("JD Marlow", None, Article("b", "other text"))
    assert one.id == other.id
    assert one.provisional
    assert one.id != by_name("J. D. Marlow Jr.", Kind.PERSON, ARTICLE).id


def test_the_commonest_form_is_shown_whatever_the_order() -> None:
    forms = ["JOSE NANDU", "José Ñandú", "Jose Nandu", "JOSE NANDU", "Jose Nandu"]
    assert {best_name(order) for order in itertools.permutations(forms)} == {"Jose Nandu"}
    assert best_name(["JOSE NANDU", "José Ñandú", "Jose Nandu"]) == "José Ñandú"
