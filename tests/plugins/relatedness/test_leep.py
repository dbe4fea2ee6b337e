"""LEEP: which way round its conditional goes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pytest
from autotransfer_relatedness.leep import LogExpectedPrediction
from autotransfer_relatedness.nce import NegativeConditionalEntropy

from autotransfer.assets import Asset
from autotransfer.data import Array, Dataset, Modality
from autotransfer.predictor import Predictor
from autotransfer.state import State
from autotransfer.task import Context, Source, Task


@dataclass(frozen=True, eq=False)
class Table(Predictor):
    """A head that answers row i, which holds the number i, with row i of a table."""

    answers: Array

    def predict(self, data: Dataset) -> Array:
        return self.answers[data.X[:, 0].astype(int)]

    def state(self) -> State:
        raise NotImplementedError

    @classmethod
    def restore(cls, state: State) -> Self:
        raise NotImplementedError


def headed(theta: Array, y: Array) -> tuple[Task, Source]:
    """A target with labels y, and a source model that says theta."""
    rows = Dataset("target", Modality.FEATURES, np.arange(len(y), dtype=float)[:, None], y)
    task = Task(rows, tuple(f"class {label}" for label in range(y.max() + 1)))
    return task, Source("model", Asset.SOURCE_HEAD, head=Table(theta))


@pytest.fixture
def random_head() -> tuple[Array, Array]:
    """Probabilities of 4 source classes for 50 rows of 3 target classes."""
    rng = np.random.default_rng(0)
    return rng.dirichlet(np.full(4, 0.4), size=50), np.arange(50) % 3


def test_leep_equals_the_definition(random_head: tuple[Array, Array]) -> None:
    """Loops over rows, labels and source classes, to 1e-6."""
    theta, y = random_head
    n, Z = theta.shape
    joint = np.array(
        [[sum(theta[i, z] for i in range(n) if y[i] == label) / n for z in range(Z)] for label in range(3)]
    )
    total = 0.0
    for i in range(n):
        total += math.log(sum(joint[y[i], z] / joint[:, z].sum() * theta[i, z] for z in range(Z)))
    assert LogExpectedPrediction().estimate(*headed(theta, y), Context()) == pytest.approx(total / n, abs=1e-6)


def test_nce_equals_the_definition(random_head: tuple[Array, Array]) -> None:
    """-H(Y | Z) = -(H(Y, Z) - H(Z)) by counting pairs, to 1e-6."""
    theta, y = random_head
    z = theta.argmax(axis=1)

    def entropy(things: list) -> float:
        shares = [things.count(thing) / len(things) for thing in set(things)]
        return -sum(share * math.log(share) for share in shares)

    expected = entropy(z.tolist()) - entropy(list(zip(y.tolist(), z.tolist(), strict=True)))
    assert NegativeConditionalEntropy().estimate(*headed(theta, y), Context()) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("estimator", [LogExpectedPrediction(), NegativeConditionalEntropy()], ids=lambda e: e.name)
def test_the_arguments_are_not_swapped(estimator) -> None:
    """Four source classes, two in each of two labels: labels are known from source classes (0), though source classes
    are not from labels (-log 2). One source class for all: nothing is known of the labels (-log 2), the other way round
    everything (0)."""
    y = np.arange(40) % 2
    finer = np.eye(4)[2 * (np.arange(40) // 2 % 2) + y]
    assert estimator.estimate(*headed(finer, y), Context()) == pytest.approx(0.0)
    blind = np.eye(4)[np.zeros(40, int)]
    assert estimator.estimate(*headed(blind, y), Context()) == pytest.approx(-math.log(2))


def test_both_are_one_number_for_a_head_that_is_certain() -> None:
    """The mean log P(y | z) of the class that it names."""
    rng = np.random.default_rng(1)
    theta, y = np.eye(5)[rng.integers(0, 5, 60)], np.arange(60) % 3
    leep, nce = (
        e.estimate(*headed(theta, y), Context()) for e in (LogExpectedPrediction(), NegativeConditionalEntropy())
    )
    assert leep == pytest.approx(nce)


def test_the_source_model_is_asked_once_for_both(random_head: tuple[Array, Array]) -> None:
    """It may be a large network: LEEP and NCE of the same task, source and context share its predictions."""
    task, source = headed(*random_head)
    calls: list[int] = []

    class Counts(Table):
        def predict(self, data: Dataset) -> Array:
            calls.append(len(data))
            return super().predict(data)

    source, ctx = replace(source, head=Counts(random_head[0])), Context(seed=0)
    for estimator in (LogExpectedPrediction(), NegativeConditionalEntropy()):
        estimator.estimate(task, source, ctx)
    assert calls == [50]


@pytest.mark.parametrize("estimator", [LogExpectedPrediction(), NegativeConditionalEntropy()], ids=lambda e: e.name)
def test_a_head_of_values_is_refused(estimator) -> None:
    """There are no source classes in it; without labelled rows there is nothing to say."""
    task, source = headed(np.zeros((10, 2)), np.arange(10) % 2)
    with pytest.raises(TypeError, match="predicts values"):
        estimator.estimate(task, replace(source, head=Table(np.zeros(10))), Context())
    assert math.isnan(estimator.estimate(replace(task, train=task.train.take(np.arange(0))), source, Context()))
