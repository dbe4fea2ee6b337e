"""What the functions of MMD accept, checked alike before the compiled kernels and the reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import torch
from torch import Tensor

from autotransfer.errors import InputError

MOST_BANDWIDTHS = 64

Bandwidths: TypeAlias = Sequence[float] | Tensor
"""Of kernels exp(-||u - v||^2 / b): positive, in units of squared distance. b = 2 sigma^2 for a standard deviation."""


def check_samples(who: str, x: Tensor, y: Tensor, least: int) -> None:
    """Raise ``InputError`` unless x (n, d) and y (m, d) fit each other and have ``least`` rows each."""
    for name, sample in (("x", x), ("y", y)):
        if sample.dim() != 2 or not sample.is_floating_point():
            form = f"{tuple(sample.shape)} of {sample.dtype}"
            raise InputError(f"{who}: {name} is {form}; it must be (rows, features) of floating point numbers")
        if sample.shape[0] < least:
            raise InputError(f"{who}: {name} has {sample.shape[0]} rows; it needs {least} or more")
    if x.shape[1] != y.shape[1]:
        raise InputError(f"{who}: x has {x.shape[1]} features and y {y.shape[1]}; they must have the same")
    if x.dtype != y.dtype or x.device != y.device:
        raise InputError(
            f"{who}: x is {x.dtype} on {x.device} and y {y.dtype} on {y.device}; convert one to the other's"
        )


def as_bandwidths(who: str, given: Bandwidths, device: torch.device) -> Tensor:
    """(terms,) in ``float64`` on the device; not differentiated. Raises ``InputError``.

    A tensor's values are not looked at, which on an accelerator would wait for everything before.
    """
    if isinstance(given, Tensor):
        widths = given.detach().to(device, torch.float64).reshape(-1)
    else:
        listed = [float(width) for width in given]
        if not all(0 < width < float("inf") for width in listed):
            raise InputError(f"{who}: bandwidths are {listed}; they must be positive numbers")
        widths = torch.tensor(listed, dtype=torch.float64, device=device)
    if not 1 <= widths.shape[0] <= MOST_BANDWIDTHS:
        raise InputError(f"{who}: there are {widths.shape[0]} bandwidths; give 1 to {MOST_BANDWIDTHS}")
    return widths
