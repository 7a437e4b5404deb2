import datetime as dt
import multiprocessing
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from making import COURIER, HERALD, Claim, july, reading
from whipcount.article import Contest, Sourcing, Span, Stand
from whipcount.contest_file import Planned, planned
from whipcount.errors import CursorTooOld, ReviewError
from whipcount.ledger import Ledger
from whipcount.ledger.contests import Contests
from whipcount.ledger.dump import dump, load
from whipcount.ledger.events import Action
from whipcount.ledger.reviews import Reviews
from whipcount.ledger.stream import Recorded, Stream, WantedChanges
from whipcount.people import by_name
from whipcount.recorder import Recorder
from whipcount.standing import standings

NAMES = ["Ada Brook", "Bo Quill", "Dee Fell", "Eve Marsh"]
ENDORSEES = ["Cy Dunmore", "Measure 7", "any candidate"]


def told(changes: list[Recorded]) -> list[tuple[Any, ...]]:
    return [
        (
            c.endorser.name,
            c.endorsee.name,
            c.old and c.old["position"],
            c.new and c.new["position"],
            c.kind,
            c.cause["kind"],
        )
        for c in changes
    ]


def replayed(stream: Stream) -> dict[tuple[str, str, Contest, str | None], str]:
    now: dict[tuple[str, str, Contest, str | None], str] = {}
    last: dict[Any, Any] = {}
    for change in stream.after(0, 100_000):
        pair = (change.endorser.id, change.endorsee.id, change.contest, change.contest_id)
        assert last.get(pair) == change.old
        last[pair] = change.new
        if change.new is None:
            del now[pair]
        else:
            now[pair] = change.new["position"]
    return now


def stands(ledger: Ledger) -> dict[tuple[str, str, Contest, str | None], str]:
    return {
        (s.endorser.id, s.endorsee.id, s.contest, s.contest_id): s.position.value
        for s in standings(ledger.evidence())
    }


def test_every_addition_and_decision_is_told_with_the_old_and_the_new(store: str) -> None:
    with Ledger.open(store) as ledger:
        recorder, reviews, stream = Recorder(ledger.engine), Reviews(ledger.engine), Stream(ledger.engine)
        assert recorder.catch_up() == 0
        first = ledger.add(reading(Claim("Ada Brook", Stand.WITHHOLDING, "any candidate"), published=july(2)))
        ledger.add(
            reading(Claim("Ada Brook", Stand.ENDORSED), published=july(5), id="larkfield-2", lead="More.")
        )
        assert stream.behind() == 2
        assert recorder.catch_up() == 3
        assert recorder.catch_up() == stream.behind() == 0
        changes = stream.after(0, 10)
        assert told(changes) == [
            ("Ada Brook", "any candidate", None, "withholding", "first", "article"),
            ("Ada Brook", "Cy Dunmore", None, "endorsed", "first", "article"),
            ("Ada Brook", "any candidate", "withholding", None, "lapsed", "article"),
        ]
        assert changes[0].cause["id"] == first.article_id
        last = changes[1]
        assert last.new is not None
        rejected = reviews.record(Action.REJECT, last.new["best"], "Ines")
        recorder.catch_up()
        reviews.undo(rejected.number, "Ines")
        recorder.catch_up()
        again = stream.after(changes[-1].number, 10)
        assert told(again) == [
            ("Ada Brook", "any candidate", None, "withholding", "switch", "event"),
            ("Ada Brook", "Cy Dunmore", "endorsed", None, "correction", "event"),
            ("Ada Brook", "Cy Dunmore", None, "endorsed", "switch", "event"),
            ("Ada Brook", "any candidate", "withholding", None, "lapsed", "event"),
        ]
        assert again[2].new == last.new
        assert replayed(stream) == stands(ledger)
        assert [c.number for c in stream.before(None, 2)] == [c.number for c in reversed(again[-2:])]
        wanted = WantedChanges(endorsee=last.endorsee.id, kinds=("switch", "correction"))
        assert [c.kind for c in stream.after(0, 10, wanted)] == ["correction", "switch"]
        assert WantedChanges.from_json(wanted.to_json()) == wanted


def test_a_merge_moves_what_was_known_of_both(store: str) -> None:
    with Ledger.open(store) as ledger:
        recorder, reviews, stream = Recorder(ledger.engine), Reviews(ledger.engine), Stream(ledger.engine)
        ledger.add(reading(Claim("A. Brook", Stand.ENDORSED, "C. Dunmore"), published=july(2)))
        ledger.add(reading(Claim("Ada Brook", Stand.WITHHOLDING), published=july(1), id="b", lead="More."))
        recorder.catch_up()
        reviews.record(Action.MERGE, by_name("C. Dunmore").id, "Ines", {"into": by_name("Cy Dunmore").id})
        reviews.record(Action.MERGE, by_name("A. Brook").id, "Ines", {"into": by_name("Ada Brook").id})
        recorder.catch_up()
        assert replayed(stream) == stands(ledger)
        moved = [one[2:5] for one in told(stream.after(2, 10))]
        assert ("withholding", "endorsed", "switch") in moved
        assert ("endorsed", None, "correction") in moved
        for event in reviews.events():
            reviews.undo(event.number, "Jo")
        recorder.catch_up()
        assert replayed(stream) == stands(ledger)


