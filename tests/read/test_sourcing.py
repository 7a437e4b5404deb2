"""Who speaks, how the article knows, through which outlet: on invented people and papers."""

import csv
import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whipcount.article import Article, Attribution, Kind, Mention, Sourcing, Span
from whipcount.outlet_table import OutletKind
from whipcount.read.outlet_names import find_outlets, is_own, same_outlet
from whipcount.read.sourcing import resolve

PEOPLE = {
    "Odell Finch": ["Odell Finch", "Finch"],
    "Rina Castell": ["Rina Castell", "Castell"],
    "Theo Quill": ["Theo Quill", "Quill"],
    "Mara Voss": ["Mara Voss", "Voss"],
}
GUILD = "Calder Nurses Guild"


def span(text: str, part: str, after: int = 0) -> Span:
    start = text.index(part, after)
    return Span(start, start + len(part))


def said(text: str, source: str, cue: str, content: str) -> Attribution:
    """An attribution by the words of its parts; the cue nearest to the source counts."""
    told = span(text, content)
    sources = [Span(*hit.span()) for hit in re.finditer(re.escape(source), text)] if source else []
    outside = [s for s in sources if not told.holds(s)] or sources
    from_ = (
        min(outside, key=lambda s: min(abs(s.end - told.start), abs(s.start - told.end))) if outside else None
    )
    cues = [Span(*hit.span()) for hit in re.finditer(re.escape(cue), text)]
    near = from_ or told
    by = min(cues, key=lambda c: min(abs(c.start - near.end), abs(near.start - c.end)))
    return Attribution((from_,) if from_ else (), (by,), (told,))


def mentioned(text: str, **pronouns: str) -> list[Mention]:
    out = []
    for name, forms in PEOPLE.items():
        taken: list[Span] = []
        for form in forms:
            for hit in re.finditer(rf"\b{form}\b", text):
                here = Span(*hit.span())
                if not any(here.overlaps(other) for other in taken):
                    taken.append(here)
        out += [Mention(s, name, Kind.PERSON, "name") for s in taken]
    out += [Mention(Span(*h.span()), GUILD, Kind.ORGANIZATION, "name") for h in re.finditer(GUILD, text)]
    for word, name in pronouns.items():
        out += [
            Mention(Span(*h.span()), name, Kind.PERSON, "pronoun") for h in re.finditer(rf"\b{word}\b", text)
        ]
    return sorted(out, key=lambda m: m.span)


def lines(text: str) -> list[Span]:
    return [
        Span(*hit.span()) for hit in re.finditer(r"\S(?:[^\n]*?[.!?][\"”]?(?= [A-Z“\"]|\n|$)|[^\n]*)", text)
    ]


def known(
    text: str,
    *attributions: Attribution,
    outlet: str | None = None,
    original: str | None = None,
    **pronouns: str,
) -> list[tuple[str | None, str, str | None]]:
    article = Article("x", text, outlet=outlet, original_outlet=original)
    got = resolve(article, mentioned(text, **pronouns), attributions, lines(text))
    return [(a.speaker, a.sourcing.value, a.via) for a in got]


