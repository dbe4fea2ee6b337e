"""The four encoders of feature vectors, by their defining equations."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.data import Dataset, Modality
from autotransfer.encoders.hellinger import HellingerEncoder
from autotransfer.encoders.identity import IdentityEncoder
from autotransfer.encoders.standard import StandardEncoder
from autotransfer.encoders.unit import UnitEncoder

ODD = np.array([[0.0, 0.0, 0.0], [np.nan, 1.0, np.inf], [1e30, -1e30, 1e-30], [1e-200, 0.0, 0.0]])


def features(X: np.ndarray) -> Dataset:
    return Dataset("rows", Modality.FEATURES, X)


def histograms(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).poisson(2.0, size=(40, 6)).astype(float)


def test_standard_has_mean_zero_and_deviation_one_on_the_fit_rows() -> None:
    z = StandardEncoder().fit(features(histograms())).transform(features(histograms()))
    np.testing.assert_allclose(z.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(z.std(axis=0), 1, atol=1e-6)


def test_standard_uses_the_fit_rows_for_others() -> None:
    fit, other = histograms(), histograms(1)
    z = StandardEncoder().fit(features(fit)).transform(features(other))
    np.testing.assert_allclose(z, (other - fit.mean(axis=0)) / fit.std(axis=0), atol=1e-5)


def test_identity_changes_nothing_that_is_finite() -> None:
    encoded = IdentityEncoder().fit(features(ODD)).transform(features(histograms()))
    np.testing.assert_array_equal(encoded, histograms())


def test_unit_rows_have_length_one() -> None:
    """|u(x)| = 1 and u(cx) = u(x) for c > 0, however small or large c is."""
    unit = UnitEncoder().fit(features(ODD))
    rows = unit.transform(features(histograms()))
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    for scale in (1e-90, 1e90):
        np.testing.assert_allclose(unit.transform(features(scale * histograms())), rows, atol=1e-6)


def test_hellinger_dot_products_are_affinities() -> None:
    """Before z-scoring, <h(p), h(q)> = sum_i sqrt(p_i q_i) of the normalised histograms."""
    X = histograms()
    fitted = HellingerEncoder().fit(features(X))
    state = fitted.state()
    roots = fitted.transform(features(X)) * state["scale"] + state["mean"]
    P = X / X.sum(axis=1, keepdims=True)
    affinity = np.sqrt(P[:, None] * P[None]).sum(axis=2)
    np.testing.assert_allclose(roots @ roots.T, affinity, atol=1e-5)


def test_hellinger_takes_histograms_alone() -> None:
    assert HellingerEncoder().refuses(features(histograms())) is None
    assert "negative" in HellingerEncoder().refuses(features(histograms() - 1))
    assert "negative or missing" in HellingerEncoder().refuses(features(ODD[1:2]))
    assert "takes features rows" in HellingerEncoder().refuses(Dataset("t", Modality.TEXT, np.array(["a"], object)))


@pytest.mark.parametrize(
    "encoder", [StandardEncoder(), IdentityEncoder(), UnitEncoder(), HellingerEncoder()], ids=lambda e: e.name
)
@pytest.mark.parametrize("fit_rows", [ODD, ODD[:0], ODD[:1]], ids=["all", "none", "one"])
def test_finite_whatever_comes(encoder, fit_rows) -> None:
    fitted = encoder.fit(features(fit_rows))
    for rows in (ODD, ODD[:0]):
        encoded = fitted.transform(features(rows))
        assert encoded.dtype == np.float32
        assert encoded.shape == rows.shape
        assert np.isfinite(encoded).all()
        assert np.isfinite(encoded @ encoded.T).all()
