"""How long the compiled operators of this machine take beside the reference."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch

from autotransfer.kernels.checking import arguments_of, reference_of

_OPS = ("mmd2", "mmd2_gradient", "mmd_permutations", "lora_linear", "lora_linear_backward")
_CALLS = 3


@dataclass(frozen=True)
class Timing:
    """Seconds of processor time (on an accelerator: of the wall) of the fastest call."""

    op: str
    compiled: float
    reference: float


def against_reference(device: str, n: int, d: int) -> list[Timing]:
    """Each operator of MMD on samples of n rows with d features, those of a LoRA layer on n rows of width d."""
    found = []
    for op in _OPS:
        arguments = arguments_of(op, n, d, torch.float32, device)
        both = (getattr(torch.ops.autotransfer, op), reference_of(op))
        found.append(Timing(op, *(_fastest(partial(way, *arguments), device) for way in both)))
    return found


def _fastest(call: Callable[[], object], device: str) -> float:
    """After one call that does not count."""
    clock = time.process_time if device == "cpu" else time.perf_counter
    seconds = []
    for _ in range(1 + _CALLS):
        started = clock()
        call()
        if device == "cuda":
            torch.cuda.synchronize()
        seconds.append(clock() - started)
    return min(seconds[1:])
