"""Which pairs the judge is asked about."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from whipcount.article import Article, Attribution, Span
from whipcount.read.candidates import Questions, candidates
from whipcount.read.mentions import mentions
from whipcount.read.parse import parse


def ask(text: str, attributions: tuple[Attribution, ...] = ()) -> Questions:
    article = Article("a", text)
    doc = parse(article)
    return candidates(doc, mentions(article, doc), attributions)


def pairs(questions: Questions) -> set[tuple[str, str]]:
    return {(c.endorser, c.endorsee) for c in questions.candidates}


def test_both_directions_are_asked() -> None:
    found = pairs(ask("Mayor Daniel Finch endorsed Sarah Castell on Monday."))
    assert found == {("Daniel Finch", "Sarah Castell"), ("Sarah Castell", "Daniel Finch")}


def test_no_cue_no_question() -> None:
    assert ask("Daniel Finch met Sarah Castell at the harbour on Monday.").candidates == ()


def test_a_neighbouring_sentence_completes_the_pair() -> None:
    text = "Sarah Castell spoke at the harbour on Monday. Daniel Finch said later that the campaign had won him over."
    both = [c for c in ask(text).candidates if (c.endorser, c.endorsee) == ("Daniel Finch", "Sarah Castell")]
    assert any("Daniel Finch" in c.focus.of(text) and "Sarah Castell" in c.window.of(text) for c in both)


def test_a_pair_far_apart_is_not_asked() -> None:
    text = "Sarah Castell spoke on Monday. It rained. The hall was cold. Nobody stayed. Daniel Finch endorsed no plan."
    assert ("Daniel Finch", "Sarah Castell") not in pairs(ask(text))


def test_i_in_a_quotation_is_its_speaker() -> None:
    text = "“I will vote for Sarah Castell,” Daniel Finch said."
    assert ("Daniel Finch", "Sarah Castell") in pairs(ask(text))
    text = (
        "Daniel Finch spoke last. The harbour was full. Boats came and went. “I will vote for Sarah Castell.”"
    )
    at = text.index("I will")
    said = Attribution((Span(0, 12),), (), (Span(at, len(text) - 1),), speaker="Daniel Finch")
    assert ("Daniel Finch", "Sarah Castell") in pairs(ask(text, (said,)))


def test_a_nominee_may_be_endorsed_but_does_not_endorse() -> None:
    found = pairs(ask("Daniel Finch will support the Republican nominee."))
    assert found == {("Daniel Finch", "the Republican nominee")}


def test_an_organization_endorses_and_is_not_endorsed() -> None:
    found = pairs(ask("The Port Alder Teachers Union endorsed Sarah Castell."))
    assert {e for _, e in found} == {"Sarah Castell"}


SENTENCES = st.lists(
    st.sampled_from(
        [
            "Daniel Finch endorsed Sarah Castell.",
            "He would not say whom he would vote for.",
            "The Port Alder Teachers Union backs Castell.",
            "“I support her,” Finch said.",
            "It rained on the harbour.",
        ]
    ),
    min_size=1,
    max_size=5,
)


@given(SENTENCES)
def test_what_holds_of_every_question(sentences: list[str]) -> None:
    text = " ".join(sentences)
    questions = ask(text)
    ends = [m.span for m in questions.marks]
    assert all(a.end <= b.start for a, b in pairwise(ends))
    names = {m.name for m in questions.marks}
    for c in questions.candidates:
        assert c.window.holds(c.focus)
        assert c.endorser != c.endorsee
        assert {c.endorser, c.endorsee} <= names
        inside = {m.name for m in questions.marks if c.window.holds(m.span)}
        assert {c.endorser, c.endorsee} <= inside


def test_an_endorsee_named_two_sentences_before_a_cue_is_asked() -> None:
    text = "Sarah Castell spoke on Monday. It rained at the harbour. Daniel Finch endorsed the plan."
    assert ("Daniel Finch", "Sarah Castell") in pairs(ask(text))


def test_a_list_that_goes_on_from_a_cue_is_asked() -> None:
    text = "Several mayors have endorsed Sarah Castell. They include Daniel Finch and Mark Moll."
    found = pairs(ask(text))
    assert {("Daniel Finch", "Sarah Castell"), ("Mark Moll", "Sarah Castell")} <= found
