"""A toy network with its rows, before training."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autotransfer.data import Modality
from autotransfer.task import Context
from autotransfer.testing.problems import ToyProblem, trainable
from autotransfer.tuning import Tuning
from autotransfer.tuning.rows import gather
from autotransfer.tuning.tuning import start


@pytest.fixture(scope="session", params=[Modality.IMAGE, Modality.TEXT], ids=str)
def problem(request: pytest.FixtureRequest) -> ToyProblem:
    """Three classes, 60 rows."""
    return trainable(request.param)


@pytest.fixture(scope="session")
def images() -> ToyProblem:
    """Three classes, 60 images."""
    return trainable(Modality.IMAGE)


@pytest.fixture
def begin() -> Callable[[ToyProblem], Tuning]:
    """begin(problem) -> a new network."""
    return lambda problem: start(
        problem.source.encoder, gather(problem.task, problem.source.encoder, Context()), None, Context()
    )
