"""A pretrained network with a linear head. Importing this module imports torch."""

from __future__ import annotations

from collections.abc import Collection
from typing import Self, final

import torch
from torch import Tensor, nn

from autotransfer.nets.network import Outputs


@final
class TunedNetwork(nn.Module):
    """Prepared rows to representations to scores.

    :param width: columns of the representation. :param outputs: scores of a row.
    """

    def __init__(self, backbone: nn.Module, width: int, outputs: int) -> None:
        super().__init__()
        self.backbone = backbone
        self.head = nn.Linear(width, outputs)
        self._held: list[nn.Module] = []

    def forward(self, rows: Tensor) -> Outputs:
        """Of a batch of prepared rows."""
        z = self.backbone(rows)
        return Outputs(z, self.head(z))

    def hold(self, frozen: Collection[str]) -> None:
        """Parts of the backbone whose own parameters are all frozen keep their statistics, too, and drop nothing.

        :param frozen: names of the backbone's parameters.
        """
        for prefix, part in self.backbone.named_modules():
            own = [f"{prefix}.{name}" if prefix else name for name, _ in part.named_parameters(recurse=False)]
            if own and all(name in frozen for name in own):
                self._held.append(part)

    def train(self, mode: bool = True) -> Self:
        """All but the parts that are held."""
        super().train(mode)
        for part in self._held:
            part.training = False
        return self


def width_of(backbone: nn.Module, row: Tensor) -> int:
    """Columns of what the network, in evaluation mode, says of one prepared row (1, ...)."""
    with torch.no_grad():
        return int(backbone(row).shape[1])
