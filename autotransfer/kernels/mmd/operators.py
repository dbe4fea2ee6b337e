"""The operators of MMD: which reference, which fake result and which gradient belong to each schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autotransfer.kernels.library import LIBRARY, qualified
from autotransfer.kernels.mmd import reference
from autotransfer.kernels.mmd.reference import value_type

Optional = Tensor | None


def _below_autocast(function: Any) -> Any:
    """Under autocast the reference, too, computes in the precision of its inputs."""

    def call(first: Tensor, *rest: Any) -> Any:
        with torch.autocast(first.device.type, enabled=False):
            return function(first, *rest)

    return call


def _fake_values(x: Tensor, y: Tensor, bandwidths: Tensor, unbiased: bool, xw: Optional, yw: Optional) -> Tensor:
    return x.new_empty(bandwidths.shape, dtype=value_type(x))


def _fake_gradient(  # noqa: PLR0913, PLR0917 - the operator's arguments
    x: Tensor, y: Tensor, bandwidths: Tensor, coefficients: Tensor, unbiased: bool, xw: Optional, yw: Optional
) -> tuple[Tensor, Tensor, Tensor]:
    return x.new_empty((), dtype=value_type(x)), x.new_empty(x.shape), y.new_empty(y.shape)


def _fake_curvature(x: Tensor, y: Tensor, bandwidths: Tensor, coefficients: Tensor, *rest: Any) -> Any:
    return x.new_empty(x.shape), y.new_empty(y.shape), coefficients.new_empty(coefficients.shape)


def _fake_splits(z: Tensor, members: Tensor, bandwidths: Tensor) -> Tensor:
    return z.new_empty((3, members.shape[1]), dtype=torch.float64)


def _keep_inputs(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
    x, y, bandwidths, ctx.unbiased, x_weights, y_weights = inputs
    ctx.save_for_backward(x, y, bandwidths, x_weights, y_weights)


def _values_backward(ctx: Any, grad: Tensor) -> tuple[Any, ...]:
    """The values' weights in the loss are the coefficients of the gradient's operator."""
    x, y, bandwidths, x_weights, y_weights = ctx.saved_tensors
    _, grad_x, grad_y = torch.ops.autotransfer.mmd2_gradient(x, y, bandwidths, grad, ctx.unbiased, x_weights, y_weights)
    needs = ctx.needs_input_grad
    return grad_x if needs[0] else None, grad_y if needs[1] else None, None, None, None, None


def _keep_gradient(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, Tensor, Tensor]) -> None:
    x, y, bandwidths, coefficients, ctx.unbiased, x_weights, y_weights = inputs
    ctx.set_materialize_grads(False)
    ctx.save_for_backward(x, y, bandwidths, coefficients, x_weights, y_weights, output[1], output[2])


def _gradient_backward(ctx: Any, grad_total: Optional, grad_of_x: Optional, grad_of_y: Optional) -> tuple[Any, ...]:
    """The first result's gradients are the other two results. Those of the others are second derivatives."""
    x, y, bandwidths, coefficients, x_weights, y_weights, found_x, found_y = ctx.saved_tensors
    grads: list[Optional] = [None, None, None]
    if grad_total is not None:
        grads = [(grad_total * found_x).to(x.dtype), (grad_total * found_y).to(y.dtype), None]
        if ctx.needs_input_grad[3]:
            found = torch.ops.autotransfer.mmd2(x, y, bandwidths, ctx.unbiased, x_weights, y_weights)
            grads[2] = (grad_total * found).to(coefficients.dtype)
    if grad_of_x is not None or grad_of_y is not None:
        second = torch.ops.autotransfer.mmd2_curvature(
            *(x, y, bandwidths, coefficients, ctx.unbiased, x_weights, y_weights),
            torch.zeros_like(x) if grad_of_x is None else grad_of_x,
            torch.zeros_like(y) if grad_of_y is None else grad_of_y,
        )
        grads = [b if a is None else a + b for a, b in zip(grads, second, strict=True)]
    needs = ctx.needs_input_grad
    kept = [grad if need else None for grad, need in zip(grads, (needs[0], needs[1], needs[3]), strict=True)]
    return kept[0], kept[1], None, kept[2], None, None, None


def _keep_nothing(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
    """There is nothing to differentiate with."""


def _third_order(ctx: Any, *grads: Tensor) -> tuple[Any, ...]:
    raise NotImplementedError("mmd2 has first and second derivatives only: use the second without create_graph=True")


_OPERATORS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "mmd2": (reference.values, _fake_values),
    "mmd2_gradient": (reference.gradient, _fake_gradient),
    "mmd2_curvature": (reference.curvature, _fake_curvature),
    "mmd_permutations": (reference.splits, _fake_splits),
}

for _name, (_function, _fake) in _OPERATORS.items():
    LIBRARY.impl(_name, _below_autocast(_function), "CompositeExplicitAutograd")  # type: ignore[no-untyped-call]
    torch.library.register_fake(qualified(_name), _fake, lib=LIBRARY)

for _name, _backward, _keep in (
    ("mmd2", _values_backward, _keep_inputs),
    ("mmd2_gradient", _gradient_backward, _keep_gradient),
    ("mmd2_curvature", _third_order, _keep_nothing),
):
    torch.library.register_autograd(qualified(_name), _backward, setup_context=_keep, lib=LIBRARY)
