"""Leave one target out."""

from __future__ import annotations

import numpy as np

from benchmarks.selecting.choosing import choosing
from benchmarks.selecting.held_out import forecast, leave_target_out
from tests.foresight.worlds import world


def test_no_target_is_on_both_sides() -> None:
    experience = world(targets=5)
    folds = list(leave_target_out(experience))
    assert [target for target, *_ in folds] == sorted(set(experience.arms.targets))
    for target, past, arms, gain in folds:
        assert set(arms.targets) == {target}
        assert target not in past.arms.targets
        assert len(past) + len(gain) == len(experience)


def test_what_is_told_beside_what_came_out() -> None:
    """One forecast a row, in the folds' order, with the training fold's share of losses."""
    experience = world(targets=5)
    told = forecast(leave_target_out(experience))
    assert len(told.outlooks) == len(told.gain) == len(experience)
    np.testing.assert_array_equal(np.sort(told.gain), np.sort(experience.gain))
    assert np.corrcoef(told.risk, told.negative)[0, 1] > 0.5
    others = experience.gain[experience.arms.targets != "target 0"]
    assert told.share[told.targets == "target 0"][0] == (others < 0).mean()
    assert 0.8 < told.covered <= 1.0


def test_choosing_beats_the_prior_where_features_tell() -> None:
    """gain = 2 x₀ + method + noise of 0.5: little is lost, where the prior knows the method alone."""
    rows = {row["selector"]: row for row in choosing("toy", world(targets=6))}
    assert rows["foresight"]["regret"] < 0.5
    assert rows["static prior"]["regret"] > 2.0
    assert rows["foresight, strict"]["regret"] == rows["foresight"]["regret"]  # here no source is a target
