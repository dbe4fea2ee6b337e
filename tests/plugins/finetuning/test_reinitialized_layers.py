from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from autotransfer_finetuning.reinitialized_layers import ReinitializedLayers

from autotransfer.testing.problems import ToyProblem
from autotransfer.tuning import Tuning


@pytest.mark.parametrize("layers", [1, 3])
def test_the_last_block_is_drawn_anew_and_the_first_never(
    problem: ToyProblem, begin: Callable[[ToyProblem], Tuning], layers: int
) -> None:
    """Drawn as its own layers draw: the toy's weights are three times as wide as those of a new linear layer."""
    tuning = begin(problem)
    torch.manual_seed(0)
    ReinitializedLayers(layers=layers).start(tuning)
    parameters = tuning.parameters()
    assert all(torch.equal(parameters[name], tuning.base[name]) for name in tuning.blocks[0])
    assert not any(torch.equal(parameters[name], tuning.base[name]) for name in tuning.blocks[1])
    weight = parameters["2.weight"].detach()
    bound = weight.shape[1] ** -0.5
    assert float(weight.abs().max()) <= bound
    assert float(weight.std()) == pytest.approx(bound / 3**0.5, rel=0.1)
