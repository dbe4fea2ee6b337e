"""Deep CORAL against NumPy's covariances."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_adaptation.deep.deep_coral import DeepCoral, coral_loss
from autotransfer_adaptation.deep.method import Views
from autotransfer_adaptation.deep.source_network import SourceNetwork

from autotransfer.nets.network import Outputs
from autotransfer.task import Context


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_the_loss_is_the_squared_distance_of_covariances(scale: float) -> None:
    """||cov(x) - cov(y)||_F^2 / (4 d^2), with numpy.cov in double precision."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20, 4)) * scale, rng.normal(size=(15, 4)) @ rng.normal(size=(4, 4)) * scale
    expected = np.square(np.cov(x.T) - np.cov(y.T)).sum() / (4 * 4**2)
    assert float(coral_loss(torch.tensor(x), torch.tensor(y))) == pytest.approx(expected)
    assert float(coral_loss(torch.tensor(x), torch.tensor(x + 7 * scale))) == pytest.approx(0, abs=1e-12 * scale**4)


def test_one_row_has_no_covariance() -> None:
    assert float(coral_loss(torch.zeros(1, 3), torch.ones(5, 3))) == 0.0


@pytest.mark.parametrize("layer", ["scores", "representation"])
def test_the_chosen_layer_is_aligned(layer: str) -> None:
    source, target = (Outputs(torch.randn(9, 5), torch.randn(9, 3)) for _ in range(2))
    found = DeepCoral(layer=layer, weight=3.0).penalty(None)(Views(source, target, torch.zeros(9), 0.5))
    pair = (source.z, target.z) if layer == "representation" else (source.scores, target.scores)
    torch.testing.assert_close(found, 3.0 * coral_loss(*pair))


def test_training_brings_the_covariances_of_the_scores_together(turned) -> None:
    task, source, test = turned()
    found = []
    for method in (SourceNetwork(), DeepCoral()):
        model = method.fit(task, source, Context())
        sides = ((model, test), (model.for_source(), source.rows))
        here, there = (torch.tensor(way.scores(rows)) for way, rows in sides)
        found.append(float(coral_loss(here, there)))
    assert found[1] < found[0] / 3
