"""Positions by rule, on invented sentences."""

import datetime as dt

import pytest

from whipcount.article import Article, Attribution, Contest, Position, Sourcing, Span, Stand
from whipcount.read.cues import LIGHT_VERBS, NOUNS, VERBS, Pattern
from whipcount.read.mentions import mentions
from whipcount.read.parse import parse
from whipcount.read.positions import latest, positions

# The article names both in full first, as articles do.
LEAD = "Rina Castell is running for governor of Calder. Odell Finch is the mayor of Port Alder.\n\n"


def stands(text: str, lead: str = LEAD) -> tuple[Position, ...]:
    article = Article("x", lead + text)
    doc = parse(article)
    named = mentions(article, doc)
    return latest(positions(article, doc, named, ()))


def triples(text: str, lead: str = LEAD) -> set[tuple[str, str, Stand]]:
    return {(p.endorser, p.endorsee, p.position) for p in stands(text, lead)}


@pytest.mark.parametrize("pattern", [*VERBS, *NOUNS], ids=lambda p: f"{p.pos.lower()} {p.name}")
def test_every_patterns_example_is_read(pattern: Pattern) -> None:
    found = {(p.endorsee, p.position) for p in stands(pattern.example)}
    assert ("Rina Castell", pattern.stand) in found


@pytest.mark.parametrize("pattern", LIGHT_VERBS, ids=lambda p: p.name)
def test_light_verbs_have_a_noun_and_a_way_to_the_endorsee(pattern: Pattern) -> None:
    assert pattern.noun
    assert pattern.preps


