"""The operators' schemas. They stand in Python, so that every operator exists before, and without, any compiled code.

The modules named in ``OP_MODULES`` give the operators their reference, fake and autograd formula; a compiled library
adds kernels for the keys CPU and CUDA, which take precedence over the reference.
"""

from __future__ import annotations

import torch

NAMESPACE = "autotransfer"

LIBRARY = torch.library.Library(NAMESPACE, "DEF")  # type: ignore[no-untyped-call]

_SAMPLES = "Tensor x, Tensor y, Tensor bandwidths"
_TILES = "Tensor z, Tensor norms, Tensor rates, Tensor steps"
_WEIGHTS = "bool unbiased, Tensor? x_weights, Tensor? y_weights"

_LAYER = "Tensor x, Tensor weight, Tensor a, Tensor b"
_LOW_RANK = "Tensor? seed, float scale, float dropout_p, int[] starts, int[] sizes"
_NEEDS = "bool need_input, bool need_adapter, bool need_bias"

SCHEMAS = {
    "lora_keep_mask": "(Tensor seed, int rows, int columns, float dropout_p) -> Tensor",
    "lora_linear": f"({_LAYER}, Tensor? bias, {_LOW_RANK}) -> (Tensor, Tensor)",
    "lora_linear_backward": (
        f"(Tensor grad, {_LAYER}, Tensor t, {_LOW_RANK}, {_NEEDS}) -> (Tensor, Tensor, Tensor, Tensor)"
    ),
    "lora_shrink": "(Tensor x, Tensor a, Tensor? seed, float factor, float dropout_p, Tensor(a!) out) -> ()",
    "lora_expand": "(Tensor t, Tensor b, Tensor? bias, Tensor? seed, float dropout_p, Tensor(a!) out) -> ()",
    "lora_outer": "(Tensor x, Tensor t, Tensor? seed, float dropout_p, Tensor(a!) partial, Tensor(b!) out) -> ()",
    "mmd2": f"({_SAMPLES}, {_WEIGHTS}) -> Tensor",
    "mmd2_gradient": f"({_SAMPLES}, Tensor coefficients, {_WEIGHTS}) -> (Tensor, Tensor, Tensor)",
    "mmd2_curvature": (
        f"({_SAMPLES}, Tensor coefficients, {_WEIGHTS}, Tensor along_x, Tensor along_y) -> (Tensor, Tensor, Tensor)"
    ),
    "mmd_permutations": "(Tensor z, Tensor members, Tensor bandwidths) -> Tensor",
    "mmd_tile_sums": f"({_TILES}, int n, Tensor(a!) partial) -> ()",
    "mmd_tile_mixed": f"({_TILES}, Tensor coefficients, int first, Tensor(a!) out) -> ()",
}
"""Operator -> its arguments and results."""

OP_MODULES = (
    "autotransfer.kernels.mmd.operators",
    "autotransfer.kernels.mmd.tiles",
    "autotransfer.kernels.lora.operators",
    "autotransfer.kernels.lora.tails",
)
"""Where they get their reference."""

for _name, _signature in SCHEMAS.items():
    LIBRARY.define(f"{_name}{_signature}")  # type: ignore[no-untyped-call]


def qualified(name: str) -> str:
    """``mmd2`` -> ``autotransfer::mmd2``. Raises ``KeyError`` for what is no operator of this library."""
    if name not in SCHEMAS:
        raise KeyError(f"{NAMESPACE} has no operator {name!r}: it has {', '.join(SCHEMAS)}")
    return f"{NAMESPACE}::{name}"
