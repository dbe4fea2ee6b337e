"""Class Gaussians against scipy's densities, their regression against its closed form."""

from __future__ import annotations

import numpy as np
from autotransfer_zeroshot.conditional_gaussian import class_log_variances, log_densities, predicted
from scipy.stats import multivariate_normal


def test_scores_are_log_densities_up_to_one_constant(rng) -> None:
    """log N(x; μ_c, diag σ²_c) + d/2 log 2π."""
    means, variances, X = rng.normal(size=(3, 4)), rng.uniform(0.1, 3, (3, 4)), rng.normal(size=(10, 4))
    each = [multivariate_normal(m, np.diag(v)).logpdf(X) for m, v in zip(means, variances, strict=True)]
    np.testing.assert_allclose(log_densities(means, variances).of(X), np.stack(each, 1) + 2 * np.log(2 * np.pi))


def test_unseen_classes_get_the_ridge_regressions_value_and_seen_ones_keep_theirs(rows) -> None:
    """W = (S̃ᵀS̃ + r I)⁻¹ S̃ᵀ M̃ on centred signatures and means."""
    M = rows.class_means()
    S, centre = rows.S[rows.seen], rows.S[rows.seen].mean(axis=0)
    W = np.linalg.inv((S - centre).T @ (S - centre) + 0.2 * np.eye(S.shape[1])) @ (S - centre).T @ (M - M.mean(axis=0))
    found = predicted(rows, M, 0.2)
    np.testing.assert_allclose(found[~rows.seen], M.mean(axis=0) + (rows.S[~rows.seen] - centre) @ W, atol=1e-9)
    np.testing.assert_array_equal(found[rows.seen], M)


def test_variances_are_the_classes_own_or_the_pooled_ones(rows) -> None:
    """Shrinkage 0: each class's, by numpy (plus the floor of a thousandth); 1: the same for all."""
    own = np.exp(class_log_variances(rows, 0.0))
    direct = np.stack([rows.X[rows.y == label].var(axis=0) for label in rows.classes])
    centred = rows.X - rows.class_means()[np.searchsorted(rows.classes, rows.y)]
    np.testing.assert_allclose(own, direct + 1e-3 * np.square(centred).mean(), rtol=1e-9)
    pooled = np.exp(class_log_variances(rows, 1.0))
    np.testing.assert_allclose(pooled, np.broadcast_to(pooled[0], pooled.shape))
