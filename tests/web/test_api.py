import datetime as dt
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from making import COURIER, HERALD, Claim, july, reading
from whipcount.article import Contest, Sourcing, Stand
from whipcount.ledger import Ledger
from whipcount.ledger.events import Action
from whipcount.ledger.reviews import Reviews
from whipcount.recorder import Recorder
from whipcount.web.accounts import Accounts
from whipcount.web.api import cursors
from whipcount.web.app import create_app
from whipcount.web.options import WebOptions
from whipcount.web.viewer import Role

PAGE = "https://courier.example/ferry"
API = "/api/v1"


@pytest.fixture
def desk(store: str) -> Iterator[Ledger]:
    with Ledger.open(store) as ledger:
        ledger.add(
            reading(
                Claim("Ada Brook", Stand.WITHHOLDING, asks=("a plan for the ferry",)),
                Claim("Dee Fell", Stand.ENDORSED, contest=Contest.PAST),
                published=july(2),
                url=PAGE,
            )
        )
        ledger.add(
            reading(
                Claim("Ada Brook", Stand.ENDORSED, sourcing=Sourcing.OWN_WORDS),
                Claim("Bo Quill", Stand.EXPECTED),
                published=july(5),
                id="larkfield-2",
                lead="The next day.",
                outlet=HERALD,
            )
        )
        Recorder(ledger.engine).catch_up()
        yield ledger


@pytest.fixture
def client(desk: Ledger) -> TestClient:
    return TestClient(create_app(desk, WebOptions(rate=0)), raise_server_exceptions=False)


def names(client: TestClient, path: str, **params: object) -> list[tuple[str, str]]:
    answer = client.get(f"{API}/{path}", params=params)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    return [(one["endorser"], one["position"]) for one in answer.json()["items"]]


def token(ledger: Ledger, scope: str, role: Role) -> dict[str, str]:
    accounts = Accounts(ledger.engine)
    accounts.add(f"ines {scope}", role, password="long enough for all")
    secret, _ = accounts.add_token(f"ines {scope}", "test", [scope])
    return {"Authorization": f"Bearer {secret}"}


def test_the_count_and_its_filters(client: TestClient) -> None:
    assert names(client, "standings") == [("Ada Brook", "endorsed"), ("Bo Quill", "expected")]
    assert names(client, "standings", position="expected") == [("Bo Quill", "expected")]
    assert names(client, "standings", contest="past") == [("Dee Fell", "endorsed")]
    assert names(client, "standings", as_of="2031-07-04") == [("Ada Brook", "withholding")]
    assert names(client, "standings", q="quill") == [("Bo Quill", "expected")]
    assert names(client, "standings", sourcing="own_words") == [("Ada Brook", "endorsed")]
    assert names(client, "standings", as_known_on="2001-01-01") == []
    [one] = client.get(f"{API}/standings", params={"as_of": "2031-07-04"}).json()["items"]
    assert one["conditions"] == ["a plan for the ferry"]
    assert [piece["id"] for piece in one["evidence"]] == [one["best"]]
    assert names(client, "holdouts") == [("Bo Quill", "expected")]
    [held] = client.get(f"{API}/holdouts", params={"as_of": "2031-07-04"}).json()["items"]
    assert (held["days"], held["asks"][0]["words"]) == (2, "a plan for the ferry")


def test_every_claim_leads_to_its_sentence(client: TestClient) -> None:
    for standing in client.get(f"{API}/standings", params={"contest": "all"}).json()["items"]:
        piece = client.get(f"{API}/evidence/{standing['best']}").json()
        article = client.get(f"{API}/articles/{piece['article']['id']}").json()
        quote = piece["evidence"]
        assert article["text"][quote["start"] : quote["end"]] == quote["exact"]
        assert standing["endorser"] in quote["exact"]
        assert piece in article["evidence"]
        story = client.get(f"{API}/stories/{article['story']}").json()
        assert article["id"] in [copy["id"] for copy in story["copies"]]


def test_people_their_history_and_what_the_ledger_learned(client: TestClient) -> None:
    [ada] = client.get(f"{API}/identities", params={"q": "brook"}).json()["items"]
    person = client.get(f"{API}/identities/{ada['id']}").json()
    assert [one["position"] for one in person["standings"]] == ["endorsed"]
    moved = client.get(f"{API}/history", params={"endorser": ada["id"]}).json()["items"]
    assert [(one["day"], one["old"], one["new"]) for one in moved] == [
        ("2031-07-05", "withholding", "endorsed"),
        ("2031-07-02", None, "withholding"),
    ]
    changes = client.get(f"{API}/changes", params={"endorser": ada["id"]}).json()
    assert [(c["old"] and c["old"]["position"], c["new"]["position"]) for c in changes["items"]] == [
        (None, "withholding"),
        ("withholding", "endorsed"),
    ]
    assert client.get(f"{API}/changes", params={"after": changes["next"]}).json()["items"] == []
    totals = client.get(f"{API}/totals").json()
    assert (totals["articles"], totals["evidence"], totals["behind"]) == (2, 4, 0)
    assert totals["latest"] == changes["next"]
    assert {one["name"] for one in client.get(f"{API}/outlets").json()["items"]} == {COURIER, HERALD}
    assert [one["id"] for one in client.get(f"{API}/contests").json()["items"]] == ["current", "past"]


