"""Words found again in another version of their text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whipcount.anchor import Held, anchor
from whipcount.article import Span

BEFORE = "The ferry sails at six. "
SENTENCE = "Ada Brook said on Tuesday that she would not endorse Cy Dunmore before the pier is mended."
AFTER = " The council meets on Monday."
OLD = BEFORE + SENTENCE + AFTER
SPAN = Span(len(BEFORE), len(BEFORE) + len(SENTENCE))


@pytest.mark.parametrize(
    ("new", "held", "words"),
    [
        (f"A new opening.\n\n{OLD}", Held.EXACT, SENTENCE),
        (OLD.replace("Tuesday that", "Tuesday\nthat"), Held.EXACT, SENTENCE.replace("Tuesday that", "Tuesday\nthat")),
        (OLD.replace("Tuesday", "Wednesday"), Held.EDITED, SENTENCE.replace("Tuesday", "Wednesday")[:-1]),
        (OLD.replace("on Tuesday ", ""), Held.EDITED, SENTENCE.replace("on Tuesday ", "")[:-1]),
        (BEFORE + AFTER, Held.GONE, None),
        (BEFORE + "Ada Brook endorsed Cy Dunmore on Thursday." + AFTER, Held.GONE, None),
        ("", Held.GONE, None),
    ],
    ids=["moved", "spacing", "a word", "shorter", "cut", "another sentence", "empty"],
)  # fmt: skip
def test_where_a_sentence_stands_now(new: str, held: Held, words: str | None) -> None:
    found = anchor(SPAN, OLD, new)
    assert found.held is held
    assert (found.span.of(new) if found.span else None) == words


def test_of_two_equal_sentences_the_one_with_the_same_surroundings() -> None:
    new = f"He left. {SENTENCE} Nobody spoke. {OLD}"
    found = anchor(SPAN, OLD, new)
    assert found.span == Span(new.rindex(SENTENCE), new.rindex(SENTENCE) + len(SENTENCE))


def test_a_sentence_with_another_name_in_it_is_another() -> None:
    new = OLD.replace("Ada Brook", "Bo Quill")
    assert anchor(SPAN, OLD, new).held is Held.EDITED
    assert anchor(SPAN, OLD, new, ["Ada Brook"]).held is Held.GONE
    assert anchor(SPAN, OLD, OLD.replace("Tuesday", "Monday"), ["Ada Brook"]).held is Held.EDITED


def test_hostile_texts_take_no_longer() -> None:
    words = "to be or not " * 50
    began = time.process_time()
    anchor(Span(0, len(words)), words + "x", "or be to not to " * 20_000)
    anchor(Span(0, 400), "ab " * 1000, "ba " * 100_000)
    assert time.process_time() - began < 10


@given(st.text(min_size=1), st.data())
def test_a_text_holds_all_its_own_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    found = anchor(span, text, text)
    if span.of(text).strip():
        assert found.held is Held.EXACT
        assert found.span
        assert found.span.of(text).split() == span.of(text).split()


@given(st.text(), st.text(), st.data())
def test_any_text_is_searched(old: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old)))
    found = anchor(Span(start, data.draw(st.integers(start, len(old)))), old, new)
    assert (found.span is None) == (found.held is Held.GONE)
    assert found.span is None or 0 <= found.span.start < found.span.end <= len(new)
