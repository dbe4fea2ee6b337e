"""Prompts: tokens in front of a transformer's layers."""

from __future__ import annotations

import torch
from autotransfer_peft.layers.prompts import Prompts, add_prompts
from autotransfer_peft.layers.transformers import transformer_layers
from torch import nn

from autotransfer.pretrained.modules.transformer import Layer


def _put(network: nn.Module, count: int, *, deep: bool) -> list[Prompts]:
    add_prompts(network, count, deep=deep)
    return [parts.whole.layer.prompts for parts in transformer_layers(network)]


def test_equal_the_layers_called_by_hand() -> None:
    """Shallow: L2(L1([P; X])) behind P. Deep: L2([P2; L1([P1; X]) behind P1]) behind P2."""
    torch.manual_seed(0)
    x = torch.randn(2, 5, 8)
    for deep in (False, True):
        layers = nn.Sequential(Layer(8, 2), Layer(8, 2))
        plain = [layer.forward for layer in layers]
        made = _put(layers, 3, deep=deep)
        h = torch.cat([made[0].tokens.expand(2, -1, -1), x], dim=1)
        h = plain[0](h)
        if deep:
            h = torch.cat([made[1].tokens.expand(2, -1, -1), h[:, 3:]], dim=1)
        torch.testing.assert_close(layers(x), plain[1](h)[:, 3:])


def test_no_prompts_change_nothing(transformer) -> None:
    network, rows = transformer
    before = network(rows)
    _put(network, 0, deep=True)
    torch.testing.assert_close(network(rows), before)


def test_reach_the_output_and_are_trained(transformer) -> None:
    network, rows = transformer
    before = network(rows)
    made = _put(network, 3, deep=True)
    after = network(rows)
    assert after.shape == before.shape
    assert not torch.allclose(after, before, atol=1e-6)
    after.square().sum().backward()
    assert all(float(prompts.tokens.grad.abs().max()) > 0 for prompts in made)


def test_padding_does_not_matter_with_prompts(transformer) -> None:
    """A short text gives the same alone and beside longer ones, deep and shallow."""
    network, rows = transformer
    if rows.dtype != torch.int64:
        return
    _put(network, 3, deep=False)
    torch.testing.assert_close(network(rows[1:2, :4]), network(rows)[1:2], atol=1e-5, rtol=1e-4)
