"""Whether a target lies within experience."""

from __future__ import annotations

import numpy as np

from autotransfer.foresight.arms import Arms
from autotransfer.foresight.reach import fit_reach
from tests.foresight.worlds import world


def test_near_and_far() -> None:
    """A target drawn as the others are is near; one that lies ten deviations off is beyond."""
    reach = fit_reach(world(targets=30).arms)
    assert not reach.beyond(world(targets=1, seed=5).arms.features)
    assert reach.beyond(world(targets=1, seed=5).arms.features + 10.0)


def test_targets_like_the_others_are_not_called_far() -> None:
    """Not one of a hundred."""
    reach = fit_reach(world(targets=30).arms)
    features = world(targets=100, seed=9).arms.features.reshape(100, 20, 3)
    assert sum(reach.beyond(each) for each in features) == 0


def test_without_features_nothing_is_far() -> None:
    arms = world(targets=4).arms
    bare = Arms(np.zeros((len(arms), 0)), (), arms.keys, arms.tasks, arms.targets)
    assert not fit_reach(bare).beyond(np.zeros((2, 0)))
