"""A linear map and division by the length, put behind a pretrained network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, final

from autotransfer.tuning import Change

if TYPE_CHECKING:
    from torch import Tensor, nn

NAME = "unit_projection"
"""Of the map's weight in the network."""


@final
@dataclass(frozen=True)
class UnitProjection(Change):
    """Features (n, inputs) become rows of length 1, (n, columns). Everything in the network is trained."""

    inputs: int
    columns: int

    kind: ClassVar[str] = NAME

    def apply(self, module: nn.Module) -> Sequence[nn.Parameter]:
        import torch
        from torch.nn import Parameter
        from torch.nn.functional import linear, normalize

        weight = Parameter(torch.randn(self.columns, self.inputs) * self.inputs**-0.5)
        # A parameter, not a layer: a layer that is put into a sequence of layers would be passed by itself.
        module.register_parameter(NAME, weight)

        def projected(network: nn.Module, _: object, features: Tensor) -> Tensor:
            return normalize(linear(features, network.get_parameter(NAME)), dim=1)

        module.register_forward_hook(projected)
        return list(module.parameters())
