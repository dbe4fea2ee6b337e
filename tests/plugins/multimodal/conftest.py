"""Pairs that the tests of this family share."""

from __future__ import annotations

import pytest

from autotransfer.data import Modality
from autotransfer.task import Source
from autotransfer.testing.paired import paired
from autotransfer.testing.problems import ToyProblem


@pytest.fixture(scope="session")
def toy() -> ToyProblem:
    return paired(Modality.FEATURES)


@pytest.fixture(scope="session")
def images() -> ToyProblem:
    return paired(Modality.IMAGE)


@pytest.fixture(scope="session")
def pictures(images: ToyProblem) -> Source:
    return images.source
