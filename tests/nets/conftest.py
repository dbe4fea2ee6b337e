"""A small problem and a network for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from autotransfer.nets import MlpSpec, NetworkSpec
from autotransfer.nets.batches import Rows
from autotransfer.nets.network import Network
from autotransfer.nets.seeding import reproducible


@pytest.fixture
def rows() -> Rows:
    """200 rows of 4 columns, two classes on both sides of a plane."""
    X = torch.randn(200, 4, generator=torch.Generator().manual_seed(1))
    return X, (X[:, 0] + X[:, 1] > 0).long()


@pytest.fixture
def make() -> Callable[[], Network]:
    """make() -> an initialised network, the same at every call."""

    def build() -> Network:
        with reproducible(0, "cpu"):
            return NetworkSpec(MlpSpec(4, (16, 8)), 2).build()

    return build
