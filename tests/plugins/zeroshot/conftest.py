"""Rows and descriptions that the tests of this family share."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_zeroshot.described import Described, describe

from autotransfer.testing.problems import ToyProblem
from autotransfer.testing.unseen import unseen_classes


@pytest.fixture(scope="session")
def toy() -> ToyProblem:
    return unseen_classes()


@pytest.fixture(scope="session")
def rows(toy: ToyProblem) -> Described:
    return describe(toy.task)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)
