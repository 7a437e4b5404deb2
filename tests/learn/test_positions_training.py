"""Training of the judge: labels, folds, measures, and weights that read back as they were."""

import json
from pathlib import Path

import numpy as np
import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab

pytest.importorskip("torch", reason="training needs whipcount[learn]")
pytest.importorskip("sklearn", reason="training needs whipcount[learn]")

from whipcount.article import Article, Kind, Position, Sourcing, Span, Stand
from whipcount.learn import positions as learn
from whipcount.learn.positions_data import LEFT_OUT, NONE, STANDS, Label, Labelled, RowLabel, row_label, split
from whipcount.learn.positions_measure import Judged, shared, tally
from whipcount.learn.positions_net import by_length
from whipcount.learn.positions_reports import Told, fit_choice
from whipcount.learn.positions_sure import calibrated, fit_trees
from whipcount.learn.positions_table import Linear, Prepared, Recipe, table
from whipcount.read.candidates import Candidate, Questions
from whipcount.read.judge import Limits, Verdict, read
from whipcount.read.pairs import CHOICES, NUMBERS, Pair
from whipcount.read.reports import shares

FOCUS = Span(0, 40)
GOLD = Label("Daniel Finch", True, "Sarah Castell", Stand.SUPPORTS, False, FOCUS, True, "narration")


def candidate(
    endorser: str = "Daniel Finch", endorsee: str = "Sarah Castell", focus: Span = FOCUS
) -> Candidate:
    return Candidate(endorser, Kind.PERSON, endorsee, focus, focus)


def pair(
    endorser: str = "Daniel Finch", endorsee: str = "Sarah Castell", stand: Stand = Stand.SUPPORTS,
    members: tuple[int, ...] = (0,),
) -> Pair:  # fmt: skip
    return Pair(
        endorser, Kind.PERSON, endorsee, stand, candidate(endorser, endorsee), 0, 0.0, (0.0,) * len(NUMBERS),
        members, np.zeros((len(members), len(CHOICES))),
    )  # fmt: skip


def verdict(sure: float, own: Pair) -> Verdict:
    report = Position(own.endorser, own.kind, own.endorsee, own.stand, Sourcing.NARRATION, FOCUS)
    return Verdict(own, 0, report, {}, Sourcing.NARRATION, sure, 0.9, 0.9)


def test_labels_of_candidates() -> None:
    assert row_label(candidate(), [GOLD]) == (1 + STANDS.index(Stand.SUPPORTS), 0, 5, 1)
    assert row_label(candidate(endorser="Finch"), [GOLD])[0] == 1 + STANDS.index(Stand.SUPPORTS)
    assert row_label(candidate(focus=Span(50, 60)), [GOLD]) == (LEFT_OUT, -1, -1, 0)
    assert row_label(candidate(endorser="Sarah Castell", endorsee="Daniel Finch"), [GOLD])[0] == NONE
    neutral = Label("Daniel Finch", True, "any candidate", Stand.WITHHOLDING, False, FOCUS, False)
    assert row_label(candidate(endorsee="Laura Merrow"), [neutral])[0] == LEFT_OUT


def test_folds_are_even_over_outlets_and_the_same_again() -> None:
    items = [
        Labelled("positions", Article(f"{o}{n}", "", outlet=o), ())
        for o in ("Courier", "Beacon")
        for n in range(10)
    ]
    folds = split(items, 5)
    for outlet in ("Courier", "Beacon"):
        assert sorted(folds[f"{outlet}{n}"] for n in range(10)) == sorted([0, 1, 2, 3, 4] * 2)
    assert folds == split(list(reversed(items)), 5)


