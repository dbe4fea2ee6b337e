"""Folds in which nothing at all has seen the held-out target, and the check that this is so."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from autotransfer.data import Array
from autotransfer.foresight.arms import Experience
from benchmarks.selecting.held_out import Fold, leave_target_out


def nowhere(experience: Experience, sources: Array) -> Iterator[Fold]:
    """As ``leave_target_out``, without the past arms (n,) whose source is the held-out target's data set."""
    targets = experience.arms.targets
    for target, _, arms, gain in leave_target_out(experience):
        yield target, experience.take((targets != target) & (sources != target)), arms, gain


def moved(told: Callable[[Array], Array], gain: Array, tainted: Array) -> float:
    """The largest change of a target's forecasts when outcomes that must not have reached them become noise.

    :param told: (n,) gains of the whole table -> forecasts for the held-out target. :param tainted: (n,) mask of the
        outcomes that have the held-out target as their target or source.
    :returns: exactly 0 where nothing leaks.
    """
    spoiled = gain.copy()
    spoiled[tainted] = np.random.default_rng(0).permutation(gain)[: int(tainted.sum())] + 10.0 * gain.std()
    return float(np.abs(told(gain) - told(spoiled)).max())
