"""The LoRA operators in plain PyTorch: what they compute, for every device and without a compiler."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from autotransfer.kernels.lora.checks import (
    Groups,
    check_bias,
    check_dropout,
    check_gradient,
    check_layer,
    wide_type,
)
from autotransfer.kernels.lora.dropout import keep_mask


@dataclass(frozen=True)
class Dropout:
    """What the low-rank branch drops from its input, and what it multiplies its result with."""

    seed: Tensor | None
    p: float
    scale: float

    @property
    def factor(self) -> float:
        """scale / (1 - p), or 0 when everything is dropped."""
        return self.scale / (1.0 - self.p) if self.p < 1.0 else 0.0

    def keep(self, rows: Tensor) -> Tensor:
        """The rows with what is dropped set to zero, even where it is infinite."""
        if self.seed is None or self.p == 0.0:
            return rows
        mask = keep_mask(self.seed, rows.shape[0], rows.shape[1], self.p)
        return torch.where(mask, rows, torch.zeros((), dtype=rows.dtype, device=rows.device))


def lora_linear(  # noqa: PLR0913, PLR0917 - the operator's schema
    x: Tensor,
    weight: Tensor,
    a: Tensor,
    b: Tensor,
    bias: Tensor | None,
    seed: Tensor | None,
    scale: float,
    dropout_p: float,
    starts: Sequence[int],
    sizes: Sequence[int],
) -> tuple[Tensor, Tensor]:
    """y = x W^T + bias + t B^T (rows, outputs), and t = scale / (1 - p) (mask * x) A^T (rows, groups * rank)."""
    groups = check_layer(x, weight, a, b, starts, sizes)
    check_bias(bias, x, weight)
    check_dropout(dropout_p, seed)
    with torch.autocast(x.device.type, enabled=False):
        t = coefficients(x, a, Dropout(seed, dropout_p, scale))
        start = t.new_zeros(weight.shape[0]) if bias is None else bias.to(t.dtype)
        low = _low_rank_outputs(t, b.to(t.dtype), groups, start)
        return torch.addmm(low.to(x.dtype), x, weight.T), t


def _low_rank_outputs(t: Tensor, b: Tensor, groups: Groups, start: Tensor) -> Tensor:
    if groups.starts == (0,) and groups.sizes[0] == len(start):
        return torch.addmm(start, t, b.T)
    low = start.expand(len(t), -1)
    for g in range(len(groups.sizes)):
        part = t[:, groups.coefficients(g)] @ b[groups.rows_of_b(g)].T
        low = low + torch.nn.functional.pad(part, (groups.starts[g], len(start) - groups.outputs(g).stop))
    return low


def coefficients(x: Tensor, a: Tensor, dropout: Dropout) -> Tensor:
    """t (rows, groups * rank), in the wide type."""
    wide = wide_type(x)
    return dropout.factor * (dropout.keep(x.to(wide)) @ a.to(wide).T)


def lora_linear_backward(  # noqa: PLR0913, PLR0917 - the operator's schema
    grad: Tensor,
    x: Tensor,
    weight: Tensor,
    a: Tensor,
    b: Tensor,
    t: Tensor,
    seed: Tensor | None,
    scale: float,
    dropout_p: float,
    starts: Sequence[int],
    sizes: Sequence[int],
    need_input: bool,
    need_adapter: bool,
    need_bias: bool,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Gradients of x, A, B and bias; those not needed have no rows, or no elements."""
    groups = check_layer(x, weight, a, b, starts, sizes)
    check_gradient(grad, x, weight, t, a.shape[0])
    check_dropout(dropout_p, seed)
    with torch.autocast(x.device.type, enabled=False):
        dropout, wide = Dropout(seed, dropout_p, scale), t.dtype
        wide_grad = grad.to(wide)
        u = _grad_of_coefficients(wide_grad, b.to(wide), groups, dropout.factor)
        dx = x.new_empty(0, x.shape[1])
        da, db, dbias = a.new_empty(0, a.shape[1]), b.new_empty(0, b.shape[1]), x.new_empty(0)
        if need_input:
            dx = torch.addmm(dropout.keep(u @ a.to(wide)).to(x.dtype), grad, weight)
        if need_adapter:
            da = (u.T @ dropout.keep(x.to(wide))).to(a.dtype)
            db = _grad_of_b(wide_grad, t, groups).to(b.dtype)
        if need_bias:
            dbias = wide_grad.sum(0).to(x.dtype)
        return dx, da, db, dbias


def _grad_of_coefficients(grad: Tensor, b: Tensor, groups: Groups, factor: float) -> Tensor:
    """u = factor * grad B, group by group: (rows, groups * rank)."""
    parts = [grad[:, groups.outputs(g)] @ b[groups.rows_of_b(g)] for g in range(len(groups.sizes))]
    return factor * torch.cat(parts, dim=1)


def _grad_of_b(grad: Tensor, t: Tensor, groups: Groups) -> Tensor:
    parts = [grad[:, groups.outputs(g)].T @ t[:, groups.coefficients(g)] for g in range(len(groups.sizes))]
    return torch.cat(parts)
