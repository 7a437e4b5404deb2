from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from making import HERALD, Claim, reading
from migrating import config
from whipcount.article import Stand
from whipcount.errors import LedgerError
from whipcount.ledger import Ledger, engine
from whipcount.ledger.account_models import ACCOUNT_TABLES
from whipcount.ledger.desk_models import DESK_TABLES
from whipcount.ledger.models import TABLES, Base
from whipcount.ledger.registry_models import REGISTRY_TABLES
from whipcount.ledger.source_models import SOURCE_TABLES
from whipcount.ledger.stream_models import STREAM_TABLES


def test_the_list_of_revisions_is_that_of_the_folder() -> None:
    scripts = ScriptDirectory.from_config(config()).walk_revisions()
    assert [script.revision for script in scripts][::-1] == list(engine.REVISIONS)


def test_the_migrations_make_the_models_tables(ledger: Ledger, db: str) -> None:
    del ledger
    store = sa.create_engine(f"sqlite:///{db}")
    with store.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": engine.VERSION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, Base.metadata) == []
    store.dispose()


def test_down_and_up_again(ledger: Ledger, db: str) -> None:
    ledger.close()
    store = engine._engine(engine.ledger_url(db), 5)
    with store.begin() as connection:
        command.downgrade(config(connection), "base")
    with store.connect() as connection:
        ours = {*TABLES, *SOURCE_TABLES, *DESK_TABLES, *REGISTRY_TABLES, *ACCOUNT_TABLES, *STREAM_TABLES}
        assert not ours & set(sa.inspect(connection).get_table_names())
    store.dispose()
    with Ledger.open(db) as again:
        assert again.totals().articles == 0


def test_a_later_ledger_is_left_alone(ledger: Ledger, db: str) -> None:
    ledger.close()
    store = sa.create_engine(f"sqlite:///{db}")
    with store.begin() as connection:
        connection.execute(sa.text(f"UPDATE {engine.VERSION_TABLE} SET version_num = '9999'"))
    store.dispose()
    with pytest.raises(LedgerError, match="later version"):
        Ledger.open(db)


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    store = sa.create_engine(f"sqlite:///{path}")
    with store.begin() as connection:
        connection.execute(sa.text("CREATE TABLE recipes (id INTEGER)"))
    with pytest.raises(LedgerError, match="another program"):
        Ledger.open(str(path))
    with store.connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["recipes"]
    store.dispose()


@pytest.mark.parametrize(
    ("db", "why"),
    [
        ("missing/ledger.db", "no folder"),
        ("nonsense://x/y", "no driver"),
        ("://", "no database URL"),
        (".", "can't open"),
    ],
)
def test_what_is_no_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: str, why: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LedgerError, match=why) as caught:
        Ledger.open(db)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Not a database, though long enough to look like one. " * 50)
    with pytest.raises(LedgerError, match="not a database"):
        Ledger.open(str(path))
    assert path.read_text().startswith("Not a database")


def test_reading_makes_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no ledger"):
        Ledger.open(str(tmp_path / "none.db"), create=False)
    (tmp_path / "empty.db").touch()
    with pytest.raises(LedgerError, match="holds nothing"):
        Ledger.open(str(tmp_path / "empty.db"), create=False)
    assert not (tmp_path / "none.db").exists()


def test_a_password_is_not_shown() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(LedgerError) as caught:
        Ledger.open("postgresql+psycopg://me:secret@localhost:1/none")
    assert "secret" not in str(caught.value)


def test_an_earlier_ledger_is_brought_up_to_date(ledger: Ledger, db: str) -> None:
    ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED)))
    before = ledger.evidence()
    ledger.close()
    store = engine._engine(engine.ledger_url(db), 5)
    with store.begin() as connection:
        command.downgrade(config(connection), "0001")
    store.dispose()
    with Ledger.open(db, create=False) as again:
        assert again.evidence() == before
        copy = reading(Claim("Ada Brook", Stand.ENDORSED), outlet=HERALD)
        assert again.add(copy).new
        assert len(again.evidence()) == 2


def test_an_earlier_ledgers_articles_are_indexed(ledger: Ledger, db: str) -> None:
    lead = "The ferry has not sailed since the storm in March, and nobody on the islands is surprised. " * 3
    page = "https://courier.example/ferry"
    ledger.add(reading(Claim("Bo Quill", Stand.ENDORSED), lead=lead, url=page))
    ledger.close()
    store = engine._engine(engine.ledger_url(db), 5)
    with store.begin() as connection:
        command.downgrade(config(connection), "0003")
    store.dispose()
    with Ledger.open(db) as again:
        again.add(reading(Claim("Bo Quill", Stand.ENDORSED), lead=f"{lead} More.", outlet=HERALD))
        assert len({one.article.story for one in again.evidence()}) == 1
        assert again.add(reading(Claim("Ada Brook", Stand.ENDORSED), lead="Changed.", url=page)).version_of
