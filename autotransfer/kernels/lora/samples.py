"""Calls of the LoRA operators by which their kernels are checked against the reference, and timed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from autotransfer.kernels.lora import dropout, reference

REFERENCES: dict[str, Callable[..., Any]] = {
    "lora_keep_mask": dropout.keep_mask,
    "lora_linear": reference.lora_linear,
    "lora_linear_backward": reference.lora_linear_backward,
}

_RANK, _P = 8, 0.1


def arguments_of(op: str, rows: int, width: int, dtype: torch.dtype, device: str) -> tuple[Any, ...]:
    """Of one call, for a layer from ``width`` to ``width`` features, rank 8 and dropout 0.1."""
    seed = torch.tensor(2**40 + 1, device=device)
    if op == "lora_keep_mask":
        return seed, rows, width, _P
    generator = torch.Generator().manual_seed(0)
    x, grad, weight, a, b, bias = (
        torch.randn(size, generator=generator, dtype=torch.float64).to(device, dtype)
        for size in ((rows, width), (rows, width), (width, width), (_RANK, width), (width, _RANK), (width,))
    )
    settings = (seed, 2.0, _P, [0], [width])
    if op == "lora_linear":
        return (x, weight, a, b, bias, *settings)
    t = reference.lora_linear(x, weight, a, b, bias, *settings)[1]
    return (grad, x, weight, a, b, t, *settings, True, True, True)
