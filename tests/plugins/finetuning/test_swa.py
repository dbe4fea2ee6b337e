"""The schedule, and the average of what was seen."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_finetuning import averages
from autotransfer_finetuning.swa import Settling, StochasticWeightAveraging

from autotransfer.task import Context
from autotransfer.testing.problems import ToyProblem


def test_the_rate_settles() -> None:
    schedule = Settling(0.5, 0.2)
    found = [schedule.factor(p) for p in (0.0, 0.05, 0.1, 0.3, 0.5, 0.99)]
    np.testing.assert_allclose(found, [0.0, 0.5, 1.0, 0.6, 0.2, 0.2])


def test_it_keeps_the_mean_of_the_weights_at_the_ends_of_epochs(
    images: ToyProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight epochs of two steps; from half on, four of them."""
    seen: list[torch.Tensor] = []
    original = torch.optim.swa_utils.AveragedModel.update_parameters

    def note(average: object, model: torch.nn.Module) -> None:
        seen.append(model.head.weight.detach().clone())
        original(average, model)

    monkeypatch.setattr(torch.optim.swa_utils.AveragedModel, "update_parameters", note)
    predictor = StochasticWeightAveraging(epochs=8, since=0.5).fit(images.task, images.source, Context())
    assert len(seen) == 4
    np.testing.assert_allclose(predictor.arrays["head.weight"], torch.stack(seen).mean(dim=0), atol=1e-6)


def test_statistics_are_those_of_the_rows_under_the_average() -> None:
    """Batch normalisation after :func:`averages.fill`: mean and variance over batches, whatever they were before."""
    from types import SimpleNamespace

    from torch import nn

    network = nn.Sequential(nn.BatchNorm1d(2))
    rows = torch.randn(64, 2, generator=torch.Generator().manual_seed(0)) * 3 + 5
    state = {**network.state_dict(), "0.running_mean": torch.full((2,), -9.0)}
    averages.fill(SimpleNamespace(network=network, rows=SimpleNamespace(X=rows)), state)
    torch.testing.assert_close(network[0].running_mean, rows.mean(dim=0), rtol=1e-4, atol=1e-4)
    assert not network.training
