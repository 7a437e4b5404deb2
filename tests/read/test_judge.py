"""The judge: what it is given, what it answers, and that names play no part."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whipcount.article import Article, Attribution, Contest, Kind, Position, Sourcing, Span, Stand
from whipcount.read import judge as judge_module
from whipcount.read.candidates import candidates
from whipcount.read.judge import Limits, distinct, judge, load, number, weigh
from whipcount.read.judge_encoder import JudgeEncoder
from whipcount.read.judge_features import Frame
from whipcount.read.judge_rows import LIMIT, Row, collate, finish, rows
from whipcount.read.knowing import weights
from whipcount.read.mentions import mentions
from whipcount.read.pairs import CHOICES, NUMBERS, Pair, Scores, Views, combine, gather
from whipcount.read.parse import parse, sentences
from whipcount.read.positions import positions
from whipcount.read.reports import Ground, reports, shares, together

TEXT = (
    "Mayor backs Castell for governor\n\n"
    "Mayor Daniel Finch endorsed Sarah Castell for governor on Monday. “I am proud to endorse Sarah,” Finch said.\n\n"
    "Sen. Laura Merrow has not endorsed anyone and said she would not vote for Castell.\n\n"
    "Castell will meet Merrow at the harbour on Friday."
)


def even(count: int, likely: np.ndarray) -> Scores:
    """Scores that say nothing of the stand."""
    return Scores.linear_only(likely, np.full((count, 6), 1 / 6), np.zeros(count))


def asked(text: str = TEXT, least: float | None = None) -> tuple[Position, ...]:
    article = Article("a", text, title=text.split("\n", maxsplit=1)[0])
    doc = parse(article)
    found = mentions(article, doc)
    return judge(article, doc, found, (), positions(article, doc, found, ()), least).given


def test_a_plain_endorsement_is_found_with_its_sentence() -> None:
    [found] = [p for p in asked(least=0.3) if p.endorser == "Daniel Finch" and p.endorsee == "Sarah Castell"]
    assert found.position is Stand.ENDORSED
    assert found.confidence > 0.5
    assert "endorse" in found.evidence.of(TEXT)
    assert "judge" in found.because


def test_everything_is_ordered_and_within_bounds() -> None:
    found = asked(least=0.0)
    assert list(found) == sorted(found, key=lambda p: p.evidence)
    assert all(0 <= p.confidence <= 1 and 0 <= p.evidence.start < p.evidence.end <= len(TEXT) for p in found)
    assert {(p.endorser, p.endorsee) for p in asked()} <= {(p.endorser, p.endorsee) for p in found}
    assert all(p.endorser != p.endorsee for p in found)


def test_the_same_text_gives_the_same_answer() -> None:
    assert asked(least=0.0) == asked(least=0.0)


def test_an_article_without_names_gives_nothing() -> None:
    assert asked("It rained on the harbour, and the campaign was over.") == ()
    assert asked("") == ()


def test_no_name_is_in_what_the_judge_sees() -> None:
    article = Article("a", TEXT)
    doc = parse(article)
    found = mentions(article, doc)
    questions = candidates(doc, found)
    frame = Frame(doc, questions, positions(article, doc, found, ()))
    names = {"finch", "castell", "merrow", "daniel", "sarah", "laura"}
    for c in questions.candidates:
        for feature in frame.features(c):
            assert not names & set(feature.lower().replace(":", " ").replace(">", " ").split())
    tokenizer = JudgeEncoder.shipped().tokenizer
    for row in rows(questions, doc.text, tokenizer):
        assert not names & set(tokenizer.decode(row.ids.tolist()).split())


def test_rows_tell_who_is_asked_about() -> None:
    article = Article("a", TEXT)
    doc = parse(article)
    questions = candidates(doc, mentions(article, doc))
    for row in rows(questions, doc.text, JudgeEncoder.shipped().tokenizer):
        assert {2, 4} & set(row.role.tolist())
        assert {3, 5} & set(row.role.tolist())
        assert row.ids[0] == 101
        assert row.ids[-1] == 102


@given(st.integers(1, 400), st.data())
def test_long_windows_are_cut_around_the_two(size: int, data: st.DataObject) -> None:
    role = [1] * size
    one = data.draw(st.integers(0, size - 1))
    role[one] = 2
    row = finish(list(range(size)), [1] * size, [0] * size, role, [0] * size)
    assert len(row) == min(size, LIMIT) + 2
    assert one in row.ids[1:-1]
    assert 2 in row.role


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6))
def test_padding_adds_nothing(sizes: list[int]) -> None:
    batch = [finish([7] * n, [1] * n, [0] * n, [1] * n, [2] * n) for n in sizes]
    ids, mask, case, quote, role, said = collate(batch)
    assert mask.sum() == sum(len(r) for r in batch)
    for array in (ids, case, quote, role, said):
        assert (array[mask == 0] == 0).all()


def test_the_encoder_answers_each_by_itself() -> None:
    encoder = JudgeEncoder.shipped()
    one = finish([5000, 6000, 7000], [1, 1, 1], [0, 0, 0], [2, 1, 3], [0, 1, 1])
    two = finish([8000] * 20, [1] * 20, [0] * 20, [2, *[1] * 18, 3], [0] * 20)
    views = encoder.read([one, two])
    assert np.array_equal(views.classes[:1], encoder.read([one]).classes)
    for whole in (views.classes, views.sourcing):
        assert np.allclose(whole.sum(1), 1)
    for likely in (views.past, views.evidence):
        assert ((likely >= 0) & (likely <= 1)).all()
    assert encoder.read([]).classes.shape == (0, 7)


@settings(deadline=None)
@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=4), st.floats(0.1, 0.9))
def test_a_surer_encoder_makes_a_position_likelier(linear: list[float], step: float) -> None:
    n = len(linear)
    one = np.asarray(linear)
    scores = even(n, one)
    mix = (0.0, 0.7, 0.3)

    def joined(p: float) -> Scores:
        classes = np.full((n, 7), p / 6)
        classes[:, 0] = 1 - p
        views = replace(Views.blank(n), classes=classes)
        return combine(scores, np.arange(n), views, mix)

    assert (joined(step).position < joined(step + 0.09).position).all()
    assert np.allclose(joined(step).stand.sum(1), 1)


def test_numbers_have_names() -> None:
    article = Article("a", TEXT)
    doc = parse(article)
    found = mentions(article, doc)
    questions = candidates(doc, found)
    n = len(questions.candidates)
    scores = even(n, np.full(n, 0.5))
    pairs = gather(questions, scores, found, (), len(TEXT))
    assert pairs
    assert all(len(p.numbers) == len(NUMBERS) for p in pairs)
    assert all(p.choices.shape == (len(p.members), len(CHOICES)) for p in pairs)
    assert len({(p.endorser, p.endorsee) for p in pairs}) == len(pairs)


def weighed() -> tuple[Pair, list[dict[str, float]], Ground, Scores]:
    """The pair of the plain endorsement, what its sentences say, and where."""
    article = Article("a", TEXT, title=TEXT.split("\n", maxsplit=1)[0])
    doc = parse(article)
    found = mentions(article, doc)
    questions = candidates(doc, found)
    n = len(questions.candidates)
    scores = even(n, np.full(n, 0.5))
    ground = Ground(article, sentences(doc), questions, found, positions(article, doc, found, ()))
    pair = next(
        p
        for p in gather(questions, scores, found, ground.rules, len(TEXT))
        if (p.endorser, p.endorsee) == ("Daniel Finch", "Sarah Castell")
    )
    return pair, reports(pair, ground, scores), ground, scores


def test_the_surer_of_two_that_say_the_same_stays() -> None:
    pair, rows, ground, scores = weighed()
    verdict = weigh(pair, rows, np.full(len(rows), 1 / len(rows)), ground, scores, weights())
    short = replace(verdict, pair=replace(pair, endorser=pair.endorser.split()[-1]), sure=0.3)
    assert distinct([short, replace(verdict, sure=0.6)]) == [replace(verdict, sure=0.6)]


def test_a_record_is_given_only_where_sentence_and_sourcing_are_clear() -> None:
    pair, rows, ground, scores = weighed()
    verdict = weigh(pair, rows, np.full(len(rows), 1 / len(rows)), ground, scores, weights())
    clear = replace(verdict, sure=0.7, evidence_sure=0.8, sourcing_sure=0.8)
    limits = Limits(0.3, 2.5)
    assert limits.allow(clear)
    assert not limits.allow(replace(clear, sure=0.2))
    assert not limits.allow(replace(clear, evidence_sure=0.5))
    assert not limits.allow(replace(clear, sourcing_sure=0.4))


def test_what_is_said_of_a_sentence_has_no_name_in_it() -> None:
    pair, rows, ground, _ = weighed()
    assert len(rows) == len(pair.members)
    said = {word for row in rows for name in row for word in name.lower().replace(":", " ").split()}
    assert not said & {"finch", "castell", "merrow", "daniel", "sarah", "laura"}
    first = next(
        r for i, r in zip(pair.members, rows, strict=True) if ground.questions.candidates[i].focus.start == 0
    )
    assert first["headline"] == 1.0
    assert first["says: back"] == 1.0


@given(st.lists(st.floats(-3.0, 3.0), min_size=1, max_size=5))
def test_shares_are_of_a_whole_and_follow_what_speaks_for_a_sentence(pulls: list[float]) -> None:
    rows = [{"always": 1.0, "pull": pull} for pull in pulls]
    share = shares(rows, {"pull": 1.0})
    assert share.sum() == pytest.approx(1.0)
    assert pulls[int(share.argmax())] == pytest.approx(max(pulls))
    all_of_it = together(rows, share)
    assert all_of_it["choice: share"] == pytest.approx(share.max())
    assert all_of_it["any: headline"] == 0.0


def test_what_only_rules_read_stays() -> None:
    article = Article("a", TEXT)
    doc = parse(article)
    found = mentions(article, doc)
    before = Position(
        "Daniel Finch", Kind.PERSON, "Laura Merrow", Stand.ENDORSED, Sourcing.NARRATION, Span(34, 60),
        contest=Contest.PAST, confidence=0.7,
    )  # fmt: skip
    assert before.endorsee in {
        p.endorsee for p in judge(article, doc, found, (), (before,)).given if p.contest is Contest.PAST
    }


def test_weights_that_are_not_the_manifests_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / judge_module.MODEL).write_bytes(b"other")
    (tmp_path / "models" / judge_module.MANIFEST).write_text('{"sha256": "0"}')
    monkeypatch.setattr(judge_module.resources, "files", lambda _: tmp_path)
    load.cache_clear()
    with pytest.raises(judge_module.ModelError, match="install the package again"):
        load()
    load.cache_clear()


def test_feature_numbers_are_found_again() -> None:
    model = load()
    assert (np.diff(model.keys.astype(np.int64)) > 0).all()
    assert len(model.columns(["no such feature at all"])) == 0
    assert number("o12") in model.keys


def test_row_length() -> None:
    row = Row(*(np.zeros(3, np.int64) for _ in range(5)))
    assert len(row) == 3


def test_rows_tell_whose_words_they_are() -> None:
    text = "Daniel Finch said Sarah Castell deserves every vote."
    article = Article("a", text)
    doc = parse(article)
    said = Attribution((Span(0, 12),), (Span(13, 17),), (Span(18, 51),), "Daniel Finch", Sourcing.OWN_WORDS)
    questions = candidates(doc, mentions(article, doc), (said,))
    tokenizer = JudgeEncoder.shipped().tokenizer
    [row] = [
        r
        for c, r in zip(questions.candidates, rows(questions, text, tokenizer), strict=True)
        if c.endorser == "Daniel Finch"
    ]
    assert row.said[1] == 0
    assert set(row.said[3:-2].tolist()) == {1}
