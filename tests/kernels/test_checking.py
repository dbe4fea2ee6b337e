"""The comparison that ``autotransfer kernels check`` makes."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from autotransfer.kernels import checking
from autotransfer.kernels.checking import check

OPS = ("mmd2", "mmd2_gradient", "mmd_permutations", "lora_keep_mask", "lora_linear", "lora_linear_backward")
pytestmark = pytest.mark.usefixtures("compiled")


def test_the_kernels_agree(device: str) -> None:
    """Every operator in both types."""
    found = check(device)
    assert {(one.op, one.dtype) for one in found} == {(op, dtype) for op in OPS for dtype in ("float32", "float64")}
    assert all(one.agrees for one in found)


def test_a_wrong_kernel_is_found(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is off by a thousandth, and one that gives NaN."""
    right = checking.reference_of("mmd2")
    monkeypatch.setitem(checking._REFERENCES, "mmd2", lambda *arguments: right(*arguments) * 1.001)
    wrong = [one for one in check(device) if not one.agrees]
    assert {one.op for one in wrong} == {"mmd2"}
    assert not replace(wrong[0], difference=float("nan")).agrees
    assert torch.is_tensor(right(*checking.arguments_of("mmd2", 5, 2, torch.float32, device)))
