from __future__ import annotations

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from autotransfer.data import Dataset, Modality
from autotransfer.encoders.scaling import Scale, features_of
from autotransfer.errors import InputError


def test_equals_scikit_learn_with_gaps() -> None:
    X = np.random.default_rng(0).normal(3, 5, size=(60, 4))
    X[::7, 1] = np.nan
    X[:, 2] = 0.1  # constant, with rounding in its mean
    z = Scale.of(X).apply(X)
    np.testing.assert_allclose(z, np.nan_to_num(StandardScaler().fit_transform(X)), atol=1e-6)


@pytest.mark.parametrize("scale", [1e-300, 1e-10, 1.0, 1e15, 1e300])
def test_finite_at_every_scale(scale: float) -> None:
    """z is finite, also at infinities and far outside of the fit rows."""
    X = scale * np.random.default_rng(0).normal(size=(10, 2))
    z = Scale.of(X).apply(np.array([[np.inf, -np.inf], [np.nan, 1e308], [-1e308, 0.0]]))
    assert z.dtype == np.float32
    assert np.isfinite(z).all()


def test_another_width_is_an_error_that_says_so() -> None:
    with pytest.raises(InputError, match="fitted on 3 features"):
        features_of(Dataset("rows", Modality.FEATURES, np.zeros((2, 4))), 3)
