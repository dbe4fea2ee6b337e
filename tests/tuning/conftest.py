"""Toy networks and what is trained on them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autotransfer.data import Modality
from autotransfer.task import Context
from autotransfer.testing.problems import ToyProblem, trainable, trainable_regression
from autotransfer.tuning import Change, Tuning
from autotransfer.tuning.rows import gather
from autotransfer.tuning.tuning import start


@pytest.fixture(scope="session", params=[Modality.IMAGE, Modality.TEXT], ids=str)
def problem(request: pytest.FixtureRequest) -> ToyProblem:
    """Three classes, about 60 rows, a toy network as the source."""
    return trainable(request.param)


@pytest.fixture(scope="session")
def values() -> ToyProblem:
    """Values, with validation rows."""
    return trainable_regression(Modality.IMAGE)


@pytest.fixture
def begin() -> Callable[..., Tuning]:
    """begin(problem, change=None) -> the network before training."""

    def build(problem: ToyProblem, change: Change | None = None, ctx: Context | None = None) -> Tuning:
        context, encoder = ctx or Context(), problem.source.encoder
        return start(encoder, gather(problem.task, encoder, context), change, context)

    return build
