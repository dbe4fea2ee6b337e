"""A model as rows of its source reach it."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.data import Dataset, Modality
from autotransfer.learners import Linear, SourceSide


def test_rows_are_mapped_before_the_model_sees_them() -> None:
    """Predictions for x are the model's for the image of x, and the image is what is shown."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 2))
    model = Linear().fit(X, (X[:, 0] > 0).astype(np.int64), n_classes=2)
    data = Dataset("s", Modality.FEATURES, X[:, ::-1].copy(), domain=np.arange(50))
    side = SourceSide(model, lambda rows: rows.X[:, ::-1] + 0 * rows.domain[:, None])
    np.testing.assert_array_equal(side.predict(data), model.predict_features(X))
    np.testing.assert_array_equal(side.represent(data), X)
    assert side.for_source() is side


def test_it_is_never_saved() -> None:
    side = SourceSide(Linear().fit(np.eye(2), np.arange(2), n_classes=2), lambda rows: rows.X)
    with pytest.raises(TypeError, match="never saved"):
        side.state()
    with pytest.raises(TypeError, match="never saved"):
        SourceSide.restore({})
