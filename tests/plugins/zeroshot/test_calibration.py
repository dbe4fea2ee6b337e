"""Calibrated stacking moves rows from seen to unseen classes, as many as it says."""

from __future__ import annotations

import numpy as np
from autotransfer_zeroshot.calibration import seen_penalty
from autotransfer_zeroshot.eszsl import Eszsl

from autotransfer.task import Context


def test_a_whole_penalty_gives_half_of_the_training_rows_away(rng) -> None:
    """The median of max_seen - max_unseen."""
    seen = np.array([True] * 4 + [False] * 2)
    scores = rng.normal(size=(101, 6)) + 2 * seen
    after = scores - seen_penalty(scores, seen) * seen
    assert np.mean(~seen[(after + 1e-9 * ~seen).argmax(axis=1)]) == 51 / 101


def test_nothing_is_taken_off_without_both_kinds_of_class(rng) -> None:
    scores = rng.normal(size=(5, 3))
    assert seen_penalty(scores, np.ones(3, bool)) == seen_penalty(scores, np.zeros(3, bool)) == 0.0
    assert seen_penalty(scores[:, [0, 0, 0]] + [0, 1, 2], np.array([True, True, False])) == 0.0


def test_more_calibration_calls_more_rows_unseen(toy) -> None:
    """Monotone, from few to most."""
    unseen = [2, 5]
    shares = [
        np.isin(Eszsl(calibration=c).fit(toy.task, None, Context()).predict(toy.test).argmax(axis=1), unseen).mean()
        for c in (0.0, 0.3, 0.6, 1.0, 1.5)
    ]
    assert shares == sorted(shares)
    assert shares[0] < 0.9 < shares[-1]
