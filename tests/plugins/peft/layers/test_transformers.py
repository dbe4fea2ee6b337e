"""The parts of a transformer, by the names of three libraries."""

from __future__ import annotations

import torch
from autotransfer_peft.layers.transformers import linear_at, places, transformer_layers
from torch import nn


def test_all_linear_layers_of_a_layer_are_found(transformer) -> None:
    """Those outside of the transformer's layers, such as embeddings, are none of them."""
    network, _ = transformer
    layers = transformer_layers(network)
    assert len(layers) == 2
    found = {id(place.layer) for parts in layers for place in parts.linears}
    held = {id(m) for parts in layers for m in parts.whole.layer.modules() if isinstance(m, nn.Linear)}
    assert found == held
    assert all(parts.width == 8 for parts in layers)


def test_a_replacement_is_called(transformer) -> None:
    """A zero in place of the closing layer changes what the network says; its mode is that of the one before."""
    network, rows = transformer
    before = network(rows)
    place = transformer_layers(network)[-1].narrowing
    zero = nn.Linear(linear_at(place).in_features, 8)
    nn.init.zeros_(zero.weight)
    place.put(zero.train())
    assert not zero.training
    assert not torch.allclose(network(rows), before)


def test_other_networks_have_none() -> None:
    network = nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Conv2d(1, 1, 1))
    assert transformer_layers(network) == []
    assert [place.name for place in places(network, nn.Conv2d)] == ["2"]
