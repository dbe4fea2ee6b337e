"""Weights that are held at zero."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_distillation.masks import mask_smallest, release, weighty

from autotransfer.nets import ConvSpec, NetworkSpec
from autotransfer.nets.network import Network


def network() -> Network:
    torch.manual_seed(0)
    found = NetworkSpec(ConvSpec(1, 8, (4, 6), 10), 3).build()
    weighty(found)[0].weight.data *= 100.0
    return found


def weights(found: Network) -> list[np.ndarray]:
    return [layer.weight.detach().numpy().copy() for layer in weighty(found)]


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_the_smallest_in_units_of_their_layer_go(share: float) -> None:
    """By NumPy: rank |w| / std(w) over all layers; a layer that is a hundred times as large loses its share too."""
    found = network()
    before = weights(found)
    mask_smallest(found, share)
    ranks = [np.abs(w) / w.std() for w in before]
    together = np.sort(np.concatenate([rank.ravel() for rank in ranks]))
    held = int(share * len(together))
    threshold = together[held - 1] if held else -1.0
    for old, new, rank in zip(before, weights(found), ranks, strict=True):
        np.testing.assert_array_equal(new, np.where(rank > threshold * (1 + 1e-6), old, 0.0))


def test_held_weights_stay_at_zero_in_training_and_are_plain_zeros_in_the_end() -> None:
    found = network()
    mask_smallest(found, 0.6)
    before = [w == 0 for w in weights(found)]
    optimiser = torch.optim.AdamW(found.parameters(), lr=0.1)
    for _ in range(3):
        optimiser.zero_grad()
        found(torch.randn(5, 64)).scores.square().sum().backward()
        optimiser.step()
    release(found)
    for old, new in zip(before, weights(found), strict=True):
        np.testing.assert_array_equal(new == 0, old)
    assert set(found.state_dict()) == set(network().state_dict())


def test_a_second_cut_keeps_the_first() -> None:
    """After 50 %, 75 %: what was zero is among what is."""
    found = network()
    mask_smallest(found, 0.5)
    first = [w == 0 for w in weights(found)]
    mask_smallest(found, 0.75)
    second = [w == 0 for w in weights(found)]
    assert all((not (a & ~b).any()) for a, b in zip(first, second, strict=True))
    shares = [np.mean(np.concatenate([part.ravel() for part in cut])) for cut in (first, second)]
    np.testing.assert_allclose(shares, [0.5, 0.75], atol=0.01)


def test_each_layer_keeps_its_largest_weight() -> None:
    found = network()
    mask_smallest(found, 0.999)
    assert all(np.count_nonzero(w) >= 1 for w in weights(found))
