"""The compiled kernels against PyTorch as it is usually written, ``torch.compile`` and other libraries."""

from __future__ import annotations

from typing import Protocol

from benchmarks.harness import Arguments, Bar, Result
from benchmarks.kernel_parts import lora, mmd
from benchmarks.kernel_parts.part import Part


class _Measure(Protocol):
    def __call__(self, device: str, *, quick: bool) -> Part: ...


PARTS: tuple[_Measure, ...] = (mmd.measure, lora.measure)


def run(args: Arguments) -> Result:
    """Every part on ``--device``. Ratios above 1: the rival takes longer. ``--quick``: small sizes, one thread.

    Where there is no such device nothing is measured, and the one bar says so.
    """
    if args.device != "cpu" and not _has_cuda():
        return Result("kernels", [Bar(f"kernels on {args.device}: no such device here", None, "measured", met=False)])
    parts = [measure(args.device, quick=args.quick) for measure in PARTS]
    bars = [bar for part in parts for bar in part.bars]
    return Result(f"kernels on {args.device}", bars, [row for part in parts for row in part.rows])


def _has_cuda() -> bool:
    import torch

    return torch.cuda.is_available()
