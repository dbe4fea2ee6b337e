"""One alignment step in a process of its own: ``python -m benchmarks.adapting.step_case JSON``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, TypeAlias

import torch
from autotransfer_adaptation.deep.mmd import BANDWIDTHS, mean_squared_distance, multi_kernel_mmd
from torch import Tensor

from autotransfer.kernels.mmd import reference
from benchmarks.kernel_parts.mmd_rivals import with_exponentials
from benchmarks.kernel_parts.timing import in_turns, ratio

Way: TypeAlias = Callable[[Tensor, Tensor], tuple[Tensor, ...]]


def main(case: dict[str, Any]) -> dict[str, Any]:
    """Milliseconds of ours, and the others' times in parts of it."""
    torch.set_num_threads(case["threads"])
    generator = torch.Generator().manual_seed(0)
    x, y = (torch.randn(case["n"], case["d"], generator=generator).relu_() for _ in range(2))
    y = y + 0.1
    calls = {name: (lambda way=way: way(x, y)) for name, way in ways().items()}  # binds each way now
    times = in_turns(calls, case["seconds"], lambda: None)
    rivals = {f"{name} ×": ratio(times, name, "ours", "wall") for name in times if name != "ours"}
    return {"ours (ms)": 1000 * min(times["ours"].wall), **rivals}


def ways() -> dict[str, Way]:
    """Each gives the gradients for both batches, of unbiased estimates but for ``matrices``, which is biased."""
    return {
        "ours": _differentiated(multi_kernel_mmd),
        "reference": _reference,
        "matrices": _differentiated(_matrices),
    }


def _widths(x: Tensor, y: Tensor) -> list[float]:
    scale = mean_squared_distance(x, y)
    return [factor * scale for factor in BANDWIDTHS]


def _reference(x: Tensor, y: Tensor) -> tuple[Tensor, ...]:
    widths = torch.tensor(_widths(x, y), dtype=torch.float64)
    return reference.gradient(x, y, widths, torch.ones_like(widths), True, None, None)[1:]


def _matrices(x: Tensor, y: Tensor) -> Tensor:
    return with_exponentials(_widths(x, y))(x, y)


def _differentiated(loss: Callable[[Tensor, Tensor], Tensor]) -> Way:
    def call(x: Tensor, y: Tensor) -> tuple[Tensor, ...]:
        rows = [part.detach().requires_grad_() for part in (x, y)]
        return torch.autograd.grad(loss(*rows), rows)

    return call


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(json.loads(sys.argv[1]))) + "\n")
