"""What is kept of a trained Q-Former, and how it scores."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_multimodal.qformer.method import QFormer
from autotransfer_multimodal.qformer.predictor import QFormerPredictor
from autotransfer_multimodal.qformer.towers import QFormerTowers

from autotransfer.nets.seeding import reproducible
from autotransfer.task import Context


@pytest.fixture(scope="module")
def towers(pictures) -> QFormerTowers:
    with reproducible(0, "cpu"):
        return QFormer(epochs=1).learn(pictures, Context())


def test_scores_are_the_best_query_plus_the_mean_of_all_for_labels(towers, images) -> None:
    W, V = towers.texts(["red", "green", "blue"]), np.full((3, 64), 0.02) * np.arange(3)[:, None]
    model = towers.predictor(W, V)
    queries = model.queries(images.test)
    expected = model.factor * (np.max([queries[:, q] @ W.T for q in range(4)], axis=0) + queries.mean(axis=1) @ V.T)
    found = np.log(model.predict(images.test))
    np.testing.assert_allclose(found - found[:, :1], expected - expected[:, :1], atol=1e-5)
    np.testing.assert_allclose(towers.images(images.test), model.represent(images.test))


def test_nothing_of_the_text_side_is_kept(towers) -> None:
    model = towers.predictor(np.zeros((2, 64)), np.zeros((2, 64)))
    assert isinstance(model, QFormerPredictor)
    assert not any("text" in name or "tokens" in name for name in model.arrays)
    assert model.trained().parameters == sum(array.size for array in model.arrays.values()) + 4 * 64
    assert model.learned().parameters > model.trained().parameters


def test_no_rows_no_predictions(towers, images) -> None:
    model = towers.predictor(np.zeros((2, 64)), np.zeros((2, 64)))
    assert model.predict(images.test.take(np.arange(0))).shape == (0, 2)
