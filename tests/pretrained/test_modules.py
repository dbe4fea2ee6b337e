"""The torch modules behind the encoders."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
from torch import nn

from autotransfer.pretrained.modules.backbone import CENTRE, SPREAD, Pixels
from autotransfer.pretrained.modules.pooled import MeanPooled
from autotransfer.pretrained.modules.resnet import Block, ResNet
from autotransfer.pretrained.modules.scaled import Scaled

from .conftest import SPEC


def test_pixels_of_the_mean_colour_are_zero() -> None:
    mean = torch.tensor(CENTRE).view(1, 3, 1, 1) * 255
    torch.testing.assert_close(Pixels()(mean), torch.zeros(1, 3, 1, 1), atol=1e-6, rtol=0)
    brighter = mean + torch.tensor(SPREAD).view(1, 3, 1, 1) * 255
    torch.testing.assert_close(Pixels()(brighter), torch.ones(1, 3, 1, 1))


@pytest.mark.parametrize(("before", "after", "stride"), [(4, 4, 1), (4, 6, 1), (4, 6, 2), (4, 4, 2)])
@pytest.mark.parametrize("edge", [7, 8])
def test_a_block_halves_and_rounds_up(before: int, after: int, stride: int, edge: int) -> None:
    found = Block(before, after, stride)(torch.randn(2, before, edge, edge))
    assert found.shape == (2, after, -(-edge // stride), -(-edge // stride))


@pytest.mark.parametrize("size", [(16, 16), (9, 30), (64, 64)])
def test_a_resnet_takes_any_size_and_averages_its_maps(size: tuple[int, int]) -> None:
    network = ResNet(SPEC).eval()
    images = torch.randint(0, 256, (2, 3, *size), dtype=torch.uint8)
    with torch.no_grad():
        torch.testing.assert_close(network(images), network.maps(images).mean(dim=(2, 3)))


def test_scaling_is_part_of_the_module() -> None:
    """((x / 255) - mean) / std, by hand."""
    module = Scaled(nn.AdaptiveAvgPool2d(1), (0.5, 0.25, 0.0), (0.5, 0.5, 2.0))
    images = torch.tensor([255, 0, 51], dtype=torch.uint8).view(1, 3, 1, 1)
    torch.testing.assert_close(module(images), torch.tensor([[1.0, -0.5, 0.1]]))


class Echo(nn.Module):
    """Token numbers as vectors of one column, multiplied by the mask."""

    def __init__(self) -> None:
        super().__init__()
        self.config = SimpleNamespace(hidden_size=1)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> SimpleNamespace:
        return SimpleNamespace(last_hidden_state=(input_ids + 100 * (1 - attention_mask)).unsqueeze(2).float())


def test_padding_is_not_averaged() -> None:
    """Tokens are counted from 1: 3, 5 and padding are the library's 2 and 4, whose mean is 3; an empty text gives 0."""
    found = MeanPooled(Echo())(torch.tensor([[3, 5, 0], [0, 0, 0]]))
    assert found.tolist() == [[3.0], [0.0]]
    assert MeanPooled(Echo()).blocks() == ((),)
