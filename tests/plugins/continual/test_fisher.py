"""The Fisher information of a logistic model has a closed form."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_continual.course import Scenario
from autotransfer_continual.fisher import diagonal


@pytest.mark.parametrize("scenario", [Scenario.DOMAIN, Scenario.TASK])
def test_it_is_that_of_a_logistic_model(make_course, make_pupil, scenario) -> None:
    """d log p(y | x) / d W_ck = (1[y = c] - p_c) x_k, so that F(W_ck) = mean of p_c (1 - p_c) x_k², and without x for
    b; 0 for outputs that do not compete."""
    pupil = make_pupil(make_course(scenario))
    layer, X = pupil.network.heads[0], pupil.lesson.X.double().numpy()
    W, b = (part.detach().double().numpy()[:3] for part in (layer.weight, layer.bias))
    scores = X @ W.T + b
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    spread = p * (1 - p)
    weights, biases = np.zeros((pupil.course.outputs, 4)), np.zeros(pupil.course.outputs)
    weights[:3], biases[:3] = spread.T @ X**2 / len(X), spread.mean(axis=0)
    expected = np.concatenate([weights.ravel(), biases])
    np.testing.assert_allclose(diagonal(pupil).numpy(), expected, rtol=1e-4, atol=1e-7)
