import datetime as dt

import pytest

from registering import (
    DAY,
    DRAKE,
    FELL,
    FERRYMEN,
    LATER,
    MARLOW,
    OTHER_MARLOW,
    QUILL,
    REGISTRY,
    naming,
    person,
    term,
)
from whipcount.article import Article, Kind, Reading
from whipcount.people import by_name
from whipcount.people.context import Context
from whipcount.people.identity import Outcome, Resolution
from whipcount.people.outlets import outlet_entries
from whipcount.people.registry import Entry, Registry
from whipcount.people.resolve import Resolver

RESOLVER = Resolver(REGISTRY.joined(outlet_entries()))


def ask(text: str, name: str, *forms: str, kind: Kind | None = Kind.PERSON, **given: object) -> Resolution:
    reading = naming(text, {name: forms or (name,)}, kinds={name: kind or Kind.PERSON}, **given)  # type: ignore[arg-type]
    return RESOLVER(name, kind, reading)


@pytest.mark.parametrize(
    ("text", "name", "who"),
    [
        ("Sen. Teodora Marlow, D-Ohio, came to the fair.", "Teodora Marlow", MARLOW),
        ("Sen. Marlow (D-Ohio) came to the fair.", "Marlow", MARLOW),
        ("Florida Sen. Marlow came to the fair.", "Marlow", OTHER_MARLOW),
        ("Marlow, the senator from Ohio, came to the fair.", "Marlow", MARLOW),
        ("Democratic Sens. Ada Brook of Maine and Marlow of Ohio came.", "Marlow", MARLOW),
        ("Rep. Bob Quill of Vermont came to the fair.", "Bob Quill", QUILL),
        ("Congresswoman Ana Marsh, a Texas Republican, came to the fair.", "Ana Marsh", FELL),
        ("President Drakewell came to the fair.", "Drakewell", DRAKE),
        ("The presidential fair was opened by Drakewell.", "Drakewell", DRAKE),
        ("Teodora Marlow, 56, of the Senate, came to the fair.", "Teodora Marlow", MARLOW),
    ],
)
def test_what_the_article_says_tells_who_is_meant(text: str, name: str, who: Entry) -> None:
    answer = ask(text, name)
    assert answer.outcome is Outcome.RESOLVED, answer.why
    assert (answer.identity.id, answer.identity.provisional) == (who.id, False)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sen. Marlow came to the fair.", "Marlow"),  # two are senators
        ("State Rep. Teodora Marlow, D-Larkfield, came to the fair.", "Teodora Marlow"),
        ("Teodora Marlow of Texas came to the fair.", "Teodora Marlow"),
        ("Teodora Marlow, 24, a nurse, came to the fair.", "Teodora Marlow"),
        ("Sen. Teodora Marlow, R-Texas, came to the fair.", "Teodora Marlow"),
        ("Coach Ana Fell led the rowers.", "Ana Fell"),
        ("Quill came to the fair.", "Quill"),
        ("Cyrus Hask came to the fair.", "Cyrus Hask"),  # in office fourteen years later
        ("Robert Quill Sr. came to the Senate fair.", "Robert Quill Sr."),
    ],
)
def test_who_is_not_sure_stays_provisional(text: str, name: str) -> None:
    answer = ask(text, name)
    assert answer.outcome is not Outcome.RESOLVED, answer.why
    assert answer.identity == by_name(name)


def test_the_unsure_come_with_their_alternatives_and_why() -> None:
    answer = ask("Sen. Marlow came to the fair.", "Marlow")
    assert answer.outcome is Outcome.UNSURE
    assert {one.entry.id for one in answer.alternatives} == {MARLOW.id, OTHER_MARLOW.id}
    assert all(0 < one.score < 1 and one.reasons for one in answer.alternatives)
    assert "Marlow or" in answer.why


def test_terms_tell_who_was_in_office_that_day() -> None:
    text = "Sen. Marlow came to the fair."
    assert ask(text, "Marlow", day=dt.date(2028, 7, 3)).identity.id == MARLOW.id
    assert ask(text, "Marlow", day=dt.date(2034, 7, 3)).identity.id == OTHER_MARLOW.id
    assert ask(text, "Marlow", day=None).outcome is Outcome.UNSURE


