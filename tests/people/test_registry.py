import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registering import DRAKE, FELL, MARLOW, QUILL, REGISTRY, person, term
from whipcount.article import Kind
from whipcount.errors import RegistryError
from whipcount.people.congress import congress, source
from whipcount.people.registry import Entry, ExternalId, Filter, Name, Registry, Term, entry_id, office_on
from whipcount.people.states import division, state_of, states_in
from whipcount.people.table import table

YAML = """
- id: {bioguide: D000999, govtrack: 7, fec: [S1, S2], wikidata: Q999001}
  name: {first: Dora, middle: Jane, last: Dellamore, nickname: Dot, official_full: Dora J. Dellamore}
  other_names: [{last: Tarn}]
  bio: {birthday: '1970-02-03', gender: F}
  terms:
  - {type: rep, start: '2023-01-03', end: '2025-01-03', state: OH, district: 0, party: Democrat}
  - type: sen
    start: '2025-01-03'
    end: '2031-01-03'
    state: OH
    party: Independent
    party_affiliations:
    - {start: '2025-01-03', end: '2028-05-01', party: Democrat}
    - {start: '2028-05-02', end: '2031-01-03', party: Independent}
"""
EXECUTIVE = """
- id: {bioguide: D000999, icpsr_prez: 99999}
  name: {first: Dora, last: Dellamore}
  bio: {birthday: '1970-02-03'}
  terms: [{type: viceprez, start: '2031-01-20', end: '2035-01-20', party: Democrat, how: election}]
"""


def of(text: str) -> list[Entry]:
    return list(congress(io.BytesIO(text.encode())))


def test_a_file_of_congress_gives_names_ids_and_terms() -> None:
    (one,) = of(YAML)
    assert (one.name, one.born, one.kind) == ("Dora J. Dellamore", dt.date(1970, 2, 3), Kind.PERSON)
    assert {name.text for name in one.names} == {
        "Dora Dellamore",
        "Dora Jane Dellamore",
        "Dora J. Dellamore",
        "Dot Dellamore",
        "Dora Tarn",
    }
    assert [x.value for x in one.ids if x.scheme == "fec"] == ["S1", "S2"]
    # Who changes the party within a term is of each on its own days.
    assert [one.was(dt.date(year, 6, 1))[0].party for year in (2023, 2026, 2030)] == [
        "Democrat",
        "Democrat",
        "Independent",
    ]
    assert [t.division for t in one.terms[:2]] == ["ocd-division/country:us/state:oh"] * 2


def test_the_same_person_of_two_files_is_one_entry() -> None:
    members, presidents = of(YAML), of(EXECUTIVE)
    assert source(members) != source(presidents)
    assert [one.id for one in members] == [one.id for one in presidents]
    both = Registry.of([*members, *presidents])
    (one,) = both
    assert {t.office for t in one.terms} == {"representative", "senator", "vice president"}
    assert both.external("icpsr_prez", "99999") is None  # an id that joins nobody
    assert both.external("wikidata", "Q999001") == one


def test_a_president_without_a_full_name_is_called_by_the_nickname() -> None:
    (one,) = of(EXECUTIVE.replace("first: Dora", "first: Dora, nickname: Dot"))
    assert one.name == "Dot Dellamore"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("- [", "is no YAML"),
        ("just: a mapping", "no file of congress-legislators"),
        ("- {id: {}, name: {first: Ada}, terms: []}", "person 1"),
        (YAML.replace("2023-01-03", "soon"), "person 1"),
        (YAML.replace("type: rep", "type: king"), "person 1"),
    ],
)
def test_another_file_is_refused_in_one_line(text: str, why: str) -> None:
    with pytest.raises(RegistryError, match=why) as error:
        of(text)
    assert "\n" not in str(error.value)


CSV = """name,kind,other names,office,state,city,party,start,end,id:wikidata,id:bioguide
Ada Brook,,Addie Brook|A. Brook,Mayor,Ohio,Larkfield,Democrat,2025-01-01,2028-12-31,Q999111,
Ada Brook,,,Governor,OH,,Democrat,2029-01-08,,Q999111,
United Ferrymen,organization,UFA|the Ferrymen,,,,,,,,
"""


def test_a_table_gives_a_term_a_line() -> None:
    brook, ferrymen = table(CSV.splitlines())
    assert [t.office for t in brook.terms] == ["mayor", "governor"]
    assert brook.ids == (ExternalId("wikidata", "Q999111"),)
    assert office_on(brook, dt.date(2026, 1, 1)).city == "Larkfield"  # type: ignore[union-attr]
    assert office_on(brook, dt.date(2040, 1, 1)).office == "governor"  # type: ignore[union-attr]
    assert office_on(brook, dt.date(2020, 1, 1)) is None
    assert office_on(brook, None).office == "governor"  # type: ignore[union-attr]
    assert {n.text for n in ferrymen.names} == {"United Ferrymen", "UFA", "the Ferrymen"}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("name,kind", "person,kind", "no column `name`"),
        ("city", "town", "'town'"),
        ("Ada Brook,,Addie", ",,Addie", "line 2: a name is missing"),
        ("organization", "union", "line 4: 'union' is no kind"),
        ("Ohio", "Ruritania", "line 2: 'Ruritania' is no state"),
        ("2025-01-01", "1 May", "line 2: '1 May' is no day"),
        ("2028-12-31", "2024-12-31", "before it starts"),
    ],
)
def test_a_bad_table_is_refused_by_its_line(old: str, new: str, why: str) -> None:
    with pytest.raises(RegistryError, match=why):
        list(table(CSV.replace(old, new).splitlines()))


