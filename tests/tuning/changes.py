"""A change for the tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, final

import torch
from torch import nn

from autotransfer.tuning import Change


@final
class Sum(nn.Module):
    """A frozen layer and a new one whose outputs are added."""

    def __init__(self, frozen: nn.Module, width: int) -> None:
        super().__init__()
        self.frozen, self.added = frozen, nn.Linear(width, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.frozen(x) + self.added(x)


@final
@dataclass(frozen=True)
class Added(Change):
    """A new linear layer beside the toy networks' last but one, times ``factor``."""

    kind: ClassVar[str] = "added"

    factor: float = 0.5

    def apply(self, module: nn.Module) -> Sequence[nn.Parameter]:
        module[2] = Sum(module[2], module[2].in_features)
        with torch.no_grad():
            module[2].added.weight *= self.factor
        return list(module[2].added.parameters())
