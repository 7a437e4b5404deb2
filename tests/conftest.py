"""Puts this folder on the path, for `making`, and gives a ledger to those who ask for one."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from whipcount.ledger import Ledger


@pytest.fixture
def db(tmp_path: Path) -> str:
    return str(tmp_path / "ledger.db")


@pytest.fixture
def ledger(db: str) -> Iterator[Ledger]:
    with Ledger.open(db) as ledger:
        yield ledger


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL database to make schemas in: WHIPCOUNT_TEST_POSTGRES, or a cluster for once."""
    if url := os.environ.get("WHIPCOUNT_TEST_POSTGRES"):
        yield url
        return
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    servers = [shutil.which("pg_ctl"), *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")))]
    if not any(servers):
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    pg_ctl = str(next(filter(None, reversed(servers))))
    # It refuses to run as root; its packages bring a user of their own. The socket's path must be short.
    user = "postgres" if os.geteuid() == 0 else None
    home = Path(f"/tmp/whipcount-{uuid.uuid4().hex[:12]}")
    home.mkdir()
    if user:
        shutil.chown(home, user)

    def server(*args: str) -> None:
        subprocess.run(
            [pg_ctl, "-D", str(home / "data"), *args],
            check=True,
            user=user,
            cwd=home,
            stdout=subprocess.DEVNULL,
        )

    try:
        server("init", "-s", "-o", "-A trust -U postgres -E UTF8 --no-sync")
        server(
            "start", "-s", "-w", "-l", str(home / "log"), "-o", f"-k {home} -c listen_addresses= -c fsync=off"
        )
        yield f"postgresql+psycopg://postgres@/postgres?host={home}"
        server("stop", "-s", "-m", "immediate")
    finally:
        shutil.rmtree(home)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, db: str) -> Iterator[str]:
    """A place for a ledger on each store."""
    if request.param == "sqlite":
        yield db
        return
    url = request.getfixturevalue("postgresql")
    schema = f"t{uuid.uuid4().hex}"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    yield (
        sa.make_url(url)
        .update_query_dict({"options": f"-csearch_path={schema}"})
        .render_as_string(hide_password=False)
    )
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    engine.dispose()
