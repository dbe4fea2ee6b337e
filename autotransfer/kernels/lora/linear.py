"""A linear layer with a low-rank update, as functions."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from autotransfer.kernels.backend import prepare
from autotransfer.kernels.lora import operators

_SEEDS = 2**63


def lora_linear(  # noqa: PLR0913, PLR0917 - the layer's own arguments
    x: Tensor,
    W: Tensor,
    A: Tensor,
    B: Tensor,
    scale: float = 1.0,
    bias: Tensor | None = None,
    dropout_p: float = 0.0,
    seed: int | Tensor | None = None,
) -> Tensor:
    """Hu et al., LoRA: Low-Rank Adaptation of Large Language Models, ICLR 2022 (arXiv:2106.09685).

    y = x W^T + bias + scale · dropout(x) A^T B^T. Gradients reach x, A, B and bias, of any order; W is frozen.

    :param x: (..., K) of type float64, float32, bfloat16 or float16. ``W``: (N, K) of the same type.
    :param A: (r, K), any r >= 0. ``B``: (N, r). Of the type of x, or float32 where x is bfloat16 or float16. Products
        with them are summed in float32 (float64 for float64); their sum is rounded to the type of x once.
    :param scale: alpha / r in the paper. ``bias``: (N,).
    :param dropout_p: in [0, 1], probability that an element of x is dropped from the low-rank branch, as in the
        authors' code; the others are divided by 1 - p. What is dropped counts as 0, even an infinity.
    :param seed: the mask's only randomness, int64: element (i, k) of x with its leading dimensions flattened is
        dropped or kept by (seed, i, k) alone, on every device. None draws one from PyTorch's generator. Unused at
        ``dropout_p`` 0.
    :return: (..., N), of the type of x. Under autocast x, W and bias are converted first.

    Raises ``ValueError`` for shapes that do not fit and for a W that requires a gradient, ``TypeError`` for types.
    """
    return lora_linear_grouped(x, W, A, B, ((0, W.shape[0]),), scale, bias, dropout_p, seed)


def lora_linear_grouped(  # noqa: PLR0913, PLR0917 - the layer's own arguments
    x: Tensor,
    W: Tensor,
    A: Tensor,
    B: Tensor,
    groups: Sequence[tuple[int, int]],
    scale: float = 1.0,
    bias: Tensor | None = None,
    dropout_p: float = 0.0,
    seed: int | Tensor | None = None,
) -> Tensor:
    """Several projections of one x, their weights stacked in W, such as query, key and value: x is read once for all.

    y = x W^T + bias, and to columns start ... start + size of group g is added scale · dropout(x) A_g^T B_g^T. All
    groups see the same dropout.

    :param A: (G · r, K): the A_g one below the other. ``B``: (sum of sizes, r): likewise the B_g.
    :param groups: G pairs (start, size) of output columns. Columns of no group are those of the frozen layer.

    All else as for :func:`lora_linear`.
    """
    if W.requires_grad:
        raise ValueError(operators.FROZEN)
    prepare(x.device.type)
    if x.dim() == 0:
        raise ValueError("lora_linear: x is (..., inputs), not a number")
    x, W, bias = _as_autocast(x, W, bias)
    rows = x.reshape(math.prod(x.shape[:-1]), x.shape[-1])
    starts, sizes = [start for start, _ in groups], [size for _, size in groups]
    words = as_seed(seed, x.device) if dropout_p else None
    settings = (words, float(scale), float(dropout_p), starts, sizes)
    y: Tensor = torch.ops.autotransfer.lora_linear(rows, W, A, B, bias, *settings)[0]
    return y.reshape(*x.shape[:-1], W.shape[0])


def as_seed(seed: int | Tensor | None, device: torch.device) -> Tensor:
    """An int64 scalar on the device. A number outside of int64 is taken modulo 2^64."""
    if isinstance(seed, Tensor):
        if seed.numel() != 1 or seed.dtype != torch.int64:
            raise ValueError(
                f"lora_linear: the seed is one int64 number, not {seed.dtype} of shape {tuple(seed.shape)}"
            )
        return seed.reshape(()).to(device)
    if seed is None:
        return torch.randint(_SEEDS - 1, (), dtype=torch.int64, device=device)
    return torch.tensor((seed + _SEEDS) % (2 * _SEEDS) - _SEEDS, dtype=torch.int64, device=device)


def _as_autocast(x: Tensor, W: Tensor, bias: Tensor | None) -> tuple[Tensor, Tensor, Tensor | None]:
    """As autocast treats a linear layer: float64 stays, A and B keep their precision."""
    device = x.device.type
    if not torch.is_autocast_enabled(device) or x.dtype == torch.float64:
        return x, W, bias
    dtype = torch.get_autocast_dtype(device)
    return x.to(dtype), W.to(dtype), None if bias is None else bias.to(dtype)
