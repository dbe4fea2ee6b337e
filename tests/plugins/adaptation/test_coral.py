"""CORAL against its closed form."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pytest
from autotransfer_adaptation.coral import Coral, align_covariance
from autotransfer_adaptation.predictor import AdaptedPredictor
from scipy.linalg import sqrtm

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.errors import OutOfTimeError
from autotransfer.task import Context, Source, Task

OFFERS = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


def _accuracy(predictor: AdaptedPredictor, test: Dataset) -> float:
    return float(np.mean(predictor.predict(test).argmax(axis=1) == test.labels))


@pytest.mark.parametrize("scale", [1e-10, 1.0, 1e15])
def test_aligned_source_has_the_targets_moments(scale: float) -> None:
    """cov(aligned S) = cov(T) and mean(aligned S) = mean(T) without shrinkage, at any scale."""
    rng = np.random.default_rng(0)
    S = rng.normal(size=(200, 6)) @ rng.normal(size=(6, 6)) * scale + 3 * scale
    T = rng.normal(size=(90, 6)) @ rng.normal(size=(6, 6)) * scale
    aligned = align_covariance(S, T, 1e-12)
    np.testing.assert_allclose(np.cov(aligned.T) / scale**2, np.cov(T.T) / scale**2, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(aligned.mean(axis=0) / scale, T.mean(axis=0) / scale, atol=1e-9)


def test_equals_matrix_square_roots() -> None:
    """(x - mean_S) C_S^(-1/2) C_T^(1/2) + mean_S with C = (1 - r) cov + r tr(cov) / d I, by scipy's sqrtm."""
    rng = np.random.default_rng(1)
    S, T = rng.normal(size=(50, 4)) * [1, 2, 3, 4], rng.normal(size=(30, 4)) + 1.0
    shrunk = [0.7 * np.cov(X.T) + 0.3 * np.trace(np.cov(X.T)) / 4 * np.eye(4) for X in (S, T)]
    A = np.linalg.inv(sqrtm(shrunk[0])) @ sqrtm(shrunk[1])
    expected = (S - S.mean(axis=0)) @ A.real + S.mean(axis=0)
    np.testing.assert_allclose(align_covariance(S, T, 0.3, align_mean=False), expected, atol=1e-10)


def test_full_shrinkage_aligns_the_overall_scale_alone() -> None:
    """At shrinkage 1, A = sqrt(tr C_T / tr C_S) I."""
    rng = np.random.default_rng(2)
    S, T = rng.normal(size=(50, 3)) * [1, 2, 3], 5 * rng.normal(size=(60, 3))
    ratio = np.sqrt(np.trace(np.cov(T.T)) / np.trace(np.cov(S.T)))
    expected = (S - S.mean(axis=0)) * ratio + T.mean(axis=0)
    np.testing.assert_allclose(align_covariance(S, T, 1.0), expected, atol=1e-9)


@pytest.mark.parametrize("kind", ["zero", "rank one", "two rows"])
def test_degenerate_rows_stay_finite(kind: str) -> None:
    """No variation, one direction of variation, fewer rows than columns."""
    S, T = np.random.default_rng(3).normal(size=(2, 20, 5))
    if kind == "zero":
        T = np.zeros_like(T)
    elif kind == "rank one":
        S, T = S[:, :1] * np.ones(5), T[:, :1] * np.arange(5.0)
    else:
        S, T = S[:2], T[:2]
    assert np.isfinite(align_covariance(S, T, 0.1)).all()


def test_undoes_a_linear_shift_without_any_target_label(shift) -> None:
    """A stretched and moved source: useless as it is, good once aligned."""
    task, source, test = shift()
    unaligned, _, _ = shift(n_unlabeled=0)
    assert _accuracy(Coral(shrinkage=1e-3).fit(task, source, Context(seed=0)), test) > 0.9
    assert _accuracy(Coral(shrinkage=1e-3).fit(unaligned, source, Context(seed=0)), test) < 0.7


def test_heavier_target_rows_win_over_a_reversed_source(shift) -> None:
    """Accuracy grows with target_weight when the source's labels are wrong."""
    task, source, test = shift(n_labeled=20, n_unlabeled=0)
    lie = Source("lie", OFFERS, Dataset("lie", Modality.FEATURES, source.rows.X, 1 - source.rows.labels), ("a", "b"))
    scores = [
        _accuracy(Coral(shrinkage=1e-2, target_weight=weight).fit(task, lie, Context(seed=0)), test)
        for weight in (0.01, 100.0)
    ]
    assert all(a < b for a, b in pairwise(scores))
    assert scores[-1] > 0.9


def test_wide_rows_are_projected_and_predicted() -> None:
    """1100 columns: the predictor keeps a projection on at most 512 directions, and separates what is separable."""
    rng = np.random.default_rng(4)
    y = np.arange(240) % 2
    X = rng.normal(size=(240, 1100)).astype(np.float32)
    X[:, :20] += 4.0 * y[:, None]
    task = Task(Dataset("t", Modality.FEATURES, X[:40], y[:40]), ("a", "b"))
    source = Source("s", OFFERS, Dataset("s", Modality.FEATURES, X[40:160] * 2 + 1, y[40:160]), ("a", "b"))
    fitted = Coral().fit(task, source, Context(seed=0))
    assert fitted.projection is not None
    assert fitted.projection.shape[1] <= 512
    assert _accuracy(fitted, Dataset("test", Modality.FEATURES, X[160:], y[160:])) > 0.8


def test_stops_when_the_time_is_spent(shift) -> None:
    """A deadline in the past ends the fit."""
    task, source, _ = shift()
    with pytest.raises(OutOfTimeError):
        Coral().fit(task, source, Context(deadline=time.monotonic() - 1))
