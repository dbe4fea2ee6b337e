"""The first layer of the toy network for images. Importing this module imports torch."""

from __future__ import annotations

from typing import final

from torch import Tensor, nn


@final
class Levels(nn.Module):
    """Images (n, 3, height, width) with values in [0, 255] to the mean level of each row: (n, 3 * height) around 0."""

    def forward(self, images: Tensor) -> Tensor:
        """Float32."""
        return (images.float() / 128 - 1).mean(dim=3).flatten(1)
