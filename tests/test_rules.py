import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from making import july
from whipcount.article import Contest, Kind, Sourcing, Span, Stand
from whipcount.errors import ContestError
from whipcount.ledger.events import Action, Verdict
from whipcount.ledger.evidence import ArticleRef, Evidence, Quote
from whipcount.people import Identity, by_name
from whipcount.people.registry import Entry, Registry, Term
from whipcount.rules import Counted, Excluded, Rules, apply, load_rules, points, shipped
from whipcount.standing import Standing, standings

ADA = Entry(
    "r_ada",
    "Ada Brook",
    terms=(
        Term("mayor", july(1), july(9), city="Larkfield"),
        Term("governor", july(9), july(20), state="OH", party="Harbor"),
        Term("president", dt.date(2020, 1, 1), dt.date(2024, 1, 1)),
    ),
)
REGISTRY = Registry.of([ADA])
CY = by_name("Cy Dunmore")


def said(
    endorser: str = "Ada Brook", position: Stand = Stand.ENDORSED, on: int | None = 3, *, id: str = "e1",  # noqa: A002
    endorsee: str = "Cy Dunmore", sourcing: Sourcing = Sourcing.NARRATION, words: str = "Ada Brook endorsed him",
    outlet: str | None = "Larkfield Courier", original: str | None = None, via: str | None = None, url: str | None = None,
    kind: Kind = Kind.PERSON, contest: Contest = Contest.CURRENT, contest_id: str | None = None,
) -> Evidence:  # fmt: skip
    who = Identity("r_ada", "Ada Brook", provisional=False) if endorser == "Ada Brook" else by_name(endorser)
    day = None if on is None else july(on)
    return Evidence(
        id, who, kind, by_name(endorsee), contest, position, sourcing, Quote(Span(0, len(words)), words),
        ArticleRef(f"a_{id}", outlet=outlet, original_outlet=original, published=day, url=url, story=f"s_{id}"),
        via=via, confidence=0.9, contest_id=contest_id,
    )  # fmt: skip


def reasons(rules: str | Rules, *evidence: Evidence, as_of: dt.date | None = None) -> list[str]:
    by = load_rules(rules) if isinstance(rules, str) else rules
    return [one.reason for one in apply([by], evidence, REGISTRY, as_of).excluded]


def stands(rules: str, *evidence: Evidence) -> dict[str, str]:
    counted = apply([load_rules(rules)], evidence, REGISTRY)
    return {f"{s.endorser.name} on {s.endorsee.name}": s.position.value for s in counted.standings}


def test_the_rules_that_come_with_it() -> None:
    assert shipped() == ["encyclopedia", "first-choice", "house", "points"]
    for name in shipped():
        assert load_rules(name).title
        assert load_rules(name).about


def test_house_leaves_out_what_never_counts_and_says_why() -> None:
    rejected = replace(
        said(id="e2"),
        verdict=Verdict(Action.REJECT, "Ines", dt.datetime(2031, 7, 4, tzinfo=dt.UTC), 1, "a rival"),
    )
    replaced = replace(said(id="e3"), until=july(4))
    assert reasons("house", said(kind=Kind.VOTER), rejected, replaced, said(id="e4")) == [
        "a voter: private citizens are not part of the count",
        "rejected by Ines: a rival",
        "a newer version of its page speaks in its place",
    ]
    assert reasons("house", said(on=None), said(on=9, id="e2"), said(id="e3"), as_of=july(5)) == [
        "without a date: nothing shows that it was there by 2031-07-05",
        "said or published after 2031-07-05",
    ]


@pytest.mark.parametrize(
    ("evidence", "why"),
    [
        (said(sourcing=Sourcing.UNNAMED_SOURCE), "its source does not count: unnamed source"),
        (said(contest=Contest.PAST), "about a past contest"),
        (said(position=Stand.EXPECTED), "expected does not count"),
        (said(position=Stand.WITHHOLDING), "withholding does not count"),
    ],
)
def test_first_choice_takes_public_present_support(evidence: Evidence, why: str) -> None:
    assert reasons("first-choice", evidence) == [why]


