"""The attribution model on invented text: what it reads, and what must hold for any text."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whipcount.article import Attribution, Span
from whipcount.read.attribution import attribute, attribute_all, encoder
from whipcount.read.decode import FIRST, FOLLOW, LABELS, LAST, best_tags
from whipcount.read.encoder import Encoder, ModelError
from whipcount.read.tokens import cut, tokenize, windows

PLAIN = "FENWICK — Councillor Ada Quill said on Monday that the harbour levy would pass. It rained.\n"


def of(text: str, spans: tuple[Span, ...]) -> str:
    """The words of a role, without quotation marks and signs at its edges."""
    return " … ".join(span.of(text).strip('"“”,. ') for span in spans)


def said(text: str, words: str) -> Attribution:
    """The attribution whose content holds `words`."""
    found = [a for a in attribute(text) if any(words in s.of(text) for s in a.content)]
    assert len(found) == 1, attribute(text)
    return found[0]


@pytest.mark.parametrize(
    ("text", "source", "cue", "words"),
    [
        (
            "Mayor Tove Lind said she would back the ferry plan.",
            "Mayor Tove Lind",
            "said",
            "back the ferry plan",
        ),
        (
            "The bridge is unsafe, according to Bram Osei.",
            "Bram Osei",
            "according to",
            "The bridge is unsafe",
        ),
        ("“We will win,” Ada Quill said, “and we will win in Fenwick.”", "Ada Quill", "said", "We will win"),
        (
            "“We will win,” Ada Quill said, “and we will win in Fenwick.”",
            "Ada Quill",
            "said",
            "win in Fenwick",
        ),
        ("“We are ready to vote,” Osei told The Fenwick Courier.", "Osei", "told", "We are ready to vote"),
        (
            "“I will not support him,” they told The Courier on Friday.",
            "they",
            "told",
            "I will not support him",
        ),
        ("“He never asked us,” the source added.", "the source", "added", "He never asked us"),
        (
            "The board argued that “nobody asked the ferrymen” before the vote.",
            "The board",
            "argued",
            "nobody asked",
        ),
        (
            '"It is over," said Lind, the mayor of Fenwick.',
            "Lind, the mayor of Fenwick",
            "said",
            "It is over",
        ),
    ],
)
def test_source_before_after_and_amid_the_content(text: str, source: str, cue: str, words: str) -> None:
    found = said(f"News from the quay.\n\n{text}\n\nIt rained all day.", words)
    whole = f"News from the quay.\n\n{text}\n\nIt rained all day."
    assert of(whole, found.source) == source
    assert cue in of(whole, found.cue)


def test_one_speaker_on_both_sides_is_one_attribution() -> None:
    text = "“We will win,” Ada Quill said, “and we will win in Fenwick.”"
    assert said(text, "We will win") == said(text, "win in Fenwick")


def test_a_headline_is_read() -> None:
    text = "Quill: ‘The levy is dead’\n\nThe council met on Tuesday.\n\nMayor Tove Lind said the talks go on."
    assert of(text, said(text, "The levy is dead").source) == "Quill"


def test_a_quotation_over_several_paragraphs_is_read_in_each() -> None:
    text = (
        "Ada Quill said the plan was dead.\n\n“I asked them in May,” Quill said. “I asked them in June.\n\n"
        "“Nobody answered me,” she added.\n"
    )
    assert of(text, said(text, "Nobody answered me").source) == "she"
    assert of(text, said(text, "I asked them in May").source) == "Quill"


def test_a_quotation_within_a_report() -> None:
    text = "Osei said that Quill had told him, “You will lose,” before the vote."
    assert of(text, said(text, "You will lose").source) in {"Osei", "Quill"}


def test_plain_narration_is_nobodys_word() -> None:
    assert attribute("The council met on Tuesday. It rained all day. The ferry left at noon.") == ()


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "\u200b", "\x00", ".", "“”", '"'])
def test_next_to_nothing(text: str) -> None:
    assert attribute(text) == ()


PIECES = st.sampled_from(
    [
        "Zoë Ångström said ",
        "“ja, 𝒷𝑜𝓁𝒹!” ",
        "\n\n",
        "he added, ",
        "the levy 🛶 would pass. ",
        "é́",
        "İ",
        "ﬁ",
        "\r\n",
        "北京 ",
        "''",
        "``no`` ",
    ]
)


@settings(max_examples=25, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=80)))
def test_offsets_lie_in_the_text_and_parts_in_order(text: str) -> None:
    for found in attribute(text):
        assert found.content
        for parts in (found.source, found.cue, found.content):
            assert list(parts) == sorted(parts)
            for span in parts:
                assert 0 <= span.start < span.end <= len(text)
                assert span.of(text).strip()


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=200)))
def test_pieces_follow_each_other_and_windows_cover_them_once(text: str) -> None:
    tokens = tokenize(text, encoder().tokenizer)
    assert (tokens.start[1:] >= tokens.start[:-1]).all()
    assert not len(tokens) or (tokens.end <= len(text)).all()
    for size, context in ((24, 4), (254, 32)):
        covered = [i for w in windows(tokens, text, size, context) for i in range(w.core_start, w.core_end)]
        assert covered == list(range(len(tokens)))
        assert all(
            w.start <= w.core_start and w.core_end <= w.end for w in windows(tokens, text, size, context)
        )
        assert all(w.end - w.start <= size for w in windows(tokens, text, size, context))


def test_offsets_count_code_points() -> None:
    text = "🛶🛶 Naïveté. " + PLAIN
    found = said(text, "the harbour levy would pass")
    assert of(text, found.source) == "Councillor Ada Quill"


def test_alone_and_in_any_company_the_same() -> None:
    texts = [PLAIN * 3, "“No,” said Lind.", "", "It rained.\n\n" + PLAIN, PLAIN * 40]
    alone = [attribute(text) for text in texts]
    assert attribute_all(texts) == alone
    assert attribute_all(texts[::-1], threads=1) == alone[::-1]
    assert attribute_all(texts * 8, threads=3) == alone * 8


def test_a_paragraph_without_end_is_read_whole() -> None:
    text = PLAIN.replace("\n", " ") * 60
    found = attribute(text)
    assert len(found) > 50
    assert found[-1].content[0].start > len(text) - 2 * len(PLAIN)


def test_a_text_of_many_sections_is_read_as_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    once = attribute(PLAIN)
    monkeypatch.setattr("whipcount.read.encoder.SECTION", 300)
    text = PLAIN * 60
    found = attribute(text)
    assert len(found) == 60 * len(once)
    assert found[-1].content[0].of(text) == once[-1].content[0].of(PLAIN)


def test_work_grows_with_length_alone() -> None:
    tokenizer = encoder().tokenizer
    short, long = (
        sum(w.end - w.start for w in windows(tokenize(t, tokenizer), t)) for t in (PLAIN * 20, PLAIN * 200)
    )
    assert 9 * short <= long <= 11 * short


def test_the_state_of_a_quotation() -> None:
    text = 'She said "yes" and “no. \n\n“Never” he said.'
    tokens = tokenize(text, encoder().tokenizer)
    words = {text[s:e]: q for s, e, q in zip(tokens.start, tokens.end, tokens.quote.tolist(), strict=True)}
    assert {w: words[w] for w in ("She", "yes", "and", "no", "Never", "he")} == {
        "She": 0,
        "yes": 1,
        "and": 0,
        "no": 1,
        "Never": 1,
        "he": 0,
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.integers(0, 2**32 - 1))
def test_tags_are_legal_and_the_same_alone(lengths: list[int], seed: int) -> None:
    scores = [
        np.random.default_rng([seed, n]).normal(size=(length, len(LABELS))).astype(np.float32)
        for n, length in enumerate(lengths)
    ]
    together = best_tags(scores)
    for own, tags in zip(scores, together, strict=True):
        assert len(tags) == len(own)
        assert (best_tags([own])[0] == tags).all()
        if len(tags):
            assert FIRST[tags[0]]
            assert LAST[tags[-1]]
            assert FOLLOW[tags[:-1], tags[1:]].all()


def test_the_best_sequence_is_found() -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(4, len(LABELS))).astype(np.float32)
    best, best_total = None, -np.inf
    for code in np.ndindex(*(len(LABELS),) * 4):
        tags = np.asarray(code)
        if FIRST[tags[0]] and LAST[tags[-1]] and FOLLOW[tags[:-1], tags[1:]].all():
            total = scores[np.arange(4), tags].sum()
            if total > best_total:
                best, best_total = tags, total
    assert best is not None
    assert (best_tags([scores])[0] == best).all()


def test_cut_pieces_keep_their_offsets() -> None:
    tokens = tokenize(PLAIN, encoder().tokenizer)
    assert (cut(tokens, 3, 7).start == tokens.start[3:7]).all()


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="can't be read"):
        Encoder(tmp_path)
