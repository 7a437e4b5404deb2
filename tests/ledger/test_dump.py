import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from making import COURIER, HERALD, Claim, july, reading
from migrating import config
from whipcount.article import Sourcing, Span, Stand
from whipcount.cli import main
from whipcount.errors import LedgerError
from whipcount.ledger import Ledger, engine
from whipcount.ledger.dump import dump, load
from whipcount.ledger.events import Action
from whipcount.ledger.reviews import Reviews
from whipcount.standing import standings

BROOK = Claim("Ada Brook", Stand.WITHHOLDING, sourcing=Sourcing.OWN_WORDS, asks=("a plan for the ferry",))
QUILL = Claim("Bo Quill", Stand.ENDORSED)


def fill(ledger: Ledger) -> None:
    ledger.add(reading(BROOK, QUILL, published=july(3), url="https://example.org/a"))
    ledger.add(
        reading(QUILL, published=july(3), url="https://example.org/a", lead="News from Larkfield, changed.")
    )
    long = " ".join(f"word{n}" for n in range(80))
    ledger.add(reading(BROOK, id="b-1", lead=long, outlet=HERALD))
    ledger.add(reading(BROOK, id="b-2", lead=long, outlet=COURIER, published=july(4)))
    reviews = Reviews(ledger.engine)
    one = ledger.evidence()[0]
    rejected = reviews.record(Action.REJECT, one.id, "Ines", {"reason": "a “rival”"})
    reviews.undo(rejected.number, "Jo")
    reviews.record(
        Action.MERGE,
        one.endorser.id,
        "Jo",
        {"into": next(e.endorser.id for e in ledger.evidence() if e.endorser.id != one.endorser.id)},
    )


def blank(url: str) -> sa.Engine:
    return engine.connect(url, lock_wait=10, create=True, empty=True)


def test_a_ledger_comes_back_to_the_byte_and_goes_on_from_there(store: str, tmp_path: Path) -> None:
    with Ledger.open(store) as ledger:
        fill(ledger)
        written = list(dump(ledger.engine))
        before = standings(ledger.evidence())
    other = blank(str(tmp_path / "other.db"))
    assert load(other, written) == len(written) - 1
    other.dispose()
    with Ledger.open(str(tmp_path / "other.db")) as again:
        assert list(dump(again.engine)) == written
        assert standings(again.evidence()) == before
        long = " ".join(f"word{n}" for n in range(80))
        copy = again.add(reading(BROOK, id="b-3", lead=long, outlet="Third Paper"))
        assert len(again.story(copy.article_id).copies) == 3
        number = Reviews(again.engine).record(Action.NOTE, "x", "Ines", {"text": "goes on"}).number
        assert number == json.loads(written[-1]).get("number", 0) + 1 or number > 3


def test_one_store_s_dump_is_the_other_s(postgresql: str, store: str, tmp_path: Path) -> None:
    del postgresql
    with Ledger.open(str(tmp_path / "first.db")) as ledger:
        fill(ledger)
        written = list(dump(ledger.engine))
    into = blank(store)
    load(into, written)
    assert list(dump(into)) == written
    into.dispose()
    with Ledger.open(store) as again:
        # The numbers that the store gives out go on.
        assert Reviews(again.engine).record(Action.NOTE, "x", "Ines", {"text": "on"}).number == 4
        assert again.add(reading(QUILL, id="new", lead="Something new from Marrow Bay.")).new


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40),
        max_size=4,
    )
)
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, leads: list[str]) -> None:
    folder = tmp_path_factory.mktemp("dump")
    with Ledger.open(str(folder / "one.db")) as ledger:
        for number, lead in enumerate(leads):
            ledger.add(reading(QUILL, id=f"a-{number}", lead=lead))
        written = list(dump(ledger.engine))
    other = blank(str(folder / "two.db"))
    load(other, written)
    assert list(dump(other)) == written
    other.dispose()


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([], "no dump"),
        (["{}"], "no dump"),
        (['{"whipcount": 99, "revision": "0007", "tables": []}'], "later version"),
        (['{"whipcount": 1, "revision": "9999", "tables": []}'], "later version"),
        (['{"whipcount": 1, "revision": "0007", "tables": ["cakes"]}'], "cakes"),
        (['{"whipcount": 1, "revision": "0007", "tables": ["events"]}', "{"], "line 2"),
        (['{"whipcount": 1, "revision": "0007", "tables": ["events"]}', '{"table": "cakes"}'], "line 2"),
    ],
)
def test_what_is_no_dump_leaves_nothing_behind(db: str, lines: list[str], why: str) -> None:
    into = blank(db)
    with pytest.raises(LedgerError, match=why):
        load(into, lines)
    assert sa.inspect(into).get_table_names() == []
    into.dispose()