def test_a_newer_version_and_a_bridging_copy_are_told(store: str) -> None:
    with Ledger.open(store) as ledger:
        recorder, stream = Recorder(ledger.engine), Stream(ledger.engine)
        page = "https://courier.example/ferry"
        ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED), published=july(2), url=page))
        recorder.catch_up()
        changed = ledger.add(
            reading(Claim("Bo Quill", Stand.ENDORSED), published=july(2), url=page, lead="Corrected.")
        )
        assert changed.version_of
        recorder.catch_up()
        assert replayed(stream) == stands(ledger)
        assert ("Ada Brook", "Cy Dunmore", "endorsed", None, "correction", "article") in told(
            stream.after(0, 10)
        )


@pytest.mark.parametrize("seed", range(6))
def test_replaying_the_stream_gives_what_stands_whatever_was_done(ledger: Ledger, seed: int) -> None:
    chance = random.Random(seed)
    reviews, recorder, stream = Reviews(ledger.engine), Recorder(ledger.engine), Stream(ledger.engine)

    def add() -> None:
        claims = [
            Claim(
                chance.choice(NAMES),
                chance.choice(list(Stand)),
                chance.choice(ENDORSEES),
                chance.choice([Sourcing.OWN_WORDS, Sourcing.NARRATION]),
            )
            for _ in range(chance.randint(0, 3))
        ]
        number = chance.randint(0, 10**6)
        ledger.add(
            reading(
                *claims,
                id=f"r{number}",
                published=chance.choice([None, july(chance.randint(1, 20))]),
                outlet=chance.choice([COURIER, HERALD]),
                url=chance.choice([None, f"https://courier.example/{chance.randint(1, 4)}"]),
                lead=chance.choice([f"Number {number} of today.", "One report of many. " * 60]),
            )
        )

    def decide() -> None:
        evidence = ledger.evidence()
        if not evidence:
            return
        one = chance.choice(evidence)
        events = reviews.events()
        who = [by_name(name).id for name in [*NAMES, "Cy Dunmore"]]
        there = [i for i in who if any(i in {e.endorser.id, e.endorsee.id} for e in evidence)]
        act = chance.randint(0, 6)
        if act == 0:
            reviews.record(Action.REJECT, one.id, "Ines")
        elif act == 1:
            reviews.record(Action.CORRECT, one.id, "Jo", {"position": chance.choice(list(Stand)).value})
        elif act == 2:
            reviews.record(
                Action.CORRECT, one.id, "Jo", {"endorser": chance.choice(there or [one.endorser.id])}
            )
        elif act == 3 and len(there) > 1:
            own, other = chance.sample(there, 2)
            reviews.record(Action.MERGE, own, "Jo", {"into": other})
        elif act == 4 and len(there) > 1:
            to = chance.choice([i for i in there if i != one.endorser.id])
            reviews.record(Action.SPLIT, one.endorser.id, "Jo", {"to": to, "evidence": [one.id]})
        elif act == 5:
            reviews.add(
                one.article.id, "Ines", endorser=chance.choice(NAMES), endorsee="Cy Dunmore",
                position=chance.choice(list(Stand)), sourcing=Sourcing.NARRATION, span=Span(0, 4),
            )  # fmt: skip
        elif events:
            with suppress(ReviewError):  # it has been undone already
                reviews.undo(chance.choice(events).number, "Jo")

    for _ in range(40):
        chance.choice([add, add, decide])()
        if chance.random() < 0.3:
            recorder.catch_up()
            assert replayed(stream) == stands(ledger)
    recorder.catch_up()
    assert replayed(stream) == stands(ledger)


def test_what_waited_is_told_one_by_one(ledger: Ledger) -> None:
    """A backlog gives the changes that looking after each addition would have given."""
    history = [(Stand.WITHHOLDING, 1), (Stand.ENDORSED, 2), (Stand.WITHDRAWN, 3), (Stand.ENDORSED, 4)]
    for stand, day in history:
        ledger.add(reading(Claim("Ada Brook", stand), published=july(day), id=f"n{day}", lead=f"Day {day}."))
    Recorder(ledger.engine).catch_up()
    found = Stream(ledger.engine).after(0, 10)
    assert [change.new and change.new["position"] for change in found] == [s.value for s, _ in history]


