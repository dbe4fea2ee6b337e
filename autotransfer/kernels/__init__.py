"""Compiled kernels: custom operators of PyTorch with a reference in Python, so that everything runs without a compiler.

The functions here use the compiled operators where a build for this machine is in the cache, and the reference where
not. ``AUTOTRANSFER_KERNELS`` decides: ``auto`` (default) uses a build that is there and never starts a compiler,
``require`` builds when it must and fails where it cannot, ``off`` always uses the reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autotransfer.kernels.backend import describe, prepare
    from autotransfer.kernels.building import build
    from autotransfer.kernels.lora.attention import adapt_attention
    from autotransfer.kernels.lora.layer import LoraLinear
    from autotransfer.kernels.lora.linear import lora_linear, lora_linear_grouped
    from autotransfer.kernels.mmd.bandwidth import median_bandwidth
    from autotransfer.kernels.mmd.discrepancy import class_mmd2, mmd2
    from autotransfer.kernels.mmd.linear_time import linear_time_mmd2
    from autotransfer.kernels.mmd.permutations import permutation_test
    from autotransfer.kernels.mmd.random_features import random_feature_mmd2

__all__ = [
    "LoraLinear",
    "adapt_attention",
    "build",
    "class_mmd2",
    "describe",
    "linear_time_mmd2",
    "lora_linear",
    "lora_linear_grouped",
    "median_bandwidth",
    "mmd2",
    "permutation_test",
    "prepare",
    "random_feature_mmd2",
]

_HOMES = {
    "LoraLinear": "lora.layer",
    "adapt_attention": "lora.attention",
    "build": "building",
    "class_mmd2": "mmd.discrepancy",
    "describe": "backend",
    "linear_time_mmd2": "mmd.linear_time",
    "lora_linear": "lora.linear",
    "lora_linear_grouped": "lora.linear",
    "median_bandwidth": "mmd.bandwidth",
    "mmd2": "mmd.discrepancy",
    "permutation_test": "mmd.permutations",
    "random_feature_mmd2": "mmd.random_features",
    "prepare": "backend",
}
"""Public name -> module. Imported when first asked for: all of them need torch."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