def test_a_ledger_that_holds_something_is_not_loaded_into(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="empty database"):
        load(ledger.engine, list(dump(ledger.engine)))


def test_a_dump_of_an_earlier_revision_is_brought_up_to_date(tmp_path: Path) -> None:
    path = str(tmp_path / "old.db")
    with Ledger.open(path) as ledger:
        ledger.add(reading(BROOK, published=july(3)))
    old = blank(path)
    with old.begin() as connection:
        command.downgrade(config(connection), "0006")
    written = list(dump(old))
    old.dispose()
    assert json.loads(written[0])["revision"] == "0006"
    file = tmp_path / "old.jsonl"
    file.write_text("".join(written), encoding="utf-8")
    done = CliRunner().invoke(main, ["load", str(file), "--db", str(tmp_path / "new.db")])
    assert (done.exit_code, done.output.split()[-2:]) == (0, ["rows", "loaded"])
    with Ledger.open(str(tmp_path / "new.db")) as again:
        assert [s.position for s in standings(again.evidence())] == [Stand.WITHHOLDING]


def test_the_commands_go_to_a_file_and_back(tmp_path: Path, db: str) -> None:
    with Ledger.open(db) as ledger:
        fill(ledger)
    runner = CliRunner()
    for name in ("a.jsonl.gz", "b.jsonl"):
        assert runner.invoke(main, ["dump", str(tmp_path / name), "--db", db]).exit_code == 0
    assert (tmp_path / "a.jsonl.gz").read_bytes()[:2] == b"\x1f\x8b"
    out = runner.invoke(main, ["dump", "--db", db])
    assert out.stdout == (tmp_path / "b.jsonl").read_text("utf-8")
    other = str(tmp_path / "c.db")
    assert runner.invoke(main, ["load", str(tmp_path / "a.jsonl.gz"), "--db", other]).exit_code == 0
    assert runner.invoke(main, ["dump", "--db", other]).stdout == out.stdout
    (tmp_path / "cut.jsonl.gz").write_bytes((tmp_path / "a.jsonl.gz").read_bytes()[:200])
    cut = runner.invoke(main, ["load", str(tmp_path / "cut.jsonl.gz"), "--db", str(tmp_path / "d.db")])
    assert cut.exit_code == 1
    assert cut.stderr.startswith("whipcount: can't read")
    piped = runner.invoke(main, ["load", "-", "--db", str(tmp_path / "e.db")], input=out.stdout)
    assert piped.exit_code == 0


def test_evidence_by_hand_is_in_the_dump(db: str) -> None:
    with Ledger.open(db) as ledger:
        added = ledger.add(reading(BROOK))
        Reviews(ledger.engine).add(
            added.article_id,
            "Ines",
            endorser="Cora Pell",
            endorsee="Cy Dunmore",
            position=Stand.ENDORSED,
            sourcing=Sourcing.NARRATION,
            span=Span(0, 4),
        )
        assert any('"entered by Ines"' in line for line in dump(ledger.engine))
