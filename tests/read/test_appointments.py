"""Votes to confirm somebody are told from elections."""

from whipcount.article import Article
from whipcount.read.appointments import appointees
from whipcount.read.mentions import mentions
from whipcount.read.parse import parse, sentences


def up(text: str) -> frozenset[str]:
    article = Article("a", text)
    doc = parse(article)
    return appointees(text, sentences(doc), mentions(article, doc))


def test_a_nominee_for_the_bench_is_no_candidate() -> None:
    text = (
        "Sen. Daniel Finch said he supports Sarah Castell, whose confirmation as a judge is due on Monday. "
        "Castell was grilled at her confirmation hearing. Finch said Castell would be fair."
    )
    assert "Sarah Castell" in up(text)


def test_a_candidate_stays_one() -> None:
    text = (
        "Sen. Daniel Finch endorsed Sarah Castell for governor before the primary. "
        "Castell, who is running for governor, voted on the confirmation of a judge. "
        "Castell spoke of the confirmation at a campaign rally."
    )
    assert up(text) == frozenset()
    assert up("") == frozenset()
