import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from making import Claim, july, reading
from whipcount.article import Sourcing, Span, Stand
from whipcount.ledger import Ledger
from whipcount.ledger.link import attribution_of
from whipcount.publish.csv import EVIDENCE, HOLDOUT, STANDING, TRACKER, cell, write_csv
from whipcount.publish.json import evidence_json, holdout_json, reading_json, standing_json
from whipcount.publish.words import sourcing_words, stand_words
from whipcount.show import console, show_reading
from whipcount.standing import holdouts, standings

BROOK = Claim(
    "Ada Brook",
    Stand.WITHHOLDING,
    sourcing=Sourcing.OWN_WORDS,
    via="Harbour Times",
    said_on=july(2),
    asks=("a plan for the ferry",),
)


def test_a_reading_as_json() -> None:
    given_reading = reading(BROOK, published=july(3), original_outlet="Harbour Times")
    text = given_reading.article.text
    sentence = "Ada Brook stands at withholding on Cy Dunmore, asking for a plan for the ferry."
    assert json.loads(json.dumps(reading_json(given_reading))) == {
        "article": {
            "id": "larkfield-1",
            "title": "Headline of larkfield-1",
            "outlet": "Larkfield Courier",
            "original_outlet": "Harbour Times",
            "published": "2031-07-03",
            "published_basis": None,
            "published_precision": None,
            "modified": None,
            "facts": [],
            "url": None,
            "text": text,
            "debris": [],
            "key_points": [[0, 20]],
            "asides": [],
        },
        "positions": [
            {
                "endorser": "Ada Brook",
                "endorser_kind": "person",
                "endorsee": "Cy Dunmore",
                "contest": "current",
                "position": "withholding",
                "sourcing": "own_words",
                "via": "Harbour Times",
                "evidence": {"exact": sentence, "start": 21, "end": 21 + len(sentence)},
                "conditions": [{"exact": "a plan for the ferry", "start": 79, "end": 99}],
                "reasons": [],
                "said_on": "2031-07-02",
                "confidence": 0.9,
            }
        ],
        "unclear": [],
        "attributions": [
            {
                "source": [[21, 30]],
                "cue": [[31, 37]],
                "content": [[38, 100]],
                "speaker": "Ada Brook",
                "sourcing": "own_words",
                "via": "Harbour Times",
            }
        ],
        "errors": [],
    }


def test_explained() -> None:
    shown = reading_json(reading(Claim("Bo Quill", Stand.ENDORSED), BROOK), explain=True)
    assert [(one["because"], one["attribution"]) for one in shown["positions"]] == [
        ("made by hand", None),
        ("made by hand", 0),
    ]
    assert shown["positions"][0]["known_by"] == []
    assert shown["positions"][0]["endorser_mentions"] == []  # made without mentions


def test_what_is_unclear_is_shown_apart_and_explained() -> None:
    one = reading(BROOK, Claim("Eve Marsh", Stand.ENDORSED, unclear=True))
    shown = reading_json(one, explain=True)
    assert [position["endorser"] for position in shown["positions"]] == ["Ada Brook"]
    assert [(u["endorser"], u["because"]) for u in shown["unclear"]] == [("Eve Marsh", "made by hand")]
    out = console(80)
    with out.capture() as captured:
        show_reading(out, one, explain=True)
    clear, heading, unclear = captured.get().partition("Unclear, for review (not counted)")
    assert heading
    assert ("Ada Brook" in clear, "Eve Marsh" in clear) == (True, False)
    assert "Eve Marsh endorsed Cy Dunmore" in unclear
    assert "made by hand" in unclear


def test_of_two_attributions_the_one_with_the_positions_sourcing() -> None:
    one = reading(BROOK)
    [own] = one.attributions
    whole = Span(0, len(one.article.text))
    reported = type(own)((), (), (whole,), None, Sourcing.OUTLET, "Harbour Times")
    elsewhere = type(own)((), (), (Span(0, 5),), None, Sourcing.OWN_WORDS, "Harbour Times")
    assert attribution_of(one.positions[0], [reported, elsewhere, own]) == 2
    assert attribution_of(one.positions[0], [elsewhere, reported]) == 1
    assert attribution_of(one.positions[0], [elsewhere]) is None


def test_standings_and_holdouts_carry_their_evidence(ledger: Ledger) -> None:
    ledger.add(reading(BROOK, published=july(3), url="https://example.org/a"))
    [standing] = standings(ledger.evidence())
    [holdout] = holdouts([standing], july(12))
    shown = holdout_json(holdout)
    assert shown == {"days": 10, **standing_json(standing)}
    assert shown["evidence"] == [evidence_json(one) for one in standing.evidence]
    assert shown["best"] == shown["evidence"][0]["id"]
    assert shown["conditions"] == ["a plan for the ferry"]
    assert shown["evidence"][0]["article"]["url"] == "https://example.org/a"
    assert shown["evidence"][0]["date"] == "2031-07-02"


def test_the_trackers_columns(ledger: Ledger) -> None:
    ledger.add(
        reading(BROOK, published=july(3), url="https://example.org/a", original_outlet="Harbour Times")
    )
    file = io.StringIO()
    write_csv(standings(ledger.evidence()), TRACKER, file)
    [row] = csv.DictReader(io.StringIO(file.getvalue()))
    assert row == {
        "date": "2031-07-02",
        "position": "",
        "city": "",
        "state": "",
        "endorser": "Ada Brook",
        "endorsee": "Cy Dunmore",
        "endorser party": "",
        "source": "Harbour Times",
        "standing": "withholding",
        "sourcing": "own_words",
        "via": "Harbour Times",
        "evidence": "Ada Brook stands at withholding on Cy Dunmore, asking for a plan for the ferry.",
        "conditions": "a plan for the ferry",
        "confidence": "0.90",
        "article url": "https://example.org/a",
    }


def test_every_listing_fills_its_columns(ledger: Ledger) -> None:
    ledger.add(reading(BROOK, published=july(3)))
    evidence = ledger.evidence()
    found = standings(evidence)
    for items, columns in ((evidence, EVIDENCE), (found, STANDING), (holdouts(found, july(9)), HOLDOUT)):
        file = io.StringIO()
        write_csv(items, columns, file)  # type: ignore[arg-type]
        [row] = csv.DictReader(io.StringIO(file.getvalue()))
        assert list(row) == list(columns)
        assert row["endorser"] == "Ada Brook"
        assert row["position"] == "withholding"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "\n@"])
def test_a_cell_is_never_a_formula(start: str) -> None:
    assert cell(f"{start}SUM(A1)").startswith("'")
    assert cell([f"{start}SUM(A1)", "x"]).startswith("'")


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_any_text_survives_csv_on_one_line(texts: list[str]) -> None:
    file = io.StringIO()
    write_csv([texts], {"a": lambda item: item[0], "b": lambda item: item}, file)
    rows = list(csv.reader(io.StringIO(file.getvalue())))
    assert len(rows) == 2
    assert rows[1][0].removeprefix("'").split() == texts[0].split() or texts[0].startswith("'")
    assert not rows[1][0].startswith(("=", "+", "-", "@"))


def test_sourcing_in_words() -> None:
    assert sourcing_words(Sourcing.OWN_WORDS, "Harbour Times") == "own words, to Harbour Times"
    assert sourcing_words(Sourcing.UNNAMED_SOURCE, None) == "unnamed sources"
    assert len({sourcing_words(one, None) for one in Sourcing}) == len(Sourcing)
    assert stand_words(Stand.WITHHOLDING) == "withholding from"
    assert stand_words(Stand.ENDORSED) == "endorsed"
