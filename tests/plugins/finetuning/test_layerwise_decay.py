from __future__ import annotations

from collections.abc import Callable

import pytest
from autotransfer_finetuning.layerwise_decay import LayerwiseDecay

from autotransfer.testing.problems import ToyProblem
from autotransfer.tuning import Tuning


@pytest.mark.parametrize("decay", [0.4, 0.75])
def test_rates_are_powers_of_the_distance_to_the_head(
    problem: ToyProblem, begin: Callable[[ToyProblem], Tuning], decay: float
) -> None:
    tuning = begin(problem)
    parameters = tuning.parameters()
    groups = LayerwiseDecay(layer_decay=decay).groups(tuning)
    rates = {id(parameter): group.rate for group in groups for parameter in group.parameters}
    for distance, block in enumerate(reversed(tuning.blocks), start=1):
        assert {rates[id(parameters[name])] for name in block} == {decay**distance}
