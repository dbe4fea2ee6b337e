"""What the LoRA operators take. The reference, the fake and the compiled kernels raise the same errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

_WIDE = {
    torch.float64: torch.float64,
    torch.float32: torch.float32,
    torch.bfloat16: torch.float32,
    torch.float16: torch.float32,
}
"""Type of x -> type that narrow products are summed in."""


@dataclass(frozen=True)
class Groups:
    """Output columns with factors of their own: group g covers ``sizes[g]`` columns from ``starts[g]`` on.

    :param rank: of each group.
    """

    starts: tuple[int, ...]
    sizes: tuple[int, ...]
    rank: int

    def outputs(self, g: int) -> slice:
        """Columns of y."""
        return slice(self.starts[g], self.starts[g] + self.sizes[g])

    def rows_of_b(self, g: int) -> slice:
        """Rows of B."""
        first = sum(self.sizes[:g])
        return slice(first, first + self.sizes[g])

    def coefficients(self, g: int) -> slice:
        """Columns of t, rows of A."""
        return slice(g * self.rank, (g + 1) * self.rank)


def wide_type(x: Tensor) -> torch.dtype:
    """Type of t, and of all sums: float64 for float64, else float32. Raises ``TypeError`` for other types."""
    if x.dtype not in _WIDE:
        known = ", ".join(str(dtype).removeprefix("torch.") for dtype in _WIDE)
        raise TypeError(f"lora_linear: x is {known}, not {str(x.dtype).removeprefix('torch.')}")
    return _WIDE[x.dtype]


def check_layer(x: Tensor, weight: Tensor, a: Tensor, b: Tensor, starts: Sequence[int], sizes: Sequence[int]) -> Groups:
    """The groups, after a look at shapes and types. Raises ``ValueError`` and ``TypeError``."""
    _check(all(tensor.dim() == 2 for tensor in (x, weight, a, b)), "x, weight, a and b are matrices")
    _check(len(starts) > 0 and len(starts) == len(sizes), "a group has a start and a size")
    outputs, inputs = weight.shape
    for start, size in zip(starts, sizes, strict=True):
        _check(start >= 0 and size >= 0 and start + size <= outputs, "a group is outside of the outputs")
    _check(x.shape[1] == inputs and a.shape[1] == inputs, "x, weight and a have as many columns")
    _check(b.shape[0] == sum(sizes), "b has a row for each output of the groups")
    _check(a.shape[0] == b.shape[1] * len(starts), "a has a row for each column of b in each group")
    wide = wide_type(x)
    if weight.dtype != x.dtype:
        raise TypeError(f"lora_linear: weight is {weight.dtype} and x is {x.dtype}: give both one type")
    for factor in (a, b):
        if factor.dtype not in (x.dtype, wide):
            raise TypeError(f"lora_linear: a and b are {x.dtype} like x, or {wide}, not {factor.dtype}")
    return Groups(tuple(starts), tuple(sizes), b.shape[1])


def check_bias(bias: Tensor | None, x: Tensor, weight: Tensor) -> None:
    """One element an output, of the type of x."""
    if bias is None:
        return
    _check(bias.dim() == 1 and bias.shape[0] == weight.shape[0], "bias has an element for each output")
    if bias.dtype != x.dtype:
        raise TypeError(f"lora_linear: bias is {bias.dtype} and x is {x.dtype}: give both one type")


def check_dropout(dropout_p: float, seed: Tensor | None) -> None:
    """A probability, and a seed where there is dropout."""
    _check(0.0 <= dropout_p <= 1.0, "dropout_p is in [0, 1]")
    _check(dropout_p == 0.0 or seed is not None, "dropout needs a seed")


def check_gradient(grad: Tensor, x: Tensor, weight: Tensor, t: Tensor, total: int) -> None:
    """What the backward takes besides the forward's arguments. ``total``: rows of a."""
    like = grad.dim() == 2 and grad.shape[0] == x.shape[0] and grad.shape[1] == weight.shape[0]
    _check(like and grad.dtype == x.dtype, "the gradient is like the result")
    second = t.dim() == 2 and t.shape[0] == x.shape[0] and t.shape[1] == total and t.dtype == wide_type(x)
    _check(second, "t is the forward's second result")


def _check(fits: bool, rule: str) -> None:
    if not fits:
        raise ValueError(f"lora_linear: {rule}")
