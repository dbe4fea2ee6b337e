"""The linear map against its normal equations, and the form of what comes of it."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_multimodal.dense_towers import DenseTowers
from autotransfer_multimodal.frozen_texts import FrozenTexts, of_length_one
from autotransfer_multimodal.linear_map import FACTOR, LinearMap, ridge_map

from autotransfer.task import Context


@pytest.mark.parametrize(("n", "d"), [(50, 6), (8, 30)])
def test_the_map_solves_its_normal_equations(n: int, d: int) -> None:
    """W (XᵀX + λ I) = TᵀX with λ = penalty · trace(XᵀX) / d, in float64 NumPy."""
    rng = np.random.default_rng(n)
    X, T = rng.normal(size=(n, d)), rng.normal(size=(n, 4))
    lam = 0.3 * np.trace(X.T @ X) / d
    expected = np.linalg.solve(X.T @ X + lam * np.eye(d), X.T @ T).T
    np.testing.assert_allclose(ridge_map(X, T, 0.3), expected, atol=1e-8)


def test_features_without_content_are_mapped_to_nothing() -> None:
    assert not ridge_map(np.zeros((5, 3)), np.ones((5, 2)), 0.1).any()


def test_texts_and_images_have_length_one(toy) -> None:
    towers = LinearMap().learn(toy.source, Context())
    assert isinstance(towers, DenseTowers)
    texts = towers.texts(["a photo of a red", "a small green"])
    images = towers.images(toy.test)
    np.testing.assert_allclose(np.linalg.norm(texts, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(images, axis=1), 1, atol=1e-6)
    assert towers.cosines(toy.test, texts).shape == (len(toy.test), 2)


def test_scores_are_cosines_times_the_factor(toy) -> None:
    """The predictor's scores, change and all: factor · z (W + V)ᵀ."""
    towers = LinearMap().learn(toy.source, Context())
    W, V = towers.texts(["red", "green"]), np.full((2, towers.spec.width), 0.01)
    found = towers.predictor(W, V).scores(toy.test)
    np.testing.assert_allclose(found, FACTOR * towers.images(toy.test) @ (W + V).T, atol=1e-5)


def test_frozen_texts_know_their_captions(toy) -> None:
    """Equal texts have equal rows; a text without any known word is still a row."""
    texts = FrozenTexts.of(toy.source.captions)
    rows = of_length_one(texts.features(["there is a red", "there is a red", "xyzzy"]))
    np.testing.assert_array_equal(rows[0], rows[1])
    assert np.isfinite(rows).all()
    assert not of_length_one(np.zeros((2, 3))).any()
