import pytest
from hypothesis import given
from hypothesis import strategies as st

from registering import FELL, FERRYMEN, MARLOW, OTHER_MARLOW, QUILL, REGISTRY
from whipcount.article import Kind
from whipcount.people.match import Names
from whipcount.people.registry import Entry

NAMES = Names(REGISTRY)


def found(name: str) -> dict[str, str]:
    return {one.entry.id: one.how for one in NAMES.candidates(name)}


@pytest.mark.parametrize(
    ("name", "who", "how"),
    [
        ("Teodora Marlow", MARLOW, "exact"),
        ("TEODORA MARLOW", MARLOW, "exact"),
        ("Teodora J. Marlow", MARLOW, "exact, with the middle name"),
        ("T. Marlow", MARLOW, "initials"),
        ("T. J. Marlow", MARLOW, "initials"),
        ("Theodora Marlow", MARLOW, "spelling"),
        ("Teodora Marlowe", MARLOW, "spelling"),
        ("Robert Quill", QUILL, "exact"),
        ("Bo Quill", QUILL, "exact"),
        ("Bob Quill", QUILL, "nickname"),
        ("Rob Quill Jr.", QUILL, "nickname"),
        ("Robert L. Quill Jr.", QUILL, "exact, with the middle name"),
        ("Ana Fell Marsh", FELL, "exact"),
        ("Ana Fell-Marsh", FELL, "exact"),
        ("Ana Marsh", FELL, "married name"),
        ("Ana Fell", FELL, "married name"),
        ("Ana Tarn", FELL, "exact"),
        ("Fell Marsh", FELL, "double surname"),
        ("Teodora Marlow Bridge", MARLOW, "a word more"),
        ("Marlow", MARLOW, "surname"),
        ("the Ferrymen", FERRYMEN, "short name"),
        ("UFA", FERRYMEN, "short name"),
    ],
)
def test_a_name_may_be(name: str, who: Entry, how: str) -> None:
    assert found(name).get(who.id) == how


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("Robert Quill Sr.", QUILL),
        ("Teodora Marlow Jr.", MARLOW),
        ("Teodora K. Marlow", MARLOW),
        ("Ida Marlow", MARLOW),
        ("Teodora Quill", MARLOW),
        ("Teodora Quill", QUILL),
        ("Teodora", MARLOW),
        ("Marlow Creek Bridge", MARLOW),
        ("Quill Steaks", QUILL),
    ],
)
def test_a_name_is_not(name: str, who: Entry) -> None:
    assert who.id not in found(name)


def test_a_shared_surname_may_be_all_who_bear_it() -> None:
    assert set(found("Marlow")) == {MARLOW.id, OTHER_MARLOW.id}
    assert NAMES.bearers("Marlow") == 2


def test_kinds_are_kept_apart() -> None:
    assert NAMES.candidates("UFA", kind=Kind.PERSON) == ()
    assert NAMES.candidates("Teodora Marlow", kind=Kind.ORGANIZATION) == ()


@given(st.text(max_size=30))
def test_any_text_can_be_asked(name: str) -> None:
    for one in NAMES.candidates(name):
        assert 0 < one.sure <= 1


@given(st.sampled_from(sorted(REGISTRY, key=lambda e: e.id)))
def test_everybody_is_found_by_each_own_name(entry: Entry) -> None:
    for name in entry.names:
        best = NAMES.candidates(name.text)[0]
        assert (best.entry.id, best.sure) == (entry.id, 1.0)
