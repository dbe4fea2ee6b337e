"""The benchmark of the kernels: rivals that compute the same, ratios, and a device that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from autotransfer.kernels import mmd2
from benchmarks import kernels
from benchmarks.harness import Arguments
from benchmarks.kernel_parts import mmd, mmd_case, mmd_rivals
from benchmarks.kernel_parts.machine import COPY_SHARE, MATRIX_SHARE
from benchmarks.kernel_parts.timing import Times, in_turns, ratio

WIDTHS = [8.0, 4.0, 2.0]


def test_all_ways_compute_the_same() -> None:
    """So that the times are of one thing."""
    torch.manual_seed(0)
    x, y = torch.randn(60, 4, dtype=torch.float64), torch.randn(50, 4, dtype=torch.float64) + 0.2
    expected = mmd2(x, y, WIDTHS, False).item()
    for write in (mmd_rivals.with_exponentials, mmd_rivals.with_squarings):
        assert write(WIDTHS)(x, y).item() == pytest.approx(expected, rel=1e-10)
    assert mmd_rivals.exact(x, y, WIDTHS) == pytest.approx(expected, rel=1e-10)


def test_ratios_are_paired() -> None:
    """The median of the rounds' ratios, not the ratio of medians."""
    times = {"ours": Times((1.0, 2.0, 4.0), (1.0, 1.0, 1.0)), "rival": Times((3.0, 8.0, 8.0), (2.0, 3.0, 9.0))}
    assert ratio(times, "rival", "ours", "wall") == 3.0
    assert ratio(times, "rival", "ours", "cpu") == 3.0


def test_turns() -> None:
    """Three rounds at least, each function in each."""
    calls = {"a": 0, "b": 0}

    def call(name: str) -> None:
        calls[name] += 1

    times = in_turns({name: (lambda name=name: call(name)) for name in calls}, 0.0, lambda: None)
    assert all(len(times[name].wall) == len(times[name].cpu) == 3 for name in calls)
    assert min(calls.values()) >= 3


def test_a_case_says_everything() -> None:
    """Ratios for each rival, the error, and MiB in the case of memory."""
    case = {"device": "cpu", "n": 70, "d": 4, "way": "forward+backward", "rivals": ["eager", "squared"]}
    found = mmd_case.main({**case, "seconds": 0.0, "check": True, "threads": torch.get_num_threads()})
    assert set(found["cpu"]) == set(found["wall"]) == {"eager", "squared"}
    assert found["error"] < 1e-5
    assert all(found["shares"][column] > 0 for column in (MATRIX_SHARE, COPY_SHARE))
    memory = {"device": "cpu", "n": 70, "d": 4, "way": "memory", "threads": torch.get_num_threads()}
    assert mmd_case.main(memory)["mib"] >= 0
    assert mmd_case.main({**memory, "way": "error"})["error"] < 1e-5
    permuted = {**memory, "way": "permutations", "permutations": 20, "seconds": 0.0}
    assert mmd_case.main(permuted)["forwards"] > 0


def test_rows_and_bars_come_from_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar against torch.compile is the faster of its two forms'; on one thread by processor time."""
    forms = {"compiled eager": 5.0, "compiled squared": 4.0, "eager": 9.0}
    shown = {"milliseconds": {"ours": 1.0}, "shares": {MATRIX_SHARE: 0.5}}
    found = shown | {"cpu": forms, "wall": dict.fromkeys(forms, 1.0), "error": 1e-7, "mib": 50.0}
    monkeypatch.setattr(mmd, "in_process", lambda module, case, threads: found)
    part = mmd.measure("cpu", quick=True)
    assert len(part.rows) == 4
    assert {bar.value for bar in part.bars} == {4.0, 1e-7, 50.0}
    assert all(bar.met for bar in part.bars)


def test_a_gpu_is_asked_for_what_its_bars_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """65,536 rows without rivals, which would run out of memory, and the permutation test in forward passes."""
    asked: list[dict[str, object]] = []

    def answer(module: str, case: dict[str, object], threads: int) -> dict[str, object]:
        asked.append(case)
        ratios = dict.fromkeys(case.get("rivals", ()), 20.0)
        shown = {"milliseconds": {"ours": 1.0}, "shares": {MATRIX_SHARE: 0.5}}
        return shown | {"cpu": {}, "wall": ratios, "error": float("nan"), "forwards": 2.5}

    monkeypatch.setattr(mmd, "in_process", answer)
    part = mmd.measure("cuda", quick=False)
    assert {"n": 65536, "rivals": ()}.items() <= next(case for case in asked if case["n"] == 65536).items()
    assert {"permutations", "error"} <= {case["way"] for case in asked}
    assert [bar.value for bar in part.bars if "permutation" in bar.name] == [2.5]


def test_without_the_device_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One bar, without a value, not met."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    (bar,) = kernels.run(Arguments(Path(), device="cuda")).bars
    assert bar.value is None
    assert not bar.met
