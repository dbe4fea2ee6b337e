"""P(gain < -delta): base rate of losses, expected gain in units of its error, and trees, calibrated together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np

from autotransfer.data import Array
from autotransfer.foresight.arms import Arms, Experience
from autotransfer.foresight.base_rates import BaseRates, fit_rates
from autotransfer.foresight.calibration import Calibration, calibrate
from autotransfer.foresight.folds import target_folds
from autotransfer.foresight.trees import enough, fit_trees, values

_FARTHEST = 4.0
"""Log odds beyond which a single witness is not believed: 1.8 %."""


@final
@dataclass(frozen=True, eq=False)
class Risk:
    """Predicts the probability of a loss. :param trees: None where there are few targets or all outcomes are alike.

    :param held_out: (n,) probabilities for the arms it was fitted on, each by trees that had not seen the arm's target.
    """

    rates: BaseRates
    trees: Any
    calibration: Calibration
    delta: float
    held_out: Array

    def predict(self, features: Array, keys: Array, gain: Array, spread: Array) -> Array:
        """(n,) probabilities. ``gain`` is what the regression expects, ``spread`` (n,) its typical error."""
        rates = self.rates.of(keys)
        witness = _witnesses(self.trees, features, rates, (-self.delta - gain) / spread)
        return self.calibration.probability(witness)

    def base_rate(self, keys: Array) -> Array:
        """(n,) shares of losses among past arms with these keys."""
        return self.rates.of(keys)[:, -1]


def fit_risk(experience: Experience, gain: Array, spread: Array) -> Risk:
    """From (n,) finite gains; ``gain`` and ``spread`` are predicted for held-out targets."""
    arms = experience.arms
    negative = (experience.gain < -experience.delta).astype(np.float64)
    short = (-experience.delta - gain) / spread
    held_out = np.zeros((len(arms), 3))
    for rows in target_folds(arms.targets):
        train = arms.take(~rows)
        rates, own = fit_rates(train.keys, train.targets, negative[~rows])
        trees = _fit_trees(train, own, negative[~rows])
        held_out[rows] = _witnesses(trees, arms.features[rows], rates.of(arms.keys[rows]), short[rows])
    rates, own = fit_rates(arms.keys, arms.targets, negative)
    calibration = calibrate(held_out, negative, arms.targets)
    told = calibration.probability(held_out)
    return Risk(rates, _fit_trees(arms, own, negative), calibration, experience.delta, told)


def _fit_trees(arms: Arms, rates: Array, negative: Array) -> Any:
    if negative.min() == negative.max() or not enough(arms.targets):
        return None
    return fit_trees(np.hstack([arms.features, rates]), negative, classes=True)


def _witnesses(trees: Any, features: Array, rates: Array, short: Array) -> Array:
    """(n, 3) log odds, clipped."""
    base = np.clip(rates[:, -1], 1e-3, 1 - 1e-3)
    own = np.log(base / (1 - base)) if trees is None else values(trees, np.hstack([features, rates]))
    found = np.column_stack([np.log(base / (1 - base)), short, own])
    return np.asarray(np.clip(found, -_FARTHEST, _FARTHEST))