def test_a_candidate_may_be_named_soon_before_the_first_term() -> None:
    text = "Mayor Cyrus Hask of Maine, a Republican candidate for the Senate, came to the fair."
    assert ask(text, "Cyrus Hask", day=dt.date(2044, 7, 3)).identity.id == LATER.id
    assert ask(
        "Cyrus Hask came to the Senate fair.", "Cyrus Hask", day=dt.date(2034, 7, 3)
    ).identity.provisional


def test_who_stands_in_the_contest_is_likelier() -> None:
    reading = naming("Marlow came to the Senate fair in Ohio.", {"Marlow": ("Marlow",)})
    assert Resolver(REGISTRY)("Marlow", None, reading).outcome is Outcome.UNSURE
    assert Resolver(REGISTRY, expected={MARLOW.id})("Marlow", None, reading).identity.id == MARLOW.id


def test_a_voter_with_a_members_name_is_not_the_member() -> None:
    text = "Teodora Marlow came to the fair in Larkfield."
    assert ask(text, "Teodora Marlow", kind=Kind.VOTER).outcome is not Outcome.RESOLVED


def test_who_is_long_dead_is_not_quoted() -> None:
    old = person("Silas", "Wendover", term("representative", "OH", "Whig", 1841, 1849), born=1800)
    text = "Silas Wendover came to the fair in Ohio, far from Congress."
    answer = Resolver(Registry.of([old]))(
        "Silas Wendover", None, naming(text, {"Silas Wendover": ("Silas Wendover",)})
    )
    assert answer.outcome is not Outcome.RESOLVED


def test_descriptions_of_the_same_person_count() -> None:
    text = "Marlow came to the Senate fair. The Ohio senator danced: the Ohio senator dances well."
    answer = ask(text, "Marlow", "Marlow", "the Ohio senator")
    assert answer.identity.id == MARLOW.id


@pytest.mark.parametrize(
    ("text", "name", "forms"),
    [
        ("The United Ferrymen of America endorsed him.", "United Ferrymen of America", ()),
        ("The Ferrymen endorsed him.", "the Ferrymen", ("Ferrymen",)),
        ("UFA endorsed him.", "UFA", ()),
        # What stands in parentheses after the name is its short form in this article.
        ("The United Ferrymen of America (“UFAm”) met. UFAm endorsed.", "United Ferrymen of America", ()),
    ],
)
def test_organizations_go_by_their_names(text: str, name: str, forms: tuple[str, ...]) -> None:
    answer = ask(text, name, *forms, kind=Kind.ORGANIZATION)
    assert answer.identity.id == FERRYMEN.id


def test_an_acronym_in_parentheses_is_the_articles_own() -> None:
    text = "The United Ferrymen of America (FUA) met. FUA endorsed nobody."
    names = {"United Ferrymen of America": ("United Ferrymen of America",), "FUA": ("FUA",)}
    reading = naming(text, names, kinds=dict.fromkeys(names, Kind.ORGANIZATION))
    assert RESOLVER("FUA", Kind.ORGANIZATION, reading).identity.id == FERRYMEN.id
    bare = naming("FUA endorsed nobody.", {"FUA": ("FUA",)}, kinds={"FUA": Kind.ORGANIZATION})
    assert RESOLVER("FUA", Kind.ORGANIZATION, bare).outcome is Outcome.NEW


def test_two_organizations_of_one_short_name_are_unsure() -> None:
    others = [FERRYMEN, Entry("r_other", "Urban Farmers Assembly", Kind.ORGANIZATION, FERRYMEN.names[1:2])]
    reading = naming("UFA endorsed.", {"UFA": ("UFA",)}, kinds={"UFA": Kind.ORGANIZATION})
    answer = Resolver(Registry.of(others))("UFA", Kind.ORGANIZATION, reading)
    assert answer.outcome is Outcome.UNSURE
    assert len(answer.alternatives) == 2


