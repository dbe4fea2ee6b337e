"""Row losses are at least 0, and their mean is the metric's score seen from the other side."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_validators.row_losses import as_score, row_losses


@pytest.mark.parametrize("name", ["accuracy", "log_loss", "brier"])
def test_of_classes(make, drawn, rng, name):
    y = rng.integers(4, size=60)
    evidence = make(held=drawn, y=y, metric=name)
    losses = row_losses(evidence)
    assert losses.shape == (60,)
    assert losses.min() >= 0
    assert as_score(evidence, losses.mean()) == pytest.approx(evidence.metric.score(y, drawn))
    assert row_losses(make(held=np.eye(4)[y], y=y, metric=name)) == pytest.approx(np.zeros(60))


@pytest.mark.parametrize("name", ["rmse", "mae"])
def test_of_values(make, rng, name):
    y, found = rng.normal(size=(2, 30))
    evidence = make(held=found, y=y, metric=name)
    assert row_losses(evidence).min() >= 0
    assert as_score(evidence, row_losses(evidence).mean()) == pytest.approx(evidence.metric.score(y, found))
