"""LoRA around a convolution."""

from __future__ import annotations

import math
from typing import final

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout


@final
class LoraConv2d(nn.Module):
    """The convolution of Hu et al., "LoRA: Low-rank adaptation of large language models", ICLR 2022 (arXiv:2106.09685),
    as in the authors' loralib: W + scale · B A, where A (rank · k, in · k) and B (out · k, rank · k) give a matrix that
    is read as the weight (out, in, k, k). The base is frozen; B is zero at first, A as in :class:`LoraLinear`.

    :param base: with a square kernel of k × k and one group.
    :param rank: >= 1; the update's matrix has rank · k as its largest rank. :param scale: of the update.
    :param drop: in [0, 1), of the input of the low-rank branch, in training alone.
    """

    def __init__(self, base: nn.Conv2d, rank: int, scale: float, drop: float = 0.0) -> None:
        super().__init__()
        high, wide = base.kernel_size
        if high != wide or base.groups != 1 or base.padding_mode != "zeros":
            raise ValueError(
                f"LoraConv2d: kernel {base.kernel_size} in {base.groups} groups: it takes square ones in 1"
            )
        if rank < 1:
            raise ValueError(f"LoraConv2d: rank={rank} is >= 1")
        self.base = base.requires_grad_(requires_grad=False)
        self.rank, self.scale, self.drop = rank, scale, drop
        self.lora_A = nn.Parameter(base.weight.new_empty(rank * high, base.in_channels * high))
        self.lora_B = nn.Parameter(base.weight.new_zeros(base.out_channels * high, rank * high))
        nn.init.kaiming_uniform_(self.lora_A, a=math.sqrt(5))

    def update(self) -> Tensor:
        """What is added to the weight, (out, in, k, k)."""
        return self.scale * (self.lora_B @ self.lora_A).view(self.base.weight.shape)

    def forward(self, x: Tensor) -> Tensor:
        """(n, in, h, w) to (n, out, h', w'): one convolution, but two where the branch's input is dropped in part."""
        base = self.base
        if not (self.training and self.drop):
            return self._convolved(x, base.weight + self.update(), base.bias)
        return base(x) + self._convolved(dropout(x, self.drop), self.update(), None)  # type: ignore[no-any-return]

    def _convolved(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        base = self.base
        return nn.functional.conv2d(x, weight, bias, base.stride, base.padding, base.dilation)

    def merged(self) -> nn.Conv2d:
        """A plain convolution with the same outputs, a copy."""
        base = self.base
        plain = nn.Conv2d(
            base.in_channels,
            base.out_channels,
            base.kernel_size,  # type: ignore[arg-type]
            base.stride,  # type: ignore[arg-type]
            base.padding,  # type: ignore[arg-type]
            base.dilation,  # type: ignore[arg-type]
            bias=base.bias is not None,
            device="meta",
        )
        with torch.no_grad():
            plain.weight = nn.Parameter(base.weight + self.update())
            if base.bias is not None:
                plain.bias = nn.Parameter(base.bias.clone())
        return plain.train(self.training)