@pytest.mark.parametrize(
    ("sentence", "stand"),
    [
        ("Mayor Finch has not endorsed Castell.", Stand.WITHHOLDING),
        ("Finch has yet to endorse Castell.", Stand.WITHHOLDING),
        ("Finch declined to endorse Castell.", Stand.WITHHOLDING),
        ("Finch stopped short of endorsing Castell.", Stand.WITHHOLDING),
        ("Finch is not ready to back Castell.", Stand.WITHHOLDING),
        ("Finch is holding off on endorsing Castell.", Stand.WITHHOLDING),
        ("Finch is considering endorsing Castell.", Stand.WITHHOLDING),
        ("Finch refused to endorse Castell.", Stand.REFUSED),
        ("Finch will not vote for Castell.", Stand.REFUSED),
        ("Finch said he would never support Castell.", Stand.REFUSED),
        ("Finch will endorse Castell on Thursday.", Stand.EXPECTED),
        ("Finch is expected to endorse Castell.", Stand.EXPECTED),
        ("Finch plans to vote for Castell.", Stand.SUPPORTS),
        ("Finch withdrew his endorsement of Castell.", Stand.WITHDRAWN),
        ("Finch no longer supports Castell.", Stand.WITHDRAWN),
        ("Finch took back his support for Castell.", Stand.WITHDRAWN),
        ("Finch threw his support behind Castell.", Stand.ENDORSED),
        ("Finch gave Castell his endorsement.", Stand.ENDORSED),
        ("Finch announced his support for Castell.", Stand.SUPPORTS),
        ("Castell won the endorsement of Mayor Odell Finch.", Stand.ENDORSED),
        ("Castell was endorsed by Mayor Odell Finch.", Stand.ENDORSED),
        ("Finch called Castell unfit for office.", Stand.REFUSED),
        ("Finch is not endorsing Moll and he is not endorsing Castell.", Stand.WITHHOLDING),
        ("Finch has neither praised nor endorsed Castell.", Stand.WITHHOLDING),
        ("Finch endorsed neither Moll nor Castell.", Stand.WITHHOLDING),
        ("Finch is one of the few holdouts who has yet to officially endorse Castell.", Stand.WITHHOLDING),
        ("Finch, one of the few mayors yet to endorse Castell, left early.", Stand.WITHHOLDING),
        ("Finch praised Castell. He stopped short of an outright endorsement.", Stand.WITHHOLDING),
        ("Though Finch said he wants Castell to win, he stopped short of an endorsement.", Stand.WITHHOLDING),
        ("Finch praised Castell but stopped short of formally endorsing her.", Stand.WITHHOLDING),
        ("Finch is holding off on an official endorsement of Castell.", Stand.WITHHOLDING),
        ("Finch won't commit to Castell.", Stand.WITHHOLDING),
        ("Finch won't commit to endorsing Castell.", Stand.WITHHOLDING),
        ("Finch would not say whether he will vote for Castell.", Stand.WITHHOLDING),
        ("Finch dodged a question on whether he would endorse Castell.", Stand.WITHHOLDING),
        ("Finch has resisted calls to endorse Castell.", Stand.WITHHOLDING),
        ("Finch is in no hurry to endorse Castell.", Stand.WITHHOLDING),
        ("Finch isn't sure he can vote for Castell.", Stand.WITHHOLDING),
        ("Finch ended his speech without endorsing Castell.", Stand.WITHHOLDING),
        ("Finch has not ruled out endorsing Castell.", Stand.WITHHOLDING),
        ("Finch cannot currently support Castell.", Stand.WITHHOLDING),
        ("Finch is undecided about Castell.", Stand.WITHHOLDING),
        ("Finch said he is not there yet on Castell.", Stand.WITHHOLDING),
        ("Finch remains on the sidelines, though Castell has asked for his support.", Stand.WITHHOLDING),
        ("Castell hopes for holdouts such as Odell Finch.", Stand.WITHHOLDING),
        ("Finch ruled out supporting Castell.", Stand.REFUSED),
        ("Finch said there is no way he will vote for Castell.", Stand.REFUSED),
        ("Finch cannot bring himself to vote for Castell.", Stand.REFUSED),
        ("Finch called on Castell to drop out of the race.", Stand.REFUSED),
        ("Finch called for Castell to step aside.", Stand.REFUSED),
        ("Finch said Castell should quit the race.", Stand.REFUSED),
        ("Finch urged voters to reject Castell.", Stand.REFUSED),
        ("Finch urged voters not to vote for Castell.", Stand.REFUSED),
        ("Finch leads an effort to stop Castell.", Stand.REFUSED),
        ("Finch, a leader of the anti-Castell movement, left early.", Stand.REFUSED),
        ("Finch said he would vote for anyone but Castell.", Stand.REFUSED),
        ("Finch is adamantly opposed to Castell.", Stand.REFUSED),
        ("Finch denounced Castell as unfit for office.", Stand.REFUSED),
        ("Finch said Castell is not fit to be governor.", Stand.REFUSED),
        ("Finch spent two million dollars against Castell.", Stand.REFUSED),
        ("Finch said he could no longer support Castell.", Stand.WITHDRAWN),
        ("Finch said he cannot continue to support Castell.", Stand.WITHDRAWN),
    ],
)
def test_what_stands_around_a_cue_decides(sentence: str, stand: Stand) -> None:
    assert ("Odell Finch", "Rina Castell", stand) in triples(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "If Finch endorses Castell, the race is over.",
        "Finch should endorse Castell, the Courier wrote.",
        "Finch endorsed the new harbor plan that Castell wrote.",
        "Castell backed the ferry bill.",
        "Activists urged Finch to endorse Castell.",
        "Finch did not back down from Castell.",
        "Finch might endorse Castell.",
        "Had Finch endorsed Castell, nobody would have been shocked.",
        "Suppose that Finch were to endorse Castell.",
    ],
)
def test_what_is_no_position(sentence: str) -> None:
    assert not {t for t in triples(sentence) if t[0] == "Odell Finch" and t[1] == "Rina Castell"}


def test_a_list_gives_a_record_each() -> None:
    found = triples(
        "Other council members, such as Mara Ibsen, Theo Quill and Junie Park, have endorsed Castell."
    )
    assert {(n, "Rina Castell", Stand.ENDORSED) for n in ("Mara Ibsen", "Theo Quill", "Junie Park")} <= found


def test_pronouns_and_descriptions_stand_for_people() -> None:
    found = triples("The mayor met her on Monday. He endorsed her on Tuesday.")
    assert ("Odell Finch", "Rina Castell", Stand.ENDORSED) in found


def test_what_stands_beside_a_name_is_no_second_endorsee() -> None:
    found = triples("Finch endorsed Castell, her party’s nominee.")
    assert {e for n, e, _ in found if n == "Odell Finch"} == {"Rina Castell"}


