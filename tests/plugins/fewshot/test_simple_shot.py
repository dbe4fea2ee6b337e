"""SimpleShot and the nearest centroid in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_fewshot.nearest_centroid import NearestCentroid
from autotransfer_fewshot.simple_shot import SimpleShot

from autotransfer.assets import Asset
from autotransfer.task import Context, Source
from autotransfer.testing.toys import ToyEncoder


def softmax(scores: np.ndarray) -> np.ndarray:
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def test_cl2n_is_centring_on_the_source_then_length_one_then_the_nearest_mean(problem) -> None:
    """x <- (x - mean of the source) / its length; scores are minus the squared distances to the class means."""
    task, source, test = problem
    found = SimpleShot(scale=2.0).fit(task, source, Context()).predict(test)
    center = source.rows.X.mean(axis=0)
    X, T = ((part - center) / np.linalg.norm(part - center, axis=1)[:, None] for part in (task.train.X, test.X))
    means = [X[task.train.labels == label].mean(axis=0) for label in range(5)]
    scores = np.stack([-2.0 * np.sum((T - mean) ** 2, axis=1) for mean in means], axis=1)
    np.testing.assert_allclose(found, softmax(scores), atol=1e-12)


@pytest.mark.parametrize("unit", [False, True])
def test_the_nearest_centroid_is_the_nearest_class_mean(problem, unit: bool) -> None:
    task, _, test = problem
    encoder = Source("encoder", Asset.PRETRAINED, encoder=ToyEncoder())
    found = NearestCentroid(unit=unit).fit(task, encoder, Context()).predict(test)
    X, T = (part / (np.linalg.norm(part, axis=1)[:, None] if unit else 1) for part in (task.train.X, test.X))
    means = [X[task.train.labels == label].mean(axis=0) for label in range(5)]
    distances = np.stack([np.sum((T - mean) ** 2, axis=1) for mean in means], axis=1)
    np.testing.assert_array_equal(found.argmax(axis=1), distances.argmin(axis=1))
    np.testing.assert_allclose(found, softmax(-10.0 * distances / np.mean(np.sum(X**2, axis=1))), atol=1e-9)
