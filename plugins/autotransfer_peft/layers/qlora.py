"""LoRA around a linear layer whose weight is kept in four bits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks

from autotransfer.kernels import LoraLinear, lora_linear_grouped
from autotransfer_peft.layers.nf4 import Nf4


@final
class QloraLinear(nn.Module):
    """Dettmers et al., QLoRA, NeurIPS 2023 (arXiv:2305.14314), equation 5: the weight is made anew from its code
    numbers for each pass, forward and backward, and no pass keeps it; the low-rank update on the project's fused
    operator is trained in full precision.

    Arguments as those of :class:`~autotransfer.kernels.LoraLinear`, which lends its factors; ``layer`` is not kept.
    """

    def __init__(
        self,
        layer: nn.Linear,
        rank: int,
        alpha: float,
        dropout: float = 0.0,
        parts: Sequence[tuple[int, int]] | None = None,
    ) -> None:
        super().__init__()
        lora = LoraLinear(layer, rank, alpha, dropout, parts)
        self.lora_A, self.lora_B = lora.lora_A, lora.lora_B
        self.rank, self.scale, self.dropout, self.parts = rank, lora.scale, dropout, lora.parts
        self.base = Nf4(layer.weight)
        self.bias = None if layer.bias is None else nn.Parameter(layer.bias.detach(), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """(..., in) to (..., out)."""
        weight = self.base.values()
        place = weight.data_ptr()
        p = self.dropout if self.training else 0.0

        def pack(tensor: Tensor) -> Tensor | Nf4:
            return self.base if tensor.data_ptr() == place and tensor.shape == weight.shape else tensor

        def unpack(kept: Tensor | Nf4) -> Tensor:
            return kept.values() if isinstance(kept, Nf4) else kept

        with saved_tensors_hooks(pack, unpack):
            return lora_linear_grouped(x, weight, self.lora_A, self.lora_B, self.parts, self.scale, self.bias, p)

    def merged(self) -> nn.Linear:
        """A plain layer with the same outputs, in full precision: four bits would round the update away."""
        weight = self.base.values()
        out, inputs = weight.shape
        plain = nn.Linear(inputs, out, self.bias is not None, device="meta")
        with torch.no_grad():
            first = 0
            for g, (start, size) in enumerate(self.parts):
                a = self.lora_A[g * self.rank : (g + 1) * self.rank]
                weight[start : start + size] += self.scale * self.lora_B[first : first + size] @ a
                first += size
            plain.weight = nn.Parameter(weight)
            if self.bias is not None:
                plain.bias = nn.Parameter(self.bias.clone())
        return plain.train(self.training)
