"""Leave-one-out k-NN."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_relatedness.knn_leave_one_out import KnnLeaveOneOut
from sklearn.metrics import r2_score
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

from autotransfer.task import Context


@pytest.mark.parametrize("k", [1, 5])
def test_equals_refits_without_each_row(k: int, encoded, blobs) -> None:
    """scikit-learn's k-NN by cosine, fitted 60 times on 59 rows."""
    X, y = blobs(60, 0.8)
    values = X[:, 0] ** 2 + np.arange(60) % 5
    guesses, means = [], []
    for i in range(60):
        keep = np.arange(60) != i
        guesses.append(KNeighborsClassifier(k, metric="cosine").fit(X[keep], y[keep]).predict(X[i : i + 1])[0])
        means.append(KNeighborsRegressor(k, metric="cosine").fit(X[keep], values[keep]).predict(X[i : i + 1])[0])
    found = KnnLeaveOneOut(k=k).estimate(*encoded(X, y, 3), Context())
    assert found == pytest.approx(np.mean(np.array(guesses) == y))
    found = KnnLeaveOneOut(k=k).estimate(*encoded(X, values), Context())
    assert found == pytest.approx(r2_score(values, means))


def test_no_row_votes_for_itself(encoded) -> None:
    """Labels drawn by lot: 1-NN that saw its own row would score 1, without it about a half."""
    rng = np.random.default_rng(0)
    found = KnnLeaveOneOut(k=1).estimate(*encoded(rng.normal(size=(400, 4)), rng.integers(0, 2, 400), 2), Context())
    assert 0.4 < found < 0.6
