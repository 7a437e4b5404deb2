"""Through which outlet a position is known: on invented people and papers."""

import re

import pytest

from whipcount.article import Article, Attribution, Contest, Kind, Mention, Position, Sourcing, Span, Stand
from whipcount.read.via import via_of

NAMES = ("Odell Finch", "Rina Castell", "The Ashford Post")


def span(text: str, part: str) -> Span:
    """Where a part stands last."""
    start = text.rindex(part)
    return Span(start, start + len(part))


def mentioned(text: str) -> list[Mention]:
    return [
        Mention(Span(*hit.span()), name, Kind.PERSON, "name")
        for name in NAMES
        for hit in re.finditer(name.split()[-1], text)
    ]


def found(
    text: str,
    evidence: str,
    *told: Attribution,
    endorser: str = "Odell Finch",
    sourcing: Sourcing = Sourcing.OWN_WORDS,
    outlet: str | None = None,
) -> str | None:
    position = Position(
        endorser, Kind.PERSON, "Rina Castell", Stand.ENDORSED, sourcing, span(text, evidence), Contest.CURRENT
    )
    return via_of(position, sourcing, None, Article("x", text, outlet=outlet), mentioned(text), told)


def said(text: str, source: str, content: str, via: str | None = None) -> Attribution:
    return Attribution(
        (span(text, source),), (), (span(text, content),), "Odell Finch", Sourcing.OWN_WORDS, via
    )


BESIDE = "{} \n\n“We need Castell to win,” Finch told The Ashford Post."


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ("Odell Finch is backing Rina Castell.", "The Ashford Post"),
        ("Odell Finch endorsed Rina Castell in a statement.", None),
        ("Odell Finch endorsed Rina Castell last year.", None),
    ],
)
def test_the_statement_beside_the_evidence_names_the_outlet(evidence: str, expected: str | None) -> None:
    text = BESIDE.format(evidence)
    told = said(text, "Finch", "“We need Castell to win,”", "The Ashford Post")
    assert found(text, evidence, told) == expected


def test_narration_has_no_outlet() -> None:
    text = BESIDE.format("Odell Finch is backing Rina Castell.")
    told = said(text, "Finch", "“We need Castell to win,”", "The Ashford Post")
    assert found(text, "Odell Finch is backing Rina Castell.", told, sourcing=Sourcing.NARRATION) is None


def test_a_statement_far_off_counts_only_where_it_is_on_the_candidacy() -> None:
    evidence = "Odell Finch is backing Rina Castell."
    far = evidence + "\n\nIt rained.\n\nIt poured.\n\nIt froze.\n\n“{},” Finch told The Ashford Post."
    for words, expected in (("I will vote for Castell", "The Ashford Post"), ("Castell is tall", None)):
        text = far.format(words)
        told = said(text, "Finch", f"“{words},”", "The Ashford Post")
        assert found(text, evidence, told) == expected


def test_an_outlet_that_endorses_is_not_its_own_outlet() -> None:
    text = "The Ashford Post called for Rina Castell to be elected."
    told = Attribution(
        (span(text, "The Ashford Post"),),
        (),
        (span(text, "Rina Castell to be elected"),),
        None,
        Sourcing.OUTLET,
        "The Ashford Post",
    )
    assert found(text, text, told, endorser="Ashford Post of Calder") is None
    assert found(text, text, told) == "The Ashford Post"


@pytest.mark.parametrize(
    ("text", "evidence", "expected"),
    [
        (
            "The Ashford Post reports:\n\n“Odell Finch has endorsed Rina Castell. He was cheered.”",
            "Odell Finch has endorsed Rina Castell.",
            "The Ashford Post",
        ),
        (
            "The Calder Tribune was there, and so was The Ashford Post. The paper writes:\n\n“Odell Finch backs Rina Castell.”",
            "Odell Finch backs Rina Castell.",
            "The Ashford Post",
        ),
        (
            "Here is The Ashford Post's tally of those for Castell:\n\nTheo Quill\n\nOdell Finch",
            "Odell Finch",
            "The Ashford Post",
        ),
        (
            "The Ashford Post reports:\n\n“It rained.”\n\nOdell Finch has endorsed Rina Castell, he said on Monday at his home in the hills.",
            "Odell Finch has endorsed Rina Castell",
            None,
        ),
    ],
)
def test_quotations_and_lists_out_of_another_outlet(text: str, evidence: str, expected: str | None) -> None:
    assert found(text, evidence) == expected


def test_a_report_named_in_the_evidence() -> None:
    text = "She dismissed a report in The Ashford Post that Odell Finch backs Rina Castell."
    assert found(text, text, sourcing=Sourcing.OUTLET) == "The Ashford Post"
    assert found(text, text, sourcing=Sourcing.OUTLET, outlet="Ashford Post (Web News)") is None
