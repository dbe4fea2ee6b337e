"""One LoRA layer, measured in a process of its own: ``python -m benchmarks.kernel_parts.lora_case JSON``."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable
from typing import Any

import torch

from benchmarks.kernel_parts.lora import Shape
from benchmarks.kernel_parts.lora_forms import Form, forms
from benchmarks.kernel_parts.machine import Work, measured
from benchmarks.kernel_parts.timing import in_turns, ratio


def main(case: dict[str, Any]) -> dict[str, Any]:
    """Milliseconds of ours, and the time of the other forms in parts of it, of the forward and of both passes."""
    torch.set_num_threads(case["threads"])
    shape, device = Shape(**case["shape"]), case["device"]
    synchronize = torch.cuda.synchronize if device == "cuda" else (lambda: None)
    machine = measured(device, getattr(torch, shape.dtype), synchronize)
    found = {}
    for way in ("forward", "forward+backward"):
        runs = {name: _pass(form, shape, device, backward=way != "forward") for name, form in forms(shape).items()}
        times = in_turns(runs, case["seconds"], synchronize)
        own = times["ours"].cpu if device == "cpu" and case["threads"] == 1 else times["ours"].wall
        work = work_of(shape, backward=way != "forward")
        found[way] = {
            "milliseconds": 1000 * statistics.median(own),
            "shares": machine.shares(work, statistics.median(own)),
            "cpu": {name: ratio(times, name, "ours", "cpu") for name in times if name != "ours"},
            "wall": {name: ratio(times, name, "ours", "wall") for name in times if name != "ours"},
        }
    return found


def work_of(shape: Shape, *, backward: bool) -> Work:
    """Products with the weight and with the adapter. The backward has one with the weight, which is frozen, and two
    with each factor of the adapter; it reads the result's gradient, x and the weight, and writes x's gradient."""
    wide = 2.0 * shape.rows * shape.inputs * shape.outputs
    narrow = 2.0 * shape.rows * shape.rank * (shape.inputs + shape.outputs)
    size = torch.finfo(getattr(torch, shape.dtype)).bits // 8
    edge, weight = shape.rows * (shape.inputs + shape.outputs), shape.inputs * shape.outputs
    forward = Work(wide + narrow, size * (edge + weight))
    if not backward:
        return forward
    return Work(2 * wide + 3 * narrow, forward.moved + size * (edge + shape.rows * shape.inputs + weight))


def _pass(form: Form, shape: Shape, device: str, *, backward: bool) -> Callable[[], object]:
    """Over fixed random numbers; x wants its gradient, as in any layer but the first."""
    generator = torch.Generator().manual_seed(0)
    dtype = getattr(torch, shape.dtype)

    def draw(*size: int) -> torch.Tensor:
        return torch.randn(*size, generator=generator).to(device, dtype)

    x, A, B = (
        draw(*size).requires_grad_(backward)
        for size in ((shape.rows, shape.inputs), (shape.rank, shape.inputs), (shape.outputs, shape.rank))
    )
    W, grad = draw(shape.outputs, shape.inputs), draw(shape.rows, shape.outputs)
    if not backward:
        return lambda: form(x, W, A, B)
    return lambda: torch.autograd.grad(form(x, W, A, B), (x, A, B), grad, allow_unused=True)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(json.loads(sys.argv[1]))) + "\n")
