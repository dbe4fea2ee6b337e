"""Rates of the device, and the work that is set against them."""

from __future__ import annotations

import pytest
import torch

from benchmarks.kernel_parts import lora_case, machine, mmd_case
from benchmarks.kernel_parts.lora import Shape
from benchmarks.kernel_parts.machine import COPY_SHARE, MATRIX_SHARE, Machine, Work


def test_shares_are_rates_over_rates() -> None:
    """6 operations and 2 bytes in half a second are 12 and 4 a second: of 24 and 40, a half and a tenth."""
    assert Machine(24.0, 40.0).shares(Work(6.0, 2.0), 0.5) == {MATRIX_SHARE: 0.5, COPY_SHARE: 0.1}


def test_the_machine_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Finite positive rates, of small matrices here."""
    monkeypatch.setattr(machine, "_SIDE", {"cpu": 64})
    monkeypatch.setattr(machine, "_BYTES", {"cpu": 1 << 16})
    found = machine.measured("cpu", torch.float32, lambda: None)
    assert 0 < found.flops < float("inf")
    assert 0 < found.moved < float("inf")


def test_the_work_of_mmd_is_that_of_its_pairs() -> None:
    """3 + 3 rows of 5 columns: 18 pairs with halves, 10 operations each; 30 numbers of 4 bytes are read."""
    assert mmd_case.work_of(3, 5, backward=False) == Work(180.0, 120.0)
    assert mmd_case.work_of(3, 5, backward=True) == Work(540.0, 240.0)


def test_the_work_of_lora_is_that_of_its_products() -> None:
    """By PyTorch's own counter of the operations of the same products."""
    from torch.utils.flop_counter import FlopCounterMode

    shape = Shape(6, 5, 4, 2)
    x, A, B = (torch.ones(size, requires_grad=True) for size in ((6, 5), (2, 5), (4, 2)))
    W = torch.ones(4, 5)
    counter = FlopCounterMode(display=False)
    with counter:
        y = x @ W.T + (x @ A.T) @ B.T
    assert lora_case.work_of(shape, backward=False).flops == counter.get_total_flops()
    with counter:
        torch.autograd.grad(x @ W.T + (x @ A.T) @ B.T, (x, A, B), torch.ones_like(y))
    assert lora_case.work_of(shape, backward=True).flops == counter.get_total_flops()
