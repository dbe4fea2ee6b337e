"""Adapters: formulas and first weights."""

from __future__ import annotations

import pytest
import torch
from autotransfer_peft.layers.bottleneck import Behind, BesideConv, BesideMlp, Bottleneck, NarrowConv
from torch import nn
from torch.nn.functional import conv2d, relu


def test_is_two_layers_around_an_activation() -> None:
    adapter, x = Bottleneck(8, 3, nn.GELU()), torch.randn(2, 5, 8)
    inner = torch.nn.functional.gelu(x @ adapter.down.weight.T + adapter.down.bias)
    torch.testing.assert_close(adapter(x), inner @ adapter.up.weight.T + adapter.up.bias)


def test_starts_near_the_identity_or_at_it() -> None:
    """|x'| <= 8 · 0.002 (3 · 0.002 · 8 |x|) for near_zero, nothing for zero."""
    x, base = torch.rand(4, 8), nn.Linear(8, 8)
    near = Bottleneck(8, 3, nn.ReLU()).near_zero()
    assert 0 < float((Behind(base, near)(x) - base(x)).detach().abs().max()) < 1e-3
    none = Bottleneck(8, 3, nn.ReLU()).zero()
    assert torch.equal(BesideMlp(base, none, 0.1)(x), base(x))
    assert float(none.down.weight.detach().abs().max()) > 0


def test_behind_and_beside_add_up() -> None:
    torch.manual_seed(0)
    x, base, adapter = torch.randn(4, 8), nn.Linear(8, 8), Bottleneck(8, 3, nn.ReLU())
    h = base(x)
    torch.testing.assert_close(Behind(base, adapter)(x), h + adapter(h))
    torch.testing.assert_close(BesideMlp(base, adapter, 0.1)(x), h + 0.1 * adapter(x))


@pytest.mark.parametrize(("planes", "squeeze", "narrow"), [(8, 4, 2), (8, 16, 1), (6, 4, 1), (10, 4, 2)])
def test_narrow_convolution_beside_another(planes: int, squeeze: int, narrow: int) -> None:
    """Depth-wise to fewer planes, ReLU, point-wise, a factor a plane; the planes divide those of the input."""
    torch.manual_seed(0)
    base = nn.Conv2d(planes, 5, 3, 2, 1)
    beside, x = NarrowConv(base, squeeze), torch.randn(2, planes, 7, 7)
    both = BesideConv(base, beside)
    assert torch.equal(both(x), base(x))
    assert beside.conv1.weight.shape == (narrow, planes // narrow, 3, 3)
    nn.init.normal_(beside.factor)
    inner = relu(conv2d(x, beside.conv1.weight, None, 2, 1, groups=narrow))
    expected = conv2d(inner, beside.conv2.weight) * beside.factor
    torch.testing.assert_close(both(x), base(x) + expected)