@pytest.mark.parametrize(
    ("text", "source", "cue", "content", "expected"),
    [
        (
            "Odell Finch said he is out.",
            "Odell Finch",
            "said",
            "he is out",
            ("Odell Finch", "own_words", None),
        ),
        (
            "Odell Finch was there. “I am out,” said former Gov. Finch (R-Calder), who lost in May.",
            "former Gov. Finch (R-Calder), who lost in May",
            "said",
            "“I am out,”",
            ("Odell Finch", "own_words", None),
        ),
        (
            "The Calder Nurses Guild said it is out.",
            "The Calder Nurses Guild",
            "said",
            "it is out",
            (GUILD, "own_words", None),
        ),
        (
            "A spokeswoman for Odell Finch said he is out.",
            "A spokeswoman for Odell Finch",
            "said",
            "he is out",
            ("Odell Finch", "spokesperson", None),
        ),
        (
            "Finch's press secretary, Theo Quill, said Odell Finch is out.",
            "Finch's press secretary, Theo Quill,",
            "said",
            "Odell Finch is out",
            ("Odell Finch", "spokesperson", None),
        ),
        (
            "Theo Quill, a spokesman for Odell Finch, said he is out.",
            "Theo Quill, a spokesman for Odell Finch,",
            "said",
            "he is out",
            ("Odell Finch", "spokesperson", None),
        ),
        (
            "Finch’s office said Odell Finch is out.",
            "Finch’s office",
            "said",
            "Odell Finch is out",
            ("Odell Finch", "spokesperson", None),
        ),
        (
            "The Finch campaign said in a statement that Odell Finch is out.",
            "The Finch campaign",
            "said in a statement",
            "Odell Finch is out",
            ("Odell Finch", "spokesperson", None),
        ),
        (
            "Aides to Odell Finch said in a statement that he is out.",
            "Aides to Odell Finch",
            "said in a statement",
            "he is out",
            ("Odell Finch", "spokesperson", None),
        ),
        (
            "Aides to Odell Finch said he is out.",
            "Aides to Odell Finch",
            "said",
            "he is out",
            (None, "unnamed_source", None),
        ),
        (
            "Theo Quill, a former spokesman for Odell Finch, said he is out.",
            "Theo Quill, a former spokesman for Odell Finch,",
            "said",
            "he is out",
            ("Theo Quill", "own_words", None),
        ),
        (
            "People familiar with Finch's plans say Odell Finch is out.",
            "People familiar with Finch's plans",
            "say",
            "Odell Finch is out",
            (None, "unnamed_source", None),
        ),
        (
            "One senator who asked not to be named said Odell Finch is out.",
            "One senator who asked not to be named",
            "said",
            "Odell Finch is out",
            (None, "unnamed_source", None),
        ),
        (
            "His campaign manager, Theo Quill, said Finch is out.",
            "His campaign manager, Theo Quill,",
            "said",
            "Finch is out",
            ("Theo Quill", "own_words", None),
        ),
        ("It was reported that Finch is out.", "", "reported", "Finch is out", (None, "narration", None)),
        ("A poll found that Finch is out.", "A poll", "found", "Finch is out", (None, "narration", None)),
        (
            "A statement from Finch's office said Odell Finch is out.",
            "A statement from Finch's office",
            "said",
            "Odell Finch is out",
            ("Odell Finch", "spokesperson", None),
        ),
    ],
)
def test_who_speaks(
    text: str, source: str, cue: str, content: str, expected: tuple[str | None, str, str | None]
) -> None:
    assert known(text, said(text, source, cue, content), his="Odell Finch", His="Odell Finch") == [expected]


@pytest.mark.parametrize(
    ("text", "source", "cue", "content", "via"),
    [
        (
            "Odell Finch told The Ashford Post he is out.",
            "Odell Finch",
            "told",
            "he is out",
            "The Ashford Post",
        ),
        ("Odell Finch told KQRV-TV he is out.", "Odell Finch", "told", "he is out", "KQRV-TV"),
        (
            "In an interview with Calder Public Radio, Odell Finch said he is out.",
            "Odell Finch",
            "said",
            "he is out",
            "Calder Public Radio",
        ),
        (
            "“I am out,” Odell Finch wrote in an Ashford Tribune op-ed.",
            "Odell Finch",
            "wrote",
            "“I am out,”",
            "Ashford Tribune",
        ),
        (
            "“I am out,” Odell Finch said on Brightwater News.",
            "Odell Finch",
            "said",
            "“I am out,”",
            "Brightwater News",
        ),
        ("Odell Finch said on Twitter that he is out.", "Odell Finch", "said", "he is out", None),
        ("Odell Finch told reporters he is out.", "Odell Finch", "told", "he is out", None),
        (
            "Odell Finch said at the Brightwater News debate that he is out.",
            "Odell Finch",
            "said",
            "he is out",
            None,
        ),
        (
            "Theo Quill, a reporter for The Ashford Post, said he is out.",
            "Theo Quill, a reporter for The Ashford Post,",
            "said",
            "he is out",
            None,
        ),
    ],
)
def test_told_to(text: str, source: str, cue: str, content: str, via: str | None) -> None:
    assert known(text, said(text, source, cue, content))[0][2] == via


