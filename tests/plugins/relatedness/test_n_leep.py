"""N-LEEP: LEEP of a mixture's posteriors."""

from __future__ import annotations

import math

import numpy as np
import pytest
from autotransfer_relatedness.n_leep import NormalizedLeep
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture

from autotransfer.task import Context


def test_equals_the_definition(encoded, blobs) -> None:
    """scikit-learn's PCA at 80 % and its mixture, LEEP of the posteriors in loops, to 1e-6."""
    X, y = blobs(120, 1.5, d=6)
    X = X / np.sqrt(np.mean(X**2))
    Z = PCA(0.8, svd_solver="full").fit_transform(X)
    mixture = GaussianMixture(15, covariance_type="diag", random_state=0, max_iter=50, reg_covar=1e-6)
    theta = mixture.fit(Z).predict_proba(Z)
    total = 0.0
    for row, label in zip(theta, y, strict=True):
        total += math.log(sum(share * theta[y == label, z].sum() / theta[:, z].sum() for z, share in enumerate(row)))
    assert NormalizedLeep().estimate(*encoded(X, y, 3), Context(seed=0)) == pytest.approx(total / 120, abs=1e-6)


def test_few_rows_have_few_clusters(encoded, blobs) -> None:
    """Six rows of three classes: fifteen clusters would give each row its own and call that perfect."""
    assert NormalizedLeep().estimate(*encoded(*blobs(6, 0.0, seed=3), 3), Context(seed=0)) < -0.1


def test_separate_classes_reach_zero(encoded, blobs) -> None:
    """Every cluster holds one label: log 1."""
    assert NormalizedLeep().estimate(*encoded(*blobs(300, 20.0), 3), Context(seed=0)) == pytest.approx(0.0, abs=1e-6)
