"""Importance weights p(target) / p(source) at source rows that were held out, by a domain classifier."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array
from autotransfer.learners import Linear
from autotransfer.validator import LabelFree

_PENALTIES = (1e-1, 1e1, 1e3, 1e5)
_MOST = 2000
"""Rows of a domain that the classifier is fitted on, at most."""
_WIDEST = 64
"""Leading principal directions of both domains together: on more columns a linear classifier separates any samples."""
_CHECKED = 5
"""One row in five chooses the penalty."""
_SURE = 1e-6


def density_ratios(evidence: LabelFree) -> Array:
    """Ratios (v,), positive, of mean 1 over the source if the classifier is right; 1 without two rows a domain.

    w(x) = p(target | x) / p(source | x) * m / n, as in You et al. 2019. Their reference code trains networks with nine
    weight decays and keeps the most accurate; here the classifier is logistic, its penalty chosen by held-out
    log loss, because a ratio rests on probabilities and not on hits.
    """
    rng = np.random.default_rng(evidence.seed)
    S, T = (_some(part, rng) for part in (evidence.known_features, evidence.target_features))
    if min(len(S), len(T)) < 2 or S.shape[1] == 0:
        return np.ones(len(evidence.held_features))
    S, T, V = _common([S, T, evidence.held_features])
    X, domain = np.concatenate([S, T]), np.repeat([0, 1], [len(S), len(T)])
    model = Linear(l2=_best_penalty(X, domain, rng)).fit(X, domain, n_classes=2, seed=evidence.seed)
    p = np.clip(model.predict_features(V)[:, 1], _SURE, 1 - _SURE)
    return np.asarray(p / (1 - p) * len(S) / len(T))


def _some(X: Array, rng: np.random.Generator) -> Array:
    """At most ``_MOST`` rows, sorted before chance comes in: the order in which rows came must not matter."""
    X = X[np.lexsort(X.T)] if X.shape[1] else X
    return X if len(X) <= _MOST else X[rng.choice(len(X), _MOST, replace=False)]


def _common(parts: list[Array]) -> list[Array]:
    """Rows scaled by the moments of the first two parts together, on their leading principal directions."""
    pooled = np.concatenate(parts[:2])
    mean, scale = pooled.mean(axis=0), pooled.std(axis=0)
    scale[scale <= 1e-12 * np.abs(mean)] = np.inf
    scale[scale == 0] = np.inf
    parts = [(part - mean) / scale for part in parts]
    if len(mean) <= _WIDEST:
        return parts
    from scipy.linalg import eigh

    pooled = np.concatenate(parts[:2])
    narrow = len(pooled) >= len(mean)
    small = pooled.T @ pooled if narrow else pooled @ pooled.T
    vectors = eigh(small, subset_by_index=(max(0, len(small) - _WIDEST), len(small) - 1))[1]
    directions = vectors if narrow else pooled.T @ vectors
    directions /= np.maximum(np.linalg.norm(directions, axis=0), 1e-12)
    return [part @ directions for part in parts]


def _best_penalty(X: Array, domain: Array, rng: np.random.Generator) -> float:
    """By the log loss of rows left out, a fifth of each domain."""
    checked = np.zeros(len(X), dtype=bool)
    for label in (0, 1):
        rows = np.flatnonzero(domain == label)
        checked[rng.permutation(rows)[: max(1, len(rows) // _CHECKED)]] = True
    losses = []
    for penalty in _PENALTIES:
        model = Linear(l2=penalty).fit(X[~checked], domain[~checked], n_classes=2, seed=0)
        right = model.predict_features(X[checked])[np.arange(checked.sum()), domain[checked]]
        losses.append(-np.log(np.maximum(right, 1e-15)).mean())
    return _PENALTIES[int(np.argmin(losses))]
