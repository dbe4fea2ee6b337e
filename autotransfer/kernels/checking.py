"""Whether the compiled operators of this machine give what the reference gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from autotransfer.kernels.backend import prepare
from autotransfer.kernels.lora import samples
from autotransfer.kernels.mmd import reference

_LIMITS = {torch.float32: 1e-4, torch.float64: 1e-10}


@dataclass(frozen=True)
class Comparison:
    """One operator on one type: the largest difference in parts of the largest value, and how much is allowed."""

    op: str
    dtype: str
    difference: float
    limit: float

    @property
    def agrees(self) -> bool:
        """Also false where a difference is NaN."""
        return self.difference <= self.limit


def check(device: str) -> list[Comparison]:
    """Every operator that has a kernel for ``device``, in both types, on samples of more than one tile."""
    prepare(device)
    return [_compare(op, dtype, device) for op in _REFERENCES for dtype in _LIMITS]


_REFERENCES: dict[str, Callable[..., Any]] = {
    "mmd2": reference.values,
    "mmd2_gradient": reference.gradient,
    "mmd_permutations": reference.splits,
    **samples.REFERENCES,
}


def arguments_of(op: str, n: int, d: int, dtype: torch.dtype, device: str) -> tuple[Any, ...]:
    """Of one call, for samples of n rows with d features, or a LoRA layer of width d on n rows."""
    if op in samples.REFERENCES:
        return samples.arguments_of(op, n, d, dtype, device)
    generator = torch.Generator().manual_seed(0)
    x, y = (torch.randn(n, d, generator=generator, dtype=torch.float64).to(device, dtype) for _ in range(2))
    widths = torch.tensor([2.0 * d * 2.0**k for k in range(-2, 3)], dtype=torch.float64, device=device)
    if op == "mmd_permutations":
        members = torch.rand(n, 100, generator=generator) < 0.5
        return x, members.byte().to(device), widths
    coefficients = [torch.ones_like(widths)] if op == "mmd2_gradient" else []
    return (x, y + 0.3, widths, *coefficients, True, None, None)


def _compare(op: str, dtype: torch.dtype, device: str) -> Comparison:
    arguments = arguments_of(op, 500, 48, dtype, device)
    found, expected = getattr(torch.ops.autotransfer, op)(*arguments), _REFERENCES[op](*arguments)
    pairs = zip(_listed(found), _listed(expected), strict=True)
    differences = [_difference(one.double(), other.double()) for one, other in pairs]
    return Comparison(op, str(dtype).removeprefix("torch."), max(differences), _LIMITS[dtype])


def _difference(one: Tensor, other: Tensor) -> float:
    return float((one - other).abs().max() / other.abs().max())


def reference_of(op: str) -> Callable[..., Any]:
    """The function in PyTorch that the operator stands for."""
    return _REFERENCES[op]


def _listed(result: Any) -> tuple[Tensor, ...]:
    return result if isinstance(result, tuple) else (result,)
