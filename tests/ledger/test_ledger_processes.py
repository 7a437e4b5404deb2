"""What other processes may do to a ledger: write at the same time, and die."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from making import Claim, reading
from whipcount.article import Stand
from whipcount.ledger import Ledger, Totals

HERE = Path(__file__).parent.parent

WRITER = """
import sys
from making import Claim, reading
from whipcount.article import Stand
from whipcount.ledger import Ledger

with Ledger.open(sys.argv[1]) as ledger:
    sys.stdin.readline()
    new = 0
    for number in range(30):
        one = reading(Claim("Ada Brook", Stand.ENDORSED), Claim(f"Endorser {number}", Stand.SUPPORTS), lead=f"No {number}.")
        new += ledger.add(one).new
print(new)
"""

VICTIM = """
import sys, time
from sqlalchemy import Engine, event
from making import Claim, reading
from whipcount.article import Stand
from whipcount.ledger import Ledger

def stop(connection, cursor, statement, *_):
    if statement.startswith("INSERT INTO identities"):
        print("in the middle", flush=True)
        time.sleep(60)

with Ledger.open(sys.argv[1]) as ledger:
    ledger.add(reading(Claim("Eve Marsh", Stand.ENDORSED), lead="First."))
    event.listen(Engine, "after_cursor_execute", stop)
    ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED), Claim("Bo Quill", Stand.SUPPORTS)))
"""


def start(script: str, db: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", script, db],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])},
    )


def test_two_writers_of_the_same_articles(store: str) -> None:
    # Neither finds a ledger: both make it, too.
    writers = [start(WRITER, store), start(WRITER, store)]
    new = [int(writer.communicate("go\n", timeout=60)[0]) for writer in writers]
    assert sum(new) == 30
    with Ledger.open(store, create=False) as ledger:
        assert ledger.totals() == Totals(articles=30, evidence=60, identities=32)


def test_killed_in_the_middle(store: str) -> None:
    victim = start(VICTIM, store)
    assert victim.stdout
    assert victim.stdout.readline() == "in the middle\n"
    victim.send_signal(signal.SIGKILL)
    victim.communicate()
    with Ledger.open(store, create=False) as ledger:
        assert ledger.totals() == Totals(articles=1, evidence=1, identities=2)
        assert ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED), Claim("Bo Quill", Stand.SUPPORTS))).new
        assert ledger.totals() == Totals(articles=2, evidence=3, identities=4)