def test_first_choice_is_one_choice_in_a_contest() -> None:
    first, second = said(contest_id="c_1"), said(on=5, id="e2", endorsee="Dee Fell", contest_id="c_1")
    elsewhere = said(on=4, id="e3", endorsee="Measure 7", contest_id="c_2")
    assert stands("first-choice", first, second, elsewhere) == {
        "Ada Brook on Dee Fell": "endorsed",
        "Ada Brook on Measure 7": "endorsed",
    }
    assert reasons("first-choice", first, second) == ["endorsed Dee Fell since 2031-07-05: one choice each"]
    assert reasons("first-choice", replace(first, contest_id=None), second) == []


def test_first_choice_takes_the_endorsers_own_word_over_what_others_say() -> None:
    own = said(position=Stand.WITHHOLDING, sourcing=Sourcing.OWN_WORDS)
    told = said(sourcing=Sourcing.NAMED_SOURCE, on=8, id="e2")
    done = said(on=9, id="e3")
    assert reasons("first-choice", own, told) == [
        "the endorser's own word of 2031-07-03 prevails: withholding",
        "withholding does not count",
    ]
    assert stands("first-choice", own, told, done) == {"Ada Brook on Cy Dunmore": "endorsed"}
    agrees = replace(own, position=Stand.SUPPORTS)
    assert reasons("first-choice", agrees, told) == []


@pytest.mark.parametrize(
    ("evidence", "why"),
    [
        (said(), None),
        (
            said("Bo Quill"),
            "Bo Quill is not known to be notable: neither in the registry nor named in the rules",
        ),
        (said(kind=Kind.GROUP), "the endorser is a group"),
        (said(words="Ada Brook campaigned with him"), "the sentence has none of the words asked for"),
        (
            said(words="Ada Brook, in the background, was no help"),
            "the sentence has none of the words asked for",
        ),
        (said(words="she is BACKING him"), None),
        (said(words="her endorsement of him"), None),
        (said(outlet=None), "no outlet is known that reports it"),
        (said(outlet=None, via="Harbour Times"), None),
        (said(outlet="Dunmore for Governor"), "Dunmore for Governor is the campaign's own"),
        (said(outlet="Home", url="https://www.dunmoreforgovernor.example/a"), "Home is the campaign's own"),
        (said(outlet="Home", url="https://vote-dunmore.example/a"), None),
        (said(outlet="Aggregate", original="Dunmore 2031"), "Dunmore 2031 is the campaign's own"),
        (said(outlet="Dunmore 2031", via="Harbour Times"), None),
        (said(outlet="The Ada Brook"), "The Ada Brook is the endorser's own"),
        (said(outlet="The Onion"), "The Onion is satire"),
        (said(position=Stand.EXPECTED), "expected does not count"),
    ],
)
def test_encyclopedia_asks_for_notable_independent_and_in_so_many_words(
    evidence: Evidence, why: str | None
) -> None:
    found = reasons("encyclopedia", evidence)
    assert len(found) == (why is not None)
    assert why is None or found[0].startswith(why)


def test_what_ends_an_endorsement_needs_no_such_words() -> None:
    taken_back = said(position=Stand.WITHDRAWN, on=5, id="e2", words="she is done with him", outlet=None)
    assert stands("encyclopedia", said()) == {"Ada Brook on Cy Dunmore": "endorsed"}
    assert stands("encyclopedia", said(), taken_back) == {}


def test_points_are_those_of_the_office_on_the_day() -> None:
    scheme = load_rules("points")

    def weight(evidence: Evidence) -> float | None:
        [standing] = standings([evidence])
        return points([load_rules("house"), scheme], standing, REGISTRY)

    assert weight(said(on=3)) == 10  # a mayor who was president
    assert weight(said(on=12)) == 10
    assert weight(said(on=3, endorser="Bo Quill")) == 0
    assert weight(said(on=None)) == 0
    assert weight(said(position=Stand.SUPPORTS)) == 0
    [standing] = standings([said(on=3)])
    mayor = replace(ADA, terms=ADA.terms[:1])
    assert points([scheme], standing, Registry.of([mayor])) == 2
    assert points([load_rules("house")], standing, REGISTRY) is None


