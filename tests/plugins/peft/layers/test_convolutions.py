"""Which convolutions get a companion."""

from __future__ import annotations

from autotransfer_peft.layers.convolutions import adaptable
from torch import nn


def test_larger_ones_behind_the_first(convolutional) -> None:
    """Two in each of the blocks; neither the stem, which sees pixels, nor the shortcuts of one pixel."""
    found = [place.layer for place in adaptable(convolutional)]
    assert found == [layer for block in convolutional.layers for layer in (block.conv1, block.conv2)]


def test_groups_are_left_out() -> None:
    assert adaptable(nn.Sequential(nn.Conv2d(8, 8, 3, groups=8), nn.Conv2d(8, 8, 1))) == []
