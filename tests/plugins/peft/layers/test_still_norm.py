"""Batch normalisation that keeps its statistics."""

from __future__ import annotations

import torch
from autotransfer_peft.layers.still_norm import StillNorm, still
from torch import nn


def test_training_changes_no_statistics(images) -> None:
    """Outputs in training are those of evaluation, and the state is the same before and after."""
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU())
    network(images)
    network.eval()
    expected, before = network(images), {name: value.clone() for name, value in network.state_dict().items()}
    still(network)
    torch.testing.assert_close(network.train()(images), expected)
    assert list(network.state_dict()) == list(before)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_weights_are_shared_and_can_be_trained() -> None:
    norm = nn.BatchNorm2d(4)
    found = StillNorm(norm)
    assert found.weight is norm.weight
    assert all(parameter.requires_grad for parameter in found.parameters())
