"""LoRA as a module around a linear layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Self, final

import torch
from torch import Tensor, nn

from autotransfer.kernels.lora.linear import lora_linear_grouped


@final
class LoraLinear(nn.Module):
    """Hu et al., LoRA: Low-Rank Adaptation of Large Language Models, ICLR 2022 (arXiv:2106.09685), around a layer.

    y = base(x) + alpha / rank · dropout(x) A^T B^T. The layer's parameters are frozen; ``lora_A`` and ``lora_B`` are
    trained. B starts at zero, so that nothing changes at first. A starts as in the authors' code, uniform like the
    weight of a new linear layer, where the paper says Gaussian.

    :param base: the layer, used as it is and not copied. To train its bias too, give it its gradient back afterwards.
    :param rank: >= 1. ``alpha``: > 0; the paper tunes the learning rate in its place.
    :param dropout: in [0, 1], of the input of the low-rank branch, in training alone.
    :param parts: pairs (start, size) of output columns with factors of their own; None: all columns together. See
        :func:`~autotransfer.kernels.lora.attention.adapt_attention` for query, key and value in one layer.

    Both factors are at least float32, whatever the layer is. A layer that has been merged holds its result beside the
    frozen weight, which never changes: :meth:`unmerge` gives it back bit by bit, and ``state_dict`` is that of the
    unmerged layer at any time.
    """

    merged_weight: Tensor | None

    def __init__(
        self,
        base: nn.Linear,
        rank: int = 8,
        alpha: float = 16.0,
        dropout: float = 0.0,
        parts: Sequence[tuple[int, int]] | None = None,
    ) -> None:
        super().__init__()
        if rank < 1 or not alpha > 0 or not 0.0 <= dropout <= 1.0:
            raise ValueError(f"LoraLinear: rank={rank} is >= 1, alpha={alpha} > 0 and dropout={dropout} in [0, 1]")
        self.base = base.requires_grad_(False)
        self.parts = tuple(parts) if parts is not None else ((0, base.out_features),)
        _check_parts(self.parts, base.out_features)
        self.rank, self.alpha, self.dropout = rank, alpha, dropout
        width = sum(size for _, size in self.parts)
        dtype = torch.promote_types(base.weight.dtype, torch.float32)
        self.lora_A = nn.Parameter(base.weight.new_empty(len(self.parts) * rank, base.in_features, dtype=dtype))
        self.lora_B = nn.Parameter(base.weight.new_empty(width, rank, dtype=dtype))
        self.register_buffer("merged_weight", None, persistent=False)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """A new start: A uniform within ±1 / sqrt(in_features), B zero."""
        nn.init.kaiming_uniform_(self.lora_A, a=math.sqrt(5))
        nn.init.zeros_(self.lora_B)

    def forward(self, x: Tensor) -> Tensor:
        """(..., in_features) to (..., out_features)."""
        if self.merged_weight is not None:
            return nn.functional.linear(x, self.merged_weight, self.base.bias)
        p = self.dropout if self.training else 0.0
        return lora_linear_grouped(
            x, self.base.weight, self.lora_A, self.lora_B, self.parts, self.scale, self.base.bias, p
        )

    @property
    def scale(self) -> float:
        """alpha / rank."""
        return self.alpha / self.rank

    @property
    def merged(self) -> bool:
        """Whether the factors are in the weight for now."""
        return self.merged_weight is not None

    @property
    def weight(self) -> Tensor:
        """The weight in effect (out_features, in_features): some attention layers read it instead of calling the layer.

        Gradients reach the factors through it; there is no dropout in it.
        """
        if self.merged_weight is not None:
            return self.merged_weight
        wide = self.lora_A.dtype
        return (self.base.weight.to(wide) + self._update()).to(self.base.weight.dtype)

    @property
    def bias(self) -> Tensor | None:
        """The layer's own."""
        return self.base.bias

    @property
    def in_features(self) -> int:
        """Width of the input."""
        return self.base.in_features

    @property
    def out_features(self) -> int:
        """Width of the output."""
        return self.base.out_features

    def _update(self) -> Tensor:
        """alpha / rank · B A, in its rows of the weight."""
        update = self.lora_A.new_zeros(self.base.weight.shape)
        first = 0
        for g, (start, size) in enumerate(self.parts):
            factor = self.lora_A[g * self.rank : (g + 1) * self.rank]
            update[start : start + size] += self.scale * self.lora_B[first : first + size] @ factor
            first += size
        return update

    def merge(self) -> Self:
        """Put the factors into one weight: as fast as the plain layer, for predictions. Back by :meth:`unmerge`.

        A bfloat16 weight rounds small updates away, so its predictions change a little.
        """
        self.unmerge()
        with torch.no_grad():
            self.merged_weight = self.weight
        return self

    def unmerge(self) -> Self:
        """Take them out again; does nothing where they are not in."""
        self.merged_weight = None
        return self

    def merged_linear(self) -> nn.Linear:
        """A plain layer with the weight in effect, a copy: what is shipped in place of this one."""
        base = self.base
        plain = nn.Linear(base.in_features, base.out_features, base.bias is not None, device="meta")
        with torch.no_grad():
            plain.weight = nn.Parameter(self.weight.clone())
            if base.bias is not None:
                plain.bias = nn.Parameter(base.bias.clone())
        return plain.train(self.training)

    def _load_from_state_dict(self, *state: Any) -> None:
        self.unmerge()  # the merged weight would be that of other factors
        super()._load_from_state_dict(*state)

    def train(self, mode: bool = True) -> Self:
        """As for every module; training unmerges."""
        if mode:
            self.unmerge()
        return super().train(mode)

    def extra_repr(self) -> str:
        """Shown by ``print``."""
        settings = f"rank={self.rank}, alpha={self.alpha:g}, dropout={self.dropout:g}"
        return f"{settings}, parts={self.parts}, merged={self.merged}"


def _check_parts(parts: tuple[tuple[int, int], ...], outputs: int) -> None:
    stop = 0
    for start, size in sorted(parts):
        if start < stop or size < 1 or start + size > outputs:
            raise ValueError(
                f"LoraLinear: parts={parts} are (start, size) apart from each other within {outputs} columns"
            )
        stop = start + size
    if not parts:
        raise ValueError("LoraLinear: parts is empty: name at least one (start, size)")
