"""The LoRA operators: reference, fake and gradients. The backward is an operator too; its own gradients are those of
the reference, so that derivatives of any order exist."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from autotransfer.kernels.library import LIBRARY, qualified
from autotransfer.kernels.lora import reference
from autotransfer.kernels.lora.checks import check_bias, check_dropout, check_gradient, check_layer, wide_type
from autotransfer.kernels.lora.dropout import keep_mask

FROZEN = "lora_linear: the weight is frozen and gets no gradient: call W.requires_grad_(False) first"


def fake(  # noqa: PLR0913, PLR0917 - the operator's schema
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
    check_layer(x, weight, a, b, starts, sizes)
    check_bias(bias, x, weight)
    check_dropout(dropout_p, seed)
    rows = x.shape[0]
    return x.new_empty(rows, weight.shape[0]), x.new_empty(rows, a.shape[0], dtype=wide_type(x))


def fake_backward(  # noqa: PLR0913, PLR0917 - the operator's schema
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
    check_layer(x, weight, a, b, starts, sizes)
    check_gradient(grad, x, weight, t, a.shape[0])
    check_dropout(dropout_p, seed)
    return (
        x.new_empty(x.shape[0] if need_input else 0, x.shape[1]),
        a.new_empty(a.shape[0] if need_adapter else 0, a.shape[1]),
        b.new_empty(b.shape[0] if need_adapter else 0, b.shape[1]),
        x.new_empty(weight.shape[0] if need_bias else 0),
    )


def _fake_mask(seed: Tensor, rows: int, columns: int, dropout_p: float) -> Tensor:
    return seed.new_empty(rows, columns, dtype=torch.bool)


def _setup(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, Tensor]) -> None:
    x, weight, a, b, _, seed, *ctx.settings = inputs
    if ctx.needs_input_grad[1]:
        raise ValueError(FROZEN)
    ctx.mark_non_differentiable(output[1])
    ctx.save_for_backward(x, weight, a, b, output[1], seed)


def _backward(ctx: Any, grad: Tensor, _: Tensor) -> tuple[Tensor | None, ...]:
    x, weight, a, b, t, seed = ctx.saved_tensors
    need = ctx.needs_input_grad
    need_x, need_adapter, need_bias = need[0], need[2] or need[3], need[4]
    dx, da, db, dbias = torch.ops.autotransfer.lora_linear_backward(
        grad, x, weight, a, b, t, seed, *ctx.settings, need_x, need_adapter, need_bias
    )
    found = (
        dx if need_x else None,
        None,
        da if need[2] else None,
        db if need[3] else None,
        dbias if need_bias else None,
    )
    return (*found, *[None] * 5)


def _setup_second(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
    grad, x, weight, a, b, _, seed, *ctx.settings = inputs
    if ctx.needs_input_grad[2]:
        raise ValueError(FROZEN)
    ctx.save_for_backward(grad, x, weight, a, b, seed)


def _backward_second(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
    """By autograd through the reference, where t is once more a function of x and A."""
    grad, x, weight, a, b, seed = ctx.saved_tensors
    scale, dropout_p, starts, sizes, *needs = ctx.settings
    places = {0: grad, 1: x, 3: a, 4: b}
    wanted = [place for place in places if ctx.needs_input_grad[place]]
    higher = torch.is_grad_enabled()
    with torch.enable_grad():
        t = reference.coefficients(x, a, reference.Dropout(seed, dropout_p, scale))
        layer = (grad, x, weight, a, b, t, seed, scale, dropout_p, starts, sizes)
        results = reference.lora_linear_backward(*layer, *needs)
        parts = [(result, g) for result, g in zip(results, grads, strict=True) if result.requires_grad]
        outputs, weights = [part[0] for part in parts], [part[1] for part in parts]
        inputs = [places[place] for place in wanted]
        found = torch.autograd.grad(outputs, inputs, weights, create_graph=higher, allow_unused=True)
    placed = dict(zip(wanted, found, strict=True))
    return tuple(placed.get(place) for place in range(14))


LIBRARY.impl("lora_linear", reference.lora_linear, "CompositeExplicitAutograd")  # type: ignore[no-untyped-call]
LIBRARY.impl("lora_linear_backward", reference.lora_linear_backward, "CompositeExplicitAutograd")  # type: ignore[no-untyped-call]
LIBRARY.impl("lora_keep_mask", keep_mask, "CompositeExplicitAutograd")  # type: ignore[no-untyped-call]
torch.library.register_fake(qualified("lora_linear"), fake, lib=LIBRARY)
torch.library.register_fake(qualified("lora_linear_backward"), fake_backward, lib=LIBRARY)
torch.library.register_fake(qualified("lora_keep_mask"), _fake_mask, lib=LIBRARY)
torch.library.register_autograd(qualified("lora_linear"), _backward, setup_context=_setup, lib=LIBRARY)
torch.library.register_autograd(
    qualified("lora_linear_backward"), _backward_second, setup_context=_setup_second, lib=LIBRARY
)
