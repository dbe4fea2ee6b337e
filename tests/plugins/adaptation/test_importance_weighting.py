"""Importance weighting by a domain classifier."""

from __future__ import annotations

import numpy as np
from autotransfer_adaptation.importance_weighting import ImportanceWeighting, cross_fitted_ratios

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.task import Context, Source, Task

OFFERS = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


def test_ratios_of_two_gaussians() -> None:
    """N(1, 1) over N(0, 1) is exp(x - 1/2): a logistic model is right here, sizes 3000 and 600 notwithstanding."""
    rng = np.random.default_rng(0)
    S, T = rng.normal(size=(3000, 1)), rng.normal(1.0, 1.0, size=(600, 1))
    ratios = cross_fitted_ratios(S, T, 1e-2, Context(seed=0))
    error = np.log(ratios) - (S[:, 0] - 0.5)
    assert np.abs(error).mean() < 0.15


def test_equal_distributions_keep_almost_all_rows(shift) -> None:
    """Same distribution: the effective sample size is close to the number of source rows."""
    task, source, _ = shift(matrix=np.eye(4))
    twin = Source(
        "twin", OFFERS, Dataset("twin", Modality.FEATURES, source.rows.X - 4.0, source.rows.labels), ("a", "b")
    )
    near = ImportanceWeighting().fit(task, twin, Context(seed=0)).diagnostics["effective_sample_size"]
    far = ImportanceWeighting().fit(task, source, Context(seed=0)).diagnostics["effective_sample_size"]
    assert 0.8 * 300 < near <= 300
    assert 1 <= far < near


def test_corrects_a_misspecified_linear_model() -> None:
    """Shimodaira's example: y = x^3 - x, a line fitted where the target lives beats the line of the source."""
    rng = np.random.default_rng(1)
    S, T = rng.normal(0.5, 0.5, size=(400, 1)), rng.normal(0.0, 0.3, size=(200, 1))
    ys, yt = (X[:, 0] ** 3 - X[:, 0] for X in (S, T))
    task = Task(Dataset("t", Modality.FEATURES, T[:0]), None, unlabeled=Dataset("u", Modality.FEATURES, T))
    source = Source("s", OFFERS, Dataset("s", Modality.FEATURES, S, ys))
    test = Dataset("test", Modality.FEATURES, T)
    errors = [
        np.mean((ImportanceWeighting(flattening=flattening).fit(task, source, Context()).predict(test) - yt) ** 2)
        for flattening in (0.0, 1.0)
    ]
    assert errors[1] < 0.5 * errors[0]


def test_no_flattening_no_weighting(shift) -> None:
    """ratio^0 = 1: all source rows count the same."""
    task, source, _ = shift()
    fitted = ImportanceWeighting(flattening=0.0).fit(task, source, Context(seed=0))
    assert fitted.diagnostics["effective_sample_size"] == 300
