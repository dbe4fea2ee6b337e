"""The LoRA layer on GPUs: low-rank parts by kernels of their own, to which PyTorch adds the product with the weight.

The three operators here are what the CUDA library has kernels for, in bfloat16 and up to rank 64; anything else is the
reference's. They write into tensors that are given, and have a reference too, by which the composition is tested.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from autotransfer.kernels.library import LIBRARY, qualified
from autotransfer.kernels.lora import reference
from autotransfer.kernels.lora.checks import (
    Groups,
    check_bias,
    check_dropout,
    check_gradient,
    check_layer,
)

MAX_RANK = 64
"""Of all groups together: more accumulators do not fit into registers."""

_OPS = torch.ops.autotransfer
_registered: set[str] = set()


def shrink(x: Tensor, a: Tensor, seed: Tensor | None, factor: float, dropout_p: float, out: Tensor) -> None:
    """out (rows, rank) = factor · (mask · x) a^T."""
    kept = reference.Dropout(seed, dropout_p, 1.0).keep(x.to(out.dtype))
    out.copy_(factor * (kept @ a.T))


def expand(t: Tensor, b: Tensor, bias: Tensor | None, seed: Tensor | None, dropout_p: float, out: Tensor) -> None:
    """out (rows, columns) = mask · (t b^T) + bias."""
    values = reference.Dropout(seed, dropout_p, 1.0).keep(t @ b.T)
    out.copy_(values if bias is None else values + bias.to(values.dtype))


def outer(x: Tensor, t: Tensor, seed: Tensor | None, dropout_p: float, partial: Tensor, out: Tensor) -> None:
    """out (rank, columns) = t^T (mask · x). ``partial`` (parts, rank, columns): room for sums over some rows."""
    out.copy_(t.T @ reference.Dropout(seed, dropout_p, 1.0).keep(x.to(t.dtype)))


def parts_of(rows: int) -> int:
    """How many partial sums ``outer`` makes; as ``at_lora_parts`` of the CUDA library has it."""
    return 4 * min(max(rows // 256, 1), 4)


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
    """As the reference of that name."""
    if not _serves(x, a):
        return reference.lora_linear(x, weight, a, b, bias, seed, scale, dropout_p, starts, sizes)
    groups = check_layer(x, weight, a, b, starts, sizes)
    check_bias(bias, x, weight)
    check_dropout(dropout_p, seed)
    factor = reference.Dropout(seed, dropout_p, scale).factor
    with torch.autocast(x.device.type, enabled=False):
        t = x.new_empty(x.shape[0], a.shape[0], dtype=torch.float32)
        _OPS.lora_shrink(_rows(x), a.float(), seed if dropout_p else None, factor, dropout_p, t)
        y = x.new_empty(x.shape[0], weight.shape[0])
        _OPS.lora_expand(t, _block_diagonal(b.float(), groups, weight.shape[0]), bias, None, 0.0, y)
        return y.addmm_(x, weight.T), t


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
    """As the reference of that name."""
    if not _serves(x, a):
        arguments = (grad, x, weight, a, b, t, seed, scale, dropout_p, starts, sizes)
        return reference.lora_linear_backward(*arguments, need_input, need_adapter, need_bias)
    groups = check_layer(x, weight, a, b, starts, sizes)
    check_gradient(grad, x, weight, t, a.shape[0])
    check_dropout(dropout_p, seed)
    seed = seed if dropout_p else None
    with torch.autocast(x.device.type, enabled=False):
        rows, wide_b = _rows(grad), _block_diagonal(b.float(), groups, weight.shape[0])
        u = torch.empty_like(t)
        _OPS.lora_shrink(rows, wide_b.T, None, reference.Dropout(seed, dropout_p, scale).factor, 0.0, u)
        dx = x.new_empty(x.shape[0] if need_input else 0, x.shape[1])
        da, db, dbias = a.new_empty(0, a.shape[1]), b.new_empty(0, b.shape[1]), x.new_empty(0)
        if need_input:
            _OPS.lora_expand(u, a.float().T, None, seed, dropout_p, dx)
            dx.addmm_(rows, weight)
        if need_adapter:
            da = _outer(_rows(x), u, seed, dropout_p).to(a.dtype)
            db = _own_blocks(_outer(rows, t, None, 0.0), groups).to(b.dtype)
        if need_bias:
            dbias = grad.sum(0, dtype=torch.float32).to(x.dtype)
        return dx, da, db, dbias


def _serves(x: Tensor, a: Tensor) -> bool:
    return x.dtype == torch.bfloat16 and a.shape[0] <= MAX_RANK


def _rows(matrix: Tensor) -> Tensor:
    """A row's elements are neighbours."""
    return matrix if matrix.stride(1) == 1 else matrix.contiguous()


def _block_diagonal(b: Tensor, groups: Groups, outputs: int) -> Tensor:
    """B of all groups over all outputs (outputs, groups * rank): small, and kernels need to know nothing of groups."""
    if groups.starts == (0,) and groups.sizes[0] == outputs:
        return b
    whole = b.new_zeros(outputs, len(groups.sizes) * groups.rank)
    for g in range(len(groups.sizes)):
        whole[groups.outputs(g), groups.coefficients(g)] = b[groups.rows_of_b(g)]
    return whole


def _own_blocks(transposed: Tensor, groups: Groups) -> Tensor:
    """The inverse, from (groups * rank, outputs)."""
    blocks = [transposed[groups.coefficients(g), groups.outputs(g)] for g in range(len(groups.sizes))]
    return torch.cat(blocks, dim=1).T.contiguous()


def _outer(x: Tensor, t: Tensor, seed: Tensor | None, dropout_p: float) -> Tensor:
    out = t.new_empty(t.shape[1], x.shape[1])
    partial = t.new_empty(parts_of(len(x)), t.shape[1], x.shape[1])
    _OPS.lora_outer(x, t, seed, dropout_p, partial, out)
    return out


def compose_on(device: str) -> bool:
    """Let the layer use these parts on a device whose library has kernels for them; whether it does."""
    key = device.upper()
    if device == "cpu" or not torch._C._dispatch_has_kernel_for_dispatch_key(qualified("lora_shrink"), key):
        return False
    if device not in _registered:
        _registered.add(device)
        LIBRARY.impl("lora_linear", lora_linear, key)  # type: ignore[no-untyped-call]
        LIBRARY.impl("lora_linear_backward", lora_linear_backward, key)  # type: ignore[no-untyped-call]
    return True


for _name, _part in (("lora_shrink", shrink), ("lora_expand", expand), ("lora_outer", outer)):
    LIBRARY.impl(_name, _part, "CompositeExplicitAutograd")  # type: ignore[no-untyped-call]
    torch.library.register_fake(qualified(_name), lambda *_: None, lib=LIBRARY)
