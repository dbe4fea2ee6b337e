"""The static prior: how arms did on the other targets, whatever the target is. What a selector has to beat."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autotransfer.data import Array
from autotransfer.foresight.arms import Experience
from benchmarks.selecting.scores import random_regret, regret, weighted_tau


def prior_orders(experience: Experience) -> Iterator[tuple[str, Array, Array]]:
    """Task, (n,) order, (n,) gains: an arm's mean standard score over the tasks of all other targets.

    Arms are the same when their finest keys are. One that was seen nowhere else has the mean, 0.
    """
    arms = experience.arms
    scored = _standard(arms.tasks, experience.gain)
    for task in np.unique(arms.tasks):
        mine = arms.tasks == task
        others = arms.targets != arms.targets[mine][0]
        order = np.array([_mean(scored[others & (arms.keys[:, -1] == key)]) for key in arms.keys[mine, -1]])
        yield str(task), order, experience.gain[mine]


def judged(orders: Iterator[tuple[str, Array, Array]]) -> dict[str, float]:
    """Means over tasks: regret, that of a random choice, weighted tau."""
    found = [(regret(order, gain), random_regret(gain), weighted_tau(order, gain)) for _, order, gain in orders]
    return dict(zip(("regret", "random", "weighted tau"), np.mean(found, axis=0).tolist(), strict=True))


def _standard(tasks: Array, gain: Array) -> Array:
    found = np.zeros(len(gain))
    for task in np.unique(tasks):
        mine = tasks == task
        found[mine] = (gain[mine] - gain[mine].mean()) / max(float(gain[mine].std(ddof=1)), 1e-12)
    return found


def _mean(values: Array) -> float:
    return float(values.mean()) if len(values) else 0.0
