"""Writes the examples of the API's description: what an invented desk's API answers to each kind of question.

    python -m scripts.api_examples

Run it before `python -m scripts.openapi` when an answer has other fields.
"""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from starlette.testclient import TestClient

from whipcount.article import Article, Attribution, Kind, Position, Reading, Sourcing, Span, Stand
from whipcount.contest_file import Planned, planned
from whipcount.ledger import Ledger
from whipcount.ledger.contests import Contests
from whipcount.ledger.events import Action
from whipcount.ledger.hooks import Webhooks
from whipcount.ledger.reviews import Reviews
from whipcount.publish.signing import Key
from whipcount.recorder import Recorder
from whipcount.web.accounts import Accounts
from whipcount.web.api.description import EXAMPLES
from whipcount.web.app import create_app
from whipcount.web.options import WebOptions
from whipcount.web.viewer import Role

COURIER, HERALD = "Larkfield Courier", "Marrow Bay Herald"
DAY = "as_of=2031-07-20"
HOOK = "wh_5b1f0c9de2a41177a0b1c2d3"


def _clock() -> dt.datetime:
    return dt.datetime(2031, 7, 20, 9, 30, tzinfo=dt.UTC)


def _reading(day: int, outlet: str, who: str, stand: Stand, sourcing: Sourcing, sentence: str) -> Reading:
    title = f"{who.rsplit(maxsplit=1)[-1]} on the race for governor"
    text = f"{title}\n\n{sentence} It was day {day} of the month in {outlet.split(maxsplit=1)[0]}."
    start = len(title) + 2
    asks = sentence.find("a plan for the ferry")
    article = Article(
        f"n{day}", text, title, outlet, published=dt.date(2031, 7, day), url=f"https://courier.example/{day}"
    )
    said = Attribution(
        (Span(start, start + len(who)),), (), (Span(start, start + len(sentence)),), who, sourcing
    )
    position = Position(
        who,
        Kind.PERSON,
        "Cy Dunmore",
        stand,
        sourcing,
        Span(start, start + len(sentence)),
        conditions=(Span(start + asks, start + asks + 20),) if asks >= 0 else (),
        said_on=dt.date(2031, 7, day),
        confidence=0.91,
    )
    return Reading(article, attributions=(said,), positions=(position,))


def _fill(ledger: Ledger) -> None:
    race = planned(
        "Governor of Marrow",
        office="governor",
        opens=dt.date(2031, 1, 5),
        election_day=dt.date(2031, 11, 4),
        candidates=(Planned("Cy Dunmore"), Planned("Dell Harrow")),
    )
    Contests(ledger.engine, _clock).add(race)
    hooks = Webhooks(ledger.engine, _clock)
    hooks.add(HOOK, "https://desk.example/hook", "Ines", "check", label="The desk")
    own, unnamed, narrated = Sourcing.OWN_WORDS, Sourcing.UNNAMED_SOURCE, Sourcing.NARRATION
    holds = "Ada Brook will not endorse Cy Dunmore without a plan for the ferry."
    backs, leans = "“I endorse Cy Dunmore,” said Bo Quill.", "Bo Quill is expected to endorse Cy Dunmore."
    told = (
        (2, COURIER, "Ada Brook", Stand.WITHHOLDING, own, holds),
        (4, HERALD, "Bo Quill", Stand.EXPECTED, unnamed, leans),
        (6, COURIER, "Bo Quill", Stand.ENDORSED, own, backs),
        (8, HERALD, "Dee Fell", Stand.ENDORSED, narrated, "Dee Fell has endorsed Cy Dunmore."),
        (9, COURIER, "Dee Fell", Stand.REFUSED, narrated, "Dee Fell has ruled out Cy Dunmore."),
    )
    for one in told:
        ledger.add(_reading(*one))
        Recorder(ledger.engine, _clock).catch_up()
    reviews = Reviews(ledger.engine, _clock)
    for reader in ("Ines", "Jory"):
        reviews.record(Action.ACCEPT, ledger.evidence()[0].id, reader)


def _answers(client: TestClient, ledger: Ledger) -> Iterator[tuple[str, Any]]:
    """By operation: what is asked for it, answered."""
    one = next(e for e in ledger.evidence() if e.endorser.name == "Ada Brook")
    ids = {
        "/contests/{id}": "current",
        "/identities/{id}": one.endorser.id,
        "/evidence/{id}": one.id,
        "/articles/{id}": one.article.id,
        "/stories/{id}": one.article.story,
        "/webhooks/{id}/deliveries": HOOK,
    }
    dated = ("/standings", "/holdouts", "/history", "/over-time", "/identities/{id}", "/rosters/{name}")
    for full, operations in client.get("/api/v1/openapi.json").json()["paths"].items():
        path = full.removeprefix("/api/v1")
        if "get" not in operations or path == "/changes/stream":
            continue
        asked = path.replace("{id}", ids.get(path, "")).replace("{name}", "Council")
        listing = any(p["name"] == "limit" for p in operations["get"].get("parameters", ()))
        rules = ["rules=encyclopedia"] * (path == "/excluded")
        query = "&".join([DAY] * (path in dated) + ["limit=1"] * listing + rules)
        answer = client.get(f"/api/v1{asked}?{query}").raise_for_status().json()
        if isinstance(answer, dict) and not listing and isinstance(answer.get("items"), list):
            answer["items"] = answer["items"][:2]
        yield f"get {path}", answer
    reviews = "/review/decisions"
    made = client.post(f"/api/v1{reviews}", json={"action": "accept", "subject": one.id}).raise_for_status()
    yield f"post {reviews}", made.json() | {"at": _clock().isoformat()}


def main() -> None:
    """Write them."""
    with TemporaryDirectory() as name, Ledger.open(str(Path(name) / "l.db")) as opened:
        (Path(name) / "council.toml").write_text('name = "Council"\nmembers = ["Ada Brook", "Zed Vane"]\n')
        ledger = Ledger(opened.engine, _clock)
        _fill(ledger)
        Accounts(ledger.engine).add("Ines", Role.ADMIN, password="an example alone")  # noqa: S106 - in memory
        secret, _ = Accounts(ledger.engine).add_token("Ines", "examples", ["admin"])
        app = create_app(ledger, WebOptions(rate=0, key=Key(b"k" * 32), rosters=name))
        client = TestClient(app, headers={"Authorization": f"Bearer {secret}"})
        found = dict(sorted(_answers(client, ledger)))
    EXAMPLES.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
