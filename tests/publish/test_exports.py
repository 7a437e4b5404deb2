"""Each form is read back by a parser that somebody else wrote."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import duckdb
import feedparser
import mwparserfromhell
import pytest
import rdflib
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from rdflib.namespace import RDF

from making import HERALD, Claim, july, reading
from whipcount.article import Kind, Reading, Sourcing, Stand
from whipcount.cli import main
from whipcount.ledger import Ledger
from whipcount.people.registry import Office
from whipcount.publish.fragments import text_directive
from whipcount.publish.jsonld import TERMS
from whipcount.publish.wikitext import compared, plain, wikitext
from whipcount.standing import standings

# rdflib's own reader of JSON-LD warns of itself.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
SDO = rdflib.Namespace("https://schema.org/")
URL = "https://courier.example/brook-holds-out?a=[1]|2"


def readings() -> list[Reading]:
    brook = Claim("Ada Brook", Stand.WITHHOLDING, sourcing=Sourcing.OWN_WORDS, asks=("a plan for the ferry",))
    quill = Claim("Bo Quill", Stand.ENDORSED)
    union = Claim("Calder Growers", Stand.ENDORSED, kind=Kind.ORGANIZATION)
    return [
        reading(brook, quill, published=july(3), url=URL),
        reading(union, published=july(5), id="b-2", outlet=HERALD, lead="More, and | {{more}}."),
        reading(Claim("Bo Quill", Stand.WITHDRAWN), published=july(9), id="b-3", lead="Later."),
    ]


@pytest.fixture
def full(db: str) -> str:
    with Ledger.open(db) as ledger:
        for one in readings():
            ledger.add(one)
    return db


def query(sql: str) -> list[Any]:
    found = duckdb.sql(sql)
    assert found is not None
    return list(found.fetchall())


def run(*args: str) -> Result:
    done = CliRunner().invoke(main, list(args))
    assert done.exit_code == 0, done.output
    return done


def test_linked_data_holds_what_the_count_holds(full: str) -> None:
    document = run("export", "jsonld", "--db", full).stdout
    found = rdflib.Graph().parse(data=document, format="json-ld")
    [union] = list(found.subjects(RDF.type, SDO.EndorseAction))
    agent = found.value(union, SDO.agent)
    assert str(found.value(agent, SDO.name)) == "Calder Growers"
    assert (agent, RDF.type, SDO.Organization) in found
    positions = {
        str(found.value(found.value(one, SDO.agent), SDO.name)): str(found.value(one, rdflib.URIRef(f"{TERMS}position")))
        for one in found.subjects(RDF.type, rdflib.URIRef(f"{TERMS}Position"))
    }  # fmt: skip
    assert positions == {
        "Ada Brook": f"{TERMS}withholding",
        "Bo Quill": f"{TERMS}withdrawn",
        "Calder Growers": f"{TERMS}endorsed",
    }
    [asked] = list(found.objects(predicate=rdflib.URIRef(f"{TERMS}condition")))
    assert str(asked) == "a plan for the ferry"
    assert found.value(predicate=SDO.datePublished, object=rdflib.Literal("2031-07-05", datatype=SDO.Date))


ANNOTATION_CONTEXT = {
    "oa": "http://www.w3.org/ns/oa#",
    "id": "@id",
    "type": "@type",
    "target": {"@type": "@id", "@id": "oa:hasTarget"},
    "source": {"@type": "@id", "@id": "oa:hasSource"},
    "selector": {"@type": "@id", "@id": "oa:hasSelector"},
    "items": {"@id": "https://www.w3.org/ns/activitystreams#items"},
    "exact": "oa:exact",
    "prefix": "oa:prefix",
    "suffix": "oa:suffix",
    "start": "oa:start",
    "end": "oa:end",
    "TextQuoteSelector": "oa:TextQuoteSelector",
    "TextPositionSelector": "oa:TextPositionSelector",
    "Annotation": "oa:Annotation",
}
"""The terms of the standard's own context that are looked at; that one is on the web."""


def test_annotations_select_the_words_they_quote(full: str) -> None:
    document: dict[str, Any] = json.loads(run("export", "annotations", "--db", full).stdout)
    assert document["@context"] == "http://www.w3.org/ns/anno.jsonld"
    found = rdflib.Graph().parse(
        data=json.dumps({**document, "@context": ANNOTATION_CONTEXT}), format="json-ld"
    )
    oa = rdflib.Namespace("http://www.w3.org/ns/oa#")
    assert len(list(found.subjects(RDF.type, oa.Annotation))) == 3
    with Ledger.open(full) as ledger:
        for item in document["items"]:
            for target in item["target"]:
                kinds = {one["type"]: one for one in target["selector"]}
                words = kinds["TextQuoteSelector"]
                if target["source"].startswith("urn:whipcount:article:"):
                    text = ledger.article(target["source"].rsplit(":", 1)[1]).text
                    at = kinds["TextPositionSelector"]
                    assert text[at["start"] : at["end"]] == words["exact"]
                    assert text.count(words["prefix"] + words["exact"] + words["suffix"]) == 1
                else:
                    assert target["source"] == URL
                    assert kinds["FragmentSelector"]["value"].startswith(":~:text=")


def test_a_text_fragment_keeps_its_own_signs_apart() -> None:
    assert text_directive("one-time, tax & all") == "one%2Dtime%2C%20tax%20%26%20all"
    long = text_directive("word " * 100)
    assert long.count(",") == 1
    assert len(long) < 200


