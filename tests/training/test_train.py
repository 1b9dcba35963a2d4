from __future__ import annotations

import numpy as np
import pytest

from procmatch.linkage.features import FEATURES
from procmatch.linkage.model import read_model
from procmatch.linkage.plain import plain_score
from training.linkage.collect import hand_rows, joined, sheet_rows
from training.linkage.fit import best_of, calibrated, finished, thresholds
from training.linkage.noise import sheet
from training.linkage.register import listed, make
from training.linkage.tables import HandPair
from training.linkage.train import run


def pair(same: str, printed: str = "Solgløtt Bakeri") -> HandPair:
    return HandPair(
        table="t",
        register_name="Solgløtt Bakeri AS",
        register_place="Hamar",
        printed_name=printed,
        printed_place="Hamar",
        same=same,
        why="",
    )


def test_rows_say_which_of_the_units_found_is_meant() -> None:
    made = sheet(make(400, seed=3), count=200, seed=3)
    rows = sheet_rows(made, plain_score)
    assert rows.features.shape == (len(rows.query), len(FEATURES))
    assert (np.diff(rows.query) >= 0).all()
    right = np.bincount(rows.query, rows.right, minlength=len(made.queries))
    assert right.max() == 1
    assert not right[~rows.known].any()
    assert right[rows.known].mean() > 0.8


def test_of_a_pair_that_differs_only_that_row_is_known_to_be_wrong() -> None:
    among = listed(make(300, seed=3))
    rows = hand_rows(
        [pair("yes"), pair("no", "Solgløtt Bakeri Drift")], among, plain_score, weight=7
    )
    assert rows.right[rows.query == 0].sum() == 1
    assert rows.right[rows.query == 1].tolist() == [False]
    assert set(rows.weight) == {7}


def test_what_is_learned_is_calibrated_on_others_and_reads_back() -> None:
    learning, holding = (sheet(make(500, seed=at), count=500, seed=at) for at in (1, 2))
    rows = joined([sheet_rows(learning, plain_score)])
    held_out = sheet_rows(holding, plain_score)
    text = finished(rows, held_out, rounds=30)
    model = read_model(text)
    assert finished(rows, held_out, rounds=30) == text
    best = best_of(held_out, model)
    assert ((best.probability > 0) & (best.probability < 1)).all()
    curve = calibrated(best)
    assert curve["x"] == sorted(curve["x"])
    assert curve["y"] == sorted(curve["y"])
    assert curve["x"][0] == 0.0
    assert curve["x"][-1] == 1.0
    assert curve["y"][-1] < 1
    # Where the answer is right the probability is higher.
    probability = model.calibrate(best.probability)
    assert probability[best.right].mean() > probability[~best.right].mean() + 0.2
    found = thresholds(probability, best)
    assert 0.5 == found["possible"] < found["automatic"] < 1


@pytest.mark.slow
def test_training_runs_from_end_to_end(capsys: pytest.CaptureFixture[str]) -> None:
    text = run(size=600, queries=600, rounds=30)
    model = read_model(text)
    assert np.isfinite(model.score(np.full((1, len(FEATURES)), np.nan))).all()
    said = capsys.readouterr().out
    assert "plain score" in said
    assert "| moved_to_new_number |" in said