def test_the_paper_is_the_articles_own_outlet() -> None:
    own = ask(
        "The paper endorsed her.", "the paper", "paper", kind=Kind.ORGANIZATION, outlet="The Arizona Republic"
    )
    assert (own.outcome, own.identity.name) == (Outcome.RESOLVED, "The Arizona Republic")
    unknown = ask(
        "The paper endorsed her.", "the paper", "paper", kind=Kind.ORGANIZATION, outlet="Larkfield Courier"
    )
    assert unknown.identity == by_name("the paper")


@pytest.mark.parametrize(
    ("name", "outlet", "resolved"),
    [
        ("Reuters", None, True),
        ("The Hill", None, False),
        ("The Hill", "The Hill", True),
        ("Time", "Larkfield Courier", False),
    ],
)
def test_an_outlets_name_that_is_a_word_is_its_own_in_its_own_pages(
    name: str, outlet: str | None, resolved: bool
) -> None:
    answer = ask(f"{name} endorsed her.", name, kind=Kind.ORGANIZATION, outlet=outlet)
    assert (answer.outcome is Outcome.RESOLVED) == resolved


def test_a_father_is_not_taken_for_the_son_who_comes_later() -> None:
    text = "Former Vermont Gov. Robert Quill, a Democrat, came to the Senate fair."
    assert ask(text, "Robert Quill", day=dt.date(2015, 7, 3)).outcome is not Outcome.RESOLVED


def test_what_is_called_after_somebody_is_nobody() -> None:
    assert (
        ask("They blocked the Jonas Drakewell Bridge.", "Jonas Drakewell Bridge").outcome
        is not Outcome.RESOLVED
    )


def test_a_group_is_nobody_of_the_registry() -> None:
    assert ask("Senators met.", "Teodora Marlow", kind=Kind.GROUP).outcome is Outcome.NEW


def test_the_same_name_in_the_same_article_gives_the_same() -> None:
    reading = naming("Sen. Marlow (D-Ohio) came.", {"Marlow": ("Marlow",)})
    other = naming("Sen. Marlow (R-Fla.) came.", {"Marlow": ("Marlow",)})
    answers = [RESOLVER("Marlow", None, one).identity.id for one in (reading, other, reading, other)]
    assert answers == [MARLOW.id, OTHER_MARLOW.id] * 2


@pytest.mark.parametrize(
    ("text", "clues"),
    [
        ("Sen. Brook, R-Ohio, came.", {("office", "senator"), ("party", "Republican"), ("state", "OH")}),
        ("Brook (D-N.H.) came.", {("party", "Democrat"), ("state", "NH")}),
        ("Brook (R) came.", {("party", "Republican")}),
        ("Former Ohio Gov. Brook came.", {("office", "governor"), ("state", "OH"), ("former", "")}),
        ("Lt. Gov. Brook came.", {("office", "lieutenant governor")}),
        ("state Sen. Brook, D-Larkfield, came.", {("office", "state legislator"), ("party", "Democrat")}),
        (
            "Ohio’s Republican senator, Brook, came.",
            {("office", "senator"), ("party", "Republican"), ("state", "OH")},
        ),
        ("Brook, a Republican from Ohio, came.", {("party", "Republican"), ("state", "OH")}),
        ("Brook, 43, came.", {("age", "")}),
        ("They met Sen. Quill. Brook came.", set()),
        ("Senate Majority Leader Brook came.", {("office", "leader")}),
        ("Vice President Brook came.", {("office", "vice president")}),
        ("Brook, Sen. Quill and others came.", set()),
        ("Brook in Ohio danced.", set()),
        ("Brook, a Washington outsider, danced.", set()),
        ("Brook, a senator from Washington, danced.", {("office", "senator"), ("state", "WA")}),
        ("Ohio winner Brook danced.", set()),
        ("Ohio Republican Brook danced.", {("party", "Republican"), ("state", "OH")}),
    ],
)
def test_clues_around_a_name(text: str, clues: set[tuple[str, str]]) -> None:
    context = Context(naming(text, {"Brook": ("Brook",)}))
    assert {(one.sort, one.value) for one in context.clues("Brook")} == clues


def test_a_dateline_tells_where_an_article_is_from() -> None:
    assert Context(Reading(Article("a", "LARKFIELD, Ohio — The fair opened.", published=DAY))).home == "OH"
    assert Context(Reading(Article("a", "The fair opened.", outlet="The Vermont Gazette"))).home == "VT"
