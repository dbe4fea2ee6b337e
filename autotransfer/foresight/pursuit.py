"""Which arm to try next, given how those that were tried came out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from scipy.special import ndtr

from autotransfer.data import Array

_DOUBT = 1.0
"""Variance of a task's mean standing: whether transfer as such helps here."""
_USUAL = 4.0
"""Trials that the usual spread of past tasks counts as, beside the spread that was seen."""


@final
@dataclass(frozen=True, eq=False)
class Pursuit:
    """The arms of one task as a normal process over them (Gaussian process regression on a finite set).

    :param mean: (n,) standings expected before any trial. :param covariance: (n, n) of them.
    :param spread: points, usual within a task. :param level: the usual mean, in spreads.
    """

    mean: Array
    covariance: Array
    spread: float
    level: float

    def improvement(self, tried: Array, gains: Array) -> Array:
        """(n,) expected improvement (Mockus et al. 1978; Jones, Schonlau and Welch, Journal of Global Optimization 13,
        1998) over the best arm so far and over no transfer, in spreads. Of a tried arm it is 0.

        :param tried: (t,) positions. :param gains: (t,) points over no transfer.
        """
        unit = self._unit(gains)
        prior = self.covariance + _DOUBT
        mean, variance = self.mean + self.level, np.diag(prior)
        if len(tried):
            kernel, cross = prior[np.ix_(tried, tried)], prior[:, tried]
            weight = np.linalg.solve(kernel + 1e-6 * np.eye(len(tried)), cross.T).T
            variance = variance - (weight * cross).sum(axis=1)
            mean = mean + weight @ (gains / unit - mean[tried])
        deviation = np.sqrt(np.maximum(variance, 1e-9))
        over = (mean - max(0.0, float(gains.max(initial=0.0)) / unit)) / deviation
        found = deviation * (over * ndtr(over) + np.exp(-0.5 * over**2) / np.sqrt(2 * np.pi))
        found[tried] = 0.0
        return np.asarray(found)

    def _unit(self, gains: Array) -> float:
        """The spread of this task's gains, of which few were seen."""
        seen = float(np.square(gains - gains.mean()).sum()) if len(gains) else 0.0
        return float(np.sqrt((_USUAL * self.spread**2 + seen) / (_USUAL + max(len(gains) - 1, 0))))
