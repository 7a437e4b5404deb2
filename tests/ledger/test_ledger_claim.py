"""One process at a time follows into a ledger, and a dead one's claim lapses."""

import subprocess
import sys
from pathlib import Path

import pytest

from whipcount.errors import AlreadyFollowed, LedgerError
from whipcount.ledger.claim import claim
from whipcount.ledger.sources import Sources

HOLDER = """
import sys, time
from whipcount.ledger.claim import claim
from whipcount.ledger.sources import Sources
with Sources.open(sys.argv[1]) as sources, claim(sources.engine):
    print("mine", flush=True)
    time.sleep(120)
"""


def test_the_second_is_told_and_the_dead_ones_claim_lapses(store: str) -> None:
    with Sources.open(store) as sources:
        holder = subprocess.Popen([sys.executable, "-c", HOLDER, store], stdout=subprocess.PIPE, text=True)
        assert holder.stdout
        assert holder.stdout.readline() == "mine\n"
        with pytest.raises(AlreadyFollowed, match=rf"process {holder.pid} on .+ since \d{{4}}-") as caught:  # noqa: SIM117
            with claim(sources.engine):
                pass
        assert "\n" not in str(caught.value)
        holder.kill()
        holder.communicate()
        with claim(sources.engine) as holds:
            assert holds()
        with claim(sources.engine) as holds:
            assert holds()


def test_two_ledgers_are_two_claims(store: str, tmp_path: Path) -> None:
    with Sources.open(store) as one, Sources.open(str(tmp_path / "other.db")) as other:
        with claim(one.engine), claim(other.engine):
            pass
        with claim(one.engine), pytest.raises(AlreadyFollowed), claim(one.engine):
            pass


def test_a_ledger_in_memory_can_not_be_followed_into() -> None:
    with (
        Sources.open("sqlite://") as sources,
        pytest.raises(LedgerError, match="on disk"),
        claim(sources.engine),
    ):
        pass
