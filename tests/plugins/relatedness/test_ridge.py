"""The closed-form linear model, against explicit refits and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_relatedness.ridge import fit_ridge
from sklearn.linear_model import Ridge


@pytest.mark.parametrize("shape", [(30, 4), (12, 20)], ids=["tall", "wide"])
def test_equals_scikit_learn_at_the_chosen_penalty(shape: tuple[int, int]) -> None:
    """argmin sum_i w_i (y_i - b - x_i a)^2 + penalty ||a||^2, weights of mean 1."""
    rng = np.random.default_rng(0)
    X, Y, w = rng.normal(size=shape) + 2.0, rng.normal(size=(shape[0], 2)), rng.uniform(0.1, 5.0, shape[0])
    ours = fit_ridge(X, Y, w)
    theirs = Ridge(alpha=ours.penalty).fit(X, Y, sample_weight=w / w.mean())
    np.testing.assert_allclose(ours.predict(X), theirs.predict(X), atol=1e-8)


def test_leave_one_out_sum_equals_refits() -> None:
    """loo = sum over judged i of w_i ||y_i - f_{-i}(x_i)||^2, with f_{-i} fitted without row i at the same penalty."""
    rng = np.random.default_rng(1)
    X, w = rng.normal(size=(25, 3)), rng.uniform(0.5, 2.0, 25)
    Y = X[:, :1] + rng.normal(size=(25, 1))
    w = w / w.mean()
    model = fit_ridge(X, Y, w, judged=slice(10))
    total = 0.0
    for i in range(10):
        keep = np.arange(25) != i
        refit = Ridge(alpha=model.penalty).fit(X[keep], Y[keep, 0], sample_weight=w[keep])
        total += w[i] * (Y[i, 0] - refit.predict(X[i : i + 1])[0]) ** 2
    assert model.loo == pytest.approx(total)


def test_rows_of_weight_zero_change_nothing() -> None:
    """w_i = 0 equals leaving row i out."""
    rng = np.random.default_rng(2)
    X, Y = rng.normal(size=(20, 3)), rng.normal(size=(20, 1))
    w = np.repeat([1.0, 0.0], 10)
    full, part = fit_ridge(X, Y, w), fit_ridge(X[:10], Y[:10])
    ratio = part.penalty / full.penalty
    assert ratio == pytest.approx(0.5)
    np.testing.assert_allclose(full.predict(X), part.predict(X), atol=1e-8)


def test_constant_columns_give_the_mean() -> None:
    """Without any variation the prediction is the weighted mean."""
    model = fit_ridge(np.ones((4, 2)), np.array([[0.0], [0.0], [0.0], [4.0]]))
    np.testing.assert_allclose(model.predict(np.ones((2, 2))), 1.0)
