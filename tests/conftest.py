"""Puts this folder on the path, for `making`, and gives a ledger to those who ask for one."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from whipcount.ledger import Ledger

POSTGRES = os.environ.get("WHIPCOUNT_TEST_POSTGRES", "")
"""The SQLAlchemy URL of a PostgreSQL database that tests may make schemas in."""


@pytest.fixture
def db(tmp_path: Path) -> str:
    return str(tmp_path / "ledger.db")


@pytest.fixture
def ledger(db: str) -> Iterator[Ledger]:
    with Ledger.open(db) as ledger:
        yield ledger


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, db: str) -> Iterator[str]:
    """A place for a ledger on each store."""
    if request.param == "sqlite":
        yield db
        return
    if not POSTGRES:
        pytest.skip("WHIPCOUNT_TEST_POSTGRES names no PostgreSQL database to test with")
    schema = f"t{uuid.uuid4().hex}"
    engine = sa.create_engine(POSTGRES)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    yield (
        sa.make_url(POSTGRES)
        .update_query_dict({"options": f"-csearch_path={schema}"})
        .render_as_string(False)
    )
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    engine.dispose()
