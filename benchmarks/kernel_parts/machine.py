"""What the device reaches with PyTorch's own copies and matrix products, and the share of it that a kernel reaches."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

MATRIX_SHARE, COPY_SHARE = "share of matrix rate", "share of copy bandwidth"
"""Columns of the table."""
_SIDE = {"cpu": 2048, "cuda": 8192}
_BYTES = {"cpu": 1 << 27, "cuda": 1 << 30}
_ROUNDS = 5


@dataclass(frozen=True)
class Work:
    """What cannot be saved. :param flops: multiplications and additions in inner products, each counted, every pair of
    rows once. :param moved: bytes of inputs and results, each read or written once."""

    flops: float
    moved: float


@dataclass(frozen=True)
class Machine:
    """:param flops: a second, in a large matrix product of the type. :param moved: bytes a second, read and written, in
    a large copy."""

    flops: float
    moved: float

    def shares(self, work: Work, seconds: float) -> dict[str, float]:
        """Of each rate, for work done in so many seconds."""
        return {
            MATRIX_SHARE: work.flops / seconds / self.flops,
            COPY_SHARE: work.moved / seconds / self.moved,
        }


def measured(device: str, dtype: torch.dtype, synchronize: Callable[[], None]) -> Machine:
    """The best of some rounds, on the threads that are set."""
    side, size = _SIDE[device], _BYTES[device]
    matrix, product = (torch.ones(side, side, device=device, dtype=dtype) for _ in range(2))
    source, target = (torch.ones(size, device=device, dtype=torch.uint8) for _ in range(2))
    of_products = _best(lambda: torch.mm(matrix, matrix, out=product), synchronize)
    of_copies = _best(lambda: target.copy_(source), synchronize)
    return Machine(2.0 * side**3 / of_products, 2.0 * size / of_copies)


def _best(function: Callable[[], object], synchronize: Callable[[], None]) -> float:
    function()
    seconds = []
    for _ in range(_ROUNDS):
        synchronize()
        started = time.perf_counter()
        function()
        synchronize()
        seconds.append(time.perf_counter() - started)
    return min(seconds)
