from __future__ import annotations

import numpy as np
import pytest

from autotransfer.errors import InputError
from autotransfer.pretrained.head import LinearHead
from autotransfer.pretrained.zoo_encoder import FittedZoo

from .conftest import images, random_network


def test_probabilities_sum_to_one_however_large_the_scores_are() -> None:
    network = random_network()
    weight, bias = network.head()
    found = LinearHead(FittedZoo(network), weight * 1e4, bias).predict(images())
    assert found.shape == (5, 3)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert LinearHead(FittedZoo(network), weight, bias).predict(images(0)).shape == (0, 3)


def test_a_state_of_an_unknown_kind_is_refused() -> None:
    network = random_network()
    state = LinearHead(FittedZoo(network), *network.head()).state()
    with pytest.raises(InputError, match="not known"):
        LinearHead.restore({**state, "kind": "Other"})