def test_what_is_no_longer_kept_is_said_so(ledger: Ledger) -> None:
    now = dt.datetime(2031, 7, 10, 12, tzinfo=dt.UTC)
    Ledger(ledger.engine, lambda: now).add(reading(Claim("Ada Brook", Stand.ENDORSED), published=july(2)))
    now += dt.timedelta(days=40)
    Ledger(ledger.engine, lambda: now).add(
        reading(Claim("Bo Quill", Stand.ENDORSED), published=july(3), id="b", lead="More.")
    )
    Recorder(ledger.engine).catch_up()
    stream = Stream(ledger.engine, lambda: now, kept=dt.timedelta(days=30))
    assert stream.bounds() == (1, 2)
    with pytest.raises(CursorTooOld, match="until 1"):
        stream.after(0, 10)
    assert [change.endorser.name for change in stream.after(1, 10)] == ["Bo Quill"]
    assert len(stream.before(None, 10)) == 1


def _record(db: str, times: int) -> None:
    with Ledger.open(db) as ledger:
        for _ in range(times):
            Recorder(ledger.engine).catch_up()


def test_processes_that_record_at_once_record_each_change_once(store: str) -> None:
    with Ledger.open(store) as ledger:
        spawn = multiprocessing.get_context("spawn")
        others = [spawn.Process(target=_record, args=(store, 40)) for _ in range(3)]
        for other in others:
            other.start()
        for number in range(30):
            stand = (Stand.ENDORSED, Stand.WITHDRAWN)[number % 2]
            ledger.add(
                reading(
                    Claim("Ada Brook", stand),
                    published=july(1) + dt.timedelta(days=number),
                    id=f"n{number}",
                    lead=f"Day {number}.",
                )
            )
        for other in others:
            other.join(60)
        Recorder(ledger.engine).catch_up()
        stream = Stream(ledger.engine)
        assert len(stream.after(0, 100)) == 30
        assert replayed(stream) == stands(ledger)


def test_the_stream_is_only_added_to(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED), published=july(2)))
        Recorder(ledger.engine).catch_up()
        for table in ("notes", "changes", "change_passes"):
            with (
                pytest.raises(sa.exc.DBAPIError, match="only ever added to"),
                ledger.engine.begin() as connection,
            ):
                connection.execute(sa.text(f"DELETE FROM {table}"))


def test_a_dump_takes_the_stream_along(store: str, tmp_path: Path) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED), published=july(2)))
        Recorder(ledger.engine).catch_up()
        ledger.add(reading(Claim("Bo Quill", Stand.ENDORSED), published=july(3), id="b", lead="More."))
        [one, _] = ledger.evidence()
        Reviews(ledger.engine).record(Action.ACCEPT, one.id, "Ines")
        lines = list(dump(ledger.engine))
        stream = Stream(ledger.engine).after(0, 10)
    empty = sa.create_engine(f"sqlite:///{tmp_path / 'loaded.db'}")
    load(empty, lines)
    empty.dispose()
    with Ledger.open(str(tmp_path / "loaded.db")) as loaded:
        assert list(dump(loaded.engine)) == lines
        assert Stream(loaded.engine).after(0, 10) == stream
        assert Recorder(loaded.engine).catch_up() == 1
        assert replayed(Stream(loaded.engine)) == stands(loaded)


def test_a_contest_moves_what_was_known_into_it(ledger: Ledger) -> None:
    recorder, stream = Recorder(ledger.engine), Stream(ledger.engine)
    ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED), published=july(2)))
    recorder.catch_up()
    Contests(ledger.engine).add(
        planned(
            "Mayor of Larkfield",
            office="mayor",
            opens=july(1),
            election_day=july(30),
            candidates=(Planned("Cy Dunmore"),),
        )
    )
    recorder.catch_up()
    assert replayed(stream) == stands(ledger)
    assert {one.cause["kind"] for one in stream.after(1, 10)} == {"assignment"}
    assert [bool(pair[3]) for pair in stands(ledger)] == [True]


def test_a_recorder_that_is_killed_tells_everything_once(ledger: Ledger, db: str) -> None:
    chance = random.Random(7)
    spawn = multiprocessing.get_context("spawn")
    for start in range(0, 60, 15):
        other = spawn.Process(target=_record, args=(db, 10_000))
        other.start()
        for number in range(start, start + 15):
            stand = (Stand.ENDORSED, Stand.WITHDRAWN)[number % 2]
            day = july(1) + dt.timedelta(days=number)
            ledger.add(
                reading(Claim("Ada Brook", stand), published=day, id=f"n{number}", lead=f"Day {number}.")
            )
        other.join(chance.uniform(0.5, 2))
        other.kill()
        other.join()
    Recorder(ledger.engine).catch_up()
    stream = Stream(ledger.engine)
    assert len(stream.after(0, 100)) == 60
    assert replayed(stream) == stands(ledger)
