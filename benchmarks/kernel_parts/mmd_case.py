"""One case of MMD, measured in a process of its own: ``python -m benchmarks.kernel_parts.mmd_case JSON``."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autotransfer import kernels
from benchmarks.kernel_parts import mmd_rivals
from benchmarks.kernel_parts.machine import Work, measured
from benchmarks.kernel_parts.mmd_rivals import Loss
from benchmarks.kernel_parts.timing import in_turns, ratio

_MIB = 2**20


def main(case: dict[str, Any]) -> dict[str, Any]:
    """Times, ratios, error and memory of one size and pass."""
    torch.set_num_threads(case["threads"])
    device, n, d = case["device"], case["n"], case["d"]
    generator = torch.Generator().manual_seed(0)
    x, y = (torch.randn(n, d, generator=generator).to(device) for _ in range(2))
    y = y + 0.1
    # Squared distances of two normal rows are about 2 d.
    bandwidths = [2.0 * d * 2.0**k for k in range(-2, 3)]
    kernels.mmd2(x[:64], y[:64], bandwidths, False)  # loads the library
    if case["way"] == "memory":
        return {"mib": _growth(lambda: _backward(_ours(bandwidths), x, y), device)}
    if case["way"] == "error":
        return {"error": _error(x, y, bandwidths)}
    if case["way"] == "permutations":
        return {"forwards": _permutations(case, x, y, bandwidths)}
    return _compare(case, x, y, bandwidths)


def _ours(bandwidths: list[float]) -> Loss:
    return lambda x, y: kernels.mmd2(x, y, bandwidths, False)


def _compare(case: dict[str, Any], x: Tensor, y: Tensor, bandwidths: list[float]) -> dict[str, Any]:
    ways: dict[str, Loss | None] = {"ours": _ours(bandwidths)}
    for name, write in (("eager", mmd_rivals.with_exponentials), ("squared", mmd_rivals.with_squarings)):
        if name in case["rivals"]:
            ways[name] = write(bandwidths)
        if f"compiled {name}" in case["rivals"]:
            ways[f"compiled {name}"] = torch.compile(write(bandwidths), dynamic=False)
    if "keops" in case["rivals"]:
        ways["keops"] = mmd_rivals.with_keops(bandwidths)
    backward = case["way"] == "forward+backward"
    run: Callable[[Loss, Tensor, Tensor], object] = _backward if backward else _forward
    # A default argument binds each function now.
    calls = {name: (lambda way=way: run(way, x, y)) for name, way in ways.items() if way is not None}
    synchronize = torch.cuda.synchronize if case["device"] == "cuda" else (lambda: None)
    times = in_turns(calls, case["seconds"], synchronize)
    machine = measured(case["device"], x.dtype, synchronize)
    return {
        "milliseconds": {name: 1000 * min(each.wall) for name, each in times.items()},
        "shares": machine.shares(work_of(len(x), x.shape[1], backward=backward), min(times["ours"].wall)),
        "wall": {name: ratio(times, name, "ours", "wall") for name in times if name != "ours"},
        "cpu": {name: ratio(times, name, "ours", "cpu") for name in times if name != "ours"},
        "error": _error(x, y, bandwidths) if case["check"] else float("nan"),
    }


def work_of(n: int, d: int, *, backward: bool) -> Work:
    """Two samples of n float32 rows have 2 n^2 pairs. Each is an inner product; for gradients its slope multiplies the
    row at either end too."""
    pairs = 2.0 * n * n
    return Work(2 * d * pairs * (3 if backward else 1), 2 * 4 * n * d * (2 if backward else 1))


def _error(x: Tensor, y: Tensor, bandwidths: list[float]) -> float:
    """Relative, of the value, against float64."""
    truth = mmd_rivals.exact(x, y, bandwidths)
    return abs(float(kernels.mmd2(x, y, bandwidths, False)) - truth) / truth


def _permutations(case: dict[str, Any], x: Tensor, y: Tensor, bandwidths: list[float]) -> float:
    """Time of a permutation test in forward passes of the same rows."""
    calls: dict[str, Callable[[], object]] = {
        "forward": lambda: kernels.mmd2(x, y, bandwidths, False),
        "test": lambda: kernels.permutation_test(x, y, bandwidths, permutations=case["permutations"], seed=0),
    }
    synchronize = torch.cuda.synchronize if case["device"] == "cuda" else (lambda: None)
    return ratio(in_turns(calls, case.get("seconds", 15.0), synchronize), "test", "forward", "wall")


def _forward(way: Loss, x: Tensor, y: Tensor) -> Tensor:
    with torch.no_grad():
        return way(x, y)


def _backward(way: Loss, x: Tensor, y: Tensor) -> tuple[Tensor, ...]:
    rows = [x.detach().requires_grad_(), y.detach().requires_grad_()]
    return torch.autograd.grad(way(*rows), rows)


def _growth(call: Callable[[], object], device: str) -> float:
    """MiB that a call adds to the peak, its results included."""
    if device == "cuda":
        before = torch.cuda.memory_allocated()
        torch.cuda.reset_peak_memory_stats()
        call()
        return (torch.cuda.max_memory_allocated() - before) / _MIB
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    call()
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(json.loads(sys.argv[1]))) + "\n")
