"""What was read unclearly: kept, asked about, and counted only once a reader says so."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command

from making import HERALD, Claim, july, reading
from migrating import config
from whipcount.agreement import agreement, calibration, precision
from whipcount.article import Stand
from whipcount.changes import steps
from whipcount.contest_file import Planned, planned
from whipcount.desk import endorser, sources
from whipcount.errors import ReviewError
from whipcount.ledger import Evidence, Ledger, engine
from whipcount.ledger.check import problems
from whipcount.ledger.contests import Contests
from whipcount.ledger.dump import dump, load
from whipcount.ledger.events import Action
from whipcount.ledger.review_reads import ReviewReads
from whipcount.ledger.reviews import Reviews
from whipcount.people.registry import Registry
from whipcount.review import Item, Why, queue, read_desk
from whipcount.rosters import SILENT, UNCOUNTED, Member, watch
from whipcount.rules import apply, load_rules
from whipcount.standing import standings

QUILL = Claim("Bo Quill", Stand.ENDORSED)
BROOK = Claim("Ada Brook", Stand.ENDORSED, unclear=True, confidence=0.6)
PAGE = "https://courier.example/ferry"


@pytest.fixture
def kept(store: str) -> Iterator[Ledger]:
    """A ledger with an endorsement that is clear, and one that is not."""
    with Ledger.open(store) as ledger:
        ledger.add(reading(QUILL, BROOK, published=july(3)))
        yield ledger


def the(ledger: Ledger, name: str = "Ada Brook") -> Evidence:
    return next(one for one in ledger.evidence() if one.endorser.name == name)


def counted(ledger: Ledger) -> list[str]:
    return [one.endorser.name for one in standings(ledger.evidence())]


def asked(ledger: Ledger, *kinds: Why) -> list[Item]:
    return queue(read_desk(ledger), second_share=0, kinds=kinds or tuple(Why))


def test_it_is_kept_with_its_sentence_and_does_not_count(kept: Ledger) -> None:
    one = the(kept)
    assert one.quote.exact == "Ada Brook stands at endorsed on Cy Dunmore."
    assert (one.waits, one.excluded) == (True, "unclear: not counted until reviewed")
    assert counted(kept) == ["Bo Quill"]
    assert {change.endorser.name for change in steps(kept.evidence())} == {"Bo Quill"}
    assert [(one.positions, one.articles) for one in sources(kept)] == [(1, 1)]
    assert [found.wrong for found in problems(kept.engine) if found.wrong] == []


def test_what_was_added_is_told_apart(store: str) -> None:
    with Ledger.open(store) as ledger:
        added = ledger.add(reading(QUILL, BROOK))
        assert (added.evidence, added.unclear) == (1, 1)
        assert ledger.add(reading(QUILL, BROOK)).unclear == 0


def test_it_is_asked_about_first_and_counts_once_accepted(kept: Ledger) -> None:
    first, *_ = asked(kept)
    assert (first.kind, first.subject) == (Why.UNCLEAR, the(kept).id)
    assert first.why == ("unclear, so it does not count yet; 60% sure", "nothing on the two counts")
    accepted = Reviews(kept.engine).record(Action.ACCEPT, first.subject, "Ines", seen=first.seen)
    assert counted(kept) == ["Ada Brook", "Bo Quill"]
    assert the(kept).excluded is None
    assert asked(kept, Why.UNCLEAR) == []
    Reviews(kept.engine).undo(accepted.number, "Ines")
    assert counted(kept) == ["Bo Quill"]
    assert [item.subject for item in asked(kept, Why.UNCLEAR)] == [first.subject]


def test_corrected_it_counts_as_corrected_and_rejected_not_at_all(kept: Ledger) -> None:
    reviews = Reviews(kept.engine)
    reviews.record(Action.CORRECT, the(kept).id, "Ines", {"position": "supports"})
    assert [one.position for one in standings(kept.evidence())] == [Stand.SUPPORTS, Stand.ENDORSED]
    reviews.record(Action.REJECT, the(kept).id, "Jo", {"reason": "another Brook"})
    assert counted(kept) == ["Bo Quill"]
    assert the(kept).excluded == "rejected by Jo: another Brook"
    assert asked(kept, Why.UNCLEAR) == []


def test_what_it_would_change_decides_how_pressing_it_is(ledger: Ledger) -> None:
    ledger.add(reading(Claim("Bo Quill", Stand.EXPECTED), published=july(1)))
    ledger.add(reading(Claim("Eve Marsh", Stand.ENDORSED), published=july(1), lead="Other news."))
    for name, stand, day in (
        ("Bo Quill", Stand.ENDORSED, 5), ("Eve Marsh", Stand.ENDORSED, 5), ("Eve Marsh", Stand.EXPECTED, 1)
    ):  # fmt: skip
        lead = f"The lamp at berth {day} of {stand} was lit for {name}."
        claim = Claim(name, stand, unclear=True, confidence=0.6)
        ledger.add(reading(claim, published=july(day), lead=lead, outlet=HERALD))
    found = asked(ledger, Why.UNCLEAR)
    assert [item.why[1] for item in found] == [
        "with it the standing would be endorsed, not expected",
        "it would bear the standing out",
        "the standing would not rest on it",
    ]
    assert [item.subject for item in queue(read_desk(ledger), 1, kinds=[Why.UNCLEAR])] == [found[0].subject]


def test_copies_are_one_question_and_one_that_is_clear_makes_it_small(ledger: Ledger) -> None:
    for outlet in ("A", "B"):
        ledger.add(reading(BROOK, outlet=outlet, published=july(3)))
    [item] = asked(ledger, Why.UNCLEAR)
    assert len(item.others) == 1
    ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED, confidence=0.9), outlet="C", published=july(3)))
    [again] = asked(ledger, Why.UNCLEAR)
    assert again.weight < item.weight / 5
    assert again.why[1] == "another copy of the report counts"


def test_figures_of_a_review_keep_it_apart(kept: Ledger) -> None:
    reviews = Reviews(kept.engine)
    for by in ("Ines", "Jo"):
        reviews.record(Action.REJECT, the(kept).id, by)
        reviews.record(Action.ACCEPT, the(kept, "Bo Quill").id, by)
    decided, events = kept.decided(), reviews.events()
    rows = ReviewReads(kept.engine).rows(decided.verdicts)
    found = {(one.by, one.value): (one.right, one.reviewed) for one in precision(rows, decided)}
    assert found["all", ""] == found["position", "endorsed"] == (1, 1)
    assert found["unclear", "unclear"] == (0, 1)
    assert [(one.band, one.reviewed) for one in calibration(rows, decided, None)] == [
        ("0.9 to 1.0", 1), ("unclear", 1),
    ]  # fmt: skip
    agreed = {one.field: one.evidence for one in agreement(rows, events)}
    assert (agreed["counts"], agreed["unclear"]) == (1, 1)
    [outlet] = sources(kept)
    assert (outlet.accepted, outlet.rejected) == (1, 0)


def test_what_readers_make_of_it_does_not_move_the_confidence_of_the_rest(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.calibrate_from = 2
        ledger.add(reading(*(Claim(f"Mayor {name} Dale", Stand.ENDORSED) for name in "ABCD"), BROOK))
        reviews = Reviews(ledger.engine)
        for one in ledger.evidence()[:3]:
            reviews.record(Action.ACCEPT, one.id, "Ines")
        before = ledger.calibrated()
        assert before is not None
        reviews.record(Action.REJECT, the(ledger).id, "Ines")
        assert ledger.calibrated() == before
        assert the(ledger).calibrated is None


def test_a_roster_tells_it_from_silence(kept: Ledger) -> None:
    one = the(kept).endorser
    members = [Member(one.id, one.name, frozenset({one.id})), Member("p_0", "Zed Vane", frozenset({"p_0"}))]
    found = watch(members, apply([load_rules("house")], kept.evidence(), Registry()), july(9))
    assert [(one.state, one.reasons) for one in found] == [
        (UNCOUNTED, ("unclear: not counted until reviewed",)), (SILENT, ()),
    ]  # fmt: skip


def test_a_newer_version_finds_its_words_again_and_takes_no_ones_place(store: str) -> None:
    with Ledger.open(store) as ledger:
        clear = Claim("Ada Brook", Stand.ENDORSED)
        ledger.add(reading(clear, QUILL, published=july(1), url=PAGE))
        ledger.add(reading(BROOK, QUILL, published=july(1), url=PAGE, lead="News, corrected."))
        ledger.add(reading(BROOK, QUILL, published=july(1), url=PAGE, lead="News, corrected again."))
        first, second, third = (one for one in ledger.evidence() if one.endorser.name == "Ada Brook")
        oldest, middle, newest = sorted(
            (first, second, third), key=lambda one: (one.waits, one.until is None)
        )
        # While nobody says that the newer one means the same, the older one stood until the change.
        assert oldest.until is not None
        assert oldest.until != july(1).min
        assert (middle.held, newest.until) == ("exact", None)
        assert [item.subject for item in asked(ledger, Why.UNCLEAR)] == [newest.id]
        Reviews(ledger.engine).record(Action.ACCEPT, newest.id, "Ines")
        assert counted(ledger) == ["Ada Brook", "Bo Quill"]


def test_the_rest_of_an_article_does_not_go_by_it(store: str) -> None:
    with Ledger.open(store) as ledger:
        for place, name in (("Larkfield", "Cy Dunmore"), ("Marrow Bay", "Pia Lund")):
            race = planned(None, office="mayor", jurisdiction=place, candidates=(Planned(name),))
            Contests(ledger.engine).add(race)
        vague = Claim("Bo Quill", Stand.WITHHOLDING, "any candidate")
        elsewhere = Claim("Ada Brook", Stand.ENDORSED, "Pia Lund", unclear=True)
        ledger.add(reading(vague, QUILL, elsewhere, published=july(3)))
        contests = {one.endorsee.name: one.contest_id for one in ledger.evidence()}
        assert contests["any candidate"] == contests["Cy Dunmore"] != contests["Pia Lund"]


def test_a_reader_can_only_let_prevail_what_counts(kept: Ledger) -> None:
    with pytest.raises(ReviewError, match="accept or correct it first"):
        Reviews(kept.engine).record(
            Action.PREVAIL, the(kept).id, "Ines", {"over": [the(kept, "Bo Quill").id]}
        )


def test_a_history_tells_it_apart_from_what_counts(ledger: Ledger) -> None:
    ledger.add(reading(BROOK, published=july(3), outlet="A"))
    ledger.add(reading(Claim("Ada Brook", Stand.ENDORSED), published=july(3), outlet="B"))
    found = endorser(ledger, the(ledger).endorser.id).timeline
    assert sorted((one.evidence.article.outlet, one.evidence.waits) for one in found) == [
        ("A", True), ("B", False),
    ]  # fmt: skip


def test_it_comes_back_from_a_dump(kept: Ledger, tmp_path_factory: pytest.TempPathFactory) -> None:
    written = list(dump(kept.engine))
    path = str(tmp_path_factory.mktemp("other") / "other.db")
    other = engine.connect(path, lock_wait=10, create=True, empty=True)
    load(other, written)
    other.dispose()
    with Ledger.open(path) as again:
        assert list(dump(again.engine)) == written
        assert counted(again) == ["Bo Quill"]


def test_the_mark_can_not_be_taken_off_the_row(kept: Ledger) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="only ever added to"), kept.engine.begin() as connection:
        connection.execute(sa.text("UPDATE evidence SET unclear = false"))


def test_an_earlier_version_does_not_count_it_either(store: str) -> None:
    with Ledger.open(store) as ledger:
        ledger.add(
            reading(
                QUILL,
                BROOK,
                Claim("Eve Marsh", Stand.ENDORSED, unclear=True),
                Claim("Sol Reed", Stand.ENDORSED, unclear=True),
            )
        )
        reviews = Reviews(ledger.engine)
        reviews.record(Action.ACCEPT, the(ledger, "Eve Marsh").id, "Ines")
        taken_back = reviews.record(Action.ACCEPT, the(ledger, "Sol Reed").id, "Ines")
        reviews.undo(taken_back.number, "Ines")
    database = engine._engine(engine.ledger_url(store), 5)
    with database.begin() as connection:
        command.downgrade(config(connection), "0010")
    with database.connect() as connection:
        assert "unclear" not in {one["name"] for one in sa.inspect(connection).get_columns("evidence")}
    database.dispose()
    with Ledger.open(store) as again:
        assert counted(again) == ["Bo Quill", "Eve Marsh"]
        reason = "rejected by whipcount: unclear, and nobody had decided on it"
        assert {the(again, name).excluded for name in ("Ada Brook", "Sol Reed")} == {reason}
        assert not the(again).unclear
