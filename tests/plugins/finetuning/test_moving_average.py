from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_finetuning.moving_average import MovingAverage

from autotransfer.task import Context
from autotransfer.testing.problems import ToyProblem


@pytest.mark.parametrize("momentum", [0.9, 0.5])
def test_it_keeps_the_recursion_by_hand(images: ToyProblem, monkeypatch: pytest.MonkeyPatch, momentum: float) -> None:
    """a <- m a + (1 - m) w over all updates, beginning with the first."""
    seen: list[np.ndarray] = []
    original = torch.optim.swa_utils.AveragedModel.update_parameters

    def note(average: object, model: torch.nn.Module) -> None:
        seen.append(model.head.weight.detach().numpy().copy())
        original(average, model)

    monkeypatch.setattr(torch.optim.swa_utils.AveragedModel, "update_parameters", note)
    predictor = MovingAverage(epochs=3, momentum=momentum).fit(images.task, images.source, Context())
    assert len(seen) == 6
    average = seen[0]
    for weight in seen[1:]:
        average = momentum * average + (1 - momentum) * weight
    np.testing.assert_allclose(predictor.arrays["head.weight"], average, atol=1e-6)
