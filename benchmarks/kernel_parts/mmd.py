"""MMD against PyTorch, ``torch.compile`` and KeOps: time, memory, error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.harness import Bar, at_least, at_most, below
from benchmarks.kernel_parts.part import Part, in_process

_MODULE = "benchmarks.kernel_parts.mmd_case"
_COMPILED = ("compiled eager", "compiled squared")
_ALL = ("eager", "squared", *_COMPILED)
_FORWARD, _BOTH = "forward", "forward+backward"


@dataclass(frozen=True)
class _Case:
    n: int
    d: int
    way: str
    rivals: tuple[str, ...]
    bars: Mapping[str, float]
    """Rival -> how many times our time it must take: ``eager`` or ``compile``, the faster of its two forms."""

    @property
    def title(self) -> str:
        return f"n={self.n} d={self.d} {self.way}"


_CPU = (
    _Case(2000, 64, _FORWARD, (*_ALL, "keops"), {"compile": 3.2}),
    _Case(2000, 64, _BOTH, (*_ALL, "keops"), {"compile": 3.2}),
    _Case(2000, 512, _FORWARD, _ALL, {"compile": 1.7}),
    _Case(2000, 512, _BOTH, _ALL, {"compile": 1.75}),
    _Case(8000, 64, _FORWARD, _ALL, {"compile": 3.2}),
    _Case(8000, 64, _BOTH, _COMPILED, {"compile": 3.2}),
)
_CUDA = (
    _Case(16384, 64, _FORWARD, _ALL, {"eager": 15, "compile": 3}),
    _Case(16384, 512, _FORWARD, _ALL, {"eager": 4, "compile": 2}),
    _Case(16384, 2048, _FORWARD, _ALL, {"eager": 2.5, "compile": 1.8}),
    _Case(16384, 512, _BOTH, _ALL, {}),
    _Case(65536, 64, _FORWARD, (), {}),
)
_PERMUTED = {"n": 16384, "d": 512, "permutations": 500}
_FORWARDS = 3
"""A permutation test may take this many times one forward pass of the same rows."""
MEMORY_N, MEMORY_LIMIT, ERROR_LIMIT = 20_000, 64, 1e-6


def measure(device: str, *, quick: bool) -> Part:
    """All cases on one and two threads; with ``quick`` those of 2,000 rows on one."""
    cases = [case for case in (_CPU if device == "cpu" else _CUDA) if not quick or case.n <= 2000 or device != "cpu"]
    threads = (1,) if quick or device != "cpu" else (1, 2)
    rows: list[dict[str, Any]] = []
    bars: list[Bar] = []
    for case in cases:
        for count in threads:
            found = in_process(_MODULE, _request(case, device, quick=quick), count)
            rows.append(_row(case, count, found))
            bars += _bars(case, count, device, found)
    error = in_process(_MODULE, {"device": device, "n": 2000, "d": 64, "way": "error"}, 1)["error"]
    bars.append(below("mmd: relative error, n=2000 d=64", error, ERROR_LIMIT))
    if device == "cuda":
        forwards = in_process(_MODULE, {"device": device, "way": "permutations", **_PERMUTED}, 1)["forwards"]
        bars.append(at_most("mmd: permutation test in forward passes, n=16384 d=512 B=500", forwards, _FORWARDS))
    if device == "cpu":
        request = {"device": device, "n": MEMORY_N, "d": 64, "way": "memory"}
        peak = in_process(_MODULE, request, threads[-1])["mib"]
        bars.append(below(f"mmd: extra memory at n={MEMORY_N}, {_BOTH} (MiB)", peak, MEMORY_LIMIT))
    return Part(rows, bars)


def _request(case: _Case, device: str, *, quick: bool) -> dict[str, Any]:
    seconds = 5.0 if quick else 15.0
    request = {"device": device, "n": case.n, "d": case.d, "way": case.way, "rivals": case.rivals}
    return {**request, "seconds": seconds, "check": case.n <= 2000}


def _clock(threads: int, device: str) -> str:
    """Processor time on one thread, which other processes disturb less; the wall's on more, where waiting counts."""
    return "cpu" if threads == 1 and device == "cpu" else "wall"


def _row(case: _Case, threads: int, found: dict[str, Any]) -> dict[str, Any]:
    times = found["milliseconds"]
    row: dict[str, Any] = {"case": f"mmd {case.title}", "threads": threads, "ours (ms)": times["ours"]}
    for name in ("eager", "squared", *_COMPILED, "keops"):
        for clock in ("cpu", "wall"):
            row[f"{name} × ({clock})"] = found[clock].get(name)
    row |= found["shares"]
    row["relative error"] = found["error"] if found["error"] == found["error"] else None
    return row


def _bars(case: _Case, threads: int, device: str, found: dict[str, Any]) -> Sequence[Bar]:
    ratios = found[_clock(threads, device)]
    of = {
        "eager": ratios.get("eager"),
        "compile": min((ratios[name] for name in _COMPILED if name in ratios), default=None),
    }
    suffix = f"{threads} thread{'s' * (threads > 1)}" if device == "cpu" else device
    return [
        at_least(f"mmd: {rival} in parts of ours, {case.title}, {suffix}", of[rival], limit)
        for rival, limit in case.bars.items()
    ]
