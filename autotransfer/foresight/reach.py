"""Whether a target lies within what has been seen: the distance of its arms to the nearest past arms."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

import numpy as np

from autotransfer.data import Array
from autotransfer.foresight.arms import Arms
from autotransfer.foresight.scale import Scale, fit_scale

_KEPT = 2000
_MARGIN, _NEAR = 1.5, 0.25
"""Times the distance of the remotest past target, but never less than a quarter of each feature's spread."""


@final
@dataclass(frozen=True, eq=False)
class Reach:
    """Past arms, at most 2,000 of them, and the distance from which on a target is beyond them."""

    scale: Scale
    points: Array
    farthest: float

    def beyond(self, features: Array) -> bool:
        """Whether the arms of one target (n, d) lie farther off than any past target did from the others."""
        return _distance(self.scale.with_gaps(features), self.points) > self.farthest


def fit_reach(arms: Arms) -> Reach:
    """The distance of a target is the median over its arms of that to the nearest arm of another target."""
    step = -(-len(arms) // _KEPT)
    scale = fit_scale(arms.features)
    points, targets = scale.with_gaps(arms.features[::step]), arms.targets[::step]
    if points.shape[1] == 0:
        return Reach(scale, points, 0.0)
    apart = [_distance(points[targets == name], points[targets != name]) for name in np.unique(targets)]
    return Reach(scale, points, max(_MARGIN * max(apart), _NEAR * math.sqrt(points.shape[1])))


def _distance(some: Array, others: Array) -> float:
    if some.shape[1] == 0 or not len(some) or not len(others):
        return 0.0
    square = np.square(some).sum(1)[:, None] + np.square(others).sum(1) - 2 * some @ others.T
    return float(np.median(np.sqrt(np.maximum(square.min(axis=1), 0.0))))