def test_credited_outlet() -> None:
    text = "According to The Ashford Post, Odell Finch is out."
    assert known(text, said(text, "The Ashford Post", "According to", "Odell Finch is out")) == [
        (None, "outlet", "The Ashford Post")
    ]


def test_an_outlets_report_and_its_short_name() -> None:
    text = "The Ashford Post has a story. A report in the Post says Odell Finch is out."
    got = known(text, said(text, "A report in the Post", "says", "Odell Finch is out"))
    assert got == [(None, "outlet", "The Ashford Post")]


def test_a_paper_that_endorses_speaks_for_itself() -> None:
    text = "The Ashford Post endorsed Rina Castell on Sunday."
    assert known(text, said(text, "The Ashford Post", "endorsed", "Rina Castell")) == [
        ("The Ashford Post", "own_words", None)
    ]


def test_own_outlet_is_no_via() -> None:
    text = "Odell Finch told The Ashford Post he is out. According to the Post, Rina Castell is glad."
    told = said(text, "Odell Finch", "told", "he is out")
    credited = said(text, "the Post", "According to", "Rina Castell is glad")
    for own in ({"outlet": "The Ashford Post"}, {"outlet": "Wire Daily", "original": "Ashford Post"}):
        got = known(text, told, credited, **own)
        assert got == [("Odell Finch", "own_words", None), (None, "narration", None)]


def test_initials_of_the_original_outlet() -> None:
    text = "In a comment provided to CI, Odell Finch said he is out."
    got = known(
        text, said(text, "Odell Finch", "said", "he is out"), outlet="Portal", original="Calder Insider"
    )
    assert got == [("Odell Finch", "own_words", None)]


def test_the_outlet_is_the_one_named_last() -> None:
    text = (
        "Odell Finch told Brightwater News he is out.\n\n"
        "A friend of Finch who spoke to the outlet said Castell is in.\n\n"
        "He also told the network that Quill is in."
    )
    first = said(text, "Odell Finch", "told", "he is out")
    friend = said(text, "A friend of Finch who spoke to the outlet", "said", "Castell is in")
    again = said(text, "He", "told", "Quill is in")
    assert known(text, first, friend, again, He="Odell Finch") == [
        ("Odell Finch", "own_words", "Brightwater News"),
        (None, "unnamed_source", "Brightwater News"),
        ("Odell Finch", "own_words", "Brightwater News"),
    ]


def test_the_source_added_is_the_same_source() -> None:
    text = (
        "“He waits,” a person close to Finch told The Ashford Post.\n\n"
        "The source added: “He may wait long.”\n\n"
        "“Too long,” they said."
    )
    got = known(
        text,
        said(text, "a person close to Finch", "told", "“He waits,”"),
        said(text, "The source", "added", "“He may wait long.”"),
        said(text, "they", "said", "“Too long,”"),
    )
    assert got == [(None, "unnamed_source", "The Ashford Post")] * 3


def test_a_statement_elsewhere_does_not_inherit() -> None:
    text = (
        "Odell Finch told The Ashford Post he is out.\n\n"
        "Finch said in a statement that Castell is in.\n\n"
        "Finch said Quill is in."
    )
    got = known(
        text,
        said(text, "Odell Finch", "told", "he is out"),
        said(text, "Finch", "said in a statement", "Castell is in"),
        said(text, "Finch", "said Quill", "Quill is in"),
    )
    assert [via for _, _, via in got] == ["The Ashford Post", None, None]


def test_he_added_goes_on_with_the_interview() -> None:
    text = "Odell Finch told The Ashford Post he is out.\n\n“And Castell is in,” he added."
    got = known(
        text,
        said(text, "Odell Finch", "told", "he is out"),
        said(text, "he", "added", "“And Castell is in,”"),
        he="Odell Finch",
    )
    assert got[1] == ("Odell Finch", "own_words", "The Ashford Post")


def test_relayed_report() -> None:
    text = "“I am out,” Odell Finch said, according to The Ashford Post."
    got = known(
        text,
        said(text, "Odell Finch", "said", "“I am out,”"),
        said(text, "The Ashford Post", "according to", "“I am out,”"),
    )
    assert got == [("Odell Finch", "own_words", "The Ashford Post"), (None, "outlet", "The Ashford Post")]


