"""The rivals of the LoRA layer compute the same numbers, and bars are decided by what was measured."""

from __future__ import annotations

import pytest
import torch

from benchmarks.kernel_parts import lora
from benchmarks.kernel_parts.lora import ADDMM, BASE, COMPILED, PEFT, Shape
from benchmarks.kernel_parts.lora_forms import forms
from benchmarks.kernel_parts.machine import COPY_SHARE, MATRIX_SHARE

pytestmark = pytest.mark.filterwarnings(
    "ignore:`torch.jit.script_method` is deprecated:DeprecationWarning"
)  # inductor's


def test_all_forms_are_one_layer() -> None:
    """Values and gradients agree with PEFT's formula; the base alone is the layer at B = 0."""
    shape = Shape(9, 8, 7, 3)
    torch.manual_seed(0)
    x, A, B = (torch.randn(size, requires_grad=True) for size in ((9, 8), (3, 8), (7, 3)))
    W, grad = torch.randn(7, 8), torch.randn(9, 7)
    ways = forms(shape)
    assert set(ways) == {PEFT, "ours", COMPILED, ADDMM, BASE}
    expected = ways[PEFT](x, W, A, B)
    gradients = torch.autograd.grad(expected, (x, A, B), grad)
    for name in ("ours", ADDMM):
        y = ways[name](x, W, A, B)
        torch.testing.assert_close(y, expected)
        torch.testing.assert_close(torch.autograd.grad(y, (x, A, B), grad), gradients, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(ways[BASE](x, W, A, B), ways[PEFT](x, W, A, torch.zeros_like(B)))


def test_forms_with_dropout_leave_out_what_has_none() -> None:
    assert ADDMM not in forms(Shape(2, 2, 2, 1, p=0.5))


@pytest.mark.parametrize(("slower", "met"), [(1.3, True), (1.0, False)])
def test_bars_follow_the_ratios(slower: float, met: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the forward with its backward, on one thread."""
    ratios = dict.fromkeys((PEFT, ADDMM, COMPILED, BASE), slower)
    shares = {MATRIX_SHARE: 0.5, COPY_SHARE: 0.1}
    of = {
        "forward": {
            "milliseconds": 1.0,
            "shares": shares,
            "cpu": dict.fromkeys(ratios, 0.0),
            "wall": dict.fromkeys(ratios, 0.0),
        },
        "forward+backward": {"milliseconds": 2.0, "shares": shares, "cpu": ratios, "wall": dict.fromkeys(ratios, 0.0)},
    }
    monkeypatch.setattr(lora, "in_process", lambda module, case, threads: of)
    part = lora.measure("cpu", quick=True)
    assert [bar.met for bar in part.bars if PEFT in bar.name] == [met] * 2
    assert all(bar.value == slower for bar in part.bars)
    assert len(part.rows) == 4
