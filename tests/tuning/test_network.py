from __future__ import annotations

import torch
from torch import nn

from autotransfer.tuning.network import TunedNetwork, width_of


def network() -> TunedNetwork:
    backbone = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 5))
    return TunedNetwork(backbone, 5, 2)


def test_the_width_is_that_of_a_row() -> None:
    assert width_of(network().backbone.eval(), torch.zeros(1, 3)) == 5


def test_held_parts_keep_their_statistics_through_every_mode() -> None:
    """Batch normalisation whose parameters are frozen is not moved by batches; without being held it is."""
    for held in (False, True):
        found = network()
        if held:
            found.hold({"1.weight", "1.bias"})
        found.eval().train()
        found(torch.randn(8, 3) + 5)
        norm = found.backbone[1]
        assert norm.training is not held
        assert bool((norm.running_mean == 0).all()) is held
        assert found.backbone[2].training
        assert found.training


def test_parts_of_which_something_moves_are_not_held() -> None:
    found = network()
    found.hold({"1.weight", "0.bias"})
    assert all(part.training for part in found.train().modules())