def test_told_one_outlet_and_relayed_by_another() -> None:
    text = "“I am out,” Odell Finch told Brightwater News, according to The Ashford Post."
    got = known(
        text,
        said(text, "Odell Finch", "told", "“I am out,”"),
        said(text, "The Ashford Post", "according to", "“I am out,”"),
    )
    assert got[0][2] == "Brightwater News"


def test_two_statements_in_a_sentence_keep_their_outlets() -> None:
    text = "Odell Finch told The Ashford Post he is out, while Rina Castell told Brightwater News she is in."
    got = known(
        text,
        said(text, "Odell Finch", "told", "he is out"),
        said(text, "Rina Castell", "told", "she is in"),
    )
    assert [via for _, _, via in got] == ["The Ashford Post", "Brightwater News"]


def test_a_host_stands_for_the_outlet() -> None:
    text = "Brightwater News host Mara Voss has a show. Odell Finch told Voss he is out."
    assert known(text, said(text, "Odell Finch", "told", "he is out")) == [
        ("Odell Finch", "own_words", "Brightwater News")
    ]


def test_i_within_a_quotation_is_the_quoted() -> None:
    text = "“I have said that I am out,” Odell Finch told friends."
    outer = said(text, "Odell Finch", "told", "“I have said that I am out,”")
    inner = Attribution(
        (span(text, "I have")._replace(end=2),), (span(text, "said"),), (span(text, "I am out"),)
    )
    assert known(text, inner, outer)[0] == ("Odell Finch", "own_words", None)


def test_who_leans_on_the_name_before() -> None:
    text = "Odell Finch, who said he is out, left."
    assert known(text, said(text, "who", "said", "he is out")) == [("Odell Finch", "own_words", None)]
    text = "Voters who said he is out left."
    assert known(text, said(text, "who", "said", "he is out")) == [(None, "unnamed_source", None)]


def test_a_spokesman_named_before_speaks_for_the_same() -> None:
    text = "Finch spokesman Theo Quill came.\n\nOdell Finch did not. Quill said it is over."
    assert known(text, said(text, "Quill", "said", "it is over")) == [("Odell Finch", "spokesperson", None)]


def test_a_name_that_the_mentions_lack() -> None:
    text = "Gov. Perla Adair said it is over. “Enough,” said Adair."
    got = known(
        text, said(text, "Gov. Perla Adair", "said", "it is over"), said(text, "Adair", "said", "“Enough,”")
    )
    assert got[0] == ("Perla Adair", "own_words", None)


def test_order_and_spans_are_kept() -> None:
    text = "Odell Finch said he is out. Rina Castell said she is in."
    given_ = [said(text, "Rina Castell", "said", "she is in"), said(text, "Odell Finch", "said", "he is out")]
    got = resolve(Article("x", text), mentioned(text), given_, lines(text))
    assert [(a.source, a.cue, a.content) for a in got] == [(a.source, a.cue, a.content) for a in given_]
    assert [a.speaker for a in got] == ["Rina Castell", "Odell Finch"]


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 12)), min_size=3, max_size=9))
def test_any_spans_come_back_filled(cuts: list[tuple[int, int]]) -> None:
    """Whatever spans a model proposes: none lost, none moved, the sourcing one of the six."""
    text = "“I am out,” said Odell Finch’s spokesman, who told The Ashford Post and Calder News it. He left. They said: no."
    spans = [Span(a, min(a + n, len(text))) for a, n in cuts]
    third = len(spans) // 3
    proposed = [
        Attribution(tuple(spans[:third]), tuple(spans[third : 2 * third]), tuple(spans[2 * third :]))
    ] * 2
    got = resolve(Article("x", text), mentioned(text), proposed, lines(text))
    assert [(a.source, a.cue, a.content) for a in got] == [(a.source, a.cue, a.content) for a in proposed]
    assert all(isinstance(a.sourcing, Sourcing) for a in got)


def test_outlet_names_come_in_their_fullest_form() -> None:
    text = "He told the Post no. The Ashford Post ran it. A Post reporter told WQRV radio so."
    assert {o.name for o in find_outlets(text)} == {"The Ashford Post", "WQRV"}