def test_paging_gives_everything_once(client: TestClient, desk: Ledger) -> None:
    for path in (
        "standings?contest=all",
        "evidence",
        "articles",
        "identities",
        "history?contest=all",
        "changes",
    ):
        whole = client.get(f"{API}/{path}").json()["items"]
        found: list[object] = []
        url = f"{API}/{path}{'&' if '?' in path else '?'}limit=1"
        key = "after" if path == "changes" else "cursor"
        answer = client.get(url).json()
        while True:
            found += answer["items"]
            if not answer["next"] or not answer["items"]:
                break
            answer = client.get(f"{url}&{key}={answer['next']}").json()
        assert found == whole, path
    first = client.get(f"{API}/articles?limit=1")
    assert 'rel="next"' in first.headers["link"]
    desk.add(reading(Claim("Eve Marsh", Stand.REFUSED), published=july(9), id="c", lead="Later."))
    # What comes in between moves nothing.
    rest = client.get(f"{API}/articles?limit=1&cursor={first.json()['next']}").json()["items"]
    assert len(rest) == 1
    assert rest != first.json()["items"]


KEYS = st.tuples(st.text(max_size=3), st.integers(0, 5))


@given(st.sets(KEYS, max_size=12), st.sets(KEYS, max_size=6), st.integers(1, 4))
def test_cursors_hold_their_place_whatever_is_added(
    there: set[tuple[str, int]], added: set[tuple[str, int]], limit: int
) -> None:
    now, seen, cursor = set(there), [], None
    while True:
        page = cursors.paged(now, lambda key: key, listing="x", kinds=(str, int), cursor=cursor, limit=limit)
        seen += page.items
        now |= added
        cursor = page.next
        if cursor is None:
            break
    assert seen == sorted(set(seen))
    assert there <= set(seen)


@given(st.text())
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(cursors.BadCursor):
        cursors.decode("x", text, (str, int))
    with pytest.raises(cursors.BadCursor):
        cursors.decode("x", cursors.encode("y", (text, 1)), (str, int))
    with pytest.raises(cursors.BadCursor):
        cursors.decode("x", cursors.encode("x", (text,)), (str, int))