def test_tally_counts_as_the_shared_scorer_does() -> None:
    past = Label("Laura Merrow", True, "Sarah Castell", Stand.ENDORSED, True, FOCUS, False)
    item = Labelled("positions", Article("a", "x" * 60), (GOLD, past))
    prepared = [Prepared(item, Questions((), ()), [], [], (), (), Doc(Vocab()))]
    found = ((0.9, pair(stand=Stand.ENDORSED)), (0.8, pair("Laura Merrow")), (0.7, pair("Paul Odd")))
    given = {0: [verdict(*each) for each in found]}
    figures = tally(prepared, given, "positions")
    assert figures["gold"] == 1
    assert figures["predicted"] == 2  # the past one counts neither way
    assert figures["pair_precision"] == 0.5
    assert figures["record_f1"] == 0.0
    assert figures["polarity_recall"] == 1.0
    assert figures["sourcing"] == figures["evidence"] == 1.0
    assert tally(prepared, given, "positions", without=0)["gold"] == 0


def test_half_the_words_of_the_shorter_are_the_same_evidence() -> None:
    assert shared("Finch backs Castell.", "On Monday Finch said that he backs her")
    assert not shared("Finch backs Castell.", "He will vote for her, said Finch on Monday")


def test_the_chooser_learns_what_readers_take() -> None:
    rows = [{"always": 1.0, "headline": 1.0}, {"always": 1.0, "says: say": 1.0}, {"always": 1.0}]
    told = [Told(Judged(0, pair(members=(0, 1, 2)), 1, 1), 0, rows, (0, 1, 0), GOLD)] * 30
    share = shares(rows, fit_choice(told, 0.01))
    assert share.argmax() == 1


def test_batches_hold_every_index_once_and_keep_to_their_size() -> None:
    lengths = [5, 90, 17, 33, 64, 8, 8, 120, 40]
    batches = by_length(lengths, 130, None)
    assert sorted(i for b in batches for i in b) == list(range(len(lengths)))
    assert all(len(b) * max(lengths[i] for i in b) <= 130 for b in batches)


def test_rare_features_are_dropped() -> None:
    item = Labelled("positions", Article("a", ""), ())
    row = np.asarray([1, 2], dtype=np.uint32)
    prepared = Prepared(
        item,
        Questions((), (candidate(),) * 4),
        [row, row, row, row[:1]],
        [RowLabel(1, 0), RowLabel(1, 0), RowLabel(0), RowLabel(0)],
        (),
        (),
        Doc(Vocab()),
    )
    t = table([prepared], Recipe(least_count=4))
    assert t.keys.tolist() == [1]
    assert t.X.shape == (4, 1)


def test_written_weights_answer_as_the_trained_ones(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    asks = [f"n{k}" for k in range(12)]
    numbers = draw.normal(size=(400, len(asks))).astype(np.float32)
    right = (numbers[:, 0] + 0.3 * draw.normal(size=400) > 0).astype(int)
    trees = fit_trees(numbers, right, Recipe(trees=20, leaf=5, random_trees=10))
    raw = trees.predict(numbers)
    curve = calibrated(raw, right)
    sure = {
        **trees.arrays(), "asks": np.asarray(asks), "calibration_x": curve.x, "calibration_y": curve.y,
    }  # fmt: skip
    linear = Linear(
        np.ones(2, np.float32),
        -1.0,
        np.zeros((2, 6), np.float32),
        np.zeros(6, np.float32),
        np.zeros(2, np.float32),
        0.0,
    )
    (tmp_path / learn.NETWORK).write_bytes(b"network")
    keys = np.asarray([3, 9], dtype=np.uint32)
    limits = Limits(0.3, 1.5)
    weights = learn.arrays(keys, linear, sure, {"sentence: likely": 0.5}, [0.0, 1.0, 0.0], limits)
    learn.write(tmp_path, weights, {"record_f1": 0.5})
    model = read((tmp_path / learn.MODEL).read_bytes())
    expected = curve.predict(raw)
    for k in range(0, 400, 13):
        said = dict(zip(asks, numbers[k].tolist(), strict=True))
        assert model.sure(said) == pytest.approx(expected[k], abs=1e-6)
    assert model.limits == limits
    assert model.choice == {"sentence: likely": 0.5}
    manifest = json.loads((tmp_path / learn.MANIFEST).read_text())
    assert manifest["figures"] == {"record_f1": 0.5}
