"""The network before training: its features, its blocks, what is frozen, and what a change does to it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from autotransfer.testing.problems import ToyProblem
from autotransfer.tuning import Tuning
from tests.tuning.changes import Added

Begin = Callable[..., Tuning]


def test_representations_are_the_encoders_features(problem: ToyProblem, begin: Begin) -> None:
    tuning = begin(problem)
    with torch.no_grad():
        z, scores = tuning.network.eval()(tuning.rows.X)
    encoder = problem.source.encoder
    np.testing.assert_allclose(z, encoder.fit(problem.task.train).transform(problem.task.train), rtol=1e-4, atol=1e-5)
    assert scores.shape == (len(problem.task.train), 3)


def test_the_blocks_hold_every_parameter_once(problem: ToyProblem, begin: Begin) -> None:
    tuning = begin(problem)
    assert sorted(name for block in tuning.blocks for name in block) == sorted(tuning.parameters())
    assert all(parameter.requires_grad for parameter in tuning.network.parameters())


def test_frozen_names_need_no_gradient_and_their_parts_stay_in_evaluation_mode(
    problem: ToyProblem, begin: Begin
) -> None:
    tuning = begin(problem)
    tuning.freeze(tuning.blocks[0])
    trained = {name for name, parameter in tuning.parameters().items() if parameter.requires_grad}
    assert trained == set(tuning.blocks[1])
    parts = dict(tuning.network.train().backbone.named_modules())
    assert parts["2"].training
    assert not any(parts[name.rpartition(".")[0]].training for name in tuning.blocks[0])


def test_a_change_leaves_what_it_names_to_be_trained_and_freezes_the_rest(problem: ToyProblem, begin: Begin) -> None:
    tuning = begin(problem, Added())
    trained = {name for name, parameter in tuning.parameters().items() if parameter.requires_grad}
    assert trained == set(tuning.blocks[0]) == {"2.added.weight", "2.added.bias"}
    assert all(parameter.requires_grad for parameter in tuning.network.head.parameters())
    assert set(tuning.base) == set(tuning.network.backbone.state_dict())
