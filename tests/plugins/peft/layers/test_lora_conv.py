"""LoRA around a convolution: its formula, and merging."""

from __future__ import annotations

import pytest
import torch
from autotransfer_peft.layers.lora_conv import LoraConv2d
from torch import nn
from torch.nn.functional import conv2d


def _trained(drop: float = 0.0) -> LoraConv2d:
    torch.manual_seed(0)
    layer = LoraConv2d(nn.Conv2d(4, 6, 3, 2, 1), 2, 0.5, drop)
    nn.init.normal_(layer.lora_B)
    return layer


def test_starts_as_the_plain_layer() -> None:
    """B = 0."""
    x, base = torch.randn(2, 4, 9, 9), nn.Conv2d(4, 6, 3, 2, 1)
    torch.testing.assert_close(LoraConv2d(base, 2, 0.5)(x), base(x))


def test_equals_the_published_formula() -> None:
    """loralib's Conv2d: W + scale (B A) read as (out, in, k, k), B (6 · 3, 2 · 3), A (2 · 3, 4 · 3)."""
    layer, x = _trained(), torch.randn(2, 4, 9, 9)
    assert layer.lora_A.shape == (6, 12)
    assert layer.lora_B.shape == (18, 6)
    weight = layer.base.weight + 0.5 * torch.einsum("or,ri->oi", layer.lora_B, layer.lora_A).reshape(6, 4, 3, 3)
    torch.testing.assert_close(layer(x), conv2d(x, weight, layer.base.bias, 2, 1))


def test_merged_is_equal_and_a_copy() -> None:
    layer, x = _trained(), torch.randn(2, 4, 9, 9)
    before, plain = layer(x), layer.merged()
    torch.testing.assert_close(plain(x), before)
    nn.init.zeros_(plain.weight)
    assert torch.equal(layer(x), before)


def test_dropout_is_of_the_branch_and_of_training() -> None:
    """base(x) + update * dropout(x), the mask drawn from torch's generator; none for predictions."""
    layer, x = _trained(0.5), torch.randn(1, 4, 5, 5)
    torch.manual_seed(1)
    found = layer.train()(x)
    torch.manual_seed(1)
    dropped = torch.nn.functional.dropout(x, 0.5)
    torch.testing.assert_close(found, layer.base(x) + conv2d(dropped, layer.update(), None, 2, 1))
    torch.testing.assert_close(layer.eval()(x), conv2d(x, layer.base.weight + layer.update(), layer.base.bias, 2, 1))


def test_the_factors_alone_are_trained() -> None:
    layer = _trained()
    assert {name for name, value in layer.named_parameters() if value.requires_grad} == {"lora_A", "lora_B"}


@pytest.mark.parametrize("base", [nn.Conv2d(4, 4, 3, groups=2), nn.Conv2d(4, 4, (3, 1))], ids=["groups", "oblong"])
def test_other_convolutions_are_refused(base: nn.Conv2d) -> None:
    with pytest.raises(ValueError, match="square"):
        LoraConv2d(base, 1, 1.0)