def test_rules_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "strict.toml"
    path.write_text(
        "[endorser]\nnotable = true\nalso = ['Bo Quill']\n[standing]\npositions = ['endorsed']\n",
        encoding="utf-8",
    )
    rules = load_rules(str(path))
    assert rules.name == rules.title == "strict"
    assert reasons(rules, said("Bo Quill"), said("Eve Marsh", id="e2")) == [
        "Eve Marsh is not known to be notable: neither in the registry nor named in the rules"
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[report]", "unknown 'report'"),
        ("[reports]\nsourcings = ['rumour']", "sourcings must be of own_words, .*not 'rumour'"),
        ("[support]\nwords = ['a(b']", "is no word"),
        ("[support]\nindependent = 1", "independent must be true or false, not 1"),
        ("[standing]\nown_word_over = ['own_words']", "the endorser's own word"),
        ("[points.offices]\ngovernor = 'ten'", "governor must be a number, not 'ten'"),
        ("[points]\noffices = 3", "is no table"),
        ("title = 3", "title must be a text, not 3"),
        ("=", "is no TOML"),
    ],
)
def test_rules_that_make_no_sense(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContestError, match=why) as error:
        load_rules(str(path))
    assert "\n" not in str(error.value)


def test_rules_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(ContestError, match="there are no rules 'hous'; there are encyclopedia, first-choice"):
        load_rules("hous")
    with pytest.raises(ContestError, match="can't read"):
        load_rules(str(tmp_path / "none.toml"))


EVIDENCE = st.lists(
    st.builds(
        said,
        endorser=st.sampled_from(["Ada Brook", "Bo Quill"]),
        position=st.sampled_from(list(Stand)),
        on=st.none() | st.integers(1, 9),
        id=st.uuids().map(str),
        endorsee=st.sampled_from(["Cy Dunmore", "Dee Fell", "any candidate"]),
        sourcing=st.sampled_from(list(Sourcing)),
        words=st.sampled_from(["endorsed", "stood with"]),
        outlet=st.sampled_from([None, "Larkfield Courier", "Dunmore 2031"]),
        kind=st.sampled_from(list(Kind)),
        contest=st.sampled_from(list(Contest)),
        contest_id=st.sampled_from([None, "c_1"]),
    ),
    max_size=10,
)
SETS = st.lists(st.sampled_from(shipped()), max_size=3).map(
    lambda names: [load_rules(name) for name in names]
)


def ids(counted: Counted) -> list[str]:
    out = [one.what.id for one in counted.excluded if isinstance(one.what, Evidence)]
    return sorted([*out, *(one.id for one in counted.evidence)])


def pairs(found: list[Standing] | tuple[Standing, ...]) -> set[tuple[str, ...]]:
    return {(s.endorser.id, s.endorsee.id, s.contest, s.contest_id or "") for s in found}


@given(SETS, EVIDENCE, st.none() | st.integers(1, 9).map(july))
def test_rules_only_leave_out_and_account_for_all(
    rules: list[Rules], evidence: list[Evidence], as_of: dt.date | None
) -> None:
    counted = apply(rules, evidence, REGISTRY, as_of)
    assert ids(counted) == sorted(one.id for one in evidence)
    left_out = [one.what for one in counted.excluded if isinstance(one.what, Standing)]
    of_kept = standings(counted.evidence, as_of)
    assert len(counted.standings) + len(left_out) == len(of_kept)
    assert pairs([*counted.standings, *left_out]) == pairs(of_kept)
    assert all(one.reason for one in counted.excluded)
    assert {s.endorser.id for s in counted.standings} <= {one.endorser.id for one in evidence}
    house = apply([load_rules("house")], evidence, REGISTRY, as_of)
    assert list(house.standings) == standings(evidence, as_of)
    assert {one.id for one in counted.evidence} <= {one.id for one in house.evidence}


@given(SETS, EVIDENCE)
def test_the_same_rules_again_change_nothing(rules: list[Rules], evidence: list[Evidence]) -> None:
    once = apply(rules, evidence, REGISTRY)
    twice = apply([*rules, *rules], evidence, REGISTRY)
    assert twice.standings == once.standings
    assert len(twice.excluded) == len(once.excluded)
    assert all(isinstance(one, Excluded) for one in once.excluded)