TABLE = files("whipcount.page").joinpath("data/outlets.csv").read_text(encoding="utf-8").splitlines()
WORDS = [row["name"][1:] for row in csv.DictReader(TABLE) if row["name"].startswith("?")]


@pytest.mark.parametrize("name", WORDS)
def test_names_that_are_ordinary_words(name: str) -> None:
    """They are outlets only where the sentence speaks of telling or reporting."""
    word = name.removeprefix("The ")
    assert find_outlets(f"{word} was good to them, and they knew it.") == ()
    assert [o.key for o in find_outlets(f"She told {name} she would.")] == [word]


@pytest.mark.parametrize(
    "text", ["The post was lost.", "She won a Golden Globe.", "Breaking News came late."]
)
def test_ordinary_words_are_no_outlets(text: str) -> None:
    assert find_outlets(text) == ()


def test_every_name_in_the_table_is_found() -> None:
    for row in csv.DictReader(TABLE):
        assert row["kind"] in set(OutletKind)
        for form in filter(None, [row["name"], *row["also"].split("|")]):
            found = find_outlets(f"Odell told {form.lstrip('?')} that it is over.")
            assert [o.key for o in found] == [row["name"].lstrip("?").removeprefix("The ")], form


@given(st.text(max_size=200))
def test_outlet_spans_lie_in_the_text(text: str) -> None:
    for outlet in find_outlets(text + " told The Ashford Post"):
        assert 0 <= outlet.span.start < outlet.span.end


def test_same_outlet() -> None:
    assert same_outlet("the Ashford Post", "The Ashford Post")
    assert same_outlet("CN", "Calder News")
    assert same_outlet("ash-post", "The Ashford Post")
    assert same_outlet("calder-news", "CalderNews")
    assert not same_outlet("The Ashford Post", "The Ashford Times")


def test_own_by_address() -> None:
    name = find_outlets("Finch told The Ashford Post no.")[0]
    assert is_own(name, Article("x", "", url="https://www.ashfordpost.example/a"))
    assert not is_own(name, Article("x", "", url="https://www.caldernews.example/a"))


def test_it_is_the_paper_that_reported() -> None:
    text = "The Ashford Post reported that Odell Finch is out. It added that Rina Castell is in."
    got = known(
        text,
        said(text, "The Ashford Post", "reported", "Odell Finch is out"),
        said(text, "It", "added", "Rina Castell is in"),
    )
    assert got == [(None, "outlet", "The Ashford Post")] * 2


def test_a_description_is_who_spoke_last() -> None:
    text = "Odell Finch said he is out. The retired surgeon said Castell is in."
    got = known(
        text,
        said(text, "Odell Finch", "said", "he is out"),
        said(text, "The retired surgeon", "said", "Castell is in"),
    )
    assert got[1] == ("Odell Finch", "own_words", None)


def test_the_group_described_and_not_its_description() -> None:
    text = "Odell Finch met the Calder Nurses Guild, a union that says he is out."
    assert known(text, said(text, "that", "says", "he is out")) == [(GUILD, "own_words", None)]


def test_told_the_capital_is_an_outlet_wherever_it_stands() -> None:
    text = "The Capitol Sheet has a scoop. Odell Finch told The Capitol Sheet he is out."
    assert known(text, said(text, "Odell Finch", "told", "he is out"))[0][2] == "The Capitol Sheet"
    text = "The Capitol Sheet reported that Odell Finch is out."
    assert known(text, said(text, "The Capitol Sheet", "reported", "Odell Finch is out")) == [
        (None, "outlet", "The Capitol Sheet")
    ]
    assert find_outlets("The Harbor Council reported a loss.") == ()


def test_a_station_keeps_its_number() -> None:
    text = "Odell Finch told Lakeshore News 9 he is out."
    assert known(text, said(text, "Odell Finch", "told", "he is out"))[0][2] == "Lakeshore News 9"


