"""Problems that the tests of this family share."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.testing.problems import ToyProblem
from autotransfer.testing.tongues import other_language


@pytest.fixture(scope="session")
def toy() -> ToyProblem:
    return other_language()


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)