def test_who_has_an_answer_already_gets_a_304(client: TestClient, desk: Ledger) -> None:
    first = client.get(f"{API}/standings")
    tag = first.headers["etag"]
    assert not tag.startswith("W/")
    for known in (tag, f'"x", {tag}', f"W/{tag}", "*"):
        again = client.get(f"{API}/standings", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(f"{API}/standings", headers={"If-None-Match": '"x"'}).status_code == 200
    plain = client.get(f"{API}/standings", headers={"Accept-Encoding": "identity"})
    assert (plain.content, plain.headers["etag"] != tag) == (first.content, True)
    desk.add(reading(Claim("Eve Marsh", Stand.REFUSED), published=july(9), id="c", lead="Later."))
    assert client.get(f"{API}/standings", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/articles/a_none", 404),
        ("GET", "/evidence/x.e0", 404),
        ("GET", "/identities/p_none", 404),
        ("GET", "/stories/s_none", 404),
        ("POST", "/standings", 405),
        ("GET", "/standings?limit=0", 422),
        ("GET", "/standings?as_off=2031-07-02", 422),
        ("GET", "/standings?as_of=Tuesday", 422),
        ("GET", "/standings?as_known_on=2031-02-30", 422),
        ("GET", "/standings?cursor=WyJ4IiwxXQ", 422),
        ("GET", "/changes?after=WyJjaGFuZ2VzIiw5OTldWW", 422),
        ("GET", "/changes?kind=big", 422),
        ("GET", "/review/queue", 401),
        ("POST", "/webhooks", 401),
    ],
)
def test_errors_are_problem_details(client: TestClient, method: str, path: str, status: int) -> None:
    answer = client.request(method, f"{API}{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    if status == 405:
        assert "GET" in answer.headers["allow"]
    if status == 401:
        assert answer.headers["www-authenticate"] == "Bearer"


def test_what_breaks_is_a_problem_too(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a secret path")

    monkeypatch.setattr("whipcount.desk.contests", broken)
    answer = client.get(f"{API}/contests")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "secret" not in answer.text


def test_other_sites_may_read_what_is_public_and_nothing_else(client: TestClient, desk: Ledger) -> None:
    other = {"Origin": "https://other.example"}
    read = client.get(f"{API}/standings", headers=other)
    assert read.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in read.headers
    assert "access-control-allow-origin" not in client.post(f"{API}/webhooks", headers=other).headers
    assert "access-control-allow-origin" not in client.get("/method", headers=other).headers
    asked = {**other, "Access-Control-Request-Method": "GET"}
    assert client.options(f"{API}/standings", headers=asked).status_code == 200
    asked["Access-Control-Request-Method"] = "POST"
    assert client.options(f"{API}/review/decisions", headers=asked).status_code == 400
    private = TestClient(create_app(desk, WebOptions(rate=0, private=True)))
    shut = private.get(f"{API}/standings", headers=other)
    assert shut.status_code == 401
    assert "access-control-allow-origin" not in shut.headers
    assert private.get(f"{API}/health").status_code == 200
    allowed = token(desk, "read", Role.READER)
    assert private.get(f"{API}/standings", headers=allowed).status_code == 200


def test_head_and_options(client: TestClient) -> None:
    got = client.get(f"{API}/standings")
    head = client.head(f"{API}/standings")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", got.headers["etag"])
    assert client.head(f"{API}/changes/stream").headers["content-type"].startswith("text/event-stream")
    assert client.options(f"{API}/standings").headers["allow"] == "GET, HEAD, OPTIONS"
    assert client.options(f"{API}/webhooks").headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert client.options(f"{API}/nothing").status_code == 404


def test_a_reviewer_decides_and_undoes(client: TestClient, desk: Ledger) -> None:
    may = token(desk, "review", Role.REVIEWER)
    assert client.get(f"{API}/review/queue", headers=token(desk, "read", Role.READER)).status_code == 403
    item = next(
        one
        for one in client.get(f"{API}/review/queue", headers=may).json()["items"]
        if one["evidence"]["endorser"] == "Bo Quill"
    )
    body = {
        "action": "reject",
        "subject": item["subject"],
        "data": {"reason": "no position"},
        "seen": item["seen"],
    }
    made = client.post(f"{API}/review/decisions", json={**body, "key": "one-decision"}, headers=may)
    assert (made.status_code, made.json()["by"]) == (201, "ines review")
    again = client.post(f"{API}/review/decisions", json={**body, "key": "one-decision"}, headers=may)
    assert again.json() == made.json()
    assert names(client, "holdouts") == []
    assert client.post(f"{API}/review/decisions", json=body, headers=may).status_code == 409
    bad = client.post(
        f"{API}/review/decisions", json={**body, "action": "correct", "seen": None}, headers=may
    )
    assert bad.status_code == 422
    assert client.get(f"{API}/review/queue").status_code == 401
    number = made.json()["number"]
    assert client.post(f"{API}/review/decisions/{number}/undo", headers=may).status_code == 201
    assert names(client, "holdouts") == [("Bo Quill", "expected")]
    article = item["evidence"]["article"]["id"]
    entered = client.post(
        f"{API}/review/evidence",
        json={
            "article": article, "endorser": "Eve Marsh", "endorsee": "Cy Dunmore", "position": "refused",
            "sourcing": "narration", "start": 0, "end": 13,
        },
        headers=may,
    )  # fmt: skip
    assert entered.status_code == 201
    assert ("Eve Marsh", "refused") in names(client, "standings")
    events = client.get(f"{API}/review/decisions", headers=may).json()["items"]
    assert [one["action"] for one in events] == ["reject", "undo", "add"]


def test_as_the_ledger_knew_it_on_a_day(db: str) -> None:
    now = dt.datetime(2031, 7, 10, 12, tzinfo=dt.UTC)
    with Ledger.open(db) as opened:
        ledger = Ledger(opened.engine, lambda: now)
        ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED), published=july(3)))
        [one] = ledger.evidence()
        now += dt.timedelta(days=1)
        Reviews(opened.engine, lambda: now).record(Action.REJECT, one.id, "Ines")
        Recorder(opened.engine).catch_up()
        client = TestClient(create_app(ledger, WebOptions(rate=0)))
        assert names(client, "standings") == []
        assert names(client, "standings", as_known_on="2031-07-10") == [("Ada Brook", "endorsed")]
        assert names(client, "standings", as_known_on="2031-07-10T11:00:00Z") == []


def test_a_cursor_older_than_what_is_kept(db: str) -> None:
    with Ledger.open(db) as opened:
        long_ago = Ledger(opened.engine, lambda: dt.datetime(2021, 7, 10, tzinfo=dt.UTC))
        long_ago.add(reading(Claim("Ada Brook", Stand.ENDORSED), published=july(3)))
        opened.add(reading(Claim("Bo Quill", Stand.ENDORSED), published=july(3), id="b", lead="Now."))
        Recorder(opened.engine).catch_up()
        client = TestClient(create_app(opened, WebOptions(rate=0, changes_kept=dt.timedelta(days=30))))
        answer = client.get(f"{API}/changes").json()
        assert [one["endorser"]["name"] for one in answer["items"]] == ["Bo Quill"]
        old = cursors.encode("changes", (0,))
        for path in ("changes", "changes/stream"):
            gone = client.get(f"{API}/{path}", params={"after": old})
            assert (gone.status_code, gone.headers["content-type"]) == (410, "application/problem+json")
