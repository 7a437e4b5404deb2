"""Streams, long polling, webhooks and the client: against a real server and a real receiver."""

import asyncio
import datetime as dt
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from making import Claim, july, reading
from serving import serving
from whipcount.article import Stand
from whipcount.cli import main
from whipcount.client import AsyncClient, Client, verify
from whipcount.errors import (
    BadSignature,
    Conflict,
    Expired,
    Invalid,
    NeedsToken,
    NotReached,
    NotThere,
    WebhookError,
)
from whipcount.ledger import Ledger
from whipcount.ledger.hooks import Webhooks
from whipcount.ledger.stream import WantedChanges
from whipcount.publish.signing import Key, signed
from whipcount.publish.webhooks import Deliverer, Delivering, register
from whipcount.recorder import Recorder
from whipcount.web.accounts import Accounts
from whipcount.web.options import WebOptions
from whipcount.web.viewer import Role

FAST = Delivering(allow_private=True, seconds=3, waits=(0.1,) * 4)


@pytest.fixture
def key(tmp_path: Path) -> Key:
    return Key.load(tmp_path / "key", make=True)


def add(ledger: Ledger, endorser: str, stand: Stand = Stand.ENDORSED, day: int = 1) -> None:
    lead = f"{endorser} on day {day}: {stand.value}."
    ledger.add(reading(Claim(endorser, stand), published=july(day), id=lead, lead=lead))


def token(ledger: Ledger, scope: str = "admin", role: Role = Role.ADMIN) -> str:
    accounts = Accounts(ledger.engine)
    accounts.add(f"ines {scope}", role, password="long enough for all")
    return accounts.add_token(f"ines {scope}", "test", [scope])[0]


