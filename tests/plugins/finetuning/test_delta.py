"""Distances of maps by hand, and channels that count."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from autotransfer_finetuning.delta import Delta, apart
from autotransfer_finetuning.maps import Maps, attention, channels_first
from torch import nn

from autotransfer.nets.batches import Batch
from autotransfer.testing.problems import ToyProblem
from autotransfer.tuning import Tuning

Begin = Callable[[ToyProblem], Tuning]


@pytest.mark.parametrize("shape", [(4, 3, 5, 6), (4, 7, 3), (4, 3)], ids=["planes", "tokens", "vectors"])
def test_the_distance_is_that_of_the_formula(shape: tuple[int, ...]) -> None:
    """Half the sum over channels of need times the mean over rows and places of the squared difference."""
    here, there = torch.randn(shape), torch.randn(shape)
    need = torch.rand(3)
    gap = np.square((here - there).numpy())
    gap = gap if len(shape) != 3 else gap.transpose(0, 2, 1)
    expected = sum(float(need[c]) * gap[:, c].mean() for c in range(3)) / 2
    assert float(apart([here], [there], [need])) == pytest.approx(expected, rel=1e-5)
    assert channels_first(here).shape[1] == 3


def test_maps_are_the_outputs_of_the_blocks() -> None:
    module = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    x = torch.randn(5, 3)
    with Maps(module).kept() as found:
        out = module(x)
    assert len(found) == 2
    assert torch.equal(found[0], module[0](x))
    assert found[1] is out
    module(x)
    assert len(found) == 2


def test_a_channel_without_an_effect_counts_least_and_the_head_is_as_it_was(problem: ToyProblem, begin: Begin) -> None:
    tuning = begin(problem)
    head = tuning.network.head.weight.detach().clone()
    with torch.no_grad():
        tuning.network.backbone[2].weight[:, 5] = 0.0  # what follows the first map's channel 5
    needs = attention(tuning)
    assert all(float(need.mean()) == pytest.approx(1, rel=1e-4) for need in needs)
    assert float(needs[0][5]) == float(needs[0].min())
    assert torch.equal(tuning.network.head.weight, head)


def test_before_training_the_loss_is_that_of_the_labels_and_the_head(images: ToyProblem, begin: Begin) -> None:
    tuning = begin(images)
    rows, head = tuning.rows, tuning.network.head
    method = Delta(augment="none", weight=10.0, beta=0.2)
    tuning.network.eval()
    with torch.no_grad():
        plain = float(rows.loss(tuning.network(rows.X).scores, rows.y))
        penalty = 0.1 * float(sum(p.square().sum() for p in head.parameters()))
    loss = method.loss(tuning)
    batch = Batch(((rows.X, rows.y),), 0, 0.0)
    assert float(loss(batch).detach()) == pytest.approx(plain + penalty, rel=1e-5)
    with torch.no_grad():
        tuning.network.backbone[2].weight.add_(0.05)
    assert float(loss(batch).detach()) > plain + penalty
