"""The reading pages over HTTP, on both stores."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest
from starlette.testclient import TestClient

from making import HERALD, Claim, july, reading
from whipcount.article import Sourcing, Stand
from whipcount.contest_file import Planned, planned
from whipcount.ledger import Ledger
from whipcount.ledger.contests import Contests
from whipcount.ledger.events import Action
from whipcount.ledger.reviews import Reviews
from whipcount.publish.csv import STANDING
from whipcount.web.app import WebOptions, create_app

PAGES = ("/", "/holdouts", "/changes", "/sources")
LATER = "as_of=2031-08-01"
ASK = "a plan for the ferry, & a <b>bridge</b>"


@pytest.fixture
def desk_ledger(store: str) -> Iterator[Ledger]:
    with Ledger.open(store) as ledger:
        brook = Claim("Ada Brook", Stand.WITHHOLDING, sourcing=Sourcing.OWN_WORDS, asks=(ASK,))
        ledger.add(
            reading(
                brook, Claim("Bo Quill", Stand.ENDORSED), published=july(3), url="https://courier.example/1"
            )
        )
        moved = Claim("Bo Quill", Stand.WITHDRAWN, sourcing=Sourcing.UNNAMED_SOURCE, via=HERALD)
        ledger.add(reading(moved, published=july(8), id="larkfield-2", lead="More."))
        yield ledger


@pytest.fixture
def client(desk_ledger: Ledger, tmp_path: Path) -> TestClient:
    (tmp_path / "council.toml").write_text('name = "Council"\nmembers = ["Ada Brook", "Zed Vane"]\n')
    return TestClient(create_app(desk_ledger, WebOptions(rate=0, rosters=str(tmp_path))))


def hrefs(html: str) -> set[str]:
    return {link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', html)}


def test_every_link_of_every_page_leads_somewhere(client: TestClient) -> None:
    first = [f"{path}?{LATER}" for path in PAGES]
    waiting, seen = list(first), set(first)
    while waiting:
        at = waiting.pop()
        answer = client.get(at)
        assert answer.status_code == 200, at
        if "text/html" not in answer.headers["content-type"]:
            continue
        assert "<h1" in answer.text, at
        assert re.search(r"<title>[^<]+ · Whipcount</title>", answer.text), at
        ids = set(re.findall(r'id="([^"]+)"', answer.text))
        assert len(ids) == len(re.findall(r' id="', answer.text)), f"an id twice on {at}"
        for link in hrefs(answer.text):
            path, _, fragment = link.partition("#")
            if link.startswith("#"):
                assert fragment in ids, link
            # Sorting and filtering make more addresses than need be followed.
            deep = path.count("&") > 1
            if path.startswith("/") and not path.startswith("//") and path not in seen and not deep:
                seen.add(path)
                waiting.append(path)
    assert any(path.startswith("/endorser/") for path in seen)
    assert any(path.startswith("/article/") for path in seen)
    assert any(path.startswith("/story/") for path in seen)


def test_every_row_is_one_click_from_its_sentence(client: TestClient) -> None:
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", client.get("/").text, re.DOTALL)
    assert len(rows) == 2
    for row in rows:
        (target,) = (link for link in hrefs(row) if link.startswith("/article/"))
        path, _, place = target.partition("#")
        assert f'<span id="{place}"></span>' in client.get(path).text


def test_downloads_have_just_what_is_shown(client: TestClient) -> None:
    answer = client.get("/count.csv?position=withdrawn")
    assert answer.headers["content-disposition"] == 'attachment; filename="whipcount-count.csv"'
    (row,) = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert list(row) == list(STANDING)
    assert row["endorser"] == "Bo Quill"
    lines = client.get("/count.jsonl?as_of=2031-07-04").text.splitlines()
    assert {json.loads(line)["position"] for line in lines} == {"withholding", "endorsed"}
    (held,) = csv.DictReader(
        io.StringIO(client.get("/holdouts.csv?as_of=2031-07-13").text.removeprefix("\ufeff"))
    )
    assert (held["days"], held["conditions"]) == ("10", ASK)
    moved = list(csv.DictReader(io.StringIO(client.get(f"/changes.csv?{LATER}").text.removeprefix("\ufeff"))))
    assert [(one["date"], one["old"], one["new"]) for one in moved if one["endorser"] == "Bo Quill"] == [
        ("2031-07-08", "endorsed", "withdrawn"),
        ("2031-07-03", "", "endorsed"),
    ]


def test_the_feed_of_changes_is_read_by_others_and_leads_back(client: TestClient) -> None:
    answer = client.get(f"/changes.atom?{LATER}")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    read = feedparser.parse(answer.text)
    assert not read.bozo
    assert [entry.title for entry in read.entries][:1] == [
        "Bo Quill withdrawn from Cy Dunmore (was endorsed)"
    ]
    assert client.get(read.entries[0].link.removeprefix("http://testserver")).status_code == 200


def test_what_readers_decided_stands_beside_what_was_read(client: TestClient, desk_ledger: Ledger) -> None:
    reviews = Reviews(desk_ledger.engine)
    brook, *others = sorted(desk_ledger.evidence(), key=lambda one: one.endorser.name)
    reviews.record(Action.NOTE, brook.id, "Ines", {"text": "ask the harbour office"})
    reviews.record(Action.ACCEPT, brook.id, "Ines")
    reviews.record(Action.CORRECT, others[0].id, "Ines", {"sourcing": "narration"})
    reviews.record(Action.REJECT, others[1].id, "Jo", {"reason": "said of another"})
    one = client.get(f"/endorser/{brook.endorser.id}").text
    assert "noted by Ines" in one
    assert "ask the harbour office" in one
    assert "accepted by Ines" in one
    other = client.get(f"/endorser/{others[0].endorser.id}").text
    assert "corrected by Ines" in other
    assert "does not count: rejected by Jo: said of another" in other
    assert client.get("/sources").text.count("1 of 3") == 1
    for evidence in (brook, *others):
        assert client.get(f"/article/{evidence.article.id}").status_code == 200


def test_the_page_says_what_was_asked_for(client: TestClient) -> None:
    text = client.get("/?position=withdrawn&by=position&sort=-since").text
    assert "1 of 2 standings" in text
    assert "Ada Brook" not in text.split('id="rows"')[1]
    assert 'aria-sort="descending"' in text
    assert "Nobody fits that" in client.get("/?q=nobody").text
    assert "As it was on" in client.get("/?as_of=2031-07-04").text
    assert "Zed Vane" in client.get("/?roster=Council").text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/?position=maybe", 422),
        ("/?sort=colour", 422),
        ("/?contest=c_none", 422),
        ("/?rules=/etc/passwd", 422),
        ("/?roster=../secret", 404),
        ("/?as_of=yesterday", 422),
        ("/?page=0", 422),
        ("/endorser/p_none", 404),
        ("/article/a_none", 404),
        ("/story/s_none", 404),
    ],
)
def test_what_makes_no_sense_is_answered_with_a_page_that_says_so(
    client: TestClient, address: str, status: int
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert "Traceback" not in answer.text


def test_the_live_page_is_linked_at_the_sentence(client: TestClient, desk_ledger: Ledger) -> None:
    one = next(e for e in desk_ledger.evidence() if e.endorser.name == "Ada Brook")
    text = client.get(f"/article/{one.article.id}").text
    links = [link for link in hrefs(text) if link.startswith("https://courier.example/1")]
    assert links
    assert all("#:~:text=" in link for link in links)
    assert any("ferry%2C%20%26%20a%20%3Cb%3E" in link for link in links)


def test_an_empty_ledger_says_what_to_do(db: str) -> None:
    with Ledger.open(db) as ledger:
        client = TestClient(create_app(ledger, WebOptions(rate=0)))
        for path in PAGES:
            answer = client.get(path)
            assert answer.status_code == 200
            assert "whipcount add" in answer.text


def test_a_contest_is_chosen_and_kept_from_page_to_page(client: TestClient, desk_ledger: Ledger) -> None:
    race = planned(
        "Governor of Marrow",
        office="governor",
        opens=july(1),
        election_day=july(30),
        candidates=(Planned("Cy Dunmore"),),
    )
    Contests(desk_ledger.engine).add(race)
    text = client.get("/").text
    assert "<h1>Governor of Marrow</h1>" in text
    assert f"/changes?contest={race.race.id}" in text
    assert "<h1>All present contests</h1>" in client.get("/?contest=current").text


def test_what_is_unclear_is_set_apart_and_counts_once_accepted(
    desk_ledger: Ledger, client: TestClient
) -> None:
    claim = Claim("Eve Marsh", Stand.ENDORSED, unclear=True, confidence=0.6)
    added = desk_ledger.add(
        reading(Claim("Sol Reed", Stand.ENDORSED), claim, published=july(9), id="c", lead="Later.")
    )
    one = next(e for e in desk_ledger.evidence() if e.endorser.name == "Eve Marsh")
    article, person = f"/article/{added.article_id}", f"/endorser/{one.endorser.id}"
    text = client.get(article).text
    listed, _, apart = text.partition('<h2 id="unclear">')
    assert "Sol Reed" in listed.partition('<h2 id="found">')[2]
    assert "Eve Marsh" not in listed.partition('<h2 id="found">')[2]
    assert "unclear, not counted" in apart
    assert '<mark class="m-unclear">Eve Marsh stands at endorsed' in listed
    assert "unclear, not counted" in client.get(person).text
    assert "Eve Marsh" not in client.get(f"/?{LATER}").text
    shown = client.get(f"/api/v1/evidence/{one.id}").json()
    assert (shown["unclear"], shown["review"]["excluded"]) == (True, "unclear: not counted until reviewed")
    Reviews(desk_ledger.engine).record(Action.ACCEPT, one.id, "Ines")
    assert 'id="unclear"' not in client.get(article).text
    assert "accepted by Ines" in client.get(article).text
    assert "unclear, not counted" not in client.get(person).text
    assert "Eve Marsh" in client.get(f"/?{LATER}").text


def test_nothing_that_was_read_is_taken_for_markup(db: str) -> None:
    payload = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'{{7*7}}"
    with Ledger.open(db) as ledger:
        claim = Claim(f"Ada {payload}", Stand.WITHHOLDING, endorsee=f"Cy {payload}", asks=(payload,))
        added = ledger.add(
            reading(claim, published=july(3), outlet=payload, lead=payload, url="javascript:alert(1)")
        )
        client = TestClient(create_app(ledger, WebOptions(rate=0)))
        (one,) = ledger.evidence()
        for path in (
            *PAGES, f"/article/{added.article_id}", f"/endorser/{one.endorser.id}", f"/story/{one.article.story}",
            "/?by=position",
        ):  # fmt: skip
            text = client.get(f"{path}{'&' if '?' in path else '?'}{LATER}").text
            assert "<script>alert" not in text
            assert "<img src=x" not in text
            assert "javascript:" not in text
            assert "{{7*7}}" in text or path == "/sources"


def test_charts_are_told_in_words_and_bring_no_style_or_script(client: TestClient) -> None:
    text = client.get(f"/?{LATER}").text
    (chart,) = re.findall(r'<svg[^>]*class="pygal-chart".*?</svg>', text, re.DOTALL)
    assert 'role="img"' in chart
    assert re.search(r"<title>.+</title><desc>.*Cy Dunmore.+</desc>", chart)
    assert not re.search(r"<style|<script|style=|http://(?!www\.w3\.org)", chart)
    data = csv.DictReader(
        io.StringIO(client.get(f"/count/over-time.csv?{LATER}").text.removeprefix("\ufeff"))
    )
    assert [(row["date"], row["count"]) for row in data][:2] == [("2031-07-03", "1"), ("2031-07-08", "0")]


def test_a_private_site_shows_nothing_to_anybody(desk_ledger: Ledger) -> None:
    client = TestClient(create_app(desk_ledger, WebOptions(private=True, rate=0)), follow_redirects=False)
    for path in (
        *PAGES,
        "/count.csv",
        "/count/over-time.csv",
        "/holdouts.jsonl",
        "/changes.csv",
        "/sources.csv",
    ):
        answer = client.get(path)
        assert (answer.status_code, "Brook" in answer.text) == (303, False)


def test_long_counts_come_in_pages(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whipcount.web.pages.count.PAGE", 2)
    with Ledger.open(db) as ledger:
        ledger.add(reading(*(Claim(f"Member {n}", Stand.ENDORSED) for n in range(5)), published=july(3)))
        client = TestClient(create_app(ledger, WebOptions(rate=0)))
        found = [
            re.findall(r"Member \d", client.get(f"/?page={n}").text.split('id="rows"')[1]) for n in (1, 2, 3)
        ]
        assert [len(one) for one in found] == [2, 2, 1]
        assert "Page 3 of 3" in client.get("/?page=3").text