def test_what_somebody_was_on_a_day() -> None:
    one = person("Ada", "Brook", term("representative", "OH", "Democrat", 2027, 2029, "4"), term("senator", "OH", "Democrat", 2029, 2035))  # fmt: skip
    assert [t.office for t in one.was(dt.date(2028, 6, 1))] == ["representative"]
    # On the day of the change both cover it, and the new office is the one to show.
    assert [t.office for t in one.was(dt.date(2029, 1, 3))] == ["senator", "representative"]
    assert one.was(dt.date(2020, 1, 1)) == []
    assert one.terms[0].division == "ocd-division/country:us/state:oh/cd:4"


def test_ids_are_stable_and_made_of_the_best_id() -> None:
    bioguide, wikidata = ExternalId("bioguide", "B000999"), ExternalId("wikidata", "Q1")
    assert entry_id(Kind.PERSON, "Ada Brook", [wikidata, bioguide]) == entry_id(Kind.PERSON, "A. Brook", [bioguide])  # fmt: skip
    alone = entry_id(Kind.PERSON, "Ada Brook", born=dt.date(1970, 1, 1))
    assert alone == entry_id(Kind.PERSON, "ADA BROOK", born=dt.date(1970, 9, 9))
    assert alone != entry_id(Kind.PERSON, "Ada Brook", born=dt.date(1991, 1, 1))
    assert entry_id(Kind.ORGANIZATION, "Ferrymen", place="OH") != entry_id(Kind.ORGANIZATION, "Ferrymen", place="TX")  # fmt: skip
    # A candidacy's id is nobody's alone.
    assert entry_id(Kind.PERSON, "Ada Brook", [ExternalId("fec", "S1")]) == entry_id(Kind.PERSON, "Ada Brook")


def test_an_entry_keeps_the_id_it_got_first_when_others_give_it_a_better_one() -> None:
    first = replace(QUILL, id="r_first", ids=(ExternalId("wikidata", "Q5"),))
    better = replace(QUILL, ids=(ExternalId("wikidata", "Q5"), ExternalId("bioguide", "Q000555")))
    registry = Registry.of([first]).joined([better])
    assert [one.id for one in registry] == ["r_first"]
    assert registry.home(QUILL) == QUILL.id
    assert registry.home(better) == "r_first"


def test_filters() -> None:
    day = dt.date(2031, 7, 3)

    def found(on: dt.date | None = day, **asked: str) -> set[str]:
        return {one.name for one in REGISTRY if Filter.of(**asked).fits(one, on)}

    assert found(office="Senator") == {"Teodora Marlow", "Ray Marlow"}
    assert found(state="Ohio") == found(state="OH") == {"Teodora Marlow"}
    assert found(office="senator", on=dt.date(2046, 1, 1)) == {"Cyrus Hask"}
    assert found(office="senator", on=None) == {"Teodora Marlow", "Ray Marlow", "Cyrus Hask"}
    assert found(party="republican", chamber="house") == {FELL.name}
    with pytest.raises(ValueError, match="no state"):
        Filter.of(state="Ruritania")


@pytest.mark.parametrize(
    ("text", "code"),
    [("Ohio", "OH"), ("oh", "OH"), ("Calif.", "CA"), ("W.Va.", "WV"), ("N.H.", "NH"), ("Ruritania", None)],
)
def test_states_are_known_in_full_and_for_short(text: str, code: str | None) -> None:
    assert state_of(text) == code


def test_the_city_of_washington_is_no_state() -> None:
    assert list(states_in("In Washington, the senators from Ohio and West Virginia met.")) == ["OH", "WV"]
    assert list(states_in("A ferry of Washington state.")) == ["WA"]


@pytest.mark.parametrize(
    ("state", "district", "expected"),
    [
        ("OH", "4", "ocd-division/country:us/state:oh/cd:4"),
        ("VT", "0", "ocd-division/country:us/state:vt"),
        ("DC", "0", "ocd-division/country:us/district:dc"),
        ("PR", None, "ocd-division/country:us/territory:pr"),
        (None, None, None),
    ],
)
def test_divisions(state: str | None, district: str | None, expected: str | None) -> None:
    assert division(state, district) == expected


@given(st.permutations([MARLOW, QUILL, FELL, DRAKE, replace(MARLOW, terms=()), replace(MARLOW, names=(Name("T. Marlow"),))]))  # fmt: skip
def test_who_is_who_does_not_depend_on_the_order(order: list[Entry]) -> None:
    registry = Registry.of(order)
    assert set(registry.entries) == {MARLOW.id, QUILL.id, FELL.id, DRAKE.id}
    assert registry.entries[MARLOW.id].terms == MARLOW.terms
    assert set(registry.entries[MARLOW.id].names) == {*MARLOW.names, Name("T. Marlow")}


@pytest.mark.skipif(
    not (Path(__file__).parents[3] / "shared").is_dir(), reason="the shared data is not beside the project"
)
def test_the_real_files_are_read_whole() -> None:
    folder = Path(__file__).parents[3] / "shared" / "data" / "congress"
    entries = []
    for name in ("legislators-current", "executive"):
        with (folder / f"{name}.yaml").open("rb") as file:
            entries += list(congress(file))
    registry = Registry.of(entries)
    assert len(registry) > 600
    assert len(registry) == len({one.id for one in entries})
    assert all(
        isinstance(t, Term) and t.start and t.end and t.start <= t.end for one in registry for t in one.terms
    )