def test_an_officer_who_says_we_speaks_for_the_organization() -> None:
    text = "“We are endorsing Castell,” said Theo Quill, president of the Calder Growers Association."
    full = LEAD + text
    said = Attribution(
        (Span(full.index("Theo"), len(full)),),
        (Span(full.index("said"), full.index("said") + 4),),
        (Span(full.index("“We"), full.index("” said") + 1),),
        "Theo Quill",
        Sourcing.OWN_WORDS,
    )
    article = Article("x", full)
    doc = parse(article)
    found = latest(positions(article, doc, mentions(article, doc), (said,)))
    assert [(p.endorser, p.position) for p in found] == [("Calder Growers Association", Stand.ENDORSED)]


def test_each_stands_for_those_just_named() -> None:
    found = triples(
        "Mara Ibsen and Peter Quill were first on the stage. Each has endorsed Castell. So has Laura Orr."
    )
    assert {(n, "Rina Castell", Stand.ENDORSED) for n in ("Mara Ibsen", "Peter Quill", "Laura Orr")} <= found


def test_its_president_speaks_for_it() -> None:
    text = "The Calder Nurses Association met here, its president, Laura Trask, said. “We are endorsing Castell,” Trask said."
    full = LEAD + text
    start = full.index("“We")
    said = Attribution(
        (Span(len(full) - 11, len(full) - 6),),
        (Span(len(full) - 5, len(full) - 1),),
        (Span(start, full.index("” Trask") + 1),),
        "Laura Trask",
        Sourcing.OWN_WORDS,
    )
    article = Article("x", full)
    doc = parse(article)
    found = latest(positions(article, doc, mentions(article, doc), (said,)))
    assert [(p.endorser, p.position) for p in found] == [("Calder Nurses Association", Stand.ENDORSED)]


def test_nobody_endorses_himself() -> None:
    assert not triples("Castell said Castell would support Castell.")


def test_an_earlier_race_is_past() -> None:
    article = Article("x", LEAD + "Finch endorsed Castell in 2008.", published=dt.date(2025, 3, 1))
    doc = parse(article)
    found = latest(positions(article, doc, mentions(article, doc), ()))
    assert [p.contest for p in found if p.endorser == "Odell Finch"] == [Contest.PAST]


def test_neutral_in_a_race_is_any_candidate() -> None:
    assert ("Odell Finch", "any candidate", Stand.WITHHOLDING) in triples(
        "Finch has not endorsed anyone in the race."
    )


def test_announcing_is_own_words_and_a_relative_clause_is_narration() -> None:
    (said,) = [p for p in stands("Finch announced his support for Castell.") if p.endorser == "Odell Finch"]
    assert said.sourcing is Sourcing.OWN_WORDS
    (told,) = [
        p
        for p in stands("Finch, who endorsed Castell in May, toured the docks.")
        if p.endorser == "Odell Finch"
    ]
    assert told.sourcing is Sourcing.NARRATION


def test_evidence_is_the_sentence() -> None:
    text = LEAD + "It rained. Finch endorsed Castell. It rained again."
    (found,) = [
        p
        for p in stands("It rained. Finch endorsed Castell. It rained again.")
        if p.endorser == "Odell Finch"
    ]
    assert found.evidence.of(text) == "Finch endorsed Castell."


@pytest.mark.parametrize(
    "sentence",
    [
        "Is Finch going to endorse Castell?",
        "Finch is not expected to press Castell to quit the race.",
        "Finch came back for Castell.",
        "Finch endorsed Castell's opponent.",
        "Finch would not accept Castell's endorsement.",
    ],
)
def test_what_only_sounds_like_a_stand(sentence: str) -> None:
    assert ("Odell Finch", "Rina Castell") not in {(p.endorser, p.endorsee) for p in stands(sentence)}


def test_rivals_who_speak_against_each_other_take_no_stand() -> None:
    found = triples("Mayor Tess Quill endorsed Finch. Finch called on Castell to drop out of the race.")
    assert found == {("Tess Quill", "Odell Finch", Stand.ENDORSED)}


def test_the_nominee_is_whom_the_article_calls_so() -> None:
    lead = LEAD + "Republican nominee Rina Castell spoke on Monday.\n\n"
    assert ("Odell Finch", "Rina Castell", Stand.ENDORSED) in triples(
        "Finch endorsed the Republican nominee.", lead
    )


def test_the_sentence_not_the_headline_is_the_evidence() -> None:
    text = "Odell Finch has yet to endorse Rina Castell\n\nOdell Finch has not endorsed Rina Castell."
    (found,) = stands(text, "")
    assert found.evidence.start > 0
