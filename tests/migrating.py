"""Alembic on a connection, for tests that move a ledger's schema."""

from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config

from whipcount.ledger import engine


def config(connection: sa.Connection | None = None) -> Config:
    found = Config()
    found.set_main_option("script_location", str(Path(engine.__file__).parent / "migrations"))
    found.attributes["connection"] = connection
    return found
