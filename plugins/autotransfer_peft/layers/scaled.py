"""Linear layers whose inputs or outputs are scaled, column by column."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn

from autotransfer_peft.layers.transformers import linear_at, transformer_layers


@final
class ScaledLinear(nn.Module):
    """(IA)³: Liu et al., "Few-shot parameter-efficient fine-tuning is better and cheaper than in-context learning",
    NeurIPS 2022 (arXiv:2205.05638): inner activations are multiplied by learned factors, one at first.

    :param base: frozen. :param start, size: the columns that are scaled, of the output or of the input.
    :param of_input: which of the two.
    """

    def __init__(self, base: nn.Linear, start: int, size: int, *, of_input: bool) -> None:
        super().__init__()
        self.base = base.requires_grad_(requires_grad=False)
        self.of_input, self.start = of_input, start
        self.rest = (base.in_features if of_input else base.out_features) - start - size
        self.factor = nn.Parameter(base.weight.new_ones(size))

    def factors(self) -> Tensor:
        """Of all columns: 1 for those that stay."""
        return nn.functional.pad(self.factor, (self.start, self.rest), value=1.0)

    def forward(self, x: Tensor) -> Tensor:
        """(..., in) to (..., out)."""
        out: Tensor = self.base(x * self.factors()) if self.of_input else self.base(x) * self.factors()
        return out

    def merged(self) -> nn.Linear:
        """A plain layer with the same outputs, a copy."""
        base, factors = self.base, self.factors()
        plain = nn.Linear(base.in_features, base.out_features, base.bias is not None, device="meta")
        with torch.no_grad():
            plain.weight = nn.Parameter(base.weight * (factors if self.of_input else factors[:, None]))
            if base.bias is not None:
                plain.bias = nn.Parameter(base.bias * (1.0 if self.of_input else factors))
        return plain.train(self.training)


def add_factors(network: nn.Module) -> None:
    """Of keys, values, and of what enters the last layer of the small network, in each transformer layer."""
    for parts in transformer_layers(network):
        if len(parts.mixers) > 1:
            for place in parts.mixers[1:]:
                layer = linear_at(place)
                place.put(ScaledLinear(layer, 0, layer.out_features, of_input=False))
        else:
            layer = linear_at(parts.mixers[0])
            size = layer.out_features // 3
            parts.mixers[0].put(ScaledLinear(layer, size, 2 * size, of_input=False))
        last = linear_at(parts.narrowing)
        parts.narrowing.put(ScaledLinear(last, 0, last.in_features, of_input=True))
