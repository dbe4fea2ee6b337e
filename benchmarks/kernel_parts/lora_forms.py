"""Ways to compute one LoRA layer: the same numbers by different programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import torch
from torch import Tensor
from torch.nn import functional

from autotransfer.kernels.lora.linear import lora_linear
from benchmarks.kernel_parts.lora import ADDMM, BASE, COMPILED, PEFT, Shape

Form: TypeAlias = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
"""x, W, A, B -> y."""

SCALE = 2.0


def forms(shape: Shape) -> dict[str, Form]:
    """Every form that has this layer, ``ours`` among them; the last has no adapter: no form can be faster."""

    def peft(x: Tensor, W: Tensor, A: Tensor, B: Tensor) -> Tensor:
        """result = base(x) + lora_B(lora_A(dropout(x))) * scaling: PEFT 0.21, Linear.forward."""
        dropped = functional.dropout(x, shape.p) if shape.p else x
        return functional.linear(x, W) + functional.linear(functional.linear(dropped, A), B) * SCALE

    def ours(x: Tensor, W: Tensor, A: Tensor, B: Tensor) -> Tensor:
        return lora_linear(x, W, A, B, SCALE, dropout_p=shape.p)

    found: dict[str, Form] = {PEFT: peft, "ours": ours, COMPILED: torch.compile(peft, dynamic=False)}
    if not shape.p:
        found[ADDMM] = _addmm
    found[BASE] = lambda x, W, A, B: functional.linear(x, W)
    return found


def _addmm(x: Tensor, W: Tensor, A: Tensor, B: Tensor) -> Tensor:
    y: Tensor = _Addmm.apply(x, W, A, B)  # type: ignore[no-untyped-call]
    return y


class _Addmm(torch.autograd.Function):
    """By hand, as unsloth has it: the update is added in place, each gradient is a product. It has no dropout."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, W: Tensor, A: Tensor, B: Tensor) -> Tensor:
        t = x @ A.T
        ctx.save_for_backward(x, W, A, B, t)
        return (x @ W.T).addmm_(t, B.T, alpha=SCALE)

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> tuple[Tensor | None, ...]:
        grad = grads[0]
        x, W, A, B, t = ctx.saved_tensors
        u = grad @ B
        dx = (grad @ W).addmm_(u, A, alpha=SCALE)
        return dx, None, (u.T @ x).mul_(SCALE), (grad.T @ t).mul_(SCALE)
