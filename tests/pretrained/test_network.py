from __future__ import annotations

import numpy as np
import pytest
import torch

from autotransfer.errors import InputError
from autotransfer.pretrained.network import PretrainedNetwork

from .conftest import SPEC, images, random_network


def test_features_are_those_of_the_module_on_prepared_rows() -> None:
    network, data = random_network(), images(5)
    with torch.no_grad():
        expected = network.build()(torch.from_numpy(SPEC.rows(data)))
    np.testing.assert_array_equal(network.features(data), expected.numpy())
    assert network.features(images(0)).shape == (0, SPEC.width)


def test_the_state_gives_the_same_network() -> None:
    network = random_network()
    again = PretrainedNetwork.restore(network.state())
    np.testing.assert_array_equal(again.features(images()), network.features(images()))
    np.testing.assert_array_equal(again.head()[0], network.head()[0])


def test_training_a_copy_leaves_the_network() -> None:
    network = random_network()
    before = network.features(images())
    module = network.build()
    with torch.no_grad():
        for parameter in module.parameters():
            assert parameter.requires_grad
            parameter.fill_(7.0)
    np.testing.assert_array_equal(PretrainedNetwork.restore(network.state()).features(images()), before)


def test_parameters_counts_what_is_trained() -> None:
    network = random_network()
    module = network.build()
    assert network.parameters == sum(parameter.numel() for parameter in module.parameters())


def test_every_parameter_is_in_one_block_and_the_stem_is_in_the_first() -> None:
    module = random_network().build()
    blocks = module.blocks()
    names = [name for block in blocks for name in block]
    assert sorted(names) == sorted(name for name, _ in module.named_parameters())
    assert len(blocks) == 1 + sum(SPEC.depths)
    assert "stem.0.weight" in blocks[0]


@pytest.mark.parametrize("damage", ["missing", "shape", "kind", "extra"])
def test_weights_that_do_not_fit_are_refused_in_one_line(damage: str) -> None:
    network = random_network()
    arrays = dict(network.arrays)
    if damage == "missing":
        del arrays["stem.0.weight"]
    elif damage == "shape":
        arrays["stem.0.weight"] = arrays["stem.0.weight"][:1]
    elif damage == "kind":
        arrays["stem.0.weight"] = np.zeros(arrays["stem.0.weight"].shape, np.int64)
    else:
        arrays["more"] = np.zeros(1)
    with pytest.raises(InputError, match="do not fit") as caught:
        PretrainedNetwork(SPEC, arrays).features(images())
    assert "\n" not in str(caught.value)


def test_an_unknown_kind_is_refused() -> None:
    state = random_network().state()
    with pytest.raises(InputError, match="'other' is not known"):
        PretrainedNetwork.restore({**state, "spec": {"kind": "other"}})
