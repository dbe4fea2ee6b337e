from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from autotransfer_finetuning.frozen_layers import FrozenLayers

from autotransfer.task import Context
from autotransfer.testing.problems import ToyProblem
from autotransfer.tuning import Tuning


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_one_of_two_blocks_stays_whatever_the_share(
    problem: ToyProblem, begin: Callable[[ToyProblem], Tuning], share: float
) -> None:
    tuning = begin(problem)
    FrozenLayers(frozen=share).start(tuning)
    moving = {name for name, parameter in tuning.parameters().items() if parameter.requires_grad}
    assert moving == set(tuning.blocks[1])


def test_what_is_frozen_is_not_kept_and_the_rest_has_moved(problem: ToyProblem) -> None:
    predictor = FrozenLayers(epochs=2).fit(problem.task, problem.source, Context())
    base = problem.source.encoder.build()
    first, last = problem.source.encoder.blocks(base)
    assert set(predictor.arrays) == {"head.weight", "head.bias", *(f"backbone.{name}" for name in last)}
    state = base.state_dict()
    assert all(not np.array_equal(predictor.arrays[f"backbone.{name}"], state[name]) for name in last)
    assert not {f"backbone.{name}" for name in first} & set(predictor.arrays)
