"""The alignment part of a DAN step: the compiled operator beside its reference and the form with all pairs at once."""

from __future__ import annotations

from typing import Any

from benchmarks.harness import Bar, at_least
from benchmarks.kernel_parts.part import in_process

ROWS, COLUMNS = 512, 256
SECONDS, QUICK_SECONDS = 10.0, 3.0
LIMIT = 2.0


def step(quick: bool) -> tuple[list[Bar], list[dict[str, Any]]]:
    """Value and gradients of the multi-kernel MMD of two batches, on one thread and on two, by the wall clock."""
    case = {"n": ROWS, "d": COLUMNS, "seconds": QUICK_SECONDS if quick else SECONDS}
    bars, rows = [], []
    for threads in (1, 2):
        found = in_process("benchmarks.adapting.step_case", case, threads)
        suffix = f"{threads} thread{'s' * (threads > 1)}"
        bars.append(at_least(f"step: the reference's time in parts of ours, {suffix}", found["reference ×"], LIMIT))
        rows.append({"table": f"alignment of {ROWS} + {ROWS} rows of {COLUMNS} columns", "threads": threads, **found})
    return bars, rows
