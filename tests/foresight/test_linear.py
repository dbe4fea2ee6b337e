"""Ridge on features and their products with the base rate, against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler

from autotransfer.foresight.linear import PENALTIES, fit_linear


@pytest.fixture
def rows() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(80, 3)).clip(-2, 2), rng.normal(size=(80, 2)), rng.normal(size=80)


def test_it_is_ridge_regression(rows: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    """On standardised columns [rates, (x - median) / sd, the same times the finest rate], for each penalty."""
    features, rates, rest = rows
    scaled = (features - np.median(features, axis=0)) / features.std(axis=0)
    columns = StandardScaler().fit_transform(np.hstack([rates, scaled, scaled * rates[:, -1:]]))
    found = fit_linear(features, rates, rest).predict(features, rates)
    for column, penalty in enumerate(PENALTIES):
        expected = Ridge(alpha=penalty).fit(columns, rest).predict(columns)
        np.testing.assert_allclose(found[:, column], expected, atol=1e-10)


def test_a_feature_may_say_where_the_base_rate_holds(rows: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    """rest = -rate where x₀ is high: found, though x₀ and the rate alone say nothing."""
    features, rates, _ = rows
    rest = -rates[:, -1] * np.sign(features[:, 0])
    found = fit_linear(features, rates, rest).predict(features, rates)[:, 0]
    assert np.corrcoef(found, rest)[0, 1] > 0.7


def test_without_features_the_rates_are_left(rows: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    _, rates, rest = rows
    found = fit_linear(np.zeros((80, 0)), rates, rest).predict(np.zeros((80, 0)), rates)
    assert found.shape == (80, len(PENALTIES))
