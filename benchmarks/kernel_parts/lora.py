"""The LoRA layer against PEFT's eager form, the ``addmm_`` form and ``torch.compile``, forward and backward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.harness import Bar, at_least
from benchmarks.kernel_parts.part import Part, in_process

_MODULE = "benchmarks.kernel_parts.lora_case"
PEFT, ADDMM, COMPILED, BASE = "PEFT eager", "addmm_", "torch.compile", "base alone"
RIVALS = (PEFT, ADDMM, COMPILED, BASE)


@dataclass(frozen=True)
class Shape:
    """One layer. ``p``: of dropout. ``dtype``: as PyTorch spells it."""

    rows: int
    inputs: int
    outputs: int
    rank: int
    p: float = 0.0
    dtype: str = "float32"

    @property
    def title(self) -> str:
        """In the table."""
        words = f"({self.rows}, {self.inputs}, {self.outputs}) r={self.rank}"
        dropout = f" dropout {self.p}" if self.p else ""
        return words + dropout + ("" if self.dtype == "float32" else f" {self.dtype}")


@dataclass(frozen=True)
class _Case:
    shape: Shape
    bars: Mapping[str, float] = field(default_factory=dict)
    """Rival -> how many times our time its forward and backward must take."""


_CPU = (
    _Case(Shape(2048, 1024, 1024, 8), {PEFT: 1.18, ADDMM: 1.0}),
    _Case(Shape(2048, 2048, 2048, 8), {PEFT: 1.08, ADDMM: 1.0}),
    _Case(Shape(2048, 1024, 1024, 16)),
    _Case(Shape(2048, 1024, 1024, 8, p=0.1)),
    _Case(Shape(2048, 1024, 1024, 8, dtype="bfloat16")),
)
_CUDA = (
    _Case(Shape(8192, 4096, 4096, 16, dtype="bfloat16"), {PEFT: 1.25, COMPILED: 1.10, ADDMM: 1.05}),
    _Case(Shape(8192, 4096, 4096, 16, p=0.1, dtype="bfloat16"), {PEFT: 1.35}),
)


def measure(device: str, *, quick: bool) -> Part:
    """All cases on one and two threads, if ``quick`` two on one. ``base alone``, without adapter, is the bound."""
    cases = _CUDA if device != "cpu" else _CPU[:2] if quick else _CPU
    threads = (1,) if quick or device != "cpu" else (1, 2)
    rows: list[dict[str, Any]] = []
    bars: list[Bar] = []
    for case in cases:
        for count in threads:
            request = {"device": device, "shape": asdict(case.shape), "seconds": 5.0 if quick else 15.0}
            found = in_process(_MODULE, request, count)
            rows += [_row(case, count, way, found[way]) for way in found]
            if count == 1:
                bars += _bars(case, device, found["forward+backward"])
    return Part(rows, bars)


def _row(case: _Case, threads: int, way: str, found: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "case": f"lora {case.shape.title} {way}",
        "threads": threads,
        "ours (ms)": found["milliseconds"],
    }
    for clock in ("cpu", "wall"):
        row |= {f"{rival} × ({clock})": found[clock].get(rival) for rival in RIVALS}
    row |= found["shares"]
    return row


def _bars(case: _Case, device: str, found: Mapping[str, Any]) -> Sequence[Bar]:
    """On the CPU by the processor's time on one thread, which other processes disturb less."""
    ratios, where = (found["cpu"], "1 thread") if device == "cpu" else (found["wall"], device)
    return [
        at_least(f"lora: {rival} in parts of ours, {case.shape.title}, {where}", ratios.get(rival), limit)
        for rival, limit in case.bars.items()
    ]
