from __future__ import annotations

import numpy as np
from sklearn.preprocessing import QuantileTransformer

from autotransfer.encoders.quantiles import Quantiles


def test_equals_scikit_learn() -> None:
    """Normal scores of a skewed, a tied and a constant column, inside and outside of the range seen in training."""
    rng = np.random.default_rng(0)
    X = np.stack([rng.exponential(size=300), rng.integers(0, 4, 300).astype(float), np.full(300, 2.0)], axis=1)
    fresh = np.concatenate([X[:50] * 1.5, [[-9.0, -9.0, -9.0], [9.0, 9.0, 9.0]]])
    oracle = QuantileTransformer(n_quantiles=300, output_distribution="normal").fit(X)
    for rows in (X, fresh):
        np.testing.assert_allclose(Quantiles.of(X).normal_scores(rows), oracle.transform(rows), atol=1e-6)


def test_scores_are_invariant_to_increasing_maps() -> None:
    """Q(g(X)) = Q(X) at the fit rows for increasing g."""
    X = np.random.default_rng(1).normal(size=(200, 1))
    np.testing.assert_allclose(
        Quantiles.of(np.exp(X)).normal_scores(np.exp(X)), Quantiles.of(X).normal_scores(X), atol=1e-5
    )


def test_scores_do_not_depend_on_the_unit() -> None:
    """Q(cX) = Q(X) for c > 0, also where all values lie within 1e-7 of each other."""
    X = np.random.default_rng(1).normal(size=(100, 1))
    for unit in (1e-12, 1e12):
        scores = Quantiles.of(unit * X).normal_scores(unit * X)
        np.testing.assert_allclose(scores, Quantiles.of(X).normal_scores(X), atol=1e-9)
