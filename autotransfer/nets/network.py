"""A backbone with heads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, final

import torch
from torch import Tensor, nn


class Outputs(NamedTuple):
    """What a network says of n rows.

    :param z: representation (n, width). :param scores: (n, outputs), the mean of the heads'.
    """

    z: Tensor
    scores: Tensor

    def split(self, sizes: Sequence[int]) -> list[Outputs]:
        """The parts of a batch that was put together."""
        parts = zip(torch.split(self.z, list(sizes)), torch.split(self.scores, list(sizes)), strict=True)
        return [Outputs(z, scores) for z, scores in parts]


@final
class Network(nn.Module):
    """Rows to representations to scores."""

    def __init__(self, backbone: nn.Module, heads: Sequence[nn.Module]) -> None:
        super().__init__()
        self.backbone = backbone
        self.heads = nn.ModuleList(heads)

    def forward(self, X: Tensor) -> Outputs:
        """For rows (n, d)."""
        z = self.backbone(X)
        return Outputs(z, self.score(z))

    def score(self, z: Tensor) -> Tensor:
        """Scores of representations: the mean over the heads; the representations where there are none."""
        if not len(self.heads):
            return z
        scores = [head(z) for head in self.heads]
        return scores[0] if len(scores) == 1 else torch.stack(scores).mean(dim=0)