def test_parquet_is_read_by_another_program(full: str, tmp_path: Path) -> None:
    run("export", "parquet", "--db", full, "-o", str(tmp_path / "s.parquet"))
    run("export", "parquet", "--what", "evidence", "--db", full, "-o", str(tmp_path / "e.parquet"))
    rows = query(
        f"SELECT endorser, position, since, conditions, independent_reports FROM '{tmp_path}/s.parquet' ORDER BY endorser"
    )
    assert rows == [
        ("Ada Brook", "withholding", dt.date(2031, 7, 3), ["a plan for the ferry"], 1),
        ("Bo Quill", "withdrawn", dt.date(2031, 7, 9), [], 1),
        ("Calder Growers", "endorsed", dt.date(2031, 7, 5), [], 1),
    ]
    counted = query(f"SELECT count(*), min(\"start\") FROM '{tmp_path}/e.parquet'")
    assert counted == [(3, 7)]


def test_parquet_needs_a_file(full: str) -> None:
    done = CliRunner().invoke(main, ["export", "parquet", "--db", full])
    assert done.exit_code == 2
    assert "--output" in done.output


def test_the_feed_is_read_by_a_feed_reader(full: str) -> None:
    made = run("export", "atom", "--db", full, "--site", "https://tracker.example/")
    found = feedparser.parse(made.stdout.encode())
    assert not found.bozo
    assert found.feed.id == "https://tracker.example/changes"
    titles = [entry.title for entry in found.entries]
    assert titles[0] == "Bo Quill withdrawn from Cy Dunmore"
    assert "Calder Growers endorsed Cy Dunmore" in titles
    assert len({entry.id for entry in found.entries}) == len(found.entries)
    assert found.entries[0].updated.startswith("2031-07-09")
    again = feedparser.parse(run("export", "atom", "--db", full).stdout.encode())
    assert [e.id for e in again.entries] == [e.id for e in found.entries]


def test_an_empty_feed_is_a_feed(db: str) -> None:
    Ledger.open(db).close()
    assert not feedparser.parse(run("export", "atom", "--db", db).stdout.encode()).bozo


def test_a_list_for_an_encyclopedia(full: str) -> None:
    with Ledger.open(full) as ledger:
        rows = [s for s in standings(ledger.evidence(), july(8)) if s.position is Stand.ENDORSED]
    quill = Office("senator", "senate", "WA", None, None, "Granary")
    text = wikitext(rows, lambda s: quill if s.endorser.name == "Bo Quill" else None)
    code = mwparserfromhell.parse(text)
    assert [str(h.title).strip() for h in code.filter_headings()] == [
        "Cy Dunmore",
        "U.S. senators",
        "Organizations",
    ]
    assert [str(link.title) for link in code.filter_wikilinks()] == ["Bo Quill", "Calder Growers"]
    cites = [t for t in code.filter_templates() if str(t.name).strip() == "cite news"]
    assert len(cites) == 2
    first = {str(p.name): str(p.value).strip() for p in cites[0].params}
    assert first["work"] == "Larkfield Courier"
    assert first["date"] == "July 3, 2031"
    assert first["url"] == "https://courier.example/brook-holds-out?a=%5B1%5D%7C2"
    assert {"title", "archive-url", "archive-date", "quote"} <= first.keys()
    assert ", senator from WA (Granary)" in text


def test_rows_come_only_where_the_rules_let_them(full: str) -> None:
    done = CliRunner().invoke(main, ["export", "wikitext", "--db", full])
    assert done.exit_code == 0
    assert done.stdout == ""  # nobody in it is known to be notable
    assert "--explain" in done.stderr
    assert "[[Calder Growers]]" in run("export", "wikitext", "--rules", "house", "--db", full).stdout


PAGE = """== Endorsements ==
* [[Calder Growers]]<ref>{{cite news |title=A |work=B}}</ref>
* [[Dora Vale|Dora Vale]], mayor of Port Alder
* Ed Moss, former clerk<ref name="x"/>
"""


def test_a_page_is_compared_with_the_count(full: str, tmp_path: Path) -> None:
    with Ledger.open(full) as ledger:
        rows = [s for s in standings(ledger.evidence(), july(8)) if s.position is Stand.ENDORSED]
    found = compared(rows, PAGE)
    assert [one.endorser.name for one in found.missing] == ["Bo Quill"]
    assert found.unknown == ("Dora Vale", "Ed Moss")
    assert found.unsourced == ("Dora Vale",)
    page = tmp_path / "page.wiki"
    page.write_text(PAGE)
    out = run(
        "export",
        "wikitext",
        "--rules",
        "house",
        "--db",
        full,
        "--as-of",
        "2031-07-08",
        "--against",
        str(page),
    )
    assert [one[:14] for one in out.stdout.splitlines()] == [
        "+ * [[Bo Quill",
        "? Dora Vale",
        "? Ed Moss",
        "! Dora Vale",
    ]
    lines = run(
        "export", "wikitext", "--rules", "house", "--db", full, "--against", str(page), "--format", "jsonl"
    )
    assert {json.loads(one)["change"] for one in lines.stdout.splitlines()} == {"unknown", "unsourced"}


@given(st.text(st.sampled_from("ab |[]{}<>='\n&#/*!-"), max_size=30))
def test_no_words_become_markup(words: str) -> None:
    code = mwparserfromhell.parse(f"x {plain(words)} y")
    assert not code.filter_wikilinks()
    assert not code.filter_tags()
    assert [str(t.name) for t in code.filter_templates()] == ["!"] * words.count("|")
    assert not code.filter_comments()
