"""Places of convolutional networks, of transformers, and of networks that have none."""

from __future__ import annotations

import torch
from autotransfer_multimodal.qformer.grids import EDGE, grids
from torch import nn

from autotransfer.pretrained.specs import ResNetSpec, VitSpec


def test_the_mean_over_places_is_the_feature() -> None:
    """Both networks of the zoo average their last map or tokens, so the grid is the very last thing before that."""
    torch.manual_seed(0)
    images = torch.randint(0, 255, (3, 3, 32, 32), dtype=torch.uint8)
    for spec in (ResNetSpec(32, (4, 8), (1, 1)), VitSpec(32, 8, 8, 1, 2)):
        module = spec.build().eval()
        found = grids(module, images)
        torch.testing.assert_close(found.mean(dim=1), module(images).detach(), atol=1e-5, rtol=1e-4)
        assert found.shape[1] > 1


def test_maps_with_places_go_before_pooled_ones() -> None:
    module = nn.Sequential(nn.Conv2d(3, 4, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    assert grids(module, torch.randn(2, 3, 5, 5)).shape == (2, 25, 4)


def test_large_maps_are_averaged_down() -> None:
    found = grids(nn.Sequential(nn.Conv2d(3, 4, 1), nn.Flatten()), torch.randn(2, 3, 4 * EDGE, 3 * EDGE))
    assert found.shape == (2, EDGE * EDGE, 4)


def test_a_network_without_places_is_one_place() -> None:
    module = nn.Sequential(nn.Flatten(), nn.Linear(12, 5))
    images = torch.randn(2, 3, 2, 2)
    torch.testing.assert_close(grids(module, images)[:, 0], module(images).detach())
