"""`whipcount serve` and `whipcount user`, as a user runs them."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from commands import run

PASSWORD = "a heron on the pier"


@contextmanager
def served(*args: str, **environ: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """The real command, with the address that it prints."""
    command = [sys.executable, "-c", "from whipcount.cli import main; main()", "serve", "--port", "0", *args]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | environ
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, line + (process.stderr.read() if process.stderr else "")
        yield found[0], process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_serve(db: str) -> None:
    with served("--db", db) as (url, process):
        assert "How we count" in httpx.get(f"{url}/method?code=sesame").text
        process.send_signal(signal.SIGINT)
        _, log = process.communicate(timeout=20)
    assert "GET /method 200" in log
    assert "sesame" not in log
    assert "Traceback" not in log


def test_serve_in_private(db: str) -> None:
    with served("--db", db, WHIPCOUNT_WEB_PRIVATE="yes") as (url, process):
        assert httpx.get(f"{url}/method").status_code == 303
        process.terminate()
        _, log = process.communicate(timeout=20)
    assert "reading needs an account and there is none yet" in log


@pytest.mark.parametrize(
    ("args", "environ", "why"),
    [
        (["--public-url", "count.example"], {}, "the public URL is like https://count.example.org"),
        (["--public-url", "https://a.example/b"], {}, "the public URL is like https://count.example.org"),
        (["--host", "192.0.2.1"], {}, "can't listen at 192.0.2.1:"),
        ([], {"WHIPCOUNT_WEB_RATE": "many"}, "WHIPCOUNT_WEB_RATE must be a number"),
        ([], {"WHIPCOUNT_OIDC_ISSUER": "https://id.example"}, "needs WHIPCOUNT_OIDC_CLIENT"),
    ],
)
def test_what_makes_no_sense(
    db: str, monkeypatch: pytest.MonkeyPatch, args: list[str], environ: dict[str, str], why: str
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    result = run("serve", "--db", db, "--port", "0", *args)
    assert result.exit_code == 1
    assert why in result.stderr


def test_the_port_is_taken(db: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        result = run("serve", "--db", db, "--port", str(other.getsockname()[1]))
    assert result.exit_code == 1
    assert "can't listen at" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_accounts(db: str) -> None:
    made = run(
        "user",
        "add",
        "Ada Brook",
        "--role",
        "reviewer",
        "--password-stdin",
        "--db",
        db,
        given=f"{PASSWORD}\n",
    )
    assert made.stdout == "Ada Brook may log in as reviewer\n"
    assert run("user", "add", "Bo", "--openid", "--email", "bo@desk.example", "--db", db).exit_code == 0
    assert run("user", "role", "bo", "admin", "--db", db).exit_code == 0
    assert run("user", "disable", "bo", "--db", db).exit_code == 0
    rows = [
        json.loads(line) for line in run("user", "list", "--format", "jsonl", "--db", db).stdout.splitlines()
    ]
    assert [(r["name"], r["role"], r["logs_in_by"], r["disabled"]) for r in rows] == [
        ("Ada Brook", "reviewer", "password", "no"),
        ("Bo", "admin", "openid", "yes"),
    ]
    assert run("user", "disable", "bo", "--undo", "--db", db).exit_code == 0
    assert "Ada Brook  reviewer" in run("user", "list", "--db", db).stdout


def test_tokens(db: str) -> None:
    run("user", "add", "Ada Brook", "--password-stdin", "--db", db, given=PASSWORD)
    made = run("user", "token", "Ada Brook", "--label", "graphics", "--days", "30", "--db", db)
    secret = made.stdout.strip()
    assert re.fullmatch(r"wc_[\w-]{43}", secret)
    assert "only time" in made.stderr
    listed = run("user", "tokens", "--format", "csv", "--db", db).stdout
    assert "graphics" in listed
    assert secret not in listed
    assert run("user", "revoke", "1", "--db", db).exit_code == 0
    assert run("user", "tokens", "--format", "jsonl", "--db", db).stdout.count('"revoked": "yes"') == 1


@pytest.mark.parametrize(
    ("args", "given", "why"),
    [
        (["add", "Cy", "--password-stdin"], "short\n", "at least 10 characters"),
        (["add", "Ada Brook", "--password-stdin"], PASSWORD, "already"),
        (["add", "Cy"], "", "--password-stdin"),
        (["password", "Nobody", "--password-stdin"], PASSWORD, "no account named Nobody"),
        (["token", "Ada Brook", "--label", "x", "--scope", "admin"], None, "may not admin"),
        (["revoke", "7"], None, "no token 7"),
    ],
)
def test_what_an_account_can_not_be(db: str, args: list[str], given: str | None, why: str) -> None:
    run("user", "add", "Ada Brook", "--password-stdin", "--db", db, given=PASSWORD)
    result = run("user", *args, "--db", db, given=given)
    assert result.exit_code == 1
    assert why in result.stderr
    assert PASSWORD not in result.output