class Receiver:
    """Answers with each of some statuses in turn, then with 204, and keeps what it was sent."""

    def __init__(self, *statuses: int) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        left = list(statuses)
        got = self.got

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                got.append((dict(self.headers), body))
                status = left.pop(0) if left else 204
                self.send_response(status)
                if status == 302:
                    self.send_header("location", "http://127.0.0.1:1/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    one = Receiver(500, 302)
    yield one
    one.close()


def until(found: object, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not found():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_stream_tells_of_changes_and_resumes(store: str) -> None:
    with Ledger.open(store) as ledger:
        add(ledger, "Ada Brook")
        with serving(ledger) as base, httpx.Client(base_url=f"{base}/api/v1", timeout=15) as http:
            url = "/changes/stream"
            with http.stream("GET", url, params={"after": "oldest"}) as answer:
                assert answer.headers["content-type"].startswith("text/event-stream")
                lines = answer.iter_lines()
                first = list(_events(lines, 2))
                assert [one["event"] for one in first] == ["checkpoint", "change"]
                assert json.loads(first[1]["data"])["new"]["position"] == "endorsed"
            add(ledger, "Bo Quill")
            add(ledger, "Dee Fell")
            headers = {"Last-Event-ID": first[1]["id"]}
            # What the address says is where the first visit began: where it broke off counts more.
            with http.stream("GET", url, params={"after": "oldest"}, headers=headers) as answer:
                again = [one for one in _events(answer.iter_lines(), 3) if one["event"] == "change"]
            told = [json.loads(one["data"])["endorser"]["name"] for one in again]
            assert told == ["Bo Quill", "Dee Fell"]
            with http.stream("GET", url, params={"endorser": "p_nobody"}) as answer:
                lines = answer.iter_lines()
                assert next(_events(lines, 1))["event"] == "checkpoint"


def _events(lines: Iterator[str], count: int) -> Iterator[dict[str, str]]:
    event: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            event[name] = value
        elif event:
            yield event
            event = {}
            count -= 1
            if not count:
                return


def test_there_is_room_for_so_many_streams(ledger: Ledger) -> None:
    options = WebOptions(rate=0, record_every=0.05, most_streams=1)
    with serving(ledger, options) as base, httpx.Client(base_url=f"{base}/api/v1", timeout=15) as http:
        with http.stream("GET", "/changes/stream") as answer:
            events = _events(answer.iter_lines(), 2)  # to be kept: a stream that nobody reads is hung up
            next(events)
            full = http.get("/changes/stream")
            assert (full.status_code, full.headers["content-type"]) == (503, "application/problem+json")
            assert full.headers["retry-after"]
            assert http.get("/health").json()["streams"] == 1
        until(lambda: http.get("/health").json()["streams"] == 0)


def test_long_polling_answers_as_soon_as_there_is_something(store: str) -> None:
    with Ledger.open(store) as ledger, serving(ledger) as base, Client(base) as client:
        latest = client.totals().latest
        start = time.monotonic()
        assert client.changes(latest, wait=0.3).items == []
        assert time.monotonic() - start >= 0.3
        timer = threading.Timer(0.3, add, (ledger, "Ada Brook"))
        timer.start()
        start = time.monotonic()
        found = client.changes(latest, wait=20)
        assert time.monotonic() - start < 10
        assert [(one.old, one.new and one.new.position) for one in found.items] == [(None, Stand.ENDORSED)]
        assert client.changes(found.next).items == []
        timer.join()


def test_the_client_reads_all_there_is(store: str) -> None:
    with Ledger.open(store) as ledger, serving(ledger) as base:
        for number in range(5):
            add(ledger, f"Ada Brook {number}", Stand.WITHHOLDING, number + 1)
        with Client(base) as client:
            found = list(client.standings(limit=2))
            assert [one.endorser for one in found] == [f"Ada Brook {n}" for n in range(5)]
            assert found[0].since == july(1)
            assert list(client.standings(as_of=july(2), position=[Stand.WITHHOLDING], limit=1)) == [
                one.model_copy(update={"last_said": one.last_said}) for one in found[:2]
            ]
            assert len(list(client.holdouts())) == len(list(client.history())) == 5
            piece = next(client.evidence())
            article = client.article(piece.article.id)
            assert article.text[piece.evidence.start : piece.evidence.end] == piece.evidence.exact
            assert client.story(article.story).copies[0].id == article.id
            assert client.identity(piece.endorser_id).standings[0].endorser == piece.endorser
            assert len(list(client.identities("brook"))) == len(list(client.articles(limit=2))) == 5
            assert [one.id for one in client.contests()] == ["current"]
            assert client.sources() == []
            assert client.outlets()[0].articles == 5
            with pytest.raises(NotThere):
                client.article("a_none")
            with pytest.raises(NotThere):
                client.article("../health")
            with pytest.raises(Invalid, match="limit"):
                list(client.standings(limit=0))
            with pytest.raises(NeedsToken):
                client.queue()
        with pytest.raises(NotReached), Client("http://127.0.0.1:1") as nobody:
            nobody.totals()


def test_the_client_decides(ledger: Ledger) -> None:
    add(ledger, "Ada Brook")
    with serving(ledger) as base, Client(base, token(ledger, "review", Role.REVIEWER)) as client:
        [item] = client.queue()
        event = client.decide("reject", item.subject, {"reason": "no"}, seen=item.seen)
        assert list(client.standings()) == []
        with pytest.raises(Conflict):
            client.decide("accept", item.subject, seen=item.seen)
        client.undo(event.number)
        assert len(list(client.standings())) == 1
        with pytest.raises(NeedsToken):
            client.webhooks()


def test_the_client_follows_through_a_restart_of_the_server(ledger: Ledger) -> None:
    options = WebOptions(rate=0, record_every=0.05)
    got: list[str] = []
    with serving(ledger, options) as base:
        port = int(base.rpartition(":")[2])
        client = Client(base)

        def follow() -> None:
            for change in client.follow("oldest"):
                got.append(change.endorser.name)
                if len(got) == 3:
                    return

        thread = threading.Thread(target=follow, daemon=True)
        thread.start()
        add(ledger, "Ada Brook")
        until(lambda: got == ["Ada Brook"])
    add(ledger, "Bo Quill")
    with serving(ledger, options, port):
        add(ledger, "Dee Fell")
        thread.join(20)
        assert got == ["Ada Brook", "Bo Quill", "Dee Fell"]
    client.close()


def test_the_client_with_an_event_loop(ledger: Ledger) -> None:
    async def use(base: str) -> None:
        async with AsyncClient(base) as client:
            latest = (await client.totals()).latest
            await asyncio.to_thread(add, ledger, "Ada Brook")
            async with asyncio.timeout(15):
                async for change in client.follow(latest):
                    assert change.endorser.name == "Ada Brook"
                    break
            assert [one.endorser async for one in client.standings(limit=1)] == ["Ada Brook"]
            assert (await client.changes(latest)).items == [change]
            with pytest.raises(NotThere):
                await client.article("a_none")

    # Not in this thread: the browser of other tests may have an event loop here.
    with serving(ledger) as base, ThreadPoolExecutor(1) as own:
        own.submit(lambda: asyncio.run(use(base))).result(60)


def test_following_from_what_is_no_longer_kept_ends(ledger: Ledger) -> None:
    Ledger(ledger.engine, lambda: dt.datetime(2021, 7, 10, tzinfo=dt.UTC)).add(
        reading(Claim("Ada Brook", Stand.ENDORSED), published=july(3))
    )
    kept = WebOptions(rate=0, record_every=0.05, changes_kept=dt.timedelta(days=30))
    Recorder(ledger.engine).catch_up()
    with serving(ledger) as base, Client(base) as client:
        old = client.totals().oldest
    with serving(ledger, kept) as base, Client(base) as client, pytest.raises(Expired):
        next(client.follow(old))


def test_a_webhook_is_told_until_it_accepts(store: str, receiver: Receiver, key: Key) -> None:
    """It fails twice (once by sending us elsewhere), then accepts: the same message each time, signed."""
    options = WebOptions(rate=0, record_every=0.05, key=key, delivering=FAST)
    with Ledger.open(store) as ledger:
        add(ledger, "Before Hand")
        with serving(ledger, options) as base, Client(base, token(ledger)) as client:
            hook = client.add_webhook(receiver.url, label="The desk")
            assert hook.secret not in repr(client.webhooks())
            add(ledger, "Ada Brook")
            until(lambda: len(receiver.got) == 3)
            until(lambda: next(client.deliveries(hook.id)).state == "delivered")
            [delivery] = client.deliveries(hook.id)
            assert (delivery.tries, delivery.status, delivery.error) == (3, 204, None)
            messages = [verify(hook.secret, headers, body) for headers, body in receiver.got]
            assert {one.id for one in messages} == {messages[0].id}
            assert messages[0].change.endorser.name == "Ada Brook"
            assert (messages[0].change.old, messages[0].type) == (None, "standing.changed")
            assert client.replay(hook.id, delivery.number).state == "due"
            until(lambda: len(receiver.got) == 4)
            assert verify(hook.secret, *receiver.got[3]).id == messages[0].id
            with pytest.raises(NotThere):
                client.replay(hook.id, delivery.number + 9)
            client.remove_webhook(hook.id)
            add(ledger, "Bo Quill")
            until(lambda: client.totals().behind == 0)
            assert client.webhooks() == []
            assert len(list(client.deliveries(hook.id))) == 1
            with pytest.raises(NotThere):
                client.remove_webhook(hook.id)


def test_messages_that_are_not_genuine(key: Key) -> None:
    secret = key.secret("wh_1")
    now = dt.datetime.now(dt.UTC)
    headers = signed(secret, "msg_1", now, "{}")
    old = signed(secret, "msg_1", now - dt.timedelta(minutes=6), "{}")
    forged = {**headers, "webhook-signature": "v1,nonsense"}
    for given, body in ((headers, b"{ }"), (old, b"{}"), (forged, b"{}"), ({}, b"{}"), (headers, b"{}")):
        with pytest.raises(BadSignature):
            verify(secret, given, body)
    with pytest.raises(BadSignature):
        verify(key.secret("wh_2"), headers, b"{}")


def test_signatures_are_those_of_the_specification() -> None:
    """The example of the Standard Webhooks specification's reference libraries."""
    headers = signed(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        dt.datetime.fromtimestamp(1614265330, dt.UTC),
        '{"test": 2432232314}',
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == "1614265330"


def deliver(hooks: Webhooks, key: Key, how: Delivering = FAST) -> int:
    deliverer = Deliverer(hooks, key, how)
    try:
        return deliverer.run()
    finally:
        deliverer.close()


def test_private_addresses_and_plain_http_are_not_for_webhooks(
    ledger: Ledger, receiver: Receiver, key: Key
) -> None:
    hooks = Webhooks(ledger.engine)
    with pytest.raises(WebhookError, match="https"):
        register(hooks, key, receiver.url, "Ines")
    with pytest.raises(WebhookError, match="can't be"):
        register(hooks, key, "ftp://desk.example/x", "Ines", allow_private=True)
    # One that was allowed once, or whose name leads elsewhere by now, is not reached either.
    made, _ = register(hooks, key, receiver.url, "Ines", allow_private=True)
    add(ledger, "Ada Brook")
    Recorder(ledger.engine).catch_up()
    assert deliver(hooks, key, Delivering(seconds=3)) == 0
    [delivery] = hooks.deliveries(made.id)
    assert delivery.state == "due"
    assert "not a public address" in (delivery.error or "")
    assert receiver.got == []


def test_a_receiver_that_is_down_fails_in_the_end_and_one_that_is_gone_is_let_go(
    ledger: Ledger, key: Key
) -> None:
    hooks = Webhooks(ledger.engine)
    down, _ = register(hooks, key, "http://127.0.0.1:1/", "Ines", allow_private=True)
    gone = Receiver(410)
    left, _ = register(hooks, key, gone.url, "Ines", allow_private=True)
    add(ledger, "Ada Brook")
    add(ledger, "Bo Quill")
    Recorder(ledger.engine).catch_up()
    end = time.monotonic() + 20
    while hooks.due():
        assert time.monotonic() < end
        deliver(hooks, key)
        time.sleep(0.02)
    assert {(one.state, one.tries) for one in hooks.deliveries(down.id)} == {("failed", 5)}
    assert hooks.get(left.id).why_removed
    assert len(gone.got) == 1
    assert hooks.replay(failed_of=down.id) == 2
    assert hooks.replay(failed_of=left.id) == 0
    gone.close()


def test_a_webhook_is_told_of_what_it_wants_once_by_however_many(ledger: Ledger, key: Key) -> None:
    receiver = Receiver()
    hooks = Webhooks(ledger.engine)
    wanted = WantedChanges(kinds=("switch",))
    _, secret = register(hooks, key, receiver.url, "Ines", wanted=wanted, allow_private=True)
    for day, stand in enumerate([Stand.WITHHOLDING, Stand.ENDORSED, Stand.WITHDRAWN, Stand.ENDORSED], 1):
        add(ledger, "Ada Brook", stand, day)
    Recorder(ledger.engine).catch_up()
    threads = [threading.Thread(target=deliver, args=(hooks, key)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [verify(secret, *one).change.kind for one in receiver.got] == ["switch", "switch"]
    receiver.close()


def test_the_key_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "key"
    with pytest.raises(WebhookError, match="no key"):
        Key.load(path)
    key = Key.load(path, make=True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Key.load(path, make=True).secret("wh_1") == key.secret("wh_1") != key.secret("wh_2")
    assert key.secret("wh_1").removeprefix("whsec_") not in repr(key)
    path.write_text("00")
    with pytest.raises(WebhookError, match="too short"):
        Key.load(path)


def test_webhooks_by_command(ledger: Ledger, db: str, tmp_path: Path) -> None:
    env = {"WHIPCOUNT_KEY_FILE": str(tmp_path / "key"), "WHIPCOUNT_DB": db}

    def run(*args: str) -> str:
        result = CliRunner(env=env).invoke(main, ["webhook", *args])
        assert result.exit_code == 0, result.output
        return result.output

    added = run("add", "https://desk.example/hook", "--label", "The desk", "--kind", "switch")
    webhook_id = added.split()[0]
    secret = Key.load(tmp_path / "key").secret(webhook_id)
    assert secret in added
    for form in ("table", "csv", "jsonl"):
        listed = run("list", "--format", form)
        assert "The desk" in listed
        assert secret not in listed
    add(ledger, "Ada Brook", Stand.WITHHOLDING, 1)
    add(ledger, "Ada Brook", Stand.ENDORSED, 2)
    Recorder(ledger.engine).catch_up()
    [line] = run("deliveries", webhook_id, "--format", "jsonl").splitlines()
    delivery = json.loads(line)
    assert delivery["state"] == "due"
    assert "1 due again" in run("replay", str(delivery["number"]))
    run("remove", webhook_id)
    assert json.loads(run("deliveries", "--format", "jsonl"))["state"] == "failed"
    assert CliRunner(env=env).invoke(main, ["webhook", "replay", str(delivery["number"])]).exit_code == 1
    assert CliRunner(env=env).invoke(main, ["webhook", "remove", "wh_x"]).exit_code == 1
    assert CliRunner(env=env).invoke(main, ["webhook", "replay"]).exit_code == 2
