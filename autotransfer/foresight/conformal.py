"""Hierarchical conformal prediction: intervals that cover outcomes of a target that is new (Lee, Barber and Willett,
arXiv:2306.06342; Dunn, Wasserman and Ramdas, Journal of the American Statistical Association 118, 2023).

Arms of one target resemble each other, so it is targets that are exchangeable, not arms. Each of K targets has weight
1 / (K + 1), spread evenly over its arms, and the new one's own weight sits at infinity. Scores come from folds in which
the arm's target was put aside (cross-conformal), not from one split as in the papers: few targets are all there is.
"""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array


def attainable(targets: int, level: float) -> float:
    """The level, or the highest one below it that so few targets can give a finite interval for."""
    return min(level, targets / (targets + 1))


def radius(scores: Array, targets: Array, level: float) -> float:
    """The smallest score s so that scores up to s have weight ``level`` or more.

    :param scores: (n,) absolute residuals of arms, n >= 1. :param targets: (n,) names. :param level: an attainable one.
    """
    _, own, counts = np.unique(targets, return_inverse=True, return_counts=True)
    weights = 1.0 / ((len(counts) + 1) * counts[own])
    order = np.argsort(scores, kind="stable")
    reached = np.cumsum(weights[order])
    place = int(np.searchsorted(reached, level - 1e-12))
    return float(scores[order[min(place, len(order) - 1)]])
