"""How outcomes of arms of one task go together: what one trial tells about the arms that have not been tried.

An arm's standing in its task is what was forecast, plus an effect of its method in that task, plus one of its source,
plus what is its own. The effects of methods are correlated as they were on past tasks: methods that are alike do well
together. Crossed random effects; their moments are estimated as in Henderson, "Estimation of variance and covariance
components", Biometrics 9, 1953.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from autotransfer.data import Array
from autotransfer.foresight.standings import standings

_SURE_AFTER = 5.0
"""Tasks with both methods from which on their covariance counts more than independence."""
_FLOOR = 1e-3


@final
@dataclass(frozen=True, eq=False)
class Kinship:
    """Fitted on past tasks; standings are in units of the spread of a task's gains.

    :param weights: (k,) of the k forecasts that make an expected standing, each larger is better.
    :param methods: names; ``covariance`` (m, m) of their effects; ``stranger``: variance for any other method.
    :param source: variance of a source's effect. ``rest``: of what is an arm's own.
    :param spread: points, the usual standard deviation of gains within a task. ``level``: their usual mean, in spreads.
    """

    weights: Array
    methods: tuple[str, ...]
    covariance: Array
    stranger: float
    source: float
    rest: float
    spread: float
    level: float

    def expected(self, told: Array) -> Array:
        """(n,) standings of the arms of one task, from their forecasts (n, k)."""
        return np.asarray(comparable(told) @ self.weights)

    def between(self, methods: Array, sources: Array) -> Array:
        """(n, n) covariance of the standings of n arms of one task, given their methods and sources."""
        place = {method: number for number, method in enumerate(self.methods)}
        known = np.array([place.get(method, -1) for method in methods.tolist()])
        found = np.where((known[:, None] >= 0) & (known >= 0), self.covariance[np.ix_(known, known)], 0.0)
        strangers = (known[:, None] < 0) & (methods[:, None] == methods)
        found = np.where(strangers, self.stranger, found)
        return np.asarray(found + self.source * (sources[:, None] == sources) + self.rest * np.eye(len(methods)))


def comparable(told: Array) -> Array:
    """Forecasts (n, k) of one task's arms, each with mean 0 and standard deviation 1; 0 where all are alike."""
    spread = told.std(axis=0)
    return np.asarray((told - told.mean(axis=0)) / np.where(spread > 1e-9, spread, 1.0) * (spread > 1e-9))


def fit_kinship(tasks: Array, methods: Array, sources: Array, gain: Array, told: Array) -> Kinship:
    """From past arms: (n,) task, method, source and gain in points; (n, k) forecasts for targets not seen."""
    from scipy.optimize import nnls

    standing = standings(tasks, gain)
    rows = [np.flatnonzero(tasks == task) for task in np.unique(tasks)]
    scores = np.zeros(told.shape)
    for mine in rows:
        scores[mine] = comparable(told[mine])
    weights = nnls(scores, standing)[0]
    left = standing - scores @ weights
    names, method = np.unique(methods.astype(str), return_inverse=True)
    effects, source, rest = np.full((len(rows), len(names)), np.nan), np.zeros(len(rows)), np.zeros(len(rows))
    for task, mine in enumerate(rows):
        effects[task], source[task], rest[task] = _effects(left[mine], method[mine], sources[mine], len(names))
    covariance = _covariance(effects)
    spreads = np.array([gain[mine].std() for mine in rows])
    levels = [gain[mine].mean() / spread for mine, spread in zip(rows, spreads, strict=True) if spread > 0]
    return Kinship(
        weights,
        tuple(names.tolist()),
        covariance,
        float(np.diag(covariance).mean()),
        float(source.mean()),
        max(float(rest.mean()), _FLOOR),
        max(float(np.median(spreads)), _FLOOR),
        float(np.median(levels)) if levels else 0.0,
    )


def _effects(left: Array, method: Array, sources: Array, count: int) -> tuple[Array, float, float]:
    """In one task: the mean of what is left by method, NaN where it has no arm; then the mean squares of the means by
    source of what is left after that, and of what is left after both."""
    arms = np.bincount(method, minlength=count)
    means = np.bincount(method, left, minlength=count) / np.maximum(arms, 1)
    own = left - means[method]
    _, source = np.unique(sources.astype(str), return_inverse=True)
    by_source = np.bincount(source, own) / np.bincount(source)
    rest = own - by_source[source]
    return np.where(arms > 0, means, np.nan), float(np.square(by_source).mean()), float(np.square(rest).mean())


def _covariance(effects: Array) -> Array:
    """(m, m) of effects (tasks, m) with gaps, pair by pair, drawn to 0 where few tasks have both; no eigenvalue is
    below a floor."""
    known = ~np.isnan(effects)
    filled, both = np.where(known, effects, 0.0), known.T.astype(np.float64) @ known
    found = filled.T @ filled / np.maximum(both, 1) * (both / (both + _SURE_AFTER))
    values, vectors = np.linalg.eigh(found)
    return np.asarray(vectors * np.maximum(values, _FLOOR) @ vectors.T)
