"""(IA)³: factors of inputs and outputs, and merging."""

from __future__ import annotations

import pytest
import torch
from autotransfer_peft.layers.scaled import ScaledLinear
from torch import nn


def _trained(*, of_input: bool, bias: bool = True) -> ScaledLinear:
    torch.manual_seed(0)
    layer = ScaledLinear(nn.Linear(6, 6, bias), 2, 3, of_input=of_input)
    nn.init.normal_(layer.factor)
    return layer


def test_starts_as_the_plain_layer() -> None:
    base, x = nn.Linear(6, 4), torch.randn(3, 6)
    assert torch.equal(ScaledLinear(base, 0, 6, of_input=True)(x), base(x))


@pytest.mark.parametrize("of_input", [False, True])
def test_scales_its_columns_alone(of_input: bool) -> None:
    """Columns 2 to 4 by the factors, others by 1."""
    layer, x = _trained(of_input=of_input), torch.randn(3, 6)
    factors = torch.ones(6)
    factors[2:5] = layer.factor.detach()
    expected = layer.base(x * factors) if of_input else layer.base(x) * factors
    torch.testing.assert_close(layer(x), expected)


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("of_input", [False, True])
def test_merged_is_equal(of_input: bool, bias: bool) -> None:
    layer, x = _trained(of_input=of_input, bias=bias), torch.randn(3, 6)
    torch.testing.assert_close(layer.merged()(x), layer(x))


def test_the_factors_alone_are_trained() -> None:
    layer = _trained(of_input=True)
    assert [name for name, value in layer.named_parameters() if value.requires_grad] == ["factor"]