def test_an_editorial_speaks_for_its_paper() -> None:
    text = "The Calder Bugle endorses Rina Castell. This page has backed nobody since May."
    paper, page = (
        said(text, "The Calder Bugle", "endorses", "Rina Castell"),
        said(text, "This page", "backed", "nobody"),
    )
    assert (
        known(text, paper, page, outlet="The Calder Bugle") == [("The Calder Bugle", "own_words", None)] * 2
    )


def test_the_union_is_the_one_named_before() -> None:
    text = "The Calder Nurses Guild met. The guild said Odell Finch is out."
    assert known(text, said(text, "The guild", "said", "Odell Finch is out")) == [(GUILD, "own_words", None)]


@pytest.mark.parametrize(
    "source",
    ["her brother and law partner, Theo Quill,", "Castell’s running mate, the county judge Theo Quill,"],
)
def test_a_name_after_its_description(source: str) -> None:
    text = f"Rina Castell came, and {source} said Finch is out."
    assert known(text, said(text, source, "said", "Finch is out")) == [("Theo Quill", "own_words", None)]


def test_a_pronoun_in_the_tail_is_not_the_source() -> None:
    text = "Odell Finch left. A student beside him said Castell is in."
    assert known(text, said(text, "A student beside him", "said", "Castell is in"), him="Odell Finch") == [
        (None, "unnamed_source", None)
    ]


def test_a_pronoun_after_a_quotation_goes_on_with_its_speaker() -> None:
    text = "“I like Theo Quill,” Odell Finch told The Ashford Post.\n\n“But Quill is wrong,” he added."
    first = said(text, "Odell Finch", "told", "“I like Theo Quill,”")
    second = said(text, "he", "added", "“But Quill is wrong,”")
    assert known(text, first, second, he="Theo Quill")[1] == ("Odell Finch", "own_words", "The Ashford Post")


def test_a_pronoun_of_the_other_sex_does_not_go_on() -> None:
    text = "“I like Theo Quill,” he, Odell Finch, said.\n\n“But Mara Voss is wrong,” she added."
    first = said(text, "Odell Finch", "said", "“I like Theo Quill,”")
    second = said(text, "she", "added", "“But Mara Voss is wrong,”")
    assert known(text, first, second, he="Odell Finch", she="Mara Voss")[1][0] == "Mara Voss"


def test_a_reporter_is_the_outlet() -> None:
    text = "The Ashford Post's Theo Quill reported that Odell Finch is out."
    got = known(text, said(text, "The Ashford Post's Theo Quill", "reported", "that Odell Finch is out"))
    assert got == [(None, "outlet", "The Ashford Post")]


def test_a_report_on_an_endorsement_is_no_endorsement() -> None:
    text = "The Ashford Post reported on an endorsement of Odell Finch."
    got = known(text, said(text, "The Ashford Post", "reported on", "an endorsement of Odell Finch"))
    assert got == [(None, "outlet", "The Ashford Post")]


def test_a_credit_behind_the_speaker() -> None:
    text = "“I am out,” said Odell Finch, according to The Ashford Post. “I mean it.”"
    one = said(text, "Odell Finch", "said", "“I am out,”")
    other = said(text, "The Ashford Post", "according to", "“I mean it.”")
    assert known(text, one, other)[0] == ("Odell Finch", "own_words", "The Ashford Post")


def test_an_answer_is_given_where_the_question_was() -> None:
    text = "Asked on Calder News whether he is out, Odell Finch demurred, saying he is tired."
    one = said(text, "", "Asked", "whether he is out")
    other = said(text, "Odell Finch", "saying", "he is tired")
    assert known(text, one, other)[1] == ("Odell Finch", "own_words", "Calder News")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("He wrote in Calder's Ashford Gazette that he is out.", "Ashford Gazette"),
        ("He told Cosmopolitan Magazine no.", "Cosmopolitan Magazine"),
    ],
)
def test_names_after_a_possessive_and_with_magazine(text: str, name: str) -> None:
    assert [o.name for o in find_outlets(text)] == [name]


@pytest.mark.parametrize("own", ["Calder News (Web News)", "Calder News - Politics", "Calder News Online"])
def test_editions_of_an_outlet_are_the_outlet(own: str) -> None:
    text = "He told Calder News no."
    assert is_own(find_outlets(text)[0], Article("x", text, outlet=own))
