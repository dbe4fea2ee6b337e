"""Log odds to probabilities that hold on new targets, and how far they may be trusted.

Platt scaling (Platt, in Advances in Large Margin Classifiers, 1999) of several log odds at once, with coefficients that
cannot be negative, fitted on predictions for held-out targets. What comes out is drawn back to the share of negative
outcomes as far as it is not proven to say more: the slope of outcomes on it is shrunk by its own standard error
(positive-part James and Stein, Berkeley Symposium 1961), which a jackknife over targets gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from scipy.special import expit

from autotransfer.data import Array
from autotransfer.foresight.folds import target_folds

_PENALTY, _SURE, _MATTERS = 1.0, 2.326, 0.02
"""A one-sided level of 1 %, since a run has one history and many arms; and a Brier skill below which what is told
hardly differs from the share."""


@final
@dataclass(frozen=True, eq=False)
class Calibration:
    """Fitted on held-out predictions.

    :param share: of negative outcomes. :param trust: 0 (the share is all that is known) to 1.
    :param proven: whether it says more than the share on new targets: surely, and by enough to matter.
    """

    coefficients: Array
    intercept: float
    share: float
    trust: float
    proven: bool

    def probability(self, log_odds: Array) -> Array:
        """(n,) from (n, k)."""
        found = expit(log_odds @ self.coefficients + self.intercept)
        return np.asarray(self.share + self.trust * (found - self.share))


def calibrate(log_odds: Array, negative: Array, targets: Array) -> Calibration:
    """From (n, k) log odds for held-out targets and (n,) outcomes 0 or 1."""
    share = float(negative.mean())
    coefficients, intercept = _fit(log_odds, negative)
    trust, proven = _trust(log_odds, negative, targets)
    return Calibration(coefficients, intercept, share, trust, proven)


def _fit(log_odds: Array, negative: Array) -> tuple[Array, float]:
    from scipy.optimize import minimize

    start = np.append(np.full(log_odds.shape[1], 0.1), 0.0)

    def loss(w: Array) -> tuple[float, Array]:
        score = log_odds @ w[:-1] + w[-1]
        wrong = expit(score) - negative
        value = np.logaddexp(0.0, score).sum() - negative @ score + 0.5 * _PENALTY * w[:-1] @ w[:-1]
        return float(value), np.append(log_odds.T @ wrong + _PENALTY * w[:-1], wrong.sum())

    bounds = [(0.0, None)] * log_odds.shape[1] + [(-20.0, 20.0)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found[:-1], float(found[-1])


def _trust(log_odds: Array, negative: Array, targets: Array) -> tuple[float, bool]:
    """The slope of outcomes on probabilities, both as differences from the share, each from targets left out."""
    moved, outcome = np.zeros(len(negative)), np.zeros(len(negative))
    for rows in target_folds(targets):
        coefficients, intercept = _fit(log_odds[~rows], negative[~rows])
        share = negative[~rows].mean()
        moved[rows] = expit(log_odds[rows] @ coefficients + intercept) - share
        outcome[rows] = negative[rows] - share
    _, own = np.unique(targets, return_inverse=True)
    cross, square = np.bincount(own, moved * outcome), np.bincount(own, moved * moved)
    if square.sum() < 1e-12 * len(negative) or len(square) < 3:
        return 0.0, False
    slope = cross.sum() / square.sum()
    left = np.maximum(square.sum() - square, 1e-12)
    without = (cross.sum() - cross) / left
    error = float(np.sqrt((len(square) - 1) / len(square) * np.square(without - without.mean()).sum()))
    trust = 0.0 if slope <= error else min(1.0, slope - error**2 / slope)
    skill = 1.0 - np.square(outcome - trust * moved).sum() / np.square(outcome).sum()
    return float(trust), bool(slope > _SURE * error and skill > _MATTERS)
