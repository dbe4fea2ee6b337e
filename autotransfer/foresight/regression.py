"""One outcome predicted: base rate, ridge and trees, weighted by how well each does on targets it has not seen.

The weights are non-negative least squares on predictions for held-out targets: Breiman, "Stacked regressions", Machine
Learning 24, 1996. Where nothing says anything about new targets all weights are 0, and the mean is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np

from autotransfer.data import Array
from autotransfer.foresight.arms import Arms
from autotransfer.foresight.base_rates import BaseRates, fit_rates
from autotransfer.foresight.folds import target_folds
from autotransfer.foresight.linear import PENALTIES, Linear, fit_linear
from autotransfer.foresight.trees import enough, fit_trees, values

_MEMBERS = 1 + len(PENALTIES) + 1


@final
@dataclass(frozen=True, eq=False)
class Members:
    """Base rate, ridge at each penalty, trees (None where there are few targets): fitted on the same arms."""

    rates: BaseRates
    linear: Linear
    trees: Any

    def predict(self, features: Array, keys: Array) -> Array:
        """(n, members): the base rate, then what each model adds to it."""
        rates = self.rates.of(keys)
        linear = self.linear.predict(features, rates)
        trees = np.zeros(len(keys)) if self.trees is None else values(self.trees, np.hstack([features, rates]))
        return np.column_stack([rates[:, -1], linear, trees])


@final
@dataclass(frozen=True, eq=False)
class Regression:
    """Predicts one outcome.

    :param weights: (members,). :param level: the mean outcome. :param held_out: (n,) predictions for the arms it was
        fitted on, each by models that had not seen the arm's target. :param base: (n,) base rates likewise.
    """

    members: Members
    weights: Array
    level: float
    held_out: Array
    base: Array

    def predict(self, features: Array, keys: Array) -> Array:
        """(n,) expected outcomes."""
        return _combine(self.members.predict(features, keys), self.weights, self.level)


def fit_regression(arms: Arms, outcome: Array) -> Regression:
    """On (n,) finite outcomes of at least two targets."""
    held_out = np.zeros((len(arms), _MEMBERS))
    for rows in target_folds(arms.targets):
        members = _fit_members(arms.take(~rows), outcome[~rows])
        held_out[rows] = members.predict(arms.features[rows], arms.keys[rows])
    level = float(outcome.mean())
    weights = _stack(held_out, outcome, level)
    return Regression(_fit_members(arms, outcome), weights, level, _combine(held_out, weights, level), held_out[:, 0])


def _fit_members(arms: Arms, outcome: Array) -> Members:
    rates, own = fit_rates(arms.keys, arms.targets, outcome)
    rest = outcome - own[:, -1]
    trees = fit_trees(np.hstack([arms.features, own]), rest) if enough(arms.targets) else None
    return Members(rates, fit_linear(arms.features, own, rest), trees)


def _stack(held_out: Array, outcome: Array, level: float) -> Array:
    """Of the penalties, the one with the smallest error stays; then non-negative weights of the three."""
    from scipy.optimize import nnls

    base = held_out[:, 0]
    errors = np.square(held_out[:, 1:-1] + (base - outcome)[:, None]).mean(axis=0)
    kept = [0, 1 + int(errors.argmin()), _MEMBERS - 1]
    columns = held_out[:, kept].copy()
    columns[:, 0] -= level
    weights = np.zeros(_MEMBERS)
    weights[kept] = nnls(columns, outcome - level)[0]
    return weights


def _combine(members: Array, weights: Array, level: float) -> Array:
    moved = members.copy()
    moved[:, 0] -= level
    return np.asarray(level + moved @ weights)
