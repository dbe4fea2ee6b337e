"""A network of another library behind the scaling of its pixels."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn


@final
class Scaled(nn.Module):
    """Images with values in [0, 255] to the features of ``network``, float32 of shape (n, width)."""

    mean: Tensor
    std: Tensor

    def __init__(self, network: nn.Module, mean: tuple[float, ...], std: tuple[float, ...]) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", torch.tensor(mean).view(-1, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std).view(-1, 1, 1), persistent=False)

    def forward(self, images: Tensor) -> Tensor:
        """Of images (n, channels, height, width), uint8 or float."""
        features: Tensor = self.network((images.float() / 255 - self.mean) / self.std)
        return features.flatten(1)
