from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer, StandardScaler

from autotransfer.data import Dataset, Modality
from autotransfer.encoders.table_quantile import TableQuantileEncoder


def test_equals_the_scikit_learn_pipeline() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.exponential(size=150), "b": rng.integers(0, 3, 150)})
    oracle = make_pipeline(
        SimpleImputer(strategy="median"),
        QuantileTransformer(n_quantiles=150, output_distribution="normal"),
        StandardScaler(),
    ).fit(frame)
    data = Dataset("rows", Modality.TABLE, frame)
    np.testing.assert_allclose(TableQuantileEncoder().fit(data).transform(data), oracle.transform(frame), atol=1e-5)


def test_an_outlier_moves_nobody_else() -> None:
    """Ranks of the other rows, and so their order and rough spacing, do not depend on how far the outlier is."""
    x = np.arange(50.0)
    near, far = (
        TableQuantileEncoder().fit(data).transform(data)
        for data in (Dataset("rows", Modality.TABLE, pd.DataFrame({"x": np.append(x, top)})) for top in (50.0, 1e9))
    )
    np.testing.assert_allclose(near, far, atol=1e-6)
