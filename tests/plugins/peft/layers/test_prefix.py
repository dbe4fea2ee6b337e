"""Prefixes: attention to learned keys and values, in three libraries."""

from __future__ import annotations

import copy

import torch
from autotransfer_peft.layers.prefix import Prefix, PrefixedAttention, Table, heads_of, key_width, prefixed
from autotransfer_peft.layers.transformers import transformer_layers
from torch import nn

from autotransfer.pretrained.modules.transformer import Attention


def _put(network: nn.Module, length: int = 3) -> list[Prefix]:
    layers = transformer_layers(network)
    made = [Prefix(length, key_width(parts), heads_of(parts)) for parts in layers]
    for parts, prefix in zip(layers, made, strict=True):
        prefixed(parts, prefix)
    return made


def test_equals_attention_by_hand() -> None:
    """softmax(q [K'; K]^T / sqrt(d)) [V'; V], head by head, places without a look left out."""
    torch.manual_seed(0)
    base, prefix = Attention(8, 2), Prefix(3, 8, 2)
    x = torch.randn(2, 5, 8)
    mask = torch.tensor([[True] * 5, [True, True, False, True, False]])
    found = PrefixedAttention(base, prefix)(x, mask)
    q, k, v = base.qkv(x).chunk(3, dim=2)
    for n in range(2):
        heads = []
        for part in (slice(0, 4), slice(4, 8)):
            keys = torch.cat([prefix.values[0, :, part], k[n, mask[n], part]])
            values = torch.cat([prefix.values[1, :, part], v[n, mask[n], part]])
            heads.append((q[n, :, part] @ keys.T / 2.0).softmax(dim=1) @ values)
        torch.testing.assert_close(found[n], base.proj(torch.cat(heads, dim=1)))


def test_a_prefix_that_nobody_looks_at_changes_nothing(transformer) -> None:
    """Keys far away on the other side of all queries take no weight: here, values of zero and a length of zero."""
    network, rows = transformer
    before = network(rows)
    _put(network, length=0)
    torch.testing.assert_close(network(rows), before, atol=1e-5, rtol=1e-4)


def test_reaches_the_output_and_is_trained(transformer) -> None:
    network, rows = transformer
    before = network(rows)
    made = _put(network)
    after = network(rows)
    assert not torch.allclose(after, before, atol=1e-6)
    after.square().sum().backward()
    assert all(float(prefix.values.grad.abs().max()) > 0 for prefix in made)


def test_padding_does_not_matter_with_a_prefix(transformer) -> None:
    """A short text gives the same alone and beside longer ones."""
    network, rows = transformer
    if rows.dtype != torch.int64:
        return
    _put(network)
    torch.testing.assert_close(network(rows[1:2, :4]), network(rows)[1:2], atol=1e-5, rtol=1e-4)


def test_a_copy_has_a_prefix_of_its_own(transformer) -> None:
    network, rows = transformer
    _put(network)
    other = copy.deepcopy(network)
    before = network(rows)
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.zero_()
    assert torch.equal(network(rows), before)


def test_a_table_makes_the_prefix() -> None:
    """tanh(places W^T + b) U^T + c of each layer, keys first: Li and Liang's reparametrisation."""
    torch.manual_seed(0)
    table = Table(3, 8, 5)
    prefix = Prefix(3, 8, 2, table)
    inner = torch.tanh(table.places @ table.hidden.weight.T + table.hidden.bias)
    pairs = inner @ prefix.out.weight.T + prefix.out.bias
    keys, values = prefix(4)
    assert keys.shape == values.shape == (4, 2, 3, 4)
    torch.testing.assert_close(keys[1].transpose(0, 1).flatten(1), pairs[:, :8])
    torch.testing.assert_close(values[2].transpose(0, 1).flatten(1), pairs[:, 8:])
